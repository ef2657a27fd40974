"""Which messages came in lately: what a platform hands over twice is counted once."""

from dataclasses import dataclass, field

MOST = 20_000


@dataclass(slots=True)
class Recent:
    """Remembers keys in memory alone: the latest `most`, and up to as many more.

    They are kept in two sets, of which the older goes at once: to let them go one by one each
    would have to know its neighbours. After a restart the cursors remember.
    """

    most: int = MOST
    _newer: set[str] = field(default_factory=set)
    _older: set[str] = field(default_factory=set)

    def add(self, key: str) -> None:
        if len(self._newer) >= self.most:
            self._newer, self._older = set(), self._newer
        self._newer.add(key)

    def __contains__(self, key: str) -> bool:
        return key in self._newer or key in self._older
