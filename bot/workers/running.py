"""Everything of one desk that runs, and how it begins and ends."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.message import PlatformName
from bot.ports import Inbox, Platform
from bot.workers.auditor import COURIER, Auditor
from bot.workers.backfill import Backfill
from bot.workers.calendar import Renewing
from bot.workers.courier import Courier
from bot.workers.digest import Digesting
from bot.workers.drill import Drilling
from bot.workers.escalator import Escalator
from bot.workers.handover import Handover
from bot.workers.intake import Intake
from bot.workers.janitor import Janitor
from bot.workers.news import Newsroom
from bot.workers.output import Publishing
from bot.workers.presence import Presence
from bot.workers.reception import Reception
from bot.workers.roster import Refreshing
from bot.workers.search import Searching
from bot.workers.statement import Stating
from bot.workers.watch import Watching


@dataclass(frozen=True, slots=True)
class Watch:
    """What keeps a desk that is live from missing anything. The past needs none of it."""

    backfill: Backfill
    auditor: Auditor
    stating: Stating
    digesting: Digesting
    drilling: Drilling
    janitor: Janitor
    handover: Handover
    newsroom: Newsroom
    publishing: Publishing
    watching: Watching
    searching: Searching
    presence: Presence
    refreshing: Refreshing
    renewing: Renewing | None


@dataclass(slots=True)
class App:
    """Everything that runs. `run` ends when every platform has been read out, or after `stop`."""

    platforms: Mapping[PlatformName, Platform]
    intake: Intake
    courier: Courier
    escalator: Escalator
    watch: Watch | None = None
    reception: Reception | None = None
    stopped: bool = False
    _reading: list[asyncio.Task[None]] = field(default_factory=list)

    async def run(self) -> None:
        """Run until all is read and delivered. If any part fails, all stop: state is on disk."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.courier.run(), name=COURIER)
            working = [tasks.create_task(self.intake.run(), name="intake")]
            if self.watch:
                working += [
                    tasks.create_task(self.escalator.run(), name="escalator"),
                    tasks.create_task(self.watch.backfill.run(), name="backfill"),
                    tasks.create_task(self.watch.auditor.run(), name="auditor"),
                    tasks.create_task(self.watch.stating.run(), name="stating"),
                    tasks.create_task(self.watch.digesting.run(), name="digesting"),
                    tasks.create_task(self.watch.drilling.run(), name="drilling"),
                    tasks.create_task(self.watch.janitor.run(), name="janitor"),
                    tasks.create_task(self.watch.handover.run(), name="handover"),
                    tasks.create_task(self.watch.newsroom.run(), name="news"),
                    tasks.create_task(self.watch.publishing.run(), name="publishing"),
                    tasks.create_task(self.watch.watching.run(), name="watching"),
                    tasks.create_task(self.watch.searching.run(), name="searching"),
                    tasks.create_task(self.watch.presence.run(), name="presence"),
                    tasks.create_task(self.watch.refreshing.run(), name="roster"),
                ]
                if self.watch.renewing:
                    renewing = self.watch.renewing.run()
                    working.append(tasks.create_task(renewing, name="calendars"))
            self._reading = [
                tasks.create_task(platform.run(self.inbox), name=platform.name)
                for platform in dict.fromkeys(self.platforms.values())
            ]
            if self.stopped:  # before there was anything to stop
                self.stop()
            await asyncio.wait(self._reading)
            if self.watch and not self.stopped:
                await self.watch.backfill.fill_due()
            await self.intake.settle(unread=not self.stopped)
            for task in working:
                task.cancel()
            self.courier.end()
        await self.courier.deliver_due()

    @property
    def inbox(self) -> Inbox:
        """Where the platforms hand over: a desk that is live has a reception, the past has none."""
        return self.reception or self.intake

    def stop(self) -> None:
        """Take in nothing more; what was taken in is written and delivered before `run` ends."""
        self.stopped = True
        for task in self._reading:
            task.cancel()
