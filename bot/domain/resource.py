"""A vetted resource, complete as `shared/domain.md` section 6 demands, and its recommendation."""

from datetime import date
from enum import StrEnum

from bot.domain.code import Code, Need
from bot.domain.value import value


class ServiceLevel(StrEnum):
    """How much help a person needs beside it (Sampson's three levels of service)."""

    SELF_HELP = "self_help"
    BRIEF_ASSISTED = "brief_assisted"
    CASE_MANAGED = "case_managed"


class Kind(StrEnum):
    INFORMATION = "information"
    ASSESSMENT = "assessment"
    SERVICE = "service"
    DATA = "data"


@value
class EvidenceRecord:
    """What speaks for its validity and what against. An assessment must have both looked for."""

    supporting: tuple[str, ...]
    contrary: tuple[str, ...]


@value
class Resource:
    """`regions` are countries (ISO 3166-1: GB), parts of them (ISO 3166-2: GB-SCT), "EU" or "*".

    `languages` are ISO 639-1 codes, and `reading_grade` is Flesch-Kincaid's.
    """

    id: str
    title: str
    publisher: str
    url: str
    kind: Kind
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    needs: tuple[Need, ...]
    summary: str
    why: str
    cost: str
    account_needed: bool
    audience: str
    domains: tuple[Code, ...]
    phases: tuple[Code, ...]
    service_level: ServiceLevel
    licence: str
    attribution: str
    evidence: EvidenceRecord
    reading_grade: float
    accessibility: str
    vetted_by: str
    vetted_on: date
    review_by: date


@value
class Recommendation:
    """One resource for one message, with one plain reason."""

    resource_id: str
    reason: str
