import numpy as np
import pytest

from bot.triage.fuse import Fusion, Weights

QUICK = {"a": Weights(bias=1, linear=2, encoder=50, cue=3), "b": Weights(0, 1, 50, 10)}
FULL = {"b": Weights(-1, 0.5, 4, 1), "a": Weights(bias=0.5, linear=1, encoder=2, cue=3)}
FUSION = Fusion(quick=QUICK, full=FULL, version="fusion-1")


def test_the_heads_are_the_columns_in_the_order_of_the_full_weights() -> None:
    assert FUSION.heads == ("b", "a")


def test_the_quick_score_is_made_of_linear_model_and_cues_alone() -> None:
    assert FUSION.quick([2.0, 3.0], [1.0, 0.0]).tolist() == [0 + 2 + 10, 1 + 6]


def test_the_full_score_is_made_of_all_three() -> None:
    found = FUSION.full([2.0, 3.0], [0.5, -1.0], [0.0, 1.0])

    assert found.tolist() == [-1 + 1 + 2, 0.5 + 3 - 2 + 3]


def test_many_messages_score_as_each_does_alone() -> None:
    chance = np.random.default_rng(3)
    linear, encoder, cues = (chance.normal(size=(20, 2)) for _ in range(3))
    rows = zip(linear, encoder, cues, strict=True)

    assert (FUSION.quick(linear, cues)[4] == FUSION.quick(linear[4], cues[4])).all()
    assert FUSION.full(linear, encoder, cues).tolist() == [
        FUSION.full(*row).tolist() for row in rows
    ]


def test_no_message_has_no_score() -> None:
    nothing = np.zeros((0, 2))

    assert FUSION.quick(nothing, nothing).shape == (0, 2)
    assert FUSION.full(nothing, nothing, nothing).shape == (0, 2)


def test_a_head_with_quick_or_full_weights_alone_is_refused() -> None:
    with pytest.raises(KeyError, match="b"):
        Fusion(quick={"a": QUICK["a"]}, full=FULL, version="")
