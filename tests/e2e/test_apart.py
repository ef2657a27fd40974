"""The encoder in a process of its own: the same readings, and it may die at any time."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context
from pathlib import Path

import pytest

from bot.data.weights import WEIGHTS, load_encoder
from bot.data.yamlfile import BadFile
from bot.knowledge import load_knowledge
from bot.settings import Settings
from bot.triage.encoder import Encoder, Heard
from bot.workers.apart import ApartEncoder, apart
from tests.support.build import NOON
from tests.support.live import cues_alone
from tests.support.waymark import ROOT, environment

HEARD = [
    Heard("would it even matter if i was not around"),
    Heard("yes", ("x: are you thinking of ending it?",)),
    Heard("the bakery is hiring again"),
]
# Opens an encoder that is apart, says who reads, and waits to be killed.
KILLED = f"""
from multiprocessing import active_children
from pathlib import Path
from bot.workers.apart import ApartEncoder
ApartEncoder(Path({str(WEIGHTS)!r}), "", stands_back=False).encode([])
print(active_children()[0].pid, flush=True)
input()
"""
PATIENCE = 30.0  # seconds that an end may take on a busy machine


@pytest.fixture(scope="module")
def here() -> Encoder:
    return load_encoder()[0]


@pytest.fixture
def encoder(here: Encoder) -> Iterator[ApartEncoder]:
    reader = ApartEncoder(WEIGHTS, here.version)
    yield reader
    reader.close()


def kill() -> int:
    """Kill the one who reads, and give who it was."""
    (reader,) = active_children()
    assert reader.pid is not None
    os.kill(reader.pid, signal.SIGKILL)
    reader.join()
    return reader.pid


def test_what_is_read_apart_reads_the_same(encoder: ApartEncoder, here: Encoder) -> None:
    assert encoder.encode(HEARD) == here.encode(HEARD)
    assert encoder.encode([]) == []
    assert len(active_children()) == 1


def test_when_its_process_dies_the_next_one_reads_on(
    encoder: ApartEncoder, here: Encoder, capsys: pytest.CaptureFixture[str]
) -> None:
    encoder.encode(HEARD[:1])
    dead = kill()

    assert encoder.encode(HEARD) == here.encode(HEARD)
    assert [child.pid for child in active_children()] != [dead]
    assert "started again" in "".join(capsys.readouterr())


@pytest.mark.skipif(
    not hasattr(os, "sched_getscheduler"), reason="this system does not say how it shares a core"
)
def test_one_that_is_kept_from_reading_stands_back_no_more(
    here: Encoder, capsys: pytest.CaptureFixture[str]
) -> None:
    others = set(active_children())
    encoder = ApartEncoder(WEIGHTS, here.version, stands_back=True, patience=60.0)
    try:
        encoder.encode([])
        (first,) = set(active_children()) - others
        assert first.pid is not None
        before = os.sched_getscheduler(first.pid)
        encoder.patience = 0.0  # whatever it is asked takes longer

        assert encoder.encode(HEARD) == here.encode(HEARD)
        (second,) = set(active_children()) - others - {first}
        assert second.pid is not None
        assert (before, os.sched_getscheduler(second.pid)) == (os.SCHED_IDLE, os.SCHED_OTHER)
        assert not encoder.stands_back
        assert "once more" in "".join(capsys.readouterr())
        assert encoder.encode(HEARD) == here.encode(HEARD)
    finally:
        encoder.close()


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="this system does not say who may use which core"
)
def test_on_the_only_core_it_does_not_stand_back() -> None:
    ours = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, [min(ours)])
        assert not ApartEncoder(WEIGHTS, "").stands_back
    finally:
        os.sched_setaffinity(0, ours)


class Doomed(ApartEncoder):
    """One whose processes end before they have read anything, as where memory is short."""

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, get_context("spawn"), initializer=os._exit, initargs=(1,))


def test_when_no_process_can_be_had_it_reads_here(
    here: Encoder, capsys: pytest.CaptureFixture[str]
) -> None:
    encoder = Doomed(WEIGHTS, here.version)

    assert encoder.encode(HEARD) == here.encode(HEARD)
    assert active_children() == []
    assert "no process of its own" in "".join(capsys.readouterr())


def test_without_weights_who_asks_hears_of_it(tmp_path: Path) -> None:
    encoder = ApartEncoder(tmp_path, "")
    try:
        with pytest.raises(BadFile, match=r"encoder\.json"):
            encoder.encode(HEARD)
    finally:
        encoder.close()


def test_a_whole_reading_is_the_same_with_the_encoder_apart() -> None:
    settings = Settings.from_env({})
    known = load_knowledge(settings)
    with apart(known, settings.weights) as moved:
        for one in HEARD:
            assert moved.triage.read(one.text, sent_at=NOON) == known.triage.read(
                one.text, sent_at=NOON
            )
        assert moved.versions == known.versions
        assert len(active_children()) == 1
    assert active_children() == []


def test_without_an_encoder_no_process_is_made() -> None:
    cues = cues_alone()
    with apart(cues, WEIGHTS) as same:
        assert same is cues
        assert active_children() == []


def test_nobody_is_left_behind_when_the_bot_is_killed() -> None:
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", KILLED], cwd=ROOT, env=environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as bot:  # fmt: skip
        assert bot.stdout is not None
        reader = os.pidfd_open(int(bot.stdout.readline()))
        bot.kill()
        ended, _, _ = select.select([reader], [], [], PATIENCE)
        os.close(reader)

    assert ended
