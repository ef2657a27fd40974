"""Somebody's own page: each sees what is theirs to know."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.commands.table import TABLE
from bot.domain.action import Action, Receipt, ShowHome
from bot.domain.card import Card
from bot.domain.desk import ConsentMode
from bot.domain.event import HomeOpened, Opened
from bot.domain.message import AccountRef
from bot.domain.space import SpaceRef, Standing
from bot.ports import Capabilities
from tests.support.build import DISCORD
from tests.support.duty_desk import (
    BO,
    GRAVE,
    SLACK,
    WORKSPACE,
    DutyDesk,
    SlackLike,
    duty_desk,
    said,
    two_people,
)
from tests.support.scripted import ScriptedPlatform
from tests.support.slackdesk import slackdesk
from tests.support.slacktown import slacktown

PIP, MO = AccountRef(SLACK, "U7"), AccountRef(SLACK, "U8")
SPACE = SpaceRef(SLACK, "T1")


@dataclass(slots=True, eq=False)
class WithHome(SlackLike):
    """A second platform that can draw pages."""

    homes: dict[AccountRef, tuple[Card, ...]] = field(default_factory=dict)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(threads=True, buttons=True, history=True, max_text=2_000, home=True)

    async def perform(self, action: Action, *, key: str) -> Receipt:
        if isinstance(action, ShowHome):
            self.homes[action.to] = action.cards
            return Receipt(key)
        return await ScriptedPlatform.perform(self, action, key=key)


async def opened(here: DutyDesk, chat: WithHome, who: AccountRef) -> list[str]:
    await here.hears(HomeOpened(who, SPACE))
    return [card.title for card in chat.homes[who]]


async def test_each_sees_what_is_theirs_to_know(tmp_path: Path) -> None:
    chat = WithHome(standings={MO: Standing(is_member=True, moderates=True)})
    async with duty_desk(tmp_path, on={DISCORD: ScriptedPlatform(), SLACK: chat}) as here:
        await here.hears(Opened(WORKSPACE), *said(GRAVE))

        assert await opened(here, chat, PIP) == ["What is read here, and by whom"]
        assert await opened(here, chat, MO) == ["Watched places", "What is read here, and by whom"]
        assert (await opened(here, chat, BO))[:2] == ["Your queue", "On duty now"]

    queue, duty = chat.homes[BO][:2]
    assert "1 open. For all, type /case list." in queue.text
    assert "P0 emergency" in queue.text
    assert GRAVE not in queue.text
    assert "Your next shift" in duty.text
    assert "#general" in chat.homes[PIP][0].text
    assert "Bo" in chat.homes[PIP][0].text


@pytest.mark.parametrize(
    ("consent", "command", "is_read"),
    [
        (ConsentMode.NOTICE_OPT_OUT, None, True),
        (ConsentMode.NOTICE_OPT_OUT, "optout", False),
        (ConsentMode.OPT_IN, None, False),
        (ConsentMode.OPT_IN, "optin", True),
    ],
)
async def test_a_member_sees_whether_they_are_read_and_how_to_change_it(
    tmp_path: Path, consent: ConsentMode, command: str | None, *, is_read: bool
) -> None:
    chat = WithHome()
    of = replace(two_people(), consent=consent)
    async with duty_desk(tmp_path, of, on={DISCORD: ScriptedPlatform(), SLACK: chat}) as here:
        if command is not None:
            await here.asks(PIP, command)
        await opened(here, chat, PIP)

    shown = chat.homes[PIP][0].text
    assert ("Now: your messages are read" in shown) is is_read
    assert ("Type /optout to be left out." in shown) is is_read
    assert ("Type /optin if you want" in shown) is not is_read
    assert "type /help-now" in shown


async def test_whoever_has_left_the_space_sees_no_queue(tmp_path: Path) -> None:
    chat = WithHome(standings={BO: Standing(is_member=False)})
    async with duty_desk(tmp_path, on={DISCORD: ScriptedPlatform(), SLACK: chat}) as here:
        assert await opened(here, chat, BO) == ["What is read here, and by whom"]


async def test_a_platform_without_pages_draws_none(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(HomeOpened(BO, SPACE))

        assert here.chats[SLACK].attempts == 0


async def test_slack_shows_the_page_to_whoever_opens_the_app(tmp_path: Path) -> None:
    async with slacktown(TABLE) as here, slackdesk(here, tmp_path) as bot:
        for user in ("UADA", "UPIP"):
            await here.town.hears_of("app_home_opened", user=user, tab="home", channel="D1")
        await bot.until(lambda: {"UADA", "UPIP"} <= set(here.town.space.homes))
        ada, pip = (str(here.town.space.homes[user]) for user in ("UADA", "UPIP"))

    assert "Your queue" in ada
    assert "Your next shift" in ada
    assert "Your queue" not in pip
    assert "What is read here" in pip


async def test_a_members_page_names_no_channel_that_they_cannot_see(tmp_path: Path) -> None:
    chat = WithHome(standings={MO: Standing(is_member=True, moderates=True)}, hidden={"C9"})
    staff = replace(WORKSPACE, channel="C9", name="#staff")
    async with duty_desk(tmp_path, on={DISCORD: ScriptedPlatform(), SLACK: chat}) as here:
        await here.hears(Opened(WORKSPACE), Opened(staff))
        await opened(here, chat, PIP)
        await opened(here, chat, MO)

    assert chat.homes[PIP][-1].fields[0].value == "#general, and 1 channel that is not open to all"
    assert chat.homes[MO][-1].fields[0] == chat.homes[PIP][-1].fields[0]
    assert "#staff" in chat.homes[MO][0].text  # a moderator's own list
