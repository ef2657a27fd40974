"""Run the `waymark` command as a person does: a process of its own, with a clean environment."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMUNITY = ROOT / "bot" / "data" / "community"
EXPORTS = (COMMUNITY / "discord", COMMUNITY / "slack")
KEY = "k" * 40


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


def environment(**settings: str) -> dict[str, str]:
    """What the process sees: nothing of ours but what the test names."""
    path = os.environ["PATH"]  # noqa: TID251 - the process needs to find its interpreter
    return {"PATH": path, "COLUMNS": "160", "PYTHONWARNINGS": "error", **settings}


def waymark(*args: object, **settings: str) -> Ran:
    """Run `waymark ARGS` to its end; `settings` are environment variables."""
    done = subprocess.run(  # noqa: S603 - our own command
        command(*args), env=environment(**settings), capture_output=True, text=True, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def command(*args: object) -> Sequence[str]:
    return [sys.executable, "-m", "bot", *map(str, args)]
