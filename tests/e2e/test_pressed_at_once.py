"""A button is pressed before it is on disk what its page is about."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

from bot.cards.case import TAKE
from bot.domain.action import Action, DirectMessage, Receipt
from bot.domain.alert import State
from bot.domain.event import Posted, Pressed
from tests.support.build import DISCORD, message
from tests.support.duty_desk import ADA, GRAVE, DutyDesk, chats, duty_desk
from tests.support.scripted import ScriptedPlatform


@dataclass(slots=True, eq=False)
class Quick(ScriptedPlatform):
    """Ada sees her page, and presses, before whoever sent it hears that it arrived."""

    desk: DutyDesk | None = None
    press: asyncio.Future[Awaitable[None]] | None = None

    async def perform(self, action: Action, *, key: str) -> Receipt:
        receipt = await ScriptedPlatform.perform(self, action, key=key)
        is_hers = isinstance(action, DirectMessage) and action.to == ADA
        if is_hers and self.press is None and self.desk is not None:
            pressed = Pressed("press-1", ADA, TAKE, receipt.external_id)
            self.press = asyncio.ensure_future(self.desk.app.inbox.take(pressed))
            for _ in range(20):  # as long as ten presses take to look for what they are about
                await self.desk.store.alerts.shown_on("north", "nothing", DISCORD)
        return receipt


async def test_whoever_presses_at_once_takes_the_case(tmp_path: Path) -> None:
    quick = Quick()
    async with duty_desk(tmp_path, on={**chats(), DISCORD: quick}) as here:
        quick.desk = here
        await here.hears(Posted(message(1, GRAVE)))
        assert quick.press is not None
        await quick.press

        assert (await here.case(message(1).ref.key)).state is State.TAKEN
