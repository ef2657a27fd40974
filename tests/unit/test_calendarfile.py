"""A calendar becomes shifts; what cannot be one is named with its mend."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from bot.data.calendarexport import write_calendar
from bot.data.calendarfile import (
    MOST_BYTES,
    BadCalendar,
    Imported,
    NoEvents,
    load_calendar,
    read_calendar,
)
from bot.domain.desk import Desk
from bot.domain.duty import Rank, Rota
from bot.policy.duty import on_duty
from tests.support.rota import ADA, BO, person, profile, rota, shift, utc, wall

ANN, ANN_LEE = person("ann"), person("ann lee")
HEL = person("hel", profile(zone="Europe/Helsinki"), email="hel@example.org")
PEOPLE = (ADA, BO, ANN, ANN_LEE, HEL)
NINE = "DTSTART:20261130T090000Z\nDTEND:20261130T120000Z\n"


def calendar(*events: str, head: str = "") -> bytes:
    parts = [f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events]
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{head}{''.join(parts)}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def read(*events: str, head: str = "") -> Imported:
    return read_calendar(calendar(*events, head=head), PEOPLE)


def problem(*events: str) -> str:
    found = read(*events)
    assert found.shifts == ()
    (line,) = found.problems
    return line


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("SUMMARY:Ada", [("ada", "primary")]),
        ("SUMMARY:Duty: ADA (backup)", [("ada", "backup")]),
        ("SUMMARY:Ann Lee is on", [("ann lee", "primary")]),
        (
            "SUMMARY:Duty\nCATEGORIES:Backup\nORGANIZER;CN=Bo:mailto:x@example.org",
            [("bo", "backup")],
        ),
        ("SUMMARY:Ada\nORGANIZER;CN=Bo:mailto:x@example.org", [("ada", "primary")]),
        ("SUMMARY:Ada\nATTENDEE:MAILTO:Hel@Example.org", [("hel", "primary")]),
        (
            "ATTENDEE;CN=Bo:mailto:x@example.org\nATTENDEE:mailto:hel@example.org",
            [("bo", "primary"), ("hel", "backup")],
        ),
        (
            "ATTENDEE;ROLE=OPT-PARTICIPANT;CN=Bo:mailto:x@example.org",
            [("bo", "backup")],
        ),
        (
            "ATTENDEE;PARTSTAT=DECLINED;CN=Bo:mailto:x@y.z\nATTENDEE;CN=Ada:mailto:y@y.z",
            [("ada", "primary")],
        ),
        ("SUMMARY:Bo\nX-WAYMARK-WHO:ada", [("ada", "primary")]),
    ],
)
def test_whose_an_event_is(who: str, expected: list[tuple[str, str]]) -> None:
    found = read(f"UID:1\n{NINE}{who}")

    assert found.problems == ()
    assert [(each.who, each.rank.value) for each in found.shifts] == expected
    assert len({each.id for each in found.shifts}) == len(expected)


@pytest.mark.parametrize(
    ("event", "mend"),
    [
        (f"{NINE}SUMMARY:Duty", "names nobody of this desk. Invite"),
        (f"{NINE}SUMMARY:Ada and Bo", "names Ada and Bo. Invite them"),
        (f"{NINE}SUMMARY:Adam", "names nobody"),
        (f"{NINE}ATTENDEE:mailto:z@example.org", "z@example.org is no practitioner"),
        (f"{NINE}ATTENDEE;PARTSTAT=DECLINED;CN=Bo:mailto:x@y.z", "has declined. Invite"),
        (f"{NINE}X-WAYMARK-WHO:gone", "gone is no practitioner"),
        ("SUMMARY:Ada\nDTEND:20261130T120000Z", "no start. Give it"),
        ("SUMMARY:Ada\nDTSTART:20261130T120000Z", "no end. Give it one"),
        ("SUMMARY:Ada\nDTSTART;VALUE=DATE:20261130\nDTEND;VALUE=DATE:20261201", "whole days"),
        ("SUMMARY:Ada\nDTSTART:20261130T120000Z\nDTEND:20261130T110000Z", "before its start"),
        ("SUMMARY:Ada\nDTSTART:20261130T120000Z\nDTEND:20261201T000001Z", "longer than 12 hours"),
        ("SUMMARY:Ada\nDTSTART:19991130T120000Z\nDTEND:19991130T130000Z", "outside 2000"),
        ("SUMMARY:Ada\nDTSTART:20261399T120000Z\nDTEND:20261130T130000Z", "DTSTART cannot be read"),
        (f"{NINE}SUMMARY:Ada\nDTSTART:20261130T100000Z", "DTSTART stands twice"),
        ("SUMMARY:Ada\nDTSTART;TZID=Nowhere/Town:20261130T090000\nDURATION:PT3H", "Nowhere/Town"),
        ("SUMMARY:Ada\nDTSTART:20261130T090000Z\nDTEND:20261130T100000", "names a zone"),
        ("SUMMARY:Ada\nDTSTART:20261130T090000Z\nDURATION:P9999999D", "no end"),
        (f"{NINE}SUMMARY:Ada\nRRULE:FREQ=SECONDLY", "cannot be used: FREQ has to be"),
        (f"{NINE}SUMMARY:Ada\nRRULE:FREQ=DAILY;BYDAY=ZZ", "RRULE cannot be read"),
        (f"{NINE}SUMMARY:Ada\nRRULE:FREQ=WEEKLY;BYDAY=TU", "its own first time"),
        (f"{NINE}SUMMARY:Ada\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", "RRULE stands twice"),
        (f"{NINE}SUMMARY:Ada\nRDATE;VALUE=DATE:20261201", "extra dates"),
    ],
)
def test_an_event_that_is_no_shift_is_named_with_its_mend(event: str, mend: str) -> None:
    line = problem(f"UID:1\n{event}")

    assert line.startswith("Event 1")
    assert mend in line
    assert line.isprintable()


def test_a_title_cannot_reach_the_terminal() -> None:
    assert "\x1b" not in problem(f"UID:1\n{NINE}SUMMARY:\x1b[31mX\\nY")


def test_times_keep_their_zone_and_names_of_windows_are_known() -> None:
    found = read(
        "UID:1\nSUMMARY:Ada\nDTSTART;TZID=W. Europe Standard Time:20261130T090000\nDURATION:PT3H",
        "UID:2\nSUMMARY:Hel\nDTSTART:20261130T090000\nDTEND:20261130T120000",
        "UID:3\nSUMMARY:Ada\nDTSTART;TZID=Europe/London:20261130T090000\n"
        "DTEND;TZID=Europe/Helsinki:20261130T120000",
    )

    assert found.problems == ()
    assert [each.zone for each in found.shifts] == [
        "Europe/Berlin", "Europe/Helsinki", "Europe/London",
    ]  # fmt: skip
    assert found.shifts[2].ends == wall("2026-11-30T10:00")


def test_a_calendar_names_the_zone_of_times_that_name_none() -> None:
    event = "UID:1\nSUMMARY:Ada\nDTSTART:20261130T090000\nDTEND:20261130T120000"

    assert read(event, head="X-WR-TIMEZONE:Asia/Singapore\n").shifts[0].zone == "Asia/Singapore"
    assert read(event, head="X-WR-TIMEZONE:Nowhere\n").shifts[0].zone == "UTC"


def test_a_series_with_a_skipped_a_moved_a_cancelled_and_an_added_time() -> None:
    found = read(
        f"UID:s\n{NINE}SUMMARY:Ada\nRRULE:FREQ=DAILY;COUNT=9\nEXDATE:20261201T090000Z\n"
        "EXDATE;VALUE=DATE:20261202\nRDATE:20261220T150000Z",
        "UID:s\nRECURRENCE-ID:20261203T090000Z\nSUMMARY:Bo\nDTSTART:20261203T200000Z\n"
        "DTEND:20261203T210000Z",
        "UID:s\nRECURRENCE-ID:20261204T090000Z\nSTATUS:CANCELLED\nSUMMARY:Ada\n" + NINE,
    )
    there = Rota(PEOPLE, found.shifts)

    assert (found.problems, found.cancelled) == ((), 1)
    for at, who in (
        ("2026-11-30T09:00", (ADA,)),
        ("2026-12-01T09:00", ()),
        ("2026-12-02T09:00", ()),
        ("2026-12-03T09:00", ()),
        ("2026-12-03T20:30", (BO,)),
        ("2026-12-04T09:00", ()),
        ("2026-12-05T09:00", (ADA,)),
        ("2026-12-08T09:00", (ADA,)),
        ("2026-12-09T09:00", ()),
        ("2026-12-20T15:00", (ADA,)),
    ):
        assert on_duty(there, utc(at)).everyone == who, at


def test_a_change_of_all_later_times_is_not_guessed_at() -> None:
    found = read(
        f"UID:s\n{NINE}SUMMARY:Ada\nRRULE:FREQ=DAILY",
        "UID:s\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261203T090000Z\nSUMMARY:Ada\n"
        "DTSTART:20261203T100000Z\nDTEND:20261203T110000Z",
    )

    assert "Make a series of its own" in found.problems[0]
    assert all(not each.repeats for each in found.shifts)


def test_a_uid_that_stands_twice_is_named() -> None:
    found = read(f"UID:1\n{NINE}SUMMARY:Ada", f"UID:1\n{NINE}SUMMARY:Bo")

    assert [each.who for each in found.shifts] == ["ada"]
    assert "Event 2" in found.problems[0]
    assert len(read(f"{NINE}SUMMARY:Ada", f"{NINE}SUMMARY:Bo").shifts) == 2


@pytest.mark.parametrize(
    ("content", "mend"),
    [
        (b"", "not one whole iCalendar file"),
        (b"hello", "not one whole iCalendar file"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "iCalendar"),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "no VCALENDAR"),
        (b"BEGIN:VCALENDAR\r\n" * 50_000, "too deep"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" * 2, "not one whole"),
        (b"x" * (MOST_BYTES + 1), "more than 1 MB"),
        (calendar(), "no event"),
        (calendar(*["UID:1"] * 1001), "1,001 events"),
        (calendar("UID:1", head="CALSCALE:HEBREW\n"), "Gregorian"),
        (calendar("UID:1")[:-40], "iCalendar"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_in_one_line(
    tmp_path: Path, content: bytes, mend: str
) -> None:
    path = tmp_path / "rota.ics"
    path.write_bytes(content)
    with pytest.raises(BadCalendar) as bad:
        load_calendar(path, PEOPLE)

    assert mend in str(bad.value)
    assert str(bad.value).startswith(f"{path}: ")
    assert len(str(bad.value).splitlines()) == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCalendar, match="No such file"):
        load_calendar(tmp_path / "gone.ics", PEOPLE)


def test_an_export_is_one_that_other_calendars_read() -> None:
    skipped = wall("2026-12-02T09:00")
    given = rota(
        shift(
            "hel", "2026-11-30T09:00", "2026-11-30T13:00", "FREQ=DAILY;COUNT=9",
            zone="Europe/Helsinki", id="day", skips=(skipped,), rank=Rank.BACKUP,
        )
    )  # fmt: skip
    desk = Desk("north", "North", "GB", "en", PEOPLE, ADA.account, shifts=given.shifts)
    content = write_calendar(desk, utc("2026-11-28T00:00"))
    event: Any = Calendar.from_ical(content).events[0]

    assert event["UID"] == "day@north.waymark"
    assert event["SUMMARY"] == "On duty: Hel (backup)"
    assert event["DTSTART"].params["TZID"] == "Europe/Helsinki"
    assert event["DTSTAMP"].dt == utc("2026-11-28T00:00")
    assert event["RRULE"]["UNTIL"] == [utc("2026-12-08T07:00")]  # in UTC, as the standard wants
    assert event["ATTENDEE"] == "mailto:hel@example.org"
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/Helsinki" in content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert event["EXDATE"].dts[0].dt - event["DTSTART"].dt == timedelta(days=2)
    (again,) = read_calendar(content, PEOPLE).shifts
    assert again.repeats == "FREQ=DAILY;UNTIL=20261208T090000"
    assert (again.skips, again.rank) == ((skipped,), Rank.BACKUP)


def test_what_was_over_before_a_day_is_left_out_and_a_series_is_not() -> None:
    old = "SUMMARY:Ada\nDTSTART:20200101T090000Z\nDTEND:20200101T120000Z"
    whole = calendar(
        f"UID:1\n{old}",
        f"UID:2\n{old}\nRRULE:FREQ=WEEKLY;BYDAY=WE",
        "UID:3\nSUMMARY:Holiday\nDTSTART;VALUE=DATE:20200101\nDTEND;VALUE=DATE:20200102",
        f"UID:4\n{NINE}SUMMARY:Ada",
        "UID:5\nSUMMARY:Ada\nDTSTART:20201399T090000Z",
    )
    found = read_calendar(whole, PEOPLE, since=utc("2026-11-30T00:00").date())

    assert [each.id for each in found.shifts] == ["2", "4"]
    assert len(found.problems) == 1
    with pytest.raises(NoEvents, match="that is not over"):
        read_calendar(whole[: whole.index(b"BEGIN:VEVENT\r\nUID:2")] + b"END:VCALENDAR\r\n", PEOPLE,
                      since=utc("2026-11-30T00:00").date())  # fmt: skip
