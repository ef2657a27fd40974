"""The watch list, the help button and the way out, in a Slack workspace."""

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.slack.manifest import JOIN, PINS, PUBLIC
from bot.commands.table import TABLE
from bot.domain.desk import ConsentMode
from bot.domain.ledger import Count
from bot.domain.watch import Stage
from tests.support.fake_slack.people import BOT
from tests.support.fake_slack.server import BOT_TOKEN, Token
from tests.support.fake_slack.workspace import Channel, Raw
from tests.support.slackdesk import GRAVE, SlackDesk, desk, slackdesk
from tests.support.slacktown import Slacktown, slacktown

NOTHING = replace(desk(), reads_unlisted=False)
TITLE = "A bot reads this channel"


def may(here: Slacktown, *more: str) -> None:
    here.slack.tokens[BOT_TOKEN] = Token(("T1",), frozenset({*PUBLIC, *more}))
    here.town.user("UMO", "Mo", is_admin=True)


def stage(bot: SlackDesk, channel: str = "C1") -> Stage | None:
    assert bot.app.watch is not None
    watch = bot.app.watch.watching.watches.get(f"slack:T1:{channel}")
    return None if watch is None else watch.stage


async def typed(here: Slacktown, text: str, by: str = "UMO") -> None:
    await here.town.interacts(here.town.command(here.jobs, by, text))


def notices(channel: Channel) -> list[Raw]:
    return [one for one in channel.messages.values() if one["text"].startswith(TITLE)]


def wrong_commands(said: Raw) -> list[str]:
    """Give what Slack would refuse: it knows `/waymark` and its own commands alone."""
    return re.findall(r"(?<![\w/.:-])/(?!waymark |invite )[a-z-]+", json.dumps(said))


async def test_all_that_is_said_names_commands_as_slack_takes_them(tmp_path: Path) -> None:
    async with slacktown(TABLE) as here:
        may(here)
        async with slackdesk(
            here, tmp_path, of=replace(NOTHING, consent=ConsentMode.OPT_IN)
        ) as bot:
            await typed(here, "watch add <#C1|job-search>")
            await bot.until(lambda: stage(bot) is Stage.ON)
            (notice,) = notices(here.jobs)
            for asked in ("help", "privacy", "optout", "help-now", "watch list"):
                before = len(here.town.space.ephemerals)
                await typed(here, asked)
                await bot.until(lambda before=before: len(here.town.space.ephemerals) > before)  # type: ignore[misc]
            answers = [said for _, said in here.town.space.ephemerals]
            await here.town.hears_of("app_home_opened", user="UADA", tab="home", channel="D1")
            await bot.until(lambda: "UADA" in here.town.space.homes)
            home = here.town.space.homes["UADA"]
            views = len(here.slack.views)
            await typed(here, "case show", "UADA")
            await bot.until(lambda: len(here.slack.views) > views)
            form = list(here.slack.views.values())[-1]

    assert "Type /waymark optin to say yes. Type /waymark privacy to see more." in str(notice)
    assert "/waymark case list shows them." in str(form)
    assert [one for said in (notice, *answers, home, form) for one in wrong_commands(said)] == []


async def test_a_notice_is_posted_and_pinned_and_what_comes_after_it_is_read(
    tmp_path: Path,
) -> None:
    async with slacktown(TABLE) as here:
        may(here, *PINS)
        async with slackdesk(here, tmp_path, of=NOTHING) as bot:
            await here.town.say(here.jobs, "UPIP", GRAVE)
            await typed(here, "watch add <#C1|job-search>")
            await bot.until(lambda: stage(bot) is Stage.ON and bool(here.jobs.pins))
            before = await bot.counted()
            await here.town.say(here.jobs, "UPIP", GRAVE)
            await bot.until(lambda: bool(bot.copies("UADA")))
            after = await bot.counted()
            (notice,) = notices(here.jobs)
            assert here.jobs.pins == {notice["ts"]}

            await typed(here, "watch remove <#C1|job-search>")
            await bot.until(lambda: stage(bot) is Stage.OFF and not here.jobs.pins)
            await bot.until(lambda: not notices(here.jobs))

    assert Count.READ not in before
    assert after[Count.READ] == 1


async def test_where_the_app_is_not_in_the_channel_the_mend_is_told_or_it_joins(
    tmp_path: Path,
) -> None:
    async with slacktown(TABLE) as here:
        may(here)
        elsewhere = here.town.channel("C9", "elsewhere", "UPIP")
        elsewhere.members.discard(BOT)
        async with slackdesk(here, tmp_path, of=NOTHING) as bot:
            await typed(here, "watch add <#C9|elsewhere>")
            await bot.until(lambda: stage(bot, "C9") is Stage.FAILED)
            await bot.until(lambda: "/invite @Waymark" in str(bot.copies("UMO")))
            may(here, *JOIN)
            await typed(here, "watch add <#C9|elsewhere>")
            await bot.until(lambda: stage(bot, "C9") is Stage.ON)
            await bot.until(lambda: "pins:write" in str(bot.copies("UMO")))

    assert len(notices(elsewhere)) == 1


async def test_a_channel_that_the_app_is_not_in_is_called_as_it_was_typed(tmp_path: Path) -> None:
    async with slacktown(TABLE) as here:
        may(here)
        away = here.town.channel("C7", "outside", "UMO")
        away.members.discard(BOT)
        async with slackdesk(here, tmp_path, of=NOTHING) as bot:
            await typed(here, "watch add <#C7|outside>")
            await bot.until(lambda: bool(bot.copies("UMO")))
            shown = [said["text"] for _, said in here.town.space.ephemerals]
            (told,) = bot.copies("UMO")

    assert shown[0].startswith("#outside will be read")
    assert told["text"].startswith("#outside is not read")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("restricted_action_read_only_channel", "only some people may post there"),
        ("restricted_action", "let the app as well"),
        ("is_archived", "unarchive it first"),
        ("a_new_one", "Slack says a_new_one"),
    ],
)
async def test_where_slack_lets_nobody_post_the_mend_is_told(
    tmp_path: Path, error: str, said: str
) -> None:
    async with slacktown(TABLE) as here:
        may(here, *PINS)
        here.slack.trouble["chat.postMessage"] = [error]
        async with slackdesk(here, tmp_path, of=NOTHING) as bot:
            await typed(here, "watch add <#C1|job-search>")
            await bot.until(lambda: said in str(bot.copies("UMO")))
            await bot.until(lambda: stage(bot) is Stage.FAILED)


async def test_the_help_button_the_home_and_the_way_out(tmp_path: Path) -> None:
    async with slacktown(TABLE) as here:
        may(here, *PINS)
        async with slackdesk(here, tmp_path, of=NOTHING) as bot:
            await here.town.hears_of("app_home_opened", user="UPIP", tab="home", channel="D1")
            await bot.until(lambda: "nothing here" in str(here.town.space.homes.get("UPIP")))
            await typed(here, "watch add <#C1|job-search>")
            await bot.until(lambda: stage(bot) is Stage.ON)
            here.clock.turn(seconds=1)  # a page is drawn once in a moment
            await here.town.hears_of("app_home_opened", user="UPIP", tab="home", channel="D1")
            await bot.until(lambda: "#job-search" in str(here.town.space.homes["UPIP"]))
            assert "#advice" not in str(here.town.space.homes["UPIP"])

            (notice,) = notices(here.jobs)
            press = here.town.press(here.jobs, notice["ts"], "UPIP", "help.now")
            await here.town.interacts(press)
            await bot.until(lambda: "Talk to a person" in str(here.slack.answered))
            await typed(here, "optout", "UPIP")
            await bot.until(lambda: "You are out" in str(here.slack.answered))
            await here.town.say(here.jobs, "UPIP", GRAVE)
            while Count.SKIPPED_OPTED_OUT not in await bot.counted():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)

    assert bot.copies("UADA") == []
