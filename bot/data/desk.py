"""Load a desk's configuration from the YAML file that its staff edit."""

from pathlib import Path

from pydantic import Field

from bot.data.practitioner import Account, PractitionerRow, account, practitioner, twice
from bot.data.rota import OverrideRow, Reader, ShiftRow
from bot.data.yamlfile import Row, read_yaml, refuse
from bot.domain.desk import ConsentMode, Desk

SHIPPED = Path(__file__).parent / "desk.yaml"


class _File(Row):
    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str = Field(min_length=1)
    region: str = Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    language: str = Field(pattern=r"^[a-z]{2}$")
    practitioners: tuple[PractitionerRow, ...]
    last_resort: Account
    watched: tuple[str, ...] = ()
    consent: ConsentMode
    opted_out: tuple[Account, ...] = ()
    opted_in: tuple[Account, ...] = ()
    pages_per_person: int = Field(ge=1, le=50)
    rota: tuple[ShiftRow, ...] | None = None
    overrides: tuple[OverrideRow, ...] = ()


def load_desk(path: Path) -> Desk:
    """Load the desk at `path`. Raises BadFile with every mistake in it.

    `opted_out` and `opted_in` stay as written (platform:id): `bot.app` hashes them with the key.
    """
    file = read_yaml(path, _File)
    people = tuple(map(practitioner, file.practitioners))
    reader = Reader(people)
    mistakes = reader.mistakes(file.rota or (), file.overrides)
    refuse(path, [*twice(file.practitioners), *mistakes])
    return Desk(
        id=file.id,
        name=file.name,
        region=file.region,
        language=file.language,
        practitioners=people,
        last_resort=account(file.last_resort),
        watched=frozenset(channel.removeprefix("#").lower() for channel in file.watched),
        consent=file.consent,
        opted_out=frozenset(file.opted_out),
        opted_in=frozenset(file.opted_in),
        pages_per_person=file.pages_per_person,
        shifts=None if file.rota is None else reader.shifts(file.rota),
        overrides=reader.overrides(file.overrides),
    )
