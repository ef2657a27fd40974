"""The rows of a desk file that say who is on duty: its rota, and changes to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BeforeValidator, Field, NaiveDatetime, model_validator

from bot.data.fields import OneLine
from bot.data.practitioner import Line, Zone
from bot.data.yamlfile import Mistake, Row
from bot.domain.duty import Change, Override, Rank, Shift
from bot.domain.practitioner import Practitioner
from bot.policy import recurrence
from bot.policy.recurrence import moment
from bot.policy.rota import LONGEST_STRETCH

EARLIEST, LATEST = datetime(2000, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - wall clocks
# A change written in the file is older than any made in the chat.
_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)
_AN_INSTANT = timedelta(seconds=1)


def _in_our_time(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        raise ValueError("lies outside 2000 to 2099. Correct the year.")
    return at


def _is_wall_clock(written: object) -> object:
    if isinstance(written, int | float):  # else it would count seconds from 1970
        raise ValueError("Write a time such as 2026-11-30T09:00.")  # noqa: TRY004 - for pydantic
    return written


WallClock = Annotated[NaiveDatetime, BeforeValidator(_is_wall_clock), AfterValidator(_in_our_time)]


class ShiftRow(Row):
    id: Annotated[OneLine, Field(max_length=200)] = Field(examples=["mornings"])
    who: Line = Field(examples=["aino"])
    rank: Rank = Rank.PRIMARY
    starts: WallClock = Field(examples=["2026-11-30T09:00"])
    ends: WallClock = Field(examples=["2026-11-30T13:00"])
    zone: Zone | None = None
    repeats: str = ""
    skip: tuple[WallClock, ...] = ()

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.ends <= self.starts:
            raise ValueError("ends at or before its start. Correct one of the two times.")
        if self.ends - self.starts > LONGEST_STRETCH:
            raise ValueError("is longer than 12 hours. Split it between two people.")
        return self


class OverrideRow(Row):
    who: Line = Field(examples=["aino"])
    change: Change = Field(examples=["off"])
    instead_of: Line | None = None
    since: WallClock = Field(alias="from", examples=["2026-12-28T00:00"])
    until: WallClock = Field(examples=["2027-01-04T00:00"])
    zone: Zone | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.until <= self.since:
            raise ValueError("`until` is at or before `from`. Correct one of the two times.")
        if (self.change is Change.COVER) != (self.instead_of is not None):
            raise ValueError("`instead_of` belongs to `change: cover`. Write both, or neither.")
        return self


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows against the people of the desk; `mistakes` says what the rows alone cannot."""

    people: Sequence[Practitioner]

    def shifts(self, rows: Sequence[ShiftRow]) -> tuple[Shift, ...]:
        return tuple(
            self._shift(row, recurrence.rule(row.repeats, starts=row.starts, zone=self._zone(row)))
            if row.repeats
            else self._shift(row, "")
            for row in rows
        )

    def overrides(self, rows: Sequence[OverrideRow]) -> tuple[Override, ...]:
        return tuple(
            Override(
                row.who,
                row.change,
                moment(row.since, ZoneInfo(self._zone(row))),
                moment(row.until, ZoneInfo(self._zone(row))),
                _WRITTEN + number * _AN_INSTANT,
                row.instead_of or "",
            )
            for number, row in enumerate(rows)
        )

    def mistakes(
        self, shifts: Sequence[ShiftRow], overrides: Sequence[OverrideRow]
    ) -> Iterator[Mistake]:
        known = {person.key for person in self.people}
        ids: set[str] = set()
        for number, row in enumerate(shifts):
            if row.who not in known:
                yield ("rota", number, "who"), _nobody(row.who, known)
            if row.id in ids:
                yield ("rota", number, "id"), f"{row.id} stands twice. Give each shift its own."
            ids.add(row.id)
            yield from ((("rota", number, field), said) for field, said in self._unrolled(row))
        for number, change in enumerate(overrides):
            for field, who in (("who", change.who), ("instead_of", change.instead_of)):
                if who is not None and who not in known:
                    yield ("overrides", number, field), _nobody(who, known)

    def _unrolled(self, row: ShiftRow) -> Iterator[tuple[str, str]]:
        """Name what is wrong with how a shift comes round."""
        try:
            rule = row.repeats and recurrence.rule(
                row.repeats, starts=row.starts, zone=self._zone(row)
            )
        except ValueError as wrong:
            yield "repeats", f"{wrong}."
            return
        whole = replace(self._shift(row, rule), skips=())
        for skip in row.skip:
            at = moment(skip, ZoneInfo(self._zone(row)))
            if all(turn.start != at for turn in recurrence.turns(whole, at, at + _AN_INSTANT)):
                yield "skip", f"{skip:%Y-%m-%dT%H:%M} is no start of this shift. Correct it."

    def _shift(self, row: ShiftRow, rule: str) -> Shift:
        return Shift(
            row.id, row.who, row.starts, row.ends, self._zone(row), row.rank, rule, row.skip
        )

    def _zone(self, row: ShiftRow | OverrideRow) -> str:
        whose = next((person.zone for person in self.people if person.key == row.who), "UTC")
        return row.zone or whose


def written(shifts: Sequence[Shift]) -> str:
    """Write shifts as a desk file holds them."""
    rows = [
        {
            "id": shift.id,
            "who": shift.who,
            "rank": shift.rank.value,
            "starts": shift.starts.isoformat(),
            "ends": shift.ends.isoformat(),
            "zone": shift.zone,
            **({"repeats": shift.repeats} if shift.repeats else {}),
            **({"skip": [skip.isoformat() for skip in shift.skips]} if shift.skips else {}),
        }
        for shift in shifts
    ]
    text: str = yaml.safe_dump({"rota": rows}, sort_keys=False, allow_unicode=True, width=100)
    return text


def _nobody(who: str, known: set[str]) -> str:
    names = ", ".join(sorted(known)) or "nobody"
    return f"{who} is no practitioner of this desk. Write an id under practitioners: {names}."
