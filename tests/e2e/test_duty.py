"""`waymark duty`: who is on duty by a desk file, and its rota as a calendar."""

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from bot.data.desk import SHIPPED
from tests.support.deskfile import AINO, BO, FILE, PROFILE, SHIFT
from tests.support.waymark import waymark

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:1
SUMMARY:Bo
DTSTART;TZID=Europe/London:20261130T200000
DTEND;TZID=Europe/London:20261201T060000
RRULE:FREQ=DAILY
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Someone else
DTSTART:20261130T200000Z
DTEND:20261201T060000Z
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "desk.yaml"
    path.write_text(yaml.safe_dump(FILE))
    return path


def test_who_says_it_in_their_time_and_in_utc(desk: Path) -> None:
    ran = waymark("duty", "who", "--at", "2026-11-30T10:00+02:00", "--desk-config", desk)

    assert ran.code == 0, ran.err
    assert "primary" in ran.out
    assert "Mon 30 Nov 2026 13:00 Europe/Helsinki" in ran.out
    assert "Mon 30 Nov 2026 11:00 UTC" in ran.out


def test_nobody_on_duty_is_said_with_the_last_resort_and_who_is_next(desk: Path) -> None:
    ran = waymark("duty", "who", "--at", "2026-11-30T12:00", "--desk-config", desk)

    assert ran.code == 0
    assert "NOBODY. Alerts go to the last resort: slack:U9." in ran.out
    assert "Next: Aino, Tue 01 Dec 2026 09:00 Europe/Helsinki, which is Tue 01 Dec" in ran.out


def test_who_is_not_fit_is_named_with_the_mend(desk: Path) -> None:
    people = [{**AINO, "profile": {**PROFILE, "expires": "2026-11-01"}}, BO]
    desk.write_text(yaml.safe_dump({**FILE, "practitioners": people}))
    ran = waymark("duty", "who", "--at", "2026-11-30T08:00", "--desk-config", desk)

    assert "NOBODY" in ran.out
    assert "Nobody is on duty in the next 60 days" in ran.out
    assert "Aino has an expired credential. Renew it" in ran.out


def test_a_desk_without_a_rota_says_so() -> None:
    ran = waymark("duty", "who", "--desk-config", SHIPPED)

    assert ran.code == 0
    assert "everybody fit for it is always on duty" in ran.out


def test_gaps_are_shown_ahead(desk: Path) -> None:
    long = {**SHIFT, "id": "long", "starts": "2026-11-30T13:00", "ends": "2026-11-30T23:00"}
    desk.write_text(yaml.safe_dump({**FILE, "rota": [SHIFT, {**long, "skip": []}]}))
    ran = waymark("duty", "gaps", "--days", 7, "--from", "2026-11-30", "--desk-config", desk)

    assert ran.code == 0, ran.err
    assert "somebody is on duty 16.1% of the time" in ran.out  # two days of 14 hours, less one
    assert "Nobody is on duty: 4 times, 141.0 hours" in ran.out
    assert "Aino, Mon 30 Nov 2026 09:00 Europe/Helsinki" in ran.out
    assert "Aino is on duty 14.0 hours without a break" in ran.out
    assert "Outside the hours that their profile names:" in ran.out


def test_a_gap_that_outlasts_the_look_names_when_somebody_comes(desk: Path) -> None:
    once = {name: value for name, value in SHIFT.items() if name not in ("repeats", "skip")}
    desk.write_text(yaml.safe_dump({**FILE, "rota": [once]}))
    args = ("--days", 1, "--desk-config", desk)
    before = waymark("duty", "gaps", "--from", "2026-11-25T12:00", *args)

    first = f"{datetime.fromisoformat(str(SHIFT['starts'])):%a %d %b %Y %H:%M}"
    assert f"Aino, {first} Europe/Helsinki" in before.out
    assert "Thu 26 Nov 2026 14:00" not in before.out


def test_a_calendar_becomes_a_rota_and_what_cannot_is_named(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "rota.ics").write_text(ICS.replace("\n", "\r\n"))
    ran = waymark("duty", "import", tmp_path / "rota.ics", "--desk-config", desk)

    assert ran.code == 65
    assert 'Event 2 "Someone else": it names nobody of this desk. Invite' in ran.err
    rota = yaml.safe_load(ran.out)["rota"]
    assert [(row["who"], row["zone"]) for row in rota] == [("slack:U2", "Europe/London")]
    desk.write_text(yaml.safe_dump({k: v for k, v in FILE.items() if k != "rota"}) + ran.out)
    there = waymark("duty", "who", "--at", "2026-12-24T23:00", "--desk-config", desk)
    assert "Bo" in there.out


@pytest.mark.parametrize("columns", ["80", "50"])
def test_an_account_stays_whole_in_a_narrow_terminal(
    columns: str, desk: Path, tmp_path: Path
) -> None:
    account = "discord:1234567890123456789"
    desk.write_text(yaml.safe_dump({**FILE, "practitioners": [AINO, {**BO, "account": account}]}))
    (tmp_path / "rota.ics").write_text(ICS.replace("\n", "\r\n"))
    ran = waymark("duty", "import", tmp_path / "rota.ics", "--desk-config", desk, COLUMNS=columns)

    assert account in ran.err


def test_an_export_imports_as_the_same_rota(desk: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.ics"
    ran = waymark("duty", "export", out, "--desk-config", desk)
    printed = waymark("duty", "export", "--desk-config", desk)
    again = waymark("duty", "import", out, "--desk-config", desk)

    assert (ran.code, again.code) == (0, 0), again.err
    assert "Overrides are not in it" in ran.err
    assert printed.out.startswith("BEGIN:VCALENDAR")
    (row,) = yaml.safe_load(again.out)["rota"]
    assert (row["who"], row["repeats"]) == ("aino", "FREQ=WEEKLY;BYDAY=MO,TU")
    assert row["skip"] == ["2026-12-07T09:00:00"]


def test_what_cannot_be_used_at_all_is_one_line(desk: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ics"
    broken.write_text("hello")
    ran = waymark("duty", "import", broken, "--desk-config", desk)
    nothing = waymark("duty", "export", "--desk-config", SHIPPED)
    bad = waymark("duty", "who", "--desk-config", broken)

    assert (ran.code, nothing.code, bad.code) == (66, 66, 78)
    assert ran.err.count("\n") == nothing.err.count("\n") == 1
    assert "Traceback" not in ran.err + nothing.err + bad.err


@pytest.mark.parametrize(
    "words",
    [
        ("who",),
        ("gaps", "--into", "gone.db"),
        ("import", "rota.ics"),
        ("export",),
        ("subscribe", "https://example.org/rota.ics"),
        ("calendars",),
        ("unsubscribe", "abc"),
    ],
)
def test_a_desk_file_that_was_not_named_is_what_is_missing(words: tuple[str, ...]) -> None:
    """The example's people are nobody's, and no database of a desk knows its name."""
    ran = waymark("duty", *words)

    assert (ran.code, ran.out) == (2, "")
    assert "No desk file was named" in ran.err
    assert "Add --desk-config FILE" in ran.err
    assert "database" not in ran.err


def test_a_desk_file_that_is_not_there_is_told_before_a_database_that_is_not(
    tmp_path: Path,
) -> None:
    ran = waymark("duty", "calendars", "--desk-config", tmp_path / "desk.yaml")

    assert ran.code == 78
    assert (
        "desk.yaml: there is no such desk file. Check its spelling; to begin one, copy" in ran.err
    )
    assert "database" not in ran.err
