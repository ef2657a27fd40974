"""Scenarios are files that practitioners write: each mistake is named with its line and mend."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.data.scenario import load_scenario, load_scenarios
from bot.data.yamlfile import BadFile
from bot.domain.scenario import Expectation, Expected, Scenario, Way

GOOD = """\
id: mine
title: "Mine"
way: co-careering
goal: "Take one."
debrief: "Well."
theory: "So."
people:
  - id: mina
    name: "Mina"
channels:
  - id: general
messages:
  - id: one
    minute: 0.5
    who: mina
    channel: general
    text: "Hello"
    expect: take within 5 min
    why: "Because."
"""


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def mistakes(folder: Path, text: str) -> list[str]:
    path = written(folder, text)
    with pytest.raises(BadFile) as bad:
        load_scenario(path)
    return [line.removeprefix(f"{path}:") for line in str(bad.value).splitlines()]


def test_a_file_is_read(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, GOOD))

    assert (scenario.id, scenario.way) == ("mine", Way.CO_CAREERING)
    [line] = scenario.lines
    assert line.at == timedelta(seconds=30)
    assert line.expected == Expectation(Expected.TAKE, timedelta(minutes=5))


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [
        ("take", Expectation(Expected.TAKE)),
        ("Take within 15 minutes", Expectation(Expected.TAKE, timedelta(minutes=15))),
        ("answer with a resource", Expectation(Expected.ANSWER)),
        (
            "answer with a resource within 10 min",
            Expectation(Expected.ANSWER, timedelta(minutes=10)),
        ),
        ("note", Expectation(Expected.NOTE)),
        ("leave alone", Expectation(Expected.LEAVE)),
    ],
)
def test_what_is_expected_is_said_in_words(
    written_as: str, meant: Expectation, tmp_path: Path
) -> None:
    text = GOOD.replace("take within 5 min", written_as)
    assert load_scenario(written(tmp_path, text)).lines[0].expected == meant


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("take within 5 min", "grab it", "18: messages.expect (in one): Write `take`"),
        ("take within 5 min", "leave alone within 5 min", "18: messages.expect (in one): Write"),
        ("take within 5 min", "take within 0 min", "18: messages.expect (in one): Write `take`"),
        (
            "way: co-careering",
            "way: shouting",
            "3: way (in mine): There is no such way. Choose of:",
        ),
        ("who: mina", "who: nina", "15: messages.who (in one): nina is not among `people`."),
        (
            "channel: general",
            "channel: genral",
            "16: messages.channel (in one): genral is not among",
        ),
        (
            '    why: "Because."\n',
            "",
            "18: messages.expect (in one): Say in `why` what makes it so",
        ),
        ("    expect: take within 5 min\n", "", "13: messages (in mine): Nothing is expected"),
        ("id: mine", "id: My Own", "1: id (in My Own): 'My Own' is not usable. Use small letters"),
        (
            "minute: 0.5",
            "minute: soon",
            "14: messages.minute (in one): 'soon' is no number. Write one.",
        ),
        ("    text:", "    txt:", "messages.txt (in one): There is no such field."),
        ('    text: "Hello"\n', "", "messages.text (in one): Field required. Add it."),
        (
            '    text: "Hello"\n',
            '    text: "Hello"\n    answers: two\n',
            "18: messages.answers (in one): There is no message two above it.",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_mend(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    assert old in GOOD
    assert any(said in line for line in mistakes(tmp_path, GOOD.replace(old, new)))


SECOND = """\
  - id: one
    minute: 0.2
    who: mina
    channel: general
    text: "Again"
"""


def test_messages_have_their_own_ids_and_are_in_order(tmp_path: Path) -> None:
    twice, disordered = mistakes(tmp_path, GOOD + SECOND)
    assert twice == "20: messages.id (in one): one stands above already. Choose another id."
    assert disordered == (
        "21: messages.minute (in one): It comes before one, which stands above it."
        " Put them in order."
    )


def test_an_answer_stands_in_the_channel_of_what_it_answers(tmp_path: Path) -> None:
    two = GOOD.replace("  - id: general\n", "  - id: general\n  - id: other\n")
    said = mistakes(
        tmp_path,
        two
        + SECOND.replace("id: one", "id: two").replace("0.2", "1").replace("general", "other")
        + "    answers: one\n",
    )
    assert said == [
        "26: messages.answers (in two): one stands in another channel. Use that channel here too."
    ]


def test_own_files_come_after_those_that_are_shipped(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    assert load_scenarios(tmp_path)[-1].id == "mine"


def test_two_files_do_not_share_an_id(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    written(tmp_path, GOOD, "more.yaml")
    with pytest.raises(BadFile, match=r"more\.yaml:1: id: mine is the id of another file"):
        load_scenarios(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no such folder"):
        load_scenarios(tmp_path / "none")


@pytest.fixture(scope="module")
def shipped() -> tuple[Scenario, ...]:
    return load_scenarios()


def test_each_way_of_using_social_media_is_shipped_and_a_bad_day(
    shipped: tuple[Scenario, ...],
) -> None:
    assert sorted(one.way for one in shipped) == sorted(Way)
    assert "bad-day" in {one.id for one in shipped}


def test_each_has_something_to_do_and_something_to_leave(shipped: tuple[Scenario, ...]) -> None:
    for scenario in shipped:
        expected = {one.expected.what for one in scenario.lines if one.expected}
        assert Expected.LEAVE in expected
        assert Expected.TAKE in expected
        assert Expected.ANSWER in expected
