"""Run the `waymark` command as a person does: a process of its own, with a clean environment."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support import warm

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
    return {"PATH": path, "COLUMNS": "160", "PYTHONWARNINGS": warm.WARNINGS, **settings}


def waymark(*args: object, **settings: str) -> Ran:
    """Run `waymark ARGS` to its end; `settings` are environment variables."""
    done = started(*args, **settings)
    out, err = done.communicate()
    return Ran(done.wait(), out.decode(), err.decode())


def started(*args: object, **settings: str) -> warm.Warm:
    """Start `waymark ARGS` with a pipe for each of its outputs."""
    return warm.start("bot", *args, env=environment(**settings), out=True, err=True)


def anew(*args: object, **settings: str) -> Ran:
    """Run `waymark ARGS` as `waymark` does, but from nothing, with all that it has to import."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot", *map(str, args)],
        cwd=ROOT, env=environment(**settings), capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)
