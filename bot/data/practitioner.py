"""The rows of a desk file that name its practitioners and their profiles."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from bot.data.fields import Language, OneLine, Region, shape
from bot.data.yamlfile import Mistake, Row
from bot.domain.message import AccountRef, PlatformName
from bot.domain.practitioner import Hours, Practitioner, Profile

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY, _TIME = f"({'|'.join(DAYS)})", r"([01]\d:[0-5]\d|2[0-3]:[0-5]\d|24:00)"
_HOURS = re.compile(f"{_DAY}(?:-{_DAY})? {_TIME}-{_TIME}")
LATEST = date(2100, 1, 1)


def _known_zone(zone: str) -> str:
    if not is_zone(zone):
        raise ValueError(f"{zone!r} is no IANA time zone. Write one such as Europe/Helsinki.")
    return zone


def _readable_hours(written: str) -> str:
    read_hours(written)
    return written


def _not_empty(written: tuple[str, ...]) -> tuple[str, ...]:
    if not written:
        raise ValueError("Write one entry or more.")
    return written


def _before_2100(day: date) -> date:
    if day >= LATEST:
        raise ValueError("is not before 2100. Correct the year.")
    return day


def _known_account(written: str) -> str:
    platform, _, id_ = written.partition(":")
    shape = _ACCOUNTS.get(platform)
    if shape is None or not shape[0].fullmatch(id_):
        examples = " or ".join(example for _, example in _ACCOUNTS.values() if example)
        raise ValueError(f"{written!r} is no account. Write one such as {examples}.")
    return written


# By platform: what an id of its own is, and an example for who is to write one.
_ACCOUNTS = {
    "discord": (re.compile(r"\d{1,20}"), "discord:123456789012345678"),
    "slack": (re.compile(r"[UW][A-Z0-9]*"), "slack:U0123456789"),
    "local": (re.compile(r"\S+"), ""),
    "transcript": (re.compile(r"\S+"), ""),
}
Account = Annotated[str, AfterValidator(_known_account)]
Line = Annotated[OneLine, Field(max_length=300)]
Zone = Annotated[str, AfterValidator(_known_zone)]
SOME = AfterValidator(_not_empty)
WrittenHours = Annotated[str, AfterValidator(_readable_hours)]
OwnId = Annotated[
    str,
    AfterValidator(
        shape(
            r"[a-z0-9-]{1,40}", "Use small letters, digits and hyphens, 40 at most, such as aino."
        )
    ),
]
_Link = Annotated[
    str,
    Field(max_length=300),
    AfterValidator(shape(r"https://[^\s/]+\S*", "Write a web address that begins with https://.")),
]
_Email = Annotated[
    str,
    Field(max_length=300),
    AfterValidator(shape(r"\S+@\S+", "Write an address such as aino@example.org.")),
]


class ProfileRow(Row):
    role: Line = Field(examples=["Guidance practitioner"])
    credential: Line = Field(examples=["Guidance counsellor, MA"])
    issuer: Line = Field(examples=["University of Example"])
    link: _Link = Field(examples=["https://example.org/register/aino"])
    expires: Annotated[date, AfterValidator(_before_2100)] = Field(examples=["2027-06-30"])
    languages: Annotated[tuple[Language, ...], SOME] = Field(examples=["[fi, en]"])
    regions: Annotated[tuple[Region, ...], SOME] = Field(examples=["[FI]"])
    scope: Line = Field(examples=["Study and career choice. No therapy."])
    hours: Annotated[tuple[WrittenHours, ...], SOME] = Field(
        examples=['["mon-thu 09:00-17:00", "fri 09:00-13:00"]']
    )
    zone: Zone = Field(examples=["Europe/Helsinki"])
    verified_by: Line | None = None
    verified_on: date | None = None

    @model_validator(mode="after")
    def _verified_whole(self) -> Self:
        if (self.verified_by is None) != (self.verified_on is None):
            raise ValueError("verified_by and verified_on belong together. Write both, or neither.")
        return self


class PractitionerRow(Row):
    id: OwnId = ""
    name: Line = Field(examples=["Aino K."])
    account: Account = Field(examples=["discord:123456789012345678"])
    accounts: tuple[Account, ...] = ()
    email: _Email | None = None
    profile: ProfileRow | None = None
    quiet: tuple[WrittenHours, ...] = ()


def practitioner(row: PractitionerRow, zone: str = "UTC") -> Practitioner:
    return Practitioner(
        name=row.name,
        account=account(row.account),
        id=row.id,
        others=tuple(map(account, row.accounts)),
        email=row.email or "",
        profile=None if row.profile is None else _profile(row.profile),
        quiet=tuple(map(read_hours, row.quiet)),
        desk_zone=zone,
    )


def twice(rows: Sequence[PractitionerRow]) -> Iterator[Mistake]:
    """Name each id, email and account that two people, or one person twice, have."""
    seen: set[str] = set()
    for number, row in enumerate(rows):
        written = [("account", row.account), *(("accounts", each) for each in row.accounts)]
        written += [("id", row.id)] if row.id else []
        written += [("email", row.email.lower())] if row.email else []
        for field, value in written:
            if value in seen:
                yield ("practitioners", number, field), f"{value} stands twice. Remove one."
            seen.add(value)


def account(written: str) -> AccountRef:
    """Read "platform:id"."""
    platform, _, id_ = written.partition(":")
    return AccountRef(PlatformName(platform), id_)


def is_zone(name: str) -> bool:
    """Say whether `name` is a place's time zone, or UTC."""
    if "/" not in name and name != "UTC":
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def read_hours(written: str) -> Hours:
    """Read "mon-fri 09:00-17:00". Raises ValueError that says how to write it."""
    found = _HOURS.fullmatch(written.strip().lower())
    if found is None:
        raise ValueError(
            f"{written!r} are no hours. Write them as mon-fri 09:00-17:00 or sat 10:00-12:00."
        )
    first_day, last_day, since, until = found.groups()
    first, last = DAYS.index(first_day), DAYS.index(last_day or first_day)
    days = frozenset((first + n) % len(DAYS) for n in range((last - first) % len(DAYS) + 1))
    return Hours(days, _clock(since), _clock(until))


def _clock(written: str) -> time:
    return time(0) if written == "24:00" else time.fromisoformat(written)


def _profile(row: ProfileRow) -> Profile:
    return Profile(
        role=row.role,
        credential=row.credential,
        issuer=row.issuer,
        link=row.link,
        expires=row.expires,
        languages=row.languages,
        regions=row.regions,
        scope=row.scope,
        hours=tuple(map(read_hours, row.hours)),
        zone=row.zone,
        verified_by=row.verified_by or "",
        verified_on=row.verified_on,
    )
