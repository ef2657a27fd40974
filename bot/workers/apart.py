"""The encoder in a process of its own.

In a thread it shares the interpreter with the event loop: in a flood each of the two waits for the
other at every turn, which doubled what a page took. Apart, it takes what the loop leaves of the
machine. What it reads, and how, is the same.
"""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context, parent_process
from pathlib import Path

import structlog

from bot.cores import allowed, stand_aside
from bot.data.weights import load_encoder
from bot.data.yamlfile import BadFile
from bot.knowledge import Knowledge
from bot.store.apart import unheard
from bot.triage.encoder import Encoded, Encoder, Heard

log = structlog.get_logger(__name__)

# How much it stands back for others of the bot (nice's scale, up to 19), where a system knows no
# more than that. Linux lets it read only while nobody else of the bot wants its core: at a mere
# nice of 10 the store waited 1.4 ms for it at each turn, three times for a page.
_STANDS_BACK = 10
# Seconds. Where something else keeps its core busy for ever it would hardly ever read so, and
# somebody in danger may be waited for. Reading takes a tenth of this, on a slow machine too.
_PATIENCE = 2.0
_TRIES = 2

_encoder: Encoder | None = None  # of the process that is apart


@contextmanager
def apart(knowledge: Knowledge, folder: Path) -> Iterator[Knowledge]:
    """Give what is known with the encoder of `folder` in a process of its own, until the end.

    Without an encoder, or where no process can be started, it stays as it is. `folder` must be the
    one that `knowledge` was loaded from.
    """
    models = knowledge.models
    if models is None or models.models.encoder is None:
        yield knowledge
        return
    encoder = ApartEncoder(folder, models.models.encoder.version)
    try:
        encoder.encode([])
        moved = replace(
            knowledge,
            models=replace(models, models=replace(models.models, encoder=encoder)),
            triage=knowledge.triage.with_encoder(encoder),
        )
        del knowledge, models  # with them the models that only the other process needs
        yield moved
    finally:
        encoder.close()


@dataclass(slots=True)
class ApartEncoder:
    """Has messages read by another process; when that one dies, by the next, and at last here.

    May be called from several threads. Each waits for its answer. While it `stands_back` it reads
    only when nobody else of the bot wants its core; that ends where it takes longer than `patience`
    seconds, and on a machine with one core it never does.
    """

    folder: Path
    version: str
    stands_back: bool = field(default_factory=lambda: len(allowed()) > 1)
    patience: float = _PATIENCE
    _reader: Future[int] | None = None
    _pool: ProcessPoolExecutor | None = None
    _here: Encoder | None = None
    _starting: threading.Lock = field(default_factory=threading.Lock)

    def encode(self, heard: Sequence[Heard]) -> list[Encoded]:
        """See `bot.triage.encoder.Encoder.encode`."""
        for _ in range(_TRIES):
            if self._here is not None:
                break
            pool = self._started()
            try:
                with unheard(signal.SIGINT):  # the first to be asked starts it
                    asked = pool.submit(_encode, list(heard))
                return self._answered(asked)
            except TimeoutError:
                self._stand_back_no_more(pool)
            except BrokenProcessPool:
                log.warning("the encoder's process has died; it is started again")
                self._give_up(pool)
        return self._in_this_process().encode(heard)

    def _answered(self, asked: Future[list[Encoded]]) -> list[Encoded]:
        """Wait for an answer. Raises TimeoutError when it stands back too far to give one."""
        if self.stands_back and self._reader is not None:
            self._reader.result()  # loading takes longer, and is not to be waited for twice
            return asked.result(self.patience)
        return asked.result()

    def _stand_back_no_more(self, pool: ProcessPoolExecutor) -> None:
        """Let the next process read as others do. What stands back cannot be called forward."""
        with self._starting:
            if self._pool is not pool or self._reader is None:
                return
            log.warning("other programs keep the encoder from reading; it is started once more")
            self.stands_back = False
            self._pool = None
            with suppress(OSError):  # it is gone already
                os.kill(self._reader.result(), signal.SIGKILL)
        pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the other process."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _started(self) -> ProcessPoolExecutor:
        with self._starting:
            if self._pool is None:
                # Not forked: threads may hold locks here that nobody would release there.
                self._pool = ProcessPoolExecutor(
                    1,
                    get_context("spawn"),
                    initializer=_open,
                    initargs=(self.folder, self.stands_back),
                )
                with unheard(signal.SIGINT):  # the first thing that is asked of it starts it
                    self._reader = self._pool.submit(os.getpid)
            return self._pool

    def _give_up(self, pool: ProcessPoolExecutor) -> None:
        with self._starting:
            if self._pool is pool:
                self._pool = None
        pool.shutdown(wait=False, cancel_futures=True)

    def _in_this_process(self) -> Encoder:
        """Read in the thread that asks. Raises BadFile if the weights are gone as well."""
        with self._starting:
            if self._here is None:
                log.warning("the encoder has no process of its own: reading is slower")
                self._here, _ = load_encoder(self.folder)
            return self._here


def _open(folder: Path, stands_back: bool) -> None:  # noqa: FBT001 - a pool hands it on by its place
    global _encoder  # a worker of a pool has no other place for what it loads once
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one who asks
    stand_aside()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _stand_back(far=stands_back)
    with suppress(BadFile):  # then nothing can be read, and who asks reads for itself
        _encoder, _ = load_encoder(folder)


def _stand_back(*, far: bool) -> None:
    with suppress(OSError, AttributeError):
        os.nice(_STANDS_BACK)
        if far:
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _end_with_parent() -> None:
    """Leave no process behind when the bot is killed: nobody would ever end it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _encode(heard: list[Heard]) -> list[Encoded]:
    if _encoder is None:
        os._exit(1)
    return _encoder.encode(heard)
