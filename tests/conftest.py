"""What every test stands on: no network beyond this machine, and no wall time."""

import pytest
import structlog
from hypothesis import settings
from pytest_socket import socket_allow_hosts

# No test depends on how fast the machine is: `make bench` measures that.
settings.register_profile("waymark", deadline=None)
settings.load_profile("waymark")

# Plain tracebacks, as the bot writes them: drawing every local variable takes seconds.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

pytest_plugins = ["tests.support.databases"]


@pytest.fixture(autouse=True)
def only_this_machine() -> None:
    """Refuse every connection but to loopback: a test that needs the internet is not one."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
