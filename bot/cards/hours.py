"""What a member is told who wants a person: hours, the likely wait, and whom to turn to now."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.cards.moment import at_clock
from bot.domain.card import Card, Field, Link
from bot.domain.duty import Spell
from bot.domain.helpline import Helpline
from bot.policy.helpline import is_confirmed
from bot.policy.hours import Route

_LABEL: Final = 60  # characters of a name beside "Write to " on a link
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
    is_here: bool,
) -> Card:
    """Say who is there without a name, and who else listens. It is no promise: they may be busy."""
    if is_here:
        when = "Somebody is on duty now. Write here what you need. They may be busy for a while."
    elif following is None:
        when = "Nobody is on duty now, and we do not know yet when somebody will be."
    else:
        when = f"Nobody is on duty now. Somebody is here from {at_clock(following.start, zone)}."
    danger = "If you or somebody else is in danger, do not wait for us."
    where = (
        f"Call {route.number} now." if route.number else "Call the emergency number where you are."
    )
    others = ("These people listen too. They do not belong to us.",) if lines else ()
    return Card(
        "Talk to a person",
        (when, f"{danger} {where}", *others, "I am a bot. I do not watch over anybody."),
        fields=tuple(Field(one.name, _words(one)) for one in lines),
        links=(
            *(Link(f"Write to {one.name[:_LABEL]}", one.chat) for one in lines if one.chat),
            Link("Find a helpline near you", route.directory),
        ),
        footer=" ".join(dict.fromkeys(map(_checked, lines))),
    )


def asked_card(card: Card) -> Card:
    """Say that it stands in the queue, and what `hours_card` says to all who want a person."""
    when = card.paragraphs[0].replace(" Write here what you need.", "")
    said = ("The desk will see this message in its queue.", when, *card.paragraphs[1:])
    return replace(card, title="A practitioner is asked", paragraphs=said)


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
