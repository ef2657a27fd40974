from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.head import Head
from bot.triage.linear import (
    FIRST_WORDS,
    LAST_WORDS,
    LinearModel,
    bucket,
    length_norm,
    pair_halves,
    spans,
    word_features,
    words,
)

BUCKETS = 1 << 10
HEADS = (Head.SELF_HARM, Head.ASKING)
TABLE = np.random.default_rng(7).integers(-127, 128, (BUCKETS, 2)).astype(np.int8)
SCALE = np.array([0.01, 0.03], dtype=np.float32)
BIAS = np.array([-2.0, -1.0], dtype=np.float32)
TEXT = "how do i become a nurse? i don't have a degree"
HOSTILE = st.text(st.characters(), max_size=300)


def model(table: np.ndarray = TABLE, capacity: int = 1 << 10) -> LinearModel:
    return LinearModel(
        table=table, scale=SCALE, bias=BIAS, heads=HEADS, version="test", capacity=capacity
    )


def by_hand(text: str) -> list[float]:
    """The definition, without any of the model's shortcuts."""
    found = [word[:40] for word in words(text)]
    weights = TABLE.astype(np.float64) * SCALE
    total = np.zeros(2)
    for word in found:
        for place, share in zip(*word_features(word, BUCKETS), strict=True):
            total += weights[place] * share
    for first, second in pairwise(found):
        total += weights[pair_halves(first, BUCKETS)[0] ^ pair_halves(second, BUCKETS)[1]]
    return list(total / length_norm(len(found)) + BIAS)


def speaking_for(word: str) -> LinearModel:
    table = np.zeros_like(TABLE)
    table[bucket(f"w:{word}", BUCKETS), 0] = 100
    return model(table)


def test_a_score_is_the_normed_sum_over_words_n_grams_and_pairs() -> None:
    assert list(model().scores(TEXT)) == pytest.approx(by_hand(TEXT), abs=1e-4)


def test_the_same_text_scores_the_same_whatever_was_read_before() -> None:
    warm = model()
    for text in ("a nurse", TEXT, "degree degree", TEXT[::-1]):
        warm.scores(text)
    assert warm.scores(TEXT) == warm.scores(TEXT) == model().scores(TEXT)


def test_many_texts_score_as_each_alone_whatever_they_stand_beside() -> None:
    texts = [TEXT, "", "degree", "a nurse", TEXT[::-1], "?"]
    alone = [model().scores(text) for text in texts]

    assert list(map(tuple, model().score_words([words(text) for text in texts]).tolist())) == alone
    assert model().score_words([]).shape == (0, 2)


def test_more_words_than_fit_into_the_memory_are_scored_in_parts() -> None:
    texts = [" ".join(f"word{n}" for n in range(at, at + 90)) for at in range(0, 1800, 45)]
    small = model(capacity=600).score_words([words(text) for text in texts])

    assert list(map(tuple, small.tolist())) == [model().scores(text) for text in texts]


def test_a_full_memory_is_emptied_and_changes_no_score() -> None:
    small, large = model(capacity=600), model()
    texts = [" ".join(f"word{n}" for n in range(at, at + 90)) for at in range(0, 1800, 45)]
    assert [small.scores(text) for text in texts] == [large.scores(text) for text in texts]


def test_a_memory_smaller_than_one_message_is_refused() -> None:
    with pytest.raises(ValueError, match="500"):
        model(capacity=499)


@pytest.mark.parametrize("text", ["", "   ", "... !! \N{PENSIVE FACE}"])
def test_a_text_without_words_scores_the_bias(text: str) -> None:
    assert model().scores(text) == (-2.0, -1.0)
    assert model().weightiest(text, Head.ASKING) == ()


def test_a_word_hashes_the_same_on_every_machine() -> None:
    assert (bucket("w:nurse", 1 << 18), bucket("l:don't", 1 << 18)) == (167758, 2710)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i don't know", ["i", "don't", "know"]),
        ("cv or resum\N{LATIN SMALL LETTER E WITH ACUTE}??", ["cv", "or", "resum\u00e9", "?", "?"]),
        ("'quoted' it's'", ["quoted", "it's"]),
    ],
)
def test_words_are_found_with_their_apostrophes_and_question_marks(
    text: str, expected: list[str]
) -> None:
    assert words(text) == expected


def test_the_weightiest_word_is_named_by_its_span() -> None:
    ((start, end, share), *rest) = speaking_for("nurse").weightiest(TEXT, Head.SELF_HARM)
    assert (TEXT[start:end], share > 0, rest) == ("nurse", True, [])


def test_shares_of_all_words_and_the_bias_make_the_score() -> None:
    up = model(np.abs(TABLE))
    shares = up.weightiest(TEXT, Head.ASKING, most=100)
    assert sum(share for *_, share in shares) - 1 == pytest.approx(up.scores(TEXT)[1], abs=1e-4)
    assert [share for *_, share in shares] == sorted((s for *_, s in shares), reverse=True)


def test_no_more_words_are_named_than_were_asked_for() -> None:
    assert len(model(np.abs(TABLE)).weightiest(TEXT, Head.ASKING, most=2)) == 2


def test_an_unknown_head_is_refused() -> None:
    with pytest.raises(ValueError, match="tuple"):
        model().weightiest(TEXT, Head.ABUSE)


def test_of_a_long_text_the_first_and_the_last_words_are_read() -> None:
    text = " ".join(str(n) for n in range(3000))
    read = words(text)
    assert (len(read), read[0], read[FIRST_WORDS - 1]) == (FIRST_WORDS + LAST_WORDS, "0", "399")
    assert (read[FIRST_WORDS], read[-1]) == ("2900", "2999")


def test_a_word_at_the_end_of_a_very_long_text_is_still_found() -> None:
    text = "a " * 50_000 + "nurse"
    ((start, end, _),) = speaking_for("nurse").weightiest(text, Head.SELF_HARM)
    assert text[start:end] == "nurse"


def test_an_endless_word_counts_as_its_first_forty_characters() -> None:
    assert model().scores("x" * 10_000) == model().scores("x" * 40)


@given(HOSTILE)
def test_any_text_has_one_finite_score_a_head(text: str) -> None:
    found = model().scores(text)
    assert [bool(np.isfinite(one)) for one in found] == [True, True]


@given(HOSTILE)
def test_spans_fall_on_the_words_of_any_text(text: str) -> None:
    assert [text[start:end] for start, end in spans(text)] == words(text)
    named = model(np.abs(TABLE)).weightiest(text, Head.ASKING)
    assert {(start, end) for start, end, _ in named} <= set(spans(text))
