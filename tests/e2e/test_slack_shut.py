"""A workspace that does not let the bot in any more: who is told, what waits, and how it ends."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cards.statement import statement_card
from bot.commands.table import TABLE
from bot.domain.action import DirectMessage
from bot.domain.audit import Failing
from bot.domain.event import Opened, Posted
from bot.domain.message import AccountRef
from bot.domain.practitioner import Practitioner
from bot.ports import Misconfigured
from bot.store.engine import Store
from bot.workers.statement import take_statement
from tests.support.build import DISCORD, account, message, place
from tests.support.fake_slack.people import settle_in
from tests.support.fake_slack.server import BOT_TOKEN
from tests.support.scripted import FedPlatform
from tests.support.slackdesk import BO, GRAVE, LAST, SlackDesk, desk, slackdesk
from tests.support.slacktown import Slacktown, slacktown
from tests.support.warm import start
from tests.support.waymark import environment

SOON: dict[str, Any] = {"ping_every": 0.05, "knock_every": 0.05}
ADA = account("101")


async def barred(store: Store) -> list[str]:
    """Give what was found of spaces that do not let the bot in, once there is something."""
    while not (found := await store.findings.open_keys("north")):  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    return [key for key in found if key.startswith(Failing.BARRED)]


def told(discord: FedPlatform, who: AccountRef) -> list[str]:
    performed = discord.performed.values()
    return [a.card.text for a in performed if isinstance(a, DirectMessage) and a.to == who]


async def test_with_another_platform_it_goes_on_there_and_the_finding_is_told_there(
    tmp_path: Path,
) -> None:
    """Ada is on Discord; Bo, the last resort and the supervisor are in the workspace."""
    of = replace(
        desk(),
        practitioners=(Practitioner("Ada", ADA), Practitioner("Bo", BO)),
        supervisor=LAST,
    )
    discord = FedPlatform()
    async with (
        slacktown(**SOON) as here,
        slackdesk(here, tmp_path, of=of, others={DISCORD: discord}) as bot,
    ):
        here.slack.tokens[BOT_TOKEN].refusal = "token_revoked"
        await discord.feed(Opened(place()), Posted(message(1, GRAVE)))
        await bot.until(lambda: len(told(discord, ADA)) >= 2)
        found = await barred(bot.store)
        today = here.clock().date()
        statement = await take_statement(bot.store, "north", "North", today, waiting=None)
        buried = (await bot.store.deliveries.counts("north"))["buried"]

    assert found == ["barred/slack:T1:"]
    assert any("does not let Waymark in" in card for card in told(discord, ADA))
    assert any("token was revoked" in card for card in told(discord, ADA))
    assert "does not let Waymark in" in statement_card(statement).text
    assert buried >= 1  # the page to Bo; Ada has hers


def _app_ended(error: BaseException) -> Misconfigured:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, Misconfigured)
    return error


async def _shut_in_mid_run(here: Slacktown, folder: Path) -> None:
    async with slackdesk(here, folder) as bot:
        here.slack.tokens[BOT_TOKEN].refusal = "token_revoked"
        await here.town.say(here.jobs, "UPIP", GRAVE)
        await bot.until(lambda: False)


async def test_with_nothing_else_it_ends_with_a_line_and_its_pages_wait(tmp_path: Path) -> None:
    async with slacktown(**SOON) as here:
        with pytest.raises(BaseExceptionGroup) as ended:
            await _shut_in_mid_run(here, tmp_path)
        said = str(_app_ended(ended.value))
        here.clock.turn(minutes=2)
        here.again(**SOON)
        with pytest.raises(BaseExceptionGroup) as ended:
            await _shut_in_mid_run(here, tmp_path)  # it is dead at the start
        _app_ended(ended.value)
        here.slack.tokens[BOT_TOKEN].refusal = ""
        here.again(**SOON)
        here.clock.turn(minutes=2)
        async with slackdesk(here, tmp_path) as again:
            await again.until(lambda: all(again.copies(user) for user in ("UADA", "UBO")))
            pages = [len(again.copies(user)) for user in ("UADA", "UBO")]
            counts = await again.store.deliveries.counts("north")

    assert said.startswith("Slack: The token was revoked")
    assert "WAYMARK_SLACK_BOT_TOKENS" in said
    assert "\n" not in said
    assert pages == [1, 1]
    assert not counts.get("buried")


@pytest.mark.timeout(90)  # a process starts
@pytest.mark.parametrize("is_uninstalled", [False, True])
async def test_the_process_ends_with_exit_code_78(
    is_uninstalled: bool,  # noqa: FBT001 - both ways
    tmp_path: Path,
) -> None:
    async with slacktown() as here:
        bot = await asyncio.to_thread(
            start, "tests.support.slackdesk", here.slack.base, tmp_path / "desk.db",
            env=environment(), err=True,
        )  # fmt: skip
        with bot:
            await here.slack.sockets.connected(2)
            here.slack.tokens[BOT_TOKEN].refusal = "account_inactive"
            if is_uninstalled:
                await here.town.hears_of("app_uninstalled")
            else:
                await here.town.hears_of("tokens_revoked", tokens={"bot": ["UBOT"]})
            await bot.ended()
            _, err = bot.communicate()

    assert bot.returncode == 78, err.decode()
    assert b"Slack: The app was removed from the workspace: install it again" in err


def _beside(here: Slacktown) -> None:
    """Let the app be in a second workspace, with a token of its own."""
    settle_in(here.slack, "T2", token="xoxb-other").channel("C9", "elsewhere")  # noqa: S106 - no secret


async def test_the_check_in_one_workspace_names_the_other_that_is_shut(tmp_path: Path) -> None:
    async with slacktown(TABLE, **SOON, bot_tokens=(BOT_TOKEN, "xoxb-other")) as here:
        _beside(here)
        here.town.user("UOLGA", "Olga", is_owner=True)
        here.jobs.members.add("UOLGA")
        async with slackdesk(here, tmp_path) as bot:
            here.slack.tokens["xoxb-other"].refusal = "token_expired"
            here.platform.spaces["T2"].refusals.refused("any", "token_expired", "")
            await barred(bot.store)
            await here.town.interacts(here.town.command(here.jobs, "UOLGA", "setup check"))
            await bot.until(lambda: bool(here.town.space.ephemerals))
            said = here.town.space.ephemerals[-1][1]["text"]
            here.slack.tokens["xoxb-other"].refusal = ""
            await bot.until(lambda: not here.platform.spaces["T2"].refusals.bars)
            here.clock.turn(hours=1)
            await _no_longer(bot)

    assert "T2 does not let the bot in" in said
    assert "Make the app anew from the manifest" in said


async def _no_longer(bot: SlackDesk) -> None:
    """Return when an audit has struck it off, whatever else it finds."""
    watch = bot.app.watch
    assert watch is not None
    while any(
        key.startswith(Failing.BARRED) for key in await bot.store.findings.open_keys("north")
    ):
        await watch.auditor.audit()
        await asyncio.sleep(0.01)


async def test_a_scope_that_was_taken_away_is_a_finding_that_names_it(tmp_path: Path) -> None:
    async with slacktown(**SOON) as here, slackdesk(here, tmp_path) as bot:
        here.slack.tokens[BOT_TOKEN].scopes -= {"im:history"}
        await here.town.say(here.jobs, "UPIP", GRAVE)
        while not (found := await bot.store.findings.open_keys("north")):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        since = here.clock() - timedelta(hours=1)
        details = [one.detail for one in await bot.store.findings.since("north", since)]

    assert "scope/slack:T1:im:history" in found
    assert "im:history" in details
