"""Which place a message names, and which services fit there: the nations of the United Kingdom."""

from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from bot.data.resources import load_resources
from bot.data.rules import load_rules
from bot.domain.code import Need
from bot.domain.reading import Asking
from bot.domain.region import COUNTRIES, EEA, EU_MEMBERS, Reach, covers, is_country, reach
from bot.policy.resource import recommend
from bot.settings import Settings
from bot.triage.read import Triage
from bot.triage.words import Reader

SETTINGS = Settings.from_env({})
RULES = load_rules(SETTINGS.cues)
TRIAGE = Triage(RULES, reader=Reader(RULES.lexicon), models=None, known=None)
RESOURCES = load_resources(SETTINGS.resources).resources
TODAY = date(2026, 12, 1)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def regions(text: str) -> tuple[str, ...]:
    return TRIAGE.read(text, sent_at=NOON).regions


def offered(need: Need, *named: str, desk: str = "GB-ENG") -> list[tuple[str, ...]]:
    found = recommend(
        Asking((need,), named), RESOURCES, likeness={}, region=desk, language="en", today=TODAY
    )
    places = {resource.id: resource.regions for resource in RESOURCES}
    return [places[each.resource_id] for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where do i find an apprenticeship in Leeds?", ("GB-ENG",)),
        ("is there a careers service in England?", ("GB-ENG",)),
        ("moving to Glasgow, who helps with a cv?", ("GB-SCT",)),
        ("how do i find careers help in Swansea?", ("GB-WLS",)),
        ("how do i find careers help in Belfast?", ("GB-NIR",)),
        ("how do i find careers help in Northern Ireland?", ("GB-NIR",)),
        ("how do i find careers help in Ireland?", ("IE",)),
        ("how do i find careers help in New South Wales?", ("AU",)),
        ("how do student loans work in the UK?", ("GB",)),
        ("how do student loans work?", ()),
    ],
)
def test_a_nation_and_its_cities_are_told_from_the_whole_country(
    text: str, expected: tuple[str, ...]
) -> None:
    assert regions(text) == expected


@pytest.mark.parametrize("nation", ["GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR"])
@pytest.mark.parametrize(
    "need", [Need.APPRENTICESHIP, Need.STUDY_FUNDING, Need.EXPLORE_OPTIONS, Need.FIND_PRACTITIONER]
)
def test_a_nation_is_offered_its_own_services_and_never_anothers(need: Need, nation: str) -> None:
    found = offered(need, nation)
    assert any(nation in places for places in found)
    assert all({nation, "GB", "*"} & set(places) for places in found)


@pytest.mark.parametrize("named", [(), ("GB",)])
@pytest.mark.parametrize("desk", ["GB-ENG", "GB-WLS"])
def test_who_names_no_nation_gets_what_is_for_all_and_the_desks_own(
    named: tuple[str, ...], desk: str
) -> None:
    found = offered(Need.STUDY_FUNDING, *named, desk=desk)
    assert found
    assert all(desk in places for places in found)


def test_a_desk_of_no_nation_is_offered_no_single_nations_service() -> None:
    assert offered(Need.STUDY_FUNDING, desk="GB") == []
    assert ("GB-ENG", "GB-SCT", "GB-WLS") in offered(Need.EMPLOYMENT_RIGHTS, desk="GB")


def test_another_country_that_is_named_leaves_the_desks_own_out() -> None:
    assert all({"IE", "EU", "*"} & set(places) for places in offered(Need.CV, "IE"))


@pytest.mark.parametrize(
    ("holds_in", "place", "expected"),
    [
        (("GB",), "GB", Reach.ITS_OWN),
        (("GB",), "GB-SCT", Reach.ITS_OWN),
        (("GB-SCT",), "GB", None),
        (("GB-ENG", "GB-SCT"), "GB", Reach.A_PART),
        (("EU", "NO"), "FI", Reach.SHARED),
        (("*",), "", Reach.ANYWHERE),
        (("GB",), "", None),
    ],
)
def test_one_rule_says_where_something_holds(
    holds_in: tuple[str, ...], place: str, expected: Reach | None
) -> None:
    assert reach(holds_in, place) is expected
    assert covers(holds_in, place) is (expected not in (None, Reach.A_PART))


def test_the_countries_are_those_of_the_time_zone_database() -> None:
    listed = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    codes = {line[:2] for line in listed.splitlines() if not line.startswith("#")}

    assert codes == COUNTRIES
    assert COUNTRIES > EEA > EU_MEMBERS


@pytest.mark.parametrize(
    ("region", "known"),
    [("NO", True), ("GB-SCT", True), ("XK", True), ("ZZ", False), ("EU", False), ("AN-1", False)],
)
def test_what_is_no_country_is_known_as_none(region: str, *, known: bool) -> None:
    assert is_country(region) is known
