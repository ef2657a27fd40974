"""Readiness for career decision making: capability x complexity, from distinct codes only.

The rule is the two-by-two of `shared/domain.md` section 1.3, after Sampson and others' CIP theory:
one seriously debilitating factor makes a situation complex by itself. It is read off a message,
never kept or added up for a person (I6).
"""

from collections.abc import Collection, Sequence

from bot.domain.code import Code, Concern
from bot.domain.ladder import CONCERN
from bot.domain.reading import Evidence, Level, Readiness

MOST = 3
FEW, MANY = 1, 2
# Fewer words than this say too little to be labelled.
LEAST_WORDS = 4


def read_readiness(
    evidence: Sequence[Evidence], *, single: Collection[str], asking: bool, words: int
) -> Readiness:
    """Weigh the readiness codes among `evidence`. `single` holds ids of debilitating cues."""
    mine = tuple(e for e in evidence if CONCERN.get(e.code) is Concern.READINESS)
    codes = dict.fromkeys(e.code for e in mine)
    if words < LEAST_WORDS or not (mine or asking):
        return Readiness()
    heard = Code.LOW_READINESS_MODEL in codes
    debilitated = any(e.by in single for e in mine)
    capability = min(MOST, sum(code.startswith("CAP-") for code in codes))
    complexity = min(MOST, sum(code.startswith("CPX-") for code in codes))
    return Readiness(
        level=_at_least_moderate(
            level(capability, complexity, debilitated=debilitated), heard=heard
        ),
        capability=capability,
        complexity=MOST if debilitated else complexity,
        phase=_first(codes, "CASVE-"),
        missing=tuple(code for code in codes if code.startswith("PYR-")),
        evidence=mine,
    )


def level(capability: int, complexity: int, *, debilitated: bool = False) -> Level:
    """One cell of the two-by-two; both needs run from 0 to 3."""
    if debilitated or (capability >= MANY and complexity >= MANY):
        return Level.LOW
    if capability <= FEW and complexity <= FEW:
        return Level.HIGH
    return Level.MODERATE


def _at_least_moderate(found: Level, *, heard: bool) -> Level:
    """Let no model say "low": that takes codes that a practitioner can check."""
    return Level.MODERATE if heard and found is Level.HIGH else found


def _first(codes: Collection[Code], prefix: str) -> Code | None:
    """Name a phase only when the message points to one and no other."""
    found = [code for code in codes if code.startswith(prefix)]
    return found[0] if len(found) == 1 else None
