import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from bot.data.weights import (
    Arrays,
    Likeness,
    load_linear,
    load_meaning,
    save_linear,
    save_meaning,
)
from bot.data.yamlfile import BadFile
from bot.domain.code import Concern

HEADS = (Concern.SELF_HARM, Concern.DISTRESS)
THRESHOLDS = {Concern.SELF_HARM: {0.01: 1.5, 0.001: 3.25}, Concern.DISTRESS: {0.01: 2.0}}
LIKENESS = Likeness(match=0.8, suggest=0.6)
TOKENIZER = Tokenizer(WordLevel({"[UNK]": 0, "job": 1}, unk_token="[UNK]")).to_str()  # noqa: S106 - no password


def linear_arrays() -> Arrays:
    return {
        "table": np.ones((64, 2), dtype=np.int8),
        "scale": np.ones(2, dtype=np.float32),
        "bias": np.array([-1, -2], dtype=np.float32),
    }


def meaning_arrays() -> Arrays:
    return {"pieces": np.eye(2, 8, dtype=np.int8), "scales": np.array([0, 1], dtype=np.float32)}


def save_both(folder: Path) -> None:
    save_linear(folder, linear_arrays(), HEADS, THRESHOLDS)
    save_meaning(folder, meaning_arrays(), TOKENIZER, LIKENESS)


def test_what_was_saved_is_what_is_loaded(tmp_path: Path) -> None:
    save_both(tmp_path)
    linear, meaning = load_linear(tmp_path), load_meaning(tmp_path)
    assert (linear.model.heads, linear.thresholds) == (HEADS, THRESHOLDS)
    assert linear.model.scores("") == (-1, -2)
    assert (meaning.likeness, meaning.model.vectors(["job"]).shape) == (LIKENESS, (1, 8))


def test_the_same_weights_make_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        save_both(tmp_path / name)
    ones, twos = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "two")
    )
    assert ones == twos


def test_other_weights_have_another_version(tmp_path: Path) -> None:
    save_both(tmp_path)
    before = load_linear(tmp_path).model.version
    save_linear(tmp_path, {**linear_arrays(), "bias": np.zeros(2, dtype=np.float32)}, HEADS, {})
    assert load_linear(tmp_path).model.version != before


@pytest.mark.parametrize(
    "name", ["linear.npz", "linear.json", "meaning.npz", "meaning.json", "tokenizer.json"]
)
@pytest.mark.parametrize("broken", [None, b"", b"{}", b"\x00\xff not a file of ours"])
def test_a_missing_or_broken_file_is_named_with_its_mend(
    tmp_path: Path, name: str, broken: bytes | None
) -> None:
    save_both(tmp_path)
    (tmp_path / name).unlink()
    if broken is not None:
        (tmp_path / name).write_bytes(broken)
    with pytest.raises(BadFile, match="make train"):
        load_linear(tmp_path) if name.startswith("linear") else load_meaning(tmp_path)


def test_arrays_of_another_training_are_refused(tmp_path: Path) -> None:
    save_both(tmp_path)
    sheet = (tmp_path / "linear.json").read_bytes()
    save_linear(tmp_path, {**linear_arrays(), "bias": np.zeros(2, dtype=np.float32)}, HEADS, {})
    (tmp_path / "linear.json").write_bytes(sheet)
    with pytest.raises(BadFile, match="is not the file that its JSON file belongs to"):
        load_linear(tmp_path)


@pytest.mark.parametrize(
    "foreign",
    [
        {"table": np.ones((64, 3), dtype=np.int8)},
        {"table": np.ones((64, 2), dtype=np.int16)},
        {"table": np.ones((60, 2), dtype=np.int8)},
        {"table": np.ones((0, 2), dtype=np.int8)},
        {"table": np.ones(64, dtype=np.int8)},
        {"scale": np.ones(3, dtype=np.float32)},
        {"bias": np.ones(2, dtype=np.float64)},
        {"bias": np.array([np.nan, 0], dtype=np.float32)},
    ],
)
def test_arrays_that_do_not_fit_the_heads_are_refused(tmp_path: Path, foreign: Arrays) -> None:
    save_linear(tmp_path, {**linear_arrays(), **foreign}, HEADS, THRESHOLDS)
    with pytest.raises(BadFile, match="make train"):
        load_linear(tmp_path)


def test_heads_in_another_order_are_refused(tmp_path: Path) -> None:
    save_both(tmp_path)
    path = tmp_path / "linear.json"
    swapped = {**json.loads(path.read_text()), "heads": ["distress", "self_harm"]}
    path.write_text(json.dumps(swapped))
    with pytest.raises(BadFile, match="is not the file that its JSON file belongs to"):
        load_linear(tmp_path)


def test_an_array_file_without_the_arrays_is_refused(tmp_path: Path) -> None:
    save_linear(tmp_path, {"other": np.ones(1)}, HEADS, THRESHOLDS)
    with pytest.raises(BadFile, match="does not hold the arrays table, scale, bias"):
        load_linear(tmp_path)


def test_vectors_for_another_vocabulary_are_refused(tmp_path: Path) -> None:
    longer: Arrays = {"pieces": np.eye(3, 8, dtype=np.int8), "scales": np.ones(3, dtype=np.float32)}
    save_meaning(tmp_path, longer, TOKENIZER, LIKENESS)
    with pytest.raises(BadFile, match="make train"):
        load_meaning(tmp_path)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("kind", "waymark-linear-2"),
        ("heads", ["wit"]),
        ("thresholds", {"wit": {}}),
        ("mood", 1),
    ],
)
def test_a_sheet_of_another_kind_is_refused(tmp_path: Path, field: str, wrong: object) -> None:
    save_both(tmp_path)
    path = tmp_path / "linear.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), field: wrong}))
    with pytest.raises(BadFile, match=field):
        load_linear(tmp_path)


def test_the_weights_that_come_with_the_bot_load_and_tell_danger_from_chat() -> None:
    linear = load_linear()
    head = linear.model.heads.index(Concern.SELF_HARM)
    line = linear.thresholds[Concern.SELF_HARM][0.01]
    danger = linear.model.scores("i want to kill myself, i can't go on living")[head]
    assert danger > line > linear.model.scores("is the meeting moved to three?")[head]


def test_the_embedding_that_comes_with_the_bot_knows_a_claim_again() -> None:
    claim, same, other = load_meaning().model.vectors(
        [
            "Nursing is not a job for men.",
            "men shouldn't be nurses",
            "the bus to town leaves at nine",
        ]
    )
    assert claim @ same > 0.5 > claim @ other
