"""What is done to a row before it is learnt: so that the wording is learnt, and not its length."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from training.corpus import LONGEST, Row

SHORTEST = 60
_BARE = str.maketrans("", "", ".,!?'")


@dataclass(frozen=True, slots=True)
class Chances:
    """How often each thing is done to a row."""

    typo: float = 0.08
    bare: float = 0.12
    joined: float = 0.12
    context: float = 0.15


class Varied:
    """Makes another wording of a row each time it is asked. Deterministic for one `seed`."""

    def __init__(self, chat: Sequence[str], *, seed: int, chances: Chances | None = None) -> None:
        self._chat = chat
        self._random = Random(seed)  # noqa: S311 - no secrets
        self._chances = chances or Chances()

    def of(self, row: Row) -> tuple[str, tuple[str, ...]]:
        """Give a text and what was said before it."""
        text, before = row.text, row.before
        if self._often(self._chances.typo) and len(text) > SHORTEST // 4:
            text = self._misspelt(text)
        if self._often(self._chances.bare):
            text = text.translate(_BARE)
        if self._often(self._chances.joined):
            text = self._joined(text)
        if not before and self._often(self._chances.context):
            lines = (
                self._random.choice(self._chat)[:100] for _ in range(self._random.randint(1, 3))
            )
            before = tuple(f"{self._random.choice(('me', 'x'))}: {line}" for line in lines)
        return text, before

    def cropped(self, text: str) -> str:
        """Cut a stretch out of a long text, from the start of a word."""
        length = self._random.randint(SHORTEST, LONGEST)
        if len(text) <= length:
            return text
        start = self._random.randrange(len(text) - length + 1)
        start = text.find(" ", start) + 1 if start else 0
        return text[start : start + length]

    def _often(self, chance: float) -> bool:
        return self._random.random() < chance

    def _joined(self, text: str) -> str:
        """Put a line of ordinary chat before or after it, as people write."""
        line = self._random.choice(self._chat)[:120]
        return f"{line} {text}" if self._often(0.5) else f"{text} {line}"

    def _misspelt(self, text: str) -> str:
        letters = list(text)
        for _ in range(max(1, len(letters) // 40)):
            at, kind = self._random.randrange(len(letters) - 1), self._random.randrange(3)
            if kind == 0:
                letters[at] = ""
            elif kind == 1:
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
            else:
                letters[at] *= 2
        return "".join(letters)
