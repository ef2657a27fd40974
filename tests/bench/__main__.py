"""Print what triage, a replay and their growth cost. Takes some minutes; `--quick` takes one.

Every figure is the median of several runs in this process, or of a process of its own where
memory is measured. Compare ratios of one run, not figures of two machines.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from os import getloadavg
from pathlib import Path
from statistics import median
from time import perf_counter

import click
import ijson  # type: ignore[import-untyped]  # ijson ships no types
from rich.console import Console
from rich.table import Table

from adapters.transcript.platform import TranscriptPlatform
from adapters.transcript.window import Window
from bot.data.desk import SHIPPED, load_desk
from bot.knowledge import Knowledge, load_knowledge
from bot.replay import Asked, Replay
from bot.settings import Settings
from bot.store.engine import open_store
from bot.triage.read import Urgency
from tests.bench import discord, slack
from tests.bench.chat import texts, write_export
from tests.bench.desk import look_for_work, outbox, way_of_an_emergency
from tests.bench.growth import claims_of, cues_of
from tests.support.waymark import ROOT, environment

RUNS = 3
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@click.command()
@click.option("--quick", is_flag=True, help="Smaller inputs, and no million messages.")
@click.option("--desk", "desk_alone", is_flag=True, help="Only what a live desk costs.")
def main(quick: bool, desk_alone: bool) -> None:  # noqa: FBT001 - click's way
    """Measure, and print tables."""
    console = Console()
    console.print(f"load of this machine before: {getloadavg()[0]:.2f}")
    console.print(way_of_an_emergency(10 if quick else 60))
    console.print(outbox(1_000 if quick else 5_000))
    console.print(look_for_work((100, 10_000) if quick else (100, 10_000, 1_000_000)))
    if desk_alone:
        return
    count, long_ = (10_000, 50_000) if quick else (50_000, 1_000_000)
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        console.print(_speed(Path(folder), count))
        console.print(_growth(2_000 if quick else 5_000))
        found = discord.report(1_000, 1, pages=20) if quick else discord.report(discord.MESSAGES)
        for shown in found:
            console.print(shown)
        console.print(_memory(Path(folder), (10_000, long_)))
    console.print(slack.report(1_000 if quick else slack.MESSAGES, 1 if quick else slack.RUNS))


def _speed(folder: Path, count: int) -> Table:
    export, said = folder / "speed.json", list(texts(count))
    write_export(export, count)
    knowledge = load_knowledge(Settings.from_env({}))
    few = count // 20  # the encoder takes milliseconds
    parse = _seconds(lambda: _parse(export)) / count
    costs = {
        "parse the file": parse,
        "the first step (cues, linear model)": _seconds(partial(_first, knowledge, said)) / count,
        "the immediate decision": _seconds(partial(_decide_at_once, knowledge, said[:few])) / few,
        "the full reading": _seconds(partial(_read_all, knowledge, said[:few])) / few,
        "replay --quick, SQLite": _seconds(partial(_replay, knowledge, export, folder)) / count,
    }
    table = Table("", "microseconds a message", "messages a second", "of the speed of parsing")
    table.title = f"Speed, {count:,} messages"
    for name, cost in costs.items():
        table.add_row(name, f"{cost * 1e6:.1f}", f"{1 / cost:,.0f}", f"{parse / cost:.3f}")
    return table


def _growth(count: int) -> Table:
    said = list(texts(count))
    table = Table("", "microseconds a message", title="The first step, as the files grow")
    cases = [(f"{n:,} cues", cues_of, n) for n in (10, 5_000)]
    cases += [(f"{n:,} claims", claims_of, n) for n in (100, 10_000)]
    for name, build, size in cases:
        knowledge = build(size)
        cost = _seconds(partial(_first, knowledge, said)) / count
        table.add_row(name, f"{cost * 1e6:.1f}")
    return table


def _memory(folder: Path, counts: Sequence[int]) -> Table:
    table = Table("messages", "file", "seconds", "messages a second", "peak memory")
    table.title = "The whole command, in a process of its own"
    for count in counts:
        export = folder / f"{count}.json"
        write_export(export, count)
        started = perf_counter()
        peak = _peak(export)
        seconds = perf_counter() - started
        size = f"{export.stat().st_size / 1e6:,.0f} MB"
        table.add_row(
            f"{count:,}", size, f"{seconds:.1f}", f"{count / seconds:,.0f}", f"{peak:.0f} MB"
        )
        export.unlink()
    return table


def _peak(export: Path) -> float:
    """Megabytes that the command held at most."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "tests.bench.peak", "replay", str(export), "--json", "--quick"],
        cwd=ROOT, env=environment(), check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    return float(done.stderr.split()[-1])


def _parse(export: Path) -> None:
    with export.open("rb") as file:
        for _ in ijson.items(file, "messages.item", use_float=True):
            pass


def _read_all(knowledge: Knowledge, said: Sequence[str]) -> None:
    for text in said:
        knowledge.triage.read(text, sent_at=NOW)


def _first(knowledge: Knowledge, said: Sequence[str]) -> None:
    for text in said:
        knowledge.triage.first(text, sent_at=NOW)


def _decide_at_once(knowledge: Knowledge, said: Sequence[str]) -> None:
    """As intake does: the encoder is asked only where the linear model is in doubt."""
    triage = knowledge.triage
    for text in said:
        first = triage.first(text, sent_at=NOW)
        if first.urgency is Urgency.DOUBTFUL:
            triage.settle(first, *triage.encode([first]))
        else:
            triage.settle(first, None)


def _replay(knowledge: Knowledge, export: Path, folder: Path) -> None:
    asked = Asked(paths=[export], window=Window(), desk=load_desk(SHIPPED), quote=False, quick=True)
    database = folder / "bench.db"

    async def job() -> None:
        async with open_store(f"sqlite:///{database}") as store:
            await Replay(asked, TranscriptPlatform([export])).run(
                store, knowledge, clock=lambda: NOW, chance=lambda: 0.5, author_key=b"k" * 32
            )

    asyncio.run(job())
    for left in folder.glob("bench.db*"):
        left.unlink()


def _seconds(job: Callable[[], None]) -> float:
    taken = []
    for _ in range(RUNS):
        started = perf_counter()
        job()
        taken.append(perf_counter() - started)
    return median(taken)


if __name__ == "__main__":
    main()
