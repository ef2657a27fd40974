"""What every test stands on: no network beyond this machine, and no wall time."""

import gc
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings
from pytest_socket import socket_allow_hosts

from tests.support import phrasebooks

# No test depends on how fast the machine is: `make bench` measures that.
settings.register_profile("waymark", deadline=None)
settings.load_profile("waymark")

# Plain tracebacks, as the bot writes them: drawing every local variable takes minutes where one of
# them is all that Waymark knows.
LOG: list[structlog.typing.Processor] = [
    structlog.processors.add_log_level,
    structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
]
structlog.configure(processors=LOG)

phrasebooks.keep()
gc.disable()  # until all tests are found: see pytest_collection_finish

pytest_plugins = ["tests.support.databases"]


def pytest_collection_finish() -> None:
    """Look no more at what stays: thousands of tests, and all that they import."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def only_this_machine() -> None:
    """Refuse every connection but to loopback: a test that needs the internet is not one."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def plain_log() -> Iterator[None]:
    """Log plainly again after a command that ran in this process: it logs by its own settings."""
    yield
    if structlog.get_config()["processors"] is not LOG:
        structlog.reset_defaults()
        structlog.configure(processors=LOG)
