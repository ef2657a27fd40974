"""What cannot wait and what can: emergencies, doubtful messages and the backlog of the encoder."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.code import Code
from bot.domain.decision import Recorded
from bot.domain.event import Event, Opened, Posted
from bot.domain.ledger import Count
from bot.domain.reading import Priority, Source
from bot.knowledge import Knowledge
from bot.triage.encoder import Encoder
from bot.triage.head import Head
from bot.workers.intake import MOST_WAITING, MOST_WAITING_OF_THE_PAST
from bot.workers.turns import MOST_READ, Pace
from tests.support.build import DISCORD, account, place
from tests.support.build import message as built
from tests.support.models import LOUD, models
from tests.support.network import Words, encoder, session, tokenizer
from tests.support.scripted import FedPlatform
from tests.support.sessions import Broken, Held, Watched
from tests.support.world import FIRST, GRAVE, SECOND, World, desk, reading_with, said, world

# Words that no cue knows: of one the linear model has a doubt, the other the encoder alone hears.
DOUBTFUL, HIDDEN, CALM = "zorp today", "blick today", "hello all"
QUICK: Words = {"zorp": {Head.SELF_HARM: LOUD}}
FULL: Words = {
    "zorp": {Head.SELF_HARM: 9.0},
    "blick": {Head.SELF_HARM: 9.0},
    "dusk": {},
    "poison": {},
}
EARLIER: Words = {"dusk": {Head.SELF_HARM: 9.0}}


def knows(reader: Encoder | None = None) -> Knowledge:
    return reading_with(models(QUICK, reader or encoder(FULL, earlier=EARLIER)))


@asynccontextmanager
async def holding(
    path: Path, *, pace: Pace = Pace.LIVE, platform: FedPlatform | None = None
) -> AsyncIterator[tuple[World, Held]]:
    """Open a world whose encoder stands still until it is let go."""
    held = Held(session(FULL))
    reading = knows(encoder(FULL, through=lambda _: held))
    async with world(path, knows=reading, pace=pace, platform=platform) as here:
        try:
            yield here, held
        finally:
            held.let_go.set()


async def take(here: World, *events: Event) -> None:
    """Hand over events while nothing reads the backlog but what is in doubt."""
    for event in events:
        await here.app.intake.take(event)
    await here.app.intake.clear()


def numbers(kept: Sequence[Recorded]) -> list[str]:
    return [one.ref.id for one in kept]


async def accounted(here: World) -> tuple[int, int]:
    counted = await here.counted()
    assert counted.get(Count.UNASSESSED, 0) == 0
    return counted.get(Count.SEEN, 0), counted.get(Count.READ, 0)


async def test_an_emergency_is_recorded_before_what_came_earlier_and_waits(tmp_path: Path) -> None:
    async with holding(tmp_path) as (here, held):
        await take(here, *said(CALM, HIDDEN, GRAVE, CALM))

        assert numbers(await here.on_disk()) == ["3"]
        assert not held.reached.is_set()
        await here.app.courier.deliver_due()
        assert sorted(here.told(), key=lambda who: who.id) == [FIRST, SECOND]


async def test_no_cursor_passes_what_still_waits(tmp_path: Path) -> None:
    async with holding(tmp_path) as (here, held):
        await take(here, *said(CALM, HIDDEN, GRAVE))
        await here.on_disk()
        waiting, before = here.app.intake.waiting, await accounted(here)
        stretches = await here.store.ledger.stretches(here.desk.id)
        held.let_go.set()
        await here.app.intake.settle()

        assert (waiting, before, stretches) == (3, (0, 0), {})
        assert (here.app.intake.waiting, await accounted(here)) == (0, (3, 3))
        assert numbers(await here.recorded()) == ["2", "3"]
        ((only,),) = (await here.store.ledger.stretches(here.desk.id)).values()
        assert (int(only.first), int(only.last)) == (1, 3)


async def test_what_is_written_is_told_to_who_brought_it_only_when_nothing_waits_before_it(
    tmp_path: Path,
) -> None:
    async with holding(tmp_path) as (here, held):
        await take(here, *said(CALM))
        written = asyncio.ensure_future(await here.app.intake.take(Posted(built(2, GRAVE))))
        await here.on_disk()
        early = written.done()
        held.let_go.set()
        await here.app.intake.settle()
        await written

        assert not early


async def test_what_history_keeps_is_safe_as_soon_as_it_is_known_not_to_be_urgent(
    tmp_path: Path,
) -> None:
    async with holding(tmp_path) as (here, held):
        intake = here.app.intake
        unknown = await intake.take(Posted(built(1, CALM), is_kept=True))
        await intake.clear()
        early = [asyncio.ensure_future(unknown).done()]
        held.let_go.set()
        await intake.settle()
        held.let_go.clear()
        # Now there is a cursor on disk, from which history is read after a crash.
        calm = asyncio.ensure_future(await intake.take(Posted(built(2, CALM), is_kept=True)))
        hidden = asyncio.ensure_future(await intake.take(Posted(built(3, HIDDEN), is_kept=True)))
        lost = asyncio.ensure_future(await intake.take(Posted(built(4, CALM))))
        grave = asyncio.ensure_future(await intake.take(Posted(built(5, GRAVE), is_kept=True)))
        intake._turns.begin()  # noqa: SLF001 - one step of what `run` does
        empty = asyncio.ensure_future(await intake.take(Posted(built(6, ""), is_kept=True)))
        early += [one.done() for one in (calm, hidden, lost, grave, empty)]
        await here.app.intake.clear()
        await here.on_disk()

        assert early == [False, True, True, False, False, True]
        assert (grave.done(), lost.done()) == (True, False)
        assert numbers(await here.recorded()) == ["5"]
        assert await accounted(here) == (1, 1)
    async with world(tmp_path, knows=knows()) as after:
        await after.hears(*said(CALM, CALM, HIDDEN, CALM, GRAVE))

        assert numbers(await after.recorded()) == ["3", "5"]
        assert await accounted(after) == (5, 5)


async def test_what_is_doubtful_is_shown_to_the_encoder_at_once_and_alone(tmp_path: Path) -> None:
    seen = Watched(session(FULL))
    async with world(tmp_path, knows=knows(encoder(FULL, through=lambda _: seen))) as here:
        await take(here, *said(CALM, HIDDEN, DOUBTFUL))
        (kept,) = await here.on_disk()

        assert kept.ref.id == "3"
        assert [e.source for e in kept.decision.evidence] == [Source.ENCODER]
        assert kept.decision.priority is Priority.P1
        assert len(seen.feeds) == 1
        assert here.app.intake.waiting == 3


async def test_what_comes_after_a_doubtful_message_does_not_wait_for_it(tmp_path: Path) -> None:
    async with holding(tmp_path) as (here, held), asyncio.TaskGroup() as tasks:
        taking = tasks.create_task(take(here, *said(DOUBTFUL, GRAVE)))
        await asyncio.to_thread(held.wait)

        assert numbers(await here.on_disk()) == ["2"]
        held.let_go.set()
        await taking
        assert sorted(numbers(await here.on_disk())) == ["1", "2"]
        assert here.app.intake.waiting == 0


async def test_an_emergency_does_not_wait_for_a_doubtful_message_of_another_connection(
    tmp_path: Path,
) -> None:
    async with holding(tmp_path) as (here, held), asyncio.TaskGroup() as tasks:
        doubtful = tasks.create_task(take(here, Posted(built(1, DOUBTFUL))))
        await asyncio.to_thread(held.wait)
        await take(here, Posted(built(2, GRAVE, place("30"))))

        assert numbers(await here.on_disk()) == ["2"]
        assert not doubtful.done()
        held.let_go.set()
        await doubtful
        assert sorted(numbers(await here.on_disk())) == ["1", "2"]


async def test_what_a_cancelled_connection_brought_is_read_all_the_same(tmp_path: Path) -> None:
    async with holding(tmp_path) as (here, held), asyncio.TaskGroup() as tasks:
        doubtful = tasks.create_task(take(here, *said(DOUBTFUL)))
        await asyncio.to_thread(held.wait)
        doubtful.cancel()
        await asyncio.wait([doubtful])
        held.let_go.set()
        await take(here, *said(CALM, first=2))
        await here.app.intake.settle()

        assert numbers(await here.recorded()) == ["1"]
        assert await accounted(here) == (2, 2)


async def test_after_a_kill_what_waited_is_read_again_and_nothing_doubles(tmp_path: Path) -> None:
    events = said(CALM, HIDDEN, GRAVE, DOUBTFUL, CALM)
    async with world(tmp_path, knows=knows()) as killed:
        await take(killed, *events)
        at_death = numbers(await killed.on_disk())
        assert await accounted(killed) == (0, 0)
    async with world(tmp_path, knows=knows()) as here:
        await here.hears(*events)
        kept = await here.recorded()
        pages = sorted(here.platform.performed)
        await here.hears(*events)

        assert at_death == ["3", "4"]
        assert numbers(kept) == ["2", "3", "4"]
        assert await here.recorded() == kept
        assert sorted(here.platform.performed) == pages
        grave = kept[1].ref.key
        # A page that was out when another message joined is redrawn as well.
        assert [key for key in pages if grave in key and "~" not in key] == [
            f"{here.desk.id}/{grave}#2.0", f"{here.desk.id}/{grave}#2.1",
        ]  # fmt: skip
        assert await accounted(here) == (5, 5)


async def test_a_kill_in_the_middle_of_a_backlog_leaves_the_rest_to_be_read(tmp_path: Path) -> None:
    events = said(*[CALM] * (MOST_READ + 1), HIDDEN, *[CALM] * 9)
    total = len(events) - 1
    async with holding(tmp_path) as (killed, held):
        await take(killed, *events)
        held.let_go.set()
        await killed.app.intake._turns.read_some()  # noqa: SLF001 - one step of what `run` does
        await killed.app.intake.settle(unread=False)
        assert await accounted(killed) == (MOST_READ, MOST_READ)
        assert killed.app.intake.waiting == total - MOST_READ
    async with world(tmp_path, knows=knows()) as here:
        await here.hears(*events)

        assert here.app.intake.known == MOST_READ
        assert await accounted(here) == (total, total)
        assert numbers(await here.recorded()) == [str(MOST_READ + 2)]


@pytest.mark.parametrize(
    ("texts", "unassessed", "found"),
    [
        ([CALM, "poison heliotrope", HIDDEN], 1, {"3": Source.ENCODER}),
        (["zorp poison heliotrope", CALM], 1, {"1": Source.LINEAR}),
        ([f"poison heliotrope. {GRAVE}", HIDDEN], 0, {"1": Source.CUE, "2": Source.ENCODER}),
        (["poison heliotrope"] * 3, 3, {}),
    ],
)
async def test_a_message_that_breaks_the_encoder_loses_its_assessment_and_no_other_does(
    texts: list[str],
    unassessed: int,
    found: dict[str, Source],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (bad,) = tokenizer(FULL).encode("poison", add_special_tokens=False).ids
    broken = encoder(FULL, through=lambda s: Broken(s, bad, says="cannot read 'heliotrope'"))
    async with world(tmp_path, knows=knows(broken)) as here:
        # Each in a place of its own, or it would be read in the light of what breaks.
        for number, text in enumerate(texts, 1):
            await take(here, *said(text, first=number, where=place(str(number))))
        await here.app.intake.settle()
        counted, logged = await here.counted(), "".join(capsys.readouterr())

        kept = {one.ref.id: one.decision.evidence[0].source for one in await here.recorded()}
        assert kept == found
        assert (counted[Count.SEEN], counted[Count.READ]) == (len(texts), len(texts))
        assert counted.get(Count.UNASSESSED, 0) == unassessed
        assert ("triage is broken" in logged) is bool(unassessed)
        assert "heliotrope" not in logged


async def test_without_an_encoder_nothing_waits_and_all_is_unassessed(tmp_path: Path) -> None:
    async with world(tmp_path, knows=reading_with(models(QUICK))) as here:
        await take(here, *said(CALM, DOUBTFUL, HIDDEN))
        assert here.app.intake.waiting == 0
        await here.app.intake.settle()

        assert numbers(await here.recorded()) == ["2"]
        assert (await here.counted())[Count.UNASSESSED] == 3


async def test_a_stop_leaves_what_waits_for_the_next_time(tmp_path: Path) -> None:
    platform, many = FedPlatform(), 6 * MOST_READ
    first, *rest = said(*[CALM] * many, HIDDEN, GRAVE)[1:]
    async with (
        holding(tmp_path, platform=platform) as (here, held),
        asyncio.TaskGroup() as tasks,
    ):
        running = tasks.create_task(here.app.run())
        await platform.feed(Opened(place()), first)
        await asyncio.to_thread(held.wait)
        await platform.feed(*rest)
        here.app.stop()
        held.let_go.set()
        await running

        seen, read = await accounted(here)
        assert 1 <= seen == read < many
        assert numbers(await here.recorded()) == [str(many + 2)]
        assert len(here.told()) == 2
    async with world(tmp_path, knows=knows()) as later:
        await later.hears(Opened(place()), first, *rest)

        assert await accounted(later) == (many + 2, many + 2)
        assert numbers(await later.recorded()) == [str(many + 1), str(many + 2)]
        assert [key for key in later.platform.performed if GRAVE in key] == []


async def test_at_the_end_of_a_stream_all_that_waits_is_read(tmp_path: Path) -> None:
    async with world(tmp_path, knows=knows()) as here:
        await here.hears(*said(*[CALM] * 300, HIDDEN))

        assert numbers(await here.recorded()) == ["301"]
        assert await accounted(here) == (301, 301)
        assert here.app.intake.waiting == 0


@pytest.mark.parametrize(
    ("pace", "most"),
    [(Pace.LIVE, MOST_WAITING), (Pace.THOROUGH, MOST_WAITING_OF_THE_PAST)],
    ids=["live", "past"],
)
async def test_when_too_much_waits_whoever_brings_more_has_to_wait(
    *, pace: Pace, most: int, tmp_path: Path
) -> None:
    async with holding(tmp_path, pace=pace) as (here, held), asyncio.TaskGroup() as tasks:
        assert here.app.intake.most_waiting == most
        most = here.app.intake.most_waiting = 2 * MOST_READ
        await take(here, *said(*[CALM] * (most - 1)))
        assert (here.app.intake.waiting, held.reached.is_set()) == (most - 1, False)

        last = tasks.create_task(take(here, Posted(built(most, CALM))))
        await asyncio.to_thread(held.wait)
        assert not last.done()
        held.let_go.set()
        await last
        assert here.app.intake.waiting == most - MOST_READ
        await here.app.intake.settle(unread=False)
        assert await accounted(here) == (MOST_READ, MOST_READ)


Way = Callable[[World, Sequence[Event]], Awaitable[None]]


async def as_it_runs(here: World, events: Sequence[Event]) -> None:
    await here.hears(*events)


async def all_at_the_end(here: World, events: Sequence[Event]) -> None:
    await take(here, *events)
    await here.app.intake.settle()


async def one_by_one(here: World, events: Sequence[Event]) -> None:
    for event in events:
        await all_at_the_end(here, [event])


async def some_at_a_time(here: World, events: Sequence[Event]) -> None:
    for start in range(0, len(events), 7):
        await all_at_the_end(here, events[start : start + 7])


async def test_a_replay_gives_the_same_decisions_however_its_messages_fall_together(
    tmp_path: Path,
) -> None:
    # The encoder's bytes are scaled by the largest of a run: "vast" would drown what is near it.
    words: Words = {
        "blick": {Head.SELF_HARM: 7.9},
        "black": {Head.SELF_HARM: 4.9},
        "vast": {Head.CLAIM: 90.0},
    }
    reader = encoder(words, is_quantised=True)
    texts = [CALM, "blick", GRAVE, "black", "so vast", DOUBTFUL, "a blick and black", CALM, "vast"]
    events: list[Event] = [Opened(place())]
    for number in range(1, 61):
        text = f"{texts[number * number % len(texts)]} {'x ' * (number % 5)}"
        sender = account(str(number % 11 + 100))
        events.append(Posted(replace(built(number, text), author=sender)))

    kept: list[tuple[list[Recorded], dict[Count, int]]] = []
    ways: tuple[Way, ...] = (as_it_runs, all_at_the_end, one_by_one, some_at_a_time)
    for way in ways:
        folder = tmp_path / way.__name__
        folder.mkdir()
        async with world(folder, knows=knows(reader), pace=Pace.THOROUGH) as here:
            await way(here, events)
            kept.append((await here.recorded(), await here.counted()))

    assert len(kept[0][0]) > 20
    assert kept[0][1][Count.SEEN] == 60
    assert [one == kept[0] for one in kept] == [True] * len(ways)


async def test_in_a_replay_nothing_is_read_out_of_turn(tmp_path: Path) -> None:
    async with holding(tmp_path, pace=Pace.THOROUGH) as (here, held):
        await take(here, *said(CALM, HIDDEN, GRAVE, DOUBTFUL))
        assert (await here.on_disk(), held.reached.is_set()) == ([], False)

        held.let_go.set()
        await here.app.intake.settle()
        assert numbers(await here.recorded()) == ["2", "3", "4"]


async def test_a_message_is_read_in_the_light_of_what_was_said_before_it(tmp_path: Path) -> None:
    elsewhere = place("30")
    async with world(tmp_path, knows=knows()) as here:
        await here.hears(*said("at dusk", "yes"), *said("yes", first=3, where=elsewhere))
        (kept,) = await here.recorded()

        assert kept.ref.id == "2"
        assert [e.code for e in kept.decision.evidence] == [Code.SELF_HARM_MODEL]


async def test_who_may_not_be_read_is_no_context_either(tmp_path: Path) -> None:
    out = account("55")
    silent = replace(desk(), opted_out=frozenset({f"{DISCORD}:{out.id}"}))
    theirs = replace(built(1, "at dusk"), author=out)
    async with world(tmp_path, silent, knows=knows()) as here:
        await here.hears(Opened(place()), Posted(theirs), Posted(built(2, "yes")))

        assert await here.recorded() == []
        assert (await here.counted())[Count.SKIPPED_OPTED_OUT] == 1


async def test_what_was_read_before_a_restart_is_context_for_what_was_not(tmp_path: Path) -> None:
    async with world(tmp_path, knows=knows()) as before:
        await before.hears(*said("at dusk"))
    async with world(tmp_path, knows=knows()) as after:
        await after.hears(*said("at dusk", "yes"))

        assert numbers(await after.recorded()) == ["2"]
