from dataclasses import replace

import pytest

from bot.cards.resource import (
    LABEL_LIMIT,
    no_match_card,
    no_words_card,
    resource_card,
    unvetted_card,
)
from bot.domain.card import Card
from bot.domain.resource import Recommendation, Resource
from tests.support.readability import grade, mean_sentence
from tests.unit.test_resource_catalogue import CATALOGUE

BY_ID = {each.id: each for each in CATALOGUE.resources}
ONET = BY_ID["us-onet-my-next-move"]
ACAS = BY_ID["gb-acas"]


def recommended(*resources: Resource) -> list[Recommendation]:
    return [Recommendation(each.id, each.why) for each in resources]


def card_of(*resources: Resource) -> Card:
    return resource_card(recommended(*resources), BY_ID)


def prose(card: Card) -> str:
    return " ".join((*card.paragraphs, *(field.value for field in card.fields)))


def test_each_resource_is_plain_words_and_a_link_that_says_where_it_leads() -> None:
    card = card_of(ACAS)
    assert [field.name for field in card.fields] == ["Acas"]
    assert card.fields[0].value == (
        f"{ACAS.summary} {ACAS.why} Cost: free. No account is needed. "
        "Region: GB-ENG, GB-SCT, GB-WLS."
    )
    assert [(link.label, link.url) for link in card.links] == [
        ("Acas, Advisory, Conciliation and Arbitration Service", "https://www.acas.org.uk/")
    ]


def test_the_reason_shown_is_the_recommendations_own() -> None:
    card = resource_card([Recommendation(ACAS.id, "Because of this.")], BY_ID)
    assert " Because of this. " in card.fields[0].value


def test_at_most_three_are_shown_in_their_order() -> None:
    four = CATALOGUE.resources[:4]
    card = card_of(*four)
    assert [field.name for field in card.fields] == [each.title for each in four[:3]]
    assert [link.url for link in card.links] == [each.url for each in four[:3]]


def test_an_id_that_is_not_in_the_catalogue_is_dropped() -> None:
    made_up = Recommendation("made-up", "Trust me.")
    card = resource_card([made_up, *recommended(ACAS)], BY_ID)
    assert [link.url for link in card.links] == [ACAS.url]
    assert "Trust me" not in card.text


def test_three_unknown_ids_do_not_push_out_a_known_one() -> None:
    made_up = [Recommendation(f"made-up-{n}", "Trust me.") for n in range(3)]
    assert resource_card([*made_up, *recommended(ACAS)], BY_ID).links[0].url == ACAS.url


@pytest.mark.parametrize("recommendations", [[], [Recommendation("made-up", "Trust me.")]])
def test_when_nothing_is_left_the_card_says_so_and_shows_no_link(
    recommendations: list[Recommendation],
) -> None:
    card = resource_card(recommendations, BY_ID)
    assert card == no_match_card()
    assert card.title == "No vetted match"
    assert card.links == ()


@pytest.mark.parametrize("card", [card_of(ACAS), no_match_card()], ids=["match", "no match"])
def test_it_says_that_it_is_automated_and_that_a_practitioner_can_be_asked(card: Card) -> None:
    assert "This reply is automated." in card.text
    assert "ask for a practitioner in any channel" in card.text
    assert 'choose "Ask a practitioner"' in card.text


def test_the_footer_carries_onets_required_wording_whole() -> None:
    footer = card_of(ONET, ACAS).footer
    assert ONET.attribution in footer
    assert "O*NET® is a trademark of USDOL/ETA." in footer
    assert "Used under the CC BY 4.0 license." in footer
    assert ACAS.attribution in footer


def test_an_attribution_shared_by_two_resources_is_shown_once() -> None:
    card = card_of(ONET, BY_ID["us-onet-online"])
    assert card.footer.count("CC BY 4.0") == 1


def test_the_footer_says_who_vetted_it_and_when() -> None:
    assert "Vetted: starter list, to be confirmed (2026-11-23)." in card_of(ACAS, ONET).footer


def test_an_account_that_is_needed_and_a_cost_are_said() -> None:
    value = card_of(BY_ID["gb-ucas"]).fields[0].value
    assert "Cost: free to search; applying has a fee. You need an account." in value


def test_a_resource_for_anywhere_names_no_region() -> None:
    assert "Region" not in card_of(BY_ID["ww-ilostat"]).fields[0].value


def test_a_label_fits_a_button() -> None:
    long = replace(ACAS, title="A" * 200)
    card = resource_card(recommended(long), {long.id: long})
    assert len(card.links[0].label) == LABEL_LIMIT


@pytest.mark.parametrize("resource", CATALOGUE.resources, ids=lambda each: each.id)
def test_every_starter_resource_gives_a_plain_card_that_claims_no_endorsement(
    resource: Resource,
) -> None:
    card = card_of(resource)
    assert grade(prose(card)) <= 8
    assert mean_sentence(prose(card)) <= 15
    assert resource.title in card.links[0].label
    assert len(card.links[0].label) <= LABEL_LIMIT
    assert "The publishers have not endorsed this bot." in card.footer
    assert "endorse" not in prose(card).lower()


@pytest.mark.parametrize(
    "card",
    [no_match_card(), no_words_card(), unvetted_card(is_staff=False), unvetted_card(is_staff=True)],
    ids=["no match", "no words", "unvetted", "unvetted, staff"],
)
def test_the_card_for_no_match_is_plain(card: Card) -> None:
    text = prose(card)
    assert grade(text) <= 8
    assert mean_sentence(text) <= 15


@pytest.mark.parametrize("word", ["readiness", "ready", "score", "assessed", "struggling"])
def test_no_card_judges_the_person(word: str) -> None:
    cards = [no_match_card(), *(card_of(each) for each in CATALOGUE.resources)]
    assert not any(word in prose(card).lower().split() for card in cards)
