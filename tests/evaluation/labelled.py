"""Messages with what a careful practitioner would want from them."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.domain.reading import Priority
from tests.support.waymark import COMMUNITY, ROOT

_LABELLED = ROOT / "tests" / "support" / "labelled"
OWN = _LABELLED / "messages.jsonl"
# Written by someone who had not seen the cue files. Nothing may be tuned on it.
INDEPENDENT = _LABELLED / "independent.jsonl"


@dataclass(frozen=True, slots=True)
class Labelled:
    """`wanted` is None when nothing should follow; `slice` says what kind of message it is."""

    text: str
    wanted: Priority | None
    slice: str


def written_messages(path: Path) -> list[Labelled]:
    """Give the messages of one of our own labelled files."""
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Labelled(line["text"], _priority(line["priority"]), line["slice"]) for line in lines]


def community_messages() -> list[Labelled]:
    """Give the sample community's; what `expected.jsonl` does not list should go unnoticed."""
    expected = {
        line["message"]: line["priority"]
        for line in map(json.loads, (COMMUNITY / "expected.jsonl").read_text("utf-8").splitlines())
    }
    return [
        Labelled(text, _priority(expected.get(id_)), "hard negative" if id_ in expected else "chat")
        for id_, text in _texts()
    ]


def shared_texts(shared: Path, name: str, label: int, most: int = 5_000) -> list[str]:
    """Give texts of the shared data's `dev` rows, cut to 280 characters as its figures are."""
    with gzip.open(shared / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = map(json.loads, file)
        found = [r["text"][:280] for r in rows if r["split"] == "dev" and r["label"] == label]
    return found[:most]


def _texts() -> Iterator[tuple[str, str]]:
    for path in sorted((COMMUNITY / "discord").glob("*.json")):
        for message in json.loads(path.read_text("utf-8"))["messages"]:
            if message["type"] in ("Default", "Reply") and not message["author"]["isBot"]:
                yield message["id"], message["content"]
    for path in sorted((COMMUNITY / "slack").glob("*/*.json")):
        for message in json.loads(path.read_text("utf-8")):
            if message.get("subtype") in (None, "thread_broadcast", "file_share"):
                yield message["ts"], message["text"]


def _priority(name: str | None) -> Priority | None:
    return None if name is None else Priority[name]
