"""What people do in the practice community, what the bot hears of it, and what each sees."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from adapters.local.journal import Journal
from adapters.local.markup import HERE
from adapters.local.people import direct
from adapters.local.platform import JOURNAL
from adapters.local.tour import ScriptLine
from bot.domain.action import (
    Action,
    DirectMessage,
    OpenForm,
    Post,
    Reply,
    ShowHome,
    ShowPrivately,
    Update,
    Withdraw,
)
from bot.domain.card import Button, Card, Link
from bot.domain.command import Choice, Command, Form, Kind, Line, Menu, Option, Table
from bot.domain.event import (
    Chosen,
    Commanded,
    Deleted,
    Edited,
    Posted,
    Pressed,
    Reconnected,
    SpaceJoined,
    Submitted,
)
from bot.domain.message import Origin
from bot.domain.space import Role
from bot.ports import Permanent, Temporary
from tests.support.local import COMMUNITY, Open, opened, who

CARD = Card("A message needs you", ("Look soon.",), buttons=(Button("alert.take", "Take it"),))
ASKING = Form("case.close", "Close it", (Line("how", "How did it end?", most=20),))
TABLE = Table(
    commands=(
        Command("duty", "who", "Say who is on duty", Role.PRACTITIONER, (
            Option("when", "A day", suggests=True),
            Option("whom", "A person", Kind.PERSON, required=False),
        )),
        Command("privacy", "ask", "Ask about your data", form=ASKING),
    ),
    menus=(Menu("note.propose", "Propose a note", Role.PRACTITIONER),
           Menu("report", "Report it", form=ASKING)),
    opens={"case.close": ASKING},
)  # fmt: skip
PLACE = COMMUNITY.place("20")
E = TypeVar("E")


async def heard(here: Open, kind: type[E]) -> list[E]:
    await here.platform.settle()
    return [event for event in here.inbox.events if isinstance(event, kind)]


async def test_all_see_what_is_said_in_a_channel_and_the_bot_hears_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        mina, tomas = await here.visitor("7"), await here.visitor("8")
        said = await mina.says("hello all")
        shown = await tomas.hears("message")
        (message,) = [event.message for event in await heard(here, Posted)]

    assert shown == said
    assert shown["name"] == "Mina"
    assert message.text == "hello all"
    assert message.author == who("7")
    assert message.link == f"{HERE}20#{said['id']}"


async def test_the_bot_hears_which_space_it_is_in(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        assert await heard(here, SpaceJoined) == [SpaceJoined(COMMUNITY.ref, "Test community")]


async def test_a_thread_is_read_with_its_channel(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        mina = await here.visitor("7")
        root = await mina.says("a question")
        await mina.says("an answer", thread=root["id"])
        await here.platform.settle()
        thread = COMMUNITY.place("20", root["id"])
        past = [one.text async for one in here.platform.history(PLACE, after="")]
        inside = [one.text async for one in here.platform.history(thread, after="")]

    assert past == ["a question", "an answer"]
    assert inside == ["an answer"]
    assert here.inbox.messages[-1].ref.place == thread


async def test_two_who_write_to_each_other_are_heard_by_nobody_else(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        mina, aino, tomas = [await here.visitor(one) for one in ("7", "aino", "8")]
        await mina.says("between us", where=direct("7", "aino"))
        assert (await aino.hears("message"))["text"] == "between us"
        assert not [one for one in await tomas.so_far() if "message" in one]
        assert not await heard(here, Posted)


async def test_a_change_and_a_deletion_are_heard(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        mina, maya, tomas = [await here.visitor(one) for one in ("7", "maya", "8")]
        first, second = await mina.says("one"), await mina.says("two")
        await mina.ask("edit", id=first["id"], text="once")
        await tomas.ask("delete", id=second["id"])  # somebody else's: refused
        await tomas.so_far()
        assert second["id"] in here.platform.state.messages
        await maya.ask("delete", id=second["id"])  # a moderator may
        await maya.so_far()
        (edited,), (deleted,) = await heard(here, Edited), await heard(here, Deleted)

    assert edited.message is not None
    assert edited.message.text == "once"
    assert edited.message.edited_at is not None
    assert deleted.refs[0].id == second["id"]


async def test_a_button_is_heard_with_the_message_that_has_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        aino = await here.visitor("aino")
        sent = await here.platform.perform(DirectMessage(who("aino"), CARD), key="k")
        await aino.ask("press", on=sent.external_id, button="alert.take")
        await aino.ask("press", on=sent.external_id, button="alert.never")
        assert "button is gone" in await aino.hears("refused")
        (pressed,) = await heard(here, Pressed)

    assert (pressed.by, pressed.button, pressed.on) == (who("aino"), "alert.take", sent.external_id)
    assert pressed.id


async def test_others_cannot_press_what_they_do_not_see(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        tomas = await here.visitor("8")
        sent = await here.platform.perform(DirectMessage(who("aino"), CARD), key="k")
        await tomas.ask("press", on=sent.external_id, button="alert.take")
        assert "gone" in await tomas.hears("refused")
        assert not await heard(here, Pressed)


async def test_a_private_answer_stands_where_it_was_asked_for_and_is_seen_by_one_alone(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as here:
        aino, tomas = await here.visitor("aino"), await here.visitor("8")
        sent = await here.platform.perform(Post(PLACE, CARD), key="k")
        await aino.ask("press", on=sent.external_id, button="alert.take")
        await aino.so_far()
        (pressed,) = await heard(here, Pressed)
        answer = ShowPrivately(who("aino"), pressed.id, Card("For you alone"))
        await here.platform.perform(answer, key="k2")
        shown = [one["message"] for one in await aino.so_far() if "message" in one][-1]
        others = str(await tomas.so_far())
        again = await here.visitor("8")
        pages = str(await again.so_far())
        past = [one.text async for one in here.platform.history(PLACE, after="")]

    assert shown["card"]["title"] == "For you alone"
    assert shown["private"]
    assert shown["where"] == "20"
    assert "For you alone" not in others + pages + str(past)


async def test_a_private_answer_is_put_away_by_its_reader_alone(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        aino, tomas = await here.visitor("aino"), await here.visitor("8")
        answer = ShowPrivately(who("aino"), "of an earlier run", Card("For you alone"))
        sent = await here.platform.perform(answer, key="k")
        await tomas.ask("dismiss", id=sent.external_id)
        await tomas.so_far()
        assert sent.external_id in here.platform.state.messages
        await aino.ask("dismiss", id=sent.external_id)
        assert await aino.hears("gone")
        assert not await heard(here, Deleted)


async def test_a_command_is_heard_with_what_was_given(tmp_path: Path) -> None:
    async with opened(tmp_path, table=TABLE) as here:
        aino = await here.visitor("aino")
        await aino.ask("command", name="duty who", where="20", options={"when": "", "odd": "x"})
        assert "fill in: when" in await aino.hears("refused")
        await aino.ask(
            "command", name="duty who", where="20", options={"when": "today", "odd": "x"}
        )
        await aino.so_far()
        (asked,) = await heard(here, Commanded)

    assert (asked.noun, asked.verb, asked.options) == ("duty", "who", {"when": "today"})
    assert (asked.by, asked.place) == (who("aino"), PLACE)


async def test_a_member_sees_no_command_of_the_desk_and_cannot_give_it(tmp_path: Path) -> None:
    async with opened(tmp_path, table=TABLE) as here:
        mina = await here.visitor("7")
        hello = mina.heard[0]["hello"]
        await mina.ask("command", name="duty who", where="20", options={"when": "today"})
        assert await mina.hears("refused")
        said = await mina.says("odd")
        await mina.ask("choose", menu="note.propose", on=said["id"])
        assert await mina.hears("refused")
        assert not await heard(here, Commanded)
        assert not await heard(here, Chosen)

    assert [one["name"] for one in hello["table"]["commands"]] == ["privacy ask"]
    assert [one["id"] for one in hello["table"]["menus"]] == ["report"]


async def test_what_is_typed_gets_choices(tmp_path: Path) -> None:
    async with opened(tmp_path, table=TABLE) as here:
        here.inbox.choices = (Choice("2026-01-05", "Monday"),)
        aino = await here.visitor("aino")
        await aino.ask("suggest", number=3, name="duty who", option="when", typed="mo", where="20")
        answer = await aino.hears("choices")
        (typing,) = here.inbox.typed

    assert answer == {"choices": [["2026-01-05", "Monday"]], "number": 3}
    assert (typing.noun, typing.verb, typing.option, typing.typed) == ("duty", "who", "when", "mo")


async def test_an_entry_in_a_messages_menu_is_heard(tmp_path: Path) -> None:
    async with opened(tmp_path, table=TABLE) as here:
        aino = await here.visitor("aino")
        said = await aino.says("you need a degree for that")
        await aino.ask("choose", menu="note.propose", on=said["id"])
        await aino.so_far()
        (chosen,) = await heard(here, Chosen)

    assert chosen.menu == "note.propose"
    assert chosen.message.text == "you need a degree for that"


async def test_a_form_of_the_table_opens_at_once_and_only_what_was_sent_is_heard(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, table=TABLE) as here:
        mina = await here.visitor("7")
        said = await mina.says("odd")
        await mina.ask("choose", menu="report", on=said["id"])
        token = (await mina.hears("form"))["token"]
        await mina.ask("submit", form=token, values={"how": "x" * 21})
        assert "at most 20" in await mina.hears("form_wrong")
        await mina.ask("submit", form=token, values={"how": " "})
        assert "fill this in" in await mina.hears("form_wrong")
        await mina.ask("submit", form=token, values={"how": "rude", "odd": "x"})
        await mina.hears("form_done")
        await mina.ask("submit", form=token, values={"how": "twice"})
        assert "too old" in await mina.hears("refused")
        (sent,) = await heard(here, Submitted)

    assert (sent.form, sent.values, sent.source) == ("case.close", {"how": "rude"}, "")
    assert sent.about is not None
    assert sent.about.text == "odd"


async def test_a_button_of_the_table_opens_its_form(tmp_path: Path) -> None:
    async with opened(tmp_path, table=TABLE) as here:
        aino = await here.visitor("aino")
        card = replace(CARD, buttons=(Button("case.close/helped", "Close"),))
        on = await here.platform.perform(DirectMessage(who("aino"), card), key="k")
        await aino.ask("press", on=on.external_id, button="case.close/helped")
        form = await aino.hears("form")
        await aino.ask("submit", form=form["token"], values={"how": "well"})
        await aino.hears("form_done")
        (sent,) = await heard(here, Submitted)
        assert not await heard(here, Pressed)

    assert (sent.source, sent.on) == ("case.close/helped", on.external_id)


async def test_a_form_of_the_moment_is_opened_for_who_asked(tmp_path: Path) -> None:
    async with opened(tmp_path, table=TABLE) as here:
        aino, tomas = await here.visitor("aino"), await here.visitor("8")
        await aino.ask("command", name="duty who", where="20", options={"when": "today"})
        await aino.so_far()
        (asked,) = await heard(here, Commanded)
        await here.platform.perform(OpenForm(who("aino"), asked.id, ASKING), key="k")
        assert (await aino.hears("form"))["title"] == "Close it"
        assert not [one for one in await tomas.so_far() if "form" in one]
        with pytest.raises(Permanent):
            await here.platform.perform(OpenForm(who("aino"), "of old", ASKING), key="k2")


async def test_a_copy_is_drawn_again_for_all_who_see_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        mina = await here.visitor("7")
        sent = await here.platform.perform(Post(PLACE, CARD), key="k")
        taken = Update(here.platform.name, sent.external_id, Card("Taken", ("By Aino.",)))
        await here.platform.perform(taken, key="k~2")
        shown = [one["message"] for one in await mina.so_far() if "message" in one]

    assert [one["card"]["title"] for one in shown] == ["A message needs you", "Taken"]
    assert {one["id"] for one in shown} == {sent.external_id}


async def test_of_two_with_one_key_that_come_at_once_one_is_done(tmp_path: Path) -> None:
    async with opened(tmp_path) as here, asyncio.TaskGroup() as tasks:
        posting = [
            tasks.create_task(here.platform.perform(Post(PLACE, CARD), key="k")) for _ in range(5)
        ]
    assert len(here.platform.state.messages) == 1
    assert len({one.result() for one in posting}) == 1


async def test_what_cannot_be_done_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        impossible: tuple[Action, ...] = (
            Post(COMMUNITY.place("404"), CARD),
            DirectMessage(who("nobody"), CARD),
            Update(here.platform.name, "404", CARD),
            ShowHome(who("7"), "practice", ()),
        )
        for number, action in enumerate(impossible):
            with pytest.raises(Permanent):
                await here.platform.perform(action, key=f"k{number}")
        assert await here.platform.perform(Withdraw(here.platform.name, "404"), key="k9")


async def test_a_reply_stands_under_its_message_and_the_bots_words_are_a_bots(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as here:
        mina = await here.visitor("7")
        said = await mina.says("a question")
        await here.platform.settle()
        await here.platform.perform(Reply(here.inbox.messages[0].ref, CARD), key="k")
        await here.platform.settle()

    assert here.inbox.messages[-1].origin is Origin.BOT
    assert here.inbox.messages[-1].ref.place.thread == said["id"]


@pytest.mark.parametrize(("id_", "may"), [("7", ""), ("maya", "moderate"), ("sam", "own")])
async def test_standing_says_what_somebody_is(id_: str, may: str, tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        standing = await here.platform.standing(who(id_), COMMUNITY.ref)

    assert standing.is_member
    assert standing.moderates is (may in ("moderate", "own"))
    assert standing.owns is (may == "own")


async def test_while_the_connection_is_cut_nothing_is_heard_but_history_has_it(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as here:
        mina = await here.visitor("7")
        await mina.ask("cut", on=True)
        await mina.says("can anybody hear me")
        with pytest.raises(Temporary):
            await here.platform.perform(Post(PLACE, CARD), key="k")
        assert not await heard(here, Posted)
        await mina.ask("cut", on=False)
        await mina.so_far()
        assert len(await heard(here, Reconnected)) == 1
        assert [one.text async for one in here.platform.history(PLACE, after="")] == [
            "can anybody hear me"
        ]


async def test_after_a_restart_all_is_as_it_was(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        mina = await here.visitor("7")
        first = await mina.says("before")
        await mina.ask("edit", id=first["id"], text="before, changed")
        sent = await here.platform.perform(DirectMessage(who("aino"), CARD), key="k")
        await mina.ask("skip", minutes=5)
        await mina.so_far()
        clock = here.platform.clock()
    async with opened(tmp_path) as again:
        aino = await again.visitor("aino")
        await aino.ask("page", where="20")
        page = (await aino.hears("page"))["page"]
        assert await again.platform.perform(DirectMessage(who("aino"), CARD), key="k") == sent
        assert len(again.platform.state.messages) == 2
        assert again.platform.clock() == clock
        await aino.ask("press", on=sent.external_id, button="alert.take")
        await aino.so_far()
        assert len(await heard(again, Pressed)) == 1
        assert (await aino.says("after"))["id"] > sent.external_id

    assert [(one["text"], one["edited"]) for one in page] == [("before, changed", True)]
    assert aino.heard[0]["hello"]["talks"][0]["unread"] == 1


async def test_a_line_that_a_crash_tore_is_cut_off_and_the_rest_stands(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await (await here.visitor("7")).says("whole")
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(b'{"said": {"id": "0000')
    async with opened(tmp_path) as again:
        assert [one.text for one in again.platform.state.messages.values()] == ["whole"]
        await (await again.visitor("7")).says("and on")
    async with opened(tmp_path) as third:
        assert len(third.platform.state.messages) == 2


async def test_a_disk_that_fails_once_keeps_nothing_more(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "no such folder" / "journal")
    for _ in range(2):
        with pytest.raises(OSError, match="No such file"):
            await journal.write({"told": 1})


async def test_hostile_text_reaches_people_and_the_bot_without_what_hides_and_turns(
    tmp_path: Path,
) -> None:
    text = "<script>alert(1)</script> \u202egnp.exe \x00\x1b[31m\u2066 end"
    async with opened(tmp_path) as here:
        mina = await here.visitor("7")
        await mina.ask("say", where="20", text=text)
        shown = (await mina.hears("message"))["text"]
        await here.platform.settle()

    assert shown == "<script>alert(1)</script> gnp.exe [31m end"
    assert here.inbox.messages[0].text == shown


async def test_a_link_leads_to_the_web_or_into_the_page_and_nowhere_else(tmp_path: Path) -> None:
    links = ("https://example.org", "javascript:alert(1)", "data:text/html,x", f"{HERE}20/5#7")
    card = Card("Links", links=tuple(Link("Look", url) for url in links))
    async with opened(tmp_path) as here:
        mina = await here.visitor("7")
        await here.platform.perform(Post(PLACE, card), key="k")
        shown = (await mina.hears("message"))["card"]["links"]

    assert shown == [
        {"label": "Look", "url": "https://example.org"},
        {"label": "Look"},
        {"label": "Look"},
        {"label": "Look", "where": "20", "thread": "5", "message": "7"},
    ]


async def test_a_long_channel_comes_in_pages(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        for number in range(120):
            await here.platform.say("8", "20", f"message {number}")
        mina = await here.visitor("7")
        sizes: list[int] = []
        before = ""
        for _ in range(3):
            await mina.ask("page", where="20", before=before)
            page = (await mina.hears("page"))["page"]
            sizes.append(len(page))
            before = page[0]["id"]

    assert sizes == [50, 50, 20]
    assert mina.heard[0]["hello"]["channels"][0]["unread"] == 120


async def test_the_tour_says_its_lines_one_by_one_and_goes_on_after_a_restart(
    tmp_path: Path,
) -> None:
    script = tuple(ScriptLine("script", "20", f"line {n}") for n in range(4))
    async with opened(tmp_path, script=script) as here:
        mina = await here.visitor("7")
        await mina.ask("tour", move="step")
        assert (await mina.hears("message"))["text"] == "line 0"
        await mina.ask("tour", move="jump", to=2)
        await mina.so_far()
    async with opened(tmp_path, script=script) as again:
        mina = await again.visitor("7")
        assert mina.heard[0]["hello"]["tour"]["told"] == 2
        await mina.ask("tour", move="next")
        while (await mina.hears("tour"))["told"] < 4:
            pass
        await again.platform.settle()
        assert [one.text for one in again.inbox.messages] == ["line 2", "line 3"]
