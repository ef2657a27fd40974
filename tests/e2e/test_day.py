"""One day of the sample community, as its desk lives through it: 11 November 2026.

Ada has the day, Bo the night, and from 20:00 to 22:00 nobody has a shift.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.cards import case as buttons
from bot.domain.alert import Ending, State
from bot.domain.desk import Desk
from bot.domain.duty import Shift
from bot.domain.event import Opened, Posted
from bot.domain.message import AccountRef, Message
from bot.domain.reading import Priority
from bot.workers.statement import take_statement
from tests.support.duty_desk import ADA, BO, LAST, DutyDesk, duty_desk, two_people
from tests.support.inbox import replayed
from tests.support.scripted import Hands

DAY = date(2026, 11, 11)
FEARS, HITS, IN_THE_GAP, BURST = ("#trainee-lounge", "#cv-and-interviews", "#study", "#general")


def shift(who: str, starts: str, ends: str) -> Shift:
    begin, end = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    return Shift(f"{who} {starts}", who, begin, end, "UTC")


def staffed() -> Desk:
    shifts = (
        shift("ada", "2026-11-11T10:00", "2026-11-11T20:00"),
        shift("bo", "2026-11-11T22:00", "2026-11-12T06:00"),
    )
    return replace(two_people(), shifts=shifts)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=UTC)


async def said_that_day() -> list[Message]:
    inbox, _ = await replayed(Path("bot/data/community"))
    return sorted(
        (one for one in inbox.messages if one.sent_at.date() == DAY), key=lambda one: one.sent_at
    )


@dataclass(slots=True)
class Day:
    """Lets the messages of the day come at their times, and people act at theirs."""

    here: DutyDesk
    messages: list[Message]
    opened: set[str] = field(default_factory=set)

    async def until(self, moment: datetime, *, step: int = 1) -> None:
        """Let time pass in steps of minutes, with all that is due and all that is said in it."""
        while self.here.clock.now < moment:
            await self.here.waits(minutes=step)
            watch = self.here.app.watch
            assert watch is not None
            await watch.handover.hand_over_due()
            while self.messages and self.messages[0].sent_at <= self.here.clock.now:
                await self._hear(self.messages.pop(0))

    async def _hear(self, message: Message) -> None:
        where = message.ref.place
        if where.key not in self.opened:
            self.opened.add(where.key)
            await self.here.hears(Opened(where))
        await self.here.hears(Posted(message))

    def pages(self, to: AccountRef, place: str) -> list[str]:
        """Give the receipts of the pages to somebody about a place, newest first."""
        found = [on for on, card in self.here.messages(to) if place in card.text]
        return found[::-1]

    async def press(self, by: AccountRef, button: str, place: str) -> None:
        await self.here.presses(by, button, self.pages(by, place)[0])


@asynccontextmanager
async def the_day(path: Path) -> AsyncIterator[Day]:
    async with duty_desk(path, staffed(), clock=Hands(at(0))) as here:
        yield Day(here, await said_that_day())


def key_of(messages: list[Message], place: str, minute: str) -> str:
    (found,) = [
        one.ref.key
        for one in messages
        if one.ref.place.name.startswith(place) and f"{one.sent_at:%H:%M}" == minute
        and one.origin.value == "member"
    ]  # fmt: skip
    return found


async def afternoon(day: Day, fears: str, hits: str) -> None:
    """Ada takes what is past and near, and asks later whether it helped; then the next one."""
    here = day.here
    await day.until(at(17, 15), step=15)
    await day.until(at(17, 24))
    await day.press(ADA, buttons.TAKE, FEARS)
    await here.asks(ADA, "case follow-up", key=fears, when="1h")
    await day.until(at(18, 30))
    assert any("did it help" in card.text.lower() for _, card in here.messages(ADA))

    await day.press(ADA, f"{buttons.CLOSE}/{Ending.HELPED}", FEARS)
    assert (await here.case(fears)).state is State.CLOSED

    await day.until(at(19, 17))
    await day.press(ADA, buttons.TAKE, HITS)
    assert (await here.case(hits)).holder == ADA


async def gap_in_the_rota(day: Day, unanswered: str) -> None:
    """Nobody has a shift: the last resort hears at once, and again while nobody answers."""
    await day.until(at(20, 41))
    assert len(day.pages(LAST, IN_THE_GAP)) == 1
    await day.until(at(21, 59))
    assert len(day.pages(LAST, IN_THE_GAP)) > 1
    assert (await day.here.case(unanswered)).state is State.OPEN


async def night(day: Day, handed: str, unanswered: str, burst: list[str]) -> None:
    """Bo is told where things stand, is handed one, takes the others and ends them."""
    here = day.here
    await day.until(at(22, 2))
    summary = next(card for _, card in here.messages(BO) if card.title == "You are on duty now")
    assert summary.text.count("P0 emergency") == 2

    await here.asks(ADA, "case hand", key=handed, person="bo")
    for key in (handed, unanswered):
        await here.asks(BO, "case take", key=key)
        assert (await here.case(key)).holder == BO

    await day.until(at(23, 20))  # twice one author: what is worse never hides in what came first
    assert [(await here.case(key)).priority for key in burst] == [Priority.P1, Priority.P0]
    for key in (handed, unanswered, *burst):
        await here.asks(BO, "case take", key=key)
        await here.asks(BO, "case close", key=key, outcome=Ending.HELPED)
        assert (await here.case(key)).state is State.CLOSED


async def test_a_day_of_the_sample_community_is_carried_through(tmp_path: Path) -> None:
    async with the_day(tmp_path) as day:
        said = list(day.messages)
        fears, hits = key_of(said, FEARS, "17:20"), key_of(said, HITS, "19:15")
        unanswered = key_of(said, IN_THE_GAP, "20:40")
        await afternoon(day, fears, hits)
        await gap_in_the_rota(day, unanswered)
        await night(day, hits, unanswered, [key_of(said, BURST, m) for m in ("23:12", "23:16")])
        await day.until(at(23, 59) + timedelta(minutes=1))
        found = await take_statement(day.here.store, "north", "North", DAY, waiting=0)

        assert day.messages == []
        assert found.seen == found.accounted == len(said)
        assert found.adds_up
        assert sum(n for rung, n in found.alerts.items() if rung <= Priority.P1) == 5
        assert found.slowest is not None
        assert timedelta(minutes=81) < found.slowest < timedelta(minutes=83)
