"""The main job from end to end, through the command that people type."""

import json
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.exports import discord_json, discord_message, in_folder, write_long
from tests.support.warm import Warm
from tests.support.waymark import COMMUNITY, EXPORTS, KEY, ROOT, Ran, started, waymark

TOLD = "heliotrope marmalade"  # words that no output may hold unless it is asked to
GRAVE = f"i want to kill myself {TOLD}"


@pytest.fixture(scope="module")
def community() -> list[dict[str, object]]:
    ran = waymark("replay", *EXPORTS, "--json")
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.fixture
def grave(tmp_path: Path) -> Path:
    """An export of five messages, one of them grave."""
    texts = ["hello all", GRAVE, "nice weather", "see you tomorrow", "bye"]
    messages = [discord_message(number, content=text) for number, text in enumerate(texts)]
    return _export(tmp_path / "grave.json", messages)


def test_every_grave_message_of_the_sample_community_alerts(
    community: list[dict[str, object]],
) -> None:
    found = {line["message"]: line["priority"] for line in community}
    wanted = {
        line["message"]: line["priority"]
        for line in map(json.loads, (COMMUNITY / "expected.jsonl").read_text().splitlines())
        if line["priority"] in ("P0", "P1")
    }

    missed = {id_: rung for id_, rung in wanted.items() if found.get(id_) not in ("P0", "P1")}

    assert missed == {}


def test_the_sample_community_shows_everything_the_bot_does(
    community: list[dict[str, object]],
) -> None:
    does = Counter(action["do"] for line in community for action in _actions(line))
    rungs = Counter(str(line["priority"]) for line in community)

    assert set(rungs) == {"P0", "P1", "P2", "P3"}
    assert does["alert"] >= 30
    assert does["recommend"] >= 30
    assert does["note"] >= 5


def test_a_line_has_what_was_promised(community: list[dict[str, object]]) -> None:
    for line in community:
        assert {"message", "place", "at", "priority", "because", "actions"} <= line.keys()
        assert line["because"]


def test_the_table_shows_where_and_why_but_not_what(grave: Path) -> None:
    ran = waymark("replay", grave)

    assert ran.code == 0
    assert "#job-search" in ran.out
    assert "P0" in ran.out
    assert "https://discord.com/channels/" in ran.out
    assert TOLD not in ran.out + ran.err


def test_quotes_are_shown_when_asked_for(grave: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = waymark("replay", grave, "--quote", "--html", page)

    assert TOLD in ran.out
    assert TOLD in page.read_text()


def test_the_page_is_complete_and_holds_no_text_unless_asked(grave: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = waymark("replay", grave, "--html", page)

    assert ran.code == 0
    assert page.read_text().count("<svg") >= 3
    assert "<script" not in page.read_text()
    assert TOLD not in page.read_text()


def test_neither_the_database_nor_the_log_holds_what_was_written(
    grave: Path, tmp_path: Path
) -> None:
    database = tmp_path / "kept.db"
    ran = waymark(
        "replay", grave, "--into", database, WAYMARK_LOG_LEVEL="debug", WAYMARK_LOG_FORMAT="json"
    )

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("kept.db*"))
    assert ran.code == 0
    assert TOLD.encode() not in kept
    assert TOLD not in ran.err


def test_the_key_of_a_kept_replay_is_readable_by_its_owner_alone(
    grave: Path, tmp_path: Path
) -> None:
    waymark("replay", grave, "--into", tmp_path / "kept.db")

    assert (tmp_path / "kept.db.key").stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_behind_unless_asked(grave: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    ran = waymark("replay", grave, TMPDIR=str(scratch))

    assert ran.code == 0
    assert list(scratch.iterdir()) == []


def test_a_window_and_a_channel_narrow_it(tmp_path: Path) -> None:
    ids = [discord_message(number, content="i want to kill myself") for number in range(3)]
    days = ["2026-03-01", "2026-03-02", "2026-03-03"]
    messages = [m | {"timestamp": f"{d}T12:00:00+00:00"} for m, d in zip(ids, days, strict=True)]
    path = _export(tmp_path / "days.json", messages)

    within = _lines(waymark("replay", path, "--json", "--since", days[1], "--until", days[2]))
    other = waymark("replay", path, "--json", "--channel", "#other")
    elsewhere = _lines(other)

    assert [line["at"] for line in within] == ["2026-03-02T12:00:00+00:00"]
    assert elsewhere == []
    assert other.code == 66
    assert "--channel" in other.err


def test_a_desk_config_says_what_is_watched(grave: Path, tmp_path: Path) -> None:
    shipped = (ROOT / "bot" / "data" / "desk.yaml").read_text()
    desk = tmp_path / "desk.yaml"
    desk.write_text(shipped.replace("watched: []", 'watched: ["#elsewhere"]'))
    ran = waymark("replay", grave, "--desk-config", desk)

    assert "5 in channels that are not watched" in ran.out


def test_a_broken_file_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    whole = discord_json([discord_message(number, content=GRAVE) for number in range(4)])
    (tmp_path / "broken.json").write_bytes(whole[: len(whole) * 3 // 4])
    _export(tmp_path / "whole.json", [discord_message(9, content=GRAVE)], id="800000000000000009")
    ran = waymark("replay", tmp_path, "--json")

    assert ran.code == 65
    assert len(_lines(ran)) >= 2
    assert [line for line in ran.err.splitlines() if "broken.json" in line]


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["replay", "nowhere.json"], 66, "nowhere.json"),
        (["replay"], 2, "PATHS"),
        (["replay", "bot", "--since", "yesterday"], 2, "--since"),
        (["replay", "bot", "--desk-config", "nowhere.yaml"], 78, "nowhere.yaml"),
        (["replay", "bot", "--into", "postgresql://127.0.0.1:1/none"], 78, "WAYMARK_KEY"),
        (["replay", "bot", "--into", "nowhere/kept.db"], 74, "nowhere"),
    ],
)
def test_what_is_wrong_is_said_in_a_line_with_its_exit_code(
    args: list[str], code: int, says: str
) -> None:
    ran = waymark(*args)

    assert ran.code == code
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_wrong_settings_are_all_named(grave: Path) -> None:
    ran = waymark("replay", grave, WAYMARK_KEY="short", WAYMARK_LOG_LEVEL="loud", WAYMARK_X="1")

    assert ran.code == 78
    assert {line.partition(":")[0] for line in ran.err.splitlines()} == {
        "WAYMARK_KEY", "WAYMARK_LOG_LEVEL", "WAYMARK_X",
    }  # fmt: skip


def test_without_weights_the_cues_still_alert_and_the_ledger_says_so(
    grave: Path, tmp_path: Path
) -> None:
    ran = waymark("replay", grave, WAYMARK_WEIGHTS=str(tmp_path / "none"))

    assert ran.code == 0
    assert "P0" in ran.out
    assert "without a model" in ran.out


def test_a_stopped_replay_says_so_and_goes_on_where_it_was(tmp_path: Path) -> None:
    export, database = tmp_path / "long.json", tmp_path / "kept.db"
    with export.open("wb") as file:
        write_long(file, 5_000)
    args = ["replay", export, "--into", database, "--quick"]
    running = started(*args, WAYMARK_KEY=KEY)
    _until_something_is_kept(database, running)
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate()
    again = waymark(*args, WAYMARK_KEY=KEY)

    assert running.returncode == 130, err
    assert b"Stopped before the end" in out
    assert again.code == 0
    assert "Read in an earlier run" in again.out
    assert "5,000 messages seen" in again.out.replace("\n", " ")


def test_both_kinds_of_export_in_one_folder(tmp_path: Path) -> None:
    files = {"a/general.json": discord_json([discord_message(content=GRAVE)])}
    in_folder(tmp_path, files)
    ran = waymark("replay", tmp_path, EXPORTS[1], "--json")

    platforms = {str(line["link"]).split("/")[2] for line in _lines(ran)}
    assert platforms == {"discord.com", "app.slack.com"}


def _until_something_is_kept(database: Path, running: Warm) -> None:
    """Look again and again: no time is waited, and a process that ends ends the looking."""
    while running.poll() is None:
        try:
            with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
                (read,) = connection.execute("SELECT count(*) FROM ledger").fetchone()
        except sqlite3.OperationalError:
            continue
        if read:
            return


def _export(path: Path, messages: list[dict[str, object]], **channel: object) -> Path:
    path.write_bytes(discord_json(messages, **channel))
    return path


def _lines(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def _actions(line: dict[str, object]) -> list[dict[str, str]]:
    actions = line["actions"]
    assert isinstance(actions, list)
    return actions
