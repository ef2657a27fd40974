"""`waymark evaluate` from end to end, on small files of messages that we wrote."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.reports.evaluation.found import RUNGS, Evaluation
from tests.support import pagecheck
from tests.support.waymark import Ran, waymark

GRAVE = "i want to kill myself tonight"
PLAIN = "the bus was late again this morning"
JOKE = "this homework is killing me lol"
KEYS = {
    *("versions", "cut", "split", "most", "sources", "ranked", "communities", "paging"),
    *("confusions", "slices", "cues", "followed", "remarks", "problems"),
}


def own(text: str, priority: str | None = None, **more: object) -> dict[str, object]:
    codes = ["SELF_HARM_INTENT"] if priority == "P0" else []
    return {"text": text, "priority": priority, "codes": codes, "slice": "plain", **more}


def shared(text: str, label: int, split: str = "dev") -> dict[str, object]:
    return {"text": text, "label": label, "split": split, "orig": "ours"}


def write(path: Path, rows: Sequence[object]) -> Path:
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    differing = {"by": "second", "priority": "P0", "codes": ["SELF_HARM_INTENT"]}
    return write(
        tmp_path / "ours.jsonl",
        [
            own(GRAVE, "P0"),
            own(f"{GRAVE}, i mean it", "P0", slice="short"),
            own("the water looks warm from up here", "P0", slice="hinted"),
            own(PLAIN),
            own(f"my friend wrote '{GRAVE}'? no, it is a film", slice="quoted", second=differing),
            own(JOKE, slice="idiom"),
        ],
    )


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    rows = [shared(GRAVE, 1), shared(PLAIN, 0), shared(GRAVE, 0, "train"), shared(JOKE, 0)]
    return write(tmp_path / "suicide-forum.jsonl.gz", rows)


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    rows = [shared(f"{PLAIN}, bus {number}", 0) for number in range(30)]
    return write(tmp_path / "chat-buses.jsonl", [*rows, shared(GRAVE, 1)])


def by_cues(tmp_path: Path, *args: object) -> Ran:
    """Evaluate without weights: then a score is 1 where a cue speaks, and figures are known."""
    return waymark("evaluate", *args, WAYMARK_WEIGHTS=str(tmp_path / "none"))


def told(ran: Ran) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran.out)
    return found


def test_both_formats_are_measured_against_chat(
    tmp_path: Path, ours: Path, theirs: Path, chat: Path
) -> None:
    ran = by_cues(tmp_path, ours, theirs, "--chat", chat, "--json")
    found = told(ran)

    assert ran.code == 0, ran.err
    assert set(found) == KEYS == {field.name for field in fields(Evaluation)}
    assert [(one["head"], one["file"]) for one in found["ranked"]] == [
        ("self_harm", "ours"),
        ("self_harm", "suicide-forum"),
        ("page", "ours"),
    ]
    own_words, forum, _ = found["ranked"]
    # Two of three positives are cued and none of two negatives: 1 - 1/3 x 1/2.
    assert (own_words["positives"], own_words["negatives"], own_words["differing"]) == (3, 2, 1)
    assert own_words["auc"]["value"] == pytest.approx(5 / 6)
    assert own_words["recall"][0]["recall"]["value"] == pytest.approx(2 / 3)
    assert [at["rate"] for at in own_words["recall"]] == [0.05, 0.01, 0.001, 0.0002]
    # The train row, which the cue would find, does not count.
    assert (forum["positives"], forum["negatives"], forum["auc"]["value"]) == (1, 2, 1.0)
    assert forum["auc"] == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_pages_slices_and_cues_are_counted(tmp_path: Path, ours: Path, chat: Path) -> None:
    found = told(by_cues(tmp_path, ours, "--chat", chat, "--json"))

    (paging,) = found["paging"]
    assert (paging["grave"], paging["found"], paging["negatives"], paging["false"]) == (3, 2, 2, 0)
    assert paging["recall"] == pytest.approx(2 / 3)
    assert paging["precision"] == 1
    (confusion,) = found["confusions"]
    assert (confusion["counts"]["P0"]["P0"], confusion["counts"]["P0"]["nothing"]) == (2, 1)
    assert confusion["differing"] == 1
    assert found["slices"][0]["slice"] == "hinted"
    assert found["slices"][0]["missed"] == 1
    (cue,) = [cue for cue in found["cues"] if cue["code"] == "SELF_HARM_INTENT"]
    assert cue["on_chat_in_10000"] == 0
    assert cue["concern_precision"] == 1
    (community,) = found["communities"]
    assert (community["messages"], community["pages_in_10000"]) == (30, 0)
    assert set(community["priorities"]) == set(RUNGS)


def test_every_row_of_a_file_is_accounted_for(
    tmp_path: Path, ours: Path, theirs: Path, chat: Path
) -> None:
    found = told(by_cues(tmp_path, ours, theirs, chat, "--most", 5, "--json"))

    left = ("other_split", "not_chat", "not_drawn", "read")
    assert [(s["file"], s["role"]) for s in found["sources"]] == [
        ("ours", "labelled"),
        ("suicide-forum", "labelled"),
        ("chat-buses", "chat"),
    ]
    assert [[s[key] for key in left] for s in found["sources"]] == [
        [0, 0, 1, 5],
        [1, 0, 0, 3],
        [0, 1, 25, 5],
    ]
    assert all(s["rows"] == sum(s[key] for key in left) for s in found["sources"])


def test_the_same_files_give_the_same_figures(tmp_path: Path, ours: Path, chat: Path) -> None:
    ones, twos = (
        by_cues(tmp_path, ours, "--chat", chat, "--most", 20, "--json").out for _ in range(2)
    )
    assert ones == twos


def test_an_interval_does_not_depend_on_what_else_is_measured(
    tmp_path: Path, ours: Path, theirs: Path, chat: Path
) -> None:
    alone = told(by_cues(tmp_path, ours, "--chat", chat, "--json"))
    beside = told(by_cues(tmp_path, theirs, ours, "--chat", chat, "--json"))
    assert alone["ranked"] == [one for one in beside["ranked"] if one["file"] == "ours"]


def test_without_chat_recall_says_what_it_needs(tmp_path: Path, ours: Path) -> None:
    table = by_cues(tmp_path, ours)
    found = told(by_cues(tmp_path, ours, "--json"))

    assert table.code == 0
    assert "This needs --chat FILE." in table.out
    assert all(one["recall"] == [] for one in found["ranked"])
    assert found["communities"] == []


@pytest.mark.parametrize(("split", "read"), [("train", 1), ("all", 4)])
def test_another_split_can_be_asked_for(
    tmp_path: Path, theirs: Path, split: str, read: int
) -> None:
    found = told(by_cues(tmp_path, theirs, "--split", split, "--json"))
    assert found["sources"][0]["read"] == read


def test_a_text_is_cut_where_it_is_asked_for(tmp_path: Path) -> None:
    late = write(tmp_path / "suicide-late.jsonl", [shared(f"{PLAIN} {GRAVE}", 1)])
    (cut,), (whole,) = (
        told(by_cues(tmp_path, late, "--cut", cut, "--json"))["followed"] for cut in (20, 0)
    )
    assert (cut["priorities"]["P0"], whole["priorities"]["P0"]) == (0, 1)


def test_our_own_messages_are_read_whole(tmp_path: Path) -> None:
    long = write(tmp_path / "long.jsonl", [own(f"{PLAIN}. " * 10 + GRAVE, "P0")])
    found = told(by_cues(tmp_path, long, "--cut", 20, "--json"))
    assert found["paging"][0]["found"] == 1


def test_a_name_that_says_nothing_needs_about(tmp_path: Path) -> None:
    odd = write(tmp_path / "odd.jsonl", [shared(GRAVE, 1), shared(PLAIN, 0)])
    without = by_cues(tmp_path, odd)
    with_it = by_cues(tmp_path, odd, "--about", "self_harm", "--json")

    assert without.code == 66  # nothing is left to measure
    assert "Name a concern" in without.err
    assert with_it.code == 0
    assert told(with_it)["ranked"][0]["head"] == "self_harm"


def test_a_bad_file_is_named_line_by_line_and_the_others_are_measured(
    tmp_path: Path, ours: Path
) -> None:
    bad = tmp_path / "suicide-bad.jsonl"
    bad.write_text(f'{json.dumps(shared(GRAVE, 1))}\nnot json\n{{"text": "x", "label": 7}}\n')
    ran = by_cues(tmp_path, ours, bad, "--json")

    assert ran.code == 65
    assert f"{bad}:2:" in ran.err
    assert f"{bad}:3: label" in ran.err
    assert [source["file"] for source in told(ran)["sources"]] == ["ours"]
    assert any(f"{bad}:2:" in problem for problem in told(ran)["problems"])


def test_a_broken_gzip_and_a_missing_file_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "suicide-broken.jsonl.gz"
    broken.write_bytes(gzip.compress(b"x" * 500)[:20])
    ran = by_cues(tmp_path, broken, tmp_path / "suicide-gone.jsonl")

    assert ran.code == 66
    assert f"{broken}: " in ran.err
    assert "suicide-gone.jsonl: No such file or directory. Check the path" in ran.err
    assert "Traceback" not in ran.err


def test_files_without_rows_are_nothing_to_measure(tmp_path: Path) -> None:
    ran = by_cues(tmp_path, write(tmp_path / "suicide-none.jsonl", []))
    assert ran.code == 66
    assert "There is no row to measure." in ran.err


def test_a_head_that_is_not_there_is_a_wrong_command(tmp_path: Path, ours: Path) -> None:
    assert by_cues(tmp_path, ours, "--about", "weather").code == 2


def test_no_output_holds_what_was_written(tmp_path: Path, chat: Path) -> None:
    told_of = "heliotrope marmalade"
    file = write(tmp_path / "ours.jsonl", [own(f"{GRAVE} {told_of}", "P0"), own(told_of)])
    page = tmp_path / "page.html"
    ran = by_cues(tmp_path, file, "--chat", chat, "--html", page)
    assert told_of not in ran.out + ran.err + page.read_text("utf-8")


def test_the_shipped_models_are_measured_by_alarm(
    tmp_path: Path, ours: Path, theirs: Path, chat: Path
) -> None:
    """Runs with the weights of this release, whose scores nothing here depends on."""
    page = tmp_path / "page.html"
    ran = waymark("evaluate", ours, theirs, "--chat", chat, "--json", "--html", page)
    found = told(ran)
    read = pagecheck.read(page.read_text("utf-8"))

    assert ran.code == 0, ran.err
    assert found["problems"] == []
    (community,) = found["communities"]
    assert {alarm["code"] for alarm in community["alarms"]} >= {"SELF_HARM_MODEL", "THREAT_MODEL"}
    assert all(0 <= alarm["realised"] <= 1 for alarm in community["alarms"])
    assert read.mistakes == []
    assert read.tags["svg"] == 2
