from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.cards.alert import alert_card
from bot.cards.reason import neutral
from bot.domain.card import Card
from bot.domain.message import Place
from bot.domain.reading import Priority
from tests.support.build import DISCORD, place, ref
from tests.support.readability import grade, mean_sentence

SENT = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
LINK = "https://discord.com/channels/10/20/1"


def card(
    where: Place | None = None,
    *,
    priority: Priority = Priority.P0,
    sent_at: datetime = SENT,
    link: str = LINK,
    zone: str = "UTC",
) -> Card:
    return alert_card(ref(1, where), link, priority=priority, sent_at=sent_at, zone=zone)


def field(shown: Card, name: str) -> str:
    return next(field.value for field in shown.fields if field.name == name)


@pytest.mark.parametrize("priority", Priority)
def test_a_page_says_how_urgent_where_when_and_nothing_else(priority: Priority) -> None:
    shown = card(priority=priority)

    assert shown.title.startswith(priority.name)
    assert neutral(priority) in shown.title
    assert {f.name for f in shown.fields} == {"Where", "When"}
    assert [link.url for link in shown.links] == [LINK]
    assert shown.footer == ""


@pytest.mark.parametrize("priority", Priority)
def test_a_page_is_read_at_a_glance(priority: Priority) -> None:
    shown = card(priority=priority)

    assert grade(" ".join(shown.paragraphs)) <= 8
    assert mean_sentence(" ".join(shown.paragraphs)) <= 15


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (place(), "#job-search"),
        (place(name=""), "20"),
        (place(thread="9", name="#job-search > I cannot go on"), "#job-search, in a thread"),
        (place(thread="9"), "#job-search, in a thread"),
        (Place(DISCORD, "10", "20", "9"), "20, in a thread"),
    ],
)
def test_the_place_is_named_without_a_threads_title_which_a_member_wrote(
    where: Place, expected: str
) -> None:
    assert field(card(where), "Where") == expected


def test_the_time_is_on_the_desks_clock_whatever_zone_it_came_in() -> None:
    helsinki = SENT.astimezone(timezone(timedelta(hours=2)))

    assert field(card(sent_at=helsinki), "When") == "Mon 23 Nov 09:05 UTC"
    assert field(card(zone="Europe/Berlin"), "When") == "Mon 23 Nov 10:05 CET"


def test_a_message_without_an_address_has_no_link() -> None:
    assert card(link="").links == ()


def test_buttons_are_few_and_keep_their_ids() -> None:
    ids = [button.id for button in card().buttons]

    assert ids == [button.id for button in card(priority=Priority.P1).buttons]
    assert len(set(ids)) == len(ids) <= 4
    assert all(i.startswith("alert.") for i in ids)
