"""An owner sets a desk up in a Slack workspace, and checks it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.cards.case import TAKE
from bot.commands.table import TABLE
from bot.domain.alert import State
from bot.domain.setup import SpaceSetup
from bot.domain.space import SpaceRef
from tests.support.fake_slack.server import BOT_TOKEN
from tests.support.fake_slack.workspace import Raw
from tests.support.slackdesk import GRAVE, SLACK, SlackDesk, desk, slackdesk
from tests.support.slacktown import Slacktown, slacktown

HERE = SpaceRef(SLACK, "T1")


@asynccontextmanager
async def owned(folder: Path, *more_scopes: str) -> AsyncIterator[tuple[Slacktown, SlackDesk]]:
    """Let Olga own the workspace, and Gil be in the user group of guides."""
    async with slacktown(TABLE) as here:
        here.town.user("UOLGA", "Olga", is_owner=True)
        here.town.user("UGIL", "Gil")
        here.jobs.members |= {"UOLGA", "UGIL"}
        here.town.space.groups["S1"] = ("Guides", {"UGIL"})
        token = here.slack.tokens[BOT_TOKEN]
        token.scopes |= set(more_scopes)
        async with slackdesk(here, folder) as bot:
            yield here, bot


async def asked(here: Slacktown, bot: SlackDesk, who: str, text: str) -> Raw:
    """Give what somebody is shown in answer to a command."""
    before = len(here.town.space.ephemerals)
    await here.town.interacts(here.town.command(here.jobs, who, text))
    await bot.until(lambda: len(here.town.space.ephemerals) > before)
    return here.town.space.ephemerals[-1][1]


async def saved(here: Slacktown, bot: SlackDesk, button: str, **values: str) -> Raw:
    card, views = await asked(here, bot, "UOLGA", "setup"), len(here.slack.views)
    await here.town.interacts(here.town.press_ephemeral(card, "C1", "UOLGA", button))
    await bot.until(lambda: len(here.slack.views) > views)
    before = len(here.town.space.ephemerals)
    await here.town.interacts(here.town.submit("UOLGA", values))
    await bot.until(lambda: len(here.town.space.ephemerals) > before)
    return here.town.space.ephemerals[-1][1]


async def test_an_owner_says_who_is_read_and_a_member_may_not(tmp_path: Path) -> None:
    async with owned(tmp_path) as (here, bot):
        refused = await asked(here, bot, "UPIP", "setup show")
        chosen = {"name": "South desk", "consent": "opt_in", "notice": "We <!channel> read."}
        said = await saved(here, bot, "setup.edit/desk", **chosen)
        await bot.until(lambda: bot.app.intake.desk.name == "South desk")

    assert "whoever runs this server or workspace" in refused["text"]
    assert "South desk (set here on 5 January 2026)" in said["text"]
    assert "<!channel>" not in said["text"]


async def test_whoever_is_in_the_user_group_may_take_a_case(tmp_path: Path) -> None:
    async with owned(tmp_path, "usergroups:read") as (here, bot):
        await here.town.say(here.jobs, "UPIP", GRAVE)
        await bot.until(lambda: len(bot.copies("UADA")) == 1)
        (dossier,) = await bot.store.alerts.queue("north", 5)
        refused = await asked(here, bot, "UGIL", "case list")
        after = await saved(here, bot, "setup.edit/roles", practitioner="S1")
        await bot.until(lambda: HERE in bot.app.intake.desk.setups)
        view = list(here.slack.views.values())[-1]
        await asked(here, bot, "UGIL", f"case take {dossier.case.key}")
        taken = await bot.store.alerts.find("north", dossier.case.key)
        here.town.space.groups["S1"] = ("Guides", set())
        here.clock.turn(minutes=2)
        gone = await asked(here, bot, "UGIL", "case list")

    assert "Guides" in str(view)
    assert "Guides (set here on" in after["text"]
    assert "people of this desk" in refused["text"]
    assert taken is not None
    assert taken.case.state is State.TAKEN
    assert "people of this desk" in gone["text"]


async def test_without_the_scope_a_group_is_named_by_its_id_and_the_check_says_so(
    tmp_path: Path,
) -> None:
    async with owned(tmp_path) as (here, bot):
        await saved(here, bot, "setup.edit/roles", practitioner="S1")
        view = list(here.slack.views.values())[-1]
        await bot.until(lambda: HERE in bot.app.intake.desk.setups)
        found = await asked(here, bot, "UOLGA", "setup check")
        calls = here.slack.calls["usergroups.list"]

    assert "usergroups:read" in str(view)
    assert "The app lacks usergroups:read" in found["text"]
    assert calls == 0


async def test_the_check_names_scopes_channels_and_people_and_sends_a_test(
    tmp_path: Path,
) -> None:
    async with owned(tmp_path) as (here, bot):
        staff = here.town.channel("C9", "staff")
        staff.is_private = True
        public = await saved(here, bot, "setup.edit/alerts", staff_channel="C2")
        private = await saved(here, bot, "setup.edit/alerts", staff_channel="C9")
        await bot.until(lambda: HERE in bot.app.intake.desk.setups)
        here.help.is_archived = True
        envelope = await here.town.hears_of("channel_archive", channel="C2")
        await envelope.acknowledged.wait()
        here.town.space.users["UBO"].deleted = True
        token = here.slack.tokens[BOT_TOKEN]
        token.scopes -= {"im:history"}
        found = await asked(here, bot, "UOLGA", "setup check")
        await bot.until(lambda: len(bot.copies("UADA")) == 1)
        await bot.until(lambda: bool(staff.messages))

    assert "Everybody can see #advice" in public["text"]
    assert "#staff, beside direct messages" in private["text"]
    assert "#advice is archived" in found["text"]
    assert "The app lacks im:history" in found["text"]
    assert "Bo is not here" in found["text"]
    assert "A test alert is on its way" in found["text"]
    assert "Drill: this is a test" in bot.copies("UADA")[0]["text"]
    assert "Drill: this is a test" in next(iter(staff.messages.values()))["text"]


async def test_whoever_is_taken_out_of_the_user_group_is_off_duty_and_another_is_called(
    tmp_path: Path,
) -> None:
    of = replace(desk(), setups={HERE: SpaceSetup(practitioner="S1")})
    async with slacktown(TABLE) as here:
        here.slack.tokens[BOT_TOKEN].scopes |= {"usergroups:read"}
        here.town.space.groups["S1"] = ("Guides", {"UADA", "UBO"})
        async with slackdesk(here, tmp_path, of=of) as bot:
            assert bot.app.watch is not None
            await bot.app.watch.newsroom.leavers.ask_due()
            await here.town.say(here.jobs, "UPIP", GRAVE)
            await bot.until(lambda: all(bot.copies(one) for one in ("UADA", "UBO")))
            await bot.press("UADA", TAKE)
            await bot.until(lambda: "Ada took it" in bot.copies("UBO")[0]["text"])
            here.town.space.groups["S1"] = ("Guides", {"UBO"})
            left = {"subteam_id": "S1", "removed_users": ["UADA"], "removed_users_count": 1}
            await here.town.hears_of("subteam_members_changed", **left)
            await bot.until(lambda: len(bot.copies("UBO")) == 2 and bool(bot.copies("ULAST")))
            await bot.until(lambda: "of the desk no more" in bot.copies("UADA")[0]["text"])

    assert "Please look in their place" in bot.copies("UBO")[1]["text"]
    assert "Ada is off the desk" in bot.copies("ULAST")[0]["text"]
