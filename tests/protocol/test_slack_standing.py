"""What Slack says of somebody in a workspace, at this moment."""

from typing import Any

import pytest

from bot.domain.message import AccountRef
from bot.domain.space import SpaceRef, Standing
from tests.protocol.test_slack_actions import ADA, SLACK
from tests.support.slacktown import slacktown


@pytest.mark.parametrize(
    ("rank", "moderates", "owns"),
    [({}, False, False), ({"is_admin": True}, True, False), ({"is_owner": True}, True, True)],
)
async def test_standing_is_what_slack_says_now(
    rank: dict[str, Any],
    moderates: bool,  # noqa: FBT001 - a table
    owns: bool,  # noqa: FBT001 - as above
) -> None:
    async with slacktown() as here:
        here.town.user("UX", "X", **rank)
        standing = await here.platform.standing(AccountRef(SLACK, "UX"), SpaceRef(SLACK, "T1"))

    assert (standing.is_member, standing.moderates, standing.owns) == (True, moderates, owns)
    assert standing.name == "X"


@pytest.mark.parametrize("rank", [{"deleted": True}, {"team": "T9"}])
async def test_who_has_left_or_is_a_guest_of_another_workspace_is_no_member(
    rank: dict[str, Any],
) -> None:
    async with slacktown() as here:
        here.town.user("UX", "X", is_owner=True, **rank)
        standing = await here.platform.standing(AccountRef(SLACK, "UX"), SpaceRef(SLACK, "T1"))

    assert standing == Standing(is_member=False, is_reachable=False)


async def test_an_app_is_known_to_be_no_person() -> None:
    async with slacktown() as here:
        here.town.user("UX", "X", is_bot=True)
        app = await here.platform.standing(AccountRef(SLACK, "UX"), SpaceRef(SLACK, "T1"))
        ada = await here.platform.standing(ADA, SpaceRef(SLACK, "T1"))

    assert (app.is_bot, ada.is_bot) == (True, False)
