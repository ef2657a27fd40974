"""All labelled messages as rows for training: what each source says of each head, and what not.

A source speaks only of some heads: a forum of people in crisis says nothing of discrimination. What
it does not speak of is not a number, and no model is taught anything by it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.data.labelled import WRITTEN, Labelled, load_labelled
from bot.data.rules import load_rules
from bot.settings import Settings
from bot.triage.head import HEADS, Head
from bot.triage.ruleset import Ruleset
from bot.triage.words import Plain, Reader

CHAT = ("chat-irc_ubuntu", "chat-topical_chat", "chat-goemotions_neutral")
SOURCES = (
    *CHAT,
    "suicide-reddit_suicidewatch",
    "distress-sad_stressor",
    "distress-goemotions_negative",
    "stereotype-edos",
    "stereotype-hatexplain",
    "stereotype-sbic_train",
    "violence-edos_threats",
    "career_q-reddit_career_q",
    "career_q-clinc150_neg",
)
LONGEST = 280
_MOST_KEPT = 2_000
# Stress that five raters saw as slight teaches that any mention of work is distress. Between the
# two figures it is neither.
_MILD, _CLEAR = 1.5, 4.0

_MASK = re.compile(
    r"[\[<](?:user|url|name|religion|number|num|mail|email|link|repeat|allcaps|elong)[\]>]"
    r'|https?://\S+|\brt\b|"+',
    re.IGNORECASE,
)
_ME = re.compile(r"\b(?:i|i'm|im|i've|me|my|myself)\b", re.IGNORECASE)
_YOU = re.compile(r"\b(?:you|you're|your|yourself|u)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One message. `text` is what the encoder reads, `heard` what the linear model reads.

    `labels` has a figure for each of HEADS: 1, 0, between them, or not a number.
    """

    text: str
    heard: str
    labels: tuple[float, ...]
    split: str
    source: str
    before: tuple[str, ...] = ()

    @property
    def is_chat(self) -> bool:
        return self.source in CHAT

    @property
    def is_written(self) -> bool:
        return self.source.startswith("written-")


def read(shared: Path, written: Path = WRITTEN) -> list[Row]:
    """Every usable row of the public sets in `shared`, and our own."""
    rows = [
        _row(unmasked(one.text), source, _labels(_said(source, one)), one.split)
        for source in SOURCES
        for one in load_labelled(shared / f"{source}.jsonl.gz")
    ]
    for path in sorted(written.glob("*.jsonl")):
        rows += _written(path)
    return [row for row in rows if row.text]


def labels_of(rows: Sequence[Row]) -> NDArray[np.float32]:
    """One row a message, one column for each of HEADS."""
    return np.array([row.labels for row in rows], dtype=np.float32).reshape(-1, len(HEADS))


def in_chat(rows: Sequence[Row]) -> NDArray[np.bool_]:
    return np.array([row.is_chat for row in rows], dtype=np.bool_)


def dev_rows(rows: Sequence[Row]) -> list[Row]:
    """Rows to measure, each cut at its start."""
    return [shortened(row) for row in rows if row.split == "dev"]


def shortened(row: Row) -> Row:
    return replace(row, text=row.text[:LONGEST], heard=row.heard[:LONGEST])


def unmasked(text: str) -> str:
    """Take out what gives a source away and not a concern."""
    return " ".join(_MASK.sub(" ", text[:_MOST_KEPT].replace("&amp;", "&")).split())


@cache
def rules() -> Ruleset:
    return load_rules(Settings().cues)


@cache
def reader() -> Reader:
    return Reader(rules().lexicon)


def _row(
    text: str, source: str, labels: tuple[float, ...], split: str, before: Sequence[str] = ()
) -> Row:
    plain = reader().read(text)
    spoken = tuple(reader().read(earlier).spoken for earlier in before)
    return Row(plain.spoken, _heard(plain), labels, split, source, spoken)


def _heard(plain: Plain) -> str:
    return " ".join(plain.heard.split())


def _written(path: Path) -> Iterator[Row]:
    """Every sixth message of our own is kept to measure on."""
    for one in load_labelled(path):
        kept = int(sha256(one.text.encode()).hexdigest(), 16) % 6 == 0
        split = "dev" if kept else "train"
        yield _row(one.text, f"written-{path.stem}", _labels(one.heads), split, one.before)


def _labels(said: Mapping[Head, float]) -> tuple[float, ...]:
    return tuple(said.get(head, float("nan")) for head in HEADS)


def _nothing(*unknown: Head) -> dict[Head, float]:
    return {head: 0.0 for head in HEADS if head not in unknown}


def _said(source: str, one: Labelled) -> dict[Head, float]:
    """Say of which heads a row of a public set speaks."""
    kind, _, name = source.partition("-")
    label = next(iter(one.heads.values()))
    match kind:
        case "chat":
            return _of_chat(name)
        case "suicide":
            return _of_forum(one.text, label)
        case "distress":
            return _of_stress(one, label) if name == "sad_stressor" else _of_feelings(label)
        case "stereotype":
            return _of_hate(name, one, label)
        case "violence":
            return {
                Head.HARM_TO_OTHERS: label,
                **dict.fromkeys((Head.SELF_HARM, Head.ASKING, Head.READINESS), 0.0),
            }
        case _:
            return _of_questions(name, label)


def _of_chat(name: str) -> dict[Head, float]:
    """Count the trivia of small talk as no claim: nobody has to check it. Comments judge groups."""
    is_comment = name == "goemotions_neutral"
    return _nothing(Head.DISCRIMINATION, Head.STEREOTYPE) if is_comment else _nothing()


def _of_forum(text: str, label: float) -> dict[Head, float]:
    """Take a post that speaks of "you" more than of "me" for a supporter's: not known."""
    if not label:
        named = (Head.SELF_HARM, Head.PAGE, Head.THIRD_PERSON, Head.HARM_TO_OTHERS)
        return dict.fromkeys(named, 0.0)
    said = dict.fromkeys((Head.CLAIM, Head.EXPLOITATION, Head.STEREOTYPE), 0.0)
    if len(_YOU.findall(text)) <= len(_ME.findall(text)):
        said[Head.SELF_HARM] = 1.0
    return said


def _of_stress(one: Labelled, label: float) -> dict[Head, float]:
    said = dict.fromkeys((Head.HARM_TO_OTHERS, Head.CLAIM, Head.STEREOTYPE, Head.ASKING), 0.0)
    severity = one.severity or 0.0
    if not label or severity < _MILD:
        said[Head.DISTRESS] = 0.0
    elif severity >= _CLEAR:
        said[Head.DISTRESS] = 1.0
    return said


def _of_feelings(label: float) -> dict[Head, float]:
    """Take sadness in a comment, often about others, as a hard negative of danger alone."""
    if label:
        return dict.fromkeys((Head.PAGE, Head.SELF_HARM, Head.ASKING, Head.READINESS), 0.0)
    return _nothing(Head.DISCRIMINATION, Head.STEREOTYPE, Head.CLAIM)


def _of_hate(name: str, one: Labelled, label: float) -> dict[Head, float]:
    said = dict.fromkeys((Head.SELF_HARM, Head.ASKING, Head.READINESS), 0.0)
    if name == "hatexplain" and not label and one.orig != "0":
        return said  # offensive, and not called hateful: neither
    return {**said, Head.DISCRIMINATION: label, Head.STEREOTYPE: label}


def _of_questions(name: str, label: float) -> dict[Head, float]:
    if name == "clinc150_neg":
        return _nothing()
    said = {Head.ASKING: label}
    return said if label else {**said, Head.EXPLOITATION: 0.0}
