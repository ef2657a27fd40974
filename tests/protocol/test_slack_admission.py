"""What a workspace refuses while the bot runs is told, and told again when it is over."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.action import DirectMessage, Post
from bot.domain.card import Card
from bot.domain.event import Reconnected, SpaceJoined, SpacesNamed, SpaceTroubled
from bot.domain.message import AccountRef, Place
from bot.domain.setup import Found, Trouble
from bot.domain.space import SpaceRef
from bot.ports import Misconfigured, Permanent, Shut
from tests.support.fake_slack.people import Town, settle_in
from tests.support.fake_slack.server import BOT_TOKEN, BROKEN, Token
from tests.support.slackdesk import ADA, SLACK
from tests.support.slacktown import Slacktown, slacktown

SOON: dict[str, Any] = {"ping_every": 0.05, "knock_every": 0.05}
T1, T2 = SpaceRef(SLACK, "T1"), SpaceRef(SLACK, "T2")
CARD = Card("A title")
POST = Post(Place(SLACK, "T1", "C1"), CARD)


def of(here: Slacktown) -> list[tuple[SpaceRef, list[Trouble]]]:
    told = here.inbox.of(SpaceTroubled)
    return [(one.space, [found.trouble for found in one.found]) for one in told]


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        ("token_expired", Trouble.TOKEN),
        ("invalid_auth", Trouble.TOKEN),
        ("not_authed", Trouble.TOKEN),
        ("team_access_not_granted", Trouble.TOKEN),
        ("token_revoked", Trouble.REMOVED),
        ("account_inactive", Trouble.REMOVED),
        ("org_login_required", Trouble.SUSPENDED),
    ],
)
async def test_a_token_that_dies_is_told_once_and_so_is_its_recovery(
    error: str, trouble: Trouble
) -> None:
    async with slacktown(**SOON) as here, here.running():
        here.slack.tokens[BOT_TOKEN].refusal = error
        with pytest.raises(Shut) as shut:
            await here.platform.perform(POST, key="k")
        with pytest.raises(Shut):
            await here.platform.perform(POST, key="l")
        await here.inbox.until(SpaceTroubled)
        here.slack.tokens[BOT_TOKEN].refusal = ""
        await here.inbox.until(SpaceTroubled, 2)
        (back,) = await here.inbox.until(Reconnected)

    assert shut.value.space == T1
    assert of(here) == [(T1, [trouble]), (T1, [])]
    assert back.space == "T1"


async def test_a_refusal_by_a_slip_is_asked_about_and_not_told() -> None:
    async with slacktown(**SOON) as here, here.running():
        await here.inbox.until(SpaceJoined)
        here.slack.refusals["chat.postMessage"] = "invalid_auth"
        with pytest.raises(Shut):
            await here.platform.perform(POST, key="k")
        del here.slack.refusals["chat.postMessage"]
        (where,) = here.platform.spaces.values()
        while where.refusals.bars:
            await here.platform.rest(0.01)

    assert of(here) == []
    assert here.slack.calls["auth.test"] == 2


async def test_what_administrators_suspended_is_over_when_it_works_again() -> None:
    async with slacktown(**SOON) as here, here.running():
        here.slack.refusals["chat.postMessage"] = "ekm_access_denied"
        with pytest.raises(Shut):
            await here.platform.perform(POST, key="k")
        await here.inbox.until(SpaceTroubled)
        del here.slack.refusals["chat.postMessage"]
        await here.platform.perform(POST, key="k")
        await here.inbox.until(SpaceTroubled, 2)

    assert of(here) == [(T1, [Trouble.SUSPENDED]), (T1, [])]


async def test_a_scope_that_was_taken_away_is_named() -> None:
    async with slacktown(**SOON) as here, here.running():
        token = here.slack.tokens[BOT_TOKEN]
        token.scopes -= {"im:write"}
        with pytest.raises(Permanent, match="im:write"):
            await here.platform.perform(DirectMessage(ADA, CARD), key="k")
        (told,) = await here.inbox.until(SpaceTroubled)
        token.scopes |= {"im:write"}
        await here.platform.perform(DirectMessage(ADA, CARD), key="k")
        await here.inbox.until(SpaceTroubled, 2)

    assert told.found == (Found(Trouble.SCOPE, detail="im:write"),)
    assert of(here)[1] == (T1, [])


async def test_a_scope_that_is_missing_at_the_start_is_named() -> None:
    async with slacktown(**SOON) as here:
        here.slack.tokens[BOT_TOKEN].scopes -= {"users:read"}
        async with here.running():
            (told,) = await here.inbox.until(SpaceTroubled)

    assert told.found == (Found(Trouble.SCOPE, detail="users:read"),)


async def test_a_scope_that_the_app_can_do_without_is_no_trouble() -> None:
    async with slacktown(**SOON) as here:
        here.slack.tokens[BOT_TOKEN].scopes -= {"groups:read", "groups:history"}
        async with here.running():
            await here.inbox.until(SpaceJoined)

    assert here.platform.spaces["T1"].refusals.found("T1") == ()


@pytest.mark.parametrize("is_ours", [True, False])
async def test_revoked_tokens_are_asked_about_because_they_may_be_others(
    is_ours: bool,  # noqa: FBT001 - both ways
) -> None:
    async with slacktown(**SOON) as here, here.running():
        await here.inbox.until(SpaceJoined)
        here.slack.tokens[BOT_TOKEN].is_revoked = is_ours
        envelope = await here.town.hears_of("tokens_revoked", tokens={"bot": ["UBOT"]})
        await envelope.acknowledged.wait()
        if is_ours:
            await here.inbox.until(SpaceTroubled)
        else:
            while here.platform.spaces["T1"].refusals.bars:
                await here.platform.rest(0.01)

    assert of(here) == ([(T1, [Trouble.REMOVED])] if is_ours else [])


async def test_an_organisation_takes_one_workspace_away_and_the_other_goes_on() -> None:
    async with slacktown(**SOON) as here:
        settle_in(here.slack, "T2").channel("C9", "elsewhere")
        here.slack.tokens[BOT_TOKEN] = Token(("T1", "T2"), enterprise="E1")
        async with here.running():
            await here.inbox.until(SpaceJoined, 2)
            here.slack.closed.add("T2")
            here.platform.spaces["T2"].refusals.refused("any", "team_access_not_granted", "")
            await here.inbox.until(SpaceTroubled)
            await here.platform.perform(POST, key="k")

    assert of(here) == [(T2, [Trouble.TOKEN])]


async def test_an_app_token_that_dies_is_told_and_asked_with_again() -> None:
    async with slacktown(**SOON) as here, here.running():
        await here.inbox.until(SpaceJoined)
        here.slack.app_refusal = "token_revoked"
        await here.slack.sockets.cut()
        (deaf,) = await here.inbox.until(SpaceTroubled)
        await here.platform.perform(POST, key="k")
        here.slack.app_refusal = ""
        await here.slack.sockets.connected(2)
        await here.inbox.until(SpaceTroubled, 2)

    assert [one.trouble for one in deaf.found] == [Trouble.DEAF]
    assert "WAYMARK_SLACK_APP_TOKEN" in deaf.found[0].detail
    assert of(here)[1] == (T1, [])


async def test_a_new_address_that_cannot_be_asked_for_is_logged_as_tried_again() -> None:
    async with slacktown(**SOON) as here, here.running():
        await here.inbox.until(SpaceJoined)
        here.slack.trouble["apps.connections.open"] = [BROKEN]
        with capture_logs() as logged:
            await here.slack.sockets.cut()
            await here.slack.sockets.connected(2)

    assert "Slack cannot be reached; trying again" in {line["event"] for line in logged}


async def test_an_address_that_is_good_no_more_is_asked_for_anew() -> None:
    async with slacktown(**SOON) as here, here.running():
        await here.inbox.until(SpaceJoined)
        here.slack.sockets.turned_away = 2
        await here.slack.sockets.cut()
        await here.slack.sockets.connected(2)

    assert of(here) == []


async def test_one_dead_token_of_several_keeps_no_other_workspace_waiting() -> None:
    async with slacktown(**SOON, bot_tokens=("xoxb-dead", BOT_TOKEN)) as here:
        here.slack.tokens["xoxb-dead"] = Token(("T2",), refusal="account_inactive")
        async with here.running():
            (named,) = await here.inbox.until(SpacesNamed)

    assert [one.space for one in here.inbox.of(SpaceJoined)] == [T1]
    assert [one.trouble for one in named.refused] == [Trouble.REMOVED]


async def test_when_every_token_is_dead_it_does_not_start() -> None:
    async with slacktown(**SOON) as here:
        here.slack.tokens[BOT_TOKEN].refusal = "token_expired"
        with pytest.raises(Misconfigured, match="token has expired"):
            async with here.running():
                pass


def beside(here: Slacktown) -> Town:
    """Let the app be in a second workspace, with a token of its own; Di is only there."""
    other = settle_in(here.slack, "T2", token="xoxb-other")  # noqa: S106 - no secret
    other.user("UDI", "Di")
    return other


async def test_who_is_in_a_workspace_that_is_open_is_not_kept_waiting_by_one_that_is_not() -> None:
    async with slacktown(**SOON, bot_tokens=(BOT_TOKEN, "xoxb-other")) as here:
        other = beside(here)
        async with here.running():
            await here.inbox.until(SpaceJoined, 2)
            here.platform.spaces["T2"].members.clear()  # of a large workspace not all are known
            here.slack.tokens[BOT_TOKEN].refusal = "token_revoked"
            await here.platform.perform(DirectMessage(AccountRef(SLACK, "UDI"), CARD), key="k")
            with pytest.raises(Shut) as shut:
                await here.platform.perform(DirectMessage(ADA, CARD), key="l")

    assert len([one for one in other.space.channels.values() if one.is_im]) == 1
    assert shut.value.space == T1
