"""Complaint 9: "messages sent during downtime are lost". Here none is, and none counts twice."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.transcript.platform import TranscriptPlatform
from bot.domain.event import Opened, Posted, ReadBack, Reconnected
from bot.domain.ledger import Count
from bot.domain.message import Message, Place
from bot.policy.cursor import Cursor, Gap
from bot.ports import Permanent, Temporary
from bot.workers.turns import Pace
from tests.support.build import DISCORD, message, place
from tests.support.exports import discord_json, discord_message
from tests.support.live import GRAVE, ON_DUTY, heard, live, wrote
from tests.support.scripted import ScriptedPlatform


async def test_an_hour_without_a_connection_loses_none_and_doubles_none(tmp_path: Path) -> None:
    """One of the hour was grave: it pages, late, once."""
    lost = wrote(*range(4, 64))
    lost[30] = message(34, GRAVE)
    server = ScriptedPlatform(past=[*wrote(1, 2, 3), *lost, *wrote(64, 65)], page=7)
    async with live(tmp_path, server) as here:
        await here.hears(*heard(1, 2, 3), Reconnected(DISCORD), *map(Posted, wrote(64, 65)))

        assert (await here.counted())[Count.SEEN] == 65
        assert await here.decided() == ["34"]
        assert len(here.cards(ON_DUTY)) == 1
        assert here.app.intake.cursor(place()).gaps == ()


async def test_what_was_lost_while_the_bot_was_down_is_read_when_it_is_back(
    tmp_path: Path,
) -> None:
    server = ScriptedPlatform(past=wrote(1, 2, 3))
    async with live(tmp_path, server) as before:
        await before.hears(*heard(1, 2, 3))
    server.past = [*wrote(*range(1, 9)), message(9, GRAVE)]
    for _ in range(3):
        async with live(tmp_path, server) as after:
            await after.hears(Opened(place()))

    async with live(tmp_path, server) as here:
        assert (await here.counted())[Count.SEEN] == 9
        assert await here.decided() == ["9"]
    assert len(here.cards(ON_DUTY)) == 1


async def test_what_history_gave_first_and_the_connection_brings_later_counts_once(
    tmp_path: Path,
) -> None:
    server = ScriptedPlatform(past=wrote(1, 2, 3, 4, 5))
    async with live(tmp_path, server) as here:
        await here.hears(*heard(1, 2))
        await here.hears(Reconnected(DISCORD))
        await here.hears(*map(Posted, wrote(4, 5, 6)))

        assert (await here.counted())[Count.SEEN] == 6


async def test_events_that_come_twice_or_out_of_order_count_once(tmp_path: Path) -> None:
    server = ScriptedPlatform(past=wrote(*range(1, 9)))
    late_and_twice = map(Posted, wrote(7, 6, 8, 7, 6, 8))
    async with live(tmp_path, server) as here:
        await here.hears(*heard(1, 2, 2, 1), Reconnected(DISCORD), *late_and_twice)

        assert (await here.counted())[Count.SEEN] == 8
        assert here.app.intake.cursor(place()).gaps == ()


async def test_a_place_that_had_no_message_yet_has_its_first_gap_read_too(tmp_path: Path) -> None:
    server = ScriptedPlatform()
    async with live(tmp_path, server) as here:
        await here.hears(Opened(place()))
        server.past = [message(200, GRAVE), *wrote(201)]
        await here.hears(Reconnected(DISCORD))

        assert await here.decided() == ["200"]
        assert (await here.counted())[Count.SEEN] == 2


async def test_what_was_written_before_we_came_is_not_read(tmp_path: Path) -> None:
    """It is two o'clock: message 100 is twenty minutes old, 119 came a minute ago."""
    old = ScriptedPlatform(past=[message(99, GRAVE), message(100, GRAVE)])
    async with live(tmp_path, old) as here:
        await here.hears(Opened(place()))

        assert await here.counted() == {}
        assert old.asked == [(place(), None), (place(), f"{100:020}")]


async def test_what_may_have_come_between_connecting_and_asking_is_read(tmp_path: Path) -> None:
    just_now = ScriptedPlatform(past=[message(100), message(119, GRAVE)])
    async with live(tmp_path, just_now) as here:
        await here.hears(Opened(place()), *map(Posted, wrote(119, text=GRAVE)))
        await here.hears(Reconnected(DISCORD))

        assert await here.decided() == ["119"]
        assert (await here.counted())[Count.SEEN] == 1


async def test_a_gap_is_asked_for_page_by_page_and_not_past_what_is_known(tmp_path: Path) -> None:
    server = ScriptedPlatform(past=wrote(*range(1, 400)), page=100)
    async with live(tmp_path, server) as here:
        await here.hears(*heard(1), Reconnected(DISCORD), *map(Posted, wrote(250)))
        pages = [int(after or 0) for _, after in server.asked]

        assert (await here.counted())[Count.SEEN] == 250
        assert pages == [1, 101, 201]


async def test_a_busy_history_is_asked_again_when_it_says_so(tmp_path: Path) -> None:
    server = ScriptedPlatform(past=wrote(1, 2, 3))
    async with live(tmp_path, server) as here:
        await here.hears(*heard(1))
        server.refusals = [Temporary("slow down", retry_after=timedelta(minutes=3))]
        await here.hears(Reconnected(DISCORD))
        here.clock.turn(minutes=2)
        await here.watch.backfill.fill_due()
        too_early = here.app.intake.cursor(place()).gaps
        here.clock.turn(minutes=2)
        await here.watch.backfill.fill_due()
        await here.app.intake.settle()

        assert too_early == (Gap(f"{1:020}", None),)
        assert (await here.counted())[Count.SEEN] == 3
        assert here.watch.backfill.waiting == 0


@pytest.mark.parametrize("trouble", [Permanent("no permission"), ValueError("a bug")])
async def test_one_channel_that_cannot_be_read_does_not_keep_the_others_from_it(
    trouble: Exception, tmp_path: Path
) -> None:
    other = place("21")
    server = ScriptedPlatform(past=[*wrote(1, 2), message(3, where=other), message(4, where=other)])
    async with live(tmp_path, server) as here:
        await here.hears(*heard(1), Opened(other), Posted(message(3, where=other)))
        server.refusals = [trouble]
        await here.hears(Reconnected(DISCORD, space="10"))
        failed_once = await here.counted()
        here.clock.turn(hours=1)
        await here.watch.backfill.fill_due()
        await here.app.intake.settle()

        assert failed_once[Count.SEEN] == 3
        assert (await here.counted())[Count.SEEN] == 4


async def test_cut_off_in_the_middle_of_a_gap_it_reads_on_after_a_restart(
    tmp_path: Path,
) -> None:
    """What was read back is on disk with its cursor; the rest of the gap is still a gap."""
    server = Breaking(past=wrote(*range(1, 31)), page=10)
    async with live(tmp_path, server) as before:
        await before.hears(*heard(1), Reconnected(DISCORD), Posted(message(30)))
        halfway = (await before.counted())[Count.SEEN]
    async with live(tmp_path, server) as after:
        await after.hears(Opened(place()))

        assert halfway == 12
        assert (await after.counted())[Count.SEEN] == 30


class Breaking(ScriptedPlatform):
    """Its first history that has a second page breaks off before it."""

    is_broken = False

    def _page(self, place: Place, after: str | None) -> list[Message]:
        if after == f"{11:020}" and not self.is_broken:
            self.is_broken = True
            raise Temporary("cut off")
        return super()._page(place, after)


async def test_a_bug_in_reading_back_is_logged_without_what_was_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with live(tmp_path, ScriptedPlatform(past=wrote(1, 2))) as here:
        await here.hears(*heard(1))
        here.platform.refusals = [ValueError("gurgelhopf")]
        await here.hears(Reconnected(DISCORD))
        logged = capsys.readouterr()

    assert "history is broken" in logged.out + logged.err
    assert "ValueError" in logged.out + logged.err
    assert "gurgelhopf" not in logged.out + logged.err


async def test_a_connection_of_another_space_opens_no_gap_here(tmp_path: Path) -> None:
    server = ScriptedPlatform(past=wrote(1, 2))
    async with live(tmp_path, server) as here:
        await here.hears(*heard(1))
        asked = len(server.asked)
        await here.hears(Reconnected(DISCORD, space="other"))

        assert len(server.asked) == asked


async def test_history_that_is_joined_to_nothing_known_moves_no_cursor(tmp_path: Path) -> None:
    async with live(tmp_path) as here:
        await here.hears(*heard(1, 2))
        await here.hears(Reconnected(DISCORD), ReadBack(message(9), after=f"{7:020}"))
        await here.hears(*map(Posted, wrote(5)))

        assert (await here.counted())[Count.SEEN] == 4
        assert Gap(f"{2:020}", f"{5:020}") in here.app.intake.cursor(place()).gaps


def exported(folder: Path, file: str, *numbers: int, **channel: object) -> Path:
    path = folder / file
    path.write_bytes(discord_json([discord_message(number) for number in numbers], **channel))
    return path


async def read_out(folder: Path, *exports: Path) -> tuple[Place, Cursor, int]:
    """Replay exports, and give the place, its cursor and what was seen of all so far."""
    reader = TranscriptPlatform(exports)
    async with live(folder, platforms={DISCORD: reader}, pace=Pace.THOROUGH) as here:
        await here.app.run()
        (where,) = here.app.intake.places(DISCORD)
        return where, here.app.intake.cursor(where), (await here.counted())[Count.SEEN]


async def test_the_gap_between_two_exports_stays_seen_until_it_is_read_back(
    tmp_path: Path,
) -> None:
    first = exported(tmp_path, "a.json", 1, 2, 3)
    last = exported(tmp_path, "c.json", 7, 8, 9)
    await read_out(tmp_path, first)
    where, cursor, seen = await read_out(tmp_path, last)
    assert (len(cursor.gaps), seen) == (1, 6)

    middle = exported(tmp_path, "b.json", 3, 4, 5, 6, 7)
    whole = TranscriptPlatform([first, middle, last])
    async with live(tmp_path, platforms={DISCORD: whole}) as here:
        await here.watch.backfill.take(Opened(where))
        await here.watch.backfill.fill_due()
        await here.app.intake.settle()

        assert (await here.counted())[Count.SEEN] == 9
        assert [gap.before for gap in here.app.intake.cursor(where).gaps] == [None]


async def test_a_thread_hides_nothing_of_its_channel_and_counts_once(tmp_path: Path) -> None:
    """Discord numbers all it holds in one row: a thread's messages lie among its channel's."""
    inside = {"id": "800000000000000002", "type": "GuildPublicThread", "name": "a thread",
              "categoryId": "800000000000000001", "category": "job-search"}  # fmt: skip
    thread = exported(tmp_path, "thread.json", 1, 9, **inside)
    channel = exported(tmp_path, "channel.json", 5)
    seen = [(await read_out(tmp_path, path))[-1] for path in (thread, channel, thread, channel)]

    assert seen == [2, 3, 3, 3]


async def test_what_was_overtaken_and_still_under_way_when_the_bot_was_killed_is_read_once(
    tmp_path: Path,
) -> None:
    """Two sockets: 3 and 5 came, 2 and 4 were on their way. The cursor stands at 5 by then."""
    server = ScriptedPlatform(past=wrote(1, 3, 5))
    async with live(tmp_path, server) as killed:
        await killed.hears(*heard(1, 3, 5))
    server.past = [*wrote(1, 2, 3), message(4, GRAVE), *wrote(5, 6)]
    for _ in range(3):
        async with live(tmp_path, server) as again:
            await again.hears(Opened(place()))

    async with live(tmp_path, server) as here:
        await here.hears(Opened(place()), *map(Posted, wrote(7)))
        counted = await here.counted()

        assert counted[Count.SEEN] == counted[Count.READ] == 7
        assert await here.decided() == ["4"]
        assert here.app.intake.cursor(place()).again is None


async def test_what_was_overtaken_when_a_connection_was_cut_is_read_too(tmp_path: Path) -> None:
    server = ScriptedPlatform(past=wrote(1, 2, 3, 4))
    async with live(tmp_path, server) as here:
        await here.hears(*heard(1, 3), Reconnected(DISCORD), *map(Posted, wrote(5)))
        server.past = wrote(*range(1, 6))
        await here.hears(Reconnected(DISCORD))

        assert (await here.counted())[Count.SEEN] == 5


async def test_what_the_platform_hands_over_again_after_a_start_is_taken_and_hides_no_gap(
    tmp_path: Path,
) -> None:
    """2 was overtaken, 4 and 5 were written while the bot was down: 2 and 4 come once more."""
    server = ScriptedPlatform(past=wrote(1, 3))
    async with live(tmp_path, server) as killed:
        await killed.hears(*heard(1, 3))
    server.past = wrote(1, 2, 3, 4, 5, 6)
    again = [Posted(one, is_late=True) for one in (*wrote(2, 3), message(4, GRAVE))]
    async with live(tmp_path, server) as here:
        await here.hears(Opened(place()), *again, *map(Posted, wrote(6)))

        assert (await here.counted())[Count.SEEN] == 6
        assert await here.decided() == ["4"]
        assert here.app.intake.cursor(place()).gaps == ()


async def test_an_end_that_is_long_is_looked_through_a_turn_at_a_time(tmp_path: Path) -> None:
    many = wrote(*range(1, 1_201))
    server = ScriptedPlatform(past=many, page=100)
    async with live(tmp_path, server) as killed:
        await killed.hears(Opened(place()), *(Posted(one) for n, one in enumerate(many) if n % 7))
    async with live(tmp_path, server) as here:
        await here.hears(Opened(place()))

        assert (await here.counted())[Count.SEEN] == 1_199  # the first was before us
        assert here.app.intake.cursor(place()).again is None


async def test_of_what_was_counted_longer_ago_nothing_is_noted(tmp_path: Path) -> None:
    server = ScriptedPlatform()
    async with live(tmp_path, server) as here:
        await here.hears(Opened(place()))
        for number in (1, 2, 3):
            here.clock.turn(minutes=8)
            await here.hears(*map(Posted, wrote(number)))
        (noted,) = (await here.store.ledger.tails("north")).values()
        here.clock.turn(hours=3)
        await here.watch.janitor.erase_when_due()

        assert [run.positions for run in noted] == [(f"{2:020}",), (f"{3:020}",)]
        assert await here.store.ledger.tails("north") == {}
