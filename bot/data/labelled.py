"""Files of labelled messages, one JSON object a line: our own, and the shared format.

Our own format is made for practitioners to add to. A row holds what the message should lead to,
why, and what an independent second reader said who had not seen the first label. Where the two
differ, both stand: the difference is information, not a mistake.
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from bot.data.yamlfile import BadFile, Row
from bot.domain.code import ClaimType, Code, Validity
from bot.domain.reading import Priority
from bot.triage.head import HEADS, Head, heads_of

WRITTEN = Path(__file__).with_name("training")


class SaidClaim(Row):
    """How a claim is put, and why it may mislead (`bot.domain.code.Validity`)."""

    type: ClaimType
    validity: tuple[Validity, ...] = ()


class Second(Row):
    """What the second reader said of the message, having seen nothing but the message."""

    by: str
    priority: str | None = Field(pattern="^P[0-3]$")
    codes: tuple[Code, ...]


class Written(Row):
    """One message that we wrote. `before` are earlier messages of its channel, oldest first."""

    text: str = Field(min_length=1)
    priority: str | None = Field(pattern="^P[0-3]$")
    codes: tuple[Code, ...]
    slice: str
    why: str = ""
    by: str = ""
    before: tuple[str, ...] = ()
    claim: SaidClaim | None = None
    second: Second | None = None


class Shared(Row):
    """One message of the shared format; which concern its label is about, its file tells."""

    text: str
    label: int = Field(ge=0, le=1)
    split: str = "dev"
    orig: str | None = None
    severity: float | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what is known of it.

    `heads` says of each head whether the message is of it: 1 or 0, between them where two readers
    differ; a head that is not named is not known. `priority` and `codes` are the first reader's;
    `agreed` is False where the second gave another priority.
    """

    text: str
    heads: dict[Head, float]
    before: tuple[str, ...] = ()
    slice: str = ""
    split: str = "dev"
    is_own: bool = False
    priority: Priority | None = None
    codes: tuple[Code, ...] = ()
    agreed: bool = True
    severity: float | None = None
    orig: str = ""


def load_labelled(path: Path, *, about: Head | None = None) -> list[Labelled]:
    """Read a file of either format, gzipped or not. Raises BadFile naming each bad line.

    `about` is the head that a file of the shared format speaks of; without it, its name must say
    so (`concern_of`).
    """
    return list(_rows(path, about))


def concern_of(path: Path) -> Head | None:
    """Tell by its name which head a file of the shared format is about; None for ordinary chat.

    Raises BadFile for a name that says nothing.
    """
    kind = path.name.partition("-")[0]
    named = {
        **{head.value: head for head in Head},
        "suicide": Head.SELF_HARM,
        "violence": Head.HARM_TO_OTHERS,
        "stereotype": Head.DISCRIMINATION,
        "career_q": Head.ASKING,
        "chat": None,
    }
    if kind not in named:
        raise BadFile(
            f"{path}: cannot tell what its labels are about. Name a concern: one of"
            f" {', '.join(head.value for head in Head)}."
        )
    return named[kind]


def _rows(path: Path, about: Head | None) -> Iterator[Labelled]:
    mistakes: list[str] = []
    for number, raw in _lines(path):
        if not isinstance(raw, dict):
            mistakes.append(f"{path}:{number}: is no JSON object. Write one a line.")
            continue
        try:
            yield _own(raw) if "codes" in raw else _shared(raw, about or concern_of(path))
        except ValidationError as wrong:
            mistakes += [f"{path}:{number}: {_mend(e['loc'], e)}" for e in wrong.errors()]
    if mistakes:
        raise BadFile("\n".join(mistakes))


def _mend(loc: Sequence[int | str], error: Mapping[str, Any]) -> str:
    """Say in plain words what is wrong with a field, and what to write instead."""
    name, given = ".".join(map(str, loc)), error["input"]
    match error["type"], loc[-1]:
        case "missing", _:
            said = "is missing. Add it."
        case "extra_forbidden", _:
            said = "is no field of this format. Check its spelling, or remove it."
        case "string_pattern_mismatch", "priority":
            said = f'"{given}" is no priority. Write P0, P1, P2, P3 or null.'
        case "enum", _ if isinstance(given, str):
            near = get_close_matches(given.upper(), list(Code), n=1, cutoff=0.6)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            said = f'"{given}" is no code.{hint} All codes stand in bot/domain/code.py.'
        case _:
            said = f"{error['msg']}."
    return f"{name}: {said}"


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        yield number, json.loads(line)
                    except json.JSONDecodeError:
                        yield number, None
    except (OSError, EOFError, UnicodeDecodeError) as failure:
        why = getattr(failure, "strerror", None) or "cannot be read to its end as UTF-8 text"
        raise BadFile(f"{path}: {why}. Check the path and the file.") from None


def _shared(raw: dict[str, Any], about: Head | None) -> Labelled:
    row = Shared.model_validate(raw)
    heads = {about: float(row.label)} if about is not None else dict.fromkeys(HEADS, 0.0)
    return Labelled(
        row.text, heads, split=row.split, severity=row.severity, orig=row.orig or ""
    )  # fmt: skip


def _own(raw: dict[str, Any]) -> Labelled:
    row = Written.model_validate(raw)
    second = row.second
    return Labelled(
        text=row.text,
        heads=_heads(
            [(row.codes, row.priority), *([(second.codes, second.priority)] if second else [])]
        ),
        before=row.before,
        slice=row.slice,
        is_own=True,
        priority=_priority(row.priority),
        codes=row.codes,
        agreed=second is None or second.priority == row.priority,
    )


def _heads(readings: Sequence[tuple[Sequence[Code], str | None]]) -> dict[Head, float]:
    """Average what the readers say; leave out what a code makes neither yes nor no."""
    said = [_heads_said(codes, priority) for codes, priority in readings]
    known = [head for head in HEADS if all(head in one for one in said)]
    return {head: sum(one[head] for one in said) / len(said) for head in known}


def _heads_said(codes: Sequence[Code], priority: str | None) -> dict[Head, float]:
    mine = heads_of(codes)
    heads = {head: float(head in mine) for head in HEADS}
    heads[Head.PAGE] = float(priority in ("P0", "P1"))
    if Code.SELF_HARM_DENIED in codes and not heads[Head.SELF_HARM]:
        del heads[Head.SELF_HARM]
    if heads.get(Head.SELF_HARM) and not heads[Head.DISTRESS]:
        del heads[Head.DISTRESS]  # who is in danger is hardly at ease, whatever was written down
    return heads


def _priority(name: str | None) -> Priority | None:
    return None if name is None else Priority[name]
