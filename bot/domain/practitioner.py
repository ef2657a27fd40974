"""The people who give the help: one person, however many accounts, and why they may be trusted."""

from datetime import date, datetime, time
from enum import StrEnum

from bot.domain.message import AccountRef
from bot.domain.value import value


@value
class Hours:
    """Published hours in the person's own zone. `days` count from 0 (Monday).

    `until` at or before `since` is on the next day; midnight to midnight is the whole day.
    """

    days: frozenset[int]
    since: time
    until: time


@value
class Profile:
    """What members and the desk are told of a practitioner, and who vouches for it.

    `link` lets anybody verify the credential at its issuer. The credential holds to the end of
    `expires`, in `zone` (an IANA name). `languages` are ISO 639-1, `regions` ISO 3166.
    """

    role: str
    credential: str
    issuer: str
    link: str
    expires: date
    languages: tuple[str, ...]
    regions: tuple[str, ...]
    scope: str
    hours: tuple[Hours, ...]
    zone: str
    verified_by: str = ""
    verified_on: date | None = None


class Fitness(StrEnum):
    """Whether a person may be on duty and be referred to."""

    FIT = "fit"
    UNVERIFIED = "unverified"
    EXPIRED = "expired"


@value
class Practitioner:
    """Any professional giving career help. Alerts go to `account`; `others` are theirs as well.

    Without a profile the desk's operator vouches for the person by having listed them. `email` is
    how calendars name them. In `quiet` hours (on the clock of their profile's zone, or else of the
    desk's) no P1 wakes them.
    """

    name: str
    account: AccountRef
    id: str = ""
    others: tuple[AccountRef, ...] = ()
    email: str = ""
    profile: Profile | None = None
    quiet: tuple[Hours, ...] = ()
    desk_zone: str = "UTC"

    @property
    def key(self) -> str:
        """What a rota calls this person."""
        return self.id or f"{self.account.platform}:{self.account.id}"

    @property
    def accounts(self) -> tuple[AccountRef, ...]:
        return (self.account, *self.others)

    @property
    def zone(self) -> str:
        return self.desk_zone if self.profile is None else self.profile.zone


@value
class LinkCode:
    """Proof that whoever types it holds an account of this person. `digest` is all that is kept."""

    who: str
    digest: str
    made_at: datetime
