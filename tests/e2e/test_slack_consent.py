"""A change of who is read, in a Slack workspace: the channel is told before it holds."""

import asyncio
from dataclasses import replace
from pathlib import Path

from adapters.slack.manifest import PINS, PUBLIC
from bot.commands.table import TABLE
from bot.domain.desk import ConsentMode
from bot.domain.ledger import Count
from bot.domain.watch import Stage, Watch
from tests.support.fake_slack.server import BOT_TOKEN, Token
from tests.support.fake_slack.workspace import Raw
from tests.support.slackdesk import GRAVE, SlackDesk, desk, slackdesk
from tests.support.slacktown import Slacktown, slacktown

OPT_IN = replace(desk(), reads_unlisted=False, consent=ConsentMode.OPT_IN)
CHANGED = "I have changed whom I read here"


async def agreed(here: Slacktown, bot: SlackDesk, consent: str) -> str:
    """Let the owner choose who is read; give what is said to that."""
    shown, views = here.town.space.ephemerals, here.slack.views
    await here.town.interacts(here.town.command(here.jobs, "UOLGA", "setup show"))
    await bot.until(lambda: bool(shown) and "setup.edit/desk" in str(shown[-1]))
    press = here.town.press_ephemeral(shown[-1][1], "C1", "UOLGA", "setup.edit/desk")
    await here.town.interacts(press)
    await bot.until(lambda: bool(views))
    before = len(shown)
    written = {"name": "North", "consent": consent, "notice": ""}
    await here.town.interacts(here.town.submit("UOLGA", written))
    await bot.until(lambda: len(shown) > before)
    return str(shown[-1])


def changes(here: Slacktown) -> list[Raw]:
    return [one for one in here.jobs.messages.values() if one["text"].startswith(CHANGED)]


def watched(bot: SlackDesk) -> Watch | None:
    assert bot.app.watch is not None
    return bot.app.watch.watching.watches.get("slack:T1:C1")


def is_on(bot: SlackDesk) -> bool:
    watch = watched(bot)
    return watch is not None and watch.stage is Stage.ON


def is_told(bot: SlackDesk) -> bool:
    watch = watched(bot)
    return watch is not None and watch.told == ConsentMode.NOTICE_OPT_OUT


async def test_nobody_more_is_read_before_the_channel_was_told(tmp_path: Path) -> None:
    async with slacktown(TABLE) as here:
        here.slack.tokens[BOT_TOKEN] = Token(("T1",), frozenset({*PUBLIC, *PINS}))
        here.town.user("UOLGA", "Olga", is_owner=True)
        here.jobs.members.add("UOLGA")
        async with slackdesk(here, tmp_path, of=OPT_IN) as bot:
            await here.town.interacts(here.town.command(here.jobs, "UOLGA", "watch add <#C1|jobs>"))
            await bot.until(lambda: is_on(bot))
            here.slack.trouble["chat.postMessage"] = ["service_unavailable"] * 1_000
            said = await agreed(here, bot, "notice_opt_out")
            hidden = await here.town.say(here.jobs, "UPIP", GRAVE)
            await hidden.acknowledged.wait()
            before = await bot.counted()
            assert changes(here) == []

            here.slack.trouble.clear()
            while not changes(here) or not is_told(bot):
                here.clock.turn(seconds=30)
                await asyncio.sleep(0.01)
            assert not bot.copies("UADA")
            await here.town.say(here.jobs, "UPIP", GRAVE)
            await bot.until(lambda: len(bot.copies("UADA")) == 1)

    assert before[Count.SKIPPED_NO_CONSENT] == 1
    assert "only once it was told" in said
