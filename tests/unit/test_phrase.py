import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.phrase import BadPhrase, Choice, Gap, Sequel, Word, ends, mirrored, parse

A, B, C = Word("a"), Word("b"), Word("c")


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("a", (A,)),
        ("a b", (A, B)),
        ("  a   b ", (A, B)),
        ("A b", (A, B)),
        ("a*", (Word("a", open=True),)),
        ("a ... b", (A, Gap(), B)),
        ("(a|b) c", (Choice(((A,), (B,))), C)),
        ("(a b|c)", (Choice(((A, B), (C,))),)),
        ("a|b", (Choice(((A,), (B,))),)),
        ("[a] b", (Choice(((), (A,))), B)),
        ("[a|b] c", (Choice(((), (A,), (B,))), C)),
        ("(a)", (Choice(((A,),)),)),
        ("(a [b]|c)", (Choice(((A, Choice(((), (B,)))), (C,))),)),
        ("a .", (A, Word("."))),
        ("24 7", (Word("24"), Word("7"))),
    ],
)
def test_a_phrase_is_read(phrase: str, expected: Sequel) -> None:
    assert expected == parse(phrase)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("", "has no word that must be there"),
        ("   ", "has no word that must be there"),
        ("...", "has no word that must be there"),
        ("[a]", "has no word that must be there"),
        ("[a] ... [b]", "has no word that must be there"),
        ("a)", "')' closes nothing"),
        ("a ]", "']' closes nothing"),
        ("(a", "'(' is not closed by ')'"),
        ("[a", "'[' is not closed by ']'"),
        ("(a ]", "'(' is not closed by ')'"),
        ("((a)", "'(' is not closed by ')'"),
        ("a ()", "() holds nothing"),
        ("a []", "[] holds nothing"),
        ("(a|) b", "nothing stands on one side of a |"),
        ("(|a) b", "nothing stands on one side of a |"),
        ("a |", "nothing stands on one side of a |"),
        ("a[b]", "put a space between a word and a bracket"),
        ("(a)b", "put a space between a word and a bracket"),
        ("a*(b)", "put a space between a word and a bracket"),
        ("don't", 'write "don\'t" in plain words'),
        ("zero-hours", "write 'zero-hours' in plain words"),
        ("a*b", "write 'a*b' in plain words"),
        ("*", "write '*' in plain words"),
        ("a...b", "write 'a...b' in plain words"),
        ("snake_case", "write 'snake_case' in plain words"),
        ("caf\u00e9", "write 'caf\u00e9' as messages are read: 'cafe'"),
        ("stra\u00dfe", "as messages are read: 'strasse'"),
        ("k\u0456ll", "as messages are read: 'kill'"),
    ],
)
def test_a_phrase_that_cannot_be_read_is_refused_with_what_is_wrong(phrase: str, said: str) -> None:
    with pytest.raises(BadPhrase) as refused:
        parse(phrase)

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("a", "a", {1}),
        ("a", "b", set()),
        ("a", "ab", set()),
        ("a", "", set()),
        ("a b", "a", set()),
        ("a*", "ab", {1}),
        ("a*", "a", {1}),
        ("a*", "ba", set()),
        ("(a|a b)", "a b", {1, 2}),
        ("(a|a b) b", "a b b", {2, 3}),
        ("[a] a", "a a", {1, 2}),
        ("a ... b", "a b", {2}),
        ("a ... b", "a x b", {3}),
        ("a ... b", "a x x x x b", {6}),
        ("a ... b", "a x x x x x b", set()),
        ("a ... b", "a . b", set()),
        ("a ... b", "a x . b", set()),
        ("a ... b", "a b b b", {2, 3, 4}),
        ("a ... .", "a x .", {3}),
        ("a ...", "a x x", {1, 2, 3}),
        ("a ... ... b", "a 1 2 3 4 5 6 7 8 b", {10}),
        ("a b", "a . b", set()),
        ("a . b", "a . b", {3}),
    ],
)
def test_all_ways_to_an_end_are_followed(phrase: str, text: str, expected: set[int]) -> None:
    assert expected == ends(parse(phrase), text.split(), (0,))


def test_a_phrase_may_begin_at_several_places_at_once() -> None:
    assert ends(parse("a b"), ["a", "b", "a", "b"], (0, 1, 2)) == {2, 4}


def test_nothing_makes_the_matching_track_back() -> None:
    phrase = " ".join(["[a]", "...", "(a|a a)"] * 200)

    assert ends(parse(phrase), ["a"] * 2_000, range(2_000))


words = st.lists(st.sampled_from("abc."), max_size=9)
texts = st.sampled_from(
    ("a", "a b", "[a] b", "a ... c", "(a|b c) [c]", "b* ... a", "(a|b) (b|c)", "a ... ... b .")
)


@given(texts, words)
def test_a_phrase_turned_round_matches_the_words_turned_round(phrase: str, said: list[str]) -> None:
    sequel = parse(phrase)
    forwards = {(n, end) for n in range(len(said) + 1) for end in ends(sequel, said, (n,))}
    backwards = {
        (len(said) - end, len(said) - n)
        for n in range(len(said) + 1)
        for end in ends(mirrored(sequel), said[::-1], (n,))
    }

    assert {(s, e) for s, e in forwards if s < e} == {(s, e) for s, e in backwards if s < e}
