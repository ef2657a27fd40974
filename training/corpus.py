"""Read the labelled messages, clean away what gives their source away, cut them as chat is cut."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from bot.data.rules import load_rules
from bot.domain.code import Concern
from bot.settings import Settings
from bot.triage.words import Reader
from training.written import written

CHAT = ("chat-irc_ubuntu", "chat-topical_chat", "chat-goemotions_neutral")
OWN: dict[Concern, tuple[str, ...]] = {
    Concern.SELF_HARM: ("suicide-reddit_suicidewatch",),
    Concern.HARM_TO_OTHERS: ("violence-edos_threats",),
    Concern.DISCRIMINATION: ("stereotype-edos", "stereotype-hatexplain", "stereotype-sbic_train"),
    Concern.DISTRESS: ("distress-sad_stressor", "distress-goemotions_negative"),
    Concern.ASKING: ("career_q-reddit_career_q", "career_q-clinc150_neg"),
}
LONGEST = 280
SHORTEST_CROP = 60
# Stress that five raters saw as slight teaches the model that any mention of work is distress.
LEAST_SEVERITY = 4

_MASK = re.compile(
    r"[\[<](?:user|url|name|religion|number|num|mail|email|link|repeat|allcaps|elong)[\]>]"
    r'|https?://\S+|\brt\b|"+',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One message; `source` is a file's name, or `written-` and a head for our own."""

    text: str
    label: int
    split: str
    source: str


def normal(text: str) -> str:
    """As triage reads, and without masks: a mask would tell the source, not the concern."""
    unmasked = _MASK.sub(" ", text.replace("&amp;", "&"))
    return " ".join(_reader().read(unmasked).heard.split())


@cache
def _reader() -> Reader:
    return Reader(load_rules(Settings().cues).lexicon)


def read(shared: Path) -> list[Row]:
    """Every usable row of the public sets in `shared`, and our own."""
    names = (*CHAT, *(name for names in OWN.values() for name in names))
    rows = [row for name in names for row in _file(shared, name)]
    for head in OWN:
        rows += [
            Row(normal(t), label, split, f"written-{head}") for t, label, split in written(head)
        ]
    return rows


def train_rows(rows: list[Row], seed: int) -> list[Row]:
    """Rows to fit: each cut at its start, and long ones cropped at random besides."""
    random = Random(seed)  # noqa: S311 - crops, no secrets
    fitted: list[Row] = []
    for row in (row for row in rows if row.split == "train"):
        fitted.append(replace(row, text=row.text[:LONGEST]))
        crops = 0 if len(row.text) <= 2 * SHORTEST_CROP else 1 + 2 * row.label
        fitted += [replace(row, text=_crop(row.text, random)) for _ in range(crops)]
    return fitted


def dev_rows(rows: list[Row]) -> list[Row]:
    """Rows to measure, each cut at its start."""
    return [replace(row, text=row.text[:LONGEST]) for row in rows if row.split == "dev"]


def counts_for(head: Concern, source: str) -> bool:
    """Whether `source` says anything of `head`, be it only what it is not."""
    return source in CHAT or source in OWN[head] or source == f"written-{head}"


def _file(shared: Path, name: str) -> Iterator[Row]:
    with gzip.open(shared / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for raw in map(json.loads, lines):
            if not _doubtful(name, raw):
                yield Row(normal(raw["text"]), raw["label"], raw["split"], name)


def _doubtful(name: str, raw: dict[str, Any]) -> bool:
    if not raw["label"]:
        return False
    if name == "distress-sad_stressor":
        return float(raw.get("severity") or 0) < LEAST_SEVERITY
    return name == "distress-goemotions_negative"


def _crop(text: str, random: Random) -> str:
    length = random.randint(SHORTEST_CROP, LONGEST)
    if len(text) <= length:
        return text
    start = random.randrange(len(text) - length + 1)
    start = text.find(" ", start) + 1 if start else 0
    return text[start : start + length]
