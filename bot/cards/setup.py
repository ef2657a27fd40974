"""The dialog in which an owner sets the desk up, and what a check has found, with its mend."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.card import Button, Card, Field
from bot.domain.command import Choice, Form, Kind, Line
from bot.domain.desk import ConsentMode, Desk
from bot.domain.message import AccountRef, PlatformName
from bot.domain.setup import (
    LONGEST_NAME,
    LONGEST_NOTICE,
    OF_SPACE,
    WORTH_KNOWING,
    Choosing,
    Found,
    Setting,
    SpaceSetup,
    Trouble,
)
from bot.domain.space import SpaceRef

EDIT: Final = "setup.edit"
CHECK: Final = "setup.check"
DESK_FORM: Final = "setup.desk"
ROLES_FORM: Final = "setup.roles"
ALERTS_FORM: Final = "setup.alerts"
MOST_FOUND: Final = 20

_CONSENT: Final[Mapping[ConsentMode, str]] = {
    ConsentMode.OPT_IN: "Only members who said yes are read",
    ConsentMode.NOTICE_OPT_OUT: "All are read but those who said no",
}
_NAMES: Final[Mapping[Choosing, str]] = {
    Choosing.NAME: "Name",
    Choosing.CONSENT: "Who is read",
    Choosing.NOTICE: "Notice",
    Choosing.LAST_RESORT: "Last resort",
    Choosing.PRACTITIONER: "Role of practitioners",
    Choosing.MODERATOR: "Role of moderators",
    Choosing.SUPERVISOR: "Role of supervisors",
    Choosing.STAFF_CHANNEL: "Staff channel",
}
_FILE: Final = "from the desk's file"

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


def setup_card(
    desk: Desk,
    space: SpaceRef,
    settings: Sequence[Setting],
    *,
    chosen: Mapping[str, str],
    people: Mapping[AccountRef, str],
) -> Card:
    """Show what holds here, and where it comes from.

    `chosen` names the roles and the channel that were chosen by their ids, and `people` those who
    are not of the desk, as far as is known.
    """
    zone = desk.time_zone
    fields = tuple(
        Field(_NAMES[choosing], f"{_value(choosing, desk, space, chosen, people)} ({source})")
        for choosing in Choosing
        for source in (_source(choosing, space, settings, zone),)
    )
    buttons = (
        Button(f"{EDIT}/desk", "Desk and members"),
        Button(f"{EDIT}/roles", "Roles"),
        Button(f"{EDIT}/alerts", "Alerts"),
        Button(CHECK, "Check it"),
    )
    said = "What you choose here goes over the desk's file, and holds at once."
    return Card("Setting up the desk", (said,), fields=fields, buttons=buttons)


def desk_form(desk: Desk) -> Form:
    """Ask how the desk is called, who is read, and what a channel is told."""
    modes = tuple(Choice(mode.value, words) for mode, words in _CONSENT.items())
    return Form(
        DESK_FORM,
        "Desk and members",
        (
            Line(Choosing.NAME, "Name of the desk", value=desk.name, most=LONGEST_NAME),
            Line(
                Choosing.CONSENT,
                "Who is read",
                "In the EU, the EEA and the UK, choose those who said yes.",
                value=desk.consent.value,
                choices=modes,
            ),
            Line(
                Choosing.NOTICE,
                "Notice, in your own words",
                "Posted in a channel before it is read. Empty: the standard text.",
                value=desk.notice,
                required=False,
                is_long=True,
                most=LONGEST_NOTICE,
            ),
        ),
        send="Save",
    )


def roles_form(setup: SpaceSetup) -> Form:
    """Ask which roles or groups of the platform mean what."""
    asked = (
        (Choosing.PRACTITIONER, "May see and take cases.", setup.practitioner),
        (Choosing.MODERATOR, "May say what is read.", setup.moderator),
        (Choosing.SUPERVISOR, "May see all, and set up the desk.", setup.supervisor),
    )
    lines = tuple(
        Line(choosing, _NAMES[choosing], help_, value, required=False, kind=Kind.ROLE)
        for choosing, help_, value in asked
    )
    return Form(ROLES_FORM, "Roles", lines, send="Save")


def alerts_form(desk: Desk, space: SpaceRef, setup: SpaceSetup) -> Form:
    """Ask who hears what nobody answers, and where alerts are posted beside direct messages."""
    last = desk.last_resort
    return Form(
        ALERTS_FORM,
        "Alerts",
        (
            Line(
                Choosing.LAST_RESORT,
                "Last resort",
                "Hears what nobody answers. Empty: stays as it is.",
                value=last.id if last.platform == space.platform else "",
                required=False,
                kind=Kind.PERSON,
            ),
            Line(
                Choosing.STAFF_CHANNEL,
                "Staff channel",
                "Private. Urgent alerts are posted there too. Empty: none.",
                value=setup.staff_channel,
                required=False,
                kind=Kind.CHANNEL,
            ),
        ),
        send="Save",
    )


def not_saved_card(why: str, mend: str) -> Card:
    return Card("Nothing was saved", (why, mend))


def unopened_card() -> Card:
    """Say that a form did not open."""
    return Card("Please try again", ("The form could not be opened in time. Press once more.",))


def elsewhere_card() -> Card:
    return Card("Ask in a channel", ("Type it in a channel of the server or workspace.",))


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
        said = "A test alert is on its way to whoever is on duty. It says that it is a test."
        return f"{said} Check again in a minute: who could not be reached is named then."
    return "A test alert was sent a short while ago, so none is sent now."


def drilled_card() -> Card:
    """Say that a drill has begun."""
    said = "A test alert goes the whole way now, as a real one would. It says that it is a test."
    return Card("The drill has begun", (said, "Take it and close it when it comes."))


_AGAIN: Final = (Button(CHECK, "Check again"),)
_KNOWN: Final = "Some of it is no mistake, but good to know before you open."


def _value(
    choosing: Choosing,
    desk: Desk,
    space: SpaceRef,
    chosen: Mapping[str, str],
    people: Mapping[AccountRef, str],
) -> str:
    setup = desk.setups.get(space, SpaceSetup())
    match choosing:
        case Choosing.NAME:
            return desk.name
        case Choosing.CONSENT:
            return _CONSENT[desk.consent]
        case Choosing.NOTICE:
            return desk.notice or "The standard text"
        case Choosing.LAST_RESORT:
            return _person(desk, people)
        case Choosing.STAFF_CHANNEL:
            name = chosen.get(setup.staff_channel, "Chosen, press Alerts to see it")
            none = "None, direct messages only"
            return f"{name}, beside direct messages" if setup.staff_channel else none
        case _:
            of_space = {
                Choosing.PRACTITIONER: setup.practitioner,
                Choosing.MODERATOR: setup.moderator,
                Choosing.SUPERVISOR: setup.supervisor,
            }
            id_ = of_space[choosing]
            return chosen.get(id_, "Chosen, press Roles to see it") if id_ else "None"


def _person(desk: Desk, names: Mapping[AccountRef, str]) -> str:
    who = desk.last_resort
    known = (one.name for one in desk.practitioners if who in one.accounts)
    return next(known, names.get(who, f"Somebody on {who.platform.title()}"))


def _source(choosing: Choosing, space: SpaceRef, settings: Sequence[Setting], zone: str) -> str:
    where = space if choosing in OF_SPACE else None
    found = (one for one in settings if (one.choosing, one.space) == (choosing, where))
    one = next(found, None)
    if one is None:
        return _FILE if where is None else "not set up"
    return f"set here on {_day(one.at, zone)}"


def _day(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y}"
