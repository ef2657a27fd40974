"""An owner sets a desk up on Discord, and checks it."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands.table import TABLE
from bot.domain.alert import State, What
from bot.domain.desk import ConsentMode
from bot.domain.message import AccountRef
from bot.domain.space import SpaceRef
from bot.store.schema import AUDIT
from tests.support.build import DISCORD, account
from tests.support.databases import connected
from tests.support.discord_desk import ADA, BO, LAST, Duty, discord_server, on_duty
from tests.support.fake_discord.server import FakeDiscord
from tests.support.fake_discord.state import EMBED_LINKS, SEND_MESSAGES, VIEW_CHANNEL, Json
from tests.support.live import GRAVE

OWNER, MEMBER, GUEST = "1", "7", "300"
HERE = SpaceRef(DISCORD, "10")
STAFF = "25"


def peopled(discord: FakeDiscord) -> None:
    """Let there be roles, a guest who has one, and a channel that only staff can see."""
    state = discord.state
    state.add_role("10", "70", "Guides", 0)
    state.add_role("10", "71", "Leads", 0)
    state.add_member("10", GUEST, "70", name="Gil")
    channel = state.add_channel(STAFF, "staff")
    channel.raw["permission_overwrites"] = [
        {"id": "10", "type": 0, "allow": "0", "deny": str(VIEW_CHANNEL)},
        {"id": state.bot, "type": 1, "allow": str(VIEW_CHANNEL), "deny": "0"},
    ]


async def shown(here: Duty, command: str, who: str, **options: str) -> Json:
    asked = await here.discord.command(command, who, "20", **options)
    return await here.discord.until_shown(asked)


async def saved(here: Duty, button: str, **values: str) -> Json:
    """Open a form of the dialog, change it and send it; what is kept holds by then."""
    before = here.app.intake.desk
    card = await shown(here, "setup show", OWNER)
    opened = await here.discord.press(button, OWNER, on=card)
    await here.discord.until_answered(opened)
    sent = await here.discord.submit(opened, OWNER, **values)
    said = await here.discord.until_shown(sent)
    if "Nothing was saved" not in str(said):
        await here.until(lambda: here.app.intake.desk is not before)
    return said


async def audited(folder: Path) -> list[tuple[str, AccountRef | None, str]]:
    url = f"sqlite:///{folder / 'desk.db'}"
    async with connected(url) as database, database.reading() as connection:
        rows = await connection.execute(select(AUDIT.c.what, AUDIT.c.who, AUDIT.c.command))
        return [(row.what, row.who, row.command) for row in rows]


async def test_an_owner_names_the_desk_and_it_holds_at_once_and_after_a_restart(
    tmp_path: Path,
) -> None:
    async with discord_server() as (discord, clock):
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            before = await shown(here, "setup show", OWNER)
            chosen = {"name": "South desk", "consent": "opt_in", "notice": "We read here."}
            after = await saved(here, "Desk and members", **chosen)
            desk = here.app.intake.desk
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            again = here.app.intake.desk

    assert "North careers desk (from the desk's file)" in str(before)
    assert "Lee (from the desk's file)" in str(before)
    assert LAST not in str(before["embeds"])
    assert "South desk (set here on 5 January 2026)" in str(after)
    for one in (desk, again):
        assert one.name == "South desk"
        assert one.consent is ConsentMode.OPT_IN
        assert one.notice == "We read here."


@pytest.mark.parametrize("command", ["setup show", "setup check"])
async def test_a_member_is_refused(tmp_path: Path, command: str) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE) as here,
    ):
        refused = await shown(here, command, MEMBER)
        card = await shown(here, "setup show", OWNER)
        pressed = await here.discord.press("Roles", MEMBER, on=card)
        by_button = await here.discord.until_shown(pressed)

    for said in (refused, by_button):
        assert "whoever runs this server" in str(said)
        assert "Setting up" not in str(said)


async def test_whoever_has_the_role_may_take_a_case_for_as_long_as_they_have_it(
    tmp_path: Path,
) -> None:
    async with discord_server() as (discord, clock):
        peopled(discord)
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            await discord.say("20", "7", GRAVE)
            await here.pages(ADA, 1)
            (dossier,) = await here.store.alerts.queue("north", 5)
            refused = await shown(here, "case list", GUEST)
            await saved(here, "Roles", practitioner="70", supervisor="71")
            listed = await shown(here, "case list", GUEST)
            await shown(here, "case take", GUEST, key=dossier.case.key)
            taken = await here.store.alerts.find("north", dossier.case.key)
            await discord.set_roles(GUEST)
            gone = await shown(here, "case list", GUEST)
            clock.turn(hours=5)
            await here.until(lambda: "Nobody has it" in str(here.discord.dms(ADA)))
            freed = await here.store.alerts.find("north", dossier.case.key)

    assert "people of this desk" in str(refused)
    assert "P0" in str(listed)
    assert taken is not None
    assert (taken.case.state, taken.case.holder) == (State.TAKEN, account(GUEST))
    assert "people of this desk" in str(gone)
    assert freed is not None
    assert freed.case.state is State.OPEN


async def test_urgent_alerts_go_to_the_staff_channel_as_well_without_a_word_of_the_member(
    tmp_path: Path,
) -> None:
    async with discord_server() as (discord, clock):
        peopled(discord)
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            await saved(here, "Roles", practitioner="70")
            chosen = str(await saved(here, "Alerts", staff_channel=STAFF))
            await discord.say("20", "7", GRAVE)
            await here.until(lambda: discord.said(STAFF))
            (posted,) = discord.said(STAFF)
            await here.press("Take it", GUEST, on=posted)
            await here.until(lambda: "took it" in str(posted["embeds"]))
            (ada,) = await here.pages(ADA, 1)
            await here.until(lambda: "took it" in str(ada["embeds"]))

    assert GRAVE not in str(posted)
    assert "Mia" not in str(posted)
    assert "Guides (set here on" in chosen
    assert "#staff, beside direct messages" in chosen


async def test_where_the_bot_was_removed_nothing_is_said_in_the_staff_channel_any_more(
    tmp_path: Path,
) -> None:
    async with discord_server() as (discord, clock):
        peopled(discord)
        discord.state.add_guild("11", "South")  # where the desk's people still meet the bot
        for who in (ADA, BO, LAST):
            discord.state.add_member("11", who)
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            await saved(here, "Roles", practitioner="70")
            await saved(here, "Alerts", staff_channel=STAFF)
            await discord.say("20", "7", GRAVE)
            await here.until(lambda: discord.said(STAFF))
            (ada,) = await here.pages(ADA, 1)
            while (await here.store.deliveries.counts("north"))["pending"]:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
            await discord.kick("10")
            await here.until(lambda: ada["content"] == "Closed")
            (*_, told) = await here.pages(LAST, 1)
            while (counts := await here.store.deliveries.counts("north"))["pending"]:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)

    assert counts["buried"] == 0
    assert "So is its watch list, and what /setup chose for it" in str(told)
    assert "set it up anew: type /setup, then /watch add" in str(told)


async def test_a_channel_that_everybody_sees_is_not_taken_for_alerts(tmp_path: Path) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE) as here,
    ):
        said = await saved(here, "Alerts", staff_channel="20")
        setups = here.app.intake.desk.setups

    assert "Everybody can see #job-search" in str(said)
    assert not setups


async def test_another_last_resort_is_told_at_once(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        discord.state.closed |= {ADA, BO}
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            await saved(here, "Alerts", last_resort=MEMBER)
            await discord.say("20", "1", GRAVE)
            pages = await here.pages(MEMBER, 1)

    assert len(pages) == 1
    assert not discord.dms(LAST)


async def test_what_is_not_a_member_cannot_be_the_last_resort(tmp_path: Path) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE) as here,
    ):
        discord.state.add_user("888", "Away")
        said = await saved(here, "Alerts", last_resort="888")

    assert "not a member here" in str(said)


async def test_no_bot_is_the_last_resort_or_on_duty(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        discord.state.users[BO]["bot"] = True  # as who copies an id of the application writes it
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            said = str(await saved(here, "Alerts", last_resort=discord.state.bot))
            found = str(await shown(here, "setup check", OWNER))
            chosen = here.app.intake.desk.last_resort

    assert "The last resort is a bot" in said
    assert chosen == account(LAST)
    assert "Bo is a bot" in found
    assert "Write a person's account" in found


async def test_the_check_names_what_is_missing_with_its_mend_and_sends_a_marked_test(
    tmp_path: Path,
) -> None:
    async with discord_server() as (discord, clock):
        discord.state.add_channel("21", "advice")
        discord.state.closed |= {ADA}
        discord.state.flags = 0
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            await discord.hide("20", deny=EMBED_LINKS)
            await discord.delete_channel("21")
            await here.until(lambda: "21" not in here.platform.places.known)
            await discord.leave(BO)
            found = str(await shown(here, "setup check", OWNER))
            await here.until(lambda: ADA in here.platform._deliveries.closed)  # type: ignore[union-attr]  # noqa: SLF001 - it is what the next check sees
            again = str(await shown(here, "setup check", OWNER))
            (test,) = await here.pages(LAST, 1)

    assert "#job-search: Embed Links is missing" in found
    assert "allow Embed Links for the bot" in found
    assert "#advice cannot be found" in found
    assert "Switch on Message Content Intent" in found
    assert "Bo is not here" in found
    assert "A test alert is on its way" in found
    assert "Ada gets no direct messages" in again
    assert "none is sent now" in again
    assert "Drill: this is a test" in str(test)


async def test_the_check_names_what_bars_a_notice_until_its_channel_is_off_the_list(
    tmp_path: Path,
) -> None:
    async with discord_server() as (discord, clock):
        discord.state.add_channel("21", "advice")
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            await discord.hide("21", deny=SEND_MESSAGES)
            await shown(here, "watch add", OWNER, channel="21")
            await here.pages(OWNER, 1)
            found = str(await shown(here, "setup check", OWNER))
            listed = str(await shown(here, "watch list", OWNER))
            removed = str(await shown(here, "watch remove", OWNER, channel="21"))
            after = str(await shown(here, "watch list", OWNER))
            again = str(await shown(here, "setup check", OWNER))
            said = discord.said("21")

    assert "#advice: Send Messages is missing" in found
    assert "#advice" in listed
    assert "#advice will not be read" in removed
    assert "#advice" not in after
    assert "#advice" not in again
    assert said == []


async def test_a_desk_that_lacks_nothing_is_told_so(tmp_path: Path) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE) as here,
    ):
        found = str(await shown(here, "setup check", OWNER))

    assert "The check found nothing wrong" in found


async def test_a_drill_can_be_asked_for(tmp_path: Path) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE) as here,
    ):
        refused = await shown(here, "duty drill", MEMBER)
        said = await shown(here, "duty drill", ADA)
        (test,) = await here.pages(ADA, 1)

    assert "people of this desk" in str(refused)
    assert "The drill has begun" in str(said)
    assert "Drill: this is a test" in str(test)


async def test_whoever_looks_closer_at_a_drill_is_told_that_nothing_stands_behind_it(
    tmp_path: Path,
) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE) as here,
    ):
        await shown(here, "duty drill", ADA)
        (test,) = await here.pages(ADA, 1)
        card, seen = test, []
        for button in ("More", "Other steps", "Show the message"):
            card = await discord.until_shown(await here.press(button, ADA, on=card))
            seen.append(str(card))

    more, _, message = seen
    for one in (more, message):
        assert "Drill: this is a test" in one
        assert "No message stands behind a drill." in one
    assert "There may be danger" not in more
    assert "not connected" not in message


async def test_what_an_owner_does_is_audited_without_its_words(tmp_path: Path) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE) as here,
    ):
        await saved(here, "Desk and members", notice="Words of ours.")
        await shown(here, "setup check", OWNER)
        await shown(here, "duty drill", ADA)
        rows = await audited(tmp_path)

    assert (What.CONFIGURED, account(OWNER), "setup.desk") in rows
    assert (What.INSPECTED, account(OWNER), "setup check") in rows
    assert (What.DRILLED, account(ADA), "duty drill") in rows
    assert "Words" not in str(rows)
