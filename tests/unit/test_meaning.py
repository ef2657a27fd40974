import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from bot.triage.meaning import Meaning

VOCABULARY = ["[UNK]", "nurses", "are", "men", "not", "nurse", "##s", "job"]
PIECES = np.random.default_rng(3).integers(-127, 128, (len(VOCABULARY), 16)).astype(np.int8)
SCALES = np.array([0, 0.02, 0.001, 0.03, 0.004, 0.02, 0.001, 0.05], dtype=np.float32)


def meaning() -> Meaning:
    known = {piece: place for place, piece in enumerate(VOCABULARY)}
    tokenizer = Tokenizer(WordPiece(known, unk_token="[UNK]"))  # noqa: S106 - no password
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return Meaning(tokenizer=tokenizer, pieces=PIECES, scales=SCALES, version="test")


def test_one_row_of_unit_length_a_text() -> None:
    rows = meaning().vectors(["nurses are men", "not a job", "job"])
    assert (rows.shape, rows.dtype) == ((3, 16), np.dtype(np.float32))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-6)


def test_a_vector_points_where_the_sum_of_its_pieces_points() -> None:
    expected = PIECES[1] * SCALES[1] + PIECES[7] * SCALES[7]
    (found,) = meaning().vectors(["Nurses job"])
    assert found == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "xyzzy", "\ud800"])
def test_a_text_without_known_words_is_like_nothing(text: str) -> None:
    assert not meaning().vectors([text]).any()


def test_no_texts_make_no_rows() -> None:
    assert meaning().vectors([]).shape == (0, 16)


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    texts = ["nurses are men", "xyzzy", "not a job"]
    together = meaning().vectors(texts)
    alone = np.concatenate([meaning().vectors([text]) for text in texts])
    assert np.array_equal(together, alone)


def test_only_the_start_of_a_very_long_text_is_read() -> None:
    long = "job " * 1000
    assert np.array_equal(meaning().vectors([long]), meaning().vectors([long + "not " * 10_000]))


@given(st.lists(st.text(st.characters(), max_size=80), max_size=4))
def test_any_texts_have_rows_of_length_one_or_zero(texts: list[str]) -> None:
    lengths = np.linalg.norm(meaning().vectors(texts), axis=1)
    assert all(length == 0 or abs(length - 1) < 1e-5 for length in lengths)
