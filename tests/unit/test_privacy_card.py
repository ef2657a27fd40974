"""What a member is told of what is kept of them."""

import pytest

from bot.cards.home import member_card
from bot.cards.privacy import MOST_PLACES, chosen_card, privacy_card, watched_words
from bot.domain.privacy import Consent
from bot.domain.watch import Seen
from tests.support.build import desk, place
from tests.support.readability import grade, mean_sentence

ONE, TWO = place("1", name="#advice"), place("2", name="#jobs")
MANY = tuple(place(str(n), name=f"#channel-{n:02}") for n in range(MOST_PLACES + 3))


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (Seen((ONE, TWO)), "#advice, #jobs"),
        (Seen((ONE,), 1), "#advice, and 1 channel that is not open to all"),
        (Seen((ONE, TWO), 2), "#advice, #jobs, and 2 channels that are not open to all"),
        (Seen((), 1), "1 channel that is not open to all"),
        (Seen((place("1", name=""),)), "1"),
        (Seen(), ""),
    ],
)
def test_what_is_read_is_named_as_far_as_it_may_be(seen: Seen, said: str) -> None:
    assert watched_words(seen) == said
    fields = privacy_card(seen, 180, is_read=True).fields
    assert [one.value for one in fields] == ([said] if said else [])
    assert member_card(seen, desk(), is_read=True).fields[0].value == (said or "nothing here")


def test_a_long_list_ends_with_a_count() -> None:
    assert watched_words(Seen(MANY, 1)).endswith(
        "#channel-19, and 3 more, and 1 channel that is not open to all"
    )


@pytest.mark.parametrize("is_read", [True, False])
def test_only_the_choice_that_changes_something_is_offered(is_read: bool) -> None:  # noqa: FBT001 - a parameter
    for card in (privacy_card(Seen(), 180, is_read=is_read), chosen_card(CHOICES[is_read])):
        assert ("/optout" in card.text) is is_read
        assert ("/optin" in card.text) is not is_read
        assert "again" not in card.text
        assert grade(" ".join(card.paragraphs)) <= 6
        assert mean_sentence(" ".join(card.paragraphs)) <= 15


CHOICES = {True: Consent.IN, False: Consent.OUT}
