"""What can be asked, by whom, and that it is answered once."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.table import TABLE
from bot.domain.action import ShowPrivately
from bot.domain.alert import What
from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.practitioner import Practitioner
from bot.domain.space import Role, Standing
from bot.ports import Temporary
from tests.support.build import DISCORD
from tests.support.duty_desk import (
    ADA,
    ALERT,
    BO,
    GRAVE,
    LAST,
    STRANGER,
    DutyDesk,
    SlackLike,
    chats,
    duty_desk,
    said,
    two_people,
)
from tests.support.readability import grade

MODERATES, OWNS = Standing(is_member=True, moderates=True), Standing(is_member=True, owns=True)


def desk_without_ids() -> Desk:
    """Two of the desk are called the same."""
    people = [replace(one, id="") for one in two_people().practitioners]
    return replace(
        two_people(), practitioners=(*people, Practitioner("Bo", AccountRef(DISCORD, "104")))
    )


async def test_a_member_sees_only_what_a_member_may_ask(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        card = await here.asks(STRANGER, "help")

        assert "/help-now" in card.text
        assert "/case" not in card.text
        assert "/duty" not in card.text


async def test_a_practitioner_sees_the_desks_commands(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        assert "/case" in (await here.asks(ADA, "help")).text
        card = await here.asks(ADA, "help", noun="case")

        assert "/case close KEY OUTCOME" in card.text


async def test_a_word_that_is_not_known_gets_those_that_are(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        card = await here.asks(STRANGER, "help", noun="duty")

        assert "help-now" in card.text


async def test_help_turns_its_pages(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        asking = here.commanded(STRANGER, "help")
        await here.hears(asking)
        pressed = await here.presses(STRANGER, "help/practitioner/0", "nothing")

        assert here.answer(pressed).title == "/practitioner"


async def test_help_says_which_of_a_noun_the_asker_may_use(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        stranger = (await here.asks(STRANGER, "help")).text
        ada = (await here.asks(ADA, "help")).text
        here.chats[DISCORD].standings[STRANGER] = Standing(is_member=True, owns=True)
        owner = (await here.asks(STRANGER, "help")).text

    assert "/practitioner show, link: " in stranger
    assert "/practitioner list, show, link, unlink: " in ada
    assert "/practitioner list, show, link: " in owner
    assert "/duty show, calendars: " in owner
    assert "/case" not in owner


@pytest.mark.parametrize("standing", [MODERATES, OWNS], ids=["moderates", "owns"])
async def test_whoever_runs_the_place_sees_who_is_there(tmp_path: Path, standing: Standing) -> None:
    async with duty_desk(tmp_path) as here:
        refused = [await here.asks(STRANGER, one) for one in ("duty show", "practitioner list")]
        here.chats[DISCORD].standings[STRANGER] = standing
        duty = await here.asks(STRANGER, "duty show")
        people = await here.asks(STRANGER, "practitioner list")
        acts = await here.asks(STRANGER, "duty on")

    for one in (*refused, acts):
        assert one.title == "Not for everybody"
        assert one.paragraphs[0].startswith("This is for people of this desk")
    assert duty.title == "On duty now"
    assert people.title == "The people of this desk"
    assert ADA.id not in people.text


async def test_a_member_who_asks_for_somebody_unknown_is_told_no_accounts(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, desk_without_ids()) as here:
        stranger = await here.asks(STRANGER, "practitioner show", person="zzz")
        ada = await here.asks(ADA, "practitioner show", person="zzz")

    assert stranger.text == (
        "Not found\nNobody of this desk is called that.\n"
        "Look at how the name is written, and type it again."
    )
    assert "Type one of these: Ada, Bo, discord:104." in ada.text


async def test_a_moderator_sees_no_case(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        chat = here.chats[DISCORD]
        chat.standings[STRANGER] = Standing(is_member=True, moderates=True, owns=True)
        await here.hears(*said(GRAVE))
        card = await here.asks(STRANGER, "case show", key=ALERT)

        assert card.text == "Not for everybody\nThis is for people of this desk."


async def test_a_refused_act_is_in_the_audit(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        asking = here.commanded(STRANGER, "case list")
        await here.hears(asking)

        assert await here.store.alerts.is_written("north", asking.id)


async def test_what_a_member_asks_leaves_no_name_in_the_audit(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        asking = here.commanded(STRANGER, "help-now")
        await here.hears(asking)

        assert not await here.store.alerts.is_written("north", asking.id)


async def test_the_same_asking_twice_is_one(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        taking = here.commanded(ADA, "case take", key=ALERT)
        await here.hears(taking, taking)
        await here.hears(taking)
        answers = [
            a for a in here.chats[DISCORD].performed.values() if isinstance(a, ShowPrivately)
        ]

        assert len(answers) == 1
        assert (await here.audit()).count(What.TAKEN) == 1


async def test_a_role_that_cannot_be_checked_is_no_role(tmp_path: Path) -> None:
    class Silent(SlackLike):
        async def standing(self, who: object, space: object) -> Standing:  # noqa: ARG002 - the port's
            raise Temporary("busy")

    async with duty_desk(tmp_path, on={**chats(), BO.platform: Silent()}) as here:
        assert "could not be checked" in (await here.asks(BO, "case list")).text


async def test_an_unknown_command_is_answered(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        assert "Type /help" in (await here.asks(STRANGER, "case steal")).text


async def test_a_command_that_breaks_stops_nothing_and_is_answered(tmp_path: Path) -> None:
    class Broken(SlackLike):
        async def standing(self, who: object, space: object) -> Standing:  # noqa: ARG002 - the port's
            raise ZeroDivisionError

    async with duty_desk(tmp_path, on={**chats(), BO.platform: Broken()}) as here:
        assert "Something went wrong" in (await here.asks(BO, "case list")).text
        assert (await here.asks(ADA, "case list")).title == "Open cases"


async def suggested(here: DutyDesk) -> list[list[str]]:
    return [
        await here.types(ADA, "case take", "key", "p0"),
        await here.types(ADA, "case hand", "person", "b"),
        await here.types(ADA, "case close", "outcome", "help"),
        await here.types(STRANGER, "case take", "key", ""),
        await here.types(STRANGER, "practitioner show", "person", ""),
        await here.types(STRANGER, "help", "noun", "help-"),
    ]


async def test_keys_people_and_outcomes_are_suggested_to_the_desk_alone(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))

        assert await suggested(here) == [[ALERT], ["bo"], ["helped"], [], [], ["help-now"]]


async def test_the_last_resort_may_see_cases(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        assert (await here.asks(LAST, "case list")).title == "Open cases"


def test_the_table_is_plain_and_whole() -> None:
    for command in TABLE.commands:
        assert command.noun in TABLE.nouns
        assert grade(command.help) <= 8, command.name
        staff = ("case", "duty", "practitioner", "note", "setup", "watch")
        assert command.role is Role.MEMBER or command.noun in staff
    assert len({command.name for command in TABLE.commands}) == len(TABLE.commands)
