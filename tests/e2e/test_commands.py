"""What can be asked, by whom, and that it is answered once."""

from pathlib import Path

from bot.commands.table import TABLE
from bot.domain.action import ShowPrivately
from bot.domain.alert import What
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
)
from tests.support.readability import grade


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


async def test_a_moderator_sees_no_case(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        chat = here.chats[DISCORD]
        chat.standings[STRANGER] = Standing(is_member=True, moderates=True, owns=True)
        await here.hears(*said(GRAVE))
        card = await here.asks(STRANGER, "case show", key=ALERT)

        assert card.text == "Nothing was changed\nThis is for people of this desk."


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
