"""An evaluation as a run would find it, small and without any message behind it."""

from bot.domain.code import Code
from bot.reports.evaluation.found import (
    RATES,
    RUNGS,
    AtRate,
    Community,
    Confusion,
    Cued,
    Estimate,
    Evaluation,
    Followed,
    OfLength,
    Paging,
    Ranked,
    Realised,
    Slice,
    Source,
    Versions,
)
from bot.reports.metrics import Bin
from bot.triage.alarms import ALARMS
from bot.triage.head import Head


def ranked(file: str, head: Head = Head.SELF_HARM) -> Ranked:
    half = Estimate(0.5, 0.4, 0.6)
    return Ranked(
        file=file,
        head=head,
        positives=40,
        negatives=60,
        differing=3,
        auc=half,
        average_precision=half,
        recall=tuple(AtRate(rate, half) for rate in RATES),
        lengths=(OfLength("short", 4, 0.25), OfLength("long", 0, None)),
        calibration_error=0.2,
        bins=(Bin(50, 0.2, 0.4), Bin(50, 0.8, 0.6)),
    )


def community(file: str) -> Community:
    return Community(
        file=file,
        messages=2_000,
        priorities=dict(zip(RUNGS, (0, 3, 5, 7, 1_985), strict=True)),
        pages_in_10000=15.0,
        queue_in_10000=60.0,
        alarms=tuple(Realised(a.head, a.code, a.rate, a.rate * 3) for a in ALARMS),
    )


def evaluation(
    *files: str, chat: tuple[str, ...] = (), problems: tuple[str, ...] = ()
) -> Evaluation:
    """Give one with something in every part for each file; without files all parts are empty."""
    counts = dict(zip(RUNGS, (1, 2, 3, 4, 5), strict=True))
    return Evaluation(
        versions=Versions("cues-1", "model-1", "ladder-1"),
        cut=280,
        split="dev",
        most=4_000,
        sources=(
            *(Source(file, "labelled", 150, 50, 0, 0, 100) for file in files),
            *(Source(file, "chat", 2_000, 0, 0, 0, 2_000) for file in chat),
        ),
        ranked=tuple(ranked(file, head) for head in Head for file in files),
        communities=tuple(map(community, chat)),
        paging=tuple(Paging(file, 10, 6, 90, 2, 0.6, 0.75) for file in files),
        confusions=tuple(Confusion(file, 3, dict.fromkeys(RUNGS, counts)) for file in files),
        slices=tuple(Slice(file, "second_language", 30, 10, 4, 1, 2) for file in files),
        cues=tuple(Cued(code, 7, 0.5, None, 0.4) for code in (Code.THREAT, Code.HOPELESS)),
        followed=tuple(Followed(file, Head.ABUSE, 1, 15, counts) for file in files),
        remarks=("Read with care.",),
        problems=problems,
    )
