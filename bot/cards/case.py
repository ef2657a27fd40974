"""What people see of an alert on its way: the page itself, and what its buttons show in private.

Every copy of a page is drawn again when the case changes, so it always says who has it. Names are
those of practitioners. In a direct message there is no reason and no label (I5); the reasons are
behind "More", for a role that was checked when the button was pressed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.cards.alert import alert_card
from bot.cards.moment import at_clock, hour_at
from bot.cards.reason import PRIORITY_MEANINGS, PRIORITY_NAMES, in_words, surest
from bot.domain.alert import ENDINGS, About, Case, Ending, Notice, Refusal, State, What
from bot.domain.card import Button, Card, Field, Link
from bot.domain.message import AccountRef
from bot.domain.reading import Priority

TAKE: Final = "alert.take"
SNOOZE: Final = "alert.snooze"
NO_CONCERN: Final = "alert.no_concern"
MORE: Final = "alert.more"
LOOK: Final = "alert.look"
HAND_OVER: Final = "alert.hand_over"
BACKUP: Final = "alert.backup"
CLOSE: Final = "alert.close"
OTHERS: Final = "alert.others"
SHOW: Final = "alert.show"
NOTE: Final = "alert.note"
FOLLOW_UP: Final = "alert.follow_up"

Names = Mapping[AccountRef, str]

MOST_BUTTONS: Final = 4
_MINUTES: Final[dict[Priority, tuple[int, ...]]] = {
    Priority.P0: (5, 10, 15),
    Priority.P1: (15, 60, 240),
    Priority.P2: (60, 240, 1440),
    Priority.P3: (60, 240, 1440),
}
_UNKNOWN: Final = "an unknown time"
_DRILL: Final = "Drill: this is a test"
NO_MESSAGE: Final = "No message stands behind a drill."
_NOTICES: Final[dict[Notice, str]] = {
    Notice.NEW: "",
    Notice.AGAIN: "Nobody has answered yet. Please look.",
    Notice.NEXT: "Nobody has answered yet. You are next.",
    Notice.UNREACHED: "Someone on duty could not be reached. Please look in their place.",
    Notice.YOURS: "Nobody took it today, so it is yours now.",
    Notice.REMINDER: "Are you still on it? If you do not press a button, others are called soon.",
    Notice.BACK: "You put this off. It is time to look.",
    Notice.HANDED: "This was handed to you.",
    Notice.BACKUP: "You are asked to help with this one.",
    Notice.ASKED_AFTER: "You took this. Is it done? Then close it.",
    Notice.GONE: "The message is gone now: its author or a moderator took it away.",
    Notice.WORSE: "The author changed the message. It is more urgent now.",
    Notice.WANTED: "This was closed. It is open again, as somebody asked for a person there.",
    Notice.LEFT: "Whoever had this is of the desk no more. Please look in their place.",
    Notice.UNWATCHED: "Its channel is closed to the bot now, so nothing more is read there.",
}
_REFUSALS: Final[dict[Refusal, str]] = {
    Refusal.CLOSED: "This one is closed. Nothing was changed.",
    Refusal.HELD: "Somebody else has this one. Ask them to hand it over.",
    Refusal.YOURS: "You have this one already.",
    Refusal.PAST: "That time has gone by. Pick another.",
    Refusal.NOT_STAFF: "Only people of this desk can do that.",
    Refusal.UNKNOWN: "This button is not known here. Use the newest copy of the message.",
}


def case_card(
    case: Case,
    about: About,
    names: Names,
    *,
    zone: str,
    notice: Notice = Notice.NEW,
    endings: Mapping[str, str] = ENDINGS,
) -> Card:
    """Draw a copy of the page as the case stands."""
    priority, sent_at = case.priority, about.sent_at
    page = alert_card(about.ref, about.link, priority=priority, sent_at=sent_at, zone=zone)
    # Once somebody has it, nobody else is called: the clock of the priority runs no more.
    clock = page.paragraphs if case.state is State.OPEN else ()
    said = (_NOTICES[notice],) if _NOTICES[notice] else clock
    is_closed = case.state is State.CLOSED
    more = (Field("Messages", str(about.messages)),) if about.messages > 1 else ()
    if case.drill:
        page = replace(page, title=_DRILL, fields=page.fields[1:])  # it is nowhere
        said = (*said[:1], "No member needs help. Do what you would do, then close it.")
    return Card(
        title=page.title,
        paragraphs=() if is_closed else said,
        fields=(*page.fields, *more, Field("Now", " ".join(_standing(case, names, zone, endings)))),
        links=page.links,
        buttons=() if is_closed else page.buttons,
    )


def more_card(case: Case, about: About) -> Card:
    """Give the reasons in words, and what else can be done. Shown privately only."""
    reasons = tuple(Field("Why", in_words(code)) for code in surest(about.because))
    said = (PRIORITY_MEANINGS[case.priority], "A program chose these reasons. Judge anew.")
    if case.drill:
        said = (NO_MESSAGE, "With a real one the reasons stand here.")
    return Card(
        title=_DRILL if case.drill else f"More on this {PRIORITY_NAMES[case.priority]}",
        paragraphs=said,
        fields=reasons,
        links=(Link("Open the message", about.link),) if about.link else (),
        buttons=(
            Button(LOOK, "I am looking"),
            Button(HAND_OVER, "Hand over"),
            Button(CLOSE, "Close"),
            Button(OTHERS, "Other steps"),
        ),
    )


def others_card() -> Card:
    """Offer what is wanted less often."""
    return Card(
        "Other steps",
        ("The message is shown to you alone, and that you looked is noted.",),
        buttons=(
            Button(SHOW, "Show the message"),
            Button(BACKUP, "Call backup"),
            Button(NOTE, "Add a note"),
            Button(FOLLOW_UP, "Ask later if it helped"),
        ),
    )


def snooze_card(case: Case) -> Card:
    buttons = (Button(f"{SNOOZE}/{n}", _length(n)) for n in _MINUTES[case.priority])
    return Card("Put it off", ("It comes back to you. How long?",), buttons=tuple(buttons))


def close_card(endings: Mapping[str, str] = ENDINGS) -> Card:
    """Offer the first four of the desk's own list; a command takes the others."""
    all_ = [(ending, words) for ending, words in endings.items() if ending != Ending.NO_CONCERN]
    said = ["How did it end?"]
    if len(all_) > MOST_BUTTONS:
        said.append("For another ending, type /case close.")
    buttons = (Button(f"{CLOSE}/{ending}", words) for ending, words in all_[:MOST_BUTTONS])
    return Card("Close it", tuple(said), buttons=tuple(buttons))


def hand_over_card(to: Sequence[AccountRef], names: Names) -> Card:
    """Offer the first of those on duty."""
    if not to:
        return Card("Hand over", ("Nobody else is on duty. You can call backup.",))
    buttons = (
        Button(f"{HAND_OVER}/{one.platform}:{one.id}", _name(one, names))
        for one in to[:MOST_BUTTONS]
    )
    return Card("Hand over", ("Who takes it from here?",), buttons=tuple(buttons))


def refusal_card(refusal: Refusal) -> Card:
    return Card("Nothing was changed", (_REFUSALS[refusal],))


def standing(case: Case, names: Names, zone: str, endings: Mapping[str, str] = ENDINGS) -> str:
    """Say who has it and since when, and what went wrong."""
    return " ".join(_standing(case, names, zone, endings))


def _standing(case: Case, names: Names, zone: str, endings: Mapping[str, str]) -> tuple[str, ...]:
    """Say who has it and since when, and what went wrong."""
    lines = [_state(case, names, zone, endings)]
    last = case.last
    if last is not None and last.what is What.BACKUP_CALLED:
        lines.append(f"{_name(last.who, names)} called backup at {hour_at(last.at, zone)}.")
    if last is not None and last.what is What.EXPIRED:
        lines.append(f"{_name(last.who, names)} had it, but did not answer.")
    if last is not None and last.what is What.LEFT:
        lines.append(f"{_name(last.to, names)} had it, and is of the desk no more.")
    if last is not None and last.what is What.ASKED_FOR:
        lines.append(f"It was opened again at {hour_at(last.at, zone)}.")
    if case.unattended:
        lines.append("Nobody is on duty. The last resort is called.")
    if case.unreached:
        lines.append(f"Could not be reached: {', '.join(_name(n, names) for n in case.unreached)}.")
    return tuple(lines)


def _state(case: Case, names: Names, zone: str, endings: Mapping[str, str]) -> str:
    holder, since = _name(case.holder, names), _time(case.acknowledged_at, zone)
    match case.state:
        case State.OPEN:
            return f"Given to {holder}." if case.holder else "Nobody has it yet."
        case State.ACKNOWLEDGED:
            return f"{holder} is looking, since {since}."
        case State.TAKEN:
            return f"{holder} took it at {since}."
        case State.SNOOZED:
            until = at_clock(case.due_at, zone) if case.due_at else _UNKNOWN
            return f"{holder} put it off until {until}."
        case State.CLOSED:
            how = endings.get(case.ending or "", case.ending or "closed")
            at = _time(case.last.at if case.last else None, zone)
            return f"{holder} closed it at {at}: {how.lower()}."
        case _:
            assert_never(case.state)


def _name(who: AccountRef | None, names: Names) -> str:
    return names.get(who, "Somebody") if who is not None else "Nobody"


def _time(at: datetime | None, zone: str) -> str:
    return hour_at(at, zone) if at is not None else _UNKNOWN


def _length(minutes: int) -> str:
    long = timedelta(minutes=minutes)
    if long >= timedelta(days=1):
        return "1 day"
    if long >= timedelta(hours=1):
        hours = minutes // 60
        return f"{hours} hour" if hours == 1 else f"{hours} hours"
    return f"{minutes} minutes"
