"""The tables of what messages lead to: pages, queue, priorities, slices."""

from collections.abc import Iterator

from bot.reports.evaluation.found import RUNGS, Evaluation, Source
from bot.reports.evaluation.ranking import NOT_MEASURED, head_words, share
from bot.reports.grid import Cell, Column, Grid, Part, count, rows, say
from bot.reports.inert import inert

_LABELS = {1: "yes", 0: "no"}


def sources(found: Evaluation) -> Grid:
    return Grid(
        id="sources",
        title="What was measured on",
        columns=(
            Column("File"),
            Column("Used as"),
            Column("Rows", number=True),
            Column("Read", number=True),
            Column("Left out"),
        ),
        rows=rows(
            (say(one.file), say(one.role), count(one.rows), count(one.read), _left_out(one))
            for one in found.sources
        ),
    )


def paging(found: Evaluation) -> Grid:
    names = ("Grave", "found", "Recall", "Precision", "Not grave", "paged")
    return Grid(
        id="paging",
        title="Pages (P0 and P1)",
        columns=(Column("File"), *(Column(name, number=True) for name in names)),
        rows=rows(
            (
                say(one.file),
                *map(count, (one.grave, one.found)),
                *map(share, (one.recall, one.precision)),
                *map(count, (one.negatives, one.false)),
            )
            for one in found.paging
        ),
        note="On messages of our own format where the readers agree whether to page.",
        empty="No file names priorities.",
    )


def communities(found: Evaluation) -> Grid:
    names = ("All", "P0", "P1", "P2", "P3", "Pages", "Queue")
    return Grid(
        id="communities",
        title="False alarms on ordinary chat",
        columns=(Column("Community"), *(Column(name, number=True) for name in names)),
        rows=rows(
            (
                say(one.file),
                count(one.messages),
                *(count(one.priorities[rung]) for rung in RUNGS[:4]),
                say(f"{one.pages_in_10000:.1f}"),
                say(f"{one.queue_in_10000:.1f}"),
            )
            for one in found.communities
        ),
        note=(
            "Pages (P0 and P1) and queue (P2 and P3) are in 10,000 messages. Some may be true"
            " alarms."
        ),
        empty="This needs --chat FILE.",
    )


def confusions(found: Evaluation) -> Grid:
    return Grid(
        id="confusions",
        title="Wanted and read priorities",
        columns=(
            Column("File"),
            Column("Wanted"),
            *(Column(f"as {rung}", number=True) for rung in RUNGS),
            Column("All", number=True),
        ),
        rows=rows(
            (
                say(one.file),
                say(wanted),
                *(count(one.counts[wanted][got]) for got in RUNGS),
                count(sum(one.counts[wanted].values())),
            )
            for one in found.confusions
            for wanted in RUNGS
        ),
        note=" ".join(
            f"{inert(one.file)}: {one.differing:,} left out, the readers differ."
            for one in found.confusions
            if one.differing
        ),
        empty="No file names priorities.",
    )


def slices(found: Evaluation) -> Grid:
    names = ("All", "Grave", "missed", "Paged", "Queued")
    return Grid(
        id="slices",
        title="The kinds of messages that hurt",
        columns=(
            Column("Kind"),
            Column("File"),
            *(Column(name, number=True) for name in names),
        ),
        rows=rows(
            (
                say(one.slice.replace("_", " ")),
                say(one.file),
                *map(count, (one.messages, one.grave, one.missed)),
                *map(count, (one.paged_for_nothing, one.noticed_for_nothing)),
            )
            for one in found.slices
        ),
        note=("The worst of each file stand first. Paged and queued: wrongly. Grave: should page."),
        empty="No file names kinds of messages.",
    )


def followed(found: Evaluation) -> Grid:
    return Grid(
        id="followed",
        title="What other people's labelled messages lead to",
        columns=(
            Column("File"),
            Column("Concern"),
            Column("Label"),
            Column("Messages", number=True),
            *(Column(rung, number=True) for rung in RUNGS),
        ),
        rows=rows(
            (
                say(one.file),
                say(head_words(one.head)),
                say(_LABELS[one.label]),
                count(one.messages),
                *(say(f"{one.priorities[rung] / one.messages * 100:.1f}") for rung in RUNGS),
            )
            for one in found.followed
        ),
        note="In per cent of the messages with that label. The label is about the concern alone.",
        empty="No file has the shared format.",
    )


def _left_out(source: Source) -> Cell:
    said = tuple(Part(text) for text in _reasons(source))
    return Cell(said or (Part(NOT_MEASURED),))


def _reasons(source: Source) -> Iterator[str]:
    for number, why in (
        (source.other_split, "of another split"),
        (source.not_chat, "not ordinary chat"),
        (source.not_drawn, "not drawn"),
    ):
        if number:
            yield f"{number:,} {why}"
