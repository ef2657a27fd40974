"""Small exports in the shapes that DiscordChatExporter and Slack write, with words of our own."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, TypeAlias

Raw: TypeAlias = dict[str, Any]

GUILD = "700000000000000001"
CHANNEL = "800000000000000001"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST_ID = 1_300_000_000_000_000_000
TEXTS = (
    "Has anyone been to the apprenticeship open day? I liked the workshop.",
    "My offer ends on Friday and I still wait for the other company.",
    "I updated my CV.\n\nThe second page is now gone.",
    "Thanks! That helped a lot 🙂",
)


def discord_author(id_: str = "900000000000000001", **more: object) -> Raw:
    author: Raw = {
        "id": id_,
        "name": f"user{id_[-2:]}",
        "discriminator": "0000",
        "nickname": f"User {id_[-2:]}",
        "color": None,
        "isBot": False,
        "roles": [{"id": "950000000000000001", "name": "Member", "color": None, "position": 1}],
        "avatarUrl": f"https://cdn.example.org/avatars/{id_}/0123456789abcdef.png?size=512",
    }
    return author | more


def discord_message(number: int = 0, **more: object) -> Raw:
    """The keys of version 2.4x; `more` adds to them or replaces them."""
    message: Raw = {
        "id": str(FIRST_ID + number),
        "type": "Default",
        "timestamp": (START + timedelta(minutes=number)).isoformat(),
        "timestampEdited": None,
        "callEndedTimestamp": None,
        "isPinned": False,
        "content": TEXTS[number % len(TEXTS)],
        "author": discord_author(f"9000000000000000{number % 90 + 10}"),
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
        "inlineEmojis": [],
    }
    return message | more


def discord_head(**channel: object) -> Raw:
    """Everything that comes before the messages; `channel` replaces keys of the channel."""
    return {
        "guild": {"id": GUILD, "name": "Example server", "iconUrl": "icon.png"},
        "channel": {
            "id": CHANNEL,
            "type": "GuildTextChat",
            "categoryId": "810000000000000001",
            "category": "Text Channels",
            "name": "job-search",
            "topic": None,
        }
        | channel,
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2026-04-01T00:00:00+00:00",
    }


def discord_json(messages: Sequence[object], **channel: object) -> bytes:
    whole = discord_head(**channel) | {"messages": messages, "messageCount": len(messages)}
    return json.dumps(whole, indent=2, ensure_ascii=False).encode()


def discord_csv(rows: Sequence[Sequence[str]]) -> bytes:
    head = "AuthorID,Author,Date,Content,Attachments,Reactions\r\n"
    lines = [",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows]
    return (head + "".join(f"{line}\r\n" for line in lines)).encode()


def csv_row(number: int = 0, content: str | None = None) -> list[str]:
    at = (START + timedelta(minutes=number)).isoformat()
    text = TEXTS[number % len(TEXTS)] if content is None else content
    return ["900000000000000001", "user01", at, text, "", "👍 (2)"]


def slack_ts(number: int = 0) -> str:
    return f"{int(START.timestamp()) + 60 * number}.{number:06}"


def slack_message(number: int = 0, **more: object) -> Raw:
    message: Raw = {
        "user": "U0EXAMPL1",
        "type": "message",
        "ts": slack_ts(number),
        "client_msg_id": f"00000000-0000-0000-0000-{number:012}",
        "text": TEXTS[number % len(TEXTS)],
        "team": "T0EXAMPLE",
        "user_team": "T0EXAMPLE",
        "user_profile": {"real_name": "Ada Example", "display_name": "ada"},
        "blocks": [{"type": "rich_text", "block_id": "b1", "elements": []}],
    }
    return message | more


def slack_member(id_: str, name: str, **more: object) -> Raw:
    profile = {"real_name": name.title(), "display_name": name}
    return {"id": id_, "team_id": "T0EXAMPLE", "name": name, "profile": profile} | more


SLACK_LISTS: Mapping[str, Sequence[Raw]] = {
    "channels.json": [{"id": "C0EXAMPL1", "name": "job-search", "members": []}],
    "groups.json": [{"id": "G0EXAMPL1", "name": "mentors", "members": []}],
    "dms.json": [{"id": "D0EXAMPL1", "members": ["U0EXAMPL1", "U0EXAMPL2"]}],
    "mpims.json": [{"id": "G0EXAMPL2", "name": "mpdm-ada--ben--cy-1", "members": []}],
    "users.json": [
        slack_member("U0EXAMPL1", "ada"),
        slack_member("U0EXAMPL2", "ben", deleted=True),
        slack_member("U0EXAMPL3", "pollbot", is_bot=True),
    ],
    "integration_logs.json": [],
    "canvases.json": [],
}


def slack_files(days: Mapping[str, Sequence[object]]) -> dict[str, bytes]:
    """The lists and these days ("job-search/2026-03-02.json") as Slack writes them."""
    return {
        name: json.dumps(list(entries), indent=4).encode()
        for name, entries in {**SLACK_LISTS, **days}.items()
    }


def zipped(files: Mapping[str, bytes], root: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(root + name, content)
    return packed.getvalue()


def in_folder(root: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def write_long(file: IO[bytes], count: int) -> None:
    """A Discord export of `count` messages, written without holding them."""
    head, tail = discord_json([{}]).split(b"{}")
    file.write(head)
    file.writelines(_joined(count))
    file.write(tail)


def _joined(count: int) -> Iterator[bytes]:
    for number in range(count):
        text = json.dumps(discord_message(number), indent=2, ensure_ascii=False)
        yield (",\n" if number else "").encode() + text.encode()
