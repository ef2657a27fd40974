import pytest

from bot.domain.code import Code, Need
from bot.domain.reading import Asking
from tests.support.rules import cue, need, reading, region, rules

RULES = rules(
    cue("how do i", code=Code.ASKING, unless=["how do i love"]),
    cue("lost"),
    need(Need.CV, "cv", "resume", unless=["cv boot"]),
    need(Need.VISA, "visa*"),
    region("FI", "finland", "helsinki"),
    region("GE", "georgia", unless=["georgia state"]),
)


def asking(text: str) -> Asking | None:
    return reading(text, RULES).asking


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how do I start", ()),
        ("how do I write a CV", (Need.CV,)),
        ("my CV?", (Need.CV,)),
        ("visas, then my resume and my cv?", (Need.VISA, Need.CV)),
        ("how do I fix cv boot today", ()),
        ("cv boot fails. my cv?", (Need.CV,)),
    ],
)
def test_a_question_is_about_what_it_names_each_need_once(
    text: str, expected: tuple[Need, ...]
) -> None:
    found = asking(text)

    assert found is not None
    assert expected == found.needs


@pytest.mark.parametrize(
    "text",
    [
        "what?",
        "my cv",
        "i am lost?",
        "how do i love this cv",
        "cv boot?",
        "my cv is at https://cv.example/?id=2",
        "> my cv?\nthis one is a cv",
        "in finland?",
        "",
    ],
)
def test_a_remark_is_no_question(text: str) -> None:
    assert asking(text) is None


def test_the_way_of_asking_is_its_evidence() -> None:
    found = asking("so, How do I do it")

    assert found is not None
    assert [(e.code, e.start, e.end) for e in found.evidence] == [(Code.ASKING, 4, 12)]


def test_a_bare_question_mark_leaves_no_evidence() -> None:
    found = asking("my cv?")

    assert found is not None
    assert found.evidence == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how do i move to Helsinki, Finland", ("FI",)),
        ("how do i move from georgia to finland", ("GE", "FI")),
        ("how do i apply to georgia state", ()),
        ("how do i apply", ()),
    ],
)
def test_regions_are_listed_once_in_the_order_of_the_message(
    text: str, expected: tuple[str, ...]
) -> None:
    found = asking(text)

    assert found is not None
    assert expected == found.regions == reading(text, RULES).regions


def test_regions_are_read_with_whatever_else_is_said() -> None:
    assert reading("i am lost in finland", RULES).regions == ("FI",)
