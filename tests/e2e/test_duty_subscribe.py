"""`waymark duty subscribe`, `calendars` and `unsubscribe`, as a person types them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from aiohttp import web

from tests.support.deskfile import FILE
from tests.support.feed import LOCALHOST, Feed, certified, feed
from tests.support.ics import calendar, event
from tests.support.waymark import Ran, anew, waymark

HOSTS = {"WAYMARK_CALENDAR_HOSTS": LOCALHOST}
TODAY = datetime.now(UTC).replace(hour=0, minute=0)
NO_ROTA = {name: part for name, part in FILE.items() if name not in {"rota", "overrides"}}


def all_day(uid: str, who: str) -> str:
    """Give both halves of each day."""
    halves = [
        (TODAY + timedelta(hours=n), TODAY + timedelta(hours=n + 12)) for n in (0, 12)
    ]  # fmt: skip
    return "\n".join(
        event(f"{uid}-{n}", who, f"{a:%Y-%m-%dT%H:%M}", f"{b:%Y-%m-%dT%H:%M}", "RRULE:FREQ=DAILY")
        for n, (a, b) in enumerate(halves)
    )


STRANGER = event("s", "Somebody", f"{TODAY:%Y-%m-%d}T09:00", f"{TODAY:%Y-%m-%d}T10:00")


@dataclass(frozen=True, slots=True)
class Town:
    """A folder with a desk in it, and the server that has its calendar."""

    folder: Path
    served: Feed

    @property
    def at(self) -> tuple[object, ...]:
        return ("--into", self.folder / "desk.db", "--desk-config", self.folder / "desk.yaml")

    async def waymark(self, *args: str, **settings: str) -> Ran:
        return await asyncio.to_thread(waymark, *args, *self.at, **{**HOSTS, **settings})

    def corrupt(self, statement: str) -> None:
        with closing(sqlite3.connect(self.folder / "desk.db")) as plain:
            plain.execute(statement)
            plain.commit()


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    (tmp_path / "desk.yaml").write_text(yaml.safe_dump(NO_ROTA))
    async with feed(calendar(all_day("b", "Bo"))) as served:
        yield Town(tmp_path, served)


async def test_a_calendar_holds_the_rota_until_it_is_unsubscribed(town: Town) -> None:
    town.served.body = calendar(all_day("b", "Bo"), STRANGER)
    ran = await town.waymark("duty", "subscribe", town.served.address)
    again = await town.waymark("duty", "subscribe", town.served.address)
    who = await town.waymark("duty", "who")
    listed = await town.waymark("duty", "calendars")
    name = listed.out.split()[0]

    assert ran.code == 0, ran.err  # subscribed, though one event was no shift
    assert 'Event 3 "Somebody": it names nobody of this desk' in ran.out
    assert "One person alone, without a backup" in ran.out
    assert f"Subscribed as {name}." in ran.err
    assert (again.code, again.err.strip()) == (
        0, f"This desk is subscribed to it already, as {name}.",
    )  # fmt: skip
    assert "Bo" in who.out
    assert "Aino" not in who.out
    assert f"{name}  localhost" in listed.out
    assert "2 shifts, last read" in listed.out
    assert 'Event 3 "Somebody"' in listed.out
    for said in (ran, again, who, listed):
        assert "5ecret" not in said.out + said.err

    wrong = await town.waymark("duty", "unsubscribe", "nothing")
    gone = await town.waymark("duty", "unsubscribe", name)
    assert (wrong.code, gone.code) == (66, 0)
    assert f"There are: {name}." in wrong.err
    assert "everybody in it is always on duty again" in gone.err
    assert "Aino" in (await town.waymark("duty", "who")).out
    assert (await town.waymark("duty", "calendars")).code == 66


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "A web page came instead of a calendar"),
        (b"hello", "What came is no calendar that can be read"),
        (calendar(), "No event in the calendar can be used"),
        (calendar(STRANGER), "No event could be used, so nothing was subscribed to."),
    ],
)
async def test_what_cannot_be_used_is_not_subscribed_to(body: bytes, said: str, town: Town) -> None:
    town.served.body = body
    ran = await town.waymark("duty", "subscribe", town.served.address)

    assert ran.code == 65
    assert said in ran.err
    assert [path.name for path in town.folder.iterdir()] == ["desk.yaml"]


async def test_what_cannot_be_read_now_leaves_a_database_as_it_was(town: Town) -> None:
    await town.waymark("duty", "subscribe", town.served.address)
    before = (await town.waymark("duty", "calendars")).out
    town.served.answers = [web.Response(status=503)]
    ran = await town.waymark("duty", "subscribe", f"{town.served.address}?other")

    assert ran.code == 65
    assert "The server is busy or broken. If this lasts" in ran.err
    assert "Nothing was subscribed to." in ran.err
    assert (await town.waymark("duty", "calendars")).out == before


async def test_webcal_is_asked_over_tls_and_the_certificate_counts(
    town: Town, tmp_path: Path
) -> None:
    async with feed(calendar(all_day("b", "Bo")), tls=certified(tmp_path)) as served:
        address = served.address.replace("https://", "webcal://")
        doubted = await town.waymark("duty", "subscribe", address)
        trusted = {"SSL_CERT_FILE": str(tmp_path / "tls.pem")}
        ask = ("duty", "subscribe", address, *town.at)
        ran = await asyncio.to_thread(anew, *ask, **HOSTS, **trusted)

    assert (doubted.code, ran.code) == (65, 0), ran.err
    assert "its certificate is not valid" in doubted.err
    assert len(served.asked) == 1


async def test_calendars_are_read_at_once_when_asked_for(town: Town) -> None:
    await town.waymark("duty", "subscribe", town.served.address)
    same = await town.waymark("duty", "calendars", "--now")
    town.served.body = calendar(all_day("b", "Bo"), all_day("a", "Aino"), STRANGER)
    other = await town.waymark("duty", "calendars", "--now")
    town.served.answers = [web.Response(status=404)]
    gone = await town.waymark("duty", "calendars", "--now")
    who = await town.waymark("duty", "who")

    assert [ran.code for ran in (same, other, gone)] == [0, 0, 65]
    assert "Read just now. It brings the same shifts as before." in same.out
    assert "Read just now. Its shifts are others: 4 now, 2 before." in other.out
    assert 'Event 5 "Somebody": it names nobody of this desk' in other.out
    assert "Asked just now, in vain." in gone.out
    assert "There is no calendar at this address. Copy its address again" in gone.out
    assert "4 shifts, last read" in gone.out
    assert "Aino" in who.out
    assert len(town.served.asked) == 4


async def test_the_wrong_key_asks_for_nothing_and_changes_nothing(town: Town) -> None:
    await town.waymark("duty", "subscribe", town.served.address)
    before = (await town.waymark("duty", "calendars")).out
    wrong = await town.waymark("duty", "calendars", "--now", WAYMARK_KEY="z" * 40)

    assert wrong.code == 78
    assert "does not open what" in wrong.err
    assert (await town.waymark("duty", "calendars")).out == before
    assert len(town.served.asked) == 1


async def test_a_private_address_needs_the_operators_word(town: Town) -> None:
    closed = {"WAYMARK_CALENDAR_HOSTS": ""}
    clear = await town.waymark("duty", "subscribe", town.served.address, **closed)
    private = await town.waymark("duty", "subscribe", "webcal://localhost:1/a.ics", **closed)
    nothing = await town.waymark("duty", "subscribe", "rota.ics")

    assert [ran.code for ran in (clear, private, nothing)] == [65, 65, 65]
    assert "begins with https:// or webcal://" in clear.err
    assert "WAYMARK_CALENDAR_HOSTS" in private.err
    assert "This is no address that can be asked" in nothing.err
    assert town.served.asked == []


async def test_check_names_what_was_not_read_for_long(town: Town) -> None:
    await town.waymark("duty", "subscribe", town.served.address)
    good = await town.waymark("check")
    town.corrupt(
        "UPDATE calendar SET obstacle = 'page', failures = 3,"
        " read_at = '2026-01-05 12:00:00.000000'"
    )
    bad = await town.waymark("check")
    listed = await town.waymark("duty", "calendars")

    assert (good.code, bad.code) == (0, 78), good.err + bad.err
    assert "The calendar of the rota has not been read: localhost (" in bad.err
    assert "since 2026-01-05 12:00 UTC: page" in bad.err
    assert "NOT READ, tried 3 times since. What it brought stays in force." in listed.out
    assert "Use the calendar's secret address" in listed.out


async def test_a_changed_key_still_opens_what_it_sealed(town: Town) -> None:
    town.served.body = calendar(all_day("b", "Bo"), STRANGER)
    first, second = "a" * 40, "b" * 40
    await town.waymark("duty", "subscribe", town.served.address, WAYMARK_KEY=first)
    both = {"WAYMARK_KEY": second, "WAYMARK_OLD_KEYS": first}
    kept = await town.waymark("duty", "calendars", **both)
    lost = await town.waymark("duty", "calendars", WAYMARK_KEY=second)

    assert (kept.code, lost.code) == (0, 78)
    assert 'Event 3 "Somebody"' in kept.out
    assert "LOCKED: the key at hand does not open its address." in lost.out
    assert "1 event cannot be used; which, the key at hand does not open." in lost.out
    assert "Somebody" not in lost.out
    assert "The key of WAYMARK_KEY does not open what" in lost.err
    assert "Use the key of the bot that keeps it" in lost.err


async def test_what_another_key_sealed_is_named_before_anything_is_sealed_beside_it(
    town: Town,
) -> None:
    await town.waymark("duty", "subscribe", town.served.address)
    (town.folder / "desk.db.key").write_text("z" * 40)
    asked = len(town.served.asked)
    again = await town.waymark("duty", "subscribe", town.served.address)
    checked = await town.waymark("check")

    assert (again.code, checked.code) == (78, 78)
    for ran in (again, checked):
        assert "desk.db.key does not open what" in ran.err
    assert len(town.served.asked) == asked


async def test_who_has_not_the_key_of_the_bot_is_told_before_anything_is_sealed(
    town: Town,
) -> None:
    key = {"WAYMARK_KEY": "k" * 40}
    assert (await town.waymark("duty", "subscribe", town.served.address, **key)).code == 0
    listed = await town.waymark("duty", "calendars")
    ran = await town.waymark("duty", "subscribe", town.served.address)

    assert (listed.code, ran.code) == (78, 78)
    assert "WAYMARK_KEY: set it as for the bot" in ran.err
    assert not (town.folder / "desk.db.key").exists()


async def test_a_database_that_is_not_there_is_not_made_by_looking(town: Town) -> None:
    ran = await town.waymark("duty", "calendars")

    assert ran.code == 66
    assert "There is no database" in ran.err
    assert not (town.folder / "desk.db").exists()
