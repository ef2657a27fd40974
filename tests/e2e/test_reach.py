"""Whoever of the desk takes no direct messages is known, also after a restart."""

from dataclasses import replace
from pathlib import Path

from bot.commands.table import TABLE
from bot.domain.audit import Failing
from bot.domain.desk import Desk
from tests.support.build import account
from tests.support.discord_desk import ADA, BO, LAST, Duty, desk, discord_server, on_duty
from tests.support.live import GRAVE

LEE = "150"


def overseen() -> Desk:
    return replace(desk(), supervisor=account(LEE))


async def shown(here: Duty, command: str, who: str) -> str:
    asked = await here.discord.command(command, who, "20")
    return str(await here.discord.until_shown(asked))


async def unreached(here: Duty) -> list[str]:
    return [who.id for who in await here.store.reach.unreached("north")]


async def test_closed_direct_messages_are_known_after_a_restart_until_they_are_opened(
    tmp_path: Path,
) -> None:
    async with discord_server() as (discord, clock):
        discord.state.add_member("10", LEE, name="Lee")
        discord.state.closed.add(ADA)
        async with on_duty(tmp_path, discord, clock, table=TABLE, of=overseen()) as here:
            await discord.say("20", "7", GRAVE)
            await here.pages(BO, 1)
            while not await unreached(here):
                pass
        async with on_duty(tmp_path, discord, clock, table=TABLE, of=overseen()) as here:
            assert here.app.watch is not None
            found = await here.app.watch.auditor.audit()  # before anything is sent again
            checked = await shown(here, "setup check", "1")
            await here.until(lambda: "gets no direct messages" in str(discord.dms(LEE)))
            on = await shown(here, "duty on", ADA)
            discord.state.closed.clear()
            again = await shown(here, "duty on", ADA)
            after = await here.app.watch.auditor.audit()
            checked_after = await shown(here, "setup check", "1")

            assert await unreached(here) == []

    assert "Ada gets no direct messages" in checked
    (finding,) = [one for one in found.new if one.failing is Failing.UNREACHED]
    assert finding.subject == "Ada"
    assert "on discord since 2026-01-05" in finding.detail
    assert "direct messages are closed" in on
    assert "Alerts reach you there" in again
    assert after.gone == (finding.key,)
    assert "Ada gets no direct messages" not in checked_after


async def test_of_a_member_who_takes_none_nothing_is_kept(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        discord.state.closed.add("7")
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            assert here.app.watch is not None
            await here.app.courier.reach.heard(account("7"), reached=False)

            assert await unreached(here) == []


async def test_whoever_leaves_the_desk_is_forgotten(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        discord.state.closed.update({ADA, LAST})  # also to what the audit has to tell
        async with on_duty(tmp_path, discord, clock, table=TABLE) as here:
            await here.app.courier.reach.heard(account(ADA), reached=False)
            await here.app.courier.reach.heard(account(LAST), reached=False)
            assert await unreached(here) == [ADA, LAST]
        fewer = replace(desk(), practitioners=desk().practitioners[1:])
        async with on_duty(tmp_path, discord, clock, table=TABLE, of=fewer) as here:
            assert here.app.watch is not None
            found = await here.app.watch.auditor.audit()

            assert await unreached(here) == [LAST]
            assert [one.subject for one in found.found] == ["The last resort"]
