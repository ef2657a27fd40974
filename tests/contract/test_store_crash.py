"""What a killed process leaves behind: all that was acknowledged, and nothing half-written."""

import asyncio
import shutil
import sys
from pathlib import Path

from bot.domain.ledger import Count
from bot.store.apart import in_process
from bot.store.engine import Store, open_store
from tests.support.build import DESK, batch, desk, recorded, tally

ROOT = Path(__file__).parents[2]
ENOUGH = 50  # acknowledged batches before the kill


async def record_until_killed(url: str, kind: str) -> None:
    """Run in a process of its own: print each number once its batch is on disk."""
    async with open_store(url, in_process if kind == "apart" else None) as store:
        await store.desks.ensure(desk())
        async with asyncio.TaskGroup() as tasks:
            for first in range(8):
                tasks.create_task(_record_from(store, first * 1_000_000))


async def _record_from(store: Store, number: int) -> None:
    while True:
        await (await store.decisions.record(batch(recorded(number), tallies=(tally(),))))
        print(number, flush=True)  # noqa: T201 - this is how the test hears of it
        number += 1


async def _acknowledged_before_the_kill(url: str, kind: str) -> set[int]:
    script = "import asyncio, sys; from tests.contract.test_store_crash import record_until_killed"
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"{script}; asyncio.run(record_until_killed(*sys.argv[1:]))",
        url,
        kind,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert child.stdout is not None
    heard = [await child.stdout.readline() for _ in range(ENOUGH)]
    child.kill()
    # What works for it at another end has its output too: when that is over, both have ended.
    heard += (await child.stdout.read()).splitlines(keepends=True)
    await child.wait()
    return {int(line) for line in heard if line.endswith(b"\n")}


async def test_a_killed_process_loses_nothing_it_acknowledged(upgraded_url: str, kind: str) -> None:
    acknowledged = await _acknowledged_before_the_kill(upgraded_url, kind)

    assert len(acknowledged) >= ENOUGH
    async with open_store(upgraded_url) as store:
        kept = {int(one.ref.id) async for one in store.decisions.stream(DESK)}
        assert acknowledged <= kept
        assert len(kept) == (await store.ledger.totals(DESK))[Count.SEEN]
        assert len(kept) == (await store.deliveries.counts(DESK))["pending"]
        assert len(kept) == len(await store.decisions.open_alerts(DESK, 1_000_000))


def copy_into(copies: Path, folder: Path) -> None:
    for part in folder.glob("waymark.db*"):
        shutil.copy(part, copies)


async def test_a_file_copied_while_open_has_all_that_was_acknowledged(
    upgraded_sqlite_url: str, tmp_path: Path
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    async with open_store(upgraded_sqlite_url) as store:
        await store.desks.ensure(desk())
        for number in range(1, 6):
            await (await store.decisions.record(batch(recorded(number))))
        copy_into(copies, tmp_path)

    async with open_store(f"sqlite:///{copies / 'waymark.db'}") as store:
        kept = [one.ref.id async for one in store.decisions.stream(DESK)]
    assert kept == ["1", "2", "3", "4", "5"]
