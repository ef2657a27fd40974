"""What a check of the set-up has found, each with its mend."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.domain.card import Button, Card, Field
from bot.domain.message import PlatformName
from bot.domain.setup import WORTH_KNOWING, Found, Trouble

CHECK: Final = "setup.check"
MOST_FOUND: Final = 20
_AGAIN: Final = (Button(CHECK, "Check again"),)
_KNOWN: Final = "Some of it is no mistake, but good to know before you open."

_THEN_START: Final = "{detail}. Then start Waymark again."
# What is wrong, and how it is mended; {subject} and {detail} as in `Found`.
_SAID: Final[Mapping[Trouble, tuple[str, str]]] = {
    Trouble.INTENT: (
        "The bot gets no texts",
        "Switch on {detail} (Discord Developer Portal, Bot). Then start the bot again.",
    ),
    Trouble.SCOPE: (
        "The app lacks {detail}",
        "Add it on the app's page (OAuth & Permissions, Bot Token Scopes). Then install it again.",
    ),
    Trouble.TOKEN: ("{subject} does not let the bot in", _THEN_START),
    Trouble.REMOVED: ("{subject} does not let the bot in", _THEN_START),
    Trouble.SUSPENDED: (
        "{subject} is closed to the bot for now",
        "{detail}. The bot goes on by itself once it is let in again.",
    ),
    Trouble.DEAF: ("Nothing is heard from {subject}", _THEN_START),
    Trouble.PERMISSION: (
        "{subject}: {detail} is missing",
        "Edit the channel, open Permissions, and allow {detail} for the bot.",
    ),
    Trouble.GONE: (
        "{subject} cannot be found",
        "It was deleted, or the bot is not in it. Let it in, or stop watching it.",
    ),
    Trouble.MISNAMED: (
        "The bot sees no channel {subject}",
        (
            "The desk's file lists it under `watched`. Write it there as it is called, or better"
            " its id, or let the bot in."
        ),
    ),
    Trouble.UNPINNED: (
        "{subject}: the notice cannot be pinned",
        (
            "Edit the channel, open Permissions, and allow {detail} for the bot. If the notice"
            " stands there already, pin it by hand."
        ),
    ),
    Trouble.UNWATCHED: (
        "No channel is read",
        "Type /watch add, and choose the channel to be read. Until then nobody hears of anything.",
    ),
    Trouble.UNWATCHED_HERE: (
        "No channel is read here",
        "Channels elsewhere are. To have one of these read, type /watch add.",
    ),
    Trouble.UNVETTED: (
        "No resource is vetted",
        (
            "So members are shown none. Whoever runs Waymark writes who has vetted a row, and on"
            " which day, into the list of resources (vetted_by, vetted_on). Then Waymark is started"
            " again."
        ),
    ),
    Trouble.OPT_OUT: (
        "Members are read before they said yes",
        (
            "In the EU, the EEA and the UK we advise to read only those who said yes. Press Desk"
            " and members in /setup show to choose, and ask somebody who knows your law."
        ),
    ),
    Trouble.UNCONFIRMED: (
        "The helplines are not confirmed",
        (
            "Members see them with a word that nobody of this desk has checked them. README,"
            ' "Helplines", says how that is done.'
        ),
    ),
    Trouble.ARCHIVED: (
        "{subject} is archived",
        "Open it again, or stop watching it.",
    ),
    Trouble.NOT_IN: (
        "The bot is not in {subject}",
        "Type /invite @Waymark there.",
    ),
    Trouble.PUBLIC: (
        "Everybody can see {subject}",
        "Alerts may be seen by staff alone. Make the channel private, or choose another.",
    ),
    Trouble.NOT_MEMBER: (
        "{subject} is not here",
        "Invite them, or take them out of the desk's file.",
    ),
    Trouble.BOT: (
        "{subject} is a bot",
        "It answers no alert. Write a person's account in the desk's file, or press Alerts.",
    ),
    Trouble.UNREACHABLE: (
        "{subject} gets no direct messages",
        "Ask them to open their direct messages and to type /duty on, which tries it and says how.",
    ),
    Trouble.UNFIT: (
        "{subject} may not be on duty",
        "Their profile is {detail}. Bring it up to date in the desk's file.",
    ),
    Trouble.NO_LAST_RESORT: (
        "The last resort cannot be told",
        "It is on {detail}, and the bot is not there. Press Alerts and choose somebody here.",
    ),
    Trouble.NOBODY: (
        "Nobody is on duty now",
        "Urgent alerts go to the last resort. Type /duty on, or change the rota.",
    ),
    Trouble.GAP: (
        "Nobody is on duty: {detail}",
        "Change the rota, or ask somebody to type /duty on then.",
    ),
    Trouble.UNKNOWN: (
        "{subject} could not be checked",
        "The platform gave no answer. Please check again in a minute.",
    ),
}

# Where another mend holds on one platform than on the others.
_SAID_ON: Final[Mapping[PlatformName, Mapping[Trouble, str]]] = {
    PlatformName("discord"): {
        Trouble.GONE: "It was deleted, or the bot does not see it. Edit the channel, open"
        " Permissions, and allow View Channel for the bot; or stop watching it.",
        Trouble.MISNAMED: "The desk's file lists it under `watched`. Write it there as it is"
        " called, or better its id, or allow View Channel for the bot in it.",
        Trouble.NOT_IN: "Open the link that `waymark discord invite` prints, and add the bot.",
    },
    PlatformName("slack"): {
        Trouble.GONE: "It was deleted, or the bot is not in it. Type /invite @Waymark there, or"
        " stop watching it.",
        Trouble.MISNAMED: "The desk's file lists it under `watched`. Write it there as it is"
        " called, or better its id, or type /invite @Waymark in it.",
        Trouble.UNWATCHED: "Type /waymark watch add, with the channel to be read. Until then"
        " nobody hears of anything.",
        Trouble.UNWATCHED_HERE: "Channels elsewhere are. To have one of these read, type"
        " /waymark watch add.",
    },
}


def check_card(found: Sequence[Found], test: str, platform: PlatformName) -> Card:
    """Name each trouble with its mend, and then what is no mistake but worth knowing.

    `test` says what became of the test alert.
    """
    wrong = [one for one in found if one.trouble not in WORTH_KNOWING]
    known = [one for one in found if one.trouble in WORTH_KNOWING]
    fields = tuple(found_field(one, platform) for one in (*wrong[:MOST_FOUND], *known))
    more = len(wrong) - MOST_FOUND
    said = (
        test,
        *((f"{more} more are not shown. Mend these first.",) if more > 0 else ()),
        *((_KNOWN if not wrong else f"{_KNOWN} They come last.",) if known else ()),
    )
    many = "one thing" if len(wrong) == 1 else f"{len(wrong)} things"
    title = f"The check found {many} to mend" if wrong else "The check found nothing wrong"
    return Card(title, said, fields=fields, buttons=_AGAIN)


def found_field(one: Found, platform: PlatformName) -> Field:
    """Say what is wrong, and how it is mended on that platform."""
    name, mend = _SAID[one.trouble]
    mend = _SAID_ON.get(platform, {}).get(one.trouble, mend)
    given = {"subject": one.subject or "This", "detail": one.detail or "something"}
    return Field(name.format(**given), mend.format(**given))


def not_staffed_card(found: Iterable[Found], platform: PlatformName) -> Card:
    """Say why a channel cannot be the staff channel."""
    fields = tuple(found_field(one, platform) for one in found)
    return Card("Nothing was saved", ("That channel cannot take alerts yet.",), fields=fields)


def test_words(*, is_sent: bool) -> str:
    if is_sent:
        said = (
            "A test alert is on its way. It says that it is a test. As an urgent one (P1) it goes"
        )
        to = "to one person on duty first, as a rule, and to the staff channel if there is one."
        return f"{said} {to} Check again in a minute: who could not be reached is named then."
    return "A test alert was sent a short while ago, so none is sent now."


def drilled_card() -> Card:
    """Say that a drill has begun."""
    said = "A test alert goes the whole way now, as a real one would. It says that it is a test."
    return Card("The drill has begun", (said, "Take it and close it when it comes."))
