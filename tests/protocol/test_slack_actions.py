"""What the bot asks of Slack: done once, inert, and refused with words that say what to do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.history import SOLD
from bot.domain.action import (
    Action,
    DirectMessage,
    OpenForm,
    Post,
    Reply,
    ShowHome,
    ShowPrivately,
    Update,
    Withdraw,
)
from bot.domain.card import Button, Card, Field, Link
from bot.domain.command import Form, Line
from bot.domain.event import Posted, Pressed
from bot.domain.message import AccountRef, MessageRef, Place, PlatformName
from bot.domain.space import SpaceRef
from bot.ports import Permanent, Temporary
from tests.support.fake_slack.server import BOT_TOKEN, BROKEN, LOSE_ANSWER, LOSE_REQUEST, Token
from tests.support.fake_slack.workspace import Raw
from tests.support.slacktown import Slacktown, slacktown

SLACK = PlatformName("slack")
ADA, PIP = AccountRef(SLACK, "UADA"), AccountRef(SLACK, "UPIP")
JOBS = Place(SLACK, "T1", "C1", None, "#job-search")
CARD = Card("P1 urgent", ("Look soon.",), buttons=(Button("alert.take", "Take it"),))


def dms(here: Slacktown, user: str = "UADA") -> list[Raw]:
    return [
        message
        for channel in here.town.space.channels.values()
        if channel.is_im and user in channel.members
        for message in channel.messages.values()
    ]


async def test_a_card_is_posted_with_text_for_those_who_cannot_see_blocks() -> None:
    async with slacktown() as here:
        receipt = await here.platform.perform(Post(JOBS, CARD), key="k#0")
        (message,) = here.jobs.messages.values()

    assert receipt.external_id == f"T1/C1/{message['ts']}"
    assert message["text"] == "P1 urgent\nLook soon."
    assert [block["type"] for block in message["blocks"]] == ["header", "section", "actions"]


async def test_a_reply_to_a_reply_stands_in_the_same_thread() -> None:
    async with slacktown() as here:
        root = here.town.write(here.jobs, "UPIP", "which course?")["ts"]
        to = MessageRef(replace(JOBS, thread=root), "1767621600.000009")
        await here.platform.perform(Reply(MessageRef(JOBS, root), CARD), key="k#0")
        await here.platform.perform(Reply(to, CARD), key="k#1")

        assert len(here.jobs.thread(root)) == 3


async def test_a_direct_message_is_opened_drawn_again_and_taken_back() -> None:
    async with slacktown() as here:
        sent = await here.platform.perform(DirectMessage(ADA, CARD), key="k#0")
        again = Update(SLACK, sent.external_id, Card("P1 urgent", ("Ada took it.",)))
        await here.platform.perform(again, key="k#0~2")
        assert dms(here)[0]["text"] == "P1 urgent\nAda took it."
        assert not [block for block in dms(here)[0]["blocks"] if block["type"] == "actions"]

        await here.platform.perform(Withdraw(SLACK, sent.external_id), key="k#1")
        assert dms(here) == []
        with pytest.raises(Permanent, match="message_not_found"):
            await here.platform.perform(again, key="k#0~3")


HOSTILE = (
    "<!channel> <!here> <@UADA> <#C1> <https://evil.example|your bank> &lt;!everyone&gt;",
    "*bold* _it_ `code` ~gone~ > quote @channel @here",
    "[a](https://evil.example) \x00\x1b[31m \u202e \ud800",
    "]|>" * 50,
)


@pytest.mark.parametrize("typed", HOSTILE)
async def test_what_people_typed_can_ping_and_link_nobody(typed: str) -> None:
    card = Card(
        typed, (typed,), (Field(typed, typed),), (Link(typed, "https://example.org"),),
        (Button("b", typed),), typed,
    )  # fmt: skip
    async with slacktown() as here:
        await here.platform.perform(Post(JOBS, card), key="k#0")
        (message,) = here.jobs.messages.values()

    assert "<" not in message["text"]
    assert ">" not in message["text"]
    assert set(_kinds(message["blocks"])) <= {"plain_text"}
    links = [e for b in message["blocks"] if b["type"] == "rich_text"
             for e in b["elements"][0]["elements"] if e["type"] == "link"]  # fmt: skip
    assert [link["url"] for link in links] == ["https://example.org"]


def _kinds(found: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Give the type of every text object in blocks."""
    if isinstance(found, list):
        return [kind for one in found for kind in _kinds(one)]
    if not isinstance(found, dict):
        return []
    own = [found["type"]] if found.get("type") in ("plain_text", "mrkdwn") else []
    return [*own, *(kind for one in found.values() for kind in _kinds(one))]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "slack://open", "", "<https://x>|y"])
async def test_what_is_no_web_address_is_no_link(url: str) -> None:
    async with slacktown() as here:
        await here.platform.perform(Post(JOBS, Card("T", links=(Link("here", url),))), key="k#0")
        (message,) = here.jobs.messages.values()

    assert "'type': 'link'" not in str(message["blocks"])


@pytest.mark.parametrize(
    "card",
    [
        Card("t" * 400),
        Card("T", ("p" * 30_000,)),
        Card("T", tuple("word " * 90 for _ in range(60))),
        Card("T", fields=tuple(Field("n" * 300, "v" * 3_000) for _ in range(40))),
        Card("T", links=tuple(Link("l" * 3_000, f"https://example.org/{n}") for n in range(2))),
        Card("T", buttons=tuple(Button(f"b{n}", "x" * 90) for n in range(4)), footer="f" * 3_000),
        Card("", ("", " "), (Field("", ""),), footer=" "),
    ],
    ids=["title", "paragraph", "paragraphs", "fields", "links", "buttons", "empty"],
)
async def test_slack_takes_every_card_however_long(card: Card) -> None:
    async with slacktown() as here:
        assert await here.platform.perform(Post(JOBS, card), key="k#0")
        await here.platform.perform(ShowHome(ADA, "T1", (card,) * 60), key="k#1")

        assert len(here.town.space.homes["UADA"]["blocks"]) <= 100


@pytest.mark.parametrize("trouble", [LOSE_ANSWER, LOSE_REQUEST, BROKEN])
async def test_an_uncertain_send_is_looked_up_before_it_is_tried_again(trouble: str) -> None:
    async with slacktown() as here:
        await here.platform.perform(DirectMessage(ADA, CARD), key="k#0")
        here.slack.trouble["chat.postMessage"] = [trouble]
        with pytest.raises(Temporary):
            await here.platform.perform(DirectMessage(ADA, CARD), key="k#1")
        receipt = await here.platform.perform(DirectMessage(ADA, CARD), key="k#1")

        assert [m["metadata"]["event_payload"]["key"] for m in dms(here)] == ["k#0", "k#1"]
        assert receipt.external_id.endswith(dms(here)[1]["ts"])


async def test_what_was_sent_before_the_process_died_is_found_again() -> None:
    async with slacktown() as here:
        first = await here.platform.perform(DirectMessage(ADA, CARD), key="k#0")
        in_thread = Reply(MessageRef(JOBS, here.town.write(here.jobs, "UPIP", "hi")["ts"]), CARD)
        second = await here.platform.perform(in_thread, key="k#1")
        here.again()

        assert await here.platform.perform(DirectMessage(ADA, CARD), key="k#0") == first
        assert await here.platform.perform(in_thread, key="k#1") == second
        assert len(dms(here)) == 1


async def test_a_sold_app_does_not_keep_a_page_waiting_for_a_look() -> None:
    async with slacktown(reach=SOLD) as here:
        here.slack.limits.is_on = here.slack.limits.is_sold = True
        for number, to in enumerate((ADA, PIP)):
            await here.platform.perform(DirectMessage(to, CARD), key=f"k#{number}")

        assert len(dms(here)) == len(dms(here, "UPIP")) == 1


@pytest.mark.parametrize(
    ("method", "error", "says"),
    [
        ("is_archived", Permanent, "archived"),
        ("not_in_channel", Permanent, "/invite"),
        ("channel_not_found", Permanent, "no such channel"),
        ("missing_scope", Permanent, "scope chat:write"),
        ("token_revoked", Permanent, "install the app again"),
        ("invalid_auth", Permanent, "copy it again"),
        ("ratelimited", Temporary, "wait"),
        ("cannot_dm_bot", Permanent, "bot"),
        ("user_disabled", Permanent, "deactivated"),
    ],
)
async def test_each_refusal_says_what_to_do(method: str, error: type[Exception], says: str) -> None:
    async with slacktown() as here:
        action = _refused_by(here, method)
        if method != "invalid_auth":
            await here.platform.standing(ADA, SpaceRef(SLACK, "T1"))
        _break(here, method)
        with pytest.raises(error, match=says) as raised:
            await here.platform.perform(action, key="k#0")
        if method == "ratelimited":
            assert isinstance(raised.value, Temporary)
            assert raised.value.retry_after == timedelta(seconds=1)


def _refused_by(here: Slacktown, error: str) -> Action:
    match error:
        case "channel_not_found":
            return Post(replace(JOBS, channel="C404"), CARD)
        case "cannot_dm_bot":
            return DirectMessage(AccountRef(SLACK, "UBOT"), CARD)
        case "user_disabled":
            here.town.space.users["UADA"].deleted = True
            return DirectMessage(ADA, CARD)
        case _:
            return Post(JOBS, CARD)


def _break(here: Slacktown, error: str) -> None:
    token = here.slack.tokens[BOT_TOKEN]
    match error:
        case "is_archived":
            here.jobs.is_archived = True
        case "not_in_channel":
            here.jobs.members.discard("UBOT")
        case "missing_scope":
            here.slack.tokens[BOT_TOKEN] = Token(("T1",), token.scopes - {"chat:write"})
        case "token_revoked":
            token.is_revoked = True
        case "invalid_auth":
            del here.slack.tokens[BOT_TOKEN]
        case "ratelimited":
            here.slack.limits.is_on = True
            here.slack.limits.wait("chat.postMessage", 0, "T1", "C1")
        case _:
            pass


@pytest.mark.parametrize("is_private", [False, True])
async def test_it_goes_into_a_public_channel_to_post_where_it_may(
    is_private: bool,  # noqa: FBT001 - both kinds
) -> None:
    async with slacktown() as here:
        scopes = here.slack.tokens[BOT_TOKEN].scopes | {"channels:join"}
        here.slack.tokens[BOT_TOKEN] = Token(("T1",), scopes)
        here.jobs.members.discard("UBOT")
        here.jobs.is_private = is_private
        if is_private:
            with pytest.raises(Permanent, match="no such channel"):
                await here.platform.perform(Post(JOBS, CARD), key="k#0")
        else:
            await here.platform.perform(Post(JOBS, CARD), key="k#0")

        assert len(here.jobs.messages) == (0 if is_private else 1)


async def _press(here: Slacktown, key: str = "k#0") -> Pressed:
    await here.platform.perform(Post(JOBS, CARD), key=key)
    ts = list(here.jobs.messages)[-1]
    await here.town.interacts(here.town.press(here.jobs, ts, "UADA", "alert.take"))
    pressed: list[Pressed] = await here.inbox.until(Pressed)
    return pressed[-1]


async def test_a_press_says_who_pressed_what_on_which_message() -> None:
    async with slacktown() as here, here.running():
        pressed = await _press(here)

    ts = next(iter(here.jobs.messages))
    assert (pressed.by, pressed.button, pressed.on) == (ADA, "alert.take", f"T1/C1/{ts}")
    assert pressed.place == JOBS


async def test_a_press_in_a_thread_says_so_and_one_in_a_direct_message_is_in_no_place() -> None:
    async with slacktown() as here, here.running():
        await here.platform.perform(Post(JOBS, CARD), key="k#0")
        await here.platform.perform(DirectMessage(ADA, CARD), key="k#1")
        (ts,) = here.jobs.messages
        dm = next(one for one in here.town.space.channels.values() if one.is_im)
        await here.town.interacts(here.town.press(here.jobs, ts, "UADA", "alert.take", "1.1"))
        await here.town.interacts(
            here.town.press(dm, next(iter(dm.messages)), "UADA", "alert.take")
        )
        pressed = await here.inbox.until(Pressed, 2)

    assert {one.place for one in pressed} == {replace(JOBS, thread="1.1"), None}


@pytest.mark.parametrize("minutes", [0, 31])
async def test_whoever_pressed_is_answered_for_their_eyes_only(minutes: int) -> None:
    more = Card("More", buttons=(Button("alert.close/helped", "We helped"),))
    async with slacktown() as here, here.running():
        pressed = await _press(here)
        here.clock.turn(minutes=minutes)  # response_url lives for 30
        receipt = await here.platform.perform(ShowPrivately(ADA, pressed.id, more), key="p#0")
        ((seer, shown),) = here.town.space.ephemerals
        answer = here.town.press_ephemeral(shown, "C1", "UADA", "alert.close/helped")
        await here.town.interacts(answer)
        _, second = await here.inbox.until(Pressed, 2)

    assert seer == "UADA"
    assert (second.button, second.on) == ("alert.close/helped", receipt.external_id)
    assert here.slack.calls["chat.postEphemeral"] == (1 if minutes else 0)


async def test_where_slack_takes_no_sixth_answer_another_way_is_found() -> None:
    async with slacktown() as here, here.running():
        pressed = await _press(here)
        for number in range(6):
            answer = ShowPrivately(ADA, pressed.id, CARD)
            await here.platform.perform(answer, key=f"p#{number}")

        assert [seer for seer, _ in here.town.space.ephemerals] == ["UADA"] * 6
        assert len(here.slack.answered) == 5


async def test_after_a_restart_whoever_pressed_is_still_answered_where_they_did() -> None:
    async with slacktown() as here:
        async with here.running():
            pressed = await _press(here)
        here.again()
        await here.platform.perform(ShowPrivately(ADA, pressed.id, CARD), key="p#0")

        assert [seer for seer, _ in here.town.space.ephemerals] == ["UADA"]


async def test_who_is_not_in_the_channel_is_answered_by_direct_message() -> None:
    async with slacktown() as here:
        asked = ShowPrivately(ADA, "T1/C2/UADA/1.1", CARD)  # she is not in #advice
        await here.platform.perform(asked, key="p#0")

        assert here.town.space.ephemerals == []
        assert len(dms(here)) == 1


@pytest.mark.parametrize("seconds", [0, 4])
async def test_a_form_is_opened_while_slack_waits_and_not_after(seconds: int) -> None:
    form = Form("note", "A long title for an accuracy note", (Line("what", "What is wrong?"),))
    async with slacktown() as here, here.running():
        pressed = await _press(here)
        here.clock.turn(seconds=seconds)
        asked = OpenForm(ADA, pressed.id, form)
        if seconds:
            with pytest.raises(Permanent, match="3 seconds"):
                await here.platform.perform(asked, key="f#0")
        else:
            await here.platform.perform(asked, key="f#0")

        assert len(here.slack.views) == (0 if seconds else 1)


async def test_buttons_of_the_home_page_are_told_apart_and_heard_as_they_are() -> None:
    async with slacktown() as here, here.running():
        await here.platform.perform(ShowHome(ADA, "T1", (CARD, CARD)), key="h#0")
        await here.town.interacts(here.town.press_home("UADA", "1:alert.take"))
        (pressed,) = await here.inbox.until(Pressed)

    assert (pressed.button, pressed.on, pressed.by) == ("alert.take", "", ADA)


async def test_our_own_messages_are_those_of_a_bot() -> None:
    async with slacktown() as here, here.running():
        await here.platform.perform(Post(JOBS, CARD), key="k#0")
        (message,) = here.jobs.messages.values()
        await here.town.tell(here.town.event(here.jobs, message))
        (posted,) = await here.inbox.until(Posted)

    assert posted.message.origin == "bot"
