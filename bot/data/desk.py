"""Load a desk's configuration from the YAML file that its staff edit."""

from collections.abc import Mapping
from datetime import time
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from bot.data.escalation import EscalationRow, escalation
from bot.data.fields import Country, Language, Text, shape
from bot.data.practitioner import (
    SOME,
    Account,
    Line,
    OwnId,
    PractitionerRow,
    WrittenHours,
    Zone,
    account,
    practitioner,
    read_hours,
    twice,
)
from bot.data.rota import OverrideRow, Reader, ShiftRow
from bot.data.yamlfile import BadFile, Row, read_yaml, refuse
from bot.domain.alert import ENDINGS, Ending
from bot.domain.code import Code
from bot.domain.desk import OFFICE_HOURS, ConsentMode, Desk, DrillTime, Sensitivity
from bot.domain.setup import LONGEST_NOTICE
from bot.policy.remark import MOST_DAYS
from bot.triage.alarms import ALARMS, RATES
from bot.triage.calibration import is_page, with_rates

_Code = Annotated[
    str, AfterValidator(shape(r"[a-z0-9_]{1,40}", "Use small letters, digits and _, 40 at most."))
]
SHIPPED = Path(__file__).parent / "desk.yaml"


class _ThresholdsRow(Row):
    """`stricter_pages` stands first: whether a rate may be so strict depends on it."""

    stricter_pages: bool = False
    calibration: str = ""
    rates: dict[str, float] = Field(default_factory=dict)

    @field_validator("rates")
    @classmethod
    def _are_of_alarms(cls, rates: dict[str, float], known: ValidationInfo) -> dict[str, float]:
        usual = {alarm.code.lower(): alarm for alarm in ALARMS}
        for name, rate in rates.items():
            alarm = usual.get(name.lower())
            if alarm is None:
                raise ValueError(f"{name} is no alarm. There are: {', '.join(usual)}.")
            if rate not in RATES:
                choices = ", ".join(f"{one:g}" for one in RATES)
                raise ValueError(f"{name}: {rate:g} is not a rate to choose. Choose of {choices}.")
            if is_page(alarm.code) and rate < alarm.rate and not known.data.get("stricter_pages"):
                raise ValueError(
                    f"{name}: {rate:g} makes a page rarer than the {alarm.rate:g} of this release,"
                    " and more people will be missed. If you mean it, add `stricter_pages: true`."
                )
        _expect_order(_by_code(rates))
        return rates


def _by_code(rates: dict[str, float]) -> dict[Code, float]:
    return {Code(name.upper()): rate for name, rate in rates.items()}


def _expect_order(rates: dict[Code, float]) -> None:
    """Two alarms on one head: the one that is surer may not be the commoner. Raises ValueError."""
    for surer, other in pairwise(with_rates(rates)):
        if surer.head is other.head and surer.rate > other.rate:
            raise ValueError(
                f"{surer.code.lower()} ({surer.rate:g}) may not be commoner than"
                f" {other.code.lower()} ({other.rate:g}), which says the same less surely."
            )


_Time = Annotated[
    str,
    AfterValidator(
        shape(r"([01]\d|2[0-3]):[0-5]\d", 'Write hours and minutes in quotes, such as "08:00".')
    ),
]


class _DrillRow(Row):
    day: int = Field(ge=1, le=28, examples=["5"])
    at: _Time = Field(examples=['"10:00"'])


class _File(Row):
    id: OwnId = Field(examples=["north-desk"])
    name: Text = Field(examples=['"North careers desk"'])
    region: Country = Field(examples=["GB-ENG"])
    language: Language = Field(examples=["en"])
    practitioners: tuple[PractitionerRow, ...] = Field(
        examples=['[{name: "Aino K.", account: "discord:123456789012345678"}]']
    )
    last_resort: Account = Field(examples=['"discord:123456789012345679"'])
    watched: tuple[str, ...] = ()
    consent: ConsentMode = Field(examples=["opt_in"])
    opted_out: tuple[Account, ...] = ()
    opted_in: tuple[Account, ...] = ()
    pages_per_person: int = Field(ge=1, le=50, examples=["2"])
    thresholds: _ThresholdsRow = _ThresholdsRow()
    supervisor: Account | None = None
    statement_at: _Time | None = None
    digest_at: _Time = "08:00"
    time_zone: Zone = "UTC"
    rota: tuple[ShiftRow, ...] | None = None
    overrides: tuple[OverrideRow, ...] = ()
    working_hours: Annotated[tuple[WrittenHours, ...], SOME] | None = None
    escalation: EscalationRow = EscalationRow()
    drill: _DrillRow | None = None
    endings: dict[_Code, Line] = Field(default_factory=dict, max_length=25)
    remark_days: int = Field(default=0, ge=0, le=MOST_DAYS)
    kept_days: int = Field(default=180, ge=1, le=730)
    answers_by_itself: tuple[Line, ...] = ()
    for_young_people: bool = False
    notice: str = Field(default="", max_length=LONGEST_NOTICE)


def load_desk(path: Path) -> Desk:
    """Load the desk at `path`. Raises BadFile with every mistake in it.

    `opted_out` and `opted_in` stay as written (platform:id): `bot.app` hashes them with the key.
    """
    if not path.exists():
        raise BadFile(
            f"{path}: there is no such desk file. Check its spelling; to begin one, copy {SHIPPED}."
        )
    file = read_yaml(path, _File)
    people = tuple(practitioner(row, file.time_zone) for row in file.practitioners)
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
        thresholds=_thresholds(file.thresholds, path),
        supervisor=account(file.supervisor) if file.supervisor else None,
        statement_at=time.fromisoformat(file.statement_at) if file.statement_at else None,
        time_zone=file.time_zone,
        shifts=None if file.rota is None else reader.shifts(file.rota),
        overrides=reader.overrides(file.overrides),
        working_hours=tuple(map(read_hours, file.working_hours or ())) or OFFICE_HOURS,
        escalation=escalation(file.escalation),
        digest_at=time.fromisoformat(file.digest_at),
        drill=DrillTime(file.drill.day, time.fromisoformat(file.drill.at)) if file.drill else None,
        endings=_endings(file.endings),
        remark_days=file.remark_days,
        kept_days=file.kept_days,
        answers_by_itself=frozenset(file.answers_by_itself),
        for_young_people=file.for_young_people,
        notice=file.notice.strip(),
    )


def _endings(written: dict[str, str]) -> Mapping[str, str]:
    """Give the desk's own list. "Not a concern" is a button of every card: no list lacks it."""
    own = written or ENDINGS
    return {**own, Ending.NO_CONCERN: own.get(Ending.NO_CONCERN, ENDINGS[Ending.NO_CONCERN])}


def _thresholds(row: _ThresholdsRow, path: Path) -> Sensitivity:
    """Find the calibration from where the desk file lies."""
    counts = str(path.parent / row.calibration) if row.calibration else ""
    return Sensitivity(_by_code(row.rates), counts, row.stricter_pages)
