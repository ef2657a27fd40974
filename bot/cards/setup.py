"""The dialog in which an owner sets the desk up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.cards.check import CHECK
from bot.domain.card import Button, Card, Field
from bot.domain.command import Choice, Form, Kind, Line
from bot.domain.desk import ConsentMode, Desk
from bot.domain.message import AccountRef
from bot.domain.setup import (
    LONGEST_NAME,
    LONGEST_NOTICE,
    OF_SPACE,
    Choosing,
    Setting,
    SpaceSetup,
)
from bot.domain.space import SpaceRef

EDIT: Final = "setup.edit"
DESK_FORM: Final = "setup.desk"
ROLES_FORM: Final = "setup.roles"
ALERTS_FORM: Final = "setup.alerts"

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


def followed_card(card: Card) -> Card:
    """Say after a change what becomes of the notices that stand."""
    said = "The notices in the channels follow. When who is read changes, I also say so in each."
    more = "More people are read in a channel only once it was told."
    return replace(card, paragraphs=(*card.paragraphs, f"{said} {more}"))


def not_saved_card(why: str, mend: str) -> Card:
    return Card("Nothing was saved", (why, mend))


def unopened_card() -> Card:
    """Say that a form did not open."""
    return Card("Please try again", ("The form could not be opened in time. Press once more.",))


def elsewhere_card() -> Card:
    return Card("Ask in a channel", ("Type it in a channel of the server or workspace.",))


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
