"""What a member is told who wants a person: hours, the likely wait, and whom to turn to now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.cards.moment import at_clock
from bot.domain.card import Card, Field, Link
from bot.domain.duty import Spell
from bot.domain.helpline import Helpline
from bot.policy.helpline import is_confirmed
from bot.policy.hours import Route, Way

_LABEL: Final = 60  # characters of a name beside "Write to " on a link
MENU: Final = 'write a message, open its menu and choose "Ask a practitioner".'
_LANGUAGES: Final = {
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "hi": "Hindi",
    "it": "Italian",
    "mi": "Māori",
    "ms": "Malay",
    "nb": "Norwegian",
    "nl": "Dutch",
    "nn": "Norwegian",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "sv": "Swedish",
    "ta": "Tamil",
    "zh": "Chinese",
}


def hours_card(
    following: Spell | None,
    route: Route,
    zone: str,
    lines: Sequence[Helpline] = (),
    *,
    way: Way,
    is_here: bool,
) -> Card:
    """Say who is there without a name, and who else listens. It is no promise: they may be busy.

    Nobody is asked to write where it leads nowhere.
    """
    if is_here:
        write = " Write here what you need." if way.is_open else ""
        when = f"Somebody is on duty now.{write} They may be busy for a while."
    else:
        when = _next(following, zone)
    return _talk(when, "" if way.is_open else _other(way), route, lines)


def asked_card(
    following: Spell | None,
    route: Route,
    zone: str,
    lines: Sequence[Helpline] = (),
    *,
    told_by: datetime | None,
    is_here: bool,
) -> Card:
    """Say that it stands in the queue, and by when somebody is told; None: they were told already.

    That somebody is on duty is not said: it would sound as though they had been told.
    """
    when = "Somebody at the desk was already told of what you wrote. Your request stands beside it."
    if told_by is not None:
        by = at_clock(told_by, zone)
        when = (
            f"Your request stands in the queue of the desk. Somebody is told by {by} at the latest."
        )
    more = "" if is_here or told_by is None else _next(following, zone)
    return replace(_talk(when, more, route, lines), title="A practitioner is asked")


def unasked_card(title: str, why: str, route: Route, lines: Sequence[Helpline] = ()) -> Card:
    """Say why nobody is asked, and whom to turn to now."""
    return replace(_talk(why, "", route, lines), title=title)


def _next(following: Spell | None, zone: str) -> str:
    if following is None:
        return "Nobody is on duty now, and we do not know yet when somebody will be."
    return f"Nobody is on duty now. Somebody is here from {at_clock(following.start, zone)}."


def _other(way: Way) -> str:
    """Say how the desk can be reached where it does not hear what is written."""
    here = "" if way.is_here else " here"
    said = [f"What you write{here} does not reach the desk."]
    if not way.is_read and (way.is_here or way.instead):
        said.append("To change that, type /optin.")
    if way.instead:
        said.append(f"{'Write' if way.is_read else 'Then write'} in {way.instead}.")
    return " ".join((*said, f"One way works in any channel: {MENU}"))


def _talk(when: str, more: str, route: Route, lines: Sequence[Helpline]) -> Card:
    """Say what is to be done in danger right after the first sentences, whatever else is said."""
    danger = "If you or somebody else is in danger, do not wait for us."
    where = (
        f"Call {route.number} now." if route.number else "Call the emergency number where you are."
    )
    others = ("These people listen too. They do not belong to us.",) if lines else ()
    return Card(
        "Talk to a person",
        (
            when,
            f"{danger} {where}",
            *((more,) if more else ()),
            *others,
            "I am a bot. I do not watch over anybody.",
        ),
        fields=tuple(Field(one.name, _words(one)) for one in lines),
        links=(
            *(Link(f"Write to {one.name[:_LABEL]}", one.chat) for one in lines if one.chat),
            Link("Find a helpline near you", route.directory),
        ),
        footer=" ".join(dict.fromkeys(map(_checked, lines))),
    )


def _words(line: Helpline) -> str:
    """Say it in short sentences: for whom, how, when, the cost, in which languages."""
    known = dict.fromkeys(_LANGUAGES.get(one, one) for one in line.languages)
    said = (
        line.who,
        f"Call {' or '.join(line.call)}" if line.call else "",
        f"Text {line.text}" if line.text else "",
        line.hours,
        f"{line.cost[:1].upper()}{line.cost[1:]}",
        f"In {_listed(list(known))}",
    )
    return " ".join(f"{one.rstrip('.')}." for one in said if one)


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _checked(line: Helpline) -> str:
    on = f"{line.checked_on.day} {line.checked_on:%B %Y}"
    if is_confirmed(line):
        return f"Checked by {line.checked_by} on {on}."
    return (
        f"These facts come from public pages. They were read on {on}."
        " If one does not work, use the link."
    )
