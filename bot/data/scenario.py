"""Load the scenarios that practitioners train on, strictly: every mistake with its line and mend.

`docs/scenarios.md` says how to write one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from itertools import chain, pairwise
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from bot.data.yamlfile import BadFile, Mistake, Row, read_yaml, refuse
from bot.domain.scenario import Expectation, Expected, Line, Part, Room, Scenario, Way

SHIPPED: Final = Path(__file__).parent / "scenarios"
LONGEST: Final = 240.0  # minutes
_EXPECT = re.compile(
    rf"({'|'.join(Expected)})(?: within (\d{{1,3}}) ?min(?:utes?)?)?", re.IGNORECASE
)
_MAY_EXPECT = (
    "Write `take`, `answer with a resource`, `note` or `leave alone`; behind the first three may"
    " stand how soon, as in `take within 5 min`."
)


def _shape(pattern: str, mend: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise PydanticCustomError(
                "shape", "{text} is not usable. {mend}", {"text": repr(text), "mend": mend}
            )
        return text

    return check


def _expectation(written: object) -> Expectation:
    found = _EXPECT.fullmatch(str(written).strip())
    if found is None:
        raise PydanticCustomError("expect", _MAY_EXPECT)
    what, minutes = Expected(found[1].lower()), found[2]
    if minutes is not None and (what is Expected.LEAVE or int(minutes) == 0):
        raise PydanticCustomError("expect", _MAY_EXPECT)
    return Expectation(what, None if minutes is None else timedelta(minutes=int(minutes)))


def _way(written: object) -> Way:
    try:
        return Way(str(written).strip().lower().replace(" ", "_").replace("-", "_"))
    except ValueError:
        ways = ", ".join(one.replace("_", " ") for one in Way)
        raise PydanticCustomError(
            "way", "There is no such way. Choose of: {ways}.", {"ways": ways}
        ) from None


_Id = Annotated[
    str,
    AfterValidator(_shape(r"[a-z0-9]+(-[a-z0-9]+)*", "Use small letters, digits and hyphens.")),
    Field(max_length=40),
]
_Words = Annotated[str, Field(min_length=1, max_length=1_500)]
_Name = Annotated[str, Field(min_length=1, max_length=40)]


class _PartRow(Row):
    id: _Id
    name: _Name


class _RoomRow(Row):
    id: _Id
    about: Annotated[str, Field(max_length=200)] = ""


class _LineRow(Row):
    id: _Id
    minute: float = Field(ge=0, le=LONGEST)
    who: str
    channel: str
    text: _Words
    expect: Annotated[Expectation, BeforeValidator(_expectation)] | None = None
    why: Annotated[str, Field(max_length=1_500)] = ""
    answers: str | None = None


class _File(Row):
    id: _Id
    title: Annotated[str, Field(min_length=1, max_length=80)]
    way: Annotated[Way, BeforeValidator(_way)]
    goal: _Words
    debrief: _Words
    theory: _Words
    people: Annotated[tuple[_PartRow, ...], Field(min_length=1, max_length=50)]
    channels: Annotated[tuple[_RoomRow, ...], Field(min_length=1, max_length=20)]
    messages: Annotated[tuple[_LineRow, ...], Field(min_length=1, max_length=500)]


def load_scenarios(own: Path | None = None) -> tuple[Scenario, ...]:
    """Load those that come with Waymark, and those in a folder of one's `own`.

    Raises BadFile with every mistake in any of them.
    """
    folders = (SHIPPED,) if own is None else (SHIPPED, own)
    if own is not None and not own.is_dir():
        raise BadFile(f"{own}: there is no such folder. Make it, or name another.")
    found: dict[str, Scenario] = {}
    wrong: list[str] = []
    for path in chain.from_iterable(sorted(folder.glob("*.yaml")) for folder in folders):
        try:
            scenario = load_scenario(path)
        except BadFile as mistakes:
            wrong.append(str(mistakes))
            continue
        if scenario.id in found:
            wrong.append(
                f"{path}:1: id: {scenario.id} is the id of another file. Choose a new one."
            )
        found[scenario.id] = scenario
    if wrong:
        raise BadFile("\n".join(wrong))
    return tuple(found.values())


def load_scenario(path: Path) -> Scenario:
    """Load one file. Raises BadFile with every mistake in it."""
    file = read_yaml(path, _File)
    refuse(path, _mistakes(file))
    return Scenario(
        id=file.id,
        title=file.title,
        way=file.way,
        goal=file.goal,
        debrief=file.debrief,
        theory=file.theory,
        parts=tuple(Part(one.id, one.name) for one in file.people),
        rooms=tuple(Room(one.id, one.about) for one in file.channels),
        lines=tuple(map(_line, file.messages)),
    )


def _line(row: _LineRow) -> Line:
    at = timedelta(seconds=round(row.minute * 60))
    return Line(row.id, row.who, row.channel, at, row.text, row.expect, row.why, row.answers)


def _mistakes(file: _File) -> Iterator[Mistake]:
    yield from _twice("people", [one.id for one in file.people])
    yield from _twice("channels", [one.id for one in file.channels])
    yield from _twice("messages", [one.id for one in file.messages])
    people, rooms = {one.id for one in file.people}, {one.id for one in file.channels}
    said: dict[str, _LineRow] = {}
    for number, row in enumerate(file.messages):
        for field, mistake in _wrong(row, people, rooms, said):
            yield ("messages", number, field), mistake
        said[row.id] = row
    for number, (before, after) in enumerate(pairwise(file.messages), start=1):
        if after.minute < before.minute:
            disorder = f"It comes before {before.id}, which stands above it. Put them in order."
            yield ("messages", number, "minute"), disorder
    if all(one.expect is None for one in file.messages):
        yield ("messages",), "Nothing is expected of anybody. Give a message an `expect`."


def _wrong(
    row: _LineRow, people: AbstractSet[str], rooms: AbstractSet[str], said: Mapping[str, _LineRow]
) -> Iterator[tuple[str, str]]:
    """Give the fields of a message that do not fit the rest of the file; `said` stands above it."""
    if row.who not in people:
        yield "who", f"{row.who} is not among `people`. Add them there."
    if row.channel not in rooms:
        yield "channel", f"{row.channel} is not among `channels`. Add it there."
    if row.expect is not None and not row.why:
        yield "expect", "Say in `why` what makes it so: the trainee is shown it."
    if row.answers is not None:
        wrong = _not_answerable(row, said.get(row.answers))
        if wrong:
            yield "answers", wrong


def _not_answerable(row: _LineRow, first: _LineRow | None) -> str:
    if first is None:
        return f"There is no message {row.answers} above it. Name one that stands above."
    if first.channel != row.channel:
        return f"{row.answers} stands in another channel. Use that channel here too."
    if first.answers is not None:
        return f"{row.answers} is an answer itself. Name the message that it answers."
    return ""


def _twice(name: str, ids: Sequence[str]) -> Iterable[Mistake]:
    for number, id_ in enumerate(ids):
        if id_ in ids[:number]:
            yield (name, number, "id"), f"{id_} stands above already. Choose another id."
