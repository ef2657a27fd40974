"""Print the sample community in our own format of labelled messages, one a line.

What `expected.jsonl` does not list should go unnoticed.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from tests.support.waymark import COMMUNITY


def labelled() -> Iterator[dict[str, Any]]:
    """Give each message that is read, with what it should lead to."""
    expected = {
        line["message"]: line
        for line in map(json.loads, (COMMUNITY / "expected.jsonl").read_text("utf-8").splitlines())
    }
    for id_, text in _texts():
        wanted = expected.get(id_, {"priority": None, "codes": []})
        is_negative = id_ in expected and wanted["priority"] is None
        kind = "hard negative" if is_negative else "listed" if id_ in expected else "chat"
        yield {
            "text": text,
            "priority": wanted["priority"],
            "codes": wanted["codes"],
            "slice": kind,
        }


def _texts() -> Iterator[tuple[str, str]]:
    for path in sorted((COMMUNITY / "discord").glob("*.json")):
        for message in json.loads(path.read_text("utf-8"))["messages"]:
            if message["type"] in ("Default", "Reply") and not message["author"]["isBot"]:
                yield message["id"], message["content"]
    for path in sorted((COMMUNITY / "slack").glob("*/*.json")):
        for message in json.loads(path.read_text("utf-8")):
            if message.get("subtype") in (None, "thread_broadcast", "file_share"):
                yield message["ts"], message["text"]


if __name__ == "__main__":
    for row in labelled():
        if row["text"]:
            sys.stdout.write(f"{json.dumps(row)}\n")
