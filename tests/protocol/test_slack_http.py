"""The Events API over HTTP: only what Slack has signed, just now, and not without end."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import aiohttp
import pytest
from structlog.testing import capture_logs

from adapters.slack.web import MOST_BODY, PATH
from bot.domain.command import Command, Form, Line, Table
from bot.domain.event import Commanded, Opened, Posted, SpaceJoined, Submitted
from bot.ports import Misconfigured
from tests.support.fake_slack.server import SECRET
from tests.support.fake_slack.signed import Signed
from tests.support.fake_slack.workspace import Raw
from tests.support.slacktown import Slacktown, slacktown

FORM = Form("note", "A note", (Line("what", "What?"),))
TABLE = Table(commands=(Command("duty", "on", "Go on duty"), Command("note", "", "", form=FORM)))


@asynccontextmanager
async def served(here: Slacktown, secret: str = SECRET, **changes: object) -> AsyncIterator[Signed]:
    platform = here.again(app_token="", **changes)  # no token: HTTP
    running = asyncio.ensure_future(platform.run(here.inbox))
    await here.inbox.until(SpaceJoined)
    try:
        async with aiohttp.ClientSession() as http:
            yield Signed(f"http://127.0.0.1:{platform.port}{PATH}", secret, http)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def said(here: Slacktown, text: str = "hello") -> Raw:
    message = here.town.write(here.jobs, "UPIP", text)
    return here.town.callback(here.town.event(here.jobs, message))


async def test_a_signed_event_is_taken_in_and_acknowledged() -> None:
    async with slacktown() as here, served(here) as slack:
        answered = await slack.event(said(here), here.clock().timestamp())

        assert answered.status == 200
        assert [one.message.text for one in here.inbox.of(Posted)] == ["hello"]
        assert len(here.inbox.of(Opened)) == 2


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_what_was_signed_over_five_minutes_away_is_refused(minutes: int) -> None:
    async with slacktown() as here, served(here) as slack:
        when = here.clock() + timedelta(minutes=minutes)
        answered = await slack.event(said(here), when.timestamp())

        assert answered.status == 401
        assert here.inbox.of(Posted) == []


async def test_what_is_signed_with_another_secret_is_refused() -> None:
    async with slacktown() as here, served(here, "guessed") as slack:
        answered = await slack.event(said(here), here.clock().timestamp())

        assert answered.status == 401
        assert here.inbox.of(Posted) == []


async def test_the_address_is_verified_as_slack_asks() -> None:
    async with slacktown() as here, served(here) as slack:
        asked = {"type": "url_verification", "token": "old", "challenge": "3eZbrw1a"}
        answered = await slack.event(asked, here.clock().timestamp())

        assert answered.status == 200
        assert "3eZbrw1a" in answered.body


async def test_a_body_without_end_is_refused_before_it_is_read() -> None:
    async with slacktown() as here, served(here) as slack:
        answered = await slack.event(said(here, "x" * MOST_BODY), here.clock().timestamp())

        assert answered.status == 413
        assert here.inbox.of(Posted) == []


async def test_what_is_not_safe_in_time_is_not_acknowledged_and_comes_once_by_retry() -> None:
    async with slacktown() as here, served(here, deadline=timedelta()) as slack:
        here.inbox.held = asyncio.get_running_loop().create_future()
        event, now = said(here), here.clock().timestamp()
        assert (await slack.event(event, now)).status == 503

        here.inbox.held.set_result(None)
        retry = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
        assert (await slack.event(event, now, **retry)).status == 200
        assert len(here.inbox.of(Posted)) == 1


async def test_commands_and_forms_come_as_forms_do() -> None:
    async with slacktown(TABLE) as here, served(here) as slack:
        now = here.clock().timestamp()
        command = here.town.command(here.jobs, "UADA", "duty on")
        assert (await slack.interaction(command, now)).status == 200
        (asked,) = await here.inbox.until(Commanded)
        wrong = await slack.interaction(here.town.command(here.jobs, "UADA", "duty of"), now)
        await slack.interaction(here.town.command(here.jobs, "UADA", "note"), now)
        sent = await slack.interaction(here.town.submit("UADA", {"what": "that"}), now)
        (submitted,) = await here.inbox.until(Submitted)

    assert (asked.noun, asked.verb) == ("duty", "on")
    assert json.loads(wrong.body)["response_type"] == "ephemeral"
    assert (sent.status, sent.body) == (200, "")
    assert submitted.values == {"what": "that"}


async def test_without_a_token_for_sockets_and_a_secret_it_does_not_start() -> None:
    async with slacktown() as here:
        platform = here.again(app_token="", signing_secret="")
        with pytest.raises(Misconfigured, match="signing secret"):
            await platform.run(here.inbox)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"bot_tokens": ("xoxb-wrong",)}, "copy it again"),
        ({"app_token": "xapp-wrong"}, "copy it again"),
        ({"app_token": "xoxb-fake"}, "wrong kind of token"),
    ],
)
async def test_a_wrong_token_ends_the_start_with_what_to_do(
    changes: dict[str, object], says: str
) -> None:
    async with slacktown() as here:
        platform = here.again(**changes)
        with pytest.raises(Misconfigured, match=says):
            await platform.run(here.inbox)


async def test_while_slack_is_in_trouble_the_start_is_tried_again() -> None:
    async with slacktown() as here:
        rested: list[float] = []

        async def rest(seconds: float) -> None:
            rested.append(seconds)

        here.slack.trouble["auth.test"] = ["broken", "lose the request"]
        here.slack.trouble["apps.connections.open"] = ["broken"]
        here.platform.rest = rest
        with capture_logs() as logged:
            async with here.running():
                await here.inbox.until(SpaceJoined)

    assert rested == [1.0, 2.0, 1.0]
    said = [(line["event"], line["wait"]) for line in logged if "wait" in line]
    assert said == [("Slack cannot be reached; trying again", wait) for wait in rested]
