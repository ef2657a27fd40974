"""`waymark run`: keep a desk's duty, on every platform that is set up."""

import gc
import os
import signal
import sys
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from bot.cli.community import Opening, has_screen, open_alone
from bot.cli.job import OK
from bot.cli.job import run as run_job
from bot.cli.option import DESK, NO_DESK

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.app import App
    from bot.domain.desk import Desk
    from bot.domain.event import News
    from bot.domain.message import PlatformName
    from bot.knowledge import Knowledge
    from bot.settings import Settings
    from bot.store.apart import Start

# Seconds after its spaces by which a platform has named the channels as well, as a rule.
_OPENED = 15.0
# Seconds after which a bot has begun: what only a flood needs is not to hold it up.
_SETTLED = 10.0
NOTHING_READ = (
    "No channel is read yet. Somebody who may manage channels types /watch add there"
    " (Slack: /waymark watch add)."
)
NOWHERE = (
    "{platform} is reached, but the bot is in no server or workspace there yet, so nobody can be"
    " told anything. README.md says how it is added."
)
MISNAMED = (
    "`watched` in the desk file names what is no channel that the bot sees: {names}. Nothing is"
    " read by that name. Write it as the channel is called, or better its id, or let the bot in"
    " ({how})."
)
_LET_IN = {"discord": "on Discord: View Channel", "slack": "in Slack: /invite @Waymark"}
# What the shipped desk file says: a copy of it is to say something of its own.
_UNNAMED = "Replay desk"
UNCHANGED = (
    f"The desk is still called {_UNNAMED!r}, as in the example, and members are told so. Write your"
    " own name, region, language and time_zone in the desk file: the emergency number and the"
    " helplines go by the region, which is {region!r} now."
)


@click.command("run")
@click.option(
    "--into", default="waymark.db", show_default=True,
    help="Keep everything in this database (a file or an address).",
)  # fmt: skip
@DESK
def run(into: str, desk_config: Path) -> None:
    """Watch, alert and answer, until stopped.

    With nothing set up at all, not even one of these options, it opens a practice community.

    SIGTERM or SIGINT (Ctrl+C) ends it with exit code 0: what was taken in is written and delivered
    first. Exit code 78 means that somebody must change a setting, and the line before says which.
    When a platform cannot be reached it keeps trying.
    """
    given = click.get_current_context().get_parameter_source
    names_desk = any(given(one) is not ParameterSource.DEFAULT for one in ("into", "desk_config"))
    shows = has_screen()

    def job(settings: "Settings") -> int:
        _end_at_once()
        import asyncio

        from bot.cli.database import alone_on
        from bot.cli.platforms import names_none, not_loaded, set_up
        from bot.data.desk import SHIPPED, load_desk
        from bot.knowledge import load_knowledge
        from bot.settings import BadSettings
        from bot.workers.apart import apart

        if names_none(settings) and not names_desk:
            if unread := not_loaded(Path()):
                raise BadSettings(unread)
            _as_usual()
            open_alone(settings, Opening(shows=shows))
            return OK
        if desk_config == SHIPPED and set_up(settings):
            raise BadSettings(NO_DESK)
        click.echo("Starting; it takes some seconds.", err=True)
        desk = replace(load_desk(desk_config), reads_unlisted=False)
        with (
            suppress(asyncio.CancelledError),
            alone_on(into) as lock,
            apart(load_knowledge(settings, desk.thresholds), settings.weights) as knowledge,
        ):
            for gap in knowledge.gaps:
                click.echo(gap, err=True)
            asyncio.run(_keep(settings, desk, knowledge, into, lock))
        return OK

    run_job(job)


async def _keep(
    settings: "Settings", desk: "Desk", knowledge: "Knowledge", into: str, lock: int | None
) -> None:
    from bot.app import build
    from bot.cli.calendar import web
    from bot.cli.database import kept_in
    from bot.cli.platforms import configured, expect_reachable, halves, unstaffed, unused
    from bot.commands.table import TABLE
    from bot.cores import allowed
    from bot.store.engine import open_store
    from bot.workers.sorter import Sorter

    _cancel_on_signals()
    openings = configured(settings, _now, TABLE)
    expect_reachable(desk, openings)
    for line in (*halves(settings), *unstaffed(desk), *unused(desk, openings)):
        click.echo(line, err=True)
    url, keys = kept_in(settings, into)
    # On a machine with one core processes would only wait for each other.
    goes_apart = settings.processes == "many" and len(allowed()) > 1
    start = _apart(settings, lock) if goes_apart else None
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(open_store(url, start))
        platforms = {
            name: await stack.enter_async_context(opening) for name, opening in openings.items()
        }
        opening = Sorter(settings, knowledge.versions, rest=_SETTLED)
        sorter = await stack.enter_async_context(opening) if goes_apart else None
        app = await build(
            desk=desk,
            knowledge=knowledge,
            store=store,
            platforms=platforms,
            clock=_now,
            chance=SystemRandom().random,
            author_key=keys.now,
            old_keys=keys.old,
            on_decided=lambda _message, _recorded: None,
            fetcher=web(settings),
            sorter=sorter,
            on_news=Arrivals(desk.name, platforms, lambda: _lost(app), _later).hear,
        )
        _stop_on_signals(app)
        settle_in()
        if not desk.watched and not any(one.is_on for one in await store.watches.all(desk.id)):
            click.echo(NOTHING_READ, err=True)
        if desk.name == _UNNAMED:
            click.echo(UNCHANGED.format(region=desk.region), err=True)
        click.echo(f"Connecting to {' and '.join(platforms)}. Ctrl+C stops it.", err=True)
        await app.run()


def _apart(settings: "Settings", lock: int | None) -> "Start":
    """Keep the database in a process of its own, which has the lock for as long as it can write."""
    from bot.log import Log
    from bot.store.apart import in_process

    return partial(in_process, held=lock, log=Log(settings.log_format, settings.log_level))


def _lost(app: "App") -> "list[str]":
    """Give the channels of the desk file that no platform has opened."""
    from bot.policy.setup import unmatched

    opened = [place for name in app.platforms for place in app.intake.places(name)]
    return [one.subject for one in unmatched(app.intake.desk, opened)]


def _later(say: "Callable[[], None]") -> None:
    import asyncio

    asyncio.get_running_loop().call_later(_OPENED, say)


class Arrivals:
    """Says once of each platform that the desk is on duty there, and not before it can be.

    A platform that was reached but has the bot in no space lets nobody be told. Once each of
    `platforms` has named its spaces, and a while `later`, it says which channels are `lost`.
    """

    def __init__(
        self,
        desk: str,
        platforms: "Collection[PlatformName]",
        lost: "Callable[[], Sequence[str]]",
        later: "Callable[[Callable[[], None]], None]",
    ) -> None:
        self.desk, self.platforms, self.lost, self.later = desk, platforms, lost, later
        self._there: set[PlatformName] = set()
        self._alone: set[PlatformName] = set()
        self._named: set[PlatformName] = set()

    def hear(self, news: "News") -> None:
        """Say what a piece of news means for the desk, if it was not said yet."""
        from bot.domain.event import SpaceJoined, SpacesNamed

        if isinstance(news, SpacesNamed) and news.platform not in self._named:
            self._named.add(news.platform)
            if self._named >= set(self.platforms):
                self.later(self._say_lost)
        match news:
            case SpaceJoined(space=space) if space.platform not in self._there:
                self._there.add(space.platform)
                click.echo(f"{self.desk} is on duty on {space.platform}.", err=True)
            case SpacesNamed(platform=name, spaces=spaces, refused=()) if (
                not any(spaces.values()) and name not in self._alone
            ):
                self._alone.add(name)
                click.echo(NOWHERE.format(platform=name), err=True)
            case _:
                pass

    def _say_lost(self) -> None:
        names = ", ".join(self.lost())
        if names:
            how = ", ".join(_LET_IN[name] for name in sorted(self.platforms) if name in _LET_IN)
            click.echo(MISNAMED.format(names=names, how=how), err=True)


def settle_in() -> None:
    """Make the interpreter fit for a bot that stays: call it once all is loaded.

    What is loaded stays, so the collector need not look at it, and at the rest more seldom.
    A flood makes objects that live for seconds. Looking for rings among them at Python's own pace
    costs a tenth of the time that a message takes, and each full look keeps the loop. One look at
    so many takes 2 to 4 ms, during which nobody is paged.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 40, 50)
    # The encoder and SQLite have threads of their own. At Python's own pace each of them may keep
    # the loop for 5 ms at every turn, which an emergency takes a dozen of: it made a page three
    # times as slow as this does.
    sys.setswitchinterval(0.0005)


_SIGNS = (signal.SIGTERM, signal.SIGINT)


def _end_at_once() -> None:
    """While all is loaded there is nothing to write: leave without a word.

    Not by an exception: within an import it would come out as another one.
    """
    for sign in _SIGNS:
        signal.signal(sign, lambda _number, _frame: os._exit(OK))


def _as_usual() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _cancel_on_signals() -> None:
    """While it opens, what is open already is closed."""
    import asyncio

    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    for sign in _SIGNS:
        loop.add_signal_handler(sign, lambda: task.cancel() if task else None)


def _stop_on_signals(app: "App") -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    for sign in _SIGNS:
        loop.add_signal_handler(sign, app.stop)


def _now() -> datetime:
    return datetime.now(UTC)
