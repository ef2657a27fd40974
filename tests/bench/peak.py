"""Run the `waymark` command, then print to standard error how many megabytes it held at most."""

import sys
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from bot.__main__ import cli


def peak() -> float:
    """Megabytes. Linux says it of this program alone; elsewhere what started it counts too."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1e3
    return getrusage(RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    try:
        cli()
    except SystemExit:
        print(peak(), file=sys.stderr)  # noqa: T201 - it is what this is for
        raise
