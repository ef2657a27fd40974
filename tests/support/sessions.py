"""Sessions of an encoder that a test watches, holds or breaks: each passes on to a real one."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.triage.encoder import Session

_LONG = 30.0  # seconds; a test that waits so long has failed


@dataclass(slots=True, eq=False)
class Watched:
    """Keeps what it was given."""

    inner: Session
    feeds: list[Mapping[str, Any]] = field(default_factory=list)

    def run(self, output_names: Sequence[str] | None, input_feed: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as onnxruntime types it
        self.feeds.append(input_feed)
        return self.inner.run(output_names, input_feed)


@dataclass(slots=True, eq=False)
class Held:
    """Stands still, in whichever thread runs it, until it is let go."""

    inner: Session
    reached: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def run(self, output_names: Sequence[str] | None, input_feed: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
        self.reached.set()
        if not self.let_go.wait(_LONG):
            raise TimeoutError("nobody let the session go")
        return self.inner.run(output_names, input_feed)

    def wait(self) -> None:
        """Return when something is being read; for a thread, not for the loop."""
        if not self.reached.wait(_LONG):
            raise TimeoutError("nothing came to be read")


@dataclass(slots=True, eq=False)
class Broken:
    """Raises on what holds the piece `bad`, in words that tell too much."""

    inner: Session
    bad: int
    says: str

    def run(self, output_names: Sequence[str] | None, input_feed: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
        if self.bad in input_feed["ids"]:
            raise RuntimeError(self.says)
        return self.inner.run(output_names, input_feed)
