"""What a newcomer meets: a short report, problems first, and commands that say what is wrong."""

import shutil
from pathlib import Path

import pytest

from tests.support.exports import discord_json, discord_message
from tests.support.waymark import ROOT, started, waymark

CUES = ROOT / "bot" / "data" / "cues"
TWO_SCREENS = 125  # lines of 80 columns
SPANISH = "hola, busco trabajo pero no se por donde empezar"


def export(path: Path, texts: list[str], *, first: int = 0) -> Path:
    messages = [discord_message(first + n, content=text) for n, text in enumerate(texts)]
    path.write_bytes(discord_json(messages))
    return path


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """An export with far more urgent messages than fit a screen, each by somebody else."""
    return export(tmp_path / "many.json", ["i want to kill myself"] * 60)


@pytest.fixture
def no_encoder(tmp_path: Path) -> dict[str, str]:
    """Settings without models: they take seconds to load, and change nothing here."""
    return {"WAYMARK_WEIGHTS": str(tmp_path)}


def test_the_report_fits_two_screens_and_says_where_the_rest_is(
    many: Path, no_encoder: dict[str, str]
) -> None:
    ran = waymark("replay", many, COLUMNS="80", **no_encoder)
    assert len(ran.out.splitlines()) <= TWO_SCREENS
    assert "And 50 more: see the page (--html), or give --all." in ran.out
    assert ran.out.count("| new alert") == 10


def test_all_rows_are_shown_when_asked_for(many: Path, no_encoder: dict[str, str]) -> None:
    ran = waymark("replay", many, "--all", COLUMNS="80", **no_encoder)
    assert ran.out.count("| new alert") == 60
    assert "more: see the page" not in ran.out


def test_what_could_not_be_read_is_said_first_and_once_more_at_the_end(
    many: Path, no_encoder: dict[str, str]
) -> None:
    many.write_bytes(many.read_bytes()[:-3000])
    ran = waymark("replay", many, **no_encoder)
    assert ran.code == 65
    assert 0 < ran.out.index("Problem: ") < ran.out.index("What would have alerted")
    assert "not everything was read. See the top of this report." in ran.out.split("account")[1]


def test_overlapping_files_of_one_run_are_not_called_an_earlier_run(
    tmp_path: Path, no_encoder: dict[str, str]
) -> None:
    one = export(tmp_path / "one.json", ["hello"] * 6)
    two = export(tmp_path / "two.json", ["hello"] * 6, first=3)
    ran = waymark("replay", one, two, **no_encoder)
    assert "In more than one of these files, and counted once: 3 messages." in ran.out
    assert "earlier run" not in ran.out


def test_an_earlier_run_is_called_so(tmp_path: Path, no_encoder: dict[str, str]) -> None:
    one, kept = export(tmp_path / "one.json", ["hello"] * 6), tmp_path / "kept.db"
    waymark("replay", one, "--into", kept, **no_encoder)
    again = waymark("replay", one, "--into", kept, **no_encoder)
    assert "Read in an earlier run and not counted again: 6 messages." in again.out
    assert "more than one of these files" not in again.out


def test_messages_in_other_languages_are_counted_with_their_places(
    tmp_path: Path, no_encoder: dict[str, str]
) -> None:
    path = export(tmp_path / "one.json", [SPANISH, "where do i find work?", SPANISH, "hola"])
    ran = waymark("replay", path, path, **no_encoder)
    assert "In a language that is not read yet: 2 messages (2 in #job-search)" in ran.out
    assert "4 messages read" in ran.out


def test_read_says_that_a_message_is_not_in_english(no_encoder: dict[str, str]) -> None:
    assert "not read yet" in waymark("read", SPANISH, **no_encoder).out
    assert "not read yet" not in waymark("read", "where do i find work?", **no_encoder).out


def test_who_stops_reading_ends_it_quietly(many: Path, no_encoder: dict[str, str]) -> None:
    for form in ("--json", "--all"):
        with started("replay", many, form, **no_encoder) as ran:
            assert ran.stdout is not None
            assert ran.stderr is not None
            ran.stdout.close()
            said = ran.stderr.read()
        assert (ran.returncode, said) == (141, b"")


def test_a_page_that_cannot_be_written_is_found_before_anything_is_read(
    many: Path, tmp_path: Path, no_encoder: dict[str, str]
) -> None:
    kept = tmp_path / "kept.db"
    ran = waymark(
        "replay", many, "--html", tmp_path / "no" / "x.html", "--into", kept, **no_encoder
    )
    assert ran.code == 74
    assert ran.out == ""
    assert "no such folder" in ran.err
    assert not kept.exists()


def test_check_names_each_cue_file_that_is_missing(tmp_path: Path) -> None:
    cues = tmp_path / "cues"
    shutil.copytree(CUES, cues)
    (cues / "safety.yaml").unlink()
    (cues / "deadline.yaml").unlink()
    ran = waymark("check", WAYMARK_CUES=str(cues))
    assert ran.code == 78
    assert f"{cues}/safety.yaml: this cue file is missing" in ran.err
    assert f"{cues}/deadline.yaml: this cue file is missing" in ran.err
    assert "All good" not in ran.out


def test_check_warns_of_an_exception_that_may_hide_an_alarm(tmp_path: Path) -> None:
    cues = tmp_path / "cues"
    shutil.copytree(CUES, cues)
    (cues / "mine.yaml").write_text(
        'version: "1"\nstatus: "x"\ncues:\n'
        '  - id: "mine"\n    code: "SELF_HARM_INTENT"\n    any: ["heliotrope"]\n'
        '    unless: ["(he|marmalade|on the way)", "it is", "not the ... marmalade"]\n'
        '    author: "x"\n    date: 2026-11-23\n    rationale: "because it is so"\n'
        '  - id: "soft"\n    code: "CAP-DMC"\n    any: ["marmalade"]\n    unless: ["he"]\n'
        '    author: "x"\n    date: 2026-11-23\n    rationale: "because it is so"\n'
    )
    ran = waymark("check", WAYMARK_CUES=str(cues))
    assert ran.code == 0
    assert f'{cues}/mine.yaml:4: mine: its `unless` has "he", "it is": so common' in ran.out
    assert "soft" not in ran.out
    assert "safety.yaml" not in ran.out
    assert "exceptions in the cue files of this release (--all lists them)." in ran.out
