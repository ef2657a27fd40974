"""What people see of a claim: the public note, the proposal to a practitioner, the invitation.

The note's order (fact, care, reason, fact with source and date) and its tone follow the Debunking
Handbook 2020: lead with the fact, spare the author, write for those who read along. Intent is
never named in public, whatever the claim's validity codes say.
"""

import re
from datetime import date
from typing import Final

from bot.domain.card import Button, Card, Field, Link
from bot.domain.claim import Citation, Claim
from bot.domain.code import Validity
from bot.domain.reading import Strength

CARE: Final = "A message here may leave something out, or differ from this."
DISPUTE: Final = "Spotted an error? Press Dispute."
DISPUTE_BUTTON: Final = Button(id="note.dispute", label="Dispute")

_SURE: Final[dict[Strength, str]] = {
    Strength.MATCH: "A close match. It still needs your eye.",
    Strength.SUGGEST: "A loose match. It may be about something else.",
}
_REASON: Final[dict[Validity, str]] = {
    Validity.INTENT_PROFIT: "Someone may gain from it. Do not say so in public",
    Validity.INTENT_OTHER: "Someone may want it believed. Do not say so in public",
    Validity.UNINTENT: "Meant well, but bent by a mood or a stereotype",
    Validity.RESTRICTED: "One narrow case taken for all",
    Validity.OUTDATED: "It was true once",
    Validity.POPULARITY: "Believed since many repeat or like it",
    Validity.SIMILARITY: "Believed since it comes from people alike",
    Validity.CONTEXT: "Place, date or level is missing. Try one question first",
}
_ASK: Final[dict[Validity, str]] = {
    Validity.RESTRICTED: "Did you get there by some other route?",
    Validity.OUTDATED: "Is this still so today, where you are?",
    Validity.POPULARITY: "What have you seen with your own eyes?",
    Validity.SIMILARITY: "Did someone with a different start find a way in?",
    Validity.CONTEXT: "Which country, year and kind of work is this about?",
}


def note_card(claim: Claim, *, today: date) -> Card:
    """Build the public note. Raises ValueError when every source is stale: ask `may_note` first."""
    source = _fresh(claim, today)
    return Card(
        title="Accuracy note",
        paragraphs=(
            claim.correction,
            CARE,
            claim.why_misleading,
            f"To sum up: {_fact(claim)} This was so on {_day(source.as_of)}.",
        ),
        links=(Link(f"Source: {source.publisher}, {source.title}", source.url),),
        buttons=(DISPUTE_BUTTON,),
        footer=DISPUTE,
    )


def proposal_card(claim: Claim, strength: Strength, link: str) -> Card:
    """Ask a practitioner. `link` leads to the message; nothing of its text is shown (I5)."""
    return Card(
        title="An accuracy note to check",
        paragraphs=(
            "A message may make a claim from our list. Read it first. Then decide.",
            "Leave opinions and personal stories alone.",
        ),
        fields=(
            Field("What was matched", claim.claim),
            Field("How sure", _SURE[strength]),
            Field("Why it may mislead", _reasons(claim)),
            Field("The fact", claim.correction),
            Field("What we do not know", claim.unknown),
            Field("Holds in", _regions(claim)),
        ),
        links=(Link("Open the message", link), *map(_dated, claim.sources)),
        footer=f"Drafted by: {claim.drafted_by}. Approved by: {claim.approved_by}.",
    )


def another_view_card(claim: Claim) -> Card:
    """Invite other views where people tell of their own path. It corrects nothing."""
    asked = [_ASK[code] for code in claim.validity if code in _ASK]
    return Card(
        title="Other views are welcome",
        paragraphs=(
            "Paths differ. What was true for one person may not be true for the next.",
            *(asked[:1] or ["What was it like for you?"]),
            "Tell us where and when it was. That helps others to compare.",
        ),
    )


def _fresh(claim: Claim, today: date) -> Citation:
    for source in claim.sources:
        if today <= source.review_by:
            return source
    raise ValueError(f"claim {claim.id}: every source is past its review date")


def _fact(claim: Claim) -> str:
    """Take the correction's first sentence, which is the fact itself."""
    return re.split(r"(?<=[.!?])\s", claim.correction, maxsplit=1)[0]


def _reasons(claim: Claim) -> str:
    return ". ".join(_REASON[code] for code in claim.validity) + "."


def _regions(claim: Claim) -> str:
    return ", ".join("everywhere" if code == "*" else code for code in claim.jurisdictions)


def _dated(source: Citation) -> Link:
    dates = f"as of {_day(source.as_of)}, check again by {_day(source.review_by)}"
    return Link(f"{source.publisher}: {source.title} ({dates})", source.url)


def _day(day: date) -> str:
    """Write 3 May 2026; the month as a word, since 3/5 is read in two ways."""
    return f"{day.day} {day:%B %Y}"
