"""`waymark community` as a person runs it."""

import re
import signal
import urllib.request
from pathlib import Path

from tests.support.waymark import started, waymark


def test_it_prints_an_address_that_opens_and_stops_in_good_order(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    with started("community", "--folder", folder, "--port", 0) as running:
        assert running.stdout is not None
        said = ""
        while "Discord" not in said and (line := running.stdout.readline().decode()):
            said += line
        address = re.search(r"http://127\.0\.0\.1:\d+/\S+/", said)
        assert address is not None, said
        with urllib.request.urlopen(address[0]) as page:  # noqa: S310 - our own address
            assert b"Your first minute" in page.read()
        second = waymark("community", "--folder", folder, "--port", 0)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate()

    assert running.returncode == 0, errors
    assert errors == b""
    assert second.code == 78
    assert "open here already" in second.err
    assert (folder / "practice.db").exists()
