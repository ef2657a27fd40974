"""What is known is compared through a small embedding made here: one direction a word."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

from bot.domain.claim import Claim
from bot.domain.code import ClaimType, Code, Validity
from bot.domain.reading import Information, Source, Strength
from bot.triage.information import MOST_SENTENCES, KnownClaims, Thresholds
from bot.triage.meaning import Meaning
from bot.triage.read import Triage
from bot.triage.words import Lexicon, Reader
from tests.support.build import NOON
from tests.support.rules import Row, claim, rules

WORDS = (
    *("trial", "shifts", "are", "never", "paid", "always", "you", "need", "a", "degree"),
    *("for", "this", "job", "today", "dont", "not"),
)
READER = Reader(Lexicon())
NEGATIONS = frozenset({"never", "not", "dont"})
PAID = Claim(
    id="paid",
    claim="Trial shifts are never paid.",
    wordings=(),
    about=("shift*", "trial"),
    claim_type=ClaimType.FACTUAL,
    validity=(Validity.CONTEXT,),
    jurisdictions=("GB",),
    correction="",
    why_misleading="",
    unknown="",
    sources=(),
    drafted_by="",
    approved_by="",
    approved_on=date(2026, 1, 1),
)
DEGREE = replace(
    PAID,
    id="degree",
    claim="You always need a degree for this job",
    wordings=("you need a degree",),
    about=("degree",),
    claim_type=ClaimType.PROMOTION,
)


def meaning() -> Meaning:
    numbers = {word: n for n, word in enumerate(["?", *WORDS])}
    tokenizer = Tokenizer(WordLevel(numbers, unk_token="?"))  # noqa: S106 - a word, no secret
    tokenizer.pre_tokenizer = WhitespaceSplit()
    pieces = np.eye(len(numbers), dtype=np.int8)
    scales = np.ones(len(numbers), dtype=np.float32)
    return Meaning(tokenizer=tokenizer, pieces=pieces, scales=scales, version="m")


def read(text: str, *rows: Row, claims: Sequence[Claim] = (PAID, DEGREE)) -> Information:
    known = KnownClaims(
        claims,
        meaning=meaning(),
        reader=READER,
        thresholds=Thresholds(suggest=0.6, match=0.9),
        negations=NEGATIONS,
    )
    ruleset = rules(*rows, negations=NEGATIONS)
    about = [(c.id, c.about) for c in claims]
    bot = Triage(ruleset, reader=READER, models=None, known=known, about=about)
    return bot.read(text, sent_at=NOON).information


def matched(text: str) -> list[tuple[str, Strength]]:
    return [(m.claim_id, m.strength) for m in read(text).matches]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trial shifts are NEVER paid!", [("paid", Strength.MATCH)]),
        ("trial shifts are never paid?", [("paid", Strength.SUGGEST)]),
        ("this trial are never paid", [("paid", Strength.SUGGEST)]),
        ("trial shifts are always paid", []),
        ("trial shifts are never not paid", []),
        ("you dont need a degree", []),
        ("you need a degree", [("degree", Strength.MATCH)]),
        ("need a degree", []),
        ("are never paid ever", []),
        ("> trial shifts are never paid", []),
        ("hello", []),
    ],
)
def test_a_sentence_makes_a_known_claim_or_does_not(
    text: str, expected: list[tuple[str, Strength]]
) -> None:
    assert expected == matched(text)


def test_each_sentence_is_compared_by_itself_and_the_best_match_comes_first() -> None:
    text = "This trial are never paid. You need a degree for this! Trial shifts are never paid"

    assert matched(text) == [("paid", Strength.MATCH), ("degree", Strength.SUGGEST)]


def test_the_evidence_covers_the_sentence_as_typed() -> None:
    text = "Hi. Trial  shifts are never PAID, for this job. Bye"
    (evidence,) = read(text).evidence

    assert text[evidence.start : evidence.end] == "Trial  shifts are never PAID, for this job"
    assert (evidence.code, evidence.source, evidence.by) == (
        Code.CLAIM_LIKE_KNOWN,
        Source.MEANING,
        "paid",
    )
    assert evidence.weight is not None
    assert 0.6 <= evidence.weight < 0.9


def test_of_a_long_message_the_first_sentences_on_a_topic_are_compared() -> None:
    others = "this trial is over now. " * (MOST_SENTENCES - 1)

    assert matched(f"{others} trial shifts are never paid") == [("paid", Strength.MATCH)]
    assert matched(f"{others} another trial was this. trial shifts are never paid") == []


MINE = claim(ClaimType.EXPERIENCE, "i was told", validity=Validity.RESTRICTED)
SURE = claim(ClaimType.ADVICE, "trust me", validity=Validity.POPULARITY, unless=["trust me not"])


@pytest.mark.parametrize(
    ("text", "claim_type", "validity"),
    [
        ("trial shifts are never paid", ClaimType.FACTUAL, ()),
        ("you need a degree", ClaimType.PROMOTION, ()),
        ("trust me", ClaimType.ADVICE, (Validity.POPULARITY,)),
        ("trust me not", None, ()),
        ("trust me, i was told", ClaimType.EXPERIENCE, (Validity.POPULARITY, Validity.RESTRICTED)),
        ("i was told you need a degree", ClaimType.EXPERIENCE, (Validity.RESTRICTED,)),
        ("nothing", None, ()),
    ],
)
def test_how_a_claim_is_put_decides_its_type(
    text: str, claim_type: ClaimType | None, validity: tuple[Validity, ...]
) -> None:
    found = read(text, MINE, SURE)

    assert (found.claim_type, found.validity) == (claim_type, validity)


def test_without_a_registry_nothing_is_known() -> None:
    assert read("trial shifts are never paid", claims=()) == Information()


@pytest.mark.parametrize(("suggest", "match"), [(0, 0.5), (0.5, 0.5), (0.6, 0.5), (0.5, 1.1)])
def test_thresholds_that_contradict_each_other_are_refused(suggest: float, match: float) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        Thresholds(suggest, match)
