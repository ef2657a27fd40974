"""A scenario plays by the desk's clock, and what was said is handed over to be summed up."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.local.clock import PracticeClock
from adapters.local.people import Community
from adapters.local.platform import LocalPlatform
from adapters.local.practice import AFTERWARDS, Practice, players
from adapters.local.translate import Practise
from adapters.local.view import Trainer
from bot.cards.scenario import Debrief, debrief
from bot.domain.scenario import (
    Expectation,
    Expected,
    Line,
    Outcome,
    Part,
    Room,
    Run,
    Scenario,
    Way,
)
from tests.support.build import NOON
from tests.support.local import COMMUNITY, PEOPLE
from tests.support.scripted import Hands

MINUTE = timedelta(minutes=1)
LINES = (
    Line("first", "otto", "20", timedelta(), "Good morning"),
    Line("grave", "otto", "20", MINUTE, "Help me", Expectation(Expected.TAKE), "Because."),
    Line("reply", "otto", "20", 2 * MINUTE, "Thank you", answers="grave"),
)
SCENARIO = Scenario(
    "play", "A play", Way.CO_CAREERING, "Goal.", "Debrief.", "Theory.",
    (Part("otto", "Otto"),), (Room("20"),), LINES,
)  # fmt: skip
AINO = next(one for one in PEOPLE if one.id == "aino")
MINA = PEOPLE[0]


class Stage:
    """A community with one scenario, a clock to turn, and what was handed over to be summed up."""

    def __init__(self, folder: Path) -> None:
        self.hands = Hands(NOON)
        community = Community("Test", COMMUNITY.channels, (*PEOPLE, *players(SCENARIO)))
        self.platform = LocalPlatform(community, folder, PracticeClock(self.hands))
        self.runs: list[Run] = []
        self.cleared = 0
        trainer = Trainer(
            (SCENARIO,), self.sum_up, lambda summary, who, _: f"{summary.title} {who}", self.clear
        )
        self.practice = Practice(self.platform, trainer)

    async def sum_up(self, scenario: Scenario, run: Run) -> Debrief:
        self.runs.append(run)
        return debrief(Outcome(scenario, ()))

    async def clear(self) -> None:
        self.cleared += 1

    async def asks(self, move: str, to: int = 0, scenario: str = "") -> str:
        ask = Practise.model_validate(
            {"do": "practise", "move": move, "to": to, "scenario": scenario}
        )
        return await self.practice.ask(ask, AINO)

    @property
    def said(self) -> list[str]:
        return [one.text for one in self.platform.state.messages.values()]


async def test_each_line_is_said_when_the_clock_has_come_to_it(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    assert await stage.asks("start", 1, "play") == ""
    assert stage.cleared == 1
    assert stage.said == ["Good morning"]
    stage.hands.now += 0.9 * MINUTE
    await stage.practice.tick()
    assert stage.said == ["Good morning"]
    stage.hands.now += 0.1 * MINUTE
    await stage.practice.tick()
    assert stage.said == ["Good morning", "Help me"]


async def test_at_four_times_the_speed_a_second_takes_the_desk_four(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    await stage.asks("start", 4, "play")
    for _second in range(15):
        stage.hands.now += timedelta(seconds=1)
        await stage.practice.tick()

    assert stage.platform.clock() == NOON + MINUTE
    assert stage.said == ["Good morning", "Help me"]


async def test_while_it_is_stopped_no_message_comes_and_the_desks_clock_goes_on(
    tmp_path: Path,
) -> None:
    stage = Stage(tmp_path)
    await stage.asks("start", 1, "play")
    await stage.asks("pause")
    stage.hands.now += 5 * MINUTE
    await stage.practice.tick()
    assert stage.said == ["Good morning"]
    await stage.asks("play")
    stage.hands.now += MINUTE
    await stage.practice.tick()
    assert stage.said == ["Good morning", "Help me"]


async def test_the_next_message_comes_at_once_and_the_clock_with_it(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    await stage.asks("start", 1, "play")
    await stage.asks("next")

    assert stage.said == ["Good morning", "Help me"]
    assert stage.platform.clock() == NOON + MINUTE


async def test_it_ends_by_itself_when_there_was_time_after_the_last_message(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    await stage.asks("start", 1, "play")
    stage.hands.now += 2 * MINUTE + AFTERWARDS
    await stage.practice.tick()

    assert [one.line for one in stage.runs[0].sayings] == ["first", "grave", "reply"]
    assert stage.practice.drawn()["debrief"]["title"] == "A play"
    assert stage.practice.page() == "A play Aino"


async def test_an_answer_stands_in_its_thread_and_the_trainees_own_is_noted(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    await stage.asks("start", 1, "play")
    await stage.asks("next")
    grave = stage.platform.state.messages["000000000002"]
    stage.hands.now += 0.5 * MINUTE
    await stage.platform.say("8", "20", "me too", grave.id)
    await stage.platform.say("aino", "20", "I am here", grave.id)
    await stage.asks("next")
    await stage.asks("end")

    sayings = {one.line: one for one in stage.runs[0].sayings}
    assert sayings["grave"].replied_at == NOON + 1.5 * MINUTE
    assert sayings["first"].replied_at is None
    assert sayings["reply"].ref.place.thread == grave.id


async def test_it_is_taken_up_stopped_where_it_was(tmp_path: Path) -> None:
    before = Stage(tmp_path)
    await before.asks("start", 1, "play")
    await before.asks("next")
    after = Stage(tmp_path)
    await after.practice.open()

    assert after.practice.drawn()["now"]["said"] == 2
    assert not after.practice.is_playing
    await after.asks("next")
    assert after.said[-1] == "Thank you"


async def test_what_is_over_is_summed_up_again_when_the_bot_comes_back(tmp_path: Path) -> None:
    before = Stage(tmp_path)
    await before.asks("start", 1, "play")
    await before.asks("end")
    after = Stage(tmp_path)
    await after.practice.open()

    assert after.runs == before.runs
    assert after.practice.page() is not None


async def test_a_member_does_not_train_and_an_unknown_scenario_is_refused(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    ask = Practise(do="practise", move="start", scenario="play")

    assert "for practitioners" in await stage.practice.ask(ask, MINA)
    assert "no such scenario" in await stage.asks("start", 1, "none")
    assert stage.practice.drawn()["now"] is None
    assert stage.practice.page() is None


@pytest.mark.parametrize("move", ["pause", "play", "next", "speed", "end"])
async def test_before_it_has_begun_nothing_can_be_moved(move: str, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    await stage.asks(move, 10)
    await stage.practice.tick()

    assert stage.said == []
    assert not stage.practice.is_playing
    assert stage.platform.clock() == NOON
