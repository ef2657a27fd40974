"""A Slack export as it lies there, a folder or a ZIP: names and what stands behind them."""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

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
    members = {info.filename: info for info in packed.infolist() if not info.is_dir()}
    root = zip_root(members)
    inner = {
        name.removeprefix(root): info for name, info in members.items() if name.startswith(root)
    }
    sizes = {name: info.file_size for name, info in inner.items()}
    return Archive(sizes, lambda name: packed.open(inner[name]), packed.close)


def zip_root(names: dict[str, zipfile.ZipInfo]) -> str:
    """Find the folder in a ZIP that has the lists: "" or, when it was packed whole, "name/"."""
    lists = [PurePosixPath(name) for name in names if PurePosixPath(name).name in LISTS]
    if not lists:
        return ""
    top = min(lists, key=lambda name: len(name.parts)).parent.as_posix()
    return "" if top == "." else f"{top}/"


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [inner for inner in sorted(path.iterdir()) if inner.is_file()]
    return [path] if path.is_file() else []
