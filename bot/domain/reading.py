"""What triage found in one message: three readings that are never blended, and two facts."""

from datetime import datetime
from enum import IntEnum, StrEnum

from bot.domain.code import ClaimType, Code, Need, Validity
from bot.domain.value import value


class Priority(IntEnum):
    """The ladder. Smaller is more urgent; `min` is the worse of two."""

    P0 = 0
    P1 = 1
    P2 = 2
    P3 = 3


class Source(StrEnum):
    """What produced a piece of evidence."""

    CUE = "cue"
    LINEAR = "linear"
    ENCODER = "encoder"
    RULE = "rule"
    MEANING = "meaning"


@value
class Evidence:
    """One reason and where it stands: characters `start` to `end` of the message's own text.

    `by` names the cue's id, the model's head, the rule or the claim; `weight` is the model's score
    (log-odds) or the similarity (0 to 1) where there is one.
    """

    code: Code
    start: int
    end: int
    source: Source
    by: str
    weight: float | None = None


class Level(StrEnum):
    """Readiness for career decision making. UNCLEAR is said instead of a guess."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    UNCLEAR = "unclear"


@value
class Safety:
    """Harm, abuse, discrimination, exploitation. `priority` is None when nothing was found."""

    priority: Priority | None = None
    evidence: tuple[Evidence, ...] = ()


@value
class Readiness:
    """Capability and complexity need, 0 to 3 each, from distinct codes; never a person's score."""

    level: Level = Level.UNCLEAR
    capability: int = 0
    complexity: int = 0
    phase: Code | None = None
    missing: tuple[Code, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Strength(StrEnum):
    """MATCH may reuse an approved note; SUGGEST only shows it to a practitioner."""

    MATCH = "match"
    SUGGEST = "suggest"


@value
class ClaimMatch:
    """A known inaccurate claim that a message seems to make. `similarity` is a cosine, 0 to 1."""

    claim_id: str
    strength: Strength
    similarity: float


@value
class Information:
    """Is a claim being made, of which type, and is it a known inaccurate one."""

    claim_type: ClaimType | None = None
    validity: tuple[Validity, ...] = ()
    matches: tuple[ClaimMatch, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@value
class Asking:
    """Something is being asked, about these needs (none, when the topic is not known)."""

    needs: tuple[Need, ...]
    regions: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@value
class Deadline:
    """When something ends, as far as the message says. `at` is the end of that day or hour."""

    at: datetime
    evidence: Evidence


NO_MODEL = "none"


@value
class Versions:
    """What decided, so that it can be explained later (I10). `model` may be NO_MODEL."""

    ruleset: str
    model: str
    policy: str = ""


@value
class Reading:
    """Everything triage says of one message. `regions` are the ISO 3166-1 codes that it names."""

    safety: Safety
    readiness: Readiness
    information: Information
    asking: Asking | None
    deadline: Deadline | None
    versions: Versions
    regions: tuple[str, ...] = ()
    cut: bool = False

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All of it, in the order of the readings."""
        found = self.safety.evidence + self.readiness.evidence + self.information.evidence
        if self.asking is not None:
            found += self.asking.evidence
        return found if self.deadline is None else (*found, self.deadline.evidence)
