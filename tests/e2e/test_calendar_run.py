"""`waymark run` in a process of its own reads the calendar that another program subscribed to."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bot.store.seal import Seal
from tests.e2e.test_discord_run import DESK, running, server, until
from tests.support.discord_desk import ADA, BO
from tests.support.feed import LOCALHOST, feed
from tests.support.ics import calendar, event
from tests.support.live import GRAVE
from tests.support.waymark import waymark

MIDNIGHT = datetime.now(UTC).replace(hour=0, minute=0)
OLD, NEW = "o" * 40, "n" * 40


def always(who: str) -> bytes:
    """Put somebody on duty by day and by night."""
    edges = [f"{MIDNIGHT + timedelta(hours=hours):%Y-%m-%dT%H:%M}" for hours in (0, 12, 24)]
    halves = pairwise(edges)
    daily = "RRULE:FREQ=DAILY"
    return calendar(*(event(f"{n}", who, *half, daily) for n, half in enumerate(halves)))


async def test_it_pages_whom_the_calendar_names_and_opens_it_with_an_old_key(
    tmp_path: Path,
) -> None:
    hosts = {"WAYMARK_CALENDAR_HOSTS": LOCALHOST, "WAYMARK_WEIGHTS": str(tmp_path)}
    keys = {"WAYMARK_KEY": NEW, "WAYMARK_OLD_KEYS": OLD}
    at = ("--into", tmp_path / "desk.db", "--desk-config", tmp_path / "desk.yaml")
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    async with feed(always("Bo"), etag='"1"') as served, server() as discord:
        ask = ("duty", "subscribe", served.address, *at)
        ran = await asyncio.to_thread(waymark, *ask, **hosts, WAYMARK_KEY=OLD)
        assert ran.code == 0, ran.err
        kept(tmp_path, "UPDATE calendar SET due_at = '2020-01-01 00:00:00.000000'")
        async with running(discord, tmp_path, **hosts, **keys) as process:
            await discord.gateway.ready.wait()
            await until(lambda: opened(tmp_path, NEW) == served.address)
            await discord.say("20", "7", GRAVE)
            await until(lambda: discord.dms(BO))
            process.send_signal(signal.SIGTERM)
            await process.ended()

        assert served.asked[1]["If-None-Match"] == '"1"'
        assert discord.dms(ADA) == []


def opened(folder: Path, key: str) -> str | None:
    ((sealed,),) = kept(folder, "SELECT sealed FROM calendar")
    return Seal.of([key.encode()]).open(str(sealed))


def kept(folder: Path, statement: str) -> list[tuple[object, ...]]:
    """Look into the database of another process, or change it behind its back."""
    with closing(sqlite3.connect(folder / "desk.db")) as plain:
        found = plain.execute(statement).fetchall()
        plain.commit()
    return found
