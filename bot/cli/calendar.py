"""`waymark duty subscribe` and what belongs to it: calendars that hold a desk's rota."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

import click

from bot.cli.job import CONFIG, DATA, NO_INPUT, OK, run
from bot.cli.option import OWN_DESK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from yarl import URL

    from bot.domain.calendar import Obstacle
    from bot.domain.desk import Desk
    from bot.domain.practitioner import Practitioner
    from bot.reports.calendar import Kept
    from bot.settings import Settings
    from bot.web.client import Web
    from bot.workers.calendar import Brought

ASKED = "-"
_DAYS = 14
_INTO = click.option(
    "--into", default="waymark.db", show_default=True,
    help="The database of the desk, as for `waymark run` (a file or an address).",
)  # fmt: skip


@click.command()
@click.argument("address")
@_INTO
@OWN_DESK
def subscribe(address: str, into: str, desk_config: Path) -> None:
    """Let a calendar that is read again every quarter of an hour hold the rota.

    ADDRESS begins with https:// or webcal://. It is a secret: with - it is asked for, or read from
    standard input, and does not stay in your shell's history.

    Exit code 0 means that the desk is subscribed, also when some events are no shifts: each is
    named. With 65 the calendar cannot be read or has no shift, and nothing was made or changed.
    """

    def job(settings: "Settings") -> int:
        import asyncio

        from bot.data.desk import load_desk
        from bot.domain.calendar import Obstacle
        from bot.web.address import read_address

        desk = load_desk(desk_config)
        typed = read_address(_asked() if address == ASKED else address)
        if isinstance(typed, Obstacle):
            return _refuse(typed)
        return asyncio.run(_subscribe(settings, desk, into, typed))

    run(job)


@click.command()
@click.option("--now", "anew", is_flag=True, help="Read each now, whether it is due or not.")
@_INTO
@OWN_DESK
def calendars(*, anew: bool, into: str, desk_config: Path) -> None:
    """List the calendars that hold the rota: when each was read, and what to mend.

    With --now the rota follows what they bring, as when `waymark run` reads them; exit code 65
    means that one could not be read.
    """

    def job(settings: "Settings") -> int:
        import asyncio

        from bot.cli.screen import Screen
        from bot.data.desk import load_desk
        from bot.reports import calendar as report

        desk = load_desk(desk_config)
        kept = asyncio.run(kept_calendars(settings, desk, into))
        if not kept:
            click.echo(f"This desk is subscribed to no calendar in {into}.", err=True)
            return NO_INPUT
        locked = [each.one.name for each in kept if each.is_locked]
        if anew and not locked:
            before = {each.one.id: each for each in kept}
            kept = asyncio.run(_read_now(settings, desk, into))
            report.calendars(kept, Screen(), before=before)
            return DATA if any(each.one.obstacle for each in kept) else OK
        report.calendars(kept, Screen())
        if locked:
            click.echo(wrong_key(settings, into, locked), err=True)
        return CONFIG if locked else OK

    run(job)


@click.command()
@click.argument("calendar")
@_INTO
@OWN_DESK
def unsubscribe(calendar: str, into: str, desk_config: Path) -> None:
    """Read a calendar no more, and take what it brought out of the rota.

    CALENDAR is its name, as `waymark duty calendars` lists it.
    """

    def job(_: "Settings") -> int:
        import asyncio

        from bot.data.desk import load_desk
        from bot.statement import address_of

        desk = load_desk(desk_config)
        return asyncio.run(_unsubscribe(address_of(into), desk, calendar))

    run(job)


def web(settings: "Settings") -> "Web":
    """Give the web as the settings let it be asked."""
    from bot.web.client import Web

    return Web(private=tuple(settings.calendar_hosts.lower().split()))


def wrong_key(settings: "Settings", into: str, calendars: "Iterable[str]") -> str:
    """Say that these cannot be opened, and what to do."""
    used = f"{into}.key" if settings.key is None else "WAYMARK_KEY"
    return (
        f"The key of {used} does not open what {into} keeps of {', '.join(calendars)}. Use the key"
        " of the bot that keeps it, or add the one before (README, Changing the key). If it is"
        " lost, unsubscribe and subscribe again."
    )


async def kept_calendars(settings: "Settings", desk: "Desk", into: str) -> "list[Kept]":
    """Give the calendars of a desk, with what is known of each. Raises NothingKept."""
    from bot.cli.database import kept_already
    from bot.reports.calendar import Kept
    from bot.statement import address_of
    from bot.store.engine import open_store
    from bot.store.seal import Seal

    url = address_of(into)
    seal = Seal.of(kept_already(settings, into)[1].all)
    async with open_store(url) as store:
        return [
            Kept(
                one,
                len(await store.calendars.shifts(desk.id, one.id)),
                tuple((seal.open(one.sealed_why) or "").splitlines()),
                is_locked=seal.open(one.sealed) is None,
            )
            for one in await store.calendars.all(desk.id)
        ]


async def _read_now(settings: "Settings", desk: "Desk", into: str) -> "list[Kept]":
    """Read each calendar now, and give them as they are after that."""
    from bot.cli.database import kept_already
    from bot.store.engine import open_store
    from bot.store.seal import Seal
    from bot.workers.calendar import Renewing
    from bot.workers.roster import Roster

    url, keys = kept_already(settings, into)
    async with open_store(url) as store:
        roster, chance = Roster(desk, store, _now), SystemRandom().random
        await roster.refresh()
        await Renewing(roster, store, web(settings), Seal.of(keys.all), _now, chance).renew_all()
    return await kept_calendars(settings, desk, into)


async def _subscribe(settings: "Settings", desk: "Desk", into: str, typed: "URL") -> int:
    """Make no database and no key before the calendar was read, and only for one that is of use."""
    from bot.cli.screen import Screen
    from bot.domain.calendar import Obstacle, Unread
    from bot.reports import duty as report
    from bot.workers.calendar import Brought, read_at

    people, known = await _as_kept(settings, desk, into, typed)
    if known is not None:
        click.echo(f"This desk is subscribed to it already, as {known}.", err=True)
        return OK
    first = await read_at(str(typed), web(settings), people, _now())
    if not isinstance(first, Brought):  # nor is what was never read before "unchanged"
        return _refuse(first.obstacle if isinstance(first, Unread) else Obstacle.BROKEN)
    report.imported(first.imported.shifts, first.imported.problems, Screen())
    if not first.imported.shifts:
        click.echo("No event could be used, so nothing was subscribed to.", err=True)
        return DATA
    id_ = await _keep(settings, desk, into, typed, first)
    click.echo(
        f"Subscribed as {id_}. `waymark run --into {into}` reads it every quarter of an hour.",
        err=True,
    )
    return OK


async def _as_kept(
    settings: "Settings", desk: "Desk", into: str, typed: "URL"
) -> "tuple[Sequence[Practitioner], str | None]":
    """Give the desk's people as they are now, and what it calls this calendar if it has it."""
    from bot.cli.database import is_there, kept_already
    from bot.settings import BadSettings
    from bot.store.engine import open_store
    from bot.store.seal import Seal
    from bot.workers.roster import Roster

    if not is_there(into):
        return desk.practitioners, None
    url, keys = kept_already(settings, into)
    async with open_store(url) as store:
        roster = Roster(desk, store, _now)
        await roster.refresh()
        seal, calendars = Seal.of(keys.all), roster.calendars
        opened = {one.id: seal.open(one.sealed) for one in calendars}
        locked = [one.name for one in calendars if opened[one.id] is None]
        if locked:  # nor would the bot open what is sealed here
            raise BadSettings(wrong_key(settings, into, locked))
        known = next((id_ for id_, address in opened.items() if address == str(typed)), None)
        return roster.desk.practitioners, known


async def _keep(
    settings: "Settings", desk: "Desk", into: str, typed: "URL", first: "Brought"
) -> str:
    """Keep a calendar, say what its rota leaves open, and give its name."""
    from bot.cli.database import kept_already
    from bot.cli.screen import Screen
    from bot.policy.calendar import id_of
    from bot.reports import duty as report
    from bot.store.engine import open_store
    from bot.store.seal import Seal
    from bot.workers.calendar import Renewing
    from bot.workers.roster import Roster

    url, keys = kept_already(settings, into)
    id_ = id_of(str(typed), keys.now)
    async with open_store(url) as store:
        await store.desks.ensure(desk)
        roster = Roster(desk, store, _now)
        await roster.refresh()
        chance = SystemRandom().random
        renewing = Renewing(roster, store, web(settings), Seal.of(keys.all), _now, chance)
        await renewing.subscribe(first, str(typed), id_, typed.host or "")
        report.gaps(roster.desk, _now(), _DAYS, Screen())
    return id_


async def _unsubscribe(url: str, desk: "Desk", calendar: str) -> int:
    from bot.store.engine import open_store

    async with open_store(url) as store:
        names = [one.id for one in await store.calendars.all(desk.id)]
        if calendar not in names:
            there = f"There are: {', '.join(names)}." if names else "There is none."
            click.echo(f"This desk is subscribed to no calendar {calendar}. {there}", err=True)
            return NO_INPUT
        await store.calendars.remove(desk.id, calendar)
    click.echo("Unsubscribed. What it brought is no longer in the rota.", err=True)
    if len(names) == 1 and desk.shifts is None:
        click.echo("The desk file has no rota: everybody in it is always on duty again.", err=True)
    return OK


def _asked() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Address", hide_input=True))
    return sys.stdin.readline()


def _refuse(obstacle: "Obstacle") -> int:
    from bot.reports.calendar import in_words

    click.echo(f"{in_words(obstacle)} Nothing was subscribed to.", err=True)
    return DATA


def _now() -> datetime:
    return datetime.now(UTC)
