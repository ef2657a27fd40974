from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code import Code, Need
from bot.domain.reading import Asking
from bot.domain.region import EU_MEMBERS
from bot.domain.resource import EvidenceRecord, Kind, Resource, ServiceLevel
from bot.policy.resource import recommend
from tests.unit.test_resource_catalogue import CATALOGUE

TODAY = date(2026, 12, 1)
PLAIN = Resource(
    id="a",
    title="A guide",
    publisher="A public body",
    url="https://guide.example/",
    kind=Kind.INFORMATION,
    regions=("FI",),
    languages=("en", "fi"),
    needs=(Need.CV,),
    summary="How to write a CV.",
    why="It shows each step.",
    cost="free",
    account_needed=False,
    audience="Anyone",
    domains=(Code.PYR_OPT,),
    phases=(Code.CASVE_E,),
    service_level=ServiceLevel.SELF_HELP,
    licence="CC BY 4.0",
    attribution="By a public body.",
    evidence=EvidenceRecord(("Written by a public body.",), ()),
    reading_grade=7,
    accessibility="Not checked.",
    vetted_by="A. Practitioner",
    vetted_on=date(2026, 11, 23),
    review_by=date(2027, 11, 22),
)
CV = Asking((Need.CV,))


def chosen(
    *resources: Resource,
    asking: Asking = CV,
    likeness: dict[str, float] | None = None,
    region: str = "FI",
    language: str = "en",
    today: date = TODAY,
) -> list[str]:
    found = recommend(
        asking,
        resources,
        likeness=likeness or {},
        region=region,
        language=language,
        today=today,
    )
    return [each.resource_id for each in found]


def ids(*names: str) -> tuple[Resource, ...]:
    return tuple(replace(PLAIN, id=name) for name in names)


def test_at_most_three_are_recommended() -> None:
    assert chosen(*ids("a", "b", "c", "d", "e")) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (PLAIN.review_by - timedelta(days=1), ["a"]),
        (PLAIN.review_by, ["a"]),
        (PLAIN.review_by + timedelta(days=1), []),
    ],
)
def test_a_resource_is_recommended_until_its_review_is_due(
    today: date, expected: list[str]
) -> None:
    assert chosen(PLAIN, today=today) == expected


@pytest.mark.parametrize(
    ("regions", "place", "fits"),
    [
        (("FI",), "FI", True),
        (("FI",), "SE", False),
        (("US",), "FI", False),
        (("FI", "SE"), "SE", True),
        (("FI",), "fi", True),
        (("EU",), "FI", True),
        (("EU",), "HR", True),
        (("EU",), "EU", True),
        (("EU",), "GB", False),
        (("EU",), "NO", False),
        (("EU",), "*", False),
        (("FI",), "EU", False),
        (("*",), "FI", True),
        (("*",), "", True),
        (("FI",), "", False),
        (("GB",), "GB-SCT", True),
        (("GB-SCT",), "GB-SCT", True),
        (("GB-SCT",), "GB", False),
        (("GB-ENG", "GB-SCT", "GB-WLS"), "GB", True),
        (("GB-SCT",), "GB-ENG", False),
        (("GB-SCT",), "US", False),
    ],
)
def test_a_resource_fits_its_own_regions_only(
    regions: tuple[str, ...], place: str, *, fits: bool
) -> None:
    assert bool(chosen(replace(PLAIN, regions=regions), region=place)) is fits


def test_the_eu_has_27_members() -> None:
    assert len(EU_MEMBERS) == 27
    assert "GB" not in EU_MEMBERS


def test_a_region_named_in_the_message_wins_over_the_desks_own() -> None:
    finnish, american = PLAIN, replace(PLAIN, id="us", regions=("US",))
    asking = Asking((Need.CV,), regions=("US",))
    assert chosen(finnish, american, region="FI") == ["a"]
    assert chosen(finnish, american, region="FI", asking=asking) == ["us"]


def test_every_region_named_in_the_message_counts() -> None:
    finnish, american = PLAIN, replace(PLAIN, id="us", regions=("US",))
    asking = Asking((Need.CV,), regions=("US", "FI"))
    assert chosen(finnish, american, asking=asking, region="DE") == ["a", "us"]


def test_a_local_resource_comes_before_one_for_anywhere_however_like_it_is() -> None:
    anywhere = replace(PLAIN, id="0", regions=("*",), needs=(Need.CV, Need.INTERVIEW))
    asking = Asking((Need.CV, Need.INTERVIEW))
    assert chosen(anywhere, PLAIN, asking=asking, likeness={"0": 1.0}) == ["a", "0"]


@pytest.mark.parametrize(
    ("nearer", "farther", "region"),
    [("FI", "EU", "FI"), ("GB-SCT", "*", "GB-SCT"), ("EU", "*", "FI")],
)
def test_among_equals_the_nearer_region_comes_first(nearer: str, farther: str, region: str) -> None:
    far = replace(PLAIN, id="0", regions=(farther,))
    near = replace(PLAIN, id="z", regions=(nearer,), cost="fee of 5 euros")
    assert chosen(far, near, region=region) == ["z", "0"]


def test_a_european_resource_that_also_names_a_country_is_not_that_countrys_own() -> None:
    european = replace(PLAIN, id="0", regions=("EU", "NO"))
    norwegian = replace(PLAIN, id="z", regions=("NO",))
    assert chosen(european, norwegian, region="NO") == ["z", "0"]


def test_likeness_comes_before_nearness_among_local_resources() -> None:
    european = replace(PLAIN, id="z", regions=("EU",))
    assert chosen(PLAIN, european, likeness={"z": 0.4, "a": 0.1}) == ["z", "a"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fi", ["a"]), ("fi-FI", ["a"]), ("FI", ["a"]), ("sv", []), ("", [])],
)
def test_a_resource_is_recommended_in_its_own_languages_only(
    language: str, expected: list[str]
) -> None:
    assert chosen(PLAIN, language=language) == expected


def test_a_resource_that_meets_no_asked_need_is_never_recommended() -> None:
    other = replace(PLAIN, needs=(Need.VISA,))
    assert chosen(other, likeness={"a": 1.0}) == []
    assert chosen(PLAIN, asking=Asking(()), likeness={"a": 1.0}) == []


def test_nothing_is_made_up_when_there_is_nothing() -> None:
    assert chosen() == []


def test_more_asked_needs_met_come_first() -> None:
    both = replace(PLAIN, id="z", needs=(Need.INTERVIEW, Need.CV), cost="fee of 5 euros")
    asking = Asking((Need.CV, Need.INTERVIEW))
    assert chosen(PLAIN, both, asking=asking, likeness={"a": 1.0}) == ["z", "a"]


def test_needs_that_were_not_asked_for_do_not_count() -> None:
    broad = replace(PLAIN, id="z", needs=(Need.CV, Need.VISA, Need.WAGES))
    assert chosen(broad, PLAIN) == ["a", "z"]


def test_among_equals_the_more_alike_comes_first_and_a_missing_likeness_is_none() -> None:
    assert chosen(*ids("a", "b", "c"), likeness={"b": 0.2, "c": 0.7}) == ["c", "b", "a"]
    assert chosen(*ids("a", "b"), likeness={"a": -0.5}) == ["b", "a"]


def test_among_equals_the_free_one_comes_first_and_then_the_id_decides() -> None:
    paid = replace(PLAIN, id="0", cost="fee of 5 euros")
    assert chosen(paid, *ids("c", "b")) == ["b", "c", "0"]


def test_the_reason_is_the_catalogues_own() -> None:
    found = recommend(CV, [PLAIN], likeness={}, region="FI", language="en", today=TODAY)
    assert [each.reason for each in found] == ["It shows each step."]


def test_the_reason_of_a_worldwide_resource_says_that_it_is_about_no_one_country() -> None:
    anywhere = replace(PLAIN, regions=("*",))
    found = recommend(CV, [anywhere], likeness={}, region="FI", language="en", today=TODAY)
    assert [each.reason for each in found] == ["It shows each step. It is not about one country."]


@pytest.mark.parametrize(
    ("region", "need", "first"),
    [
        ("US", Need.SCAM_CHECK, "us-ftc-job-scams"),
        ("GB", Need.WAGES, "gb-minimum-wage"),
        ("GB-NIR", Need.STUDY_FUNDING, "gb-nir-student-finance"),
        ("FI", Need.BENEFITS, "fi-kela"),
        ("SG", Need.DISCRIMINATION, "sg-tafep"),
        ("GB", Need.EMPLOYMENT_RIGHTS, "gb-acas"),
        ("FI", Need.VOCATIONAL_TRAINING, "fi-opintopolku"),
    ],
)
def test_the_starter_list_answers_a_plain_question(region: str, need: Need, first: str) -> None:
    found = chosen(*CATALOGUE.resources, asking=Asking((need,)), region=region)
    assert first in found


@pytest.mark.parametrize("region", ["US", "GB", "FI", "IE", "SG", "DE"])
@pytest.mark.parametrize("need", [Need.WAGES, Need.EMPLOYMENT_RIGHTS, Need.VISA, Need.BENEFITS])
def test_one_countrys_rules_are_never_sent_to_another(region: str, need: Need) -> None:
    by_id = {r.id: r for r in CATALOGUE.resources}
    found = chosen(*CATALOGUE.resources, asking=Asking((need,)), region=region)
    allowed = {region, "*"} | ({"EU"} if region in EU_MEMBERS else set())
    for each in found:
        assert {r[:2] for r in by_id[each].regions} & allowed


def any_of(values: Sequence[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(values)


@given(
    needs=st.lists(st.sampled_from(Need), max_size=4),
    named=st.lists(any_of(["FI", "GB", "GB-SCT", "EU", "US", "*", "", "xx"]), max_size=3),
    region=st.text(max_size=4),
    language=any_of(["en", "fi", "sv", "", "en-GB"]),
    likeness=st.dictionaries(
        any_of([r.id for r in CATALOGUE.resources] + ["no-such"]), st.floats(-1, 1), max_size=9
    ),
    today=st.dates(date(2026, 11, 23), date(2028, 1, 1)),
)
def test_whatever_is_asked_only_vetted_unexpired_fitting_resources_come_back(
    needs: list[Need],
    named: list[str],
    region: str,
    language: str,
    likeness: dict[str, float],
    today: date,
) -> None:
    by_id = {r.id: r for r in CATALOGUE.resources}
    asking = Asking(tuple(needs), tuple(named))
    found = [
        by_id[each]
        for each in chosen(
            *CATALOGUE.resources,
            asking=asking,
            likeness=likeness,
            region=region,
            language=language,
            today=today,
        )
    ]
    assert len(found) == len(set(found)) <= 3
    for each in found:
        assert set(each.needs) & set(needs)
        assert today <= each.review_by
        assert language[:2] in each.languages
