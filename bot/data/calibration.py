"""A community's calibration as a file: counts, versions and dates, and nothing that was written."""

import os
from dataclasses import replace
from datetime import date
from errno import EISDIR, ENOENT
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from bot.data.weights import TrainedModels
from bot.data.yamlfile import BadFile, Row
from bot.domain.desk import Sensitivity
from bot.triage.calibration import Calibration, levels, lines_from, version, with_rates
from bot.triage.head import Head
from bot.triage.histogram import Histogram
from bot.triage.read import Models

MEND = "Make it anew with `waymark calibrate EXPORT --into-file FILE`."
_Count = Annotated[int, Field(ge=0)]
_Scores = dict[Head, dict[_Count, _Count]]


class _Sheet(Row):
    """`quick` and `full`: head -> number of a bin (tenths of log-odds from -15) -> messages."""

    kind: Literal["waymark-calibration-1"]
    model: str
    ruleset: str
    made: date
    messages: _Count
    days: dict[date, _Count]
    quick: _Scores
    full: _Scores


def load_calibration(path: Path) -> Calibration:
    """Read what `save_calibration` wrote. Raises BadFile."""
    try:
        found = _Sheet.model_validate_json(path.read_bytes())
        quick, full = Histogram.from_sparse(found.quick), Histogram.from_sparse(found.full)
    except OSError as failure:
        raise BadFile(f"{path}: {failure.strerror}. Check the path, or: {MEND}") from None
    except ValidationError as mistakes:
        wrong = ", ".join(".".join(map(str, e["loc"])) or "file" for e in mistakes.errors())
        raise BadFile(f"{path}: cannot be used ({wrong}). {MEND}") from None
    except ValueError as wrong_counts:
        raise BadFile(f"{path}: cannot be used ({wrong_counts}). {MEND}") from None
    if not quick.messages == full.messages == found.messages == sum(found.days.values()):
        raise BadFile(f"{path}: its counts do not add up. {MEND}")
    return Calibration(found.model, found.ruleset, found.made, found.days, quick, full)


def expect_folder(path: Path) -> None:
    """Raise OSError where `path` could not be written, before anybody has waited for it."""
    if not path.absolute().parent.is_dir():
        raise FileNotFoundError(ENOENT, "No such folder", str(path.parent))
    if path.is_dir():
        raise IsADirectoryError(EISDIR, "Is a folder", str(path))


def save_calibration(path: Path, found: Calibration) -> None:
    """Write `path`, for its owner's eyes alone: even counts tell how a community fares."""
    sheet = _Sheet(
        kind="waymark-calibration-1",
        model=found.model,
        ruleset=found.ruleset,
        made=found.made,
        messages=found.full.messages,
        days=dict(found.days),
        quick=found.quick.sparse(),
        full=found.full.sparse(),
    )
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(sheet.model_dump_json() + "\n")
    new.replace(path)


def tuned(trained: TrainedModels, thresholds: Sensitivity, gaps: list[str]) -> Models:
    """Give the models the lines of a desk. Raises BadFile for a file of counts that is broken.

    Counts that other models made say nothing of these: the shipped lines stay, and `gaps` says so.
    """
    models, quick, full = trained.models, None, None
    if thresholds.calibration:
        path = Path(thresholds.calibration)
        found = load_calibration(path)
        if found.model == models.version:
            quick, full = found.quick, found.full
        else:
            gaps.append(f"{path}: was made with other models, so it is not used. {MEND}")
    alarms, wished = with_rates(thresholds.rates), thresholds.stricter_pages
    quick_lines = lines_from(quick, trained.quick_lines, alarms, stricter_pages=wished)
    full_lines = lines_from(full, trained.full_lines, alarms, stricter_pages=wished)
    return replace(
        models,
        quick=levels(quick_lines),
        full=levels(full_lines),
        lines=version((*quick_lines, *full_lines)),
    )
