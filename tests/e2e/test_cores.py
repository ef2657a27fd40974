"""The processes beside the bot leave a core to it."""

import os
from multiprocessing import active_children

import pytest

from bot.cores import allowed, beside
from bot.settings import Settings
from bot.store.apart import in_process
from bot.store.engine import open_store
from bot.workers.apart import apart
from bot.workers.sorter import Sorter
from tests.support.build import desk
from tests.support.world import knowledge

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity"), reason="this system does not say who may use which core"
)


async def test_store_sorter_and_encoder_work_on_the_other_cores(upgraded_sqlite_url: str) -> None:
    settings, mine = Settings(), allowed()
    with apart(knowledge(), settings.weights):
        async with (
            open_store(upgraded_sqlite_url, in_process) as store,
            Sorter(settings, knowledge().versions) as sorter,
        ):
            await store.desks.ensure(desk())
            await sorter.ready()
            pids = [one.pid for one in active_children() if one.pid is not None]
            theirs = [os.sched_getaffinity(pid) for pid in pids]

    assert theirs == [beside(mine)] * 3
    assert allowed() == mine


async def test_the_encoder_reads_while_nobody_else_of_the_bot_wants_its_core() -> None:
    with apart(knowledge(), Settings().weights):
        (encoder,) = active_children()
        assert encoder.pid is not None
        policy = os.sched_getscheduler(encoder.pid)

    assert policy == os.SCHED_IDLE
