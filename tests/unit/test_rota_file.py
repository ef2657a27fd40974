"""The rota and the profiles in a desk file: what is read, and every mistake by name."""

from datetime import date, time
from pathlib import Path

import pytest
import yaml

from bot.data.desk import SHIPPED, load_desk
from bot.data.practitioner import read_hours
from bot.data.rota import written
from bot.data.yamlfile import BadFile
from bot.domain.duty import Change, Rank
from bot.domain.practitioner import Hours
from bot.policy.duty import on_duty
from tests.support.deskfile import AINO, BO, FILE, OFF, PROFILE, SHIFT
from tests.support.rota import utc, wall


def on_disk(folder: Path, **changes: object) -> Path:
    path = folder / "desk.yaml"
    path.write_text(yaml.safe_dump({**FILE, **changes}, sort_keys=False), encoding="utf-8")
    return path


def mistakes(path: Path) -> list[str]:
    with pytest.raises(BadFile) as bad:
        load_desk(path)
    return str(bad.value).splitlines()


def test_people_profiles_shifts_and_changes_are_read(tmp_path: Path) -> None:
    desk = load_desk(on_disk(tmp_path))
    aino, bo = desk.practitioners

    assert (aino.key, bo.key) == ("aino", "slack:U2")
    assert [account.id for account in aino.accounts] == ["U1", "1"]
    assert aino.profile is not None
    assert aino.profile.expires == date(2027, 6, 30)
    assert aino.profile.hours == (Hours(frozenset(range(5)), time(9), time(17)),)
    assert desk.shifts is not None
    (shift,) = desk.shifts
    assert (shift.zone, shift.rank) == ("Europe/Helsinki", Rank.PRIMARY)
    assert desk.overrides[0].change is Change.OFF
    assert desk.overrides[0].start == utc("2026-12-01T08:00")
    for at, expected in (
        ("2026-11-30T07:00", (aino,)),
        ("2026-12-01T08:30", ()),
        ("2026-12-01T09:00", (aino,)),
        ("2026-12-07T08:00", ()),
    ):
        assert on_duty(desk.rota, utc(at)).everyone == expected


def test_the_example_in_the_shipped_file_is_a_whole_desk(tmp_path: Path) -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith('  # - id: "aino"'))
    rest = next(n for n, line in enumerate(lines) if line.startswith("# rota:"))
    example = [
        line.replace("# ", "", 1) if line.lstrip().startswith("# ") and ": " in line + " " else ""
        for line in lines[rest:]
    ]
    person = [
        line.replace("# ", "", 1)
        for line in lines[start : next(n for n in range(start, rest) if lines[n][:1] != " ")]
    ]
    path = tmp_path / "desk.yaml"
    kept = [line for line in example if not line.startswith("Changes")]
    path.write_text("\n".join([*lines[:start], *person, *lines[start + len(person) : rest], *kept]))
    desk = load_desk(path)

    assert desk.practitioners[-1].profile is not None
    assert desk.shifts is not None
    assert len(desk.shifts) == len(desk.overrides) == 1


def test_shifts_are_written_as_they_are_read(tmp_path: Path) -> None:
    before = load_desk(on_disk(tmp_path)).shifts
    assert before is not None
    again = load_desk(on_disk(tmp_path, **yaml.safe_load(written(before)))).shifts

    assert again == before


@pytest.mark.parametrize(
    ("changes", "field", "mend"),
    [
        ({"who": "bo"}, "who", "bo is no practitioner of this desk. Write an id"),
        ({"starts": "2026-11-30T09:00+02:00"}, "starts", "without a zone"),
        ({"starts": 20261130}, "starts", "Write a time such as"),
        ({"starts": "1999-11-30T09:00"}, "starts", "Correct the year"),
        ({"ends": "2026-11-30T09:00"}, "", "ends at or before its start"),
        ({"ends": "2026-11-30T21:01"}, "", "longer than 12 hours. Split it"),
        ({"zone": "Finland/Helsinki"}, "zone", "IANA time zone. Write one such as"),
        ({"zone": "../../etc/passwd"}, "zone", "IANA time zone. Write one such as"),
        ({"zone": "EST"}, "zone", "IANA time zone. Write one such as"),
        ({"rank": "first"}, "rank", "primary"),
        ({"repeats": "weekly"}, "repeats", "FREQ has to be"),
        ({"repeats": "FREQ=WEEKLY;BYDAY=TU"}, "repeats", "its own first time"),
        ({"skip": ["2026-12-07T10:00"]}, "skip", "no start of this shift"),
        ({"begin": "x"}, "begin", "no such field"),
    ],
)
def test_a_wrong_shift_is_named_with_its_mend(
    tmp_path: Path, changes: dict[str, object], field: str, mend: str
) -> None:
    (line,) = mistakes(on_disk(tmp_path, rota=[{**SHIFT, **changes}]))

    assert line.split(": ")[1].startswith(f"rota{'.' if field else ''}{field} (in mornings)")
    assert mend in line


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({"who": "bo"}, "no practitioner"),
        ({"change": "away"}, "'on', 'off' or 'cover'"),
        ({"change": "cover"}, "`instead_of` belongs"),
        ({"instead_of": "aino"}, "`instead_of` belongs"),
        ({"change": "cover", "instead_of": "gone"}, "gone is no practitioner"),
        ({"until": "2026-12-01T10:00"}, "at or before `from`"),
    ],
)
def test_a_wrong_change_is_named_with_its_mend(
    tmp_path: Path, changes: dict[str, object], mend: str
) -> None:
    (line,) = mistakes(on_disk(tmp_path, overrides=[{**OFF, **changes}]))

    assert "overrides" in line
    assert mend in line


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"link": "http://example.org"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"expires": "soon"}, "expires"),
        ({"expires": "9999-12-31"}, "expires"),
        ({"languages": []}, "languages"),
        ({"regions": ["Finland"]}, "regions"),
        ({"hours": ["whenever"]}, "hours"),
        ({"hours": ["mon-fri 09:00-25:00"]}, "hours"),
        ({"zone": "Helsinki"}, "zone"),
        ({"role": ""}, "role"),
        ({"scope": "one\nline\x1b[31m"}, "scope"),
        ({"verified_by": None}, ""),
    ],
)
def test_a_wrong_profile_is_named(tmp_path: Path, changes: dict[str, object], field: str) -> None:
    people = [{**AINO, "profile": {**PROFILE, **changes}}, BO]
    (line,) = mistakes(on_disk(tmp_path, practitioners=people))

    assert f"practitioners.profile{'.' if field else ''}{field} (in aino)" in line


@pytest.mark.parametrize("field", sorted(set(PROFILE) - {"verified_by", "verified_on"}))
def test_no_profile_field_may_be_left_out(tmp_path: Path, field: str) -> None:
    people = [{**AINO, "profile": {k: v for k, v in PROFILE.items() if k != field}}]
    (line,) = mistakes(on_disk(tmp_path, practitioners=people))

    assert f"practitioners.profile.{field}" in line


def test_what_two_people_share_is_named_line_by_line(tmp_path: Path) -> None:
    twin = {"id": "aino", "name": "B", "account": "discord:1", "email": "AINO@example.org"}
    lines = mistakes(on_disk(tmp_path, practitioners=[AINO, twin], rota=[SHIFT, SHIFT]))

    assert [line.split(": ", 2)[2] for line in lines] == [
        "discord:1 stands twice. Remove one.",
        "aino stands twice. Remove one.",
        "aino@example.org stands twice. Remove one.",
        "mornings stands twice. Give each shift its own.",
    ]
    assert len({line.split(":")[1] for line in lines}) == 4


def test_hours_are_read_as_people_write_them() -> None:
    assert read_hours("Fri-Mon 22:00-06:00") == Hours(frozenset({4, 5, 6, 0}), time(22), time(6))
    assert read_hours("sun 00:00-24:00") == Hours(frozenset({6}), time(0), time(0))
    assert wall("2026-11-30T09:00").weekday() == 0
