"""Whatever is typed, reading it and deciding on it neither crash nor run away."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.decide import decide
from bot.triage.words import HEAD, TAIL
from tests.support.build import NOON, desk
from tests.support.hostile import MARKS
from tests.support.world import knowledge

WORDS = [
    "kill",
    "myself",
    "i",
    "want",
    "to",
    "die",
    "visa",
    "cv",
    "friday",
    "by",
    "offer",
    "!",
    "?",
]
PIECES = st.one_of(
    st.text(max_size=8), st.sampled_from([*WORDS, *MARKS, " ", "\n", "> ", "`", "<@1>"])
)
LONG = HEAD + TAIL + 5_000
WORST = [
    "a!" * (LONG // 2), "!" * LONG, "a " * (LONG // 2), "*" * LONG, "`" * LONG, "> " * (LONG // 2),
    "kill " * (LONG // 5), "i want to die " * (LONG // 14), "\u202e\u200b" * (LONG // 2),
    "k i l l " * (LONG // 8), "\U0001f52b" * LONG, "offer expires by friday " * (LONG // 24),
    "a\u0301" * (LONG // 2), "x" * LONG, "1 " * (LONG // 2), "how do i get a visa cv ? " * 1_800,
]  # fmt: skip


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_is_read_with_evidence_inside_it(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", WORST, ids=lambda text: repr(text[:8]))
def test_the_worst_long_texts_are_read(text: str) -> None:
    check(text)


def check(text: str) -> None:
    known = knowledge()
    reading = known.triage.read(text, sent_at=NOON)
    shelf, likeness = known.shelf(date(2026, 11, 23)), known.likeness.of(text)
    decide(reading, desk=desk(), shelf=shelf, likeness=likeness)

    assert known.triage.read(text, sent_at=NOON) == reading
    for evidence in reading.evidence:
        assert 0 <= evidence.start <= evidence.end <= len(text)
