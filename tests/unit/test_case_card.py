from dataclasses import replace

import pytest

from bot.cards import case as cards
from bot.cards.reason import PRIORITY_CLOCKS
from bot.domain.alert import About, Case, Deed, Ending, Notice, Refusal, State, What
from bot.domain.card import Card
from bot.domain.code import Code
from bot.domain.reading import Priority
from bot.policy.plan import plan_for
from tests.support.build import DESK, NOON, account, at, ref
from tests.support.readability import grade, mean_sentence

ADA, BO, LAST = account("101"), account("102"), account("199")
NAMES = {ADA: "Ada", BO: "Bo", LAST: "The last resort"}
ABOUT = About(ref(1), "https://discord.com/channels/10/20/1", NOON, (Code.SELF_HARM_INTENT,))
OPEN = Case(DESK, "k", Priority.P0, plan_for(Priority.P0, NOON))
HELD = replace(OPEN, holder=ADA, acknowledged_at=at(3), due_at=at(33))
CLOSED = replace(
    HELD, state=State.CLOSED, ending=Ending.REFERRED, last=Deed(What.CLOSED, at(9), ADA)
)


def now(case: Case) -> str:
    shown = cards.case_card(case, ABOUT, NAMES, zone="UTC")
    return next(field.value for field in shown.fields if field.name == "Now")


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (OPEN, "Nobody has it yet."),
        (replace(HELD, state=State.ACKNOWLEDGED), "Ada is looking, since 12:03 UTC."),
        (replace(HELD, state=State.TAKEN), "Ada took it at 12:03 UTC."),
        (replace(HELD, state=State.SNOOZED), "Ada put it off until Mon 05 Jan 12:33 UTC."),
        (replace(OPEN, holder=BO), "Given to Bo."),
        (CLOSED, "Ada closed it at 12:09 UTC: passed on to a service."),
        (
            replace(OPEN, unattended=True),
            "Nobody has it yet. Nobody is on duty. The last resort is called.",
        ),
        (replace(OPEN, unreached=(ADA, BO)), "Nobody has it yet. Could not be reached: Ada, Bo."),
        (
            replace(OPEN, last=Deed(What.BACKUP_CALLED, at(4), ADA, BO)),
            "Nobody has it yet. Ada called backup at 12:04 UTC.",
        ),
        (
            replace(OPEN, last=Deed(What.EXPIRED, at(4), ADA)),
            "Nobody has it yet. Ada had it, but did not answer.",
        ),
        (replace(OPEN, holder=account("5")), "Given to Somebody."),
    ],
)
def test_a_copy_says_who_has_it_and_since_when(case: Case, said: str) -> None:
    assert now(case) == said


def test_moments_are_on_the_clock_of_the_desk() -> None:
    put_off = replace(HELD, state=State.SNOOZED)
    taken = replace(HELD, state=State.TAKEN)
    shown = cards.case_card(put_off, ABOUT, NAMES, zone="Europe/Helsinki")

    assert "When: Mon 05 Jan 14:00 EET" in shown.text
    assert "Now: Ada put it off until Mon 05 Jan 14:33 EET." in shown.text
    assert cards.standing(taken, NAMES, "Europe/Helsinki") == "Ada took it at 14:03 EET."


@pytest.mark.parametrize("notice", Notice)
@pytest.mark.parametrize("priority", Priority)
def test_a_page_holds_no_reason_and_no_label(notice: Notice, priority: Priority) -> None:
    shown = cards.case_card(
        replace(HELD, priority=priority), ABOUT, NAMES, zone="UTC", notice=notice
    )

    assert shown.title.startswith(priority.name)
    assert {field.name for field in shown.fields} == {"Where", "When", "Now"}
    for word in ("harm", "life", "suicid", "danger", "distress"):
        assert word not in shown.text.lower()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("priority", Priority)
def test_whoever_is_next_is_spoken_of_while_nobody_has_it(state: State, priority: Priority) -> None:
    holder = None if state is State.OPEN else ADA
    case = replace(OPEN, priority=priority, state=state, holder=holder)
    shown = cards.case_card(case, ABOUT, NAMES, zone="UTC")

    assert (PRIORITY_CLOCKS[priority] in shown.paragraphs) is (state is State.OPEN)


def test_an_author_who_writes_again_is_counted() -> None:
    shown = cards.case_card(OPEN, replace(ABOUT, messages=3), NAMES, zone="UTC")

    assert "Messages: 3" in shown.text


def test_a_closed_one_has_no_buttons() -> None:
    assert cards.case_card(CLOSED, ABOUT, NAMES, zone="UTC").buttons == ()
    assert len(cards.case_card(OPEN, ABOUT, NAMES, zone="UTC").buttons) == 4


def private() -> list[Card]:
    return [
        cards.more_card(OPEN, ABOUT),
        *(cards.snooze_card(replace(OPEN, priority=priority)) for priority in Priority),
        cards.close_card(),
        cards.hand_over_card((), NAMES),
        cards.hand_over_card(tuple(account(str(n)) for n in range(9)), NAMES),
        *map(cards.refusal_card, Refusal),
    ]


@pytest.mark.parametrize("card", private(), ids=lambda card: card.title)
def test_every_private_card_is_short_plain_and_has_four_buttons_at_most(card: Card) -> None:
    assert len(card.buttons) <= 4
    assert len({button.id for button in card.buttons}) == len(card.buttons)
    assert all(len(button.id) <= 100 for button in card.buttons)  # Discord's most
    assert grade(" ".join(card.paragraphs)) <= 8
    assert mean_sentence(" ".join(card.paragraphs)) <= 15


@pytest.mark.parametrize("notice", Notice)
def test_a_notice_is_read_at_a_glance(notice: Notice) -> None:
    text = " ".join(cards.case_card(OPEN, ABOUT, NAMES, zone="UTC", notice=notice).paragraphs)

    assert grade(text) <= 8
    assert mean_sentence(text) <= 15


def test_the_reasons_in_words_are_behind_more() -> None:
    assert "they intend to end their life" in cards.more_card(OPEN, ABOUT).text


def test_lengths_are_said_as_people_say_them() -> None:
    labels = [
        button.label
        for priority in (Priority.P0, Priority.P2)
        for button in cards.snooze_card(replace(OPEN, priority=priority)).buttons
    ]

    assert labels == ["5 minutes", "10 minutes", "15 minutes", "1 hour", "4 hours", "1 day"]
