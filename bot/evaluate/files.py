"""Which rows are measured: files, their splits, and a draw from what is too long."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.data.labelled import Labelled, load_labelled
from bot.data.yamlfile import BadFile
from bot.domain.desk import Desk
from bot.reports.evaluation.found import Source
from bot.triage.head import Head

CHAT_NAME = "chat-"
SEED = 20261111


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked to have measured.

    Files whose name begins with CHAT_NAME are `chat` too. `about` is the head that files of the
    shared format speak of. Their texts are cut to `cut` characters (0: whole), and only rows of
    `split` ("all": every one) count, at most `most` of a file.
    """

    paths: Sequence[Path]
    chat: Sequence[Path]
    desk: Desk
    about: Head | None = None
    cut: int = 280
    split: str = "dev"
    most: int = 4_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one file that are to be read."""

    rows: tuple[Labelled, ...]
    source: Source

    @property
    def name(self) -> str:
        return self.source.file

    @property
    def is_chat(self) -> bool:
        return self.source.role == "chat"


def load_sheets(asked: Asked) -> tuple[list[Sheet], list[str]]:
    """Load every file that can be read, and say of the others what is wrong."""
    sheets: list[Sheet] = []
    problems: list[str] = []
    files = list(_files(asked))
    same = Counter(_short(path) for path, _ in files)
    for path, is_chat in files:
        name = _short(path) if same[_short(path)] == 1 else str(path)
        try:
            sheets.append(_sheet(path, name, asked, is_chat=is_chat))
        except BadFile as bad:
            problems.append(str(bad))
    return sheets, problems


def seeded(*parts: str) -> np.random.Generator:
    """Give chance that depends on `parts` alone, not on what else is measured beside them."""
    return np.random.default_rng([SEED, *"/".join(parts).encode()])


def _files(asked: Asked) -> Iterator[tuple[Path, bool]]:
    chat = dict.fromkeys((*asked.chat, *(p for p in asked.paths if p.name.startswith(CHAT_NAME))))
    yield from ((path, False) for path in dict.fromkeys(asked.paths) if path not in chat)
    yield from ((path, True) for path in chat)


def _short(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".jsonl")


def _sheet(path: Path, name: str, asked: Asked, *, is_chat: bool) -> Sheet:
    # A row of a chat file is ordinary whatever its head: any head tells its zeros from its ones.
    loaded = load_labelled(path, about=Head.PAGE if is_chat else asked.about)
    mine = [row for row in loaded if row.is_own or asked.split in ("all", row.split)]
    wanted = [row for row in mine if not is_chat or _is_ordinary(row)]
    drawn = [_cut(row, asked.cut) for row in _draw(wanted, asked.most, name)]
    source = Source(
        file=name,
        role="chat" if is_chat else "labelled",
        rows=len(loaded),
        other_split=len(loaded) - len(mine),
        not_chat=len(mine) - len(wanted),
        not_drawn=len(wanted) - len(drawn),
        read=len(drawn),
    )
    return Sheet(tuple(drawn), source)


def _is_ordinary(row: Labelled) -> bool:
    return row.priority is None and row.agreed and not any(row.heads.values())


def _draw(rows: Sequence[Labelled], most: int, name: str) -> Sequence[Labelled]:
    if not most or len(rows) <= most:
        return rows
    kept = np.sort(seeded("draw", name).choice(len(rows), most, replace=False))
    return [rows[at] for at in kept]


def _cut(row: Labelled, cut: int) -> Labelled:
    """Our own messages are read whole: their labels were given to the whole."""
    return row if row.is_own or not cut else replace(row, text=row.text[:cut])
