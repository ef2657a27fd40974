"""The manifest asks for the least: with it all works, without any one of it something fails."""

from collections.abc import Awaitable, Callable

import pytest
import yaml
from click.testing import CliRunner

from adapters.slack.manifest import JOIN, PINS, PRIVATE, PUBLIC, Wanted, manifest
from bot.cli.slack import slack
from bot.commands.table import TABLE as WHOLE
from bot.domain.action import DirectMessage, Reply, Update, Withdraw
from bot.domain.command import Command, Menu, Table
from bot.domain.event import Opened, SpaceJoined
from bot.domain.message import MessageRef
from bot.domain.space import SpaceRef
from bot.ports import Misconfigured, Permanent
from tests.protocol.test_slack_actions import ADA, CARD, JOBS, SLACK
from tests.support.fake_slack.server import BOT_TOKEN, Token
from tests.support.slacktown import Slacktown, slacktown
from tests.support.waymark import ROOT, waymark

TABLE = Table(
    commands=(Command("duty", "on", "Go on duty"), Command("duty", "off", "Go off duty")),
    menus=(Menu("ask", "Ask a practitioner"), Menu("note", "Suggest accuracy note")),
)


async def everything(here: Slacktown) -> None:
    root = MessageRef(JOBS, here.town.write(here.jobs, "UPIP", "hello")["ts"])
    sent = await here.platform.perform(DirectMessage(ADA, CARD), key="k#0")
    await here.platform.perform(Reply(root, CARD), key="k#1")
    await here.platform.perform(Update(SLACK, sent.external_id, CARD), key="k#2")
    await here.platform.perform(Withdraw(SLACK, sent.external_id), key="k#3")
    assert [one async for one in here.platform.history(JOBS, after="")]
    assert (await here.platform.standing(ADA, SpaceRef(SLACK, "T1"))).is_member
    async with here.running():
        await here.inbox.until(SpaceJoined)


def may(here: Slacktown, scopes: set[str]) -> None:
    here.slack.tokens[BOT_TOKEN] = Token(("T1",), frozenset(scopes))


async def test_with_what_it_asks_for_everything_works() -> None:
    async with slacktown() as here:
        may(here, set(PUBLIC))
        await everything(here)


async def test_private_channels_are_watched_with_their_scopes_and_left_out_without() -> None:
    async with slacktown() as here:
        here.jobs.is_private = True
        may(here, set(PUBLIC))
        async with here.running():
            await here.inbox.until(SpaceJoined)
        assert [one.place.channel for one in here.inbox.of(Opened)] == ["C2"]

        here.again()
        may(here, {*PUBLIC, *PRIVATE})
        await everything(here)
        assert [one.place.channel for one in here.inbox.of(Opened)] == ["C2", "C1", "C2"]


async def _uncertain(here: Slacktown) -> None:
    await here.platform.perform(DirectMessage(ADA, CARD), key="k#9")
    here.again()
    await here.platform.perform(DirectMessage(ADA, CARD), key="k#9")
    (dm,) = [c for c in here.town.space.channels.values() if c.is_im]
    if len(dm.messages) != 1:
        raise Permanent("sent twice")


@pytest.mark.parametrize(
    ("scope", "what"),
    [(scope, everything) for scope in PUBLIC if scope not in ("commands", "im:history")]
    + [("im:history", _uncertain)],
)
async def test_without_any_one_of_it_something_does_not_work(
    scope: str, what: Callable[[Slacktown], Awaitable[None]]
) -> None:
    async with slacktown() as here:
        may(here, set(PUBLIC) - {scope})
        with pytest.raises((Permanent, Misconfigured)):
            await what(here)


def test_it_draws_the_command_and_the_shortcuts_from_the_table() -> None:
    features = manifest(TABLE, Wanted())["features"]

    assert features["slash_commands"][0]["usage_hint"] == "help | duty"
    assert features["slash_commands"][0]["should_escape"]
    assert [(s["name"], s["callback_id"]) for s in features["shortcuts"]] == [
        ("Ask a practitioner", "ask"),
        ("Suggest accuracy note", "note"),
    ]


def test_help_stands_once_in_the_hint() -> None:
    features = manifest(WHOLE, Wanted())["features"]
    nouns = features["slash_commands"][0]["usage_hint"].split(" | ")

    assert nouns[0] == "help"
    assert len(nouns) == len(set(nouns))


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("join", [False, True])
@pytest.mark.parametrize("pins", [False, True])
def test_scopes_come_only_with_what_is_switched_on(
    private: bool,  # noqa: FBT001 - every combination
    join: bool,  # noqa: FBT001 - as above
    pins: bool,  # noqa: FBT001 - as above
) -> None:
    asked = manifest(TABLE, Wanted(private=private, join=join, pins=pins))
    scopes = set(asked["oauth_config"]["scopes"]["bot"])

    more = {*(PRIVATE if private else ()), *(JOIN if join else ()), *(PINS if pins else ())}
    assert scopes == {*PUBLIC, *more}
    events = asked["settings"]["event_subscriptions"]["bot_events"]
    assert ("message.groups" in events) is private


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(organisation=True, url="https://a.example")])
def test_its_token_never_expires(wanted: Wanted) -> None:
    """https://docs.slack.dev/authentication/using-token-rotation: there is no way back."""
    assert manifest(TABLE, wanted)["settings"]["token_rotation_enabled"] is False


def test_the_command_prints_it_with_the_reason_for_each_scope() -> None:
    ran = waymark("slack", "manifest", "--private", "--name", "Careers desk")
    asked = yaml.safe_load(ran.out)

    assert (ran.code, ran.err) == (0, "")
    assert asked["display_information"]["name"] == "Careers desk"
    assert asked["settings"]["socket_mode_enabled"]
    for scope, why in {**PUBLIC, **PRIVATE}.items():
        assert f"- {scope}  # {why}" in ran.out


def test_over_http_every_address_is_the_same_public_one() -> None:
    address = "https://desk.example.org/slack/events"
    asked = manifest(TABLE, Wanted(url=address))

    assert not asked["settings"]["socket_mode_enabled"]
    assert asked["settings"]["event_subscriptions"]["request_url"] == address
    assert asked["settings"]["interactivity"]["request_url"] == address
    assert asked["settings"]["interactivity"]["message_menu_options_url"] == address
    assert asked["features"]["slash_commands"][0]["url"] == address


def test_the_readme_gives_the_same_reasons() -> None:
    readme = (ROOT / "README.md").read_text("utf-8").replace("`", "")

    for scope, why in PUBLIC.items():
        assert f"| {scope} | {why} |" in readme
    for scope in (*PRIVATE, *JOIN):
        assert scope in readme


def test_an_address_without_https_is_refused() -> None:
    ran = CliRunner().invoke(slack, ["manifest", "--url", "http://desk.example.org"])

    assert ran.exit_code == 2
    assert "https addresses alone" in ran.output


@pytest.mark.parametrize("groups", [False, True])
def test_changes_of_user_groups_are_told_where_groups_are_asked_for(
    groups: bool,  # noqa: FBT001 - both cases
) -> None:
    asked = manifest(TABLE, Wanted(groups=groups))["settings"]["event_subscriptions"]

    assert ("subteam_members_changed" in asked["bot_events"]) is groups
