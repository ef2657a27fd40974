"""Read one message: three readings and two facts, each with its evidence.

Reading has two steps. `first` takes microseconds: cues and the linear model. It decides what is an
emergency, and whether the encoder has to look at once. `full` adds the encoder, which costs
milliseconds, to many messages at a time and whenever there is time.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import IntEnum
from functools import cached_property
from operator import ge
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.domain.code import Code
from bot.domain.ladder import CONCERN, RUNG, SAFETY_CONCERNS
from bot.domain.reading import (
    NO_MODEL,
    Evidence,
    Information,
    Priority,
    Readiness,
    Reading,
    Safety,
    Source,
    Versions,
)
from bot.triage.alarms import Levels, Loud
from bot.triage.answer import Answering, read_answering
from bot.triage.asking import read_asking, read_regions
from bot.triage.cues import cue_evidence
from bot.triage.deadline import read_deadline
from bot.triage.encoder import Encoded, Encoding, Heard
from bot.triage.fuse import Fusion
from bot.triage.head import CONCERN_HEADS, HEADS, heads_of
from bot.triage.information import NOTHING, KnownClaims, read_information
from bot.triage.linear import FIRST_CHARACTERS, LinearModel, words
from bot.triage.phrase import STOP
from bot.triage.phrasebook import Hit, Phrasebook
from bot.triage.readiness import read_readiness
from bot.triage.ruleset import Kind, Mark, Ruleset
from bot.triage.words import Plain, Reader

# What switches a cue or another row off is looked for only where there is one: games, "lol" and
# the news stand in half of all ordinary messages.
_OFF = (Kind.UNLESS, Kind.IDIOM, Kind.LAUGHTER)
# What means nothing alone, unless it is part of a known claim.
_MUTE = frozenset({Kind.ABOUT, Kind.REGION, Kind.ANSWERED, Kind.STILL_OPEN, Kind.NO_ANSWER})
# A longer message says what it means by itself. Read with what was said before it, it took on the
# mood of its neighbours: 13 pages for nothing on the sample community instead of 8, none gained.
FEW_WORDS = 7
_NO_CUES = (0.0,) * len(HEADS)
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # neither scores nor urgency depend on it


@dataclass(frozen=True, slots=True)
class Models:
    """The trained readers. Without an `encoder` every reading is a quick one.

    `gate` holds, for each of HEADS, the linear model's score from which the encoder is asked at
    once; `quick` and `full` are the alarms on either kind of fused score. `lines` names the
    thresholds of a community of its own, and is empty for those of this release.
    """

    linear: LinearModel
    encoder: Encoding | None
    fusion: Fusion
    gate: tuple[float, ...]
    quick: Levels
    full: Levels
    lines: str = ""

    @property
    def version(self) -> str:
        encoder = self.encoder.version if self.encoder is not None else "no-encoder"
        lines = f"+{self.lines}" if self.lines else ""
        return f"{self.linear.version}+{encoder}+{self.fusion.version}{lines}"


class Urgency(IntEnum):
    """How long a message can wait, as far as cues and linear model tell."""

    WAITS = 0
    DOUBTFUL = 1  # the encoder has to look before all others
    URGENT = 2  # the cues alone call a person at once; nothing may lower that (I3)


class Said(NamedTuple):
    """What is to be read: deadlines are reckoned from `sent_at`, and `before` stood there then."""

    text: str
    sent_at: datetime
    before: Sequence[str] = ()


@dataclass(eq=False)
class First:
    """What cues and linear model saw: as much as tells whether the message can wait.

    `is_doubtful` asks for the encoder at once. The rest is worked out when somebody asks for it:
    in a flood there is no time for it. Nothing changes it; like `Plain` it is not frozen.
    """

    plain: Plain
    found: Sequence[Hit[Mark]]
    linear: Sequence[float]
    is_doubtful: bool
    sent_at: datetime
    before: Sequence[str]
    _triage: "Triage"

    @cached_property
    def hits(self) -> Sequence[Hit[Mark]]:
        """What was found, with what switches it off."""
        return self._triage.hits(self.plain, self.found)

    @cached_property
    def reading(self) -> Reading:
        """The reading that rests on the cues alone."""
        return self._triage.cued_reading(self)

    @cached_property
    def cued(self) -> tuple[float, ...]:
        """Mark with 1 each of HEADS that a cue speaks for."""
        return _NO_CUES if _is_mute(self.hits) else _cued(self.reading)

    @cached_property
    def urgency(self) -> Urgency:
        if self.found and self._triage.may_be_urgent(self.found):
            priority = self.reading.safety.priority
            if priority is not None and priority <= Priority.P1:
                return Urgency.URGENT
        return Urgency.DOUBTFUL if self.is_doubtful else Urgency.WAITS


class Triage:
    """Everything that reads. `models` or `known` may be None: then cues alone decide (I3)."""

    def __init__(
        self,
        rules: Ruleset,
        *,
        reader: Reader,
        models: Models | None,
        known: KnownClaims | None,
        about: Sequence[tuple[str, Sequence[str]]] = (),
    ) -> None:
        self._rules = rules
        self._reader = reader
        self._models = models
        self._known = known
        marks = [(Mark(Kind.ABOUT, claim_id), words) for claim_id, words in about]
        self._phrases = Phrasebook([p for p in rules.phrases if p[0].kind not in _OFF] + marks)
        self._off = Phrasebook([p for p in rules.phrases if p[0].kind in _OFF])
        self._excepted = frozenset(mark.id for mark, _ in rules.phrases if mark.kind is Kind.UNLESS)
        self._grave = frozenset(
            cue.id for cue in rules.cues.values() if _is_grave(cue.code) or _is_grave(cue.denied)
        )
        self._gate = np.array(models.gate if models is not None else ())
        self._single = frozenset(cue.id for cue in rules.cues.values() if cue.single)
        self.versions = Versions(rules.version, models.version if models else NO_MODEL)
        self.has_encoder = models is not None and models.encoder is not None
        self.is_complete = self.has_encoder and known is not None
        self.nothing = Reading(Safety(), Readiness(), Information(), None, None, self.versions)

    def with_encoder(self, encoder: Encoding) -> "Triage":
        """Give one that differs in nothing but where its encoder runs."""
        other = copy(self)
        if self._models is not None:
            other._models = replace(self._models, encoder=encoder)  # noqa: SLF001 - its own
        return other

    def read(self, text: str, *, sent_at: datetime, before: Sequence[str] = ()) -> Reading:
        """Read `text` fully. `sent_at` is what deadlines are reckoned from.

        `before` are earlier messages of the same place, oldest first.
        """
        first = self.first(text, sent_at=sent_at, before=before)
        return self.settle(first, *self.encode([first]))

    def first(self, text: str, *, sent_at: datetime, before: Sequence[str] = ()) -> First:
        """Read `text` by cues and the linear model."""
        plain = self._reader.read(text)
        found = self._phrases.find(plain.text)
        linear = self._models.linear.scores(plain.heard) if self._models is not None else ()
        doubtful = self._models is not None and any(map(ge, linear, self._models.gate))
        return First(plain, found, linear, doubtful, sent_at, before, self)

    def firsts(self, said: Sequence[Said]) -> list[First]:
        """Read many messages so: each as it reads alone, in less time."""
        plains = [self._reader.read(one.text) for one in said]
        found = self._phrases.find_all([plain.text for plain in plains])
        linear: Sequence[Sequence[float]] = [()] * len(said)
        doubtful = [False] * len(said)
        if self._models is not None:
            scores = self._models.linear.score_words(list(map(_spoken, plains)))
            linear = scores.tolist()
            doubtful = np.any(scores >= self._gate, 1).tolist()
        return [
            First(plain, hits, row, is_doubtful, one.sent_at, one.before, self)
            for plain, hits, row, is_doubtful, one in zip(
                plains, found, linear, doubtful, said, strict=True
            )
        ]

    def urgencies(self, texts: Sequence[str]) -> list[Urgency]:
        """Tell how long each of many messages can wait."""
        return [one.urgency for one in self.firsts([Said(text, _ANY_TIME) for text in texts])]

    def may_be_urgent(self, found: Sequence[Hit[Mark]]) -> bool:
        """Tell whether a cue was found that may call a person at once."""
        return any(hit.name.id in self._grave for hit in found)

    def hits(self, plain: Plain, found: Sequence[Hit[Mark]]) -> Sequence[Hit[Mark]]:
        """Add to what was `found` what switches it off."""
        if any(hit.name.kind is Kind.CUE or hit.name.id in self._excepted for hit in found):
            return [*found, *self._off.find(plain.text)]
        return found

    def cued_reading(self, first: First) -> Reading:
        """Make the reading that rests on the cues alone."""
        if _is_mute(first.hits):
            return self._informed(first.plain, first.hits)
        return self._weigh(first.plain, first.hits, (), first.sent_at)

    def encode(self, firsts: Sequence[First]) -> Sequence[Encoded | None]:
        """Ask the encoder about several messages: slow, and safe in a thread of its own."""
        if self._models is None or self._models.encoder is None:
            return [None] * len(firsts)
        return self._models.encoder.encode([self._heard(first) for first in firsts])

    def _heard(self, first: First) -> Heard:
        """Give the encoder a short message with what was said before it, spelt alike."""
        if len(first.plain.spoken.split()) > FEW_WORDS:
            return Heard(first.plain.spoken)
        before = (self._reader.read(line).spoken for line in first.before)
        return Heard(first.plain.spoken, tuple(before))

    def answering(self, first: First) -> Answering:
        """Read how a message stands to a question before it."""
        return read_answering(first.plain, first.hits, self._rules, self._phrases)

    def settle(self, first: First, encoded: Encoded | None) -> Reading:
        """Make the reading of what cues and models said of a message."""
        models = self._models
        if models is None:
            return first.reading
        if encoded is None:
            scores = models.fusion.quick(first.linear, first.cued)
            loud = models.quick.loud(scores)
        else:
            scores = models.fusion.full(first.linear, encoded.scores, first.cued)
            loud = models.full.loud(scores)
        return self.hearing(first, loud, encoded)

    def hearing(self, first: First, loud: Sequence[Loud], encoded: Encoded | None) -> Reading:
        """Make the reading that follows when exactly these heads speak up."""
        if not loud or self._models is None:
            return first.reading
        models = self._models
        evidence = tuple(self._model_evidence(models, first, one, encoded) for one in loud)
        return self._weigh(first.plain, first.hits, evidence, first.sent_at)

    def scores(self, texts: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Fused log-odds of many messages, an array for each concern, in the order of `texts`.

        Without weights the cues alone speak: 1 where one does, else 0.
        """
        firsts = [self.first(text, sent_at=_ANY_TIME) for text in texts]
        fused = self.fused(firsts)
        return {str(head): fused[:, HEADS.index(head)] for head in CONCERN_HEADS}

    def fused(
        self, firsts: Sequence[First], encoded: Sequence[Encoded | None] | None = None
    ) -> NDArray[np.float64]:
        """One row a message, one column for each of HEADS. Asks the encoder unless `encoded`."""
        cued = np.array([first.cued for first in firsts]).reshape(-1, len(HEADS))
        if self._models is None:
            return cued
        linear = np.array([first.linear for first in firsts]).reshape(-1, len(HEADS))
        found = self.encode(firsts) if encoded is None else encoded
        if any(one is None for one in found):
            return self._models.fusion.quick(linear, cued)
        said = np.array([one.scores for one in found if one is not None]).reshape(-1, len(HEADS))
        return self._models.fusion.full(linear, said, cued)

    def _informed(self, plain: Plain, hits: Sequence[Hit[Mark]]) -> Reading:
        """Read a message that speaks of a topic or a country and says nothing else."""
        information = read_information(plain, hits, self._rules, self._known) if hits else NOTHING
        if information is NOTHING:
            return replace(self.nothing, cut=True) if plain.cut else self.nothing
        return replace(
            self.nothing,
            information=information,
            regions=read_regions(plain, hits),
            cut=plain.cut,
        )

    @staticmethod
    def _model_evidence(
        models: Models, first: First, loud: Loud, encoded: Encoded | None
    ) -> Evidence:
        """Name the words that weighed most, by the encoder where it has read the message."""
        plain, head, score = first.plain, HEADS[loud.column], round(loud.score, 3)
        if encoded is not None:
            start, end = plain.spoken_span(*encoded.peaks[loud.column])
            return Evidence(loud.code, start, end, Source.ENCODER, head, score)
        words = models.linear.weightiest(plain.text, head, most=1)
        start, end = plain.span(*words[0][:2]) if words else (0, len(plain.original))
        return Evidence(loud.code, start, end, Source.LINEAR, head, score)

    def _weigh(
        self,
        plain: Plain,
        hits: Sequence[Hit[Mark]],
        loud: tuple[Evidence, ...],
        sent_at: datetime,
    ) -> Reading:
        evidence = (*cue_evidence(plain, hits, self._rules), *loud)
        asking = read_asking(plain, hits, evidence, self._rules)
        length = sum(word != STOP for word in plain.text.split())
        return Reading(
            safety=_safety(evidence),
            readiness=read_readiness(
                evidence, single=self._single, asking=asking is not None, words=length
            ),
            information=read_information(plain, hits, self._rules, self._known, evidence),
            asking=asking,
            deadline=read_deadline(plain, hits, sent_at=sent_at),
            versions=self.versions,
            regions=asking.regions if asking is not None else read_regions(plain, hits),
            cut=plain.cut,
        )


def _spoken(plain: Plain) -> list[str]:
    """Give what `words` finds in a plain text, where that is shorter than it takes."""
    return plain.words if len(plain.text) < FIRST_CHARACTERS else words(plain.heard)


def _safety(evidence: Sequence[Evidence]) -> Safety:
    mine = tuple(e for e in evidence if CONCERN.get(e.code) in SAFETY_CONCERNS)
    return Safety(min((RUNG[e.code] for e in mine), default=None), mine)


def _is_grave(code: Code | None) -> bool:
    return code is not None and RUNG.get(code, Priority.P3) <= Priority.P1


def _is_mute(hits: Sequence[Hit[Mark]]) -> bool:
    return all(hit.name.kind in _MUTE for hit in hits)


def _cued(reading: Reading) -> tuple[float, ...]:
    """Mark the heads that the cues speak for."""
    codes = {evidence.code for evidence in reading.evidence}
    if reading.asking is not None:
        codes.add(Code.ASKING)
    if reading.information.claim_type is not None:
        codes.add(Code.CLAIM_UNCHECKED)
    heads = heads_of(codes)
    return tuple(float(head in heads) for head in HEADS)
