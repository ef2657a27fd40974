"""Load the catalogue of vetted resources, strictly: an incomplete row refuses the whole file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, field_validator
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from bot.data.fields import Cost, Id, Language, Region, Text, Url, shape
from bot.data.yamlfile import Row, read_yaml
from bot.domain.code import Code, Need
from bot.domain.resource import EvidenceRecord, Kind, Resource, ServiceLevel

_ONET_SITES = (".onetcenter.org", ".onetonline.org", ".mynextmove.org", ".miproximopaso.org")
# What the O*NET licence asks to be shown (onetcenter.org/license_db.html): the version, the
# licence, the trademark, and that what stands here in other words is not theirs.
_ONET_WORDING = (
    re.compile(r"includes information from the O\*NET \d+\.\d+ Database"),
    re.compile(r"Department of Labor, Employment and Training Administration \(USDOL/ETA\)"),
    re.compile(r"Used under the CC BY 4\.0 license"),
    re.compile(r"O\*NET® is a trademark of USDOL/ETA"),
    re.compile(r"has modified all or some of this information"),
    re.compile(r"USDOL/ETA has not approved, endorsed, or tested these modifications"),
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that may be recommended, in the file's order."""

    version: str
    resources: tuple[Resource, ...]


_Domain: TypeAlias = Annotated[Code, AfterValidator(shape("PYR-.*", "Use a PYR code."))]
_Phase: TypeAlias = Annotated[Code, AfterValidator(shape("CASVE-.*", "Use a CASVE code."))]


class EvidenceRow(Row):
    supporting: tuple[Text, ...]
    contrary: tuple[Text, ...]


class ResourceRow(Row):
    """`kind`, `url` and `vetted_on` stand before the fields that are checked against them."""

    id: Id
    title: Text
    publisher: Text
    url: Url
    kind: Kind
    regions: Annotated[tuple[Region, ...], Field(min_length=1)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    needs: Annotated[tuple[Need, ...], Field(min_length=1)]
    summary: Text
    why: Text
    cost: Cost
    account_needed: bool
    audience: Text
    domains: Annotated[tuple[_Domain, ...], Field(min_length=1)]
    phases: Annotated[tuple[_Phase, ...], Field(min_length=1)]
    service_level: ServiceLevel
    licence: Text
    attribution: Text
    evidence: EvidenceRow
    reading_grade: Annotated[float, Field(ge=0, le=20)]
    accessibility: Text
    vetted_by: Text
    vetted_on: date
    review_by: date

    @field_validator("attribution")
    @classmethod
    def credits_onet(cls, attribution: str, others: ValidationInfo) -> str:
        host = urlsplit(others.data.get("url", "")).hostname or ""
        missing = [w.pattern for w in _ONET_WORDING if not w.search(attribution)]
        if f".{host}".endswith(_ONET_SITES) and missing:
            lacks = missing[0].replace("\\", "")
            raise PydanticCustomError("onet", f"O*NET's wording is not complete. Add: {lacks}")
        return attribution

    @field_validator("evidence")
    @classmethod
    def assessments_have_validity_evidence(
        cls, evidence: EvidenceRow, others: ValidationInfo
    ) -> EvidenceRow:
        is_assessment = others.data.get("kind") is Kind.ASSESSMENT
        if is_assessment and not (evidence.supporting and evidence.contrary):
            raise PydanticCustomError(
                "evidence",
                "an assessment needs evidence for its validity in supporting, and in contrary what "
                "speaks against it or where that was looked for. Add both or remove the row.",
            )
        return evidence

    @field_validator("review_by")
    @classmethod
    def reviewed_after_vetting(cls, review_by: date, others: ValidationInfo) -> date:
        vetted_on = others.data.get("vetted_on")
        if vetted_on is not None and review_by <= vetted_on:
            raise PydanticCustomError("review", f"not after vetted_on {vetted_on}. Set it later.")
        return review_by

    def resource(self) -> Resource:
        evidence = EvidenceRecord(self.evidence.supporting, self.evidence.contrary)
        return Resource(**{**dict(self), "evidence": evidence})


class CatalogueFile(Row):
    version: Text
    status: Text
    resources: Annotated[tuple[ResourceRow, ...], Field(min_length=1)]

    @field_validator("resources")
    @classmethod
    def ids_are_unique(cls, rows: tuple[ResourceRow, ...]) -> tuple[ResourceRow, ...]:
        ids = [row.id for row in rows]
        twice = [at for at, id_ in enumerate(ids) if id_ in ids[:at]]
        if twice:
            raise ValidationError.from_exception_data(cls.__name__, _repeats(ids, twice))
        return rows


def _repeats(ids: Sequence[str], twice: Sequence[int]) -> list[InitErrorDetails]:
    """Place each mistake on its own row: pydantic would report it on the whole list."""
    return [
        InitErrorDetails(
            type=PydanticCustomError("twice", f"{ids[at]} stands here twice. Rename one."),
            loc=(at, "id"),
            input=ids[at],
        )
        for at in twice
    ]


def load_resources(path: Path) -> Catalogue:
    """Read the catalogue. Raises BadFile with one line for each mistake."""
    file = read_yaml(path, CatalogueFile)
    return Catalogue(file.version, tuple(row.resource() for row in file.resources))
