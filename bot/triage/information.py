"""Read whether a claim is made, of which type, and whether it is known to be inaccurate.

A known claim is matched by meaning, sentence by sentence, and only against claims that share a
topic word with the message: that bounds the cost, whatever the size of the registry, and keeps a
sentence about cooking from resembling one about contracts.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.claim import Claim
from bot.domain.code import ClaimType, Code
from bot.domain.reading import ClaimMatch, Evidence, Information, Source, Strength
from bot.triage.cues import Exceptions
from bot.triage.meaning import Meaning
from bot.triage.phrasebook import Hit
from bot.triage.ruleset import Kind, Mark, Ruleset
from bot.triage.words import Plain, Reader

# Bounds what one message costs: of a longer one, the first sentences on a topic are compared.
MOST_SENTENCES = 8
LEAST_WORDS = 4
NOTHING = Information()
_OWN = (ClaimType.EXPERIENCE, ClaimType.OPINION)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Cosines: from `suggest` on a practitioner is shown the claim, from `match` on it is it."""

    suggest: float
    match: float

    def __post_init__(self) -> None:
        if not 0 < self.suggest < self.match <= 1:
            raise ValueError(f"suggest {self.suggest} must be above 0 and below match {self.match}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` of a plain text, and the claims whose topic words it holds."""

    start: int
    end: int
    text: str
    asks: bool
    claims: tuple[str, ...]


class KnownClaims:
    """The registry's wordings as vectors. Built once; compares, decides nothing."""

    def __init__(
        self,
        claims: Sequence[Claim],
        *,
        meaning: Meaning,
        reader: Reader,
        thresholds: Thresholds,
        negations: frozenset[str],
    ) -> None:
        self._claims = {claim.id: claim for claim in claims}
        self._meaning = meaning
        self._thresholds = thresholds
        self._negations = negations
        wordings = [(c.id, reader.read(w).text) for c in claims for w in (c.claim, *c.wordings)]
        self._owner = [claim_id for claim_id, _ in wordings]
        self._vectors = meaning.vectors([text for _, text in wordings])
        self._denied = np.array([self._denies(text) for _, text in wordings], dtype=bool)
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, claim_id in enumerate(self._owner):
            rows[claim_id].append(row)
        self._rows = {claim_id: np.array(own) for claim_id, own in rows.items()}

    def of(self, claim_id: str) -> Claim:
        return self._claims[claim_id]

    def match(self, sentences: Sequence[Sentence]) -> list[tuple[ClaimMatch, Sentence]]:
        """Give each known claim that a sentence makes, best first, once."""
        if not sentences:
            return []
        best: dict[str, tuple[ClaimMatch, Sentence]] = {}
        vectors = self._meaning.vectors([sentence.text for sentence in sentences])
        for sentence, vector in zip(sentences, vectors, strict=True):
            for match in self._nearest(sentence, vector):
                so_far = best.get(match.claim_id)
                if so_far is None or match.similarity > so_far[0].similarity:
                    best[match.claim_id] = (match, sentence)
        return sorted(best.values(), key=lambda pair: -pair[0].similarity)

    def _nearest(self, sentence: Sentence, vector: NDArray[np.float32]) -> list[ClaimMatch]:
        rows = np.concatenate([self._rows[claim_id] for claim_id in sentence.claims])
        likeness = self._vectors[rows] @ vector
        found = np.flatnonzero(likeness >= self._thresholds.suggest)
        if not len(found):
            return []
        denies = self._denies(sentence.text)
        matches = []
        for n in found:
            contrary = bool(self._denied[rows[n]]) != denies
            strength = self._strength(sentence, float(likeness[n]), contrary=contrary)
            if strength is not None:
                matches.append(ClaimMatch(self._owner[rows[n]], strength, float(likeness[n])))
        return matches

    def _strength(
        self, sentence: Sentence, similarity: float, *, contrary: bool
    ) -> Strength | None:
        """Judge one likeness. Asking whether it is so is not claiming it.

        Saying the contrary is close in words too ("you do not need a degree"), but so is adding
        another denial to the claim: only what is very like the claim is worth a look then.
        """
        sure = similarity >= self._thresholds.match
        if contrary or sentence.asks:
            return Strength.SUGGEST if sure or not contrary else None
        return Strength.MATCH if sure else Strength.SUGGEST

    def _denies(self, text: str) -> bool:
        return sum(word in self._negations for word in text.split()) % 2 == 1


def read_information(
    plain: Plain,
    hits: Sequence[Hit[Mark]],
    rules: Ruleset,
    known: KnownClaims | None,
    evidence: Sequence[Evidence] = (),
) -> Information:
    """Read the claims in a message: how they are put, and which known ones they resemble.

    What a model heard of a claim stands among `evidence`.
    """
    mine = [hit for hit in hits if hit.name.kind is Kind.CLAIM]
    if mine:
        exceptions = Exceptions(plain.text, hits)
        mine = [hit for hit in mine if not exceptions.cover(hit)]
    marks = [rules.claims[hit.name.id] for hit in mine]
    types = [mark.claim_type for mark in marks]
    found = known.match(_sentences(plain, hits)) if known is not None else []
    heard = tuple(e for e in evidence if e.code is Code.CLAIM_MODEL)
    if not (found or marks or heard):
        return NOTHING
    validity = dict.fromkeys(mark.validity for mark in marks if mark.validity is not None)
    near = tuple(_evidence(plain, match, sentence) for match, sentence in found)
    return Information(
        claim_type=_claim_type(types, found, known),
        validity=tuple(validity),
        matches=tuple(match for match, _ in found),
        evidence=(*near, *heard),
    )


def _claim_type(
    types: Sequence[ClaimType],
    found: Sequence[tuple[ClaimMatch, Sentence]],
    known: KnownClaims | None,
) -> ClaimType | None:
    """Leave to people what they call their experience or opinion, whatever it resembles."""
    own = next((t for t in types if t in _OWN), None)
    if own is not None:
        return own
    if types:
        return types[0]
    return known.of(found[0][0].claim_id).claim_type if known is not None and found else None


def _evidence(plain: Plain, match: ClaimMatch, sentence: Sentence) -> Evidence:
    code = Code.CLAIM_KNOWN if match.strength is Strength.MATCH else Code.CLAIM_LIKE_KNOWN
    start, end = plain.span(sentence.start, sentence.end)
    return Evidence(code, start, end, Source.MEANING, match.claim_id, match.similarity)


def _sentences(plain: Plain, hits: Sequence[Hit[Mark]]) -> list[Sentence]:
    """Cut out the sentences that hold a topic word of a known claim, with those claims."""
    topics: defaultdict[tuple[int, int], dict[str, None]] = defaultdict(dict)
    for hit in hits:
        if hit.name.kind is Kind.ABOUT:
            topics[_bounds(plain.text, hit)][hit.name.id] = None
    return [
        Sentence(start, stop, plain.text[start:stop], _asks(plain, stop), tuple(claims))
        for (start, stop), claims in list(topics.items())[:MOST_SENTENCES]
        if plain.text.count(" ", start, stop) + 1 >= LEAST_WORDS
    ]


def _bounds(text: str, hit: Hit[Mark]) -> tuple[int, int]:
    before = text.rfind(" . ", 0, hit.start)
    stop = text.find(" . ", hit.end)
    return (before + 3 if before >= 0 else 1), (stop if stop >= 0 else len(text) - 1)


def _asks(plain: Plain, stop: int) -> bool:
    """Tell whether the sentence that stops at `stop` ends in a question mark."""
    if "?" not in plain.original or stop + 2 >= len(plain.text):
        return False
    start, end = plain.span(stop + 1, stop + 2)
    return "?" in plain.original[start:end]
