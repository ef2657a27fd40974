"""Load a desk's configuration from the YAML file that its staff edit."""

from datetime import time
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from bot.data.yamlfile import Row, read_yaml
from bot.domain.desk import ConsentMode, Desk, Practitioner
from bot.domain.message import AccountRef, PlatformName

SHIPPED = Path(__file__).parent / "desk.yaml"
Account = Annotated[str, Field(pattern=r"^[a-z]+:\S+$")]


def _known(time_zone: str) -> str:
    if time_zone not in available_timezones():
        raise ValueError("write a time zone as in Europe/London or UTC")
    return time_zone


class _PractitionerRow(Row):
    name: str = Field(min_length=1)
    account: Account


class _File(Row):
    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str = Field(min_length=1)
    region: str = Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    language: str = Field(pattern=r"^[a-z]{2}$")
    practitioners: tuple[_PractitionerRow, ...]
    last_resort: Account
    watched: tuple[str, ...] = ()
    consent: ConsentMode
    opted_out: tuple[Account, ...] = ()
    opted_in: tuple[Account, ...] = ()
    pages_per_person: int = Field(ge=1, le=50)
    supervisor: Account | None = None
    statement_at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = None
    time_zone: Annotated[str, AfterValidator(_known)] = "UTC"


def load_desk(path: Path) -> Desk:
    """Load the desk at `path`. Raises BadFile with every mistake in it.

    `opted_out` and `opted_in` stay as written (platform:id): `bot.app` hashes them with the key.
    """
    file = read_yaml(path, _File)
    return Desk(
        id=file.id,
        name=file.name,
        region=file.region,
        language=file.language,
        practitioners=tuple(Practitioner(p.name, account(p.account)) for p in file.practitioners),
        last_resort=account(file.last_resort),
        watched=frozenset(channel.removeprefix("#").lower() for channel in file.watched),
        consent=file.consent,
        opted_out=frozenset(file.opted_out),
        opted_in=frozenset(file.opted_in),
        pages_per_person=file.pages_per_person,
        supervisor=account(file.supervisor) if file.supervisor else None,
        statement_at=time.fromisoformat(file.statement_at) if file.statement_at else None,
        time_zone=file.time_zone,
    )


def account(written: str) -> AccountRef:
    """Read "platform:id"."""
    platform, _, id_ = written.partition(":")
    return AccountRef(PlatformName(platform), id_)
