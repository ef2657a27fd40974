"""What people see of a claim: the public note, the proposal to a practitioner, the invitation.

The note's order (fact, care, reason, fact with source and date) and its tone follow the Debunking
Handbook 2020: lead with the fact, spare the author, write for those who read along. Intent is
never named in public, whatever the claim's validity codes say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.cards.case import Names
from bot.domain.card import Button, Card, Field, Link
from bot.domain.claim import Citation, Claim
from bot.domain.code import Validity
from bot.domain.command import Choice, Form, Line
from bot.domain.output import Output, Refusal, Stage
from bot.domain.reading import Strength

CARE: Final = "A message here may leave something out, or differ from this."
SPOTTED: Final = "Spotted an error? Press Dispute."
PROPOSE: Final = "note.propose"
APPROVE: Final = "note.approve"
REFUSE: Final = "note.refuse"
WITHDRAW: Final = "note.withdraw"
DISPUTE: Final = "note.dispute"
MOST_OFFERED: Final = 25  # in a list to choose from: Discord draws no more

_STAGES: Final[dict[Stage, str]] = {
    Stage.SUGGESTED: "Nobody has looked yet.",
    Stage.PROPOSED: "It waits for a second person.",
    Stage.APPROVED: "It is on its way.",
    Stage.POSTED: "It is posted.",
    Stage.WITHDRAWN: "It was taken back.",
    Stage.REFUSED: "It was refused, so nothing is posted.",
    Stage.LAPSED: "It lapsed, so nothing is posted.",
}
_REFUSALS: Final[dict[Refusal, str]] = {
    Refusal.SAME_PERSON: "You proposed this note. A second person has to approve it.",
    Refusal.TOO_LATE: "It is too late for that. Somebody was faster, or its time is over.",
    Refusal.NOT_YET: "Nobody has proposed it yet. Press Propose first.",
}
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


def note_card(claim: Claim, *, today: date, id_: str = "") -> Card:
    """Build the public note. Raises ValueError when every source is stale: ask `may_note` first.

    `id_` is the output's. The button carries it: a note can be disputed as soon as it is seen,
    which may be before the bot knows where it stands.
    """
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
        buttons=(Button(f"{DISPUTE}/{id_}".rstrip("/"), "Dispute"),),
        footer=SPOTTED,
    )


def proposal_card(
    claim: Claim, strength: Strength | None, link: str, buttons: tuple[Button, ...] = ()
) -> Card:
    """Ask a practitioner. `link` leads to the message; nothing of its text is shown (I5).

    `strength` None: a person suggested it.
    """
    return Card(
        title="An accuracy note to check",
        paragraphs=(
            "A message may make a claim from our list. Read it first. Then decide.",
            "Leave opinions and personal stories alone.",
        ),
        fields=(
            Field("What was matched", claim.claim),
            Field(
                "How sure", _SURE[strength] if strength else "Somebody of the desk suggested it."
            ),
            Field("Why it may mislead", _reasons(claim)),
            Field("The fact", claim.correction),
            Field("What we do not know", claim.unknown),
            Field("Holds in", _regions(claim)),
        ),
        links=(
            *((Link("Open the message", link),) if link else ()),
            *map(_dated, claim.sources),
        ),
        buttons=buttons,
        footer=f"Drafted by: {claim.drafted_by}. Approved by: {claim.approved_by}.",
    )


def suggested_card(output: Output, claim: Claim, strength: Strength | None) -> Card:
    """Ask the first person. The wording is the registry's and cannot be changed here."""
    buttons = (_button(PROPOSE, output, "Propose this note"), _button(REFUSE, output, "Refuse"))
    return proposal_card(claim, strength, output.link, buttons)


def second_card(output: Output, claim: Claim, proposer: str, *, today: date) -> Card:
    """Ask the second person, who sees the note as it would be posted."""
    note = note_card(claim, today=today)
    return Card(
        "An accuracy note waits for a second person",
        (f"{proposer} proposes it. Read the message first. Then decide.",),
        fields=(
            Field("The note", " ".join(note.paragraphs)),
            Field("What was matched", claim.claim),
            Field("What we do not know", claim.unknown),
        ),
        links=(*((Link("Open the message", output.link),) if output.link else ()), *note.links),
        buttons=(_button(APPROVE, output, "Approve and post"), _button(REFUSE, output, "Refuse")),
    )


def standing_card(output: Output, claim: Claim | None, names: Names) -> Card:
    """Show how a note stands, in place of the question about it."""
    what = claim.claim if claim else output.subjects[0]
    fields = (Field("Claim", what), Field("Now", stage_words(output, names)))
    links = (Link("Open the message", output.link),) if output.link else ()
    return Card("Accuracy note", fields=fields, links=links)


def stage_words(output: Output, names: Names) -> str:
    """Say how an output stands, and by whom."""
    first = names.get(output.proposed_by, "Somebody") if output.proposed_by else ""
    second = names.get(output.approved_by, "Somebody") if output.approved_by else ""
    said = _STAGES[output.stage]
    if output.stage is Stage.PROPOSED:
        return f"Proposed by {first}. A second person is asked."
    if output.stage in (Stage.APPROVED, Stage.POSTED) and second:
        return f"{said} Approved by {second}."
    return said


def notes_card(outputs: Sequence[Output], claims: Mapping[str, Claim], names: Names) -> Card:
    """List notes with their ids, for `/note withdraw`."""
    if not outputs:
        return Card("Accuracy notes", ("None waits, and none stands in public.",))
    fields = tuple(
        Field(one.id, f"{_claim_words(one, claims)} {stage_words(one, names)}") for one in outputs
    )
    return Card(
        "Accuracy notes", ("To take one back, type /note withdraw and its id.",), fields=fields
    )


def taken_back_card(day: date) -> Card:
    """Stand where the note stood: who read it should know that it is no longer held."""
    said = f"We took this note back on {_day(day)}. Please do not rely on it."
    return Card("Accuracy note, taken back", (said,))


def suggest_form(id_: str, claims: Sequence[Claim]) -> Form:
    """Ask which claim a message makes. `claims` are offered in their order."""
    offered = tuple(Choice(one.id, one.claim) for one in claims[:MOST_OFFERED])
    listed = Line(
        "claim",
        "Which claim of the list?",
        "Those most like the message stand first.",
        required=False,
        choices=offered,
    )
    written = Line(
        "words",
        "Or some words of another claim",
        "Its id does as well. What you write here goes before the list.",
        required=not offered,
        most=100,
    )
    lines = (listed, written) if offered else (written,)
    return Form(id_, "Suggest accuracy note", lines, send="Suggest")


def disputed_card(output: Output, claim: Claim | None, names: Names) -> Card:
    """Tell the desk that somebody who read the note finds it wrong. Who, is not told."""
    # Whoever pressed has seen it there, also where its receipt is not noted yet.
    card = standing_card(replace(output, stage=Stage.POSTED), claim, names)
    said = "Somebody who read this note says that it has an error. Check its source."
    return replace(
        card,
        title="An accuracy note is disputed",
        paragraphs=(said,),
        buttons=(_button(WITHDRAW, output, "Take it back"),),
    )


def refusal_card(refusal: Refusal) -> Card:
    return Card("Nothing was changed", (_REFUSALS[refusal],))


def _claim_words(output: Output, claims: Mapping[str, Claim]) -> str:
    claim = claims.get(output.subjects[0])
    return claim.claim if claim else output.subjects[0]


def _button(id_: str, output: Output, label: str) -> Button:
    return Button(f"{id_}/{output.id}", label)


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
