import gzip
import json
from pathlib import Path

import pytest

from bot.data.labelled import concern_of, load_labelled
from bot.data.yamlfile import BadFile
from bot.domain.code import Code
from bot.domain.reading import Priority
from bot.triage.head import CONCERN_HEADS, HEADS, Head

OWN = {
    "text": "i will jump today",
    "priority": "P0",
    "codes": ["SELF_HARM_INTENT"],
    "slice": "plain",
    "why": "says so",
    "by": "writer-a",
}
SECOND = {"by": "reader-b", "priority": "P0", "codes": ["SELF_HARM_INTENT"]}
CALM: dict[str, object] = {"text": "nice weather", "priority": None, "codes": [], "slice": "plain"}
SHARED = {"text": "what a day", "label": 1}


def write(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def own(tmp_path: Path, **changed: object) -> dict[Head, float]:
    (row,) = load_labelled(write(tmp_path / "own.jsonl", {**OWN, **changed}))
    return row.heads


def test_a_row_of_our_own_says_of_every_head_what_it_is(tmp_path: Path) -> None:
    danger, calm = load_labelled(write(tmp_path / "own.jsonl", OWN, CALM))

    assert (danger.text, danger.slice, danger.priority) == (OWN["text"], "plain", Priority.P0)
    assert (danger.codes, danger.is_own, danger.agreed) == ((Code.SELF_HARM_INTENT,), True, True)
    assert {head for head, said in danger.heads.items() if said} == {Head.SELF_HARM, Head.PAGE}
    assert calm.heads == dict.fromkeys(HEADS, 0.0)
    assert calm.priority is None


def test_what_was_said_before_is_kept(tmp_path: Path) -> None:
    (row,) = load_labelled(write(tmp_path / "a.jsonl", {**OWN, "before": ["x: hi", "me: yes"]}))

    assert row.before == ("x: hi", "me: yes")


def test_who_is_in_danger_is_not_said_to_be_at_ease(tmp_path: Path) -> None:
    assert Head.DISTRESS not in own(tmp_path)
    assert own(tmp_path, codes=["SELF_HARM_INTENT", "DISTRESS"])[Head.DISTRESS] == 1


def test_a_denied_danger_is_neither_danger_nor_none(tmp_path: Path) -> None:
    assert Head.SELF_HARM not in own(tmp_path, codes=["SELF_HARM_DENIED"], priority="P2")
    both = own(tmp_path, codes=["SELF_HARM_DENIED", "SELF_HARM_PASSIVE"], priority="P1")
    assert both[Head.SELF_HARM] == 1


def test_two_readers_are_averaged(tmp_path: Path) -> None:
    second = {"by": "reader-b", "priority": "P2", "codes": ["STEREOTYPE", "DISTRESS"]}
    (row,) = load_labelled(
        write(tmp_path / "own.jsonl", {**OWN, "codes": ["THREAT", "STEREOTYPE"], "second": second})
    )

    assert row.heads[Head.PAGE] == 0.5
    assert row.heads[Head.HARM_TO_OTHERS] == 0.5
    assert row.heads[Head.STEREOTYPE] == 1
    assert row.heads[Head.DISTRESS] == 0.5
    assert row.heads[Head.CLAIM] == 0
    assert not row.agreed
    assert row.codes == (Code.THREAT, Code.STEREOTYPE)


def test_what_one_reader_left_open_is_not_known(tmp_path: Path) -> None:
    denied = {"by": "reader-b", "priority": "P2", "codes": ["SELF_HARM_DENIED"]}

    assert Head.SELF_HARM not in own(tmp_path, second=denied)
    assert own(tmp_path, second=SECOND)[Head.SELF_HARM] == 1


def test_two_readers_who_give_the_same_priority_agree(tmp_path: Path) -> None:
    passive = {**SECOND, "codes": ["SELF_HARM_PLAN"]}
    (row,) = load_labelled(write(tmp_path / "own.jsonl", {**OWN, "second": passive}))

    assert row.agreed


def test_a_row_of_the_shared_format_is_about_what_its_file_is_about(tmp_path: Path) -> None:
    rows = [SHARED, {**SHARED, "label": 0, "split": "test", "orig": "r1", "severity": 2.5}]
    yes, no = load_labelled(write(tmp_path / "violence-posts.jsonl", *rows))

    assert (yes.heads, yes.split, yes.is_own) == ({Head.HARM_TO_OTHERS: 1.0}, "dev", False)
    assert (no.heads, no.split) == ({Head.HARM_TO_OTHERS: 0.0}, "test")
    assert (no.orig, no.severity) == ("r1", 2.5)


def test_ordinary_chat_is_of_no_head(tmp_path: Path) -> None:
    (row,) = load_labelled(write(tmp_path / "chat-a.jsonl", {**SHARED, "label": 0}))

    assert row.heads == dict.fromkeys(HEADS, 0.0)


def test_what_a_file_is_about_may_be_said_instead_of_named(tmp_path: Path) -> None:
    (row,) = load_labelled(write(tmp_path / "mine.jsonl", SHARED), about=Head.CLAIM)

    assert row.heads == {Head.CLAIM: 1.0}


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("suicide-a.jsonl", Head.SELF_HARM),
        ("violence-a.jsonl.gz", Head.HARM_TO_OTHERS),
        ("stereotype-a.jsonl", Head.DISCRIMINATION),
        ("career_q-a.jsonl", Head.ASKING),
        ("chat-a.jsonl", None),
        *((f"{head}-mine.jsonl", head) for head in CONCERN_HEADS),
    ],
)
def test_a_file_tells_by_its_name_what_it_is_about(name: str, head: Head | None) -> None:
    assert concern_of(Path(name)) is head


@pytest.mark.parametrize("name", ["mine.jsonl", "self-harm.jsonl", "", "wit-a.jsonl"])
def test_a_name_that_says_nothing_is_told_of_with_what_would(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with pytest.raises(BadFile, match=r"cannot tell .*Name a concern: one of self_harm, "):
        concern_of(path)


def test_a_shared_row_in_a_file_whose_name_says_nothing_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "wit-a.jsonl", SHARED)

    with pytest.raises(BadFile, match="cannot tell what its labels are about"):
        load_labelled(path)


def test_a_gzipped_file_is_read_like_any_other(tmp_path: Path) -> None:
    plain = write(tmp_path / "own.jsonl", OWN, CALM)
    packed = tmp_path / "own.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))

    assert load_labelled(packed) == load_labelled(plain)


def test_blank_lines_are_passed_over_and_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert len(load_labelled(write(tmp_path / "own.jsonl", OWN, "", "  ", CALM))) == 2
    assert load_labelled(write(tmp_path / "empty.jsonl")) == []


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ("no json", "is no JSON object. Write one a line."),
        ("[1, 2]", "is no JSON object. Write one a line."),
        ("null", "is no JSON object. Write one a line."),
        ("{", "is no JSON object. Write one a line."),
        ({**OWN, "text": ""}, "text: "),
        ({**OWN, "text": "  "}, "text: "),
        ({**OWN, "priority": "P4"}, "priority: "),
        ({**OWN, "priority": "P1 "}, None),
        ({**OWN, "codes": ["WIT"]}, "codes.0: "),
        ({**OWN, "codes": "THREAT"}, "codes: "),
        ({k: v for k, v in OWN.items() if k != "slice"}, "slice: "),
        ({k: v for k, v in OWN.items() if k != "priority"}, "priority: "),
        ({**OWN, "mood": 1}, "mood: "),
        ({**OWN, "claim": {"type": "wit"}}, "claim.type: "),
        ({**OWN, "second": {**SECOND, "priority": "P9"}}, "second.priority: "),
        ({**OWN, "second": {**SECOND, "codes": ["WIT"]}}, "second.codes.0: "),
        ({**OWN, "second": {"priority": "P0", "codes": []}}, "second.by: "),
        ({"text": "x", "label": 2}, "label: "),
        ({"text": "x", "label": -1}, "label: "),
        ({"label": 1}, "text: "),
        ({"text": "x", "label": "much"}, "label: "),
        ({"text": "x"}, "label: "),
        ({"text": "x", "label": 1, "mood": 1}, "mood: "),
    ],
)
def test_a_bad_line_is_named_with_its_number(
    bad: object, named: str | None, tmp_path: Path
) -> None:
    path = write(tmp_path / "suicide-a.jsonl", OWN, bad, CALM)
    if named is None:
        assert len(load_labelled(path)) == 3
        return
    with pytest.raises(BadFile) as mistakes:
        load_labelled(path)

    (line,) = str(mistakes.value).splitlines()
    assert line.startswith(f"{path}:2: {named}")


def test_every_bad_line_is_named_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "own.jsonl", "x", OWN, {**OWN, "text": "", "codes": ["WIT"]}, "", "[]")
    with pytest.raises(BadFile) as mistakes:
        load_labelled(path)

    starts = [line.split(": ")[0] for line in str(mistakes.value).splitlines()]
    assert starts == [f"{path}:1", f"{path}:3", f"{path}:3", f"{path}:5"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gone.jsonl", None),
        ("latin-1.jsonl", b'{"text": "caf\xe9"}'),
        ("cut.jsonl.gz", gzip.compress(b'{"text": "x"}' * 99, mtime=0)[:-12]),
        ("plain.jsonl.gz", b'{"text": "x"}'),
        ("flipped.jsonl.gz", gzip.compress(bytes(range(200)), mtime=0)[:20] + b"\xff" * 200),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    name: str, content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadFile, match="Check the path and the file") as bad:
        load_labelled(path)

    assert str(bad.value).startswith(f"{path}: ")
    assert "\n" not in str(bad.value)


def test_a_mistyped_code_gets_the_nearest_one_and_no_list_of_all(tmp_path: Path) -> None:
    path = write(tmp_path / "own.jsonl", {**OWN, "codes": ["ASKNG"]}, {**OWN, "priority": "P9"})
    with pytest.raises(BadFile) as mistakes:
        load_labelled(path)

    code, priority = str(mistakes.value).splitlines()
    assert '"ASKNG" is no code. Did you mean "ASKING"?' in code
    assert len(code) < 200
    assert priority.endswith('"P9" is no priority. Write P0, P1, P2, P3 or null.')
