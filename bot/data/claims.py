"""Read the registry of known inaccurate claims. What is incomplete is refused, never mended."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from bot.data.fields import Id
from bot.data.yamlfile import BadFile, Row, read_yaml
from bot.domain.claim import Citation, Claim
from bot.domain.code import ClaimType, Validity

CORRECTION_WORDS: Final = 60
NOTE_WORDS: Final = 90
"""What a note of 120 words leaves for the row's own text, beside its fixed lines and links."""


@dataclass(frozen=True, slots=True)
class Registry:
    """`version` goes into the record of every note (I10)."""

    version: str
    claims: tuple[Claim, ...]


def _https(url: str) -> str:
    if not re.fullmatch(r"https://[^/\s]+\.[^/\s]+(/\S*)?", url):
        raise ValueError(f"{url!r} is no https address. Give the page's full https:// address")
    return url


def _region(code: str) -> str:
    if not re.fullmatch(r"\*|[A-Z]{2}(-[A-Z0-9]{1,3})?", code):
        raise ValueError(f'{code!r} is no region. Write a code such as GB, GB-SCT, EU, or "*"')
    return code


def _about(term: str) -> str:
    if term != term.lower() or len(_words(term)) not in {1, 2}:
        raise ValueError(f"{term!r}: write one or two words in lower case")
    return term


def _short(correction: str) -> str:
    count = len(correction.split())
    if count > CORRECTION_WORDS:
        raise ValueError(f"{count} words. Cut it to {CORRECTION_WORDS}")
    return correction


def _distinct(entries: tuple[str, ...]) -> tuple[str, ...]:
    twice = [entry for entry, times in Counter(entries).items() if times > 1]
    if twice:
        raise ValueError(f"{twice[0]!r} stands here twice. Remove one")
    return entries


def _alone(regions: tuple[str, ...]) -> tuple[str, ...]:
    if "*" in regions and len(regions) > 1:
        raise ValueError('"*" covers every region. Keep it alone, or name the regions')
    return regions


Said = Annotated[str, StringConstraints(min_length=1)]
Some = Annotated[tuple[Said, ...], AfterValidator(_distinct)]


class _Source(Row):
    publisher: Said
    title: Said
    url: Annotated[str, AfterValidator(_https)]
    as_of: date
    review_by: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.review_by <= self.as_of:
            raise ValueError("review_by must be later than as_of. Correct one of the two dates")
        return self


class _Claim(Row):
    id: Id
    claim: Said
    wordings: Some
    about: Annotated[tuple[Annotated[str, AfterValidator(_about)], ...], AfterValidator(_distinct)]
    claim_type: ClaimType
    validity: Annotated[tuple[Validity, ...], AfterValidator(_distinct)]
    jurisdictions: Annotated[
        tuple[Annotated[str, AfterValidator(_region)], ...],
        AfterValidator(_distinct),
        AfterValidator(_alone),
    ]
    correction: Annotated[Said, AfterValidator(_short)]
    why_misleading: Said
    unknown: Said
    sources: tuple[_Source, ...]
    drafted_by: Said
    approved_by: Said
    approved_on: date

    @model_validator(mode="after")
    def _enough(self) -> Self:
        """Refuse too few or too many of anything; the bounds are the registry's house rules."""
        for name, least, most in _BOUNDS:
            count = len(getattr(self, name))
            if not least <= count <= most:
                raise ValueError(f"{name} has {count} entries. Give {least} to {most}")
        return self

    @model_validator(mode="after")
    def _two_people(self) -> Self:
        if self.drafted_by.casefold() == self.approved_by.casefold():
            raise ValueError("drafted_by and approved_by are the same. Ask a second person")
        return self

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        """Refuse a wording that `about` would never let through to be compared."""
        for wording in self.wordings:
            if not any(_stands_in(term, wording) for term in self.about):
                raise ValueError(f"no word of about stands in {wording!r}. Add one to about")
        return self

    @model_validator(mode="after")
    def _fits_a_note(self) -> Self:
        fact = re.split(r"(?<=[.!?])\s", self.correction, maxsplit=1)[0]
        for source in self.sources:
            parts = (self.correction, self.why_misleading, fact, source.publisher, source.title)
            count = sum(len(part.split()) for part in parts)
            if count > NOTE_WORDS:
                raise ValueError(
                    f"a note with {source.title!r} would need {count} words. Shorten correction, "
                    f"its first sentence or why_misleading until they make {NOTE_WORDS}"
                )
        return self


_BOUNDS: Final = (
    ("wordings", 4, 8),
    ("about", 3, 12),
    ("validity", 1, len(Validity)),
    ("jurisdictions", 1, 30),
    ("sources", 1, 5),
)


class _File(Row):
    version: Said
    status: Said
    claims: tuple[_Claim, ...]


def load_claims(path: Path) -> Registry:
    """Read the registry. Raises BadFile with one line, and what mends it, for each mistake."""
    read = read_yaml(path, _File)
    _refuse_twins(path, [row.id for row in read.claims])
    return Registry(read.version, tuple(_claim(row) for row in read.claims))


def _claim(row: _Claim) -> Claim:
    sources = tuple(Citation(**source.model_dump()) for source in row.sources)
    return Claim(**row.model_dump(exclude={"sources"}), sources=sources)


def _refuse_twins(path: Path, ids: list[str]) -> None:
    twins = [name for name, times in Counter(ids).items() if times > 1]
    if twins:
        raise BadFile("\n".join(_twin(path, name) for name in twins))


def _twin(path: Path, name: str) -> str:
    """Name the line of the second row: the first one keeps the id."""
    row = re.compile(rf"""^[\s-]*["']?id["']?:\s*["']?{re.escape(name)}["']?\s*(#.*)?$""")
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines, 1) if row.match(line)]
    line = found[1] if len(found) > 1 else 1
    return f"{path}:{line}: claims.id (in {name}): two claims have this id. Rename one of them."


def _stands_in(term: str, wording: str) -> bool:
    return f" {' '.join(_words(term))} " in f" {' '.join(_words(wording))} "


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
