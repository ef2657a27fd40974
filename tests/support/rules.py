"""Small rule-sets, so that a test names only the rows that it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.code import ClaimType, Code, Need, Validity
from bot.domain.reading import Deadline, Evidence, Reading
from bot.triage.cues import cue_evidence
from bot.triage.deadline import read_deadline
from bot.triage.phrasebook import Phrasebook
from bot.triage.read import Triage
from bot.triage.ruleset import ClaimCue, Cue, Kind, Mark, Ruleset
from bot.triage.words import Lexicon, Reader
from tests.support.build import NOON

EMPTY = Lexicon()


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of a cue file says, whichever section it stands in."""

    mark: Mark
    any: Sequence[str]
    unless: Sequence[str] = ()
    means: Cue | Need | ClaimCue | None = None

    @property
    def phrases(self) -> list[tuple[Mark, Sequence[str]]]:
        exceptions = (Mark(Kind.UNLESS, self.mark.id), self.unless)
        return [(self.mark, self.any), *([exceptions] if self.unless else [])]


def cue(
    *phrases: str,
    code: Code = Code.HOPELESS,
    denied: Code | None = None,
    single: bool = False,
    unless: Sequence[str] = (),
    laughed: Code | None = None,
) -> Row:
    """Give a cue of a code; its id is its first phrase."""
    means = Cue(phrases[0], code, denied, single, laughed)
    return Row(Mark(Kind.CUE, phrases[0]), phrases, unless, means)


def need(need_: Need, *phrases: str, unless: Sequence[str] = ()) -> Row:
    return Row(Mark(Kind.NEED, need_.value), phrases, unless, need_)


def region(code: str, *phrases: str, unless: Sequence[str] = ()) -> Row:
    return Row(Mark(Kind.REGION, code), phrases, unless)


def claim(
    claim_type: ClaimType,
    *phrases: str,
    validity: Validity | None = None,
    unless: Sequence[str] = (),
) -> Row:
    means = ClaimCue(phrases[0], validity, claim_type)
    return Row(Mark(Kind.CLAIM, phrases[0]), phrases, unless, means)


def deadline(*phrases: str, unless: Sequence[str] = ()) -> Row:
    return Row(Mark(Kind.DEADLINE, phrases[0]), phrases, unless)


def rules(
    *rows: Row,
    idioms: Sequence[str] = (),
    negations: Iterable[str] = ("not", "never", "dont"),
    lexicon: Lexicon = EMPTY,
    laughter: Sequence[str] = (),
) -> Ruleset:
    switches = [(Mark(Kind.IDIOM, "idiom"), idioms)] if idioms else []
    if laughter:
        switches.append((Mark(Kind.LAUGHTER, "laughter"), laughter))
    return Ruleset(
        version="rules-1",
        cues={r.mark.id: r.means for r in rows if isinstance(r.means, Cue)},
        needs={r.mark.id: r.means for r in rows if isinstance(r.means, Need)},
        claims={r.mark.id: r.means for r in rows if isinstance(r.means, ClaimCue)},
        phrases=[*(pair for row in rows for pair in row.phrases), *switches],
        lexicon=lexicon,
        negations=frozenset(negations),
    )


def triage(ruleset: Ruleset) -> Triage:
    """Build a triage of cues alone: no model."""
    return Triage(ruleset, reader=Reader(ruleset.lexicon), models=None, known=None)


def reading(text: str, ruleset: Ruleset, *, sent_at: datetime = NOON) -> Reading:
    return triage(ruleset).read(text, sent_at=sent_at)


def evidence_in(text: str, ruleset: Ruleset) -> tuple[Evidence, ...]:
    plain = Reader(ruleset.lexicon).read(text)
    return cue_evidence(plain, Phrasebook(ruleset.phrases).find(plain.text), ruleset)


def deadline_in(text: str, *rows: Row, sent_at: datetime = NOON) -> Deadline | None:
    ruleset = rules(*(rows or (deadline("due"),)))
    plain = Reader(EMPTY).read(text)
    hits = Phrasebook(ruleset.phrases).find(plain.text)
    return read_deadline(plain, hits, sent_at=sent_at)
