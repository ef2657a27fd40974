"""What the messages of a file would have led to: pages, queue, cues, and what was missed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.domain.code import Code
from bot.domain.reading import Priority
from bot.evaluate.seen import Seen, SeenSheet
from bot.reports.evaluation.found import (
    NOTHING,
    RUNGS,
    Community,
    Confusion,
    Cued,
    Followed,
    Paging,
    Realised,
    Slice,
)
from bot.triage.alarms import ALARMS, Lines
from bot.triage.head import HEADS, Head, heads_of

_TEN_THOUSAND = 10_000


def community(sheet: SeenSheet, lines: Lines) -> Community:
    """Tell how much of a community's ordinary chat would have been noticed, and by which alarm."""
    counts, messages = _by_rung(sheet.seen), len(sheet.seen)
    return Community(
        file=sheet.sheet.name,
        messages=messages,
        priorities=counts,
        pages_in_10000=(counts["P0"] + counts["P1"]) / messages * _TEN_THOUSAND,
        queue_in_10000=(counts["P2"] + counts["P3"]) / messages * _TEN_THOUSAND,
        alarms=tuple(_realised(sheet.seen, lines)),
    )


def confusion(sheet: SeenSheet) -> Confusion | None:
    """Count wanted against read priorities; None where the file says nothing of them."""
    own = _own(sheet)
    agreed = [seen for seen in own if seen.row.agreed]
    if not own:
        return None
    counts = Counter((_rung(seen.row.priority), _rung(seen.priority)) for seen in agreed)
    return Confusion(
        file=sheet.sheet.name,
        differing=len(own) - len(agreed),
        counts={wanted: {got: counts[wanted, got] for got in RUNGS} for wanted in RUNGS},
    )


def paging(sheet: SeenSheet) -> Paging | None:
    """Count pages where the readers agree whether there should be one; None for no such row."""
    grave, negative = _pageable(_own(sheet))
    if not grave and not negative:
        return None
    found, false = _paged(grave), _paged(negative)
    return Paging(
        file=sheet.sheet.name,
        grave=len(grave),
        found=found,
        negatives=len(negative),
        false=false,
        recall=found / len(grave) if grave else None,
        precision=found / (found + false) if found + false else None,
    )


def slices(sheet: SeenSheet) -> list[Slice]:
    """Tell for each kind of message what went wrong there, the worst first."""
    kinds: defaultdict[str, list[Seen]] = defaultdict(list)
    for seen in _own(sheet):
        kinds[seen.row.slice].append(seen)
    found = [_slice(sheet.sheet.name, kind, mine) for kind, mine in kinds.items()]
    return sorted(found, key=lambda s: (-s.mistakes / max(1, s.messages), s.slice))


def followed(sheet: SeenSheet) -> Iterator[Followed]:
    """Tell what the rows of the shared format led to, by head and label."""
    groups: defaultdict[tuple[Head, int], list[Seen]] = defaultdict(list)
    for seen in sheet.seen:
        if not seen.row.is_own:
            for head, label in seen.row.heads.items():
                groups[head, int(label)].append(seen)
    for (head, label), mine in sorted(groups.items(), reverse=True):
        yield Followed(sheet.sheet.name, head, label, len(mine), _by_rung(mine))


def cued(sheets: Iterable[SeenSheet], chat: Iterable[SeenSheet]) -> list[Cued]:
    """Tell for each code how often the cues were right, over all rows of our own format."""
    own = [seen for sheet in sheets for seen in _own(sheet)]
    ordinary = [seen for sheet in chat for seen in sheet.seen]
    said = Counter(code for seen in own for code in seen.cues)
    on_chat = Counter(code for seen in ordinary for code in seen.cues)
    return [
        Cued(
            code=code,
            said=said[code],
            precision=_share([code in s.row.codes for s in own if code in s.cues]),
            concern_precision=_share(_concern_right(code, own)),
            on_chat_in_10000=on_chat[code] / len(ordinary) * _TEN_THOUSAND if ordinary else None,
        )
        for code in Code
        if said[code] or on_chat[code]
    ]


def _realised(chat: Sequence[Seen], lines: Lines) -> Iterator[Realised]:
    for alarm in ALARMS:
        if alarm.head in lines:
            column, line = HEADS.index(alarm.head), lines[alarm.head][alarm.rate]
            above = sum(float(seen.scores[column]) >= line for seen in chat)
            yield Realised(alarm.head, alarm.code, alarm.rate, above / len(chat))


def _slice(file: str, kind: str, mine: Sequence[Seen]) -> Slice:
    grave, negative = _pageable(mine)
    return Slice(
        file=file,
        slice=kind,
        messages=len(mine),
        grave=len(grave),
        missed=len(grave) - _paged(grave),
        paged_for_nothing=_paged(negative),
        noticed_for_nothing=sum(_is_noise(seen) for seen in mine),
    )


def _is_noise(seen: Seen) -> bool:
    """Pages apart: those are counted as pages for nothing."""
    return (
        seen.row.priority is None
        and seen.row.agreed
        and seen.priority is not None
        and seen.priority > Priority.P1
    )


def _pageable(own: Iterable[Seen]) -> tuple[list[Seen], list[Seen]]:
    labels: Mapping[float, list[Seen]] = {1.0: [], 0.0: []}
    for seen in own:
        labels.get(seen.row.heads[Head.PAGE], []).append(seen)
    return labels[1.0], labels[0.0]


def _paged(mine: Iterable[Seen]) -> int:
    return sum(seen.priority is not None and seen.priority <= Priority.P1 for seen in mine)


def _concern_right(code: Code, own: Iterable[Seen]) -> list[bool]:
    """Ask of each message with the code if it is of the concern, where its labels can tell."""
    asked = heads_of([code]) - {Head.PAGE}
    found = []
    for seen in own:
        labels = [seen.row.heads.get(head, 0.5) for head in asked]
        if code in seen.cues and labels and set(labels) <= {0.0, 1.0}:
            found.append(max(labels) == 1)
    return found


def _share(right: Sequence[bool]) -> float | None:
    return sum(right) / len(right) if right else None


def _own(sheet: SeenSheet) -> list[Seen]:
    return [seen for seen in sheet.seen if seen.row.is_own]


def _by_rung(mine: Iterable[Seen]) -> dict[str, int]:
    counts = Counter(_rung(seen.priority) for seen in mine)
    return {rung: counts[rung] for rung in RUNGS}


def _rung(priority: Priority | None) -> str:
    return NOTHING if priority is None else priority.name
