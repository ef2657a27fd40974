"""Members choose for themselves whether they are read, on scripted platforms."""

from dataclasses import replace
from pathlib import Path

from bot.domain.alert import State
from bot.domain.desk import ConsentMode
from bot.domain.event import Posted
from bot.domain.ledger import Count
from bot.domain.message import AccountRef
from bot.policy.privacy import author_hash
from tests.support.build import DISCORD, account
from tests.support.build import message as built
from tests.support.duty_desk import BO, GRAVE, duty_desk, said, two_people

MEMBER, OTHER = account(), account("8")


async def test_who_opts_out_is_not_read_from_the_next_message_on(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        card = await here.asks(MEMBER, "optout")
        await here.hears(*said(GRAVE))

        assert card.title == "You are out"
        assert here.messages(BO) == []
        assert (await here.store.ledger.totals("north"))[Count.SKIPPED_OPTED_OUT] == 1


async def test_one_member_chooses_for_nobody_else(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.asks(OTHER, "optout")
        await here.hears(*said(GRAVE))

        assert len(here.messages(BO)) == 1


async def test_a_choice_outlives_a_restart(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.asks(MEMBER, "optout")
        chats, clock = here.chats, here.clock
    async with duty_desk(tmp_path, on=chats, clock=clock) as again:
        await again.hears(*said(GRAVE))

        assert again.messages(BO) == []
        assert "your messages are not read" in (await again.asks(MEMBER, "privacy")).text


async def test_who_opts_in_again_is_read_again(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.asks(MEMBER, "optout")
        await here.asks(MEMBER, "optin")
        await here.hears(*said(GRAVE))

        assert len(here.messages(BO)) == 1
        assert "your messages are read" in (await here.asks(MEMBER, "privacy")).text


async def test_their_own_choice_counts_over_the_desks_file(tmp_path: Path) -> None:
    out = replace(two_people(), opted_out=frozenset({f"{DISCORD}:{MEMBER.id}"}))
    async with duty_desk(tmp_path, out) as here:
        await here.asks(MEMBER, "optin")
        await here.hears(*said(GRAVE))

        assert len(here.messages(BO)) == 1


async def test_where_members_must_agree_only_those_who_did_are_read(tmp_path: Path) -> None:
    asked = replace(two_people(), consent=ConsentMode.OPT_IN)
    async with duty_desk(tmp_path, asked) as here:
        assert "your messages are not read" in (await here.asks(MEMBER, "privacy")).text
        await here.hears(*said("hello"))
        await here.asks(MEMBER, "optin")
        await here.hears(Posted(built(2, GRAVE)))
        await here.hears(Posted(replace(built(3, GRAVE), author=OTHER)))

        assert len(here.messages(BO)) == 1


async def test_what_was_raised_before_stays_open(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.asks(MEMBER, "optout")

        assert (await here.case()).state is State.OPEN


async def test_the_choice_is_kept_under_a_keyed_hash(tmp_path: Path) -> None:
    who = AccountRef(DISCORD, "900000000000000077")
    async with duty_desk(tmp_path) as here:
        await here.asks(who, "optout")
        (kept,) = await here.store.consents.chosen("north")

        assert kept.author == author_hash(who, key=b"k" * 40)
