"""The desk as it is now: what its file says, with what people changed by commands laid over it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.desk import Desk
from bot.domain.duty import Override, Swap
from bot.domain.kept import Linked
from bot.domain.message import AccountRef
from bot.domain.practitioner import Practitioner


def changed_by(
    desk: Desk, linked: Iterable[Linked], overrides: Iterable[Override], swaps: Iterable[Swap]
) -> Desk:
    """Lay over the file what commands have added.

    The file comes first: an account that it gives to somebody stays theirs, whatever was linked.
    """
    named = {account for person in desk.practitioners for account in person.accounts}
    more: dict[str, list[AccountRef]] = {}
    for one in linked:
        if one.account not in named:
            more.setdefault(one.who, []).append(one.account)
    people = (
        replace(person, others=(*person.others, *more.get(person.key, ())))
        for person in desk.practitioners
    )
    return replace(
        desk,
        practitioners=tuple(people),
        overrides=(*desk.overrides, *overrides),
        swaps=(*desk.swaps, *swaps),
    )


def people_of(desk: Desk) -> Mapping[AccountRef, str]:
    """Name everybody who may have to be told, by each account that they have."""
    named = {account: one.name for one in desk.practitioners for account in one.accounts}
    others = {desk.overseer: "The supervisor", desk.last_resort: "The last resort"}
    return {**others, **named}


def person_of(desk: Desk, account: AccountRef) -> Practitioner | None:
    return next((one for one in desk.practitioners if account in one.accounts), None)


def principal(desk: Desk, account: AccountRef) -> AccountRef:
    """Give the account that stands for the person: their first, or this one of a stranger."""
    person = person_of(desk, account)
    return account if person is None else person.account


def found_by(desk: Desk, typed: str) -> Practitioner | None:
    """Find whom somebody means by a key, a name or an account (an id alone, or platform:id)."""
    wanted = typed.strip().removeprefix("@").casefold()
    for person in desk.practitioners:
        ids = {one.id for one in person.accounts}
        written = {f"{one.platform}:{one.id}" for one in person.accounts}
        names = {person.key, person.name, *ids, *written}
        if wanted in {name.casefold() for name in names}:
            return person
    return None
