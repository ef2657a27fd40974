"""What is at a path. A file's kind is told from its content, never from its name."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from adapters.transcript import discord_csv, discord_json
from adapters.transcript.archive import DAMAGED, LISTS, in_folder, in_zip
from adapters.transcript.jsonlist import says
from adapters.transcript.replay import NO_EXPORT, Replay, Source, in_order
from adapters.transcript.salvage import in_cut_zip
from adapters.transcript.slack_export import SlackExport

_MEDIA = "_Files"  # how the folder ends where DiscordChatExporter puts what members uploaded
_EXPORTS = frozenset({".json", ".csv", ".zip"})  # a found file of these kinds should be one
_OTHERS = {  # what a file that is no export may be, by its first letter
    b"": "It is empty: export it again.",
    b"{": "No messages are in it: export the channel again.",
    b"[": "It may be one day of Slack: give the folder or ZIP of the whole export.",
    b"<": "It may be HTML: export the channel again with --format Json.",
    b"\xff": "It may be UTF-16: save it as UTF-8.",
    b"\xfe": "It may be UTF-16: save it as UTF-8.",
    b"?": "It is something else: give the path of an export.",
}
_EXPECTED = "a DiscordChatExporter JSON or CSV, or a Slack export"


def find(paths: Sequence[Path], replay: Replay) -> list[Source]:
    """Every export at `paths`, folders searched in the order of names, in reading order."""
    seen: set[Path] = set()
    found: list[Source] = []
    for path in paths:
        found += _at(path, replay, seen, is_given=True)
    return in_order(found)


def _at(path: Path, replay: Replay, seen: set[Path], *, is_given: bool) -> Iterator[Source]:
    problems = replay.of(path)
    try:
        if path.resolve() in seen:
            return
        seen.add(path.resolve())
        if path.is_dir():
            inner = list(_in_folder(path, replay, seen))
            if is_given and not inner:
                problems.add("the folder", _EXPECTED, "Give the path of an export.")
            yield from inner
        elif path.is_file():
            yield from _in_file(path, replay, is_given=is_given)
        elif path.exists():
            problems.add("the path", "a file or a folder", "Give the path of an export.")
        else:
            problems.add("the path", "a file or a folder", "There is none: check its spelling.")
    except (OSError, ValueError, RuntimeError) as failure:
        reason = says(failure) if isinstance(failure, OSError) else f"{failure}."
        problems.add("the path", "a readable file or folder", reason)


def _in_folder(path: Path, replay: Replay, seen: set[Path]) -> Iterator[Source]:
    inner = sorted(path.iterdir())
    if any(entry.name in LISTS for entry in inner):
        size = sum(in_folder(path).sizes.values())
        yield SlackExport(path, size, partial(in_folder, path))
        return
    for entry in inner:
        if entry.name.endswith(_MEDIA):
            replay.leave_out(NO_EXPORT)
        elif not entry.is_symlink() or entry.is_file():  # a linked folder may lead in a circle
            yield from _at(entry, replay, seen, is_given=False)


def _in_file(path: Path, replay: Replay, *, is_given: bool) -> Iterator[Source]:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(512)
    found = _sniff(path, size, head, replay)
    if not isinstance(found, str):
        yield found
    elif is_given or path.suffix.lower() in _EXPORTS:
        replay.of(path).add("the whole file", _EXPECTED, found)
    else:
        replay.leave_out(NO_EXPORT)


def _sniff(path: Path, size: int, head: bytes, replay: Replay) -> Source | str:
    """Tell what a file is, or what to do about it when it is no export."""
    match head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]:
        case b"P" if head.startswith(b"PK"):
            return _packed(path, replay)
        case b"{":
            return discord_json.look(path, size) or _OTHERS[b"{"]
        case first:
            return discord_csv.look(path, size) or _OTHERS.get(first, _OTHERS[b"?"])


def _packed(path: Path, replay: Replay) -> Source | str:
    try:
        archive = in_zip(path)
    except DAMAGED:
        return _cut_off(path, replay)
    archive.close()
    if not LISTS & archive.sizes.keys():
        return "The ZIP is no Slack export: unpack it, and give the folder."
    return SlackExport(path, sum(archive.sizes.values()), partial(in_zip, path))


def _cut_off(path: Path, replay: Replay) -> Source | str:
    """Read what lies before the cut, if the export's lists are there."""
    archive = in_cut_zip(path)
    if "channels.json" not in archive.sizes:
        return (
            "The ZIP is damaged or cut off before its list of channels, so that nothing tells which"
            " of them are public: download it again."
        )
    replay.of(path).add(
        "the end of the ZIP",
        "a list of its contents",
        "It is cut off: only what lies before is read. Download it again.",
    )
    return SlackExport(path, sum(archive.sizes.values()), partial(in_cut_zip, path))
