"""Which heads of the linear model speak up by themselves, and how rarely on ordinary chat.

The rates are budgets: pages need about 2 false alarms in 10,000 ordinary messages, the queue
about 5 in 1,000 over all its heads (measured needs of two practitioners and 10,000 messages a
day, `shared/data/README.md`). Asking may be laxer: it counts only beside a question mark, and no
person is paged for it. Thresholds are local: a community has to calibrate its own.
"""

from collections.abc import Mapping, Sequence

from bot.domain.code import Code, Concern
from bot.triage.read import Alarm

# The false-positive rate on ordinary chat at which each head's threshold was measured.
RATES: dict[Concern, tuple[Code, float]] = {
    Concern.SELF_HARM: (Code.SELF_HARM_MODEL, 0.0002),
    Concern.HARM_TO_OTHERS: (Code.THREAT_MODEL, 0.0002),
    Concern.DISCRIMINATION: (Code.STEREOTYPE_MODEL, 0.001),
    Concern.DISTRESS: (Code.DISTRESS_MODEL, 0.001),
    Concern.ASKING: (Code.ASKING_MODEL, 0.05),
}


def alarms(
    heads: Sequence[Concern], thresholds: Mapping[Concern, Mapping[float, float]]
) -> tuple[Alarm, ...]:
    """Pair each head that has a rate with the score that `thresholds` holds for that rate."""
    return tuple(
        Alarm(number, RATES[head][0], thresholds[head][RATES[head][1]])
        for number, head in enumerate(heads)
        if head in RATES
    )
