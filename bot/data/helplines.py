"""Load the helplines, strictly: an incomplete row refuses the whole file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from bot.data.fields import Cost, Id, Language, Region, Text, Url, shape
from bot.data.yamlfile import Mistake, Row, read_yaml, refuse
from bot.domain.code import Concern
from bot.domain.helpline import Helpline

_CONCERNS: Final = f"{Concern.SELF_HARM}|{Concern.ABUSE}|{Concern.DISTRESS}"
_Concern: TypeAlias = Annotated[
    Concern, AfterValidator(shape(_CONCERNS, "Write self_harm, abuse or distress."))
]
_Number: TypeAlias = Annotated[
    str,
    AfterValidator(
        shape(r"\+?\d[\d -]{1,18}\d|\d{2}", "Write a phone number: digits, spaces, hyphens.")
    ),
]
_Line: TypeAlias = Annotated[str, Field(min_length=1, max_length=80)]
_CONTACT: Final = "Nobody can be reached by it. Give call, text or chat"


@dataclass(frozen=True, slots=True)
class Helplines:
    """All that may be shown, in the file's order."""

    version: str
    lines: tuple[Helpline, ...]


NONE: Final = Helplines("", ())


class _Row(Row):
    id: Id
    name: _Line
    regions: Annotated[tuple[Region, ...], Field(min_length=1)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    concerns: Annotated[tuple[_Concern, ...], Field(min_length=1)]
    for_young_people: bool = False
    who: Annotated[str, Field(max_length=80)] = ""
    call: Annotated[tuple[_Number, ...], Field(max_length=3)] = ()
    text: Annotated[str, Field(max_length=60)] = ""
    chat: Url | None = None
    hours: _Line
    cost: Annotated[Cost, Field(max_length=80)]
    source: Url
    seen_in: Text
    checked_by: Text
    checked_on: date
    expires: date | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not (self.call or self.text or self.chat):
            raise ValueError(_CONTACT)
        return self

    def helpline(self) -> Helpline:
        row = dict(self)
        is_for_young = row.pop("for_young_people")
        own = {"concerns": frozenset(self.concerns), "chat": self.chat or ""}
        return Helpline(**{**row, **own}, is_for_young=is_for_young)


class _File(Row):
    version: Text
    status: Text
    helplines: tuple[_Row, ...]


def load_helplines(path: Path) -> Helplines:
    """Read the helplines. Raises BadFile with one line for each mistake."""
    file = read_yaml(path, _File)
    refuse(path, _twice([row.id for row in file.helplines]))
    return Helplines(file.version, tuple(row.helpline() for row in file.helplines))


def _twice(ids: Sequence[str]) -> list[Mistake]:
    return [
        (("helplines", at, "id"), f"{id_} stands here twice. Rename one.")
        for at, id_ in enumerate(ids)
        if id_ in ids[:at]
    ]
