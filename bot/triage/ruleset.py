"""What the cue files say, ready to be matched. Loaded by `bot.data.cues`; versioned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.code import ClaimType, Code, Need, Validity
from bot.triage.words import Lexicon


class Kind(StrEnum):
    """What a phrase marks."""

    CUE = "cue"
    UNLESS = "unless"  # switches off the cue or need of the same id
    LAUGHTER = "laughter"  # lowers the cues of its sentence that have a code for it
    IDIOM = "idiom"  # switches off every cue that it overlaps
    NEED = "need"
    REGION = "region"
    CLAIM = "claim"
    DEADLINE = "deadline"
    ANSWERED = "answered"  # who asked says that the question is answered
    STILL_OPEN = "still_open"  # who asked says that it is not
    NO_ANSWER = "no_answer"  # words under a question that do not answer it
    ABOUT = "about"  # a word that a known claim is about; the id is the claim's


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """What is found when one of its phrases is."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Cue:
    """One row of a cue file.

    `denied` is the code given when a negation stands right before it: None switches the cue off,
    the cue's own code says that negation makes no difference. `laughed` is the code given when
    somebody laughs in the same sentence: None says that this makes no difference. `single` marks a
    factor that makes a situation complex by itself.
    """

    id: str
    code: Code
    denied: Code | None = None
    single: bool = False
    laughed: Code | None = None


@dataclass(frozen=True, slots=True)
class ClaimCue:
    """A wording that marks a claim, and what kind of claim it then is."""

    id: str
    validity: Validity | None
    claim_type: ClaimType


@dataclass(frozen=True, slots=True)
class Ruleset:
    """`phrases` pairs each mark with the phrases that stand for it, in the syntax of `phrase`.

    `languages` are the commonest words of each language, by its ISO 639-1 code.
    """

    version: str
    cues: Mapping[str, Cue]
    needs: Mapping[str, Need]
    claims: Mapping[str, ClaimCue]
    phrases: Sequence[tuple[Mark, Sequence[str]]]
    lexicon: Lexicon
    negations: frozenset[str]
    languages: Mapping[str, Sequence[str]] = field(default_factory=dict)
