"""Who the practitioners are, and what linking an account says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.cards.moment import at_clock
from bot.domain.card import Card, Field, Link
from bot.domain.duty import Refused
from bot.domain.practitioner import Fitness, Practitioner

FITNESS: Final[dict[Fitness, str]] = {
    Fitness.FIT: "may be on duty",
    Fitness.UNVERIFIED: "not on duty: the profile is not verified yet",
    Fitness.EXPIRED: "not on duty: the credential has expired",
}


def list_card(people: Sequence[tuple[Practitioner, Fitness]]) -> Card:
    fields = tuple(
        Field(one.name, f"{one.id}, {FITNESS[fit]}" if one.id else FITNESS[fit])
        for one, fit in people
    )
    said = () if people else ("Nobody is listed in the desk's file yet.",)
    return Card("The people of this desk", said, fields=fields)


def profile_card(person: Practitioner, fit: Fitness, *, for_staff: bool) -> Card:
    """Show what anybody may know of a practitioner; accounts and fitness only to the desk."""
    if not for_staff and fit is not Fitness.FIT:
        return Card(person.name, ("This person takes no requests at the moment.",))
    profile = person.profile
    fields: list[Field] = []
    if for_staff:
        accounts = ", ".join(f"{one.platform}:{one.id}" for one in person.accounts)
        fields += [Field("Accounts", accounts), Field("Duty", FITNESS[fit])]
    if profile is None:
        said = "The desk's operator vouches for this person. There is no profile."
        return Card(person.name, (said,), fields=tuple(fields))
    fields += [
        Field("Role", profile.role),
        Field("Credential", f"{profile.credential}, {profile.issuer}"),
        Field("Holds until", f"{profile.expires:%d %b %Y}"),
        Field("Languages", ", ".join(profile.languages)),
        Field("Regions", ", ".join(profile.regions)),
        Field("Helps with", profile.scope),
    ]
    link = Link("Check the credential", profile.link)
    return Card(person.name, fields=tuple(fields), links=(link,))


def code_card(code: str, until: datetime, zone: str) -> Card:
    return Card(
        "Your code",
        (
            f"{code}",
            "Type /practitioner link and this code from your other account.",
            f"It works once, until {at_clock(until, zone)}. Give it to nobody.",
        ),
    )


def linked_card(person: Practitioner) -> Card:
    said = (
        f"This account is now {person.name}'s as well.",
        "What you press or type from it counts as yours. Pages still go to your first account.",
    )
    return Card("Linked", said)


def unlinked_card(account: str) -> Card:
    return Card("Unlinked", (f"{account} no longer counts as yours.",))


def refused_card(refused: Refused) -> Card:
    return Card("Nothing was changed", (refused.why, refused.mend))
