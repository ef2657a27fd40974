"""What the bot knows of its desk, while others write: nothing older is laid over what is newer."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.alert import Deed, What
from bot.domain.duty import Change, Override
from bot.domain.kept import Overridden, Watching
from bot.domain.privacy import Consented
from bot.domain.watch import Stage, Watch
from bot.store.alert import Turn
from bot.store.engine import Store, open_store
from bot.store.privacy import Consents
from bot.workers.roster import Roster
from tests.support.build import NOON, account, place
from tests.support.duty_desk import ADA, BO, duty_desk, two_people

OFF = Override("ada", Change.OFF, NOON, NOON + timedelta(hours=9), NOON)
WATCH = Watch("north", place(), "k", account("1"), NOON, stage=Stage.ON, since=NOON)


async def write(store: Store, id_: str, kept: Overridden | Watching) -> None:
    await store.alerts.write(
        Turn("north", id_, None, NOON, Deed(What.WENT_OFF, NOON), kept=(kept,))
    )


async def test_what_another_program_writes_holds_after_the_next_look(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, replace(two_people(), shifts=())) as here:
        assert here.app.watch is not None
        roster, told = here.app.watch.refreshing.roster, list[int]()
        roster.on_refreshed = lambda: told.append(1)
        await roster.look()
        async with open_store(f"sqlite:///{tmp_path / 'desk.db'}") as beside:
            await write(beside, "beside", Overridden("o", replace(OFF, change=Change.ON, who="bo")))
        assert "Nobody" in (await here.asks(ADA, "duty show")).text
        await roster.look()

        assert "Primary: Bo" in (await here.asks(BO, "duty show")).text
        assert told == [1]  # and nothing was done for the look that found nothing new


async def test_what_is_followed_during_a_look_has_it_look_once_more(tmp_path: Path) -> None:
    """What it has read by then may be older than what it was told."""
    async with duty_desk(tmp_path) as here:
        assert here.app.watch is not None
        roster, looks = here.app.watch.refreshing.roster, list[int]()

        def follow() -> datetime:
            looks.append(1)
            if len(looks) == 1:
                roster.follow([Watching(WATCH, 0)])
            return here.clock()

        roster.clock = follow
        await roster.look()

        assert len(looks) == 2


@dataclass(frozen=True, slots=True)
class Held(Consents):
    """Keeps the first who asks until `go`; `came` says that they are here."""

    came: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def chosen(self, desk: str) -> list[Consented]:
        if not self.came.is_set():
            self.came.set()
            await self.go.wait()
        return await Consents.chosen(self, desk)


async def test_what_was_read_earlier_is_not_laid_over_what_was_read_later(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, two_people()) as here, asyncio.TaskGroup() as tasks:
        held = Held(here.store.consents.database)
        roster = Roster(two_people(), replace(here.store, consents=held), here.clock)
        beside = Roster(two_people(), here.store, here.clock)
        early = tasks.create_task(roster.look())
        await held.came.wait()
        await write(here.store, "off", Overridden("o", OFF))
        late = tasks.create_task(roster.look())
        while not beside.desk.overrides:
            await beside.look()
        await beside.look()
        held.go.set()
        await early
        await late

        assert roster.desk.overrides == (OFF,)
