from datetime import time, timedelta
from pathlib import Path

import pytest
import yaml

from bot.data.desk import SHIPPED, load_desk
from bot.data.yamlfile import BadFile
from bot.domain.alert import Step, Who
from bot.domain.code import Code
from bot.domain.desk import ConsentMode, DrillTime, Sensitivity
from bot.domain.message import AccountRef, Place, PlatformName
from bot.domain.practitioner import Hours, Practitioner
from bot.domain.reading import Priority
from bot.policy.watch import is_watched
from tests.support.waymark import ROOT

SLACK = PlatformName("slack")
FILE: dict[str, object] = {
    "id": "north",
    "name": "North desk",
    "region": "GB",
    "language": "en",
    "practitioners": [{"name": "Aino", "account": "slack:U1"}],
    "last_resort": "slack:U9",
    "consent": "opt_in",
    "pages_per_person": 2,
}


def written(folder: Path, **changes: object) -> Path:
    path = folder / "desk.yaml"
    path.write_text(yaml.safe_dump({**FILE, **changes}), encoding="utf-8")
    return path


def test_a_desk_is_loaded(tmp_path: Path) -> None:
    desk = load_desk(written(tmp_path, opted_out=["slack:U2"], opted_in=["slack:U3"]))

    assert (desk.id, desk.region, desk.language, desk.pages_per_person) == ("north", "GB", "en", 2)
    assert desk.practitioners == (Practitioner("Aino", AccountRef(SLACK, "U1")),)
    assert desk.last_resort == AccountRef(SLACK, "U9")
    assert desk.consent is ConsentMode.OPT_IN
    assert desk.opted_out == frozenset({"slack:U2"})
    assert desk.opted_in == frozenset({"slack:U3"})
    assert desk.watched == frozenset()


def test_the_desk_that_comes_with_the_bot_is_complete() -> None:
    desk = load_desk(SHIPPED)

    assert desk.practitioners
    assert desk.last_resort not in {person.account for person in desk.practitioners}


@pytest.mark.parametrize("watched", ["C0ABC", "#Job-Leads", "job-leads", " #job-leads "])
def test_a_channel_is_watched_by_its_name_or_id_however_it_is_written(
    tmp_path: Path, watched: str
) -> None:
    desk = load_desk(written(tmp_path, watched=[watched]))

    assert is_watched(Place(SLACK, "T1", "C0ABC", name="#job-leads"), desk)
    assert not is_watched(Place(SLACK, "T1", "C0ABD", name="#general"), desk)


def test_norway_needs_no_quotes(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text("utf-8").replace("region: GB", "region: NO"), encoding="utf-8")

    assert load_desk(path).region == "NO"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "North Desk"}, "id"),
        ({"name": ""}, "name"),
        ({"region": "UKX"}, "region"),
        ({"region": "gb"}, "region"),
        ({"language": "english"}, "language"),
        ({"practitioners": "Aino"}, "practitioners"),
        ({"practitioners": [{"name": "Aino"}]}, "practitioners.account"),
        ({"practitioners": [{"name": "Aino", "account": "U1"}]}, "practitioners.account"),
        ({"last_resort": "U9"}, "last_resort"),
        ({"consent": "assumed"}, "consent"),
        ({"opted_out": ["U2"]}, "opted_out"),
        ({"opted_in": ["U 2"]}, "opted_in"),
        ({"pages_per_person": 0}, "pages_per_person"),
        ({"watch": ["general"]}, "watch"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(
    tmp_path: Path, changes: dict[str, object], field: str
) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(BadFile) as bad:
        load_desk(path)

    (line,) = str(bad.value).splitlines()
    assert line.split(": ")[1].partition(" (in ")[0] == field


def test_thresholds_are_loaded(tmp_path: Path) -> None:
    thresholds = {
        "calibration": "counts/may.json",
        "rates": {"self_harm_unsure": 0.002, "DISTRESS_MODEL": 0.0005},
    }
    found = load_desk(written(tmp_path, thresholds=thresholds)).thresholds

    assert found.rates == {Code.SELF_HARM_UNSURE: 0.002, Code.DISTRESS_MODEL: 0.0005}
    assert found.calibration == str(tmp_path / "counts" / "may.json")
    assert not found.stricter_pages
    assert load_desk(written(tmp_path)).thresholds == Sensitivity()


def test_a_page_is_made_rarer_only_on_purpose(tmp_path: Path) -> None:
    rates = {"self_harm_model": 0.0001}
    asked = written(tmp_path, thresholds={"rates": rates, "stricter_pages": True})

    assert load_desk(asked).thresholds == Sensitivity(
        {Code.SELF_HARM_MODEL: 0.0001}, stricter_pages=True
    )
    with pytest.raises(BadFile, match=r"add `stricter_pages: true`"):
        load_desk(written(tmp_path, thresholds={"rates": rates}))


@pytest.mark.parametrize(
    ("thresholds", "said"),
    [
        ({"rates": {"self_harm": 0.001}}, r"self_harm is no alarm\. There are: self_harm_model, "),
        ({"rates": {"hopeless": 0.001}}, r"hopeless is no alarm"),
        (
            {"rates": {"abuse_unsure": 0.003}},
            r"0\.003 is not a rate to choose\. Choose of 0\.0001, ",
        ),
        ({"rates": {"abuse_unsure": "often"}}, r"thresholds\.rates\.abuse_unsure"),
        ({"rates": {"abuse_unsure": 0.0001}}, r"abuse_model \(0\.002\) may not be commoner than"),
        ({"rates": {"abuse_model": 0.005}}, r"abuse_model \(0\.005\) may not be commoner than"),
        ({"rate": {}}, r"There is no such field"),
        ("strict", r"Write fields here"),
    ],
)
def test_thresholds_that_mean_nothing_are_refused(
    tmp_path: Path, thresholds: object, said: str
) -> None:
    with pytest.raises(BadFile, match=said) as bad:
        load_desk(written(tmp_path, thresholds=thresholds))

    assert len(str(bad.value).splitlines()) == 1


@pytest.mark.parametrize("field", sorted(FILE))
def test_no_field_without_a_default_may_be_left_out(tmp_path: Path, field: str) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in FILE.items() if k != field}))

    with pytest.raises(BadFile, match=rf"{field}( \(in north\))?: Field required"):
        load_desk(path)


def mistakes(path: Path) -> list[str]:
    with pytest.raises(BadFile) as bad:
        load_desk(path)
    return str(bad.value).splitlines()


def test_whoever_left_consent_out_is_shown_the_choice_that_asks_first(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(yaml.safe_dump({k: v for k, v in FILE.items() if k != "consent"}))

    with pytest.raises(BadFile, match="Add it, such as `consent: opt_in`"):
        load_desk(path)


def test_what_is_missing_is_named_at_once_and_the_examples_make_a_desk(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text("# to be filled in\n")
    lines = mistakes(path)
    path.write_text("\n".join(line.split("`")[1] for line in lines))

    assert {line.split(": ")[1] for line in lines} == set(FILE)
    assert load_desk(path).pages_per_person == 2


def test_the_examples_make_a_profile_a_shift_a_change_and_a_drill(tmp_path: Path) -> None:
    def parts(row: dict[str, object]) -> dict[str, object]:
        aino = {"id": "aino", "name": "Aino", "account": "slack:U1"}
        return {
            "practitioners": [{**aino, "profile": row}],
            "rota": [row],
            "overrides": [row],
            "drill": row,
        }

    rows: dict[str, dict[str, object]] = {name: {} for name in parts({})}
    for line in mistakes(written(tmp_path, **parts({}))):
        name = line.split(": ")[1].partition(".")[0]
        rows[name] |= yaml.load(line.split("`")[1], yaml.BaseLoader)  # noqa: S506 - safe
    whole = {name: parts(row)[name] for name, row in rows.items()}
    whole["drill"] = {"day": 5, "at": rows["drill"]["at"]}
    desk = load_desk(written(tmp_path, **whole))

    assert desk.practitioners[0].profile is not None
    assert (len(desk.shifts or ()), len(desk.overrides)) == (1, 1)
    assert desk.drill == DrillTime(5, time(10))


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({"id": "North Desk"}, "'North Desk' is not usable. Use small letters, digits and hyphens"),
        ({"name": " "}, 'It is empty. Write it, such as `name: "North careers desk"`.'),
        ({"region": "uk"}, "Write a country in capitals, such as IE"),
        ({"language": "english"}, "Write two small letters (ISO 639-1), such as fi."),
        ({"consent": "yes"}, "Write 'opt_in' or 'notice_opt_out'."),
        ({"pages_per_person": 0}, "Write 1 or more, such as `pages_per_person: 2`."),
        ({"pages_per_person": "two"}, "no whole number. Write one, such as `pages_per_person: 2`."),
        ({"kept_days": 9_999}, "9999 is too much. Write 730 or less."),
        ({"digest_at": "8:00"}, 'Write hours and minutes in quotes, such as "08:00".'),
        ({"notice": "a" * 1_001}, "It is too long. Cut it to 1000 characters."),
        ({"for_young_people": "perhaps"}, "Write true or false."),
        ({"endings": {"A B": "x"}}, "Use small letters, digits and _"),
    ],
)
def test_a_wrong_field_is_said_in_words_with_its_mend(
    changes: dict[str, object], mend: str, tmp_path: Path
) -> None:
    (line,) = mistakes(written(tmp_path, **changes))

    assert mend in line
    assert "^" not in line


def test_a_desk_may_ask_for_a_statement_and_name_who_oversees_it(tmp_path: Path) -> None:
    asked = {"supervisor": "slack:U8", "statement_at": "08:00", "time_zone": "Europe/Helsinki"}
    desk = load_desk(written(tmp_path, **asked))

    assert (desk.statement_at, desk.time_zone) == (time(8), "Europe/Helsinki")
    assert desk.overseer == AccountRef(SLACK, "U8")


def test_without_a_supervisor_the_last_resort_oversees_and_nothing_is_stated(
    tmp_path: Path,
) -> None:
    desk = load_desk(written(tmp_path))

    assert (desk.statement_at, desk.overseer) == (None, desk.last_resort)


@pytest.mark.parametrize(
    "mistake", [{"statement_at": "8am"}, {"statement_at": "24:00"}, {"time_zone": "Finland"}]
)
def test_a_time_or_zone_that_is_none_is_named(mistake: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=next(iter(mistake))):
        load_desk(written(tmp_path, **mistake))


OWN_STEPS: list[dict[str, object]] = [
    {"who": ["primary"], "minutes": 0},
    {"who": ["next", "last_resort"], "minutes": 10, "repeats": 2},
]


def test_a_desk_may_have_its_own_hours_steps_digest_and_drill(tmp_path: Path) -> None:
    desk = load_desk(
        written(
            tmp_path,
            working_hours=["mon-thu 10:00-18:00"],
            escalation={"p1": OWN_STEPS},
            digest_at="07:30",
            drill={"day": 5, "at": "10:00"},
        )
    )

    assert desk.working_hours == (Hours(frozenset(range(4)), time(10), time(18)),)
    assert desk.escalation == {
        Priority.P1: (
            Step((Who.PRIMARY,), timedelta()),
            Step((Who.NEXT, Who.LAST_RESORT), timedelta(minutes=10), repeats=2),
        )
    }
    assert (desk.digest_at, desk.drill) == (time(7, 30), DrillTime(5, time(10)))
    assert load_desk(written(tmp_path)).escalation == {}


@pytest.mark.parametrize(
    ("escalation", "said"),
    [
        ({"p1": []}, "Write one step or more"),
        ({"p1": OWN_STEPS[:1]}, "Write two steps"),
        ({"p1": [{**OWN_STEPS[0], "minutes": 5}, OWN_STEPS[1]]}, "first step is done at once"),
        ({"p1": [OWN_STEPS[0], {**OWN_STEPS[1], "minutes": 0}]}, "waits 1 minute or more"),
        ({"p0": [OWN_STEPS[0], {**OWN_STEPS[1], "minutes": 31}]}, "longer than 30 minutes"),
        ({"p1": [OWN_STEPS[0], {"who": ["next"], "minutes": 5}]}, "must call the last_resort"),
        ({"p1": [{"who": ["boss"], "minutes": 0}]}, "who"),
        ({"p2": OWN_STEPS}, "no such field"),
    ],
)
def test_steps_that_could_leave_an_alert_unheard_are_refused(
    tmp_path: Path, escalation: object, said: str
) -> None:
    with pytest.raises(BadFile, match=said):
        load_desk(written(tmp_path, escalation=escalation))


@pytest.mark.parametrize(
    "mistake",
    [
        {"working_hours": []},
        {"working_hours": ["weekdays"]},
        {"digest_at": "8"},
        {"drill": {"day": 31, "at": "10:00"}},
    ],
)
def test_hours_and_days_that_are_none_are_named(mistake: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=next(iter(mistake))):
        load_desk(written(tmp_path, **mistake))


def test_a_person_may_have_quiet_hours(tmp_path: Path) -> None:
    people = [{"name": "Aino", "account": "slack:U1", "quiet": ["mon-sun 22:00-07:00"]}]
    (aino,) = load_desk(written(tmp_path, practitioners=people)).practitioners

    assert aino.quiet == (Hours(frozenset(range(7)), time(22), time(7)),)


def test_without_a_profile_people_live_by_the_desks_clock(tmp_path: Path) -> None:
    desk = load_desk(written(tmp_path, time_zone="Europe/London"))

    assert [person.zone for person in desk.practitioners] == ["Europe/London"]


@pytest.mark.parametrize(
    "account", ["discord:ann#1234", "slack:@ben", "discrod:123", "discord:U1", "slack:U1b", "ann"]
)
def test_what_is_no_account_of_a_platform_is_refused(account: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"is no account. Write one such as discord:\d+ or slack:U"):
        load_desk(written(tmp_path, practitioners=[{"name": "Ann", "account": account}]))


@pytest.mark.parametrize("region", ["UK", "GB-EN"])
def test_what_is_no_country_is_refused(region: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"is no country code\. Write GB or GB-ENG"):
        load_desk(written(tmp_path, region=region))


def test_the_readme_says_what_to_change_in_a_copy_of_the_example() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    step = readme.partition("Copy `bot/data/desk.yaml` to")[2].partition("\n9. ")[0]

    assert [one for one in ("id", "name", "region", "last_resort") if f"`{one}`" not in step] == []
    assert "under another one the desk begins anew" in step
