"""What is logged goes to standard error, as the operator chose."""

import json
import subprocess
import sys

import pytest

from tests.support.waymark import ROOT, environment

SAYS = """
import pickle, structlog, sys
from bot.log import Log
chosen = pickle.loads(pickle.dumps(Log(sys.argv[1], sys.argv[2])))  # as a process is handed it
chosen.begin()
log = structlog.get_logger("any")
log.warning("it is late", minutes=3)
log.error("it is over")
"""


@pytest.mark.parametrize("level", ["info", "error"])
def test_it_is_logged_as_json_from_the_chosen_level_on(level: str) -> None:
    said = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SAYS, "json", level],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = [json.loads(line) for line in said.stderr.splitlines()]
    events = [row["event"] for row in rows]

    assert said.stdout == ""
    assert events == (["it is over"] if level == "error" else ["it is late", "it is over"])
    assert rows[0].get("minutes", 3) == 3
    assert rows[-1]["level"] == "error"
