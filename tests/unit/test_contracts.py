"""Every contract is broken once on purpose: one that cannot be broken holds nothing."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.waymark import ROOT, environment

# The contract's name, the file that breaks it, and the line that does.
IMPORTS = [
    ("Floors", "bot/policy/watch.py", "import bot.store.engine"),
    # What bot/triage/__init__.py may do (docs/decisions/0006), no other module of triage may.
    ("Floors", "bot/triage/read.py", "import bot.app"),
    ("Every module of bot has a floor", "bot/utils.py", "LEFT = 1"),
    (
        "Platforms do not know each other",
        "adapters/other/__init__.py",
        "import adapters.transcript",
    ),
    ("An adapter sees the ports", "adapters/transcript/window.py", "import bot.triage.words"),
    ("The core has no I/O", "bot/triage/cues.py", "import pathlib"),
    ("Only bot.store speaks SQL", "bot/workers/courier.py", "import sqlalchemy"),
    ("Discord's SDK", "bot/app.py", "import discord"),
    ("Slack's SDK", "bot/app.py", "import slack_bolt"),
    ("Slack's SDK", "adapters/transcript/source.py", "import slack_sdk"),
    ("speaks HTTP", "adapters/transcript/source.py", "import httpx"),
    ("speaks HTTP", "bot/cli/duty.py", "import aiohttp"),
    ("speaks HTTP", "bot/workers/calendar.py", "import aiohttp"),
    ("Only bot.store speaks SQL", "bot/web/client.py", "import sqlalchemy"),
    ("Calendars are unrolled in one module", "bot/replay.py", "import icalendar"),
    ("Training is development", "bot/app.py", "import training.corpus"),
]
_IGNORED = re.compile(r" \(\d+ ignored.*")
BANNED = [
    ("TID251", "import os\n\nNAME = os.environ['HOME']\n"),
    ("TID251", "from unittest.mock import Mock\n\nMock()\n"),
    ("TID251", "import asyncio\n\nasyncio.create_task(print())\n"),
    ("TID251", "import asyncio\n\nasyncio.gather()\n"),
    ("TID251", "from datetime import datetime\n\ndatetime.utcnow()\n"),
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, to be broken. A cache beside it keeps what was found in the rest."""
    root = tmp_path_factory.mktemp("copy")
    for room in ("bot", "adapters", "training"):
        leave = shutil.ignore_patterns("__pycache__", "weights", "community")
        shutil.copytree(ROOT / room, root / room, ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


@pytest.mark.parametrize(
    ("contract", "file", "line"), IMPORTS, ids=[f"{i[0]}: {i[1]}" for i in IMPORTS]
)
def test_a_broken_contract_is_caught(contract: str, file: str, line: str, copied: Path) -> None:
    path = copied / file
    before = path.read_text("utf-8") if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    done = _lint_imports(copied)
    _put_back(path, before)

    # The name, then the outcome, then how many imports are let through.
    rows = [_IGNORED.sub("", row) for row in done.stdout.splitlines()]
    broken = [row for row in rows if row.endswith("BROKEN")]
    assert done.returncode == 1
    assert any(contract in row for row in broken), done.stdout


def test_the_code_as_it_is_keeps_them_all(copied: Path) -> None:
    done = _lint_imports(copied)

    assert done.returncode == 0, done.stdout


def test_every_contract_is_broken_above() -> None:
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]

    unbroken = [
        contract["name"]
        for contract in tables["contracts"]
        if not any(name in contract["name"] for name, _, _ in IMPORTS)
    ]
    assert unbroken == []


@pytest.mark.parametrize(("rule", "code"), BANNED)
def test_what_is_banned_is_caught(rule: str, code: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own tool
        [Path(sys.executable).with_name("ruff"), "check", "--output-format", "concise",
         "--stdin-filename", "bot/workers/new.py", "-"],
        cwd=ROOT, input=code, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert rule in done.stdout


def _lint_imports(root: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own tool
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--cache-dir", ".cache"],
        cwd=root, env=environment(PYTHONPATH=str(root)), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def _put_back(path: Path, before: str | None) -> None:
    if before is not None:
        path.write_text(before, encoding="utf-8")
        return
    path.unlink()
    if path.name == "__init__.py":
        path.parent.rmdir()
