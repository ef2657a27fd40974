"""The charts of an evaluation. Each one says in words what can be seen in it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.reports.drawing import BLUE, GREY, INK, ORANGE, RED, Chart, draw
from bot.reports.evaluation.found import AtRate, Evaluation, Ranked
from bot.reports.evaluation.ranking import head_words, percent
from bot.reports.inert import inert

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Marks and dashes tell the series apart where colours cannot. Of more files the first are drawn;
# the tables have all.
_STYLES = (
    (BLUE, "o", "-"),
    (ORANGE, "s", "--"),
    (RED, "^", ":"),
    (GREY, "D", "-."),
    (INK, "v", "-"),
    (BLUE, "x", "--"),
)
_MOST_ROWS = 90
_LONGEST_NAME = 26  # characters
_SHOWN_RATES = (0.01, 0.001)
_COLUMNS = 3
_LEAST_RATE = 1e-5  # where a share of nothing stands on a scale that has no zero


def recall(found: Evaluation) -> Chart | None:
    """Draw recall at two rates with its intervals, a row for each concern and file."""
    listed = [one for one in found.ranked if one.recall][:_MOST_ROWS]
    if not listed:
        return None
    worst = min(listed, key=lambda one: _at(one, _SHOWN_RATES[0]).recall.value)
    told = (
        f"Points with intervals: the share found at {_rates()} false alarms on ordinary chat,"
        f" {len(listed)} rows. Least at {percent(_SHOWN_RATES[0])}: {_name(worst)},"
        f" {_at(worst, _SHOWN_RATES[0]).recall.value:.2f}."
    )
    height = 1.2 + 0.3 * len(listed)
    return draw("recall-chart", told, (8, height), lambda figure: _recall(figure, listed))


def calibration(found: Evaluation) -> Chart | None:
    """Draw what scores say against what came true, a square for each concern."""
    listed = [one for one in found.ranked if one.bins]
    if not listed:
        return None
    errors = [(one.calibration_error or 0.0, one) for one in listed]
    (least, best), (most, worst) = (pick(errors, key=lambda pair: pair[0]) for pick in (min, max))
    told = (
        "Lines: the chance that scores give, against the share that came true; the diagonal is"
        f" honest. Nearest to it: {_name(best)}, off by {least:.2f}. Farthest: {_name(worst)},"
        f" off by {most:.2f}."
    )
    heads = list(dict.fromkeys(one.head for one in listed))
    height = 0.6 + 3.0 * -(-len(heads) // _COLUMNS)
    return draw("calibration-chart", told, (8, height), lambda figure: _squares(figure, listed))


def alarms(found: Evaluation) -> Chart | None:
    """Draw the realised rate of each alarm on each community beside the one that was meant."""
    listed = [one for one in found.communities if one.alarms]
    if not listed:
        return None
    over = sum(a.realised > a.meant for one in listed for a in one.alarms)
    told = (
        f"Points: the share of ordinary chat above each threshold, for {len(listed)} communities;"
        f" a bar marks what was meant. {over} of {sum(len(one.alarms) for one in listed)} points"
        " lie above it. What never happened stands at the left edge."
    )
    height = 1.4 + 0.32 * len(listed[0].alarms)
    return draw("alarms-chart", told, (8, height), lambda figure: _alarms(figure, found))


def _recall(figure: "Figure", listed: Sequence[Ranked]) -> None:
    axes = figure.subplots()
    for rate, (colour, mark, _), lift in zip(_SHOWN_RATES, _STYLES, (-0.13, 0.13), strict=False):
        values = [_at(one, rate).recall for one in listed]
        # A percentile interval may miss its own figure; the bar then reaches just to the point.
        sides = [
            [max(0.0, v.value - v.low) for v in values],
            [max(0.0, v.high - v.value) for v in values],
        ]
        axes.errorbar(
            [v.value for v in values],
            [at + lift for at in range(len(values))],
            xerr=sides,
            fmt=mark,
            color=colour,
            markersize=5,
            capsize=2,
            label=f"at {percent(rate)}",
        )
    _name_rows(axes, [_name(one) for one in listed])
    axes.set(xlim=(-0.02, 1.02), xlabel="Share found, with 95 % interval")
    axes.grid(axis="x", color=GREY, alpha=0.35)
    figure.legend(loc="outside lower center", ncols=len(_SHOWN_RATES))


def _squares(figure: "Figure", listed: Sequence[Ranked]) -> None:
    heads = list(dict.fromkeys(one.head for one in listed))
    rows = -(-len(heads) // _COLUMNS)
    squares = figure.subplots(rows, _COLUMNS, squeeze=False).flat
    for axes in squares[len(heads) :]:
        axes.set_axis_off()
    for axes, head in zip(squares, heads, strict=False):
        axes.plot((0, 1), (0, 1), color=GREY, linewidth=0.8)
        mine = [one for one in listed if one.head == head]
        for one, (colour, mark, dash) in zip(mine, _STYLES, strict=False):
            said, true = [b.said for b in one.bins], [b.true for b in one.bins]
            axes.plot(
                said, true, marker=mark, linestyle=dash, color=colour, markersize=4,
                label=_label(one.file),
            )  # fmt: skip
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), title=head_words(head))
        axes.set(xlabel="Chance given", ylabel="Share that was")
        axes.legend(fontsize=7, loc="upper left")


def _alarms(figure: "Figure", found: Evaluation) -> None:
    axes = figure.subplots()
    listed = [one for one in found.communities if one.alarms]
    first = listed[0].alarms
    places = range(len(first))
    axes.set_xscale("log")
    axes.scatter(
        [alarm.meant for alarm in first], places, marker="|", s=220, color=INK, label="meant"
    )
    for one, (colour, mark, _) in zip(listed, _STYLES, strict=False):
        shares = [max(alarm.realised, _LEAST_RATE) for alarm in one.alarms]
        axes.scatter(shares, places, marker=mark, s=24, color=colour, label=_label(one.file))
    _name_rows(axes, [alarm.code for alarm in first])
    ticks = (1e-4, 1e-3, 1e-2, 1e-1)
    axes.set_xticks((_LEAST_RATE, *ticks), ("none", *map(percent, ticks)))
    axes.minorticks_off()
    axes.set_xlabel("Share of ordinary chat")
    axes.grid(axis="x", color=GREY, alpha=0.35)
    figure.legend(loc="outside lower center", ncols=3)


def _name_rows(axes: "Axes", names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def _at(one: Ranked, rate: float) -> AtRate:
    return next(at for at in one.recall if at.rate == rate)


def _name(one: Ranked) -> str:
    return f"{head_words(one.head)}, {_short(one.file)}"


def _label(name: str) -> str:
    """Start with a blank: a legend leaves out what is empty or starts with a low line."""
    return f" {_short(name)}"


def _short(name: str) -> str:
    """Cut a file's name: the table beside the chart has all of it."""
    plain = inert(name)
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1] + "…"


def _rates() -> str:
    return " and ".join(map(percent, _SHOWN_RATES))
