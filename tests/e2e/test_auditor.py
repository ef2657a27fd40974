"""Trouble made on purpose, and that the auditor sees it, tells it once, and mends nothing."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.action import DirectMessage
from bot.domain.audit import Failing, Finding
from bot.domain.event import Opened, Posted
from bot.domain.ledger import Count
from bot.ports import Permanent, Temporary
from bot.workers.turns import Pace
from tests.support.build import NOON, message, place
from tests.support.live import GRAVE, LAST, SUPERVISOR, Live, heard, live, wrote
from tests.support.scripted import Hands, ScriptedPlatform

DAILY = (
    "digesting",
    "drilling",
)  # those who come round to see whether their time of the day has come


async def audited(here: Live) -> list[Finding]:
    """Everything that one audit finds, once the courier has told it."""
    changes = await here.watch.auditor.audit()
    await here.app.courier.deliver_due()
    return list(changes.found)


def failings(found: Sequence[Finding]) -> list[Failing]:
    return [finding.failing for finding in found]


def corrupt(folder: Path, statement: str) -> None:
    """Change the file behind the bot's back."""
    with closing(sqlite3.connect(folder / "live.db")) as plain:
        assert plain.execute(statement).rowcount > 0
        plain.commit()


async def test_on_a_good_day_it_finds_nothing_and_says_nothing(tmp_path: Path) -> None:
    server = ScriptedPlatform(past=[*wrote(1, 2), message(3, GRAVE)])
    async with live(tmp_path, server) as here:
        await here.hears(*heard(1, 2), Posted(message(3, GRAVE)))

        assert await audited(here) == []
        assert here.cards(SUPERVISOR) == []


async def test_a_ledger_that_does_not_add_up_is_told_once_with_channel_and_day(
    tmp_path: Path,
) -> None:
    async with live(tmp_path) as here:
        await here.hears(*heard(1, 2, 3))
        corrupt(tmp_path, "UPDATE ledger SET n = n - 1 WHERE count = 'read'")
        (found,) = await audited(here)
        again = await audited(here)
        (card,) = here.cards(SUPERVISOR)

        assert found == Finding(Failing.LEDGER, f"{place().key}/2026-01-05", "3 seen, 2 shared")
        assert again == [found]
        assert found.subject in card.text
        assert (await here.counted())[Count.READ] == 2


async def test_a_loss_in_one_channel_is_not_hidden_by_a_surplus_in_another(tmp_path: Path) -> None:
    other = place("21")
    async with live(tmp_path) as here:
        await here.hears(*heard(1, 2), Opened(other), Posted(message(3, where=other)))
        corrupt(tmp_path, "UPDATE ledger SET n = n - 1 WHERE count = 'read' AND place LIKE '%:20'")
        corrupt(tmp_path, "UPDATE ledger SET n = n + 1 WHERE count = 'read' AND place LIKE '%:21'")

        assert failings(await audited(here)) == [Failing.LEDGER, Failing.LEDGER]


async def test_a_cursor_behind_history_is_found_whatever_the_bot_thinks_of_itself(
    tmp_path: Path,
) -> None:
    """Nobody told of a lost connection, so nothing is read back: the auditor looks for itself."""
    async with live(tmp_path, ScriptedPlatform(past=wrote(1, 2))) as here:
        await here.hears(*heard(1, 2))
        here.platform.past = [*wrote(1, 2), message(3, GRAVE)]
        (found,) = await audited(here)

        assert found == Finding(
            Failing.BEHIND, place().key, "#job-search since 2026-01-05 12:03 UTC"
        )
        assert await here.decided() == []
        assert GRAVE not in here.cards(SUPERVISOR)[0].text


async def test_a_message_that_just_came_is_not_called_missed(tmp_path: Path) -> None:
    async with live(tmp_path, ScriptedPlatform(past=wrote(1, 119))) as here:
        await here.hears(*heard(1))

        assert await here.watch.auditor._cursors(here.clock()) == []  # noqa: SLF001 - this check alone


async def test_a_hole_in_the_cursor_is_found_and_gone_once_it_is_read_back(tmp_path: Path) -> None:
    async with live(tmp_path, ScriptedPlatform(past=wrote(1, 2, 3, 4, 5))) as here:
        await here.hears(*heard(1, 2))
        here.platform.refusals = [Permanent("not yet")]
        await here.hears(*heard(5))
        (found,) = await audited(here)
        here.clock.turn(hours=1)
        await here.watch.backfill.fill_due()
        await here.app.intake.settle()
        here.app.intake.pulses.reading.beat()

        assert found.failing is Failing.BEHIND
        assert Failing.BEHIND not in failings(await audited(here))
        assert await here.store.findings.open_keys("north") & {found.key} == set()


@pytest.mark.parametrize("refusal", [Permanent("no permission"), Temporary("busy")])
async def test_a_history_that_cannot_be_asked_is_told(refusal: Exception, tmp_path: Path) -> None:
    async with live(tmp_path, ScriptedPlatform(past=wrote(1))) as here:
        await here.hears(*heard(1))
        here.platform.refusals = [refusal]

        assert failings(await audited(here)) == [Failing.UNREADABLE]


async def test_a_courier_that_hangs_is_found_and_told_without_the_courier(tmp_path: Path) -> None:
    async with live(tmp_path, ScriptedPlatform(stuck=True)) as here:
        await here.hears_without_end(Opened(place()), Posted(message(1, GRAVE)))
        await here.until(lambda: here.platform.attempts == 1)
        here.clock.turn(hours=1)
        here.beat("reading", "writing", "backfill", "auditor", "stating", "escalator", "janitor")
        here.beat("handover", "news", "presence", "publishing", "watching", "searching", "roster")
        here.beat(*DAILY)
        here.platform.stuck = False
        changes = await here.watch.auditor.audit()
        (card,) = here.cards(SUPERVISOR)

        # Time has jumped by an hour, and the escalator has not come round yet.
        assert failings(changes.found) == [Failing.STOPPED, Failing.OVERDUE, Failing.NO_STEP]
        assert changes.found[0].subject == "courier"
        assert "has stopped" in card.text


async def test_every_worker_is_watched(tmp_path: Path) -> None:
    async with live(tmp_path) as here:
        await here.hears_without_end()
        await here.until(lambda: len(here.watch.auditor.heartbeats.all) == 15 + len(DAILY))
        here.clock.turn(minutes=30)
        found = await here.watch.auditor._workers(here.clock())  # noqa: SLF001 - this check alone

        assert {finding.subject for finding in found} == {
            "reading", "writing", "courier", "backfill", "stating", "auditor", "escalator",
            "janitor", "handover", "news", "presence", "publishing", "watching", "searching",
            "roster", *DAILY,
        }  # fmt: skip


async def test_a_buried_page_is_told_and_a_buried_notice_of_it_makes_no_other(
    tmp_path: Path,
) -> None:
    async with live(tmp_path) as here:
        here.platform.failures = [Permanent("closed")] * 20
        await here.hears(Opened(place()), Posted(message(1, GRAVE)))
        new: list[list[str]] = []
        for _ in range(5):
            changes = await here.watch.auditor.audit()
            new.append([finding.subject for finding in changes.new])
            await here.app.courier.deliver_due()

        page = f"north/{message(1).ref.key}"
        assert new == [[f"{page}#2.0", f"{page}#3.0"], ["north/desk/"], [], [], []]


async def test_a_page_that_could_not_be_delivered_is_told_once(tmp_path: Path) -> None:
    """Complaint 12: staff are not told that a direct message failed."""
    async with live(tmp_path) as here:
        here.platform.failures = [Permanent("closed")]
        await here.hears(Opened(place()), Posted(message(1, GRAVE)))
        for _ in range(3):
            assert failings(await audited(here)) == [Failing.BURIED]
        corrupt(tmp_path, "UPDATE alert SET state = 'closed', due_at = NULL")
        here.clock.turn(days=3)
        here.beat(
            "reading",
            "writing",
            "backfill",
            "courier",
            "stating",
            "auditor",
            "escalator",
            "janitor",
            "handover",
            "news",
            "presence",
            "publishing",
            "watching",
            "searching",
            "roster",
            *DAILY,
        )

        assert await audited(here) == []
        assert len(here.cards(SUPERVISOR)) == 1
        assert len(here.cards(LAST)) == 1  # the page itself, instead


async def test_a_page_that_the_platform_holds_back_for_long_is_not_invisible(
    tmp_path: Path,
) -> None:
    """Complaint 6: a throttle held a notice back for 16 minutes, and nobody could see it."""
    async with live(tmp_path) as here:
        here.platform.failures = [Temporary("throttled", retry_after=timedelta(minutes=16))]
        await here.hears(Opened(place()), Posted(message(1, GRAVE)))
        (found,) = await audited(here)

        assert found.failing is Failing.HELD_BACK
        assert found.detail == "due 2026-01-05 14:16 UTC, tried 1 times"


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("due_at = NULL", "it has no next time"),
        ("due_at = '2026-01-05 11:00:00.000000'", "its time was 2026-01-05 11:00 UTC"),
        ("plan = NULL", "its row cannot be read"),
        ("plan = '{\"steps\":[]}'", "its plan has no steps"),
        ("plan = 'nonsense'", "its row cannot be read"),
        ("told = 'nonsense'", "its row cannot be read"),
        ("deed = '{}'", "its row cannot be read"),
        ("state = 'paused'", "its state is unknown"),
    ],
)
async def test_an_alert_whose_row_was_broken_by_hand_is_found_to_have_no_step(
    broken: str, why: str, tmp_path: Path
) -> None:
    """Complaints 1 and 16: paused for good, and nobody was told."""
    async with live(tmp_path) as here:
        await here.hears(Opened(place()), Posted(message(1, GRAVE)))
        whole = await audited(here)
        corrupt(tmp_path, f"UPDATE alert SET {broken}")  # noqa: S608 - the test's own words
        (found,) = await audited(here)

        assert whole == []
        assert found == Finding(Failing.NO_STEP, message(1).ref.key, why)
        assert "An alert has no next step" in here.cards(SUPERVISOR)[0].text


async def test_an_alert_that_is_closed_or_of_the_past_needs_no_step(tmp_path: Path) -> None:
    async with live(tmp_path, pace=Pace.THOROUGH) as past:
        await past.hears(Opened(place()), Posted(message(1, GRAVE)))
    async with live(tmp_path) as here:
        await here.hears(Opened(place()), Posted(message(2, GRAVE)))
        corrupt(tmp_path, "UPDATE alert SET state = 'closed', due_at = NULL WHERE plan IS NOT NULL")

        assert await audited(here) == []


async def test_an_alert_without_a_step_is_told_by_the_check_that_is_given(tmp_path: Path) -> None:
    async def alerts(now: datetime) -> Sequence[Finding]:
        assert now == NOON + timedelta(hours=2)
        return [Finding(Failing.NO_STEP, "discord:10:20:1")]

    async with live(tmp_path, checks=[alerts]) as here:
        assert failings(await audited(here)) == [Failing.NO_STEP]
        assert "An alert has no next step" in here.cards(SUPERVISOR)[0].text


async def test_a_check_that_breaks_is_a_finding_and_the_others_still_look(tmp_path: Path) -> None:
    async def broken(_: datetime) -> Sequence[Finding]:
        raise ValueError("a bug")

    async def sound(_: datetime) -> Sequence[Finding]:
        return [Finding(Failing.NO_STEP, "discord:10:20:1")]

    async with live(tmp_path, checks=[broken, sound]) as here:
        assert await audited(here) == [
            Finding(Failing.STOPPED, "auditor broken"),
            Finding(Failing.NO_STEP, "discord:10:20:1"),
        ]


async def test_after_a_restart_nothing_is_told_twice_and_what_comes_back_is_told_again(
    tmp_path: Path,
) -> None:
    clock, trouble = Hands(NOON), [Finding(Failing.NO_STEP, "discord:10:20:1")]

    async def check(_: datetime) -> Sequence[Finding]:
        return trouble

    told = []
    for lasts in (True, True, False, True):
        trouble = [Finding(Failing.NO_STEP, "discord:10:20:1")] if lasts else []
        clock.turn(hours=1)
        async with live(tmp_path, clock=clock, checks=[check]) as here:
            await audited(here)
            told.append(len(here.cards(SUPERVISOR)))

    assert told == [1, 0, 0, 1]


async def test_without_a_supervisor_the_last_resort_is_told(tmp_path: Path) -> None:
    async with live(tmp_path) as here:
        here.watch.auditor.desk = replace(here.watch.auditor.desk, supervisor=None)
        await here.hears(*heard(1))
        corrupt(tmp_path, "UPDATE ledger SET n = 9 WHERE count = 'seen'")
        await audited(here)

        assert len(here.cards(LAST)) == 1


async def test_what_is_logged_has_no_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with live(tmp_path, ScriptedPlatform(past=[*wrote(1), message(2, GRAVE)])) as here:
        here.platform.past = wrote(1)
        await here.hears(*heard(1))
        here.platform.past = [*wrote(1), message(2, "gurgelhopf")]
        await audited(here)
        logged = capsys.readouterr()

    assert "behind" in logged.out + logged.err
    assert "gurgelhopf" not in logged.out + logged.err
    performed = here.platform.performed.values()
    assert all("gurgelhopf" not in a.card.text for a in performed if isinstance(a, DirectMessage))


async def test_it_audits_by_itself_after_five_minutes_and_then_every_hour(tmp_path: Path) -> None:
    times: list[datetime] = []

    async def check(now: datetime) -> Sequence[Finding]:
        times.append(now)
        return []

    async with live(tmp_path, checks=[check]) as here:
        auditor = here.watch.auditor
        for _ in range(130):
            await auditor.audit_when_due()
            here.clock.turn(minutes=1)

    assert [round((at - NOON).total_seconds() / 60) for at in times] == [125, 185, 245]
