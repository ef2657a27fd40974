from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.anchor import MOST_WORDINGS, anchors
from bot.triage.phrase import BadPhrase, ends, parse
from bot.triage.phrasebook import MOST_ANCHORS, Hit, Phrasebook

VOCABULARY = ("a", "ab", "abc", "b", "the", "want", ".")


def bracketed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    ways = st.lists(inner, min_size=1, max_size=3).map("|".join)
    return st.one_of(
        ways.map("({})".format),
        ways.map("[{}]".format),
        st.lists(inner, min_size=1, max_size=3).map(" ".join),
    )


pieces = st.sampled_from((*VOCABULARY, "a*", "wan*", "..."))
written = st.lists(st.recursive(pieces, bracketed, max_leaves=5), min_size=1, max_size=4)


def is_readable(phrase: str) -> bool:
    try:
        anchors(parse(phrase))
    except BadPhrase:
        return False
    return True


phrases = written.map(" ".join).filter(is_readable)
texts = st.lists(st.sampled_from((*VOCABULARY, "x")), max_size=12)


def text_of(words: list[str]) -> str:
    return f" {' '.join(words)} "


def found(phrase: str, text: str) -> list[str]:
    return [text[h.start : h.end] for h in Phrasebook([("it", [phrase])]).find(text)]


def matches(phrase: str, words: list[str]) -> set[tuple[int, int]]:
    """Try every start: what the phrasebook must come to in another way."""
    sequel = parse(phrase)
    return {(n, end) for n in range(len(words)) for end in ends(sequel, words, (n,))}


def shortest(spans: set[tuple[int, int]]) -> set[tuple[int, int]]:
    return {
        (s, e)
        for s, e in spans
        if not any(s <= s2 and e2 <= e and (s, e) != (s2, e2) for s2, e2 in spans)
    }


@given(phrases, texts)
def test_every_match_of_a_naive_matcher_is_found_and_no_other(
    phrase: str, words: list[str]
) -> None:
    text = text_of(words)
    naive = matches(phrase, words)
    hits = {
        (text.count(" ", 0, hit.start) - 1, text.count(" ", 0, hit.end))
        for hit in Phrasebook([("it", [phrase])]).find(text)
    }

    assert hits <= naive
    assert shortest(naive) <= hits


@given(st.lists(phrases, max_size=4), texts)
def test_many_phrases_are_found_as_each_one_alone(many: list[str], words: list[str]) -> None:
    text = text_of(words)
    together = Phrasebook([(n, [phrase]) for n, phrase in enumerate(many)]).find(text)
    alone = {hit for n, p in enumerate(many) for hit in Phrasebook([(n, [p])]).find(text)}

    assert set(together) == alone
    assert all(one.start <= other.start for one, other in pairwise(together))


@given(phrases, texts)
def test_a_hit_starts_and_ends_with_whole_words(phrase: str, words: list[str]) -> None:
    text = text_of(words)

    for hit in Phrasebook([("it", [phrase])]).find(text):
        assert text[hit.start - 1] == text[hit.end] == " "
        assert text[hit.start : hit.end].strip() == text[hit.start : hit.end] != ""


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("kill myself", " i kill myself ", ["kill myself"]),
        ("kill", " i skill ", []),
        ("kill*", " i killed it ", ["killed"]),
        ("want ... advice", " i want some good advice ", ["want some good advice"]),
        ("[want] advice", " i want advice ", ["want advice"]),
        ("want [advice]", " i want advice ", ["want"]),
        ("a ... a", " a a a ", ["a a", "a a"]),
        ("nothing", "  ", []),
    ],
)
def test_the_words_of_a_phrase_are_found_where_they_stand(
    phrase: str, text: str, expected: list[str]
) -> None:
    if phrase == "[want] advice":
        expected = ["advice"]  # what may be left out is, when the hit can be shorter

    assert expected == found(phrase, text)


def test_a_name_may_have_many_phrases_and_stands_once_where_they_agree() -> None:
    book = Phrasebook([("it", ["so lost", "(so|very) lost", "lost ... now"])])

    assert book.find(" so lost right now ") == [Hit("it", 1, 8), Hit("it", 4, 18)]


def test_the_same_phrase_may_stand_for_two_names() -> None:
    book = Phrasebook([("one", ["so lost"]), ("two", ["so lost"])])

    assert {hit.name for hit in book.find(" so lost ")} == {"one", "two"}


def test_a_book_without_phrases_finds_nothing() -> None:
    empty: list[tuple[str, list[str]]] = []

    assert Phrasebook(empty).find(" so lost ") == []


def test_places_are_counted_in_characters_not_in_bytes() -> None:
    assert found("so lost", " \u6708\u6708 so lost ") == ["so lost"]


def test_a_phrase_with_too_many_wordings_is_refused() -> None:
    choice = "(a|b|c|d|e|f|g|h|i|j|k|l|m|n|o)"

    assert len(anchors(parse(f"{choice} want"))) <= MOST_WORDINGS
    with pytest.raises(BadPhrase, match="split it"):
        anchors(parse(f"({choice} {choice})"))


def test_the_rarest_words_that_must_be_there_are_looked_for() -> None:
    assert [a.words for a in anchors(parse("i want to ... careers"))] == [("careers",)]
    assert [a.words for a in anchors(parse("[careers] i want"))] == [("i", "want")]


@pytest.mark.parametrize("flood", ["lost ", "so ", "lost so ", "lost . so "])
def test_a_flood_of_one_word_does_not_hide_a_phrase_after_it(flood: str) -> None:
    book = Phrasebook([("flooded", ["lost", "so ... x"]), ("grave", ["end my life"])])
    text = f" {flood * (2 * MOST_ANCHORS)}end my life "

    assert "grave" in {hit.name for hit in book.find(text)}


def test_a_flood_is_followed_up_only_so_far() -> None:
    book = Phrasebook([("flooded", ["lost"])])

    assert len(book.find(f" {'lost ' * (2 * MOST_ANCHORS)}")) == MOST_ANCHORS


@given(st.lists(phrases, min_size=1, max_size=4), st.lists(texts, max_size=5))
def test_what_is_found_in_many_texts_is_what_is_found_in_each(
    written: list[str], many: list[list[str]]
) -> None:
    book = Phrasebook([(phrase, [phrase]) for phrase in written])
    read = [text_of(words) for words in many]

    assert book.find_all(read) == [book.find(text) for text in read]


def test_letters_of_any_width_do_not_shift_what_is_found_after_them() -> None:
    book = Phrasebook([("it", ["want the"])])
    read = [" \N{GRINNING FACE} \u00e9\u00e9 ", " a want the b ", " \N{GRINNING FACE} want the "]

    assert book.find_all(read) == [book.find(text) for text in read]
    assert [len(hits) for hits in book.find_all(read)] == [0, 1, 1]
