"""What people type, choose and send: one slash command, shortcuts and forms, all from the Table."""

import pytest

from bot.domain.action import OpenForm, Post, ShowPrivately
from bot.domain.card import Button, Card
from bot.domain.command import Choice, Command, Form, Kind, Line, Menu, Option, Table
from bot.domain.event import Chosen, Commanded, Pressed, Submitted
from tests.protocol.test_slack_actions import ADA, JOBS, PIP
from tests.support.fake_slack.sockets import Envelope
from tests.support.fake_slack.workspace import Raw
from tests.support.slacktown import Slacktown, slacktown

NOTE = Form("note", "Suggest a note", (
    Line("what", "What is inaccurate?", is_long=True, most=4_000),
    Line("kind", "What kind?", choices=(Choice("old", "Out of date"), Choice("wrong", "Wrong")),
         value="wrong"),
    Line("source", "A source", help="A link, if you have one", required=False),
))  # fmt: skip
UNTIL = Option("until", "When it ends", required=False)
TABLE = Table(
    nouns={"duty": "Who is on duty", "resource": "Resources"},
    commands=(
        Command("duty", "on", "Go on duty", options=(UNTIL,)),
        Command("duty", "swap", "Swap a shift", options=(
            Option("with", "With whom", Kind.PERSON), Option("hours", "How long", Kind.NUMBER))),
        Command("watch", "add", "Watch a channel", options=(
            Option("channel", "Which", Kind.CHANNEL),
            Option("mode", "How", required=False,
                   choices=(Choice("all", "Everything"), Choice("asks", "Questions"))))),
        Command("resource", "find", "Find a resource", options=(
            Option("name", "Its name", suggests=True),)),
        Command("note", "", "Suggest a note", form=NOTE),
        Command("help-now", "", "Who listens", in_need=True, options=(
            Option("about", "What about", required=False,
                   choices=(Choice("home", "At home"), Choice("low", "I feel low"))),)),
    ),
    menus=(Menu("ask", "Ask a practitioner"), Menu("note", "Suggest accuracy note", form=NOTE)),
    opens={"note.edit": NOTE},
)  # fmt: skip


async def types(here: Slacktown, text: str) -> Envelope:
    envelope = await here.town.interacts(here.town.command(here.jobs, "UADA", text))
    await envelope.acknowledged.wait()
    return envelope


def said(envelope: Envelope) -> str:
    assert envelope.answer is not None
    assert envelope.answer["response_type"] == "ephemeral"
    text: str = envelope.answer["blocks"][0]["text"]["text"]
    return text


@pytest.mark.parametrize(
    ("typed", "noun", "verb", "options"),
    [
        ("duty on", "duty", "on", {}),
        ("  DUTY   On ", "duty", "on", {}),
        ('duty on until="friday 17:00"', "duty", "on", {"until": "friday 17:00"}),
        ("duty on until:friday", "duty", "on", {"until": "friday"}),
        ("help-now home", "help-now", "", {"about": "home"}),
        ("help-now please i cannot go on", "help-now", "", {}),
        ('Help-Now "i cannot', "help-now", "", {}),
        ("help-now about=everything", "help-now", "", {}),
        ("duty on friday at five", "duty", "on", {"until": "friday at five"}),
        ("duty on \u201cfriday 5pm\u201d", "duty", "on", {"until": "friday 5pm"}),
        ("duty on https://example.org/a?b=c", "duty", "on", {"until": "https://example.org/a?b=c"}),
        ("duty on a &amp; b &lt;3", "duty", "on", {"until": "a & b <3"}),
        ("duty swap <@UBO|bo> 4", "duty", "swap", {"with": "UBO", "hours": "4"}),
        (
            "watch add <#C2|advice> mode=questions",
            "watch",
            "add",
            {"channel": "C2", "mode": "asks"},
        ),
        ("resource find cv guide", "resource", "find", {"name": "cv guide"}),
    ],
)
async def test_a_command_is_read_as_the_table_says(
    typed: str, noun: str, verb: str, options: dict[str, str]
) -> None:
    async with slacktown(TABLE) as here, here.running():
        envelope = await types(here, typed)
        (asked,) = await here.inbox.until(Commanded)

    assert (asked.noun, asked.verb, asked.options) == (noun, verb, options)
    assert (asked.by, asked.place) == (ADA, JOBS)
    assert not envelope.answer


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", '/waymark duty on [until="..."]  -  Go on duty'),
        ("help", "/waymark duty swap with=@name hours=number"),
        ("dity on", "Type /waymark and one of: duty, watch, resource, note"),
        ("duty", "/waymark duty is not complete. Type one of these:"),
        ("duty off", "/waymark duty off is not complete"),
        ('duty on until="friday', "A quotation mark is not closed"),
        ("duty swap bo 4", "'bo' is no with. Write @ and choose a person."),
        ("duty swap <@UBO> four", "'four' is no hours. Write digits."),
        ("watch add <#C2> mode=some", "Write one of: all, asks."),
        ("watch add jobs", "Write # and choose a channel."),
        ("duty swap with=<@UBO> hours=4 more", "There is one word too many: 'more'."),
    ],
)
async def test_wrong_input_is_answered_with_what_to_type(typed: str, says: str) -> None:
    async with slacktown(TABLE) as here, here.running():
        assert says in said(await types(here, typed))
        assert here.inbox.of(Commanded) == []


async def test_the_same_command_over_two_sockets_has_one_id() -> None:
    async with slacktown(TABLE) as here, here.running():
        first = await types(here, "duty on")
        again = await here.slack.sockets.repeat(first, over=1)
        await again.acknowledged.wait()

        assert len(here.inbox.of(Commanded)) == 1


async def test_what_is_missing_is_asked_for_with_suggestions_while_one_types() -> None:
    async with slacktown(TABLE) as here, here.running():
        here.inbox.choices = tuple(Choice(f"r{n}", f"CV guide {n}") for n in range(120))
        await types(here, "resource find")
        envelope = await here.town.interacts(here.town.typing("UADA", "name", "cv"))
        await envelope.acknowledged.wait()
        (typed,) = here.inbox.typed
        await here.town.interacts(here.town.submit("UADA", {"name": "r7"}))
        (asked,) = await here.inbox.until(Commanded)

    assert envelope.answer is not None
    assert len(envelope.answer["options"]) == 100
    assert envelope.answer["options"][7]["value"] == "r7"
    assert (typed.noun, typed.verb, typed.option, typed.typed) == ("resource", "find", "name", "cv")
    assert (asked.noun, asked.verb, asked.options) == ("resource", "find", {"name": "r7"})
    assert asked.place == JOBS


async def test_people_channels_and_numbers_that_are_missing_are_asked_for_too() -> None:
    async with slacktown(TABLE) as here, here.running():
        await types(here, "duty swap")
        view = next(iter(here.slack.views.values()))
        await here.town.interacts(here.town.submit("UADA", {"with": "UBO", "hours": "4"}))
        (asked,) = await here.inbox.until(Commanded)

    assert [b["element"]["type"] for b in view["blocks"]] == ["users_select", "plain_text_input"]
    assert asked.options == {"with": "UBO", "hours": "4"}


async def test_a_number_in_a_form_that_is_none_is_said_at_its_line() -> None:
    async with slacktown(TABLE) as here, here.running():
        await types(here, "duty swap")
        payload = here.town.submit("UADA", {"with": "UBO", "hours": "four"})
        envelope = await here.town.interacts(payload)
        await envelope.acknowledged.wait()

        assert here.inbox.of(Commanded) == []
    assert envelope.answer == {"response_action": "errors", "errors": {"hours": "Write digits."}}


async def test_a_shortcut_on_a_message_is_heard_with_the_message() -> None:
    async with slacktown(TABLE) as here, here.running():
        ts = here.town.write(here.jobs, "UPIP", "is this &amp; that right?")["ts"]
        await here.town.interacts(here.town.shortcut(here.jobs, ts, "UADA", "ask"))
        (chosen,) = await here.inbox.until(Chosen)

    assert (chosen.menu, chosen.by, chosen.message.author) == ("ask", ADA, PIP)
    assert chosen.message.text == "is this & that right?"


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_shortcuts_form_opens_at_once_and_is_heard_when_sent(
    restarts: bool,  # noqa: FBT001 - both ways
) -> None:
    async with slacktown(TABLE) as here:
        ts = here.town.write(here.jobs, "UPIP", "nobody needs a degree")["ts"]
        async with here.running():
            shortcut = here.town.shortcut(here.jobs, ts, "UADA", "note")
            envelope = await here.town.interacts(shortcut)
            await envelope.acknowledged.wait()
            assert here.inbox.of(Chosen) == []
        if restarts:
            here.again()
        async with here.running():
            written = {"what": "they do", "kind": "old"}
            await here.town.interacts(here.town.submit("UADA", written))
            (sent,) = await here.inbox.until(Submitted)

    assert (sent.form, sent.values, sent.by) == ("note", written, ADA)
    assert sent.about is not None
    assert (sent.about.ref.id, sent.about.text) == (ts, "nobody needs a degree")
    assert (sent.place, sent.source) == (JOBS, "")


async def test_a_buttons_form_says_which_button_on_which_message_it_was() -> None:
    card = Card("A note", buttons=(Button("note.edit/7", "Change it"),))
    async with slacktown(TABLE) as here, here.running():
        receipt = await here.platform.perform(Post(JOBS, card), key="k#0")
        ts = next(iter(here.jobs.messages))
        await here.town.interacts(here.town.press(here.jobs, ts, "UADA", "note.edit/7"))
        await _until_view(here)
        await here.town.interacts(here.town.submit("UADA", {"what": "x", "kind": "old"}))
        (sent,) = await here.inbox.until(Submitted)

        assert here.inbox.of(Pressed) == []
    assert (sent.source, sent.on) == ("note.edit/7", receipt.external_id)


async def _until_view(here: Slacktown) -> None:
    for envelope in list(here.slack.sockets.envelopes.values()):
        await envelope.acknowledged.wait()
    assert here.slack.views


async def test_a_commands_form_opens_at_once_and_the_sender_is_answered() -> None:
    async with slacktown(TABLE) as here, here.running():
        await types(here, "note")
        await here.town.interacts(here.town.submit("UADA", {"what": "x", "kind": "old"}))
        (sent,) = await here.inbox.until(Submitted)
        answer = ShowPrivately(ADA, sent.id, Card("Thank you"))
        await here.platform.perform(answer, key="p#0")
        ((seer, shown),) = here.town.space.ephemerals

    assert (seer, shown["channel"]) == ("UADA", "C1")


async def test_a_form_that_slack_does_not_open_is_said_not_swallowed() -> None:
    async with slacktown(TABLE) as here, here.running():
        payload = here.town.command(here.jobs, "UADA", "note")
        here.clock.turn(seconds=4)
        envelope = await here.town.interacts(payload)
        await envelope.acknowledged.wait()

    assert "could not be opened" in said(envelope)


async def test_a_form_fits_into_slacks_limits_whatever_it_holds() -> None:
    long = [
        Line(f"l{n}", "l" * 3_000, "h" * 3_000, "v" * 5_000, is_long=True, most=9_000)
        for n in range(4)
    ]
    choices = tuple(Choice("v" * 140 + str(n), "c" * 200) for n in range(150))
    lines = (*long, Line("many", "m", choices=choices))
    form = Form("x" * 200, "t" * 90, lines, "s" * 60)
    async with slacktown(TABLE) as here, here.running():
        await types(here, "duty on")
        (asked,) = await here.inbox.until(Commanded)
        await here.platform.perform(OpenForm(ADA, asked.id, form), key="f#0")

        assert len(here.slack.views) == 1


async def test_other_payloads_are_acknowledged_and_nothing_follows() -> None:
    async with slacktown(TABLE) as here, here.running():
        await types(here, "note")
        before = len(here.inbox.events)
        closed: Raw = {"type": "view_closed", "team": {"id": "T1"}, "user": {"id": "UADA"}}
        strange = here.town.submit("UADA", {})
        strange["view"] = {**strange["view"], "callback_id": "not ours"}
        for payload in (closed, strange):
            envelope = await here.town.interacts(payload)
            await envelope.acknowledged.wait()

        assert len(here.inbox.events) == before
