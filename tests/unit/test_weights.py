import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from bot.data.weightfile import Arrays
from bot.data.weights import (
    FusionSheet,
    Likeness,
    WeightsSheet,
    load_encoder,
    load_linear,
    load_meaning,
    load_models,
    save_encoder,
    save_fusion,
    save_linear,
    save_meaning,
)
from bot.data.yamlfile import BadFile
from bot.domain.ladder import RUNG
from bot.domain.reading import Priority
from bot.knowledge import load_knowledge
from bot.settings import Settings
from bot.triage.alarms import ALARMS
from bot.triage.encoder import Heard
from bot.triage.head import HEADS, Head
from tests.support.build import NOON
from tests.support.network import SILENT, Words, network, tokenizer

WORDS: Words = {"knife": {Head.SELF_HARM: 5.0}}
LIKENESS = Likeness(match=0.8, suggest=0.6)
TOKENIZER = Tokenizer(WordLevel({"[UNK]": 0, "job": 1}, unk_token="[UNK]")).to_str()  # noqa: S106 - no password
MEND = "Put back the weight files of this release, or make them anew with `make train`."


def linear_arrays(bias: float = -1.0) -> Arrays:
    return {
        "table": np.ones((64, len(HEADS)), dtype=np.int8),
        "scale": np.ones(len(HEADS), dtype=np.float32),
        "bias": np.full(len(HEADS), bias, dtype=np.float32),
    }


def meaning_arrays() -> Arrays:
    return {"pieces": np.eye(2, 8, dtype=np.int8), "scales": np.array([0, 1], dtype=np.float32)}


def save_both(folder: Path) -> None:
    save_linear(folder, linear_arrays(), HEADS)
    save_meaning(folder, meaning_arrays(), TOKENIZER, LIKENESS)


def save_models(folder: Path) -> None:
    """Save a linear model, an encoder and a fusion that belong together."""
    linear = save_linear(folder, linear_arrays(), HEADS)
    encoder = save_encoder(folder, network(WORDS), tokenizer(WORDS).to_str(), HEADS)
    save_fusion(folder, fusion(linear, encoder))


def fusion(linear: str, encoder: str) -> FusionSheet:
    quick = dict.fromkeys(HEADS, WeightsSheet(bias=0, linear=1, encoder=0, cue=2))
    full = dict.fromkeys(HEADS, WeightsSheet(bias=0.5, linear=1, encoder=1, cue=2))
    levels = {0.0001: 9.0, 0.0002: 9.0, 0.0005: 8.0, 0.001: 7.0, 0.002: 6.0, 0.005: 5.0}
    lines = dict.fromkeys(HEADS, levels)
    return FusionSheet(
        kind="waymark-fusion-1", linear=linear, encoder=encoder, quick=quick, full=full,
        gate={Head.SELF_HARM: -0.5}, quick_lines=lines, full_lines=lines,
    )  # fmt: skip


def edit(path: Path, **changed: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))


def test_what_was_saved_is_what_is_loaded(tmp_path: Path) -> None:
    save_both(tmp_path)
    (linear, digest), meaning = load_linear(tmp_path), load_meaning(tmp_path)

    assert linear.heads == HEADS
    assert linear.version == f"linear-{digest[:12]}"
    assert linear.scores("") == (-1.0,) * len(HEADS)
    assert (meaning.likeness, meaning.model.vectors(["job"]).shape) == (LIKENESS, (1, 8))


def test_models_that_were_saved_together_are_loaded_together(tmp_path: Path) -> None:
    save_models(tmp_path)
    trained = load_models(tmp_path)
    models = trained.models
    assert models.encoder is not None
    (encoded,) = models.encoder.encode([Heard("a knife")])

    assert trained.gaps == ()
    assert encoded.scores[0] == SILENT + 5
    assert models.fusion.quick([1.0] * 13, [1.0] * 13).tolist() == [3.0] * 13
    assert models.fusion.full([1.0] * 13, [2.0] * 13, [0.0] * 13).tolist() == [3.5] * 13
    assert models.gate == (-0.5, *[np.inf] * 12)
    assert trained.quick_lines == trained.full_lines == fusion("", "").full_lines
    assert [part.partition("-")[0] for part in models.version.split("+")] == [
        "linear", "encoder", "fusion",
    ]  # fmt: skip


def test_the_alarms_are_set_by_the_lines_of_the_fusion(tmp_path: Path) -> None:
    save_models(tmp_path)
    edit(tmp_path / "fusion.json", quick_lines={"asking": {"0.005": 1.0}})
    models = load_models(tmp_path).models

    assert len(models.quick.loud(np.full(len(HEADS), 8.5))) == 1
    assert {one.code for one in models.full.loud(np.full(len(HEADS), 8.5))} >= {"SELF_HARM_MODEL"}


@pytest.mark.parametrize("save", [save_both, save_models], ids=["both", "models"])
def test_the_same_weights_make_the_same_files(tmp_path: Path, save: Callable[[Path], None]) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        save(tmp_path / name)
    ones, twos = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "two")
    )
    assert ones == twos


def test_other_weights_have_another_version(tmp_path: Path) -> None:
    save_models(tmp_path)
    before = load_models(tmp_path).models.version
    encoder = load_encoder(tmp_path)[1]
    save_fusion(tmp_path, fusion(save_linear(tmp_path, linear_arrays(0.0), HEADS), encoder))
    after = load_models(tmp_path).models.version

    pairs = zip(before.split("+"), after.split("+"), strict=True)
    assert [one == two for one, two in pairs] == [False, True, False]


@pytest.mark.parametrize(
    "name", ["linear.npz", "linear.json", "meaning.npz", "meaning.json", "tokenizer.json"]
)
@pytest.mark.parametrize("broken", [None, b"", b"{}", b"\x00\xff not a file of ours"])
def test_a_missing_or_broken_file_is_named_with_its_mend(
    tmp_path: Path, name: str, broken: bytes | None
) -> None:
    save_both(tmp_path)
    spoil(tmp_path / name, broken)
    with pytest.raises(BadFile, match="make train"):
        load_linear(tmp_path) if name.startswith("linear") else load_meaning(tmp_path)


@pytest.mark.parametrize("name", ["linear.npz", "linear.json", "fusion.json"])
@pytest.mark.parametrize("broken", [None, b"", b"{}", b"\x00\xff not a file of ours"])
def test_without_linear_model_or_fusion_no_model_reads(
    tmp_path: Path, name: str, broken: bytes | None
) -> None:
    save_models(tmp_path)
    spoil(tmp_path / name, broken)
    with pytest.raises(BadFile, match=name) as bad:
        load_models(tmp_path)
    assert MEND in str(bad.value)


@pytest.mark.parametrize("name", ["encoder.onnx", "encoder.json", "tokenizer.json"])
@pytest.mark.parametrize("broken", [None, b"", b"{}", b"\x00\xff not a file of ours"])
def test_without_the_encoder_the_linear_model_reads_on_and_the_gap_is_told(
    tmp_path: Path, name: str, broken: bytes | None
) -> None:
    save_models(tmp_path)
    spoil(tmp_path / name, broken)
    trained = load_models(tmp_path)

    assert trained.models.encoder is None
    assert "+no-encoder+" in trained.models.version
    assert [MEND in gap for gap in trained.gaps] == [True]


def spoil(path: Path, content: bytes | None) -> None:
    path.unlink()
    if content is not None:
        path.write_bytes(content)


def test_an_encoder_that_onnxruntime_cannot_load_is_a_gap(tmp_path: Path) -> None:
    save_models(tmp_path)
    save_encoder(tmp_path, network(WORDS)[:-40], tokenizer(WORDS).to_str(), HEADS)

    with pytest.raises(BadFile, match="onnxruntime cannot load it"):
        load_encoder(tmp_path)
    assert "onnxruntime cannot load it" in load_models(tmp_path).gaps[0]


def test_a_fusion_of_another_linear_model_is_refused(tmp_path: Path) -> None:
    save_models(tmp_path)
    save_linear(tmp_path, linear_arrays(0.0), HEADS)

    with pytest.raises(BadFile, match=r"fusion\.json: was not fitted on linear\.npz"):
        load_models(tmp_path)


def test_an_encoder_of_another_training_is_left_out(tmp_path: Path) -> None:
    save_models(tmp_path)
    other = {"knife": {Head.SELF_HARM: 6.0}}
    save_encoder(tmp_path, network(other), tokenizer(other).to_str(), HEADS)
    trained = load_models(tmp_path)

    assert trained.models.encoder is None
    assert "was not fitted on encoder.onnx" in trained.gaps[0]


@pytest.mark.parametrize("name", ["linear.json", "encoder.json"])
def test_arrays_of_another_training_are_refused(tmp_path: Path, name: str) -> None:
    save_models(tmp_path)
    edit(tmp_path / name, digest="0" * 64)

    with pytest.raises(BadFile, match="is not the file that its JSON file belongs to"):
        load_linear(tmp_path) if name.startswith("linear") else load_encoder(tmp_path)


@pytest.mark.parametrize("which", ["quick", "full"])
def test_a_fusion_that_lacks_a_head_is_refused(tmp_path: Path, which: str) -> None:
    save_models(tmp_path)
    path = tmp_path / "fusion.json"
    weights = json.loads(path.read_text())[which]
    del weights["claim"]
    edit(path, **{which: weights})

    with pytest.raises(BadFile, match="has no weights for claim"):
        load_models(tmp_path)


@pytest.mark.parametrize(
    "foreign",
    [
        {"table": np.ones((64, 12), dtype=np.int8)},
        {"table": np.ones((64, 13), dtype=np.int16)},
        {"table": np.ones((60, 13), dtype=np.int8)},
        {"table": np.ones((0, 13), dtype=np.int8)},
        {"table": np.ones(64, dtype=np.int8)},
        {"scale": np.ones(3, dtype=np.float32)},
        {"bias": np.ones(13, dtype=np.float64)},
        {"bias": np.array([np.nan, *[0] * 12], dtype=np.float32)},
    ],
)
def test_arrays_that_do_not_fit_the_heads_are_refused(tmp_path: Path, foreign: Arrays) -> None:
    save_linear(tmp_path, {**linear_arrays(), **foreign}, HEADS)
    with pytest.raises(BadFile, match="make train"):
        load_linear(tmp_path)


@pytest.mark.parametrize("name", ["linear.json", "encoder.json"])
def test_heads_in_another_order_are_refused(tmp_path: Path, name: str) -> None:
    save_models(tmp_path)
    edit(tmp_path / name, heads=[*reversed(HEADS)])
    with pytest.raises(BadFile, match="is not the file that its JSON file belongs to"):
        load_linear(tmp_path) if name.startswith("linear") else load_encoder(tmp_path)


def test_models_of_a_release_with_other_heads_are_refused(tmp_path: Path) -> None:
    fewer = {name: array[..., :2] for name, array in linear_arrays().items()}
    save_linear(tmp_path, fewer, HEADS[:2])
    save_encoder(tmp_path, network(WORDS), tokenizer(WORDS).to_str(), HEADS[::-1])

    for load in (load_linear, load_encoder):
        with pytest.raises(BadFile, match="this release reads others"):
            load(tmp_path)


def test_an_array_file_without_the_arrays_is_refused(tmp_path: Path) -> None:
    save_linear(tmp_path, {"other": np.ones(1)}, HEADS)
    with pytest.raises(BadFile, match="does not hold the arrays table, scale, bias"):
        load_linear(tmp_path)


def test_vectors_for_another_vocabulary_are_refused(tmp_path: Path) -> None:
    longer: Arrays = {"pieces": np.eye(3, 8, dtype=np.int8), "scales": np.ones(3, dtype=np.float32)}
    save_meaning(tmp_path, longer, TOKENIZER, LIKENESS)
    with pytest.raises(BadFile, match="make train"):
        load_meaning(tmp_path)


@pytest.mark.parametrize("name", ["linear", "encoder", "fusion"])
@pytest.mark.parametrize(
    ("field", "wrong"),
    [("kind", "waymark-linear-1"), ("heads", ["wit"]), ("full", {"wit": {}}), ("mood", 1)],
)
def test_a_sheet_of_another_kind_is_refused(
    tmp_path: Path, name: str, field: str, wrong: object
) -> None:
    save_models(tmp_path)
    edit(tmp_path / f"{name}.json", **{field: wrong})
    loads: dict[str, Callable[[Path], object]] = {
        "linear": load_linear, "encoder": load_encoder, "fusion": load_models,
    }  # fmt: skip
    with pytest.raises(BadFile, match=field):
        loads[name](tmp_path)


@pytest.mark.parametrize(
    ("spoilt", "complete", "version"),
    [
        (("encoder.onnx",), "no-encoder", "linear-"),
        (("linear.npz",), "none", "none"),
        (("linear.json", "fusion.json", "encoder.json"), "none", "none"),
    ],
)
def test_where_weights_are_missing_the_cues_still_fire_and_the_gap_is_told(
    tmp_path: Path, spoilt: tuple[str, ...], complete: str, version: str
) -> None:
    save_models(tmp_path)
    for name in spoilt:
        (tmp_path / name).unlink()
    known = load_knowledge(Settings(weights=tmp_path))
    read = known.triage.read("i want to kill myself", sent_at=NOON)

    assert read.safety.priority is Priority.P0
    assert complete in read.versions.model
    assert read.versions.model.startswith(version)
    assert not known.triage.is_complete
    assert all(gap.startswith("Read without a model") for gap in known.gaps)
    assert any(spoilt[0] in gap for gap in known.gaps)


def test_the_weights_that_come_with_the_bot_load_and_tell_danger_from_chat() -> None:
    linear, _ = load_linear()
    head = linear.heads.index(Head.SELF_HARM)
    danger = linear.scores("i want to kill myself, i can't go on living")[head]
    assert danger > 0 > linear.scores("is the meeting moved to three?")[head]


def test_the_encoder_that_comes_with_the_bot_reads_a_message_the_same_beside_any_other() -> None:
    encoder, _ = load_encoder()
    heard = [
        Heard("i can't see myself being here next year", ("x: how are you",)),
        Heard("is the meeting moved to three?"),
        Heard("a long day " * 60),
        Heard(""),
    ]
    together = encoder.encode(heard)

    assert together == [one for each in heard for one in encoder.encode([each])]
    assert together[0].scores[0] > together[1].scores[0]


def test_the_models_that_come_with_the_bot_belong_together() -> None:
    trained = load_models()

    assert trained.gaps == ()
    pages = {alarm.head for alarm in ALARMS if RUNG[alarm.code] <= Priority.P1}
    gates = dict(zip(HEADS, trained.models.gate, strict=True))
    assert {head for head in pages if not np.isfinite(gates[head])} == set()


def test_the_embedding_that_comes_with_the_bot_knows_a_claim_again() -> None:
    claim, same, other = load_meaning().model.vectors(
        [
            "Nursing is not a job for men.",
            "men shouldn't be nurses",
            "the bus to town leaves at nine",
        ]
    )
    assert claim @ same > 0.5 > claim @ other
