"""`waymark community` as a person runs it."""

import re
import signal
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import warm
from tests.support.waymark import environment, started, waymark


@contextmanager
def running(folder: Path, *args: object) -> Iterator[tuple[warm.Warm, str, str]]:
    """Run a command in a folder of its own until its page can be opened; give also what it said."""
    with warm.start("bot", *args, env=environment(), out=True, err=True, cwd=folder) as process:
        assert process.stdout is not None
        said = ""
        while "click by click" not in said and (line := process.stdout.readline().decode()):
            said += line
        address = re.search(r"http://127\.0\.0\.1:\d+/\S+", said)
        assert address is not None, said
        yield process, said, address[0]
        process.kill()


def test_run_with_nothing_set_up_opens_it_and_says_what_to_set(tmp_path: Path) -> None:
    with running(tmp_path, "run") as (process, said, address):
        with urllib.request.urlopen(address) as page:  # noqa: S310 - our own address
            assert b"Your first minute" in page.read()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate()

    assert (process.returncode, errors) == (0, b"")
    assert "WAYMARK_DISCORD_TOKEN" in said
    assert "WAYMARK_SLACK_BOT_TOKENS" in said
    assert (tmp_path / "waymark-practice" / "practice.db").exists()


def test_a_scenario_can_be_named_and_is_chosen_on_the_page(tmp_path: Path) -> None:
    args = ("community", "--scenario", "bad-day", "--port", 0)
    with running(tmp_path, *args) as (_, _, address):
        assert address.endswith("#as=aino&scenario=bad-day")


def test_a_scenario_that_is_not_there_is_refused_with_those_there_are(tmp_path: Path) -> None:
    ran = waymark("community", "--folder", tmp_path, "--scenario", "good-day")

    assert ran.code == 78
    assert "There is no scenario good-day. Choose of: bad-day, " in ran.err


def test_a_mistake_in_a_scenario_of_ones_own_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("id: mine\nway: dancing\n")
    for ran in (
        waymark("community", "--folder", tmp_path / "kept", "--scenarios", tmp_path),
        waymark("check", WAYMARK_SCENARIOS=str(tmp_path)),
    ):
        assert ran.code == 78
        assert f"{tmp_path}/mine.yaml:2: way (in mine): There is no such way." in ran.err


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
        rest, errors = running.communicate()

    assert running.returncode == 0, errors
    assert errors == b""
    assert rest.decode().endswith(f"Stopped. What was said is kept in {folder}.\n")
    assert second.code == 78
    assert "open here already" in second.err
    assert (folder / "practice.db").exists()
