"""What an evaluation found: plain figures, of which every report is made.

The names of the fields are the keys of the JSON object (`docs/evaluate.md`): they are kept.
"""

import json
from dataclasses import asdict, dataclass

from bot.reports.metrics import Bin

RATES = (0.05, 0.01, 0.001, 0.0002)
NOTHING = "nothing"
RUNGS = ("P0", "P1", "P2", "P3", NOTHING)


@dataclass(frozen=True, slots=True)
class Source:
    """A file and what became of its rows; `role` is "labelled" or "chat"."""

    file: str
    role: str
    rows: int
    other_split: int
    not_chat: int
    not_drawn: int
    read: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the ends of its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class AtRate:
    """What is found where no more than `rate` of ordinary chat would be."""

    rate: float
    recall: Estimate


@dataclass(frozen=True, slots=True)
class OfLength:
    """Recall at 1 % of ordinary chat, over the positives of one length; None without chat."""

    length: str
    positives: int
    recall: float | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One head on one file. `differing` rows were left out: two readers differ or cannot tell.

    `auc`, `average_precision` and what follows need negatives in the file; `recall` needs chat.
    """

    file: str
    head: str
    positives: int
    negatives: int
    differing: int
    auc: Estimate | None
    average_precision: Estimate | None
    recall: tuple[AtRate, ...]
    lengths: tuple[OfLength, ...]
    calibration_error: float | None
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Realised:
    """An alarm of this release on one community: the share of chat meant, and the real one."""

    head: str
    code: str
    meant: float
    realised: float


@dataclass(frozen=True, slots=True)
class Community:
    """What ordinary chat led to. `priorities` counts messages by RUNGS."""

    file: str
    messages: int
    priorities: dict[str, int]
    pages_in_10000: float
    queue_in_10000: float
    alarms: tuple[Realised, ...]


@dataclass(frozen=True, slots=True)
class Confusion:
    """`counts`: wanted -> read as -> messages, both by RUNGS. `differing` rows were left out."""

    file: str
    differing: int
    counts: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Paging:
    """Pages (P0 and P1) on a file of our own format, where the readers agree on them.

    `grave` messages should page, of which `found` did; `negatives` should not, of which `false`
    did.
    """

    file: str
    grave: int
    found: int
    negatives: int
    false: int
    recall: float | None
    precision: float | None


@dataclass(frozen=True, slots=True)
class Slice:
    """One kind of message of one file: what was missed there, and what was found for nothing."""

    file: str
    slice: str
    messages: int
    grave: int
    missed: int
    paged_for_nothing: int
    noticed_for_nothing: int

    @property
    def mistakes(self) -> int:
        return self.missed + self.paged_for_nothing + self.noticed_for_nothing


@dataclass(frozen=True, slots=True)
class Cued:
    """How often the cues' word was right, by code. None where no label can tell.

    `concern_precision` asks only that the message be of the code's concern. `on_chat_in_10000` is
    how often the code was said of ordinary chat.
    """

    code: str
    said: int
    precision: float | None
    concern_precision: float | None
    on_chat_in_10000: float | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What rows of the shared format with one label led to: `priorities` counts them by RUNGS."""

    file: str
    head: str
    label: int
    messages: int
    priorities: dict[str, int]


@dataclass(frozen=True, slots=True)
class Versions:
    ruleset: str
    model: str
    policy: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All of it. `problems` could not be read; `remarks` are what a reader has to know."""

    versions: Versions
    cut: int
    split: str
    most: int
    sources: tuple[Source, ...]
    ranked: tuple[Ranked, ...]
    communities: tuple[Community, ...]
    paging: tuple[Paging, ...]
    confusions: tuple[Confusion, ...]
    slices: tuple[Slice, ...]
    cues: tuple[Cued, ...]
    followed: tuple[Followed, ...]
    remarks: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def messages(self) -> int:
        return sum(source.read for source in self.sources)

    @property
    def chat_messages(self) -> int:
        return sum(community.messages for community in self.communities)

    def as_json(self) -> str:
        """Give one JSON object; what could not be measured is null, never NaN."""
        return json.dumps(asdict(self), allow_nan=False)
