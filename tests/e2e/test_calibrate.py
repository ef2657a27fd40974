"""Calibrating a community, through the command that people type."""

import json
import signal
import stat
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from adapters.transcript.platform import TranscriptPlatform
from bot.calibrate import measure, shown
from bot.data.desk import SHIPPED, load_desk
from tests.support.exports import discord_author, discord_json, discord_message
from tests.support.waymark import EXPORTS, KEY, ROOT, Ran, waymark
from tests.support.world import knowledge

TOLD = "heliotrope marmalade"  # words that nothing may hold afterwards
WRITER = "zanzibara-quillfeather"
TEXTS = (
    f"good morning {TOLD}",
    "anyone up for a game tonight",
    "i updated my cv over the weekend",
    "should i take the offer or wait for the other one?",
    f"i want to kill myself {TOLD}",
)


def export(folder: Path, count: int, *, name: str = "chat.json", **channel: object) -> Path:
    author = discord_author("900000000000000077", name=WRITER, nickname=WRITER)
    messages = [
        discord_message(n, content=f"{TEXTS[n % len(TEXTS)]} {n}", author=author)
        for n in range(count)
    ]
    path = folder / name
    path.write_bytes(discord_json(messages, **channel))
    return path


def told(ran: Ran) -> dict[str, Any]:
    found = json.loads(ran.out)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """The sample community, calibrated."""
    path = tmp_path_factory.mktemp("counts") / "calibration.json"
    ran = waymark("calibrate", *EXPORTS, "--json", "--into-file", path)
    assert ran.code == 0, ran.err
    return told(ran), path


def test_the_shipped_setting_alerts_as_a_replay_does(sample: tuple[dict[str, Any], Path]) -> None:
    ran = waymark("replay", *EXPORTS, "--json")
    replayed = Counter(json.loads(line)["priority"] for line in ran.out.splitlines())

    assert sample[0]["settings"]["shipped"]["messages"] == replayed


def test_every_alarm_has_its_line_and_its_counts_at_every_setting(
    sample: tuple[dict[str, Any], Path],
) -> None:
    found, _ = sample
    settings = {"strict", "shipped", "calibrated", "looser"}

    assert set(found["settings"]) == settings
    for alarm in found["alarms"]:
        assert set(alarm["messages"]) == settings
        assert alarm["words"]
        assert alarm["priority"] in ("P1", "P2", "P3")
    assert sum(found["days"].values()) == found["messages"]


def test_a_desk_uses_the_counts_and_its_decisions_say_so(tmp_path: Path) -> None:
    counts = tmp_path / "calibration.json"
    desk = desk_file(tmp_path, "{calibration: calibration.json, rates: {asking_model: 0.02}}")
    asked = ("--desk-config", desk, "--json", EXPORTS[1])
    found = told(waymark("calibrate", *asked, "--into-file", counts))
    ran = waymark("replay", *asked)
    replayed = [json.loads(line) for line in ran.out.splitlines()]
    checked = waymark("check", "--desk-config", desk)

    assert found["settings"]["calibrated"]["messages"] != found["settings"]["shipped"]["messages"]
    assert found["settings"]["calibrated"]["messages"] == {
        "P0": 0, "P1": 0, "P2": 0, "P3": 0, **Counter(line["priority"] for line in replayed)
    }  # fmt: skip
    assert {line["versions"]["model"].partition("+lines-")[0] for line in replayed} == {
        found["model"]
    }
    assert all("+lines-" in line["versions"]["model"] for line in replayed)
    assert checked.code == 0, checked.err
    assert f"{found['model']}+lines-" in checked.out


def test_nothing_that_was_written_is_kept_or_shown(tmp_path: Path) -> None:
    kept = tmp_path / "calibration.json"
    ran = waymark("calibrate", export(tmp_path, 60), "--into-file", kept)

    assert ran.code == 0, ran.err
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for said in (kept.read_text(), ran.out, ran.err):
        for word in (*TOLD.split(), WRITER, "900000000000000077", "kill", "cv", "job-search"):
            assert word not in said.lower()


def test_the_table_says_what_a_calibration_is_and_when_it_is_too_small(tmp_path: Path) -> None:
    ran = waymark("calibrate", export(tmp_path, 10))
    said = " ".join(ran.out.split())

    assert said.startswith("10 messages read on 1 day, 2026-03-02 to 2026-03-02.")
    assert "alert budget, not an error rate" in said
    assert "Beware: 10 messages are few." in said
    assert "For all of them it takes 10,000 messages." in said
    assert "The counts are in" not in said + ran.err


def test_only_what_would_be_read_is_counted(tmp_path: Path) -> None:
    bot = discord_author("900000000000000099", isBot=True)
    said_no = discord_author("900000000000000088")
    path = tmp_path / "chat.json"
    messages = [
        discord_message(0),
        discord_message(1, author=bot),
        discord_message(2, content=""),
        discord_message(3, author=said_no),
    ]
    path.write_bytes(discord_json(messages))
    copy = tmp_path / "copy.json"
    copy.write_bytes(path.read_bytes())
    desk = tmp_path / "desk.yaml"
    text = (ROOT / "bot" / "data" / "desk.yaml").read_text("utf-8")
    desk.write_text(text.replace("opted_out: []", 'opted_out: ["discord:900000000000000088"]'))
    found = told(waymark("calibrate", path, copy, "--json", "--desk-config", desk))

    assert found["messages"] == 1
    assert any(
        "4 messages seen: 1 read, 1 by members who opted out, 1 by bots, 1 without words" in line
        for line in found["remarks"]
    )
    assert any("counted once: 4 messages" in line for line in found["remarks"])


def test_a_time_and_a_channel_narrow_it(tmp_path: Path) -> None:
    path = export(tmp_path, 10)
    until = told(waymark("calibrate", path, "--json", "--until", "2026-03-02T09:04"))
    elsewhere = waymark("calibrate", path, "--channel", "lounge")

    assert until["messages"] == 4
    assert elsewhere.code == 66
    assert "No message was read" in elsewhere.err


def test_a_broken_export_is_named_and_the_rest_is_counted(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(
        export(tmp_path, 5, name="whole.json", id="800000000000000002").read_bytes()[:-40]
    )
    ran = waymark("calibrate", broken, export(tmp_path, 5))

    assert ran.code == 65
    assert "broken.json" in ran.err


def test_stricter_pages_are_warned_of(tmp_path: Path) -> None:
    desk = desk_file(tmp_path, "{stricter_pages: true, rates: {self_harm_model: 0.0001}}")
    ran = waymark("calibrate", export(tmp_path, 10), "--desk-config", desk)
    said = " ".join(ran.out.split())

    assert ran.code == 0, ran.err
    assert "Beware: you asked for stricter pages, and got them: SELF_HARM_MODEL." in said


@pytest.mark.parametrize(
    ("thresholds", "said"),
    [
        ("{calibration: gone.json}", "gone.json: No such file"),
        ("{rates: {self_harm_model: 0.0001}}", "add `stricter_pages: true`"),
        ("{rates: {self_harm: 0.001}}", "self_harm is no alarm"),
    ],
)
def test_thresholds_that_cannot_be_used_stop_a_replay(
    tmp_path: Path, thresholds: str, said: str
) -> None:
    desk = desk_file(tmp_path, thresholds)
    ran = waymark("replay", export(tmp_path, 2), "--desk-config", desk)

    assert ran.code == 78
    assert said in ran.err


def test_without_models_there_is_nothing_to_calibrate(tmp_path: Path) -> None:
    empty = tmp_path / "weights"
    empty.mkdir()
    ran = waymark("calibrate", export(tmp_path, 2), WAYMARK_WEIGHTS=str(empty))

    assert ran.code == 78
    assert "nothing to calibrate" in ran.err


def test_one_that_is_stopped_says_so_and_keeps_nothing(tmp_path: Path) -> None:
    kept, out = tmp_path / "calibration.json", StringIO()
    transcript = TranscriptPlatform(
        [export(tmp_path, 3_000)], on_bytes=lambda _: signal.raise_signal(signal.SIGTERM)
    )
    found = measure(
        transcript,
        load_desk(SHIPPED),
        knowledge(),
        author_key=KEY.encode(),
        today=date(2026, 4, 1),
    )
    said = list(shown(found, kept, as_json=False, console=Console(file=out, width=200)))

    assert found.stopped
    assert 0 < found.messages < 3_000
    assert "this was stopped before the end, so nothing was written" in out.getvalue()
    assert said == []
    assert not kept.exists()


def test_a_file_that_cannot_be_written_is_said_before_anything_is_read(tmp_path: Path) -> None:
    ran = waymark("calibrate", tmp_path / "gone.json", "--into-file", tmp_path / "no" / "c.json")

    assert ran.code == 74
    assert "No such folder" in ran.err


def desk_file(folder: Path, thresholds: str) -> Path:
    path = folder / "desk.yaml"
    text = (ROOT / "bot" / "data" / "desk.yaml").read_text("utf-8")
    path.write_text(f"{text}\nthresholds: {thresholds}\n", encoding="utf-8")
    return path
