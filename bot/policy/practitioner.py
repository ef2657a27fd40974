"""Who may be on duty and be referred to, and which accounts are the same person's."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.duty import Refused
from bot.domain.message import AccountRef
from bot.domain.practitioner import Fitness, LinkCode, Practitioner, Profile

CODE_LASTS = timedelta(minutes=10)
# Capital letters and figures that cannot be taken for one another when read aloud.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 10  # 50 bits: a guess in ten minutes is hopeless
EXPIRES_SOON = timedelta(days=30)
_A_DAY = timedelta(days=1)


def fitness(person: Practitioner, at: datetime) -> Fitness:
    """Say whether the person may be on duty at that moment, by their profile."""
    if person.profile is None:  # listed by the operator, who vouches
        return Fitness.FIT
    if person.profile.verified_on is None or not person.profile.verified_by:
        return Fitness.UNVERIFIED
    if at >= expires_at(person):
        return Fitness.EXPIRED
    return Fitness.FIT


def may_serve(person: Practitioner, at: datetime) -> bool:
    """Say whether the person may be on duty, and be referred to: one rule for both."""
    return fitness(person, at) is Fitness.FIT


def expires_at(person: Practitioner) -> datetime:
    """Give the end of the credential's last day, where the person is. No profile: never."""
    if person.profile is None:
        return datetime.max.replace(tzinfo=UTC)
    day_after: date = person.profile.expires + timedelta(days=1)
    midnight = datetime.combine(day_after, datetime.min.time(), ZoneInfo(person.profile.zone))
    return midnight.astimezone(UTC)


def expire_soon(people: Iterable[Practitioner], at: datetime) -> tuple[Practitioner, ...]:
    """Name those who are fit now and will not be in a month: time to renew."""
    return tuple(p for p in people if may_serve(p, at) and not may_serve(p, at + EXPIRES_SOON))


def is_within_hours(person: Practitioner, start: datetime, end: datetime) -> bool:
    """Say whether a time lies inside the hours that the person publishes. No profile: always."""
    if person.profile is None:
        return True
    reached = start
    for opens, closes in sorted(_open(person.profile, start, end)):
        if opens <= reached < closes:
            reached = closes
    return reached >= end


def _open(profile: Profile, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    zone = ZoneInfo(profile.zone)
    day = start.astimezone(zone).date() - _A_DAY
    while day <= end.astimezone(zone).date():
        for hours in profile.hours:
            if day.weekday() in hours.days:
                over = hours.until <= hours.since
                opens = datetime.combine(day, hours.since, zone)
                closes = datetime.combine(day + over * _A_DAY, hours.until, zone)
                yield opens.astimezone(UTC), closes.astimezone(UTC)
        day += _A_DAY


def make_code(who: Practitioner, chance: bytes, at: datetime) -> tuple[str, LinkCode]:
    """Make a code to be shown once, in the first account, and what is kept of it.

    `chance` is CODE_LENGTH or more random bytes.
    """
    if len(chance) < CODE_LENGTH:
        raise ValueError(f"a code needs {CODE_LENGTH} random bytes, not {len(chance)}")
    shown = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in chance[:CODE_LENGTH])
    return shown, LinkCode(who.key, digest(shown), at)


def link(
    people: tuple[Practitioner, ...],
    codes: tuple[LinkCode, ...],
    typed: str,
    *,
    account: AccountRef,
    at: datetime,
) -> tuple[Practitioner, tuple[LinkCode, ...]] | Refused:
    """Give the person with the account added, and the codes that are left: a code works once."""
    wanted = digest(typed)
    live = tuple(c for c in codes if c.made_at <= at < c.made_at + CODE_LASTS)
    code = next((c for c in live if hmac.compare_digest(c.digest, wanted)), None)
    if code is None:
        return Refused(
            "This code is wrong, was used, or is older than ten minutes.",
            "Ask for a new one in the account that the desk knows.",
        )
    if any(account in person.accounts for person in people):
        return Refused("This account is linked already.", "Unlink it first.")
    who = next((person for person in people if person.key == code.who), None)
    if who is None:
        return Refused("Whoever made this code has left the desk.", "Ask the desk's owner.")
    left = tuple(c for c in live if c is not code)
    return replace(who, others=(*who.others, account)), left


def digest(code: str) -> str:
    """Give what is kept of a code."""
    plain = "".join(code.split()).replace("-", "").upper()
    return hashlib.sha256(plain.encode()).hexdigest()
