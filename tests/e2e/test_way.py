"""The way of a message on a scripted platform: the real store, the real files, a turned clock."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.action import DirectMessage
from bot.domain.desk import ConsentMode
from bot.domain.duty import Shift
from bot.domain.event import Event, Opened, Posted
from bot.domain.ledger import SHARES, Count
from bot.domain.message import Origin
from bot.domain.reading import Priority
from bot.policy.privacy import author_hash
from bot.policy.retry import ATTEMPTS
from bot.ports import Permanent, Temporary
from bot.triage.phrasebook import Hit
from bot.triage.read import First, Said, Triage
from bot.triage.ruleset import Mark
from bot.triage.words import Reader
from tests.support.build import DISCORD, NOON, account, place
from tests.support.build import message as built
from tests.support.models import models
from tests.support.network import encoder
from tests.support.world import (
    FIRST,
    GRAVE,
    KEY,
    LAST,
    SECOND,
    SOON,
    URGENT,
    desk,
    knowledge,
    said,
    world,
)


async def test_a_p0_reaches_everyone_on_duty_and_a_p1_the_first(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        everyone = sorted(here.told(), key=lambda who: who.id)
        here.platform.performed.clear()
        await here.hears(*said(URGENT, first=100))

        assert everyone == [FIRST, SECOND]
        assert here.told() == [FIRST]


async def test_a_page_says_where_and_how_soon_and_nothing_of_the_author(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        (first, *_) = here.platform.performed.values()

        assert isinstance(first, DirectMessage)
        assert "#job-search" in first.card.text
        assert "P0" in first.card.text
        for word in ("kill", "suicid", "harm", "life", account().id):
            assert word not in first.card.text.lower()


async def test_p2_waits_in_the_queue(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(SOON))
        (kept,) = await here.recorded()

        assert kept.decision.priority is Priority.P2
        assert here.told() == []


async def test_the_same_author_again_within_ten_minutes_joins_the_alert(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT, "the library opens at nine", URGENT))
        first, second = await here.recorded()

        assert (first.raises, second.raises) == (True, False)
        assert second.alert == first.alert
        assert len(here.told()) == 1


async def test_what_is_more_urgent_never_hides_in_an_open_alert(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT, GRAVE))
        first, second = await here.recorded()

        assert (first.raises, second.raises) == (True, True)
        assert len(here.told()) == 3


async def test_open_alerts_are_remembered_over_a_restart(tmp_path: Path) -> None:
    async with world(tmp_path) as before:
        await before.hears(*said(URGENT))
    async with world(tmp_path) as after:
        await after.hears(*said(URGENT, first=2))
        first, second = await after.recorded()

        assert second.alert == first.alert
        assert after.told() == []


async def test_every_message_is_accounted_for(tmp_path: Path) -> None:
    by_bot = replace(built(3, GRAVE), origin=Origin.BOT)
    joined = replace(built(4, ""), origin=Origin.SYSTEM)
    async with world(tmp_path) as here:
        events = [*said("hello", GRAVE), Posted(by_bot), Posted(joined), Posted(built(5, "  "))]
        await here.hears(*events)
        counted = await here.counted()

        assert counted == {
            Count.SEEN: 5, Count.READ: 2, Count.SKIPPED_BOT: 1, Count.SKIPPED_SYSTEM: 1,
            Count.SKIPPED_EMPTY: 1,
        }  # fmt: skip
        assert counted[Count.SEEN] == sum(counted.get(count, 0) for count in SHARES)


async def test_who_opted_out_is_not_read(tmp_path: Path) -> None:
    out = frozenset({f"{DISCORD}:{account().id}"})
    async with world(tmp_path, replace(desk(), opted_out=out)) as here:
        await here.hears(*said(GRAVE))

        assert await here.recorded() == []
        assert await here.counted() == {Count.SEEN: 1, Count.SKIPPED_OPTED_OUT: 1}


async def test_with_opt_in_only_those_who_agreed_are_read(tmp_path: Path) -> None:
    agreed = frozenset({f"{DISCORD}:{account('8').id}"})
    mine = replace(built(2, GRAVE), author=account("8"))
    async with world(
        tmp_path, replace(desk(), consent=ConsentMode.OPT_IN, opted_in=agreed)
    ) as here:
        await here.hears(*said(GRAVE), Posted(mine))
        (kept,) = await here.recorded()

        assert kept.ref == mine.ref
        assert (await here.counted())[Count.SKIPPED_NO_CONSENT] == 1


async def test_a_failed_page_is_tried_again_later_with_the_same_key(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [Temporary("busy", retry_after=timedelta(minutes=3))]
        await here.hears(*said(URGENT))
        at_once = here.told()
        here.clock.turn(minutes=2)
        await here.app.courier.deliver_due()
        too_early = here.told()
        here.clock.turn(minutes=1, seconds=1)
        await here.app.courier.deliver_due()

        assert (at_once, too_early, here.told()) == ([], [], [FIRST])


async def test_a_page_that_cannot_be_delivered_goes_to_the_next_and_the_last_resort(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [Permanent("closed for direct messages")]
        await here.hears(*said(URGENT))

        assert here.told() == [SECOND, LAST]
        assert (await here.store.deliveries.counts(here.desk.id))["buried"] == 1


async def test_when_nobody_can_be_reached_it_does_not_go_round_in_circles(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.platform.closed = {FIRST, SECOND, LAST}
        await here.hears(*said(URGENT))

        assert here.told() == []
        assert (await here.store.deliveries.counts(here.desk.id))["buried"] == 3


async def test_a_bug_in_a_platform_costs_attempts_and_not_the_alert(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [ValueError("a bug")] * ATTEMPTS
        await here.hears(*said(URGENT))
        for _ in range(ATTEMPTS):
            here.clock.turn(minutes=10)
            await here.app.courier.deliver_due()

        assert here.platform.attempts == ATTEMPTS + 2
        assert here.told() == [SECOND, LAST]


async def test_nobody_on_duty_means_the_last_resort(tmp_path: Path) -> None:
    async with world(tmp_path, replace(desk(), practitioners=())) as here:
        await here.hears(*said(GRAVE))

        assert here.told() == [LAST]


async def test_with_a_rota_whoever_is_on_duty_now_is_paged(tmp_path: Path) -> None:
    """The second person of the list has the shift until three; it is two, then four."""
    starts = NOON.replace(tzinfo=None)
    mine = Shift("noon", f"{SECOND.platform}:{SECOND.id}", starts, starts.replace(hour=15), "UTC")
    async with world(tmp_path, replace(desk(), shifts=(mine,))) as here:
        await here.hears(*said(GRAVE))
        at_two = here.told()
        here.platform.performed.clear()
        here.clock.turn(hours=2)
        await here.hears(*said(GRAVE, first=100))

        assert (at_two, set(here.told())) == ([SECOND], {LAST})


async def test_what_was_read_before_is_not_counted_or_alerted_again(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said("hello", GRAVE, "bye"))
        await here.hears(*said("hello", GRAVE, "bye"))

        assert (await here.counted())[Count.SEEN] == 3
        assert here.app.intake.known == 3
        assert len(here.told()) == 2


async def test_a_gap_is_read_when_it_is_filled(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said("early", first=1))
        await here.hears(*said("late", first=9))
        await here.hears(*said(GRAVE, first=5))

        assert (await here.counted())[Count.SEEN] == 3
        assert len(await here.recorded()) == 1


async def test_a_late_message_is_read_although_the_cursor_has_passed_it(tmp_path: Path) -> None:
    events: list[Event] = [
        Opened(place()),
        Posted(built(5, "hello")),
        Posted(built(3, GRAVE)),
    ]
    async with world(tmp_path) as here:
        await here.hears(*events)

        assert len(await here.recorded()) == 1


async def test_a_message_that_breaks_triage_is_told_of_and_the_next_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Breaking(Triage):
        def firsts(self, said: Sequence[Said]) -> list[First]:
            for one in said:
                if "poison" in one.text:
                    raise ValueError(one.text)
            return super().firsts(said)

    rules, reader = knowledge().rules, Reader(knowledge().rules.lexicon)
    breaking = Breaking(rules, reader=reader, models=None, known=None)
    async with world(tmp_path, knows=replace(knowledge(), triage=breaking)) as here:
        await here.hears(*said("poison heliotrope", GRAVE))
        logged = capsys.readouterr()

        assert len(await here.recorded()) == 1
        assert (await here.counted())[Count.READ] == 2
        assert "triage is broken" in logged.out + logged.err
        assert "heliotrope" not in logged.out + logged.err


async def test_a_message_whose_urgency_cannot_be_told_keeps_none_that_came_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Breaking(Triage):
        def may_be_urgent(self, found: Sequence[Hit[Mark]]) -> bool:
            if len(found) > 1:
                raise ValueError(str(found))
            return super().may_be_urgent(found)

    rules, reader = knowledge().rules, Reader(knowledge().rules.lexicon)
    network = models({}, encoder({}))
    breaking = Breaking(rules, reader=reader, models=network, known=None)
    async with world(tmp_path, knows=replace(knowledge(), triage=breaking)) as here:
        await here.hears(*said(f"{GRAVE}. i want to end it all", GRAVE, "bye"))
        logged = "".join(capsys.readouterr())

        assert [one.ref.id for one in await here.recorded()] == ["2"]
        assert (await here.counted())[Count.READ] == 3
        assert (await here.counted())[Count.UNASSESSED] == 1
        assert "triage is broken" in logged


async def test_take_says_when_all_that_follows_is_on_disk(tmp_path: Path) -> None:
    async with world(tmp_path) as here, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(here.app.intake.run())
        written = await here.app.intake.take(Posted(built(1, GRAVE)))
        await written

        assert len(await here.recorded()) == 1
        running.cancel()


async def test_a_full_store_stops_the_bot_instead_of_losing_an_alert(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        unknown = replace(here.app.intake.desk, id="nobody-made-this-desk")
        here.app.intake.follow(unknown)

        with pytest.raises(ExceptionGroup):
            await here.hears(*said(GRAVE))


def test_the_author_of_a_decision_cannot_be_read_from_it() -> None:
    mine, others = author_hash(account(), key=KEY), author_hash(account(), key=b"x" * 40)

    assert len(mine) == 32
    assert mine != others
    assert mine == author_hash(account(), key=KEY)
