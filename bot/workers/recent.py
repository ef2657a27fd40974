"""Which messages came in lately: what a platform hands over twice is counted once."""

from collections import OrderedDict
from dataclasses import dataclass, field

MOST = 20_000


@dataclass(slots=True)
class Recent:
    """Remembers keys in memory alone, the latest of them. After a restart the cursors remember."""

    most: int = MOST
    _keys: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def add(self, key: str) -> None:
        self._keys[key] = None
        if len(self._keys) > self.most:
            self._keys.popitem(last=False)

    def __contains__(self, key: str) -> bool:
        return key in self._keys
