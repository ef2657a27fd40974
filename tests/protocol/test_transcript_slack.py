"""Slack's export, a folder or a ZIP, as events."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.transcript.window import Window
from bot.domain.message import Message, Origin
from tests.support.exports import (
    in_folder,
    slack_files,
    slack_message,
    slack_ts,
    zipped,
)
from tests.support.inbox import replayed

DAY = "job-search/2026-03-02.json"
NEXT_DAY = "job-search/2026-03-03.json"


def packed(tmp_path: Path, days: Mapping[str, Sequence[object]]) -> Path:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(slack_files(days)))
    return path


async def only_message(tmp_path: Path, **more: object) -> Message:
    inbox, platform = await replayed(packed(tmp_path, {DAY: [slack_message(0, **more)]}))
    assert [problem.line for problem in platform.problems] == []
    (message,) = inbox.messages
    return message


@pytest.mark.parametrize("root", ["", "My export/"])
async def test_a_folder_and_a_zip_of_it_read_the_same(tmp_path: Path, root: str) -> None:
    files = slack_files({DAY: [slack_message(0), slack_message(1)], NEXT_DAY: [slack_message(2)]})
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped(files, root))
    from_zip, _ = await replayed(archive)
    from_folder, _ = await replayed(in_folder(tmp_path / "folder", files))
    assert len(from_zip.messages) == 3
    assert from_zip.events == from_folder.events


async def test_a_message_keeps_who_where_when_and_its_link(tmp_path: Path) -> None:
    message = await only_message(tmp_path, edited={"user": "U0EXAMPL1", "ts": slack_ts(5)})
    place = message.ref.place
    assert (place.platform, place.space, place.channel) == ("slack", "T0EXAMPLE", "C0EXAMPL1")
    assert (place.thread, place.name) == (None, "#job-search")
    assert message.ref.id == message.position == slack_ts(0) == "1772442000.000000"
    assert message.author.id == "U0EXAMPL1"
    assert message.sent_at.isoformat() == "2026-03-02T09:00:00+00:00"
    assert message.edited_at is not None
    assert message.edited_at.minute == 5
    link = "https://app.slack.com/client/T0EXAMPLE/C0EXAMPL1/p1772442000000000"
    assert message.link == link


async def test_a_reply_is_in_its_thread_but_what_begins_is_the_channel(tmp_path: Path) -> None:
    entries = [slack_message(0, thread_ts=slack_ts(0)), slack_message(1, thread_ts=slack_ts(0))]
    inbox, _ = await replayed(packed(tmp_path, {DAY: entries}))
    parent, reply = inbox.messages
    assert [place.thread for place in inbox.opened] == [None]
    assert (parent.ref.place.thread, parent.reply_to) == (None, None)
    assert (reply.ref.place.thread, reply.reply_to) == (slack_ts(0), slack_ts(0))
    assert reply.ref.place.channel == parent.ref.place.channel


async def test_names_come_from_the_lists_and_files_are_counted(tmp_path: Path) -> None:
    message = await only_message(
        tmp_path,
        text="<@U0EXAMPL2> &amp; all: see <#C0EXAMPL1>",
        files=[{"id": "F1", "mode": "tombstone"}, {"id": "F2", "mode": "hidden_by_limit"}],
        attachments=[{"title": "an unfurled page"}],
    )
    assert message.text == "@ben & all: see #job-search"
    assert message.mentions == ("ben",)
    assert message.attachments == 2


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, Origin.MEMBER),
        ({"subtype": "me_message"}, Origin.MEMBER),
        ({"subtype": "thread_broadcast"}, Origin.MEMBER),
        ({"subtype": "file_share", "file": {"id": "F1"}}, Origin.MEMBER),
        ({"user": "U0EXAMPL2"}, Origin.DELETED_MEMBER),
        ({"user": "U0STRANGE"}, Origin.MEMBER),
        ({"user": "U0EXAMPL3"}, Origin.BOT),
        ({"bot_id": "B1"}, Origin.BOT),
        ({"subtype": "bot_message", "bot_id": "B1", "user": None}, Origin.BOT),
        ({"user": "USLACKBOT"}, Origin.BOT),
        ({"subtype": "channel_join"}, Origin.SYSTEM),
        ({"subtype": "channel_topic"}, Origin.SYSTEM),
        ({"subtype": "bot_add", "bot_id": "B1"}, Origin.SYSTEM),
        ({"subtype": "tombstone", "user": "USLACKBOT", "hidden": True}, Origin.SYSTEM),
        ({"subtype": "not_known_yet"}, Origin.SYSTEM),
    ],
)
async def test_the_origin_says_whose_words_these_are(
    tmp_path: Path, more: dict[str, Any], expected: Origin
) -> None:
    assert (await only_message(tmp_path, **more)).origin == expected


async def test_a_comment_on_a_file_is_what_its_author_typed(tmp_path: Path) -> None:
    message = await only_message(
        tmp_path,
        subtype="file_comment",
        user=None,
        text="<@U0EXAMPL1> commented on a file: `too long`",
        file={"id": "F1"},
        comment={"user": "U0EXAMPL1", "comment": "too long"},
    )
    assert (message.author.id, message.origin) == ("U0EXAMPL1", Origin.MEMBER)
    assert (message.text, message.attachments) == ("too long", 1)


PRIVATE_DAYS = {
    DAY: [slack_message(0)],
    "mentors/2026-03-02.json": [slack_message(1)],
    "D0EXAMPL1/2026-03-02.json": [slack_message(2)],
    "mpdm-ada--ben--cy-1/2026-03-02.json": [slack_message(3)],
    "D0STRANGE/2026-03-02.json": [slack_message(4)],
    "strange/2026-03-02.json": [slack_message(5)],
}
DIRECT = "direct messages are never read"
PRIVATE = "a private channel or thread is read only when it is named"
NOT_ASKED = "not among the channels asked for"
UNLISTED = "a folder that the export does not list as a channel"


@pytest.mark.parametrize(
    ("asked", "read", "left_out"),
    [
        ((), ["#job-search"], {PRIVATE: 1, DIRECT: 3, UNLISTED: 1}),
        (("#Mentors",), ["#mentors"], {NOT_ASKED: 1, DIRECT: 3, UNLISTED: 1}),
        (("C0EXAMPL1",), ["#job-search"], {PRIVATE: 1, DIRECT: 3, UNLISTED: 1}),
        (("strange",), ["#strange"], {NOT_ASKED: 1, PRIVATE: 1, DIRECT: 3}),
        (("D0EXAMPL1", "D0STRANGE"), [], {NOT_ASKED: 1, PRIVATE: 1, DIRECT: 3, UNLISTED: 1}),
    ],
)
async def test_only_public_channels_and_named_private_ones_are_read(
    tmp_path: Path, asked: tuple[str, ...], read: list[str], left_out: dict[str, int]
) -> None:
    window = Window(channels=frozenset(asked))
    inbox, platform = await replayed(packed(tmp_path, PRIVATE_DAYS), window=window)
    assert [place.name for place in inbox.opened] == read
    assert len(inbox.messages) == len(read)
    assert platform.left_out == left_out


@pytest.mark.parametrize(
    ("flag", "reason"), [("is_private", PRIVATE), ("is_im", DIRECT), ("is_mpim", DIRECT)]
)
async def test_a_flag_counts_for_more_than_the_list_that_holds_the_channel(
    tmp_path: Path, flag: str, reason: str
) -> None:
    files = slack_files({DAY: [slack_message(0)]})
    files["channels.json"] = files["channels.json"].replace(
        b'"id"', f'"{flag}": true, "id"'.encode()
    )
    inbox, platform = await replayed(in_folder(tmp_path, files))
    assert inbox.events == []
    listed = {PRIVATE: 1, DIRECT: 2}
    assert platform.left_out == listed | {reason: listed[reason] + 1}


async def test_without_channels_json_nothing_counts_as_public(tmp_path: Path) -> None:
    files = slack_files(PRIVATE_DAYS)
    del files["channels.json"], files["groups.json"]
    inbox, platform = await replayed(in_folder(tmp_path, files))
    assert inbox.events == []
    assert platform.left_out == {UNLISTED: 3, DIRECT: 3}
    assert "channels.json" in platform.problems[0].line


async def test_days_are_read_in_order_and_other_files_are_not_days(tmp_path: Path) -> None:
    days = {
        "job-search/2026-03-03.json": [slack_message(1440)],
        "job-search/2026-03-02.json": [slack_message(0)],
        "job-search/canvas_in_the_conversation.json": [slack_message(5)],
    }
    inbox, _ = await replayed(packed(tmp_path, days))
    assert [message.ref.id for message in inbox.messages] == [slack_ts(0), slack_ts(1440)]
    assert len(inbox.opened) == 1
