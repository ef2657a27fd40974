"""A space that the bot had to leave while it did not run is forgotten at its next start."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.app import App
from bot.domain.space import Joined, SpaceRef
from bot.ports import Misconfigured
from bot.store.engine import Store, open_store
from tests.support.build import DISCORD
from tests.support.discord_desk import LAST as LEE
from tests.support.discord_desk import discord_server, on_duty
from tests.support.fake_discord.limits import Fault
from tests.support.fake_discord.server import FakeDiscord
from tests.support.fake_slack.people import settle_in
from tests.support.fake_slack.server import BOT_TOKEN, Token
from tests.support.scripted import Hands
from tests.support.slackdesk import SLACK, copies, slackdesk
from tests.support.slacktown import Slacktown, slacktown

GONE, STAYS = SpaceRef(DISCORD, "11"), SpaceRef(DISCORD, "10")
T1, T2 = SpaceRef(SLACK, "T1"), SpaceRef(SLACK, "T2")
SOON: dict[str, Any] = {"ping_every": 0.05, "knock_every": 0.05}
BOTH: dict[str, Any] = {**SOON, "bot_tokens": (BOT_TOKEN, "xoxb-other")}


async def until(store: Store, is_so: Callable[[set[SpaceRef]], bool]) -> None:
    """Wait for what is kept of spaces."""
    while not is_so({one.space for one in await store.joined.all("north")}):  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)


async def joined(folder: Path, name: str) -> set[SpaceRef]:
    async with open_store(f"sqlite:///{folder / name}") as store:
        return {one.space for one in await store.joined.all("north")}


async def places(store: Store) -> set[str]:
    return {key.split(":")[1] for key in await store.ledger.stretches("north")}


# Discord


async def first_day(folder: Path, discord: FakeDiscord, clock: Hands) -> None:
    """Run in two servers, in each of which something is read."""
    discord.state.add_guild("11", "South")
    discord.state.add_member("11", "7")
    discord.state.add_channel("50", "general", guild="11")
    async with on_duty(folder, discord, clock) as here:
        await here.until(lambda: "50" in here.platform.places.opened)
        await discord.say("50", "7", "hello")
        await discord.say("20", "7", "hello")
        await here.until_counted(2)
        await until(here.store, lambda known: known == {GONE, STAYS})


async def test_a_server_that_the_bot_was_kicked_from_meanwhile_is_forgotten(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        await first_day(tmp_path, discord, clock)
        await discord.kick("11")
        async with on_duty(tmp_path, discord, clock) as here:
            await until(here.store, lambda known: known == {STAYS})
            (told,) = await here.pages(LEE, 1)

            assert await places(here.store) == {"10"}

    assert "Removed from a space" in str(told)


async def test_a_server_with_an_outage_is_kept(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        await first_day(tmp_path, discord, clock)
        discord.state.outages.add("11")
        async with on_duty(tmp_path, discord, clock) as here:
            await settled(here.app)

            assert await places(here.store) == {"10", "11"}
    assert await joined(tmp_path, "desk.db") == {STAYS, GONE}


async def settled(app: App) -> None:
    """Return when all that was heard has been followed."""
    assert app.watch is not None
    await app.watch.presence.follow()


async def test_a_server_that_cannot_be_asked_about_is_kept_and_asked_about_again(
    tmp_path: Path,
) -> None:
    async with discord_server() as (discord, clock):
        await first_day(tmp_path, discord, clock)
        await discord.kick("11")
        discord.limits.faults.append(Fault("GET", "/guilds/11", 503))
        async with on_duty(tmp_path, discord, clock) as here:
            await here.until(lambda: not discord.limits.faults[0].times)
            await settled(here.app)
            kept = await places(here.store)
            clock.turn(minutes=6)
            await settled(here.app)
            await until(here.store, lambda known: known == {STAYS})

            assert kept == {"10", "11"}
            assert await places(here.store) == {"10"}


async def test_a_server_that_was_left_while_the_session_was_lost_is_forgotten_at_once(
    tmp_path: Path,
) -> None:
    async with discord_server() as (discord, clock):
        await first_day(tmp_path, discord, clock)
        async with on_duty(tmp_path, discord, clock) as here:
            await here.until(lambda: "50" in here.platform.places.opened)
            del discord.state.guilds["11"].members[discord.state.bot]
            await discord.gateway.cut(forget=True)
            await until(here.store, lambda known: known == {STAYS})

            assert await places(here.store) == {"10"}


async def test_what_another_account_of_the_bot_was_in_is_kept(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        await first_day(tmp_path, discord, clock)
        del discord.state.guilds["11"].members[discord.state.bot]
        async with open_store(f"sqlite:///{tmp_path / 'desk.db'}") as store:
            await store.joined.note("north", (Joined(GONE, "another"),))
        async with on_duty(tmp_path, discord, clock) as here:
            await settled(here.app)

            assert await places(here.store) == {"10", "11"}


# Slack


async def missed_one(store: Store) -> Joined:
    """Give the space whose token is refused, once it is known."""
    while True:
        for one in await store.joined.all("north"):
            if one.missed_at:
                return one
        await asyncio.sleep(0.01)


def beside(here: Slacktown) -> None:
    settle_in(here.slack, "T2", token="xoxb-other").channel("C9", "elsewhere")  # noqa: S106 - no secret


async def a_first_day(here: Slacktown, folder: Path, *spaces: SpaceRef) -> None:
    async with slackdesk(here, folder) as bot:
        await until(bot.store, lambda known: known == set(spaces))


async def test_a_workspace_that_refuses_the_token_has_a_week_and_is_then_forgotten(
    tmp_path: Path,
) -> None:
    async with slacktown(**BOTH) as here:
        beside(here)
        await a_first_day(here, tmp_path, T1, T2)
        here.slack.tokens["xoxb-other"].refusal = "account_inactive"
        here.again(**BOTH)
        async with slackdesk(here, tmp_path) as bot:
            while not (found := await bot.store.findings.open_keys("north")):  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
            missed = await missed_one(bot.store)
            here.clock.turn(days=6)
            await settled(bot.app)
            kept = {one.space for one in await bot.store.joined.all("north")}
            here.clock.turn(days=1)
            await settled(bot.app)
            await until(bot.store, lambda known: known == {T1})
            await bot.until(lambda: any("Removed from" in m["text"] for m in copies(here, "ULAST")))

    assert found == {"barred/slack:"}
    assert missed.space == T2
    assert kept == {T1, T2}


async def test_a_new_token_in_time_keeps_the_workspace(tmp_path: Path) -> None:
    async with slacktown(**BOTH) as here:
        beside(here)
        await a_first_day(here, tmp_path, T1, T2)
        here.slack.tokens["xoxb-other"].refusal = "token_revoked"
        here.again(**BOTH)
        async with slackdesk(here, tmp_path) as bot:
            await missed_one(bot.store)
        here.slack.tokens["xoxb-new"] = Token(("T2",))
        here.clock.turn(days=8)
        here.again(**{**SOON, "bot_tokens": (BOT_TOKEN, "xoxb-new")})
        async with slackdesk(here, tmp_path) as bot:
            while any(one.missed_at for one in await bot.store.joined.all("north")):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
            await settled(bot.app)
            kept = {one.space for one in await bot.store.joined.all("north")}

    assert kept == {T1, T2}


async def test_a_token_that_was_taken_out_of_the_settings_says_nothing(tmp_path: Path) -> None:
    async with slacktown(**BOTH) as here:
        beside(here)
        await a_first_day(here, tmp_path, T1, T2)
        here.again(**SOON)
        async with slackdesk(here, tmp_path) as bot:
            here.clock.turn(days=30)
            await settled(bot.app)

    assert await joined(tmp_path, "slack.db") == {T1, T2}


async def _started(here: Slacktown, folder: Path) -> BaseException | None:
    """Start it, and give why it ended."""
    here.again(**SOON)
    with suppress(TimeoutError):
        try:
            async with asyncio.timeout(5), slackdesk(here, folder) as bot:
                await bot.until(lambda: False)
        except BaseExceptionGroup as group:
            error: BaseException = group
            while isinstance(error, BaseExceptionGroup):
                error = error.exceptions[0]
            return error
    return None


async def test_the_only_workspace_is_forgotten_when_it_is_still_shut_a_week_later(
    tmp_path: Path,
) -> None:
    async with slacktown(**SOON) as here:
        await a_first_day(here, tmp_path, T1)
        here.slack.tokens[BOT_TOKEN].refusal = "account_inactive"
        ends = [await _started(here, tmp_path)]
        kept = await joined(tmp_path, "slack.db")
        here.clock.turn(days=7)
        ends.append(await _started(here, tmp_path))

    assert all(isinstance(one, Misconfigured) for one in ends)
    assert kept == {T1}
    assert await joined(tmp_path, "slack.db") == set()


async def test_an_expired_token_is_no_goodbye_however_long(tmp_path: Path) -> None:
    async with slacktown(**SOON) as here:
        await a_first_day(here, tmp_path, T1)
        here.slack.tokens[BOT_TOKEN].refusal = "token_expired"
        await _started(here, tmp_path)
        here.clock.turn(days=30)
        await _started(here, tmp_path)

    assert await joined(tmp_path, "slack.db") == {T1}


async def test_a_workspace_that_an_organisation_took_the_app_out_of_is_forgotten(
    tmp_path: Path,
) -> None:
    async with slacktown(**SOON) as here:
        settle_in(here.slack, "T2").channel("C9", "elsewhere")
        here.slack.tokens[BOT_TOKEN] = Token(("T1", "T2"), enterprise="E1")
        await a_first_day(here, tmp_path, T1, T2)
        here.slack.closed.add("T2")
        here.slack.calls.clear()
        here.again(**SOON)
        async with slackdesk(here, tmp_path) as bot:
            await until(bot.store, lambda known: known == {T1})

    assert here.slack.calls["auth.teams.list"] == 2


async def test_a_week_that_passes_while_it_runs_is_counted_too(tmp_path: Path) -> None:
    async with slacktown(**BOTH) as here:
        beside(here)
        async with slackdesk(here, tmp_path) as bot:
            await until(bot.store, lambda known: known == {T1, T2})
            here.slack.tokens["xoxb-other"].refusal = "token_revoked"
            here.platform.spaces["T2"].refusals.refused("any", "token_revoked", "")
            await missed_one(bot.store)
            here.clock.turn(days=7)
            await settled(bot.app)
            await until(bot.store, lambda known: known == {T1})
            open_ = await bot.store.findings.open_keys("north")

    assert not [key for key in open_ if "T2" in key]
