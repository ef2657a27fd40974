import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import bot.data.claims
from adapters.discord import markup as discord
from adapters.slack import form as slack
from adapters.slack.form import Origin
from bot.cards.note import (
    CARE,
    SPOTTED,
    another_view_card,
    note_card,
    proposal_card,
    suggest_form,
)
from bot.data.claims import load_claims
from bot.domain.card import Card
from bot.domain.claim import Citation, Claim
from bot.domain.code import Validity
from bot.domain.reading import Strength
from tests.support.fake_discord.validate import modal as refused_by_discord
from tests.support.fake_slack.blocks import check_view
from tests.support.readability import grade, mean_sentence

CLAIMS = load_claims(Path(bot.data.claims.__file__).with_name("claims.yaml")).claims
TODAY = date(2026, 11, 23)
LINK = "https://chat.example/channels/1/2/3"
BANNED = re.compile(
    r"\b(fake\w*|lie|lies|lied|liar\w*|lying|misinform\w*|disinform\w*|myth\w*|false\w*|hoax\w*"
    r"|wrong\w*|stupid\w*|spread\w*|scammer\w*|fraud\w*|intent\w*|profit\w*)\b|[@<>]",
    re.IGNORECASE,
)
FRESH = Citation("A body", "A page", "https://body.example/a", date(2026, 5, 3), TODAY)
STALE = Citation(
    "An old body", "An old page", "https://old.example/b", date(2020, 1, 1), date(2021, 1, 1)
)
CLAIM = replace(
    CLAIMS[0],
    correction="Long trials must be paid. Short ones may be unpaid.",
    why_misleading="Short trials can be unpaid.",
    sources=(STALE, FRESH),
)
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)


def prose(card: Card) -> str:
    """What is read as sentences: without titles of pages and their addresses."""
    values = (field.value for field in card.fields)
    return " ".join((*card.paragraphs, *values, card.footer))


@each_claim
def test_a_shipped_note_has_120_words_at_most(claim: Claim) -> None:
    assert len(note_card(claim, today=TODAY).text.split()) <= 120


@each_claim
def test_a_shipped_note_reads_at_grade_8_or_below(claim: Claim) -> None:
    text = prose(note_card(claim, today=TODAY))

    assert grade(text) <= 8
    assert mean_sentence(text) <= 15
    assert grade(claim.correction) <= 8


@each_claim
def test_a_shipped_note_accuses_nobody_and_pings_nobody(claim: Claim) -> None:
    assert BANNED.findall(note_card(claim, today=TODAY).text) == []


@each_claim
def test_a_shipped_note_says_nothing_in_the_words_of_the_claim(claim: Claim) -> None:
    text = note_card(claim, today=TODAY).text.lower()

    assert claim.claim.lower() not in text
    assert [wording for wording in claim.wordings if wording.lower() in text] == []


@each_claim
def test_a_shipped_note_keeps_the_order_of_its_parts(claim: Claim) -> None:
    card = note_card(claim, today=TODAY)
    text, source = card.text, claim.sources[0]
    fact = claim.correction.split(". ")[0]
    shown = f"Source: {source.publisher}"
    parts = [claim.correction, CARE, claim.why_misleading, "To sum up", shown, SPOTTED]

    assert card.paragraphs[0] == claim.correction
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)
    assert fact in card.paragraphs[-1]
    assert str(source.as_of.year) in card.paragraphs[-1]
    assert text.endswith(SPOTTED)


def test_a_note_is_put_together_in_full() -> None:
    assert note_card(CLAIM, today=TODAY).text == (
        "Accuracy note\n"
        "Long trials must be paid. Short ones may be unpaid.\n"
        "A message here may leave something out, or differ from this.\n"
        "Short trials can be unpaid.\n"
        "To sum up: Long trials must be paid. This was so on 3 May 2026.\n"
        "Source: A body, A page: https://body.example/a\n"
        "Spotted an error? Press Dispute."
    )


@pytest.mark.parametrize("claims", [(), tuple(CLAIMS)[:1], tuple(CLAIMS)], ids=len)
def test_both_platforms_take_the_form(claims: tuple[Claim, ...]) -> None:
    form = suggest_form("note.suggest", claims)

    assert refused_by_discord(discord.modal(form)) == []
    check_view(slack.modal(form, Origin()))
    assert all(grade(line.help) <= 8 for line in form.lines)


def test_a_note_has_a_button_to_dispute_it() -> None:
    (button,) = note_card(CLAIM, today=TODAY, id_="ab12").buttons
    assert (button.id, button.label) == ("note.dispute/ab12", "Dispute")


def test_a_note_never_cites_a_stale_source() -> None:
    urls = [link.url for link in note_card(CLAIM, today=TODAY).links]

    assert urls == [FRESH.url]


def test_there_is_no_note_the_day_after_the_last_source_went_stale() -> None:
    with pytest.raises(ValueError, match="every source is past its review date"):
        note_card(CLAIM, today=TODAY + timedelta(days=1))


@pytest.mark.parametrize("code", [Validity.INTENT_PROFIT, Validity.INTENT_OTHER])
def test_intent_changes_nothing_in_public(code: Validity) -> None:
    plain = replace(CLAIM, validity=(Validity.CONTEXT,))

    assert note_card(replace(CLAIM, validity=(code,)), today=TODAY) == note_card(plain, today=TODAY)


@each_claim
def test_a_proposal_tells_a_practitioner_all_that_is_needed_to_decide(claim: Claim) -> None:
    card = proposal_card(claim, Strength.MATCH, LINK)

    assert card.links[0].url == LINK
    assert {claim.claim, claim.correction, claim.unknown} <= {f.value for f in card.fields}
    assert [link.url for link in card.links[1:]] == [source.url for source in claim.sources]
    assert grade(prose(card)) <= 8


def test_a_proposal_says_how_sure_the_match_is() -> None:
    sure, unsure = (
        next(f.value for f in proposal_card(CLAIM, strength, LINK).fields if f.name == "How sure")
        for strength in (Strength.MATCH, Strength.SUGGEST)
    )

    assert sure.startswith("A close match")
    assert unsure.startswith("A loose match")


@pytest.mark.parametrize("code", Validity)
def test_a_proposal_puts_every_validity_code_in_plain_words(code: Validity) -> None:
    text = proposal_card(replace(CLAIM, validity=(code,)), Strength.SUGGEST, LINK).text

    assert "Why it may mislead: " in text
    assert code not in text


@pytest.mark.parametrize("code", [Validity.INTENT_PROFIT, Validity.INTENT_OTHER])
def test_a_proposal_warns_against_naming_intent_in_public(code: Validity) -> None:
    text = proposal_card(replace(CLAIM, validity=(code,)), Strength.MATCH, LINK).text

    assert "Do not say so in public" in text


def test_a_proposal_shows_each_source_with_its_dates() -> None:
    labels = [link.label for link in proposal_card(CLAIM, Strength.MATCH, LINK).links]

    assert labels[2] == "A body: A page (as of 3 May 2026, check again by 23 November 2026)"


@pytest.mark.parametrize("code", Validity)
def test_an_invitation_corrects_nothing_and_asks_one_question(code: Validity) -> None:
    others = tuple(other for other in Validity if other is not code)
    text = another_view_card(replace(CLAIM, validity=(code, *others))).text

    assert text.count("?") == 1
    assert CLAIM.correction not in text
    assert CLAIM.claim not in text
    assert BANNED.findall(text) == []
    assert grade(text) <= 8


@pytest.mark.parametrize("code", [Validity.INTENT_PROFIT, Validity.INTENT_OTHER, Validity.UNINTENT])
def test_an_invitation_says_nothing_of_motive(code: Validity) -> None:
    card = another_view_card(replace(CLAIM, validity=(code,)))

    assert card.paragraphs[1] == "What was it like for you?"


def test_an_invitation_asks_for_place_and_time_where_they_are_missing() -> None:
    card = another_view_card(replace(CLAIM, validity=(Validity.CONTEXT,)))

    assert "Which country, year and kind of work is this about?" in card.paragraphs
