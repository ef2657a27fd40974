"""Which heads of the models speak up by themselves, and how rarely on ordinary chat.

The rates are budgets: pages need about 2 false alarms in 10,000 ordinary messages, the queue
about 5 in 1,000 over all its heads (measured needs of two practitioners and 10,000 messages a
day, `shared/data/README.md`). What is likely but not sure goes to the queue instead of nowhere:
ambiguity rounds up by one level, never down (`shared/domain.md` section 3.7). Thresholds are
local: a community has to calibrate its own.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.domain.code import Code
from bot.domain.value import value
from bot.triage.head import HEADS, Head

# The shares of ordinary chat for which a threshold is measured.
RATES = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)

_PAGE = HEADS.index(Head.PAGE)

Lines = Mapping[Head, Mapping[float, float]]
"""Head -> share of ordinary chat that scores higher -> score."""


@value
class Alarm:
    """`code` is said of a message that scores on `head` as only `rate` of ordinary chat does.

    With `page_rate` it must also score so on the head that asks nothing but whether a person has to
    come: two heads err together on far fewer messages than one does on its own.
    """

    head: Head
    code: Code
    rate: float
    page_rate: float | None = None


# Measured on chat that no model has learnt from (docs/decisions/0014): 2 in 1,000 on a danger's
# head that is 1 in 1,000 on the other is 19 pages in 10,000 comments full of feeling, and 1 in
# other chat.
_PAGED, _SURELY = 0.002, 0.001
# Of several codes of one head the first that fits is said, so what asks for more stands first.
ALARMS: tuple[Alarm, ...] = (
    Alarm(Head.SELF_HARM, Code.SELF_HARM_MODEL, _PAGED, _SURELY),
    Alarm(Head.SELF_HARM, Code.SELF_HARM_UNSURE, 0.002),
    Alarm(Head.THIRD_PERSON, Code.SELF_HARM_THIRD_MODEL, _PAGED, _SURELY),
    Alarm(Head.HARM_TO_OTHERS, Code.THREAT_MODEL, _PAGED, _SURELY),
    Alarm(Head.HARM_TO_OTHERS, Code.THREAT_UNSURE, 0.002),
    Alarm(Head.ABUSE, Code.ABUSE_MODEL, _PAGED, _SURELY),
    Alarm(Head.ABUSE, Code.ABUSE_UNSURE, 0.002),
    Alarm(Head.EXPLOITATION, Code.EXPLOITATION_MODEL, 0.0005),
    Alarm(Head.STEREOTYPE, Code.STEREOTYPE_MODEL, 0.001),
    Alarm(Head.REPORT, Code.DISCRIMINATION_MODEL, 0.001),
    Alarm(Head.DISTRESS, Code.DISTRESS_MODEL, 0.001),
    Alarm(Head.READINESS, Code.LOW_READINESS_MODEL, 0.0005),
    Alarm(Head.ASKING, Code.ASKING_MODEL, 0.005),
    Alarm(Head.CLAIM, Code.CLAIM_MODEL, 0.002),
)


@value
class Loud:
    """A head that spoke up, its column among HEADS, and its score."""

    column: int
    code: Code
    score: float


class Levels:
    """The alarms as scores. Built once from the lines of a community or of this release."""

    def __init__(self, lines: Lines, alarms: Sequence[Alarm] = ALARMS) -> None:
        self._alarms = tuple(
            (HEADS.index(a.head), a.code, lines[a.head][a.rate], surely(a, lines))
            for a in alarms
            if a.head in lines
        )
        self._lowest = np.full(len(HEADS), np.inf)
        for column, _, least, _ in self._alarms:
            self._lowest[column] = min(self._lowest[column], least)

    def loud(self, scores: NDArray[np.float64]) -> tuple[Loud, ...]:
        """List the heads that speak up; `scores` is one figure for each of HEADS."""
        if not (scores >= self._lowest).any():
            return ()
        found: dict[int, Loud] = {}
        for column, code, least, besides in self._alarms:
            score = float(scores[column])
            if score >= least and scores[_PAGE] >= besides and column not in found:
                found[column] = Loud(column, code, score)
        return tuple(found.values())


def surely(alarm: Alarm, lines: Lines) -> float:
    """Give the score that the head for pages must reach besides."""
    if alarm.page_rate is None or Head.PAGE not in lines:
        return -np.inf
    return lines[Head.PAGE][alarm.page_rate]
