import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.linear import words
from bot.triage.words import HEAD, TAIL, Lexicon, Reader
from tests.support.hostile import text as hostile

LEXICON = Lexicon(
    slang={"kms": "kill myself", "idk": "i dont know"},
    emoji={"🔪": "knife", "\N{SKULL AND CROSSBONES}\ufe0f": "skull"},
    masked=("kill", "suicide", "die", "myself"),
)
READER = Reader(LEXICON)
DISGUISING = "kilsudemyf ki1!|$3@*.-_~'\"`>:/\n\t\r\u200b\u0301\uff4b\u0456🔪☠1ab 5kms idk ```"
typed = st.text() | hostile | st.text(alphabet=DISGUISING)


def plain(text: str) -> str:
    return READER.read(text).text.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kill", "kill"),
        ("k1ll", "kill"),
        ("ki11", "kill"),
        ("K!LL", "kill"),
        ("k|ll", "kill"),
        ("$uicide", "suicide"),
        ("5u1c1d3", "suicide"),
        ("su*cide", "suicide"),
        ("s**cide", "suicide"),
        ("k*ll", "kill"),
        ("k**l", "kill"),
        ("k#ll", "kill"),
        ("k i l l", "kill"),
        ("k 1 l l", "kill"),
        ("i  k i l l  myself", "i kill myself"),
        ("i w i l l k i l l m y s e l f", "i will kill myself"),
        ("k.i.l.l", "kill"),
        ("k-i-l-l", "kill"),
        ("s_u_i_c_i_d_e", "suicide"),
        ("kiiiill", "kill"),
        ("diiieee", "die"),
        ("\uff4b\uff49\uff4c\uff4c", "kill"),
        ("\U0001d424\U0001d422\U0001d425\U0001d425", "kill"),
        ("k\u0456ll", "kill"),
        ("\u0455u\u0456\u0441\u0456d\u0435", "suicide"),
        ("k\u03b9ll", "kill"),
        ("k\u200bi\u200dl\u2060l", "kill"),
        ("k\u00adill", "kill"),
        ("k\x00i\x1bll", "kill"),
        ("ki\u0301\u0336ll", "kill"),
        ("k\u00edll", "kill"),
        ("\ud800kill", "kill"),
    ],
)
def test_a_disguised_word_is_restored(text: str, expected: str) -> None:
    assert expected == plain(text)


@pytest.mark.parametrize(
    "text",
    ["b2b", "1111", "3rd", "k8s", "bill", "skill", "killer", "a b c", "1 2 3 4", "die2die", "k***"],
)
def test_a_word_that_only_looks_a_little_like_one_stays(text: str) -> None:
    assert "kill" not in plain(text).split()
    assert "die" not in plain(text).split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kms", "kill myself"),
        ("KMS!", "kill myself ."),
        ("5 kms", "5 kms"),
        ("2.5 kms", "2 . 5 kms"),
        ("5-10 kms", "5 10 kms"),
        ("i ran 5 kms idk", "i ran 5 kms i dont know"),
        ("lost $5 kms", "lost 5 kill myself"),
        ("room b5 kms", "room b5 kill myself"),
    ],
)
def test_slang_is_spelt_out_unless_a_number_makes_it_a_unit(text: str, expected: str) -> None:
    assert expected == plain(text)


@pytest.mark.parametrize(
    "text", ["don't", "don\u2019t", "don\u2018t", "don\u02bct", "don\u00b4t", "don`t", "don\uff07t"]
)
def test_every_kind_of_apostrophe_vanishes(text: str) -> None:
    assert plain(text) == "dont"


def test_back_ticks_used_as_apostrophes_hide_nothing() -> None:
    assert plain("I don`t want to live, can`t go on") == "i dont want to live cant go on"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a `kill` b", "a b"),
        ("a ```x\nkill``` b", "a b"),
        ("> kill\nyes", ". yes"),
        ("  > kill", ""),
        ("so >kill", "so kill"),
        ("see https://kill.example/die?x=1 now", "see now"),
        ("www.kill.example", ""),
        ("HTTPS://KILL.example", ""),
        ("an open `kill", "an open kill"),
    ],
)
def test_code_quotations_and_addresses_are_not_said_here_and_now(text: str, expected: str) -> None:
    assert expected == plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*kill* **myself**", "kill myself"),
        ("__kill__ ~~me~~ ||now||", "kill me now"),
        ("a🔪b", "a knife b"),
        ("\N{SKULL AND CROSSBONES}\ufe0f", "skull"),
        ("\N{SKULL AND CROSSBONES}", "skull"),
        ("One. Two! Three? Four\nfive", "one . two . three . four . five"),
        ("no.way", "no . way"),
        ("kill-myself", "kill myself"),
        ("stra\u00dfe na\u00efve \u0152uvre", "strasse naive oeuvre"),
        ("what\uff1f", "what ."),
        ("", ""),
        ("  \u200b ", ""),
    ],
)
def test_the_plain_form(text: str, expected: str) -> None:
    assert expected == plain(text)


@pytest.mark.parametrize("blank", ["\t", "\r", "\v", "\f", "\u00a0", "\u3164", "\u2800"])
def test_what_shows_as_a_blank_parts_words(blank: str) -> None:
    assert plain(f"kill{blank}myself") == "kill myself"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\u2029", "\x85"])
def test_every_line_end_ends_a_sentence(end: str) -> None:
    assert plain(f"one{end}two") == "one . two"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("which?", True),
        ("which", False),
        ("https://jobs.example/?id=4", False),
        ("> which?\nthis", False),
        ("`a ? b : c`", False),
    ],
)
def test_a_question_mark_in_an_address_code_or_quotation_asks_nothing(
    text: str,
    expected: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert READER.read(text).asks is expected


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("I will KILL it", "kill", "KILL"),
        ("so k.1.l.l it", "kill", "k.1.l.l"),
        ("so k i l l it", "kill", "k i l l"),
        ("go kms now", "myself", "kms"),
        ("a🔪b", "knife", "🔪"),
        ("> said\nkill", "kill", "kill"),
        ("\u200bk\u200bill\u200b", "kill", "k\u200bill"),
        ("don\u2019t", "dont", "don\u2019t"),
    ],
)
def test_a_span_covers_the_very_characters_that_were_typed(
    text: str, word: str, expected: str
) -> None:
    read = READER.read(text)
    at = read.text.index(f" {word} ") + 1
    start, end = read.span(at, at + len(word))

    assert expected == text[start:end]


def test_a_span_of_several_words_runs_from_the_first_to_the_last() -> None:
    text = "well, I  want to\nK1LL myself, ok"
    read = READER.read(text)
    at = read.text.index("want")
    start, end = read.span(at, read.text.index("myself") + len("myself"))

    assert text[start:end] == "want to\nK1LL myself"


def spoken(text: str) -> str:
    return READER.read(text).spoken


def spoken_as_typed(text: str, words: str) -> str:
    """Find `words` in the spoken form, and give what was typed for them."""
    read = READER.read(text)
    at = read.spoken.index(words)
    start, end = read.spoken_span(at, at + len(words))
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Well,  I don\u2019t KNOW...\nok?", "well, i don't know... ok?"),
        ("stra\u00dfe na\u00efve", "strasse naive"),
        ("a\U0001f52ab", "a knife b"),
        ("i k1ll time", "i kill time"),
        ("K!ll, me?", "kill me . ?"),
        ("kms, ok", "kill myself ok"),
        ("i  k i l l  it!", "i kill it ."),
        ("5 kms!", "5 kms ."),
        ("see `kill` it, https://kill.example/x now", "see it, now"),
        ("> they kill\nI don't", "i don't"),
        ("```\nkill\n``` fine.", "fine."),
        ("", ""),
        ("  \u200b \n", ""),
        ("`kill`", ""),
        ("...", "..."),
    ],
)
def test_the_spoken_form_keeps_punctuation_and_spells_out_what_is_disguised(
    text: str, expected: str
) -> None:
    assert spoken(text) == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("I will KILL it, ok", "kill", "KILL"),
        ("I  will\nkill  it, ok", "will kill", "will\nkill"),
        ("so k1ll it", "kill", "k1ll"),
        ("so k i l l it", "kill", "k i l l"),
        ("go kms now", "myself", "kms"),
        ("a\U0001f52ab", "knife", "\U0001f52a"),
        ("don\u2019t go", "don't", "don\u2019t"),
        ("stra\u00dfe ok", "strasse", "stra\u00dfe"),
        ("> said\nkill it", "kill", "kill"),
        ("see `code` kill it", "kill", "kill"),
        ("\u200bk\u200bill\u200b it", "kill", "k\u200bill"),
        ("unbearable, all", "bear", "unbearable,"),
        ("unbearable", "un", "unbearable"),
        ("K!ll me. NOW", "now", "NOW"),
    ],
)
def test_a_piece_of_the_spoken_form_is_shown_as_the_words_that_were_typed(
    text: str, words: str, expected: str
) -> None:
    assert spoken_as_typed(text, words) == expected


@pytest.mark.parametrize("middle", ["word ", "k1ll "])
@pytest.mark.parametrize("word", ["first", "last"])
def test_spans_of_a_cut_text_fall_on_its_start_and_its_end(middle: str, word: str) -> None:
    text = f"first {middle * (HEAD + TAIL)}last"

    assert spoken_as_typed(text, word) == word


@given(typed, st.integers(0, 400), st.integers(0, 60))
def test_every_piece_of_the_spoken_form_lies_in_the_message(
    text: str, start: int, length: int
) -> None:
    read = READER.read(text)
    at = min(start, len(read.spoken))
    first, last = read.spoken_span(at, min(at + length, len(read.spoken)))

    assert 0 <= first <= last <= len(text)
    assert not read.spoken or first < last


@given(typed)
def test_the_spoken_form_has_one_space_between_words_and_none_around(text: str) -> None:
    read = READER.read(text)

    assert read.spoken == " ".join(read.spoken.split())
    assert read.spoken == Reader(LEXICON).read(text).spoken


@given(typed)
def test_every_word_has_a_span_in_the_text_and_the_spans_are_in_order(text: str) -> None:
    spans = READER.origins(text)

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)


@given(typed)
def test_the_fast_way_gives_as_many_words_as_the_traced_one(text: str) -> None:
    assert len(READER.read(text).text.split()) == len(READER.origins(text))


@given(typed)
def test_the_plain_form_is_words_and_stops_with_one_space_between(text: str) -> None:
    read = READER.read(text).text

    assert read == f" {' '.join(read.split())} "
    assert all(word == "." or word.isalnum() for word in read.split())


@given(typed)
def test_what_was_read_before_changes_nothing(text: str) -> None:
    assert READER.read(text).text == Reader(LEXICON).read(text).text


@pytest.mark.parametrize("length", [HEAD + TAIL, HEAD + TAIL + 1, 3 * (HEAD + TAIL)])
def test_a_long_text_is_read_at_its_start_and_its_end(length: int) -> None:
    filler = ("word " * length)[: length - len("first ") - len(" k1ll")]
    text = f"first {filler} k1ll"
    read = READER.read(text)
    at = read.text.index(" kill ") + 1
    first = read.span(1, 6)
    last = read.span(at, at + 4)

    assert len(text) == length
    assert read.cut is (length > HEAD + TAIL)
    assert text[slice(*first)] == "first"
    assert text[slice(*last)] == "k1ll"
    assert len(read.text) <= HEAD + TAIL + len("  . ")


def test_nothing_in_the_middle_of_a_long_text_joins_its_ends() -> None:
    text = "a" * HEAD + "x" * 100 + "b" * TAIL

    assert READER.read(text).text.split() == ["a" * HEAD, ".", "b" * TAIL]


@pytest.mark.parametrize(
    "piece",
    [
        *"a1.*`>@-_~'?\n",
        "a.", "a-", "a*", "k ", "i ", "1 ", "``", "```", "`a", "> ", "\n>", "\t", "www.", "http://",
        "a.b ", "k i l l ", "kiiill ", "k1ll", "kms ", "🔪", "\u0301", "\ufdfa", "$", "a***",
        "***a", "i k", "s.u.i.c.i.d.e ", "s*****e ", "||", "a_",
    ],
)  # fmt: skip
def test_the_worst_text_is_read_and_traced_before_the_time_is_up(piece: str) -> None:
    text = (piece * (HEAD + TAIL))[: HEAD + TAIL]
    read = READER.read(text)
    start, end = read.spoken_span(len(read.spoken) - 1, len(read.spoken))

    assert len(read.text.split()) == len(READER.origins(text))
    assert 0 <= start <= end <= len(text)


def test_a_whole_message_without_a_space_is_not_kept_in_memory() -> None:
    reader = Reader(LEXICON)
    text = "ab" * 2_000
    before = sys.getrefcount(text)

    assert reader.read(text).text.split() == [text]
    kept = reader._spelling  # noqa: SLF001 - what is kept shows nowhere else
    assert not kept
    assert sys.getrefcount(text) <= before + 1


def test_words_are_kept_so_that_they_are_spelt_once() -> None:
    reader = Reader(LEXICON)
    reader.read("k1ll k1ll")

    assert dict(reader._spelling) == {"k1ll": "kill"}  # noqa: SLF001 - as above


def test_a_span_of_the_question_mark_that_is_heard_is_in_the_text() -> None:
    found = READER.read("idk kms?")

    assert found.spoken.endswith(". ?")
    end = len(found.spoken)
    assert found.original[slice(*found.spoken_span(end - 1, end))] == "?"


@given(typed)
def test_wherever_the_encoder_points_there_is_a_span_of_the_text(text: str) -> None:
    found = READER.read(text)
    for start in range(len(found.spoken)):
        first, last = found.spoken_span(start, start + 1)
        assert 0 <= first <= last <= len(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_plain_letters_are_read_as_all_others_are_only_faster(text: str) -> None:
    # A letter that nobody types in English makes the reader go the long way.
    assert plain(f"{text}\n\u4e00") == f"{plain(text)} . \u4e00".strip()


@given(typed)
def test_the_linear_model_is_given_the_words_that_it_would_find(text: str) -> None:
    read = READER.read(text)

    assert read.words == words(read.heard)
