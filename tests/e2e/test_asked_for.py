"""The menu "Ask a practitioner": a case in the queue, and an honest private answer."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from bot.app import hashed
from bot.commands.table import TABLE
from bot.data.helplines import Helplines
from bot.domain.alert import State, What
from bot.domain.card import Card
from bot.domain.code import Code
from bot.domain.event import Chosen
from bot.domain.message import AccountRef, Message, Origin, Place
from bot.domain.reading import Priority
from bot.policy.decide import priority_of
from tests.support.build import DISCORD, account, at, message
from tests.support.discord_desk import discord_server, on_duty
from tests.support.duty_desk import BO, GRAVE, SOON, STRANGER, DutyDesk, duty_desk, said
from tests.support.helplines import helpline
from tests.support.live import cues_alone

NUMBERS = count(1)


async def chooses(here: DutyDesk, about: Message, by: AccountRef = STRANGER) -> Card:
    id_ = f"chosen-{next(NUMBERS)}"
    await here.hears(Chosen(id_, by, "ask.person", about))
    return here.chats[by.platform].shown[f"receipt of north/press/{id_}"]


async def test_a_message_that_somebody_points_to_stands_in_the_queue(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said("hello there"))
        card = await chooses(here, message(1, "hello there"))
        case = await here.case()
        recorded = await here.store.decisions.one("north", case.key)

    assert card.title == "A practitioner is asked"
    assert "Somebody is told by Mon 05 Jan 17:00 UTC at the latest." in card.text
    assert "on duty" not in card.text
    assert case.priority is Priority.P2
    assert recorded is not None
    assert recorded.decision.because == (Code.PERSON_ASKED,)
    assert priority_of(recorded.decision.because) is Priority.P2
    assert not here.messages(account("666"))


async def test_a_question_that_was_noticed_becomes_a_case_and_keeps_its_reasons(
    tmp_path: Path,
) -> None:
    asked = "how do i find an apprenticeship in the uk?"
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(asked))
        await chooses(here, message(1, asked))
        case = await here.case()
        recorded = await here.store.decisions.one("north", case.key)

    assert recorded is not None
    assert recorded.decision.because == (Code.PERSON_ASKED, Code.ASKING)


async def test_who_asks_is_shown_who_else_listens(tmp_path: Path) -> None:
    knows = replace(cues_alone(), helplines=Helplines("a test", (helpline("Listen"),)))
    async with duty_desk(tmp_path, knows=knows) as here:
        await here.hears(*said("hello there"))
        card = await chooses(here, message(1, "hello there"))

    assert [field.name for field in card.fields] == ["Listen"]


async def test_what_is_in_a_case_already_keeps_that_somebody_asked_and_tells_nobody_anew(
    tmp_path: Path,
) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        before = await here.case()
        await chooses(here, message(1, GRAVE))
        await chooses(here, message(1, GRAVE))
        (dossier,) = await here.store.alerts.queue("north", 9)
        recorded = await here.store.decisions.one("north", dossier.case.key)

        assert dossier.case == before
        assert dossier.about.because[1:] == (Code.PERSON_ASKED,)
        assert recorded is not None
        assert recorded.decision.priority is Priority.P0
        assert len(here.messages(BO)) == 1


async def test_a_request_that_joins_an_open_case_is_seen_in_it(tmp_path: Path) -> None:
    author = account("7")
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(SOON, "thanks"))
        card = await chooses(here, message(2, "thanks"), author)
        (dossier,) = await here.store.alerts.queue("north", 9)
        shown = await here.asks(BO, "case show", key=dossier.case.key)

    assert dossier.case.key == message(1).ref.key
    assert dossier.about.messages == 2
    assert dossier.about.because == (Code.PERSON_ASKED, Code.WAGES_WITHHELD)
    assert "someone asked for a person to look here" in shown.text
    assert "at the latest" in card.text


async def test_only_an_author_hears_that_somebody_was_told_already(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        mine = await chooses(here, message(1, GRAVE), account("7"))
        theirs = await chooses(here, message(1, GRAVE))

    assert "Somebody at the desk was already told of what you wrote." in mine.text
    assert "Somebody is told by" in theirs.text


async def test_a_case_that_ended_is_opened_again_by_a_request(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(SOON))
        await here.asks(BO, "case close", key=message(1).ref.key, outcome="helped")
        assert (await here.case()).state is State.CLOSED
        await chooses(here, message(1, SOON))
        again = await here.case()
        await here.waits(hours=4)

        assert (again.state, again.holder, again.ending) == (State.OPEN, None, None)
        assert again.due_at == at(300)  # the end of the working day
        assert What.ASKED_FOR in await here.audit()
        holder = (await here.case()).holder
        assert holder is not None
        assert "It is open again, as somebody asked" in here.messages(holder)[-1][1].text


async def test_after_work_a_request_is_told_on_the_next_working_day(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said("hello there"))
        here.clock.turn(hours=6)
        card = await chooses(here, message(1, "hello there"))

        assert "Somebody is told by Tue 06 Jan 17:00 UTC at the latest." in card.text
        assert (await here.case()).due_at == here.clock() + timedelta(hours=21)
        assert here.messages(BO) == []


async def test_a_direct_message_is_no_place_to_ask_about(tmp_path: Path) -> None:
    alone = Place(DISCORD, "", "77")
    async with duty_desk(tmp_path) as here:
        card = await chooses(here, message(1, "hello", alone), account("7"))

        assert "Choose it in a channel" in card.text
        assert await here.store.alerts.queue("north", 9) == []


async def test_an_author_who_opted_out_is_not_pointed_to_but_may_ask(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        opted = replace(here.app.intake.desk, opted_out=frozenset({"discord:7"}))
        here.app.intake.desk = hashed(opted, b"k" * 40)
        refused = await chooses(here, message(1, "hello"))
        assert "does not read that message" in refused.text
        assert await here.store.alerts.queue("north", 9) == []
        taken = await chooses(here, message(1, "hello"), account("7"))

        assert taken.title == "A practitioner is asked"


async def test_a_bots_message_opens_no_case(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await chooses(here, replace(message(1, "beep"), origin=Origin.BOT))

        assert await here.store.alerts.queue("north", 9) == []


async def test_nobody_asks_more_than_three_times_an_hour(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        people = (replace(message(n, "hello"), author=account(str(n))) for n in range(1, 6))
        cards = [await chooses(here, one) for one in people]
        assert len(await here.store.alerts.queue("north", 9)) == 3
        here.clock.turn(minutes=61)
        later = await chooses(here, message(9, "hello"))

    assert [card.title for card in cards[3:]] == ["Please wait", "Please wait"]
    assert later.title == "A practitioner is asked"


async def test_what_is_refused_takes_nothing_from_the_allowance(tmp_path: Path) -> None:
    of_bot = replace(message(1, "beep"), origin=Origin.BOT)
    async with duty_desk(tmp_path) as here:
        refused = [await chooses(here, of_bot) for _ in range(4)]
        taken = await chooses(here, message(9, "hello"))

    assert {card.title for card in refused} == {"Nothing was changed"}
    assert taken.title == "A practitioner is asked"


async def test_who_is_refused_is_shown_whom_to_turn_to(tmp_path: Path) -> None:
    knows = replace(cues_alone(), helplines=Helplines("a test", (helpline("Listen"),)))
    alone = Place(DISCORD, "", "77")
    async with duty_desk(tmp_path, knows=knows) as here:
        people = (replace(message(n, "hello"), author=account(str(n))) for n in range(1, 5))
        cards = [
            await chooses(here, message(1, "hello", alone)),
            await chooses(here, replace(message(8, "beep"), origin=Origin.BOT)),
            *[await chooses(here, one) for one in people][3:],
        ]

    titles = ["Nothing was changed", "Nothing was changed", "Please wait"]
    assert [card.title for card in cards] == titles
    for card in cards:
        assert "Call 999 now." in card.text
        assert [field.name for field in card.fields] == ["Listen"]


async def test_the_menu_on_discord_answers_privately(tmp_path: Path) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE) as here,
    ):
        raw = await discord.say("20", "7", "hello there")
        await here.until_counted(1)
        chosen = await discord.choose("Ask a practitioner", "7", "20", raw["id"])
        shown = await discord.until_shown(chosen)
        queue = await here.store.alerts.queue("north", 9)

    assert shown["flags"] & 64
    assert "stands in the queue" in str(shown["embeds"])
    assert [one.case.priority for one in queue] == [Priority.P2]
