"""The queue, one case in full, and what is noted about it. Shown privately, to the desk alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.cards.case import FOLLOW_UP, NOTE, Names, case_card
from bot.cards.help import A_PAGE, turning
from bot.cards.moment import at_clock
from bot.cards.reason import PRIORITY_NAMES, in_words, is_hard, surest
from bot.domain.alert import Dossier, State
from bot.domain.card import Button, Card, Field
from bot.domain.message import Message
from bot.domain.remark import FollowUp, Remark, RemarkCode

LIST: Final = "case.list"
DID_HELP: Final = "follow_up"
NOTED: Final = "That you looked is noted."
GONE: Final = "The message is gone. Its author may have removed it."
MOST_TEXT: Final = 1_500  # characters of a message that are shown; the link has the rest
REMARKS: Final[Mapping[RemarkCode, str]] = {
    RemarkCode.CONTACTED: "We are in touch",
    RemarkCode.RESOURCE_SENT: "A resource was sent",
    RemarkCode.REFERRED: "Passed on to a service",
    RemarkCode.CONSULTED: "Talked over with a colleague",
    RemarkCode.WAITING: "Waiting for an answer",
    RemarkCode.HELPED: "It helped",
    RemarkCode.NOT_YET: "It has not helped yet",
    RemarkCode.UNKNOWN: "Nobody knows if it helped",
}
_LATER: Final = (("1d", "Tomorrow"), ("3d", "In 3 days"), ("1w", "In a week"), ("2w", "In 2 weeks"))


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody sees who opens a case. `message` None: `why` it cannot be shown.

    `texts` are the opened free texts, by the remark's id.
    """

    dossier: Dossier
    message: Message | None
    why: str
    remarks: Sequence[Remark]
    texts: Mapping[str, str] = field(default_factory=dict)
    promised: Sequence[FollowUp] = ()


def queue_card(dossiers: Sequence[Dossier], page: int, total: int, names: Names, zone: str) -> Card:
    if not total:
        return Card("Open cases", ("There are none.",))
    first = page * A_PAGE
    fields = tuple(line(one, names, zone) for one in dossiers)
    shown = f"{first + 1} to {first + len(dossiers)} of {total}, the most urgent first."
    return Card(
        "Open cases",
        (shown, "Type /case show and the key to open one."),
        fields=fields,
        buttons=turning(f"{LIST}/", page, total),
        footer=NOTED,
    )


def line(dossier: Dossier, names: Names, zone: str, *, has_it: str = "") -> Field:
    """Say in a line where and when, who has it, and its key."""
    case, about = dossier.case, dossier.about
    channel = about.ref.place.name.partition(" > ")[0] or about.ref.place.channel
    has_it = has_it or (names.get(case.holder, "Somebody") if case.holder else "nobody")
    said = f"{channel}, {at_clock(about.sent_at, zone)}. With {has_it}. Key: {case.key}"
    return Field(PRIORITY_NAMES[case.priority], said)


def whole_card(seen: Seen, names: Names, endings: Mapping[str, str], zone: str) -> Card:
    """Show all there is. The text is kept nowhere (I4). Before a hard one stands a warning."""
    case, about = seen.dossier.case, seen.dossier.about
    page = case_card(case, about, names, zone=zone, endings=endings)
    said: tuple[str, ...] = (seen.why,)
    if seen.message is not None:
        text = seen.message.text[:MOST_TEXT]
        cut = "The rest is behind the link." if len(seen.message.text) > MOST_TEXT else ""
        warning = "This may be hard to read. Take your time." if is_hard(about.because) else ""
        said = tuple(filter(None, (warning, text, cut)))
    reasons = (Field("Why", in_words(code)) for code in surest(about.because))
    notes = (_note(one, seen.texts, names, zone) for one in seen.remarks)
    later = (Field("Ask if it helped", at_clock(one.due_at, zone)) for one in seen.promised)
    return Card(
        title=page.title,
        paragraphs=said,
        fields=(*page.fields, *reasons, *notes, *later),
        links=() if seen.why == GONE else page.links,
        buttons=page.buttons if case.state is not State.CLOSED else (),
        footer=NOTED,
    )


def _note(remark: Remark, texts: Mapping[str, str], names: Names, zone: str) -> Field:
    by = names.get(remark.who, "Somebody")
    said = [f"{REMARKS[remark.code]} ({by}, {at_clock(remark.at, zone)})."]
    if remark.id in texts:
        said.append(texts[remark.id])
    return Field("Note", " ".join(said))


def note_card() -> Card:
    """Ask for one of the four that are wanted most."""
    codes = (
        RemarkCode.CONTACTED,
        RemarkCode.RESOURCE_SENT,
        RemarkCode.CONSULTED,
        RemarkCode.WAITING,
    )
    buttons = tuple(Button(f"{NOTE}/{code}", REMARKS[code]) for code in codes)
    said = ("What should be noted?", "For more, type /case note.")
    return Card("Add a note", said, buttons=buttons)


def later_card() -> Card:
    buttons = tuple(Button(f"{FOLLOW_UP}/{length}", words) for length, words in _LATER)
    said = "Whoever has the case is asked then. When?"
    return Card("Ask later if it helped", (said,), buttons=buttons)


def did_it_help_card(dossier: Dossier, zone: str) -> Card:
    """Ask the holder. No name and no label: it may be read on a lock screen (I5)."""
    about = dossier.about
    page = case_card(dossier.case, about, {}, zone=zone)
    fields = tuple(one for one in page.fields if one.name in ("Where", "When"))
    return Card(
        "Did it help?",
        (f"You asked to be reminded of this one, of {at_clock(about.sent_at, zone)}.",),
        fields=fields,
        links=page.links,
        buttons=(
            Button(f"{DID_HELP}/{RemarkCode.HELPED}", "It helped"),
            Button(f"{DID_HELP}/{RemarkCode.NOT_YET}", "Not yet"),
            Button(f"{DID_HELP}/{RemarkCode.UNKNOWN}", "I do not know"),
        ),
    )


def noted_card(code: RemarkCode) -> Card:
    said = [f"{REMARKS[code]}."]
    if code is RemarkCode.NOT_YET:
        said.append("To be asked again, type /case follow-up.")
    return Card("Noted", tuple(said))


def promised_card(due_at: datetime, zone: str) -> Card:
    return Card("Noted", (f"Whoever has the case is asked on {at_clock(due_at, zone)}.",))
