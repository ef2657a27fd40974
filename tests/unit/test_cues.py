import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code import Code, Need
from bot.domain.reading import Evidence, Source
from bot.triage.cues import cue_evidence
from bot.triage.phrasebook import Phrasebook
from bot.triage.ruleset import Kind, Ruleset
from bot.triage.words import Reader
from tests.support.rules import EMPTY, cue, evidence_in, need, rules


def codes(text: str, ruleset: Ruleset) -> list[Code]:
    return [evidence.code for evidence in evidence_in(text, ruleset)]


def test_evidence_names_the_cue_and_the_characters_that_were_typed() -> None:
    text = "Well, I see NO way  out."

    assert evidence_in(text, rules(cue("no way out"))) == (
        Evidence(Code.HOPELESS, 12, 23, Source.CUE, "no way out"),
    )
    assert text[12:23] == "NO way  out"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i could kill him", [Code.THREAT]),
        ("i could kill for a coffee", []),
        ("i could kill him . kill for a coffee", [Code.THREAT]),
        ("kill for a coffee, i could kill him", [Code.THREAT]),
    ],
)
def test_an_idiom_switches_off_only_the_cue_that_it_overlaps(
    text: str, expected: list[Code]
) -> None:
    ruleset = rules(cue("kill", code=Code.THREAT), idioms=["kill for a coffee"])

    assert expected == codes(text, ruleset)


def test_an_idiom_that_only_touches_a_cue_leaves_it_on() -> None:
    ruleset = rules(cue("give up"), idioms=["on my diet"])

    assert codes("i give up on my diet", ruleset) == [Code.HOPELESS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i give up", 1),
        ("i give up chocolate", 0),
        ("for lent i give up", 0),
        ("i give up . it is lent", 1),
        ("it is lent . i give up", 1),
        ("lent is here . i give up . lent was there", 1),
        ("i give up in lent . i give up", 1),
    ],
)
def test_an_exception_holds_in_its_own_sentence(text: str, expected: int) -> None:
    ruleset = rules(cue("give up", unless=["give up chocolate", "lent"]))

    assert expected == len(codes(text, ruleset))


def test_an_exception_switches_off_its_own_row_alone() -> None:
    ruleset = rules(
        cue("give up", unless=["lent"]), cue("no hope", code=Code.DISTRESS), need(Need.CV, "cv")
    )

    assert codes("lent and no hope and i give up", ruleset) == [Code.DISTRESS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kill myself", Code.SELF_HARM_INTENT),
        ("not kill myself", Code.SELF_HARM_DENIED),
        ("i do not want to kill myself", Code.SELF_HARM_DENIED),
        ("i am not going to just kill myself", Code.SELF_HARM_INTENT),
        ("i dont . kill myself", Code.SELF_HARM_INTENT),
        ("i dont! kill myself", Code.SELF_HARM_INTENT),
        ("never. i will not go. i will kill myself", Code.SELF_HARM_INTENT),
        ("kill myself not", Code.SELF_HARM_INTENT),
        ("nothing, kill myself", Code.SELF_HARM_INTENT),
        ("don\u2019t kill myself", Code.SELF_HARM_DENIED),
        (f"not {'x' * 90} kill myself", Code.SELF_HARM_INTENT),
    ],
)
def test_a_negation_counts_within_three_words_of_the_same_sentence(
    text: str, expected: Code
) -> None:
    ruleset = rules(
        cue("kill myself", code=Code.SELF_HARM_INTENT, denied=Code.SELF_HARM_DENIED),
    )

    assert codes(text, ruleset) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i give up lol", [Code.SELF_HARM_LAUGHED]),
        ("haha i give up", [Code.SELF_HARM_LAUGHED]),
        ("i give up. lol", [Code.HOPELESS]),
        ("lol! i give up", [Code.HOPELESS]),
        ("i do not give up lol", [Code.DISTRESS]),
        ("i am lost lol", [Code.CAP_DMC]),
        ("i give up, a lollipop please", [Code.HOPELESS]),
        ("i give up chocolate lol", []),
    ],
)
def test_a_laugh_in_the_same_sentence_lowers_what_has_a_code_for_it(
    text: str, expected: list[Code]
) -> None:
    ruleset = rules(
        cue(
            "give up",
            denied=Code.DISTRESS,
            laughed=Code.SELF_HARM_LAUGHED,
            unless=["chocolate"],
        ),
        cue("lost", code=Code.CAP_DMC),
        laughter=["(lol|haha*)"],
    )

    assert codes(text, ruleset) == expected


def test_a_cue_without_a_denied_code_is_switched_off_by_a_negation() -> None:
    assert codes("i am not lost", rules(cue("lost"))) == []


def test_a_cue_denied_as_the_same_stands_against_a_negation() -> None:
    ruleset = rules(cue("give up", code=Code.HOPELESS, denied=Code.HOPELESS))

    assert codes("i do not care i give up", ruleset) == [Code.HOPELESS]


def test_without_negations_none_is_seen() -> None:
    assert codes("not lost", rules(cue("lost"), negations=())) == [Code.HOPELESS]


def test_a_word_that_ends_like_a_negation_is_none() -> None:
    text = f"whatnot {'x' * 27} {'y' * 27} lost"

    assert codes(text, rules(cue("lost"))) == [Code.HOPELESS]


def test_two_cues_may_say_the_same_of_one_place() -> None:
    ruleset = rules(cue("so lost"), cue("(so|very) lost"))

    assert {e.by for e in evidence_in("so lost", ruleset)} == {"so lost", "(so|very) lost"}


def test_other_marks_are_no_evidence() -> None:
    assert codes("my cv", rules(need(Need.CV, "cv"))) == []


words = st.lists(st.sampled_from(("cue", "off", "idiom", "x", ".")), max_size=25)


@given(words)
def test_exceptions_and_idioms_switch_off_what_comparing_each_with_each_would(
    said: list[str],
) -> None:
    """The naive way is quadratic: what the module does without comparing all must equal it."""
    text = f" {' '.join(said)} "
    ruleset = rules(cue("cue", "cue x", unless=["off"]), idioms=["x idiom", "idiom ... cue"])
    hits = Phrasebook(ruleset.phrases).find(text)
    marked = {kind: [h for h in hits if h.name.kind is kind] for kind in Kind}
    on = [
        (hit.start, hit.end)
        for hit in marked[Kind.CUE]
        if not any(i.start < hit.end and hit.start < i.end for i in marked[Kind.IDIOM])
        and not any(
            " . " not in text[min(hit.end, off.end) : max(hit.start, off.start)]
            for off in marked[Kind.UNLESS]
        )
    ]

    plain = Reader(EMPTY).read(text)
    assert plain.text == text
    assert [(e.start, e.end) for e in cue_evidence(plain, hits, ruleset)] == on


@pytest.mark.parametrize("piece", ["kill off ", "kill idiom ", "kill off . ", "kill idiom off "])
def test_a_long_flood_of_cues_and_what_switches_them_off_is_weighed_in_time(piece: str) -> None:
    ruleset = rules(cue("kill", code=Code.THREAT, unless=["off"]), idioms=["kill idiom"])

    assert codes(piece * (40_000 // len(piece)), ruleset) == []
