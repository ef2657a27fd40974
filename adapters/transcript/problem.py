"""What is wrong with a file, said so that the person who has the file can mend it."""

from dataclasses import dataclass, field

LISTED = 20  # a file with more is broken in one way many times: the rest are only counted


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` in the file, what was `expected` there, and what to do (`mend`)."""

    file: str
    where: str
    expected: str
    mend: str

    @property
    def line(self) -> str:
        """One line, also when a file's name holds line breaks or control characters."""
        line = f"{self.file}: {self.where}: expected {self.expected}. {self.mend}"
        return "".join(c if c.isprintable() else " " for c in line)


@dataclass(slots=True)
class FileProblems:
    """The problems of one file, on their way into the list of all.

    `gaps` grows whenever a message may be missing from what was handed over.
    """

    file: str
    into: list[Problem]
    count: int = field(default=0, init=False)
    gaps: int = field(default=0, init=False)

    def add(self, where: str, expected: str, mend: str) -> None:
        self.count += 1
        self.gaps += 1
        if self.count <= LISTED:
            self.into.append(Problem(self.file, where, expected, mend))

    def close(self) -> None:
        """Say how many were not listed. Call it once, when the file is read out."""
        rest = self.count - LISTED
        if rest > 0:
            mend = f"{rest} more problems of this file are not listed. Export it again."
            self.into.append(Problem(self.file, "further on", "no more problems", mend))
