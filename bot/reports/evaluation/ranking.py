"""The tables of what the heads do: ranking, recall, calibration, by length, by alarm."""

from bot.cards.reason import in_words
from bot.domain.code import Code
from bot.reports.evaluation.found import RATES, Estimate, Evaluation, OfLength, Ranked
from bot.reports.grid import Cell, Column, Grid, Part, count, rows, say

NOT_MEASURED = "-"
CALIBRATION_NOTE = (
    "Calibration error is how far a score's chance is from what came true, on average; 0 is honest."
    " It is reckoned with each file's own share of positives."
)
# Fewer of a kind put everything in order by chance: an interval from them would say it is certain.
LEAST = 5
_WHO = (Column("Concern"), Column("File"))


def share(value: float | None) -> Cell:
    """Show a share between 0 and 1, or that it was not measured."""
    return say(NOT_MEASURED if value is None else f"{value:.2f}")


def percent(rate: float) -> str:
    """Name a rate with two figures that count: 5 %, 0.064 %."""
    hundredths = rate * 100
    return f"{hundredths:.2g} %" if hundredths < 10 else f"{hundredths:.0f} %"  # noqa: PLR2004


def estimate(found: Estimate | None) -> Cell:
    """Show a figure with its interval under it, so that both fit into a narrow terminal."""
    if found is None:
        return say(NOT_MEASURED)
    return Cell((Part(f"{found.value:.2f}"), Part(f"{found.low:.2f}-{found.high:.2f}")))


def head_words(head: str) -> str:
    return head.replace("_", " ")


def order(found: Evaluation) -> Grid:
    return Grid(
        id="order",
        title="How well each concern is told from the rest",
        columns=(
            *_WHO,
            *(Column(name, number=True) for name in ("Yes", "No", "Unsure")),
            *(Column(name, number=True) for name in ("ROC AUC", "Avg. prec.", "Calibr.")),
        ),
        rows=rows(
            (
                say(head_words(one.head)),
                say(one.file),
                *map(count, (one.positives, one.negatives, one.differing)),
                *map(estimate, _orders(one)),
                share(one.calibration_error),
            )
            for one in found.ranked
        ),
        note=(
            "Unsure: left out, two readers differ or cannot tell. With fewer than"
            f" {LEAST} of a kind no figure is given. {CALIBRATION_NOTE}"
        ),
        empty="No file had a message of any concern.",
    )


def _orders(one: Ranked) -> tuple[Estimate | None, Estimate | None]:
    few = min(one.positives, one.negatives) < LEAST
    return (None, None) if few else (one.auc, one.average_precision)


def recall(found: Evaluation) -> Grid:
    has_chat = found.chat_messages > 0
    return Grid(
        id="recall",
        title="What is found at a given rate of false alarms on ordinary chat",
        columns=(*_WHO, *(Column(percent(rate), number=True) for rate in RATES)),
        rows=rows(
            (
                say(head_words(one.head)),
                say(one.file),
                *(estimate(at.recall) for at in one.recall),
            )
            for one in found.ranked
            if one.recall
        ),
        note=f"Thresholds are set on {found.chat_messages:,} ordinary messages." * has_chat,
        empty="No message of any concern." if has_chat else "This needs --chat FILE.",
    )


def lengths(found: Evaluation) -> Grid:
    names = ("Short", "found", "Long", "found")
    return Grid(
        id="lengths",
        title="Short and long messages",
        columns=(*_WHO, *(Column(name, number=True) for name in names)),
        rows=rows(
            (
                say(head_words(one.head)),
                say(one.file),
                *(cell for length in one.lengths for cell in _length(length)),
            )
            for one in found.ranked
            if any(length.positives for length in one.lengths)
        ),
        note=(
            "Messages of a concern with at most 8 words and with 40 or more, and the share found"
            " at 1 % false alarms on ordinary chat."
        ),
        empty="No message of a concern was short or long.",
    )


def alarms(found: Evaluation) -> Grid:
    listed = [
        (alarm, community.file) for community in found.communities for alarm in community.alarms
    ]
    order_of = {alarm.code: at for at, (alarm, _) in reversed(list(enumerate(listed)))}
    return Grid(
        id="alarms",
        title="False alarms of the shipped thresholds, community by community",
        columns=(
            Column("Alarm"),
            Column("Community"),
            Column("Meant", number=True),
            Column("Realised", number=True),
        ),
        rows=rows(
            (
                say(alarm.code),
                say(file),
                say(percent(alarm.meant)),
                say(percent(alarm.realised)),
            )
            for alarm, file in sorted(listed, key=lambda pair: order_of[pair[0].code])
        ),
        note="The share of ordinary messages above each threshold. Thresholds are local.",
        empty="This needs --chat FILE and trained weights.",
    )


def cues(found: Evaluation) -> Grid:
    return Grid(
        id="cues",
        title="How often the cues are right",
        columns=(
            Column("Code"),
            Column("Said", number=True),
            Column("Right", number=True),
            Column("Concern", number=True),
            Column("Chat", number=True),
        ),
        rows=rows(
            (
                Cell((Part(one.code), Part(in_words(Code(one.code))))),
                count(one.said),
                share(one.precision),
                share(one.concern_precision),
                say(
                    NOT_MEASURED if one.on_chat_in_10000 is None else f"{one.on_chat_in_10000:.1f}"
                ),
            )
            for one in found.cues
        ),
        note=(
            "On messages of our own format. Right: the same code was written down. Concern: at"
            " least the concern was right. Chat: how often it was said of 10,000 ordinary messages."
        ),
        empty="No cue spoke, or no file names codes.",
    )


def _length(length: OfLength) -> tuple[Cell, Cell]:
    return count(length.positives), share(length.recall)
