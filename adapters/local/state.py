"""What stands in the practice community now: the sum of its journal. No I/O, no clock."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from adapters.local.said import Record, Said, read, read_card
from bot.domain.card import Card

DIGITS = 12


@dataclass(slots=True)
class Training:
    """A training that goes on or is over. `said` has the message of each line that was said.

    `replied` has when the trainee first wrote under a message.
    """

    scenario: str
    by: str
    said: dict[str, Said] = field(default_factory=dict)
    replied: dict[str, datetime] = field(default_factory=dict)
    is_over: bool = False

    def hear(self, said: Said, line: str | None) -> None:
        """Note a line of the scenario, or what the trainee writes under one."""
        if line is not None:
            self.said[line] = said
        elif said.author == self.by and said.thread is not None:
            self.replied.setdefault(said.thread, said.at)


@dataclass(slots=True)
class State:
    """`done` has the receipt of each key, `seen` how far somebody has read a conversation.

    `ahead` is by how many seconds the community's clock is ahead of the real one.
    """

    messages: dict[str, Said] = field(default_factory=dict)
    done: dict[str, str] = field(default_factory=dict)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    ahead: float = 0.0
    told: int = 0
    training: Training | None = None
    _last: int = 0
    _all: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _rows: defaultdict[tuple[str, str | None], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @classmethod
    def of(cls, records: Iterable[Record]) -> "State":
        state = cls()
        for record in records:
            state.apply(record)
        return state

    def next_id(self) -> str:
        """Give the next message's id. Each is given once."""
        self._last += 1
        return f"{self._last:0{DIGITS}}"

    def apply(self, record: Record) -> None:
        """Let what a line of the journal says be so."""
        if "key" in record:
            self.done.setdefault(record["key"], record["receipt"])
        match record:
            case {"said": said}:
                self._hear(read(said), record.get("line"))
            case {"edited": id_, "text": text, "at": at}:
                self._edit(id_, text, datetime.fromisoformat(at))
            case {"drawn": id_, "card": card}:
                self._draw(id_, read_card(card))
            case {"gone": id_}:
                self._remove(id_)
            case {"seen": who, "where": where, "upto": upto}:
                self.seen[who, where] = upto
            case _:
                self._tend(record)

    def _hear(self, said: Said, line: str | None) -> None:
        self._add(said)
        if self.training is not None and not self.training.is_over:
            self.training.hear(said, line)

    def _tend(self, record: Record) -> None:
        """Let what is for trying out and for training be so."""
        self.ahead = record.get("ahead", self.ahead)
        self.told = record.get("told", self.told)
        match record:
            case {"training": scenario, "by": by}:
                self.training = Training(scenario, by)
            case {"trained": _} if self.training is not None:
                self.training.is_over = True
            case _:
                pass

    def page(self, where: str, thread: str | None, who: str, before: str, most: int) -> list[Said]:
        """Give the `most` messages that `who` sees before a message ("" for the newest)."""
        ids, found = self._rows[where, thread], list[Said]()
        end = bisect_left(ids, before) if before else len(ids)
        for id_ in reversed(ids[:end]):
            said = self.messages[id_]
            if said.only_for in (None, who):
                found.append(said)
            if len(found) == most:
                break
        return found[::-1]

    def public_after(self, where: str, thread: str | None, after: str) -> Iterator[Said]:
        """Read a channel with its threads, or one thread, after a position."""
        ids = self._all[where] if thread is None else self._rows[where, thread]
        while (at := bisect_left(ids, f"{after}\x00")) < len(ids):
            after = ids[at]
            said = self.messages[after]
            if said.is_public:
                yield said

    def newest_public(self, where: str, thread: str | None) -> Said | None:
        ids = self._all[where] if thread is None else self._rows[where, thread]
        return next((s for id_ in reversed(ids) if (s := self.messages[id_]).is_public), None)

    def replies(self, said: Said) -> int:
        return len(self._rows[said.where, said.id]) if said.thread is None else 0

    def unread(self, who: str, where: str) -> int:
        """Count what others have written there since `who` last looked."""
        ids = self._all[where]
        since = bisect_left(ids, self.seen.get((who, where), "") + "\x00")
        later = (self.messages[id_] for id_ in ids[since:])
        return sum(one.author != who and one.only_for in (None, who) for one in later)

    def conversations(self) -> list[str]:
        return [where for where, ids in self._all.items() if ids and where.startswith("@")]

    def _add(self, said: Said) -> None:
        self.messages[said.id] = said
        self._last = max(self._last, int(said.id))
        self._all[said.where].append(said.id)
        self._rows[said.where, said.thread].append(said.id)

    def _edit(self, id_: str, text: str, at: datetime) -> None:
        if id_ in self.messages:
            self.messages[id_] = replace(self.messages[id_], text=text, edited_at=at)

    def _draw(self, id_: str, card: Card) -> None:
        if id_ in self.messages:
            self.messages[id_] = replace(self.messages[id_], card=card, text=card.text)

    def _remove(self, id_: str) -> None:
        said = self.messages.pop(id_, None)
        if said is not None:
            self._all[said.where].remove(id_)
            self._rows[said.where, said.thread].remove(id_)
