import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.disguise import Disguises
from bot.triage.fold import LOOK_ALIKES, FoldTable, visible

MASKED = ("kill", "killed", "suicide", "die", "myself")
DISGUISES = Disguises(MASKED)
FOLD = FoldTable({"🔪": "knife"})


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("kill", None),
        ("kil", None),
        ("kiil", None),
        ("dle", None),
        ("killl", "kill"),
        ("k1ll3d", "killed"),
        ("k.i.l.l", "kill"),
        ("k!1|", None),
        ("suicid*", "suicide"),
        ("*suicid*", None),
        ("*k1ll*", "kill"),
        ("k*ll**", "killed"),
        ("*ill", None),
        ("k***", None),
        ("k**l", "kill"),
        ("k%ll", "kill"),
        ("d*e", "die"),
        ("d**", None),
        ("su1cid*", "suicide"),
        ("skill", None),
        ("skiiill", None),
        ("4", None),
        ("1234", None),
        ("k" + "i" * 37 + "ll", "kill"),
        ("k" + "i" * 38 + "ll", None),
        ("", None),
    ],
)
def test_a_token_is_restored_or_left_alone(token: str, expected: str | None) -> None:
    assert expected == DISGUISES.restored(token)


def test_of_two_words_with_one_disguise_the_first_of_the_lexicon_is_taken() -> None:
    assert Disguises(("kilt", "kill")).restored("k1lt") == "kilt"
    assert Disguises(("bomb", "boom")).restored("bo*b") == "bomb"


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("kill", ["kill"]),
        ("k1ll", ["kill"]),
        ("killmyself", ["kill", "myself"]),
        ("iwanttodie", ["i", "want", "to", "die"]),
        ("iwantto", None),
        ("xkill", None),
        ("abc", None),
        ("", None),
    ],
)
def test_letters_set_apart_are_read_when_they_are_all_known_words_and_one_is_a_risk(
    letters: str, expected: list[str] | None
) -> None:
    assert expected == DISGUISES.joined(letters)


def test_of_very_many_letters_only_the_first_are_looked_at() -> None:
    assert DISGUISES.joined("i" * 56 + "kill" + "x" * 10_000) == ["i"] * 56 + ["kill"]
    assert DISGUISES.joined("i" * 57 + "kill") is None


@given(st.text())
def test_only_words_of_the_lexicon_are_ever_given(token: str) -> None:
    assert DISGUISES.restored(token) in (None, *MASKED)


@given(st.sampled_from(MASKED), st.data())
def test_a_word_with_one_inner_letter_hidden_is_restored(word: str, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(1, len(word) - 2))
    masked = f"{word[:at]}*{word[at + 1 :]}"

    assert DISGUISES.restored(masked) == word


@pytest.mark.parametrize(("look_alike", "letter"), sorted(LOOK_ALIKES.items()))
def test_a_look_alike_becomes_what_it_looks_like(look_alike: str, letter: str) -> None:
    assert look_alike.translate(FOLD) == letter


@given(st.characters())
def test_what_is_folded_needs_no_folding_again(char: str) -> None:
    folded = char.translate(FoldTable({}))

    assert folded.translate(FoldTable({})) == folded


@given(st.text())
def test_folding_a_text_is_folding_its_characters(text: str) -> None:
    assert text.translate(FOLD) == "".join(FOLD[ord(char)] for char in text)


def test_an_emoji_becomes_a_word_of_its_own() -> None:
    assert "a🔪b".translate(FOLD) == "a knife b"


def test_the_unseen_parts_of_an_emoji_are_left_out() -> None:
    assert visible("\u2620\ufe0f") == "\u2620"
    assert "\u2620\ufe0f".translate(FoldTable({"\u2620\ufe0f": "skull"})) == " skull "
