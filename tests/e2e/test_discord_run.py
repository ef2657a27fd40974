"""The real command in a process of its own, on the fake Discord: started, stopped and killed."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.data.desk import SHIPPED, load_desk
from tests.support import warm
from tests.support.discord_desk import ADA, BO, LAST
from tests.support.fake_discord.limits import Fault
from tests.support.fake_discord.server import TOKEN, FakeDiscord, fake_discord
from tests.support.live import GRAVE
from tests.support.waymark import environment, waymark

DESK = f"""
id: north
name: North careers desk
region: GB-ENG
language: en
practitioners:
  - {{name: Ada, account: "discord:{ADA}"}}
  - {{name: Bo, account: "discord:{BO}"}}
last_resort: "discord:{LAST}"
supervisor: "discord:{LAST}"
watched: [job-search]
consent: notice_opt_out
opted_out: []
opted_in: []
pages_per_person: 2
"""


def settings(**more: str) -> dict[str, str]:
    return environment(WAYMARK_DISCORD_TOKEN=TOKEN, **more)


@asynccontextmanager
async def server() -> AsyncIterator[FakeDiscord]:
    async with fake_discord(lambda: datetime.now(UTC)) as discord:
        for who in (ADA, BO, LAST):
            discord.state.add_member("10", who)
        yield discord


@asynccontextmanager
async def running(
    discord: FakeDiscord, folder: Path, desk: str = DESK, **more: str
) -> AsyncIterator[warm.Warm]:
    """Start `waymark run`, or start it again on what it left in `folder`."""
    (folder / "desk.yaml").write_text(desk, encoding="utf-8")
    gateway = discord.gateway.address()
    rest = gateway.replace("ws://", "http://") + "api/v10"
    args = ["run", "--into", str(folder / "desk.db"), "--desk-config", str(folder / "desk.yaml")]
    discord.gateway.ready.clear()
    with warm.start(
        "tests.support.discord_process", rest, gateway, *args, env=settings(**more), err=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


async def until(is_so: Callable[[], object]) -> None:
    while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0.01)


def counted(folder: Path) -> int:
    """Give how many messages the ledger has read, in the database of another process."""
    path = folder / "desk.db"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        query = "SELECT coalesce(sum(n), 0) FROM ledger WHERE count = 'read'"
        (count,) = connection.execute(query).fetchone()
    return int(count)


async def test_it_runs_until_it_is_told_to_stop_and_ends_well(tmp_path: Path) -> None:
    async with server() as discord, running(discord, tmp_path) as process:
        await discord.gateway.ready.wait()
        await discord.say("20", "7", GRAVE)
        await until(lambda: discord.dms(ADA) and discord.dms(BO))
        process.send_signal(signal.SIGTERM)
        await process.ended()
        _, err = process.communicate()

    assert process.returncode == 0, err.decode()
    assert b"is on duty on discord" in err
    assert counted(tmp_path) == 1


@pytest.mark.parametrize("said", [b"Starting", b"Connecting to discord"])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
async def test_whoever_stops_it_while_it_starts_meets_no_error(
    tmp_path: Path, sign: signal.Signals, said: bytes
) -> None:
    async with server() as discord:
        discord.limits.faults.append(Fault("GET", "/users/@me", 503, times=1_000))
        async with running(discord, tmp_path) as process:
            err = await asyncio.to_thread(read_until, process, said)
            process.send_signal(sign)
            await process.ended()
            err += process.communicate()[1]

    assert process.returncode == 0, err
    assert b"Traceback" not in err
    assert b"Aborted" not in err
    assert b"on duty" not in err  # nobody could be told of anything


async def test_a_bot_that_is_in_no_server_yet_is_said_to_be_so(tmp_path: Path) -> None:
    async with server() as discord:
        discord.state.guilds.clear()
        async with running(discord, tmp_path) as process:
            err = await asyncio.to_thread(read_until, process, b"in no server or workspace")

    assert b"on duty" not in err


def read_until(process: warm.Warm, said: bytes) -> bytes:
    """Give what it has said so far, once that was among it."""
    assert process.stderr is not None
    heard = b""
    while said not in heard:
        some = os.read(process.stderr.fileno(), 1 << 16)
        assert some, heard
        heard += some
    return heard


async def test_a_second_bot_on_the_same_database_is_refused(tmp_path: Path) -> None:
    args = ("run", "--into", tmp_path / "desk.db", "--desk-config", tmp_path / "desk.yaml")
    async with server() as discord, running(discord, tmp_path):
        await discord.gateway.ready.wait()
        ran = await asyncio.to_thread(waymark, *args, WAYMARK_DISCORD_TOKEN=TOKEN)

    assert ran.code == 78, ran.err
    assert "another bot keeps a desk in it now" in ran.err


async def test_a_copy_of_the_example_that_nobody_has_named_is_told(tmp_path: Path) -> None:
    unnamed = DESK.replace("North careers desk", "Replay desk")
    async with server() as discord, running(discord, tmp_path, unnamed) as process:
        await discord.gateway.ready.wait()
        process.send_signal(signal.SIGTERM)
        await process.ended()
        _, err = process.communicate()

    assert load_desk(SHIPPED).name == "Replay desk"
    assert b"The desk is still called 'Replay desk'" in err
    assert b"which is 'GB-ENG' now" in err


async def test_it_is_killed_in_a_flood_and_started_again_and_nothing_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    cues_alone = {"WAYMARK_WEIGHTS": str(tmp_path)}  # what alerts is known beforehand
    async with server() as discord:
        for number in range(10):
            discord.state.add_member("10", str(1000 + number))
        async with running(discord, tmp_path, **cues_alone) as process:
            await discord.gateway.ready.wait()
            await discord.say("20", "7", "the first")
            await until(lambda: counted(tmp_path) == 1)
            for number in range(400):
                grave, who = number % 80 == 40, str(1000 + number // 80)
                await discord.say("20", who, GRAVE if grave else f"chat {number}")
            await until(lambda: discord.dms(ADA))
            process.kill()
            await process.ended()
        channel = discord.state.channels["20"]
        for number in range(400, 800):
            grave, who = number % 80 == 40, str(1000 + number // 80)
            discord.state.message(channel, who, GRAVE if grave else f"chat {number}")
        async with running(discord, tmp_path, **cues_alone) as process:
            await until(lambda: counted(tmp_path) == 801)
            await until(lambda: len(discord.dms(ADA)) >= 10 and len(discord.dms(BO)) >= 10)
            process.send_signal(signal.SIGTERM)
            await process.ended()
        links = {who: [link(dm) for dm in discord.dms(who)] for who in (ADA, BO)}

    for who in (ADA, BO):
        assert len(links[who]) == len(set(links[who])) == 10


def link(message: dict[str, object]) -> str:
    """Give what a page leads to."""
    rows = message["components"]
    assert isinstance(rows, list)
    return str(next(b["url"] for row in rows for b in row["components"] if "url" in b))


@pytest.mark.parametrize(
    ("token", "allowed", "says"),
    [("wrong", 1 << 15, "Reset Token"), (TOKEN, 0, "Message Content Intent")],
)
async def test_what_a_person_must_mend_is_one_line_and_exit_code_78(
    token: str, allowed: int, says: str, tmp_path: Path
) -> None:
    async with server() as discord:
        discord.gateway.token, discord.gateway.allowed = TOKEN, allowed
        if token != TOKEN:
            discord.gateway.token = token
        async with running(discord, tmp_path) as process:
            await process.ended()
            _, err = process.communicate()

    assert process.returncode == 78
    lines = [
        line
        for line in err.decode().splitlines()
        if not line.startswith(("Starting", "Connecting"))
    ]
    assert len(lines) == 1, err.decode()
    assert says in lines[0]


async def test_while_discord_is_away_it_keeps_trying(tmp_path: Path) -> None:
    async with server() as discord:
        away = discord.limits.faults
        away.append(Fault("GET", "/users/@me", 503, times=1))
        away.append(Fault("GET", "/gateway/bot", 503, times=1))
        async with running(discord, tmp_path) as process:
            await discord.gateway.ready.wait()
            process.send_signal(signal.SIGTERM)
            await process.ended()
            _, err = process.communicate()

    assert process.returncode == 0
    assert err.count(b"trying again") == 2


def test_without_a_token_it_says_what_to_set(tmp_path: Path) -> None:
    """Whoever names a desk, or sets half of a platform up, does not want to practise."""
    into = ("run", "--into", tmp_path / "desk.db")
    for ran, missing in (
        (waymark(*into, "--desk-config", SHIPPED), "WAYMARK_DISCORD_TOKEN"),
        (waymark(*into), "WAYMARK_DISCORD_TOKEN"),
        (waymark("run", WAYMARK_SLACK_APP_TOKEN="xapp-1"), "WAYMARK_SLACK_BOT_TOKENS is not set"),  # noqa: S106 - no token
    ):
        assert ran.code == 78
        assert missing in ran.err


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("WAYMARK_DISCORD_TOKEN=MTIz\n", "set -a; . ./.env"),
        ("WAYMARK_DISCORD_TOKEN=\n", "Set WAYM"),
    ],
)
def test_a_token_that_was_not_loaded_is_noticed(tmp_path: Path, written: str, says: str) -> None:
    (tmp_path / ".env").write_text(written)
    args = ("run", "--into", tmp_path / "desk.db", "--desk-config", SHIPPED)
    with warm.start("bot", *args, env=environment(), err=True, cwd=tmp_path) as process:
        _, err = process.communicate()

    assert process.returncode == 78
    assert says in err.decode()


def test_a_desk_that_is_elsewhere_is_told_apart_from_one_that_is_here(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(
        DESK.replace(f'last_resort: "discord:{LAST}"', "last_resort: transcript:last").replace(
            f'"discord:{BO}"', '"slack:U2", accounts: ["slack:U3"]'
        )
    )
    into = ("run", "--into", tmp_path / "desk.db")
    ran = waymark(*into, "--desk-config", path, WAYMARK_DISCORD_TOKEN=TOKEN)
    none = waymark(*into, WAYMARK_DISCORD_TOKEN=TOKEN)

    assert (ran.code, none.code) == (78, 78)
    slack, transcript = ran.err.splitlines()[-2:]
    assert slack.startswith("WAYMARK_SLACK_BOT_TOKENS is not set, so nobody is told anything there")
    assert ": Bo (slack:U2). Set it, or write accounts such as discord:1" in slack
    assert "'transcript' is for replays and practice alone" in transcript
    assert "last_resort (transcript:last). Write accounts such as discord:1" in transcript
    assert "No desk file was named" in none.err


async def test_an_account_on_a_platform_without_a_token_is_said_to_be_of_no_use(
    tmp_path: Path,
) -> None:
    two = DESK.replace(f'"discord:{BO}"', f'"discord:{BO}", accounts: ["slack:U3"]')
    async with server() as discord, running(discord, tmp_path, desk=two) as process:
        await discord.gateway.ready.wait()
        process.send_signal(signal.SIGTERM)
        await process.ended()
        _, err = process.communicate()

    assert process.returncode == 0
    said = b"WAYMARK_SLACK_BOT_TOKENS is not set, so these further accounts are of no use: "
    assert said + b"Bo (slack:U3)." in err


def test_the_invite_asks_for_no_more_than_it_needs() -> None:
    whole = waymark("discord", "invite", WAYMARK_DISCORD_TOKEN=TOKEN)
    reading = waymark("discord", "invite", "--read-only", WAYMARK_DISCORD_TOKEN=TOKEN)

    assert whole.code == reading.code == 0
    assert "client_id=123&" in whole.out
    assert f"permissions={1 << 10 | 1 << 16}&" in reading.out
    posting = 1 << 11 | 1 << 14 | 1 << 38 | 1 << 51
    assert f"permissions={1 << 10 | 1 << 16 | posting}&" in whole.out


def test_a_token_that_is_none_is_told_from_one_that_is_missing(tmp_path: Path) -> None:
    with warm.start("bot", "discord", "invite", env=environment(), err=True, cwd=tmp_path) as bare:
        _, missing = bare.communicate()
    wrong = [
        waymark("discord", "invite", WAYMARK_DISCORD_TOKEN=one)
        for one in ("hello", "MTIz", "MTIz..x", "123456789012345678", "b8c1" * 8)
    ]

    assert bare.returncode == 78
    assert missing.startswith(b"WAYMARK_DISCORD_TOKEN is not set. Set it to the bot's token")
    for ran in wrong:
        assert (ran.code, ran.out) == (78, "")
        assert ran.err.startswith("WAYMARK_DISCORD_TOKEN is set, but to something else than a bot")
        assert "Bot, Reset Token" in ran.err
    assert "hello" not in wrong[0].err


def test_what_is_no_token_is_named_before_a_platform_is_asked(tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").write_text(DESK)
    args = ("run", "--into", tmp_path / "desk.db", "--desk-config", tmp_path / "desk.yaml")
    ran = waymark(
        *args,
        WAYMARK_DISCORD_TOKEN="hello",  # noqa: S106 - no token
        WAYMARK_SLACK_BOT_TOKENS="xoxb-1 xapp-2",
        WAYMARK_SLACK_APP_TOKEN="xoxb-3",  # noqa: S106 - as above
        WAYMARK_WEIGHTS=str(tmp_path),
    )

    discord, bots, app = [one for one in ran.err.splitlines() if one.startswith("WAYMARK_")]
    assert ran.code == 78
    assert discord.startswith("WAYMARK_DISCORD_TOKEN is set, but to something else")
    assert bots.startswith("WAYMARK_SLACK_BOT_TOKENS is set, but not to bot tokens alone")
    assert app.startswith("WAYMARK_SLACK_APP_TOKEN is set, but to something else")
    assert not any(token in ran.err for token in ("hello", "xapp-2", "xoxb-3"))
