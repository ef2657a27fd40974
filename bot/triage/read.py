"""Read one message: three readings and two facts, each with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.code import Code
from bot.domain.ladder import CONCERN, RUNG, SAFETY_CONCERNS
from bot.domain.reading import Evidence, Information, Readiness, Reading, Safety, Source, Versions
from bot.triage.asking import read_asking, read_regions
from bot.triage.cues import cue_evidence
from bot.triage.deadline import read_deadline
from bot.triage.information import NOTHING, KnownClaims, read_information
from bot.triage.linear import LinearModel
from bot.triage.phrase import STOP
from bot.triage.phrasebook import Hit, Phrasebook
from bot.triage.readiness import read_readiness
from bot.triage.ruleset import Kind, Mark, Ruleset
from bot.triage.words import Plain, Reader

# What switches a cue or another row off is looked for only where there is one: games, "lol" and
# the news stand in half of all ordinary messages.
_OFF = (Kind.UNLESS, Kind.IDIOM)
# What means nothing alone, unless it is part of a known claim.
_MUTE = frozenset({Kind.ABOUT, Kind.REGION})


@dataclass(frozen=True, slots=True)
class Alarm:
    """From which score (log-odds) on a head of the linear model speaks up."""

    head: int
    code: Code
    least: float


class Triage:
    """Everything that reads. `linear` or `known` may be None: then cues alone decide (I3)."""

    def __init__(
        self,
        rules: Ruleset,
        *,
        reader: Reader,
        linear: LinearModel | None,
        alarms: Sequence[Alarm] = (),
        known: KnownClaims | None,
        about: Sequence[tuple[str, Sequence[str]]] = (),
    ) -> None:
        self._rules = rules
        self._reader = reader
        self._linear = linear
        self._alarms = alarms
        self._known = known
        marks = [(Mark(Kind.ABOUT, claim_id), words) for claim_id, words in about]
        self._phrases = Phrasebook([p for p in rules.phrases if p[0].kind not in _OFF] + marks)
        self._off = Phrasebook([p for p in rules.phrases if p[0].kind in _OFF])
        self._excepted = frozenset(mark.id for mark, _ in rules.phrases if mark.kind is Kind.UNLESS)
        self._single = frozenset(cue.id for cue in rules.cues.values() if cue.single)
        self.versions = Versions(rules.version, linear.version if linear else "none")
        self.is_complete = linear is not None and known is not None
        self.nothing = Reading(Safety(), Readiness(), Information(), None, None, self.versions)

    def read(self, text: str, *, sent_at: datetime) -> Reading:
        """Read `text`, sent at `sent_at` (which deadlines are reckoned from)."""
        plain = self._reader.read(text)
        hits = self._phrases.find(plain.text)
        if any(hit.name.kind is Kind.CUE or hit.name.id in self._excepted for hit in hits):
            hits += self._off.find(plain.text)
        loud = self._loud(plain)
        if loud or not _MUTE.issuperset(hit.name.kind for hit in hits):
            reading = self._weigh(
                plain, hits, (*cue_evidence(plain, hits, self._rules), *loud), sent_at
            )
        else:
            reading = self._informed(plain, hits)
        return replace(reading, cut=True) if plain.cut else reading

    def _informed(self, plain: Plain, hits: Sequence[Hit[Mark]]) -> Reading:
        """Read a message that speaks of a topic or a country and says nothing else."""
        information = read_information(plain, hits, self._rules, self._known) if hits else NOTHING
        if information is NOTHING:
            return self.nothing
        return replace(self.nothing, information=information, regions=read_regions(plain, hits))

    def _loud(self, plain: Plain) -> tuple[Evidence, ...]:
        """Evidence of the linear model's heads that speak up, with the words that weighed most."""
        if self._linear is None:
            return ()
        scores = self._linear.scores(plain.heard)
        return tuple(
            self._model_evidence(self._linear, plain, alarm, scores[alarm.head])
            for alarm in self._alarms
            if scores[alarm.head] >= alarm.least
            and (alarm.code is not Code.ASKING_MODEL or plain.asks)
        )

    @staticmethod
    def _model_evidence(linear: LinearModel, plain: Plain, alarm: Alarm, score: float) -> Evidence:
        words = linear.weightiest(plain.text, linear.heads[alarm.head], most=1)
        start, end = plain.span(*words[0][:2]) if words else (0, len(plain.original))
        return Evidence(alarm.code, start, end, Source.LINEAR, alarm.code.lower(), round(score, 3))

    def _weigh(
        self,
        plain: Plain,
        hits: Sequence[Hit[Mark]],
        evidence: tuple[Evidence, ...],
        sent_at: datetime,
    ) -> Reading:
        asking = read_asking(plain, hits, evidence, self._rules)
        words = sum(word != STOP for word in plain.text.split())
        return Reading(
            safety=_safety(evidence),
            readiness=read_readiness(
                evidence, single=self._single, asking=asking is not None, words=words
            ),
            information=read_information(plain, hits, self._rules, self._known),
            asking=asking,
            deadline=read_deadline(plain, hits, sent_at=sent_at),
            versions=self.versions,
            regions=asking.regions if asking is not None else read_regions(plain, hits),
        )


def _safety(evidence: Sequence[Evidence]) -> Safety:
    mine = tuple(e for e in evidence if CONCERN.get(e.code) in SAFETY_CONCERNS)
    return Safety(min((RUNG[e.code] for e in mine), default=None), mine)
