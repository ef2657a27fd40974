"""Members choose for themselves whether they are read, on scripted platforms."""

from dataclasses import replace
from pathlib import Path

from bot.domain.alert import State
from bot.domain.desk import ConsentMode
from bot.domain.event import Opened, Posted
from bot.domain.ledger import Count
from bot.domain.message import AccountRef
from bot.policy.privacy import author_hash
from tests.support.build import DISCORD, account, place
from tests.support.build import message as built
from tests.support.duty_desk import ALERT, BO, GRAVE, duty_desk, said, two_people

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


async def test_what_was_kept_of_them_is_erased_at_once_and_their_case_goes_on(
    tmp_path: Path,
) -> None:
    async with duty_desk(tmp_path, replace(two_people(), remark_days=30)) as here:
        await here.hears(*said(GRAVE), Posted(replace(built(2, GRAVE), author=OTHER)))
        note = {"key": ALERT, "code": "contacted", "text": "gurgelhopf"}
        await here.asks(BO, "case note", **note)
        assert [one.sealed is not None for one in await here.store.remarks.of("north", ALERT)]
        await here.asks(MEMBER, "optout")
        mine = await here.store.decisions.one("north", ALERT)
        others = await here.store.decisions.one("north", built(2).ref.key)
        (remark,) = await here.store.remarks.of("north", ALERT)
        names = author_hash(MEMBER, key=b"k" * 40).encode()

        assert mine is not None
        assert (mine.author, mine.decision.evidence) == ("", ())
        assert mine.decision.because
        assert remark.sealed is None
        assert others is not None
        assert others.author
        assert others.decision.evidence
        assert (await here.case()).state is State.OPEN
        kept = [one.author for one in await here.store.consents.chosen("north")]
        assert kept == [names.decode()]
        assert b"You are out" not in here.on_disk()  # it would stand beside the account


async def test_a_choice_made_under_an_older_key_holds_and_can_be_taken_back(tmp_path: Path) -> None:
    old, new = b"o" * 40, b"n" * 40
    async with duty_desk(tmp_path, key=old) as here:
        await here.hears(*said(GRAVE))
        await here.asks(MEMBER, "optout")
        await here.hears(Posted(replace(built(2, GRAVE), author=OTHER)))
        rest, clock = here.chats, here.clock
    async with duty_desk(tmp_path, on=rest, clock=clock, key=new, old_keys=(old,)) as again:
        await again.hears(Posted(built(3, GRAVE)))
        assert len(again.messages(BO)) == 2
        assert "your messages are not read" in (await again.asks(MEMBER, "privacy")).text

        await again.asks(OTHER, "optout")
        others = await again.store.decisions.one("north", built(2).ref.key)
        assert others is not None
        assert others.author == ""
        await again.asks(MEMBER, "optin")
        await again.hears(Posted(built(4, GRAVE)))

        assert len(again.messages(BO)) == 3
        kept = {one.author for one in await again.store.consents.chosen("north")}
        assert kept == {author_hash(one, key=new) for one in (MEMBER, OTHER)}


async def test_a_channel_that_not_everybody_sees_is_named_to_nobody_outside(tmp_path: Path) -> None:
    staff = place("30", name="#staff")
    async with duty_desk(tmp_path) as here:
        here.chats[DISCORD].hidden.add("30")
        await here.hears(Opened(place()), Opened(staff))
        (outside,) = (await here.asks(MEMBER, "privacy")).fields
        asking = replace(here.commanded(MEMBER, "privacy"), place=staff)
        await here.hears(asking)
        (inside,) = here.answer(asking).fields

    assert outside.value == "#job-search, and 1 channel that is not open to all"
    assert inside.value == "#job-search, #staff"
