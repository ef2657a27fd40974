import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.encoder import MOST_BEFORE, MOST_WINDOWS, STRIDE, WINDOW, Encoder, Heard
from bot.triage.head import HEADS, Head
from tests.support.hostile import text as hostile
from tests.support.network import SILENT, Words, encoder, session, tokenizer
from tests.support.sessions import Watched

WORDS: Words = {
    "knife": {Head.SELF_HARM: 5.0, Head.HARM_TO_OTHERS: 3.0},
    "pills": {Head.SELF_HARM: 7.0},
    "cv": {Head.ASKING: 6.0},
    "fine": {Head.SELF_HARM: -2.0},
    "have": {Head.SELF_HARM: 9.0},
    **{f"w{n}": {} for n in range(8)},
}
# What somebody said before counts where it is so, though it has no score of its own.
EARLIER: Words = {"goodbye": {Head.SELF_HARM: 3.0}, "knife": {Head.ASKING: 9.0}}
KNOWN: Words = {**WORDS, "goodbye": {}}
SMALL = encoder(KNOWN, earlier=EARLIER)
SELF_HARM, ASKING = HEADS.index(Head.SELF_HARM), HEADS.index(Head.ASKING)
TEXTS = ("knife", "my cv", "w1 " * 300, "pills w1 w2", "", "fine fine", "w3 " * 90 + "pills")


def score(text: str, *before: str, head: int = SELF_HARM) -> float:
    (encoded,) = SMALL.encode([Heard(text, before)])
    return encoded.scores[head]


def peak(text: str, head: int = SELF_HARM) -> str:
    (encoded,) = SMALL.encode([Heard(text)])
    start, end = encoded.peaks[head]
    return text[start:end]


def watched() -> tuple[Encoder, Watched]:
    seen = Watched(session(KNOWN, earlier=EARLIER))
    return Encoder(seen, tokenizer(KNOWN), heads=HEADS, version="small-1"), seen


def test_one_score_a_head_is_read_from_the_words_of_the_message() -> None:
    (encoded,) = SMALL.encode([Heard("a knife and my cv")])

    assert encoded.scores[SELF_HARM] == SILENT + 5
    assert encoded.scores[HEADS.index(Head.HARM_TO_OTHERS)] == SILENT + 3
    assert encoded.scores[ASKING] == SILENT + 6
    assert encoded.scores[HEADS.index(Head.CLAIM)] == SILENT
    assert (len(encoded.scores), len(encoded.peaks)) == (len(HEADS), len(HEADS))


def test_a_peak_is_the_characters_of_the_piece_that_weighed_most() -> None:
    text = "a knife, some pills. my cv"

    assert (peak(text), peak(text, ASKING)) == ("pills", "cv")


def test_a_peak_is_a_word_that_tells_something_where_there_is_one() -> None:
    assert (peak("i have pills"), peak("have")) == ("pills", "have")


@pytest.mark.parametrize("text", ["fine fine", "fine"])
def test_a_peak_is_a_piece_of_the_message_though_all_of_it_speaks_against(text: str) -> None:
    (encoded,) = SMALL.encode([Heard(text, ("goodbye goodbye",))])

    assert encoded.peaks[SELF_HARM] == (0, 4)


def test_nothing_to_read_costs_no_run() -> None:
    reader, seen = watched()

    assert reader.encode([]) == []
    assert seen.feeds == []


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_text_without_a_piece_scores_what_silence_does(text: str) -> None:
    (encoded,) = SMALL.encode([Heard(text)])

    assert set(encoded.scores) == {SILENT}
    assert set(encoded.peaks) == {(0, 0)}


@pytest.mark.parametrize(
    "place", [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, STRIDE, 2 * WINDOW, 3 * WINDOW, -1]
)
def test_a_word_is_heard_wherever_it_stands_in_a_text_of_some_windows(place: int) -> None:
    words = ["w1"] * (4 * WINDOW)
    words[place] = "pills"
    text = " ".join(words)

    assert score(text) == SILENT + 7
    assert peak(text) == "pills"


def test_the_worst_window_counts_and_the_others_take_nothing_from_it() -> None:
    text = f"{'fine ' * 10}{'w1 ' * WINDOW}pills"

    assert score(text) == SILENT + 7
    assert score(f"{'fine ' * 10}pills") == SILENT + 7 - 20
    assert peak(f"knife {'w1 ' * WINDOW}pills {'w1 ' * WINDOW}knife") == "pills"


@pytest.mark.parametrize(
    ("pieces", "windows"),
    [
        (0, 1),
        (1, 1),
        (WINDOW, 1),
        (WINDOW + 1, 2),
        (WINDOW + STRIDE, 2),
        (WINDOW + STRIDE + 1, 3),
        (WINDOW + 5 * STRIDE, 6),
        (WINDOW + 5 * STRIDE + 1, MOST_WINDOWS),
        (20_000, MOST_WINDOWS),
    ],
)
def test_a_message_costs_no_more_runs_than_its_windows_and_never_more_than_six(
    pieces: int, windows: int
) -> None:
    reader, seen = watched()
    reader.encode([Heard("w1 " * pieces, ("w2 " * 500,) * 4)])

    assert len(seen.feeds) == windows
    longest = WINDOW + 2 + MOST_BEFORE + 1
    assert all(feed["ids"].shape[1] <= longest for feed in seen.feeds)


@pytest.mark.parametrize("at_end", [False, True])
def test_of_an_endless_text_its_start_and_its_end_are_read(*, at_end: bool) -> None:
    filler = "w1 " * 5_000
    text = f"{filler}pills" if at_end else f"pills {filler}"

    assert score(text) == SILENT + 7
    assert peak(text) == "pills"
    assert score(f"{filler}pills {filler}") == SILENT


def test_no_window_runs_beside_another() -> None:
    reader, seen = watched()
    reader.encode([Heard(text) for text in TEXTS])

    assert {feed["ids"].shape[0] for feed in seen.feeds} == {1}
    assert all(feed["mask"].all() for feed in seen.feeds)


@given(st.lists(st.sampled_from(TEXTS) | hostile, min_size=1, max_size=5))
def test_a_message_scores_the_same_alone_and_beside_any_others(texts: list[str]) -> None:
    together = BYTES.encode([Heard(text) for text in texts])

    assert together == [BYTES.encode([Heard(text)])[0] for text in texts]


# Its figures are of one byte, scaled by the largest of a run, as those of the trained network.
BYTES = encoder(KNOWN, earlier=EARLIER, is_quantised=True)


def test_what_was_said_before_is_heard_and_never_scored_itself() -> None:
    alone = score("w1")

    assert score("w1", "x: pills and a knife") == alone
    assert score("w1", "me: goodbye") == alone + 3
    assert score("w1", "x: w2", "me: goodbye") == alone + 3


def test_no_word_of_what_was_said_before_is_a_peak() -> None:
    (encoded,) = SMALL.encode([Heard("w1 cv", ("x: pills pills knife",))])

    assert set(encoded.peaks) <= {(0, 2), (3, 5)}


def test_of_what_was_said_before_the_last_pieces_are_heard() -> None:
    assert score("w1", "goodbye " + "w2 " * MOST_BEFORE) == SILENT
    assert score("w1", "goodbye " + "w2 " * (MOST_BEFORE - 1)) == SILENT + 3


def test_every_window_of_a_long_message_is_read_in_the_light_of_what_was_said_before() -> None:
    reader, seen = watched()
    reader.encode([Heard("w1 " * 3 * WINDOW, ("me: goodbye",))])
    goodbye = tokenizer(KNOWN).token_to_id("goodbye")

    assert len(seen.feeds) > 2
    for feed in seen.feeds:
        assert goodbye in feed["ids"][feed["types"] == 1]
        assert goodbye not in feed["ids"][feed["types"] == 0]


@pytest.mark.parametrize("text", ["\ud800", "pills \udfff", "\ud83d pills", "a\x00b\x1b[2J pills"])
def test_half_a_surrogate_pair_and_signs_of_control_are_read_past(text: str) -> None:
    assert score(text) == (SILENT + 7 if "pills" in text else SILENT)
    assert peak(text) == ("pills" if "pills" in text else text)


@given(hostile | st.text(), st.lists(hostile | st.text(), max_size=4).map(tuple))
def test_any_text_has_finite_scores_and_peaks_within_it(text: str, before: tuple[str, ...]) -> None:
    (encoded,) = SMALL.encode([Heard(text, before)])

    assert bool(np.isfinite(encoded.scores).all())
    assert all(0 <= start <= end <= len(text) for start, end in encoded.peaks)
    assert encoded == SMALL.encode([Heard(text, before)])[0]
