"""Where an action goes: what is for one destination keeps its order, and a press never queues."""

import pytest

from bot.domain.action import (
    Action,
    Delivery,
    DirectMessage,
    OpenForm,
    Post,
    Reply,
    ShowHome,
    ShowPrivately,
    Update,
    Withdraw,
    destination_of,
)  # fmt: skip
from bot.domain.card import Card
from bot.domain.command import Form
from tests.support.build import DISCORD, NOON, account, place, ref

CARD, ADA = Card("x"), account("101")


@pytest.mark.parametrize(
    ("action", "destination"),
    [
        (Post(place(), CARD), "discord:10:20"),
        (Reply(ref(1), CARD), "discord:10:20"),
        (Reply(ref(1, place(thread="7")), CARD), "discord:10:20:7"),
        (DirectMessage(ADA, CARD), "discord:@101"),
        (ShowPrivately(ADA, "p1", CARD), "discord:press:p1"),
        (OpenForm(ADA, "p2", Form("f", "A form", ())), "discord:press:p2"),
        (ShowHome(ADA, "10", (CARD,)), "discord:home:10:101"),
        (Update(DISCORD, "m1", CARD), "discord:message:m1"),
        (Withdraw(DISCORD, "m1"), "discord:message:m1"),
    ],
)
def test_every_action_has_a_destination(action: Action, destination: str) -> None:
    assert destination_of(action) == destination
    assert Delivery("k", "north", action, 0, NOON).lane == destination


def test_who_knows_where_a_drawing_goes_says_so() -> None:
    update = Update(DISCORD, "m1", CARD)

    assert Delivery("k", "north", update, 0, NOON, destination="discord:@101").lane == (
        "discord:@101"
    )
