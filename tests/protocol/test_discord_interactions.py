"""What people ask by command, button, menu and form, and how Discord's deadlines are met."""

from datetime import timedelta

from bot.domain.action import DirectMessage, OpenForm, Post, ShowPrivately, Update, Withdraw
from bot.domain.card import Button, Card
from bot.domain.command import Choice, Command, Form, Kind, Line, Menu, Option, Table
from bot.domain.event import Chosen, Commanded, Pressed, Submitted
from bot.domain.message import Place
from bot.domain.space import Role
from tests.support.build import DISCORD, account
from tests.support.discording import Connected, connected, discord_platform
from tests.support.fake_discord.interactions import DEFERRED, DEFERRED_UPDATE, EPHEMERAL, MODAL
from tests.support.fake_discord.limits import Fault

PAGE = Card("P1 urgent", ("Look soon.",), buttons=(
    Button("alert.take", "Take it"), Button("note.write/3", "Note"), Button("case.edit/4", "Edit"),
))  # fmt: skip
ANSWER = Card("Done", ("It is yours.",), buttons=(Button("alert.look", "I am looking"),))
LINES = (
    Line("what", "What was wrong?", help="In a sentence.", is_long=True),
    Line("kind", "Which kind?", choices=(Choice("old", "Out of date"), Choice("false", "False"))),
)
FORM = Form("note.form", "Suggest a note", LINES)
TABLE = Table(
    nouns={"duty": "Who is on duty"},
    commands=(
        Command("duty", "on", "Go on duty", options=(
            Option("hours", "How long", Kind.NUMBER, required=False),
            Option("who", "Who", Kind.PERSON, required=False),
            Option("zone", "Which time zone", required=False, suggests=True),
        )),
        Command("duty", "who", "Who is on duty"),
        Command("help", "", "What this is"),
        Command("watch", "add", "Watch a channel", role=Role.MODERATOR),
        Command("claim", "new", "Write down a claim", form=FORM),
    ),
    menus=(Menu("ask", "Ask a practitioner"), Menu("note", "Suggest accuracy note", form=FORM)),
    opens={"note.write": FORM},
    asks=frozenset({"case.edit"}),
)  # fmt: skip
PLACE = Place(DISCORD, "10", "20")


async def paged(here: Connected) -> str:
    sent = await here.platform.perform(DirectMessage(account("7"), PAGE), key="k#0")
    return sent.external_id


async def test_a_press_is_acknowledged_and_says_what_it_is_about() -> None:
    async with connected(table=TABLE) as here:
        page = await paged(here)
        press = await here.discord.press("Take it", "7")
        (pressed,) = await here.heard(Pressed)

    assert pressed == Pressed(press.id, account("7"), "alert.take", page)
    assert press.answer == {"type": DEFERRED_UPDATE}


async def test_a_press_says_where_it_was_unless_that_is_in_no_space() -> None:
    async with connected(table=TABLE) as here:
        await here.platform.perform(Post(PLACE, PAGE), key="k#1")
        (posted,) = here.discord.state.channels["20"].messages.values()
        await here.discord.press("Take it", "7", on=posted)
        (in_channel,) = await here.heard(Pressed)
        await paged(here)
        await here.discord.press("Take it", "7")
        _, privately = await here.heard(Pressed, 2)

    assert (in_channel.place, privately.place) == (PLACE, None)


async def test_it_is_acknowledged_before_anything_is_done() -> None:
    async with connected(table=TABLE) as here:
        await paged(here)
        here.discord.limits.faults.append(Fault("POST", "/callback", 0))
        await here.discord.press("Take it", "7")
        (pressed,) = await here.heard(Pressed)

    assert pressed.button == "alert.take"
    assert here.discord.rest.asked[-1].endswith("/callback")


async def test_an_answer_is_private_and_its_buttons_work() -> None:
    async with connected(table=TABLE) as here:
        await paged(here)
        press = await here.discord.press("Take it", "7")
        await here.heard(Pressed)
        show = ShowPrivately(account("7"), press.id, ANSWER)
        receipt = await here.platform.perform(show, key="k/press")
        (shown,) = press.shown
        await here.discord.press("I am looking", "7", on=shown)
        _, second = await here.heard(Pressed, 2)
        again = Card("Done", ("Closed.",))
        await here.platform.perform(Update(DISCORD, receipt.external_id, again), key="u")
        drawn = shown["embeds"][0]["description"]
        await here.platform.perform(Withdraw(DISCORD, receipt.external_id), key="w")

    assert shown["flags"] == EPHEMERAL
    assert second.on == receipt.external_id
    assert drawn == "Closed."
    assert press.shown == []


async def test_a_slash_command_is_answered_privately_in_place_of_please_wait() -> None:
    async with connected(table=TABLE) as here:
        options = {"hours": 4, "who": "7"}
        asked = await here.discord.command("duty on", "7", "20", **options)
        (event,) = await here.heard(Commanded)
        assert asked.answer == {"type": DEFERRED, "data": {"flags": EPHEMERAL}}
        for key in ("a", "b"):
            await here.platform.perform(ShowPrivately(account("7"), asked.id, ANSWER), key=key)

    assert event == Commanded(
        asked.id, account("7"), PLACE, "duty", "on", {"hours": "4", "who": "7"}
    )
    assert [shown["content"] for shown in asked.shown] == ["Done", "Done"]
    assert all(shown["flags"] & EPHEMERAL for shown in asked.shown)


async def test_a_command_without_a_verb_and_one_in_a_direct_message() -> None:
    async with connected(table=TABLE) as here:
        dm = here.discord.state.dm("7")
        await here.discord.command("help", "7", dm.id)
        (event,) = await here.heard(Commanded)

    assert (event.noun, event.verb) == ("help", "")
    assert event.place.space == ""


async def test_what_is_typed_is_answered_in_the_moment() -> None:
    async with connected(table=TABLE) as here:
        here.inbox.choices = tuple(Choice(f"zone-{n}", "x" * 150) for n in range(40))
        asked = await here.discord.typing("duty on", "7", "20", option="zone", typed="Eur")
        await here.discord.until_answered(asked)
        (typing,) = here.inbox.typed
        answer = asked.answer

    assert (typing.noun, typing.verb, typing.option, typing.typed) == ("duty", "on", "zone", "Eur")
    assert answer is not None
    assert len(answer["data"]["choices"]) == 25


async def test_a_menu_hands_over_the_message() -> None:
    async with connected(table=TABLE) as here:
        raw = await here.discord.say("20", "7", "is it too late for me?")
        await here.discord.choose("Ask a practitioner", "7", "20", raw["id"])
        (event,) = await here.heard(Chosen)

    assert event.menu == "ask"
    assert event.message.text == "is it too late for me?"
    assert event.message.ref.place == PLACE


async def test_a_form_on_a_button_opens_at_once_and_only_what_is_sent_is_heard() -> None:
    async with connected(table=TABLE) as here:
        page = await paged(here)
        press = await here.discord.press("Note", "7")
        await here.discord.until_answered(press)
        sent = await here.discord.submit(press, "7", what="all of it", kind="old")
        (event,) = await here.heard(Submitted)

    assert event.form == "note.form"
    assert event.values == {"what": "all of it", "kind": "old"}
    assert (event.source, event.on, event.about) == ("note.write/3", page, None)
    assert event.id == sent.id
    assert here.of(Pressed) == []


async def test_a_form_on_a_menu_remembers_its_message_even_over_a_restart() -> None:
    async with connected(table=TABLE) as here:
        raw = await here.discord.say("20", "7", "a claim")
        chosen = await here.discord.choose("Suggest accuracy note", "7", "20", raw["id"])
        await here.discord.until_answered(chosen)
        await here.discord.submit(chosen, "7", what="it is old", kind="old")
        (first,) = await here.heard(Submitted)
        assert here.platform._interactions is not None  # noqa: SLF001 - what a restart forgets
        here.platform._interactions._about.clear()  # noqa: SLF001 - as above
        await here.discord.submit(chosen, "7", what="it is old", kind="old")
        _, second = await here.heard(Submitted, 2)

    assert first.about is not None
    assert first.about.text == "a claim"
    assert second.about == first.about
    assert first.source == ""


async def test_a_command_with_a_form_opens_it() -> None:
    async with connected(table=TABLE) as here:
        asked = await here.discord.command("claim new", "7", "20")
        await here.discord.until_answered(asked)

    assert asked.answer is not None
    assert asked.answer["type"] == MODAL
    assert here.of(Commanded) == []


async def test_a_form_of_the_moment_can_be_opened_where_the_table_says_so() -> None:
    async with connected(table=TABLE) as here:
        await paged(here)
        press = await here.discord.press("Edit", "7")
        (event,) = await here.heard(Pressed)
        asked = Form("case.form", "Edit", (Line("what", "What?", value="so far"),))
        await here.platform.perform(OpenForm(account("7"), event.id, asked), key="f")
        await here.discord.submit(press, "7", what="more")
        (sent,) = await here.heard(Submitted)

    assert sent.form == "case.form"
    assert sent.source == "case.edit/4"
    assert sent.values == {"what": "more"}


async def test_after_a_quarter_of_an_hour_a_private_answer_asks_to_try_again() -> None:
    async with connected(table=TABLE) as here:
        await paged(here)
        press = await here.discord.press("Take it", "7")
        await here.heard(Pressed)
        here.clock.turn(minutes=16)
        await here.platform.perform(ShowPrivately(account("7"), press.id, ANSWER), key="late")

        assert [dm["content"] for dm in here.discord.dms("7")] == ["P1 urgent", "Please try again"]
        assert press.shown == []


async def test_a_press_that_comes_late_is_done_all_the_same() -> None:
    async with connected(table=TABLE) as here:
        await paged(here)
        here.discord.interactions.slow = timedelta(seconds=4)
        press = await here.discord.press("Take it", "7")
        await here.heard(Pressed)

    assert press.answer is None
    assert here.discord.interactions.late == 1


async def test_commands_are_set_once_and_again_only_when_they_change() -> None:
    async with connected(table=TABLE) as here:
        assert here.discord.rest.synced == 1
        for table, synced in ((TABLE, 1), (Table(), 2)):
            async with discord_platform(here.clock, table) as another:
                await another._opened()  # noqa: SLF001 - a start without a second connection
            assert here.discord.rest.synced == synced
