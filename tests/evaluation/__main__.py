"""Print how well messages are read: on our own, on the sample community, and on shared data.

Figures on messages that we wrote tell what was thought of; those on the shared data tell how
ordinary chat and other people's words fare. Neither is a promise for another community.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot.app import Knowledge, load_knowledge
from bot.data.desk import SHIPPED, load_desk
from bot.domain.reading import Priority
from bot.policy.decide import decide
from bot.settings import Settings
from tests.evaluation.labelled import (
    INDEPENDENT,
    OWN,
    Labelled,
    community_messages,
    shared_texts,
    written_messages,
)

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
RUNGS: tuple[Priority | None, ...] = (*Priority, None)
CHAT = ("chat-irc_ubuntu", "chat-topical_chat", "chat-goemotions_neutral")
POSITIVE = (
    ("suicide-reddit_suicidewatch", Priority.P1, "a post in a crisis forum"),
    ("violence-edos_threats", Priority.P1, "a threat or incitement"),
    ("stereotype-edos", Priority.P2, "sexism"),
    ("stereotype-hatexplain", Priority.P2, "hate speech"),
    ("distress-sad_stressor", Priority.P2, "a stressor, mild ones too"),
    ("career_q-reddit_career_q", Priority.P3, "a question in a careers forum"),
)


@click.command()
@click.option("--shared", type=click.Path(path_type=Path), required=True)
def main(shared: Path) -> None:
    """Measure, and print tables."""
    console, knowledge = Console(), load_knowledge(Settings.from_env({}))
    for name, messages in (
        ("messages that the cues were tuned on", written_messages(OWN)),
        ("messages that nothing was tuned on", written_messages(INDEPENDENT)),
        ("the sample community", community_messages()),
    ):
        found = [(message, _priority(knowledge, message.text)) for message in messages]
        console.print(_confusion(name, found))
        console.print(_headline(found))
        console.print(_slices(name, found))
    if shared.is_dir():
        console.print(_chat(knowledge, shared))
        console.print(_positives(knowledge, shared))
    else:
        console.print(f"No shared data at {shared}: nothing measured on other people's words.")


def _priority(knowledge: Knowledge, text: str) -> Priority | None:
    reading = knowledge.triage.read(text, sent_at=NOW)
    shelf = knowledge.shelf(NOW.date())
    return decide(reading, desk=load_desk(SHIPPED), shelf=shelf, likeness={}).priority


def _confusion(name: str, found: Sequence[tuple[Labelled, Priority | None]]) -> Table:
    counts = Counter((message.wanted, got) for message, got in found)
    table = Table("wanted", *(f"read as {_name(rung)}" for rung in RUNGS), "in all")
    table.title = f"Priorities, {name}"
    for wanted in RUNGS:
        row = [counts[wanted, got] for got in RUNGS]
        table.add_row(_name(wanted), *map(str, row), str(sum(row)))
    return table


def _headline(found: Sequence[tuple[Labelled, Priority | None]]) -> str:
    grave = [got for message, got in found if _is_page(message.wanted)]
    paged = [message for message, got in found if _is_page(got)]
    recall = sum(map(_is_page, grave)) / len(grave)
    precision = sum(_is_page(message.wanted) for message in paged) / max(1, len(paged))
    return f"P0 and P1: recall {recall:.2f} of {len(grave)}, precision {precision:.2f}\n"


def _slices(name: str, found: Sequence[tuple[Labelled, Priority | None]]) -> Table:
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for message, got in found:
        row = rows[message.slice]
        row["messages"] += 1
        row["missed"] += _is_page(message.wanted) and not _is_page(got)
        row["false"] += _is_page(got) and not _is_page(message.wanted)
        row["noise"] += message.wanted is None and got is not None
    table = Table(
        "slice", "messages", "P0 or P1 missed", "paged for nothing", "noticed for nothing"
    )
    table.title = f"Slices, {name}"
    for slice_, row in sorted(rows.items()):
        figures = (row[key] for key in ("messages", "missed", "false", "noise"))
        table.add_row(slice_, *map(str, figures))
    return table


def _chat(knowledge: Knowledge, shared: Path) -> Table:
    table = Table("ordinary chat", "messages", *(f"{rung.name} in 10,000" for rung in Priority))
    table.title = "False alarms on other people's ordinary chat"
    for name in CHAT:
        texts = shared_texts(shared, name, label=0)
        counts = Counter(_priority(knowledge, text) for text in texts)
        rates = (f"{counts[rung] / len(texts) * 10_000:.0f}" for rung in Priority)
        table.add_row(name, f"{len(texts):,}", *rates)
    return table


def _positives(knowledge: Knowledge, shared: Path) -> Table:
    table = Table("shared data", "what it is", "messages", "rung", "found there or above")
    table.title = "Other people's words that should be noticed (dev rows, 280 characters)"
    for name, rung, what in POSITIVE:
        texts = shared_texts(shared, name, label=1)
        priorities = [_priority(knowledge, text) for text in texts]
        share = sum(p is not None and p <= rung for p in priorities) / len(texts)
        table.add_row(name, what, f"{len(texts):,}", rung.name, f"{share:.2f}")
    return table


def _is_page(priority: Priority | None) -> bool:
    return priority is not None and priority <= Priority.P1


def _name(rung: Priority | None) -> str:
    return "nothing" if rung is None else rung.name


if __name__ == "__main__":
    main()
