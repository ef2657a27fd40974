"""What the auditor found, for the person who oversees a desk: what it is, and what to do."""

from collections.abc import Sequence

from bot.cards.count import figure
from bot.domain.audit import Failing, Finding
from bot.domain.card import Card, Field

MOST = 10

_WORDS: dict[Failing, str] = {
    Failing.LEDGER: "The count of a channel does not add up",
    Failing.BEHIND: "Messages in a channel were not read",
    Failing.UNREADABLE: "The past of a channel cannot be read",
    Failing.STOPPED: "A part of Waymark has stopped",
    Failing.OVERDUE: "A notice is due but not on its way",
    Failing.HELD_BACK: "A notice is held back for long",
    Failing.BURIED: "A notice could not be delivered",
    Failing.UNREACHED: "Somebody of the desk gets no direct messages",
    Failing.NO_STEP: "An alert has no next step",
    Failing.BARRED: "A server or workspace does not let Waymark in",
    Failing.DEAF: "Waymark hears nothing",
    Failing.SCOPE: "Waymark lacks a permission that it needs",
    Failing.CALENDAR: "The calendar of the rota has not been read",
    Failing.EVENTS: "Events in the calendar of the rota are no shifts",
}
_ADVICE: dict[Failing, str] = {
    Failing.LEDGER: "Look through the channel for that day. Tell who runs Waymark.",
    Failing.BEHIND: "Look through the channel since then. If this lasts, restart Waymark.",
    Failing.UNREADABLE: "Check that Waymark may read the history of the channel.",
    Failing.STOPPED: "Restart Waymark. It goes on where it was.",
    Failing.OVERDUE: "Look at the queue yourself. Restart Waymark.",
    Failing.HELD_BACK: "Look at the queue yourself. The platform asked us to wait.",
    Failing.BURIED: "Check that the person can get direct messages from Waymark.",
    Failing.UNREACHED: "Ask them to open their direct messages and to type /duty on.",
    Failing.NO_STEP: "Take it now, or give it to someone.",
    Failing.BARRED: "Nothing is read there, and nobody there is told. Tell who runs Waymark.",
    Failing.DEAF: "Nothing new is read there. Tell who runs Waymark.",
    Failing.SCOPE: "Tell who runs Waymark: /setup check says how it is given back.",
    Failing.CALENDAR: "The last rota that was read stays in force. Who runs Waymark can type"
    " `waymark duty calendars`: it says what is wrong.",
    Failing.EVENTS: "All others count. Who runs Waymark can type `waymark duty calendars`: it names"
    " each, with its mend.",
}


def finding_card(found: Sequence[Finding]) -> Card:
    """Build the notice of what an audit found new. Nothing of it was mended by itself."""
    failings = dict.fromkeys(finding.failing for finding in found)
    return Card(
        title=f"The check of this desk found {figure(len(found), 'failing')}",
        paragraphs=(
            "Something may have been missed. Nothing was mended without you.",
            *(f"{_WORDS[failing]}: {_ADVICE[failing]}" for failing in failings),
        ),
        fields=finding_fields(found),
    )


def finding_fields(found: Sequence[Finding]) -> tuple[Field, ...]:
    """Name each, and when there are too many, how many more there are."""
    shown = tuple(Field(_WORDS[one.failing], _where(one)) for one in found[:MOST])
    more = len(found) - MOST
    return (*shown, Field("And more", f"{more:,}")) if more > 0 else shown


def _where(finding: Finding) -> str:
    return f"{finding.subject} ({finding.detail})" if finding.detail else finding.subject
