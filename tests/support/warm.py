"""Processes of their own that need no second to import everything first.

One process, the stem, imports all that the command may need, reads what is shipped, and waits. For
each process that a test asks for it forks itself: the fork has its own files, environment,
arguments and signals, runs a module as `python -m` does, and ends as Python ends. `waymark.anew`
starts one from nothing.

    python -m tests.support.warm SOCKET
"""

import asyncio
import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import IO, Any, NamedTuple, NoReturn, Self

ROOT = Path(__file__).parents[2]
# A warning is a mistake, in the stem and in what it forks; discord.py's voice is never used.
WARNINGS = "error,ignore:'audioop' is deprecated:DeprecationWarning"
MODULES = (
    "adapters.discord.platform",
    "adapters.local.server",
    "adapters.slack.platform",
    "adapters.transcript.platform",
    "alembic.command",
    "alembic.config",
    "bot.app",
    "bot.calibrate",
    "bot.cli.calendar",
    "bot.cli.calibrate",
    "bot.cli.check",
    "bot.cli.community",
    "bot.cli.database",
    "bot.cli.discord",
    "bot.cli.duty",
    "bot.cli.evaluate",
    "bot.cli.group",
    "bot.cli.platforms",
    "bot.cli.read",
    "bot.cli.replay",
    "bot.cli.run",
    "bot.cli.screen",
    "bot.cli.slack",
    "bot.cli.statement",
    "bot.community",
    "bot.data.desk",
    "bot.data.scenario",
    "bot.evaluate",
    "bot.replay",
    "bot.reports.duty",
    "bot.reports.evaluation.page",
    "bot.reports.evaluation.table",
    "bot.reports.page",
    "bot.reports.table",
    "bot.reports.why",
    "bot.statement",
    "bot.store.engine",
    "bot.workers.apart",
    "icalendar",
    "matplotlib.figure",
    "onnxruntime",
    "recurring_ical_events",
    "rich.table",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "tests.support.fake_discord.server",
    "tests.support.slacktown",
    "tokenizers",
)
_MOST = 1 << 16  # bytes of a request


class Wish(NamedTuple):
    """What to be: a module, its arguments, the environment and the folder to be in."""

    module: str
    args: list[str]
    env: dict[str, str]
    cwd: str


@dataclass(slots=True)
class Warm:
    """A process that was forked. `stdout` and `stderr` are there if they were asked for."""

    pid: int
    stdout: IO[bytes] | None
    stderr: IO[bytes] | None
    returncode: int | None = None
    _ended: socket.socket = field(kw_only=True, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None = None, *_: object) -> None:
        if failed is not None:
            self.kill()
        for pipe in (self.stdout, self.stderr):
            if pipe is not None:
                pipe.close()
        self.wait()

    def send_signal(self, sign: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, sign)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        """Give the exit code if it has ended."""
        if self.returncode is None and select.select([self._ended], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self) -> int:
        """Give the exit code, or the number of the signal that ended it, below zero."""
        if self.returncode is None:
            self.returncode = int(_line(self._ended))
            self._ended.close()
        return self.returncode

    def communicate(self) -> tuple[bytes, bytes]:
        """Read both pipes to their ends, at the same time, and wait."""
        pipes = {one: bytearray() for one in (self.stdout, self.stderr) if one is not None}
        waiting = list(pipes)
        while waiting:
            for pipe in select.select(waiting, [], [])[0]:
                some = os.read(pipe.fileno(), 1 << 16)
                pipes[pipe] += some
                if not some:
                    waiting.remove(pipe)
        said = [bytes(pipes[one]) if one else b"" for one in (self.stdout, self.stderr)]
        self.__exit__()
        return said[0], said[1]

    async def ended(self) -> int:
        """Wait as `wait` does, and let the others work meanwhile."""
        if self.returncode is None:
            there = asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.add_reader(self._ended, there.set)
            await there.wait()
            loop.remove_reader(self._ended)
        return self.wait()


def start(
    module: str,
    *args: object,
    env: Mapping[str, str],
    out: bool = False,
    err: bool = False,
    cwd: Path = ROOT,
) -> Warm:
    """Run `python -m MODULE ARGS` as a fork of the stem, with pipes for what `out` and `err` ask.

    Without a pipe it writes where the tests do.
    """
    stem = _stem()
    mine, its = socket.socketpair()
    ours: list[IO[bytes] | None] = []
    given = [os.open(os.devnull, os.O_RDONLY)]
    for piped, as_here in ((out, 1), (err, 2)):
        read, written = os.pipe() if piped else (None, os.dup(as_here))
        ours.append(None if read is None else open(read, "rb"))  # noqa: PTH123, SIM115 - a pipe
        given.append(written)
    wish = Wish(module, [str(arg) for arg in args], dict(env), str(cwd))
    socket.send_fds(stem, [json.dumps(wish).encode() + b"\n"], [its.fileno(), *given])
    its.close()
    for one in given:
        os.close(one)
    return Warm(int(_line(mine)), ours[0], ours[1], _ended=mine)


@cache
def _stem() -> socket.socket:
    """Start the stem; it ends when the tests do."""
    mine, its = socket.socketpair()
    path = os.environ["PATH"]  # noqa: TID251 - the process needs to find its interpreter
    env = {"PATH": path, "PYTHONWARNINGS": WARNINGS, "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-m", "tests.support.warm", str(its.fileno())],
        cwd=ROOT, env=env, pass_fds=[its.fileno()], start_new_session=True,
    )  # fmt: skip
    its.close()

    def stop() -> None:
        mine.close()
        process.wait()

    atexit.register(stop)
    return mine


def _line(from_: socket.socket) -> bytes:
    """Read up to the end of a line."""
    found = b""
    while not found.endswith(b"\n"):
        some = from_.recv(64)
        assert some, "the stem of the processes has ended"
        found += some
    return found


class Stem:
    """The process that is forked again and again."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked
        self._told: dict[int, socket.socket] = {}
        self._woken, self._wakes = socket.socketpair()
        for one in (self._woken, self._wakes):
            one.settimeout(0)

    def wait(self) -> Wish:
        """Fork for each wish. Returns in the fork alone; ends with the tests."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakes.fileno())
        while True:
            ready, _, _ = select.select([self._asked, self._woken], [], [])
            if self._woken in ready:
                self._woken.recv(_MOST)
                self._bury()
            if self._asked in ready and (wish := self._fork()) is not None:
                return wish

    def _bury(self) -> None:
        """Say of each process that has ended how it did."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                told = self._told.pop(ended[0])
                with contextlib.suppress(BrokenPipeError):  # a test that failed waits for nothing
                    told.sendall(f"{os.waitstatus_to_exitcode(ended[1])}\n".encode())
                told.close()

    def _fork(self) -> Wish | None:
        written, files, _, _ = socket.recv_fds(self._asked, _MOST, 4)
        if not written:
            self._end()
        while not written.endswith(b"\n"):
            written += self._asked.recv(_MOST)
        told, *streams = files
        pid = os.fork()
        if pid == 0:
            os.close(told)
            self._leave()
            return _become(Wish(*json.loads(written)), streams)
        for one in streams:
            os.close(one)
        self._told[pid] = socket.socket(fileno=told)
        self._told[pid].sendall(f"{pid}\n".encode())
        return None

    def _leave(self) -> None:
        """Be a process of its own: without the stem's signals and sockets."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in (self._asked, self._woken, self._wakes, *self._told.values()):
            one.close()

    def _end(self) -> NoReturn:
        for pid in self._told:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)


def _become(wish: Wish, streams: Sequence[int]) -> Wish:
    for number, one in enumerate(streams):
        os.dup2(one, number)
        os.close(one)
    os.environ.clear()  # noqa: TID251 - as a new process would have it
    os.environ.update(wish.env)  # noqa: TID251 - as above
    os.chdir(wish.cwd)
    sys.argv = [wish.module, *wish.args]
    return wish


def _ready() -> None:
    """Import everything, and read what is shipped: a fork has it, and reads what a test wrote."""
    for module in MODULES:
        importlib.import_module(module)
    _read_once()
    gc.collect()
    gc.freeze()


def _read_once() -> None:
    """Keep the shipped files as they were read, and the phrasebooks by their phrases.

    The encoder is left to each fork: what it runs on may hold threads, which are not forked.
    """
    from bot import knowledge  # noqa: PLC0415 - this module is imported by tests too
    from bot.settings import Settings  # noqa: PLC0415 - as above
    from tests.support import phrasebooks  # noqa: PLC0415 - as above

    settings = Settings.from_env({})
    rules = _keep(knowledge, "load_rules", settings.cues)
    catalogue = _keep(knowledge, "load_resources", settings.resources)
    registry = _keep(knowledge, "load_claims", settings.claims)
    meaning = _keep(knowledge, "load_meaning", settings.weights)
    _keep(knowledge, "load_helplines", settings.helplines)
    phrasebooks.keep()
    knowledge.know(
        rules=rules, catalogue=catalogue, registry=registry, models=None, meaning=meaning
    )


def _keep(module: ModuleType, loader: str, shipped: Path) -> Any:  # noqa: ANN401 - what it loads
    """Load a file, and let `module` have it whenever it asks for this path."""
    load = getattr(module, loader)
    found = load(shipped)
    setattr(module, loader, lambda path: found if path == shipped else load(path))
    return found


if __name__ == "__main__":
    stem = socket.socket(fileno=int(sys.argv[1]))
    _ready()
    wanted = Stem(stem).wait()
    runpy.run_module(wanted.module, run_name="__main__", alter_sys=True)
