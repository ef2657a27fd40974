"""A button is pressed before it is on disk what its page is about."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.cards.case import TAKE
from bot.domain.action import Action, DirectMessage, Receipt
from bot.domain.alert import State
from bot.domain.event import Posted, Pressed
from bot.workers.reception import Reception
from tests.support.build import DISCORD, message
from tests.support.duty_desk import ADA, GRAVE, chats, duty_desk
from tests.support.scripted import ScriptedPlatform


async def noop() -> None: ...


@dataclass(slots=True, eq=False)
class Quick(ScriptedPlatform):
    """Ada sees her page, and presses, before whoever sent it hears that it arrived."""

    desk: list[Reception] = field(default_factory=list)
    presses: list[asyncio.Task[object]] = field(default_factory=list)
    looks: Callable[[], Awaitable[None]] = noop

    async def perform(self, action: Action, *, key: str) -> Receipt:
        receipt = await ScriptedPlatform.perform(self, action, key=key)
        if isinstance(action, DirectMessage) and action.to == ADA and not self.presses:
            pressed = Pressed("press-1", ADA, TAKE, receipt.external_id)
            self.presses.append(asyncio.ensure_future(self.desk[0].take(pressed)))
            await self.looks()
        return receipt


async def test_whoever_presses_at_once_takes_the_case(tmp_path: Path) -> None:
    quick = Quick()
    async with duty_desk(tmp_path, on={**chats(), DISCORD: quick}) as here:
        assert here.app.reception is not None
        quick.desk.append(here.app.reception)

        async def looks() -> None:
            for _ in range(20):  # as long as ten presses take to look for what they are about
                await here.store.alerts.shown_on("north", "nothing", DISCORD)

        quick.looks = looks
        await here.hears(Posted(message(1, GRAVE)))
        await quick.presses[0]
        await here.app.courier.deliver_due()

        assert (await here.case(message(1).ref.key)).state is State.TAKEN
