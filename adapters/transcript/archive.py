"""A Slack export as it lies there, a folder or a ZIP: names and what stands behind them."""

import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TypeVar

Member = TypeVar("Member")

LISTS = frozenset({"channels.json", "groups.json", "dms.json", "mpims.json", "users.json"})

# What zipfile raises for a damaged, encrypted or strangely packed member, when it is read.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError)


@dataclass(frozen=True, slots=True)
class Archive:
    """`sizes` has the unpacked bytes of each file by its name, with "/" between folders."""

    sizes: dict[str, int]
    open: Callable[[str], IO[bytes]]
    close: Callable[[], None]

    def folders(self) -> dict[str, list[str]]:
        """Gather the files of each folder of the first level, in the order of their names."""
        found: dict[str, list[str]] = {}
        for name in sorted(self.sizes):
            folder, _, rest = name.partition("/")
            if rest and "/" not in rest:
                found.setdefault(folder, []).append(name)
        return found


def in_folder(root: Path) -> Archive:
    """List what lies in `root`. Raises OSError."""
    inner = [path for folder in sorted(root.iterdir()) for path in _files(folder)]
    sizes = {path.relative_to(root).as_posix(): path.stat().st_size for path in inner}
    return Archive(sizes, lambda name: (root / name).open("rb"), lambda: None)


def in_zip(path: Path) -> Archive:
    """List what is packed in `path`. Raises one of DAMAGED."""
    packed = zipfile.ZipFile(path)
    inner = rooted({info.filename: info for info in packed.infolist() if not info.is_dir()})
    sizes = {name: info.file_size for name, info in inner.items()}
    return Archive(sizes, lambda name: packed.open(inner[name]), packed.close)


def rooted(members: Mapping[str, Member]) -> dict[str, Member]:
    """Name the members from the folder that has the lists: a ZIP may have been packed whole."""
    lists = [PurePosixPath(name) for name in members if PurePosixPath(name).name in LISTS]
    top = min(lists, key=lambda name: len(name.parts)).parent.as_posix() if lists else "."
    root = "" if top == "." else f"{top}/"
    return {name.removeprefix(root): one for name, one in members.items() if name.startswith(root)}


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [inner for inner in sorted(path.iterdir()) if inner.is_file()]
    return [path] if path.is_file() else []
