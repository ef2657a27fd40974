import json
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.data.calibration import expect_folder, load_calibration, save_calibration
from bot.data.yamlfile import BadFile
from bot.domain.code import Code
from bot.domain.desk import Sensitivity
from bot.knowledge import load_knowledge
from bot.settings import Settings
from bot.triage.calibration import Calibration
from bot.triage.head import HEADS
from bot.triage.histogram import Histogram
from tests.support.world import knowledge


def whole() -> Calibration:
    """A calibration that adds up, of a community whose scores are low."""
    scores = np.random.default_rng(3).normal(-4, 2, (60_000, len(HEADS)))
    counts = Histogram.of(scores)
    days = {date(2026, 3, 2): 59_999, date(2026, 3, 4): 1}
    return Calibration(
        knowledge().versions.model, "rules-1", date(2026, 4, 1), days, counts, counts
    )


def saved(folder: Path, found: Calibration) -> Path:
    path = folder / "calibration.json"
    save_calibration(path, found)
    return path


def test_what_was_saved_is_what_is_loaded(tmp_path: Path) -> None:
    made = whole()
    found = load_calibration(saved(tmp_path, made))

    assert (found.model, found.ruleset, found.made) == (made.model, made.ruleset, made.made)
    assert found.days == made.days
    assert found.full.sparse() == made.full.sparse()
    assert found.quick.sparse() == made.quick.sparse()


def test_the_file_is_for_its_owner_alone_even_where_one_lay_open_before(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text("old")
    path.chmod(0o644)
    saved(tmp_path, whole())

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_file_holds_counts_dates_and_versions_alone(tmp_path: Path) -> None:
    found = json.loads(saved(tmp_path, whole()).read_text())

    assert set(found) == {
        *("kind", "model", "ruleset", "made", "messages", "days", "quick", "full")
    }
    for scores in (found["quick"], found["full"]):
        assert set(scores) == set(HEADS)
        assert all(
            n.isdigit() and type(c) is int for bins in scores.values() for n, c in bins.items()
        )


def _broken(raw: dict[str, Any], **changes: object) -> str:
    return json.dumps({**raw, **changes})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: "{", "file"),
        (lambda _: "[]", "file"),
        (lambda raw: _broken(raw, kind="waymark-calibration-9"), "kind"),
        (lambda raw: _broken(raw, text="hello"), "text"),
        (lambda raw: _broken(raw, messages=7), "add up"),
        (lambda raw: _broken(raw, days={"2026-03-02": 2}), "add up"),
        (lambda raw: _broken(raw, days={"monday": 2}), "days.monday"),
        (lambda raw: _broken(raw, full={"abuse": {"3": 60_000}}), "different numbers"),
        (lambda raw: _broken(raw, full={"abuse": {"999": 1}}), "bin 999"),
        (lambda raw: _broken(raw, full={"boredom": {"3": 1}}), "full.boredom"),
        (lambda raw: _broken(raw, full={"abuse": {"3": -1}}), "full.abuse.3"),
    ],
)
def test_a_broken_file_is_refused_in_a_line(
    tmp_path: Path, change: Callable[[dict[str, Any]], str], said: str
) -> None:
    path = saved(tmp_path, whole())
    path.write_text(change(json.loads(path.read_text())))
    with pytest.raises(BadFile) as bad:
        load_calibration(path)

    (line,) = str(bad.value).splitlines()
    assert line.startswith(f"{path}: ")
    assert said in line
    assert "waymark calibrate" in line


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"gone\.json: No such file"):
        load_calibration(tmp_path / "gone.json")


def test_where_no_file_can_be_written_is_said_beforehand(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        expect_folder(tmp_path / "none" / "calibration.json")
    with pytest.raises(IsADirectoryError):
        expect_folder(tmp_path)


def test_a_desk_of_its_own_lines_is_named_in_the_versions(tmp_path: Path) -> None:
    path = saved(tmp_path, whole())
    mine = load_knowledge(Settings(), Sensitivity(calibration=str(path)))
    rates = load_knowledge(Settings(), Sensitivity({Code.DISTRESS_MODEL: 0.005}))
    usual = load_knowledge(Settings(), Sensitivity())

    shipped = knowledge().versions.model
    assert mine.versions.model.startswith(f"{shipped}+lines-")
    assert rates.versions.model.startswith(f"{shipped}+lines-")
    assert mine.versions.model != rates.versions.model
    assert usual.versions.model == shipped
    assert mine.triage.nothing.versions == mine.triage.versions
    assert mine.gaps == usual.gaps


def test_counts_of_other_models_are_not_used_and_that_is_said(tmp_path: Path) -> None:
    path = saved(
        tmp_path, Calibration("model-0", "r", date(2026, 4, 1), {}, *[Histogram.empty()] * 2)
    )
    found = load_knowledge(Settings(), Sensitivity(calibration=str(path)))

    assert found.versions.model == knowledge().versions.model
    assert any(f"{path}: was made with other models" in gap for gap in found.gaps)
