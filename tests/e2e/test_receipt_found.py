"""On Discord and on Slack: the answer to a sending is lost, and the process with it."""

from pathlib import Path

from adapters.slack.asked import external_id
from bot.cards.case import TAKE
from bot.domain.action import Delivery, DirectMessage
from bot.domain.card import Card
from bot.domain.message import AccountRef
from bot.ports import Clock
from bot.store.engine import Store
from tests.support.build import DISCORD, account
from tests.support.discord_desk import ADA, BO, Duty, discord_server, on_duty
from tests.support.fake_discord.limits import Fault
from tests.support.fake_slack.server import LOSE_ANSWER
from tests.support.live import GRAVE
from tests.support.slackdesk import ADA as SLACK_ADA
from tests.support.slackdesk import SLACK, SlackDesk, copies, slackdesk
from tests.support.slacktown import slacktown

BARE = Card("Digest", ("Nothing to press here.",), footer="Once a day")


async def schedule(store: Store, to: AccountRef, clock: Clock) -> None:
    await store.deliveries.schedule(
        Delivery("digest", "north", DirectMessage(to, BARE), 0, clock())
    )


async def known(here: Duty) -> tuple[str, str]:
    """Name whose page has no receipt, and whose has, once that is known."""
    while True:
        for who, other in ((ADA, BO), (BO, ADA)):
            (page,) = here.discord.dms(who)
            id_ = f"{page['channel_id']}:{page['id']}"
            if await here.store.alerts.shown_on("north", id_, DISCORD):
                return other, who


async def test_discord_has_a_card_without_buttons_once(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        async with on_duty(tmp_path, discord, clock) as first:
            discord.limits.faults.append(Fault("POST", "/messages", 0, after=True))
            await schedule(first.store, account(ADA), clock)
            await first.pages(ADA, 1)
        clock.turn(seconds=0.5)
        async with on_duty(tmp_path, discord, clock) as again:
            clock.turn(minutes=30)
            while (states := await again.store.deliveries.counts("north"))["pending"]:
                await again.app.courier.deliver_due()

        assert len(discord.dms(ADA)) == 1
        assert states["delivered"] == 1


async def test_discord_shows_on_a_lost_copy_who_took_the_case(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        async with on_duty(tmp_path, discord, clock) as first:
            discord.limits.faults.append(Fault("POST", "/messages", 0, after=True))
            await discord.say("20", "7", GRAVE)
            await first.pages(ADA, 1)
            await first.pages(BO, 1)
            lost, other = await known(first)
            await first.press("Take it", other, on=discord.dms(other)[0])
            await first.until(lambda: "took it" in str(discord.dms(other)[0]["embeds"]))
        clock.turn(seconds=0.5)
        async with on_duty(tmp_path, discord, clock) as again:
            clock.turn(minutes=2)
            await again.until(lambda: "took it" in str(discord.dms(lost)[0]["embeds"]))

        assert [len(discord.dms(one)) for one in (ADA, BO)] == [1, 1]


async def receipts(desk: SlackDesk) -> set[str]:
    """Name those whose page has a receipt, once one of the two has."""
    while True:
        found = set()
        for who in ("UADA", "UBO"):
            (channel,) = (
                one
                for one in desk.here.town.space.channels.values()
                if one.is_im and who in one.members
            )
            id_ = external_id(desk.here.town.space.id, channel.id, min(channel.messages))
            if await desk.store.alerts.shown_on("north", id_, SLACK):
                found.add(who)
        if found:
            return found


async def test_slack_has_a_card_once_and_shows_on_a_lost_copy_who_took_the_case(
    tmp_path: Path,
) -> None:
    async with slacktown() as here:
        async with slackdesk(here, tmp_path) as first:
            here.slack.trouble["chat.postMessage"] = [LOSE_ANSWER]
            await here.town.say(here.jobs, "UPIP", GRAVE)
            await first.until(lambda: all(copies(here, one) for one in ("UADA", "UBO")))
            have = await receipts(first)
            (lost,) = {"UADA", "UBO"} - have
            await first.press(other := have.pop(), TAKE)
            await first.until(lambda: "took it" in copies(here, other)[0]["text"])
            here.slack.trouble["chat.postMessage"] = [LOSE_ANSWER]
            await schedule(first.store, SLACK_ADA, here.clock)
            await first.until(lambda: any("Digest" in one["text"] for one in copies(here, "UADA")))
        here.clock.turn(seconds=0.5)
        here.again()
        async with slackdesk(here, tmp_path) as again:
            here.clock.turn(minutes=2)
            await again.until(lambda: "took it" in copies(here, lost)[0]["text"])
            await again.app.courier.deliver_due()

        assert [len(copies(here, one)) for one in ("UADA", "UBO")] == [2, 1]
