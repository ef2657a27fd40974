import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

import bot.data.resources
from bot.data.resources import load_resources
from bot.data.yamlfile import BadFile
from bot.domain.code import Need
from bot.domain.resource import Kind, Resource
from tests.support.readability import grade, mean_sentence, syllables

STARTER = Path(bot.data.resources.__file__).with_name("resources.yaml")
CATALOGUE = load_resources(STARTER)
ROW: dict[str, Any] = {
    "id": "fi-guide",
    "title": "A guide",
    "publisher": "A public body",
    "url": "https://guide.example/",
    "kind": "information",
    "regions": ["FI"],
    "languages": ["fi"],
    "needs": ["cv"],
    "summary": "How to write a CV.",
    "why": "It shows each step.",
    "cost": "free",
    "account_needed": False,
    "audience": "Anyone",
    "domains": ["PYR-OPT"],
    "phases": ["CASVE-E"],
    "service_level": "self_help",
    "licence": "CC BY 4.0",
    "attribution": "By a public body.",
    "evidence": {"supporting": ["Written by a public body."], "contrary": []},
    "reading_grade": 7,
    "accessibility": "Not checked.",
    "vetted_by": "A. Practitioner",
    "vetted_on": date(2026, 11, 23),
    "review_by": date(2027, 11, 22),
}
ONET_WORDS = (
    "This page includes information from the O*NET 31.0 Database by the U.S. Department of Labor, "
    "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. "
    "O*NET® is a trademark of USDOL/ETA. Waymark has modified all or some of this information. "
    "USDOL/ETA has not approved, endorsed, or tested these modifications."
)


def written(folder: Path, *rows: Mapping[str, Any], **top: Any) -> Path:  # noqa: ANN401 - YAML
    path = folder / "resources.yaml"
    file = {"version": "1", "status": "a test", "resources": [dict(row) for row in rows]} | top
    path.write_text(yaml.safe_dump(file, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def mistakes_in(path: Path) -> str:
    with pytest.raises(BadFile) as refusal:
        load_resources(path)
    return str(refusal.value)


def test_a_complete_row_is_loaded(tmp_path: Path) -> None:
    catalogue = load_resources(written(tmp_path, ROW))
    assert catalogue.version == "1"
    assert [r.id for r in catalogue.resources] == ["fi-guide"]
    assert catalogue.resources[0].needs == (Need.CV,)
    assert catalogue.resources[0].evidence.supporting == ("Written by a public body.",)


@pytest.mark.parametrize("field", sorted(ROW))
def test_a_row_without_a_field_is_refused_by_name(tmp_path: Path, field: str) -> None:
    said = mistakes_in(written(tmp_path, {k: v for k, v in ROW.items() if k != field}))
    assert f"{field}" in said
    assert "Field required" in said
    assert re.search(r"resources\.yaml:\d+: ", said)


@pytest.mark.parametrize(
    ("changed", "mend"),
    [
        ({"colour": "red"}, "colour"),
        ({"id": "FI Guide"}, "small letters, digits and hyphens"),
        ({"url": "http://guide.example/"}, "Write https://"),
        ({"url": "https://localhost/"}, "Write https://"),
        ({"url": "javascript:alert(1)"}, "Write https://"),
        ({"url": "https://guide.example/a|b>"}, "Write https://"),
        ({"url": "https://guide.example/?ref=waymark"}, "Remove it"),
        ({"url": "https://guide.example/?utm_source=bot"}, "Remove it"),
        ({"url": "https://guide.example/?aff_id=7"}, "Remove it"),
        ({"url": "https://someone@guide.example/"}, "Remove it"),
        ({"kind": "course"}, "kind"),
        ({"needs": ["tea"]}, "needs"),
        ({"needs": []}, "needs"),
        ({"domains": ["ASKING"]}, "Use a PYR code"),
        ({"domains": ["PYR-XXX"]}, "domains"),
        ({"phases": ["PYR-OPT"]}, "Use a CASVE code"),
        ({"regions": ["Finland"]}, "Write FI"),
        ({"regions": ["fi"]}, "Write FI"),
        ({"regions": ["UK"]}, "Write GB"),
        ({"regions": [False]}, 'Write "NO" in quotes'),
        ({"regions": []}, "regions"),
        ({"languages": ["fin"]}, "two small letters"),
        ({"languages": ["EN"]}, "two small letters"),
        ({"languages": []}, "languages"),
        ({"cost": "299 euros"}, 'Begin with "free" or with "fee"'),
        ({"summary": "  "}, "summary"),
        ({"attribution": ""}, "attribution"),
        ({"reading_grade": 40}, "reading_grade"),
        ({"service_level": "premium"}, "service_level"),
        ({"evidence": {"supporting": []}}, "contrary"),
        ({"evidence": {"supporting": [], "contrary": [], "stars": 5}}, "stars"),
        ({"review_by": date(2026, 11, 22)}, "Set it later"),
        ({"review_by": date(2026, 11, 23)}, "Set it later"),
        ({"vetted_on": "soon"}, "vetted_on"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line_and_mend(
    tmp_path: Path, changed: dict[str, Any], mend: str
) -> None:
    path = written(tmp_path, ROW | {"id": "fi-first"}, ROW | changed)
    said = mistakes_in(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    second_row = [n for n, line in enumerate(lines, 1) if line.startswith("- ")][1]
    named = re.search(r"resources\.yaml:(\d+): ", said)
    assert mend in said
    assert named is not None
    assert int(named[1]) >= second_row


def test_an_id_that_stands_twice_is_refused_on_its_second_line(tmp_path: Path) -> None:
    path = written(tmp_path, ROW, ROW | {"id": "fi-other"}, ROW)
    lines = path.read_text(encoding="utf-8").splitlines()
    second = [n for n, line in enumerate(lines, 1) if line == "- id: fi-guide"][1]
    said = mistakes_in(path)
    assert f"resources.yaml:{second}: " in said
    assert "fi-guide stands here twice. Rename one." in said


@pytest.mark.parametrize(
    ("supporting", "contrary"),
    [([], ["None found on 2026-11-23."]), (["A manual of 2021."], []), ([], [])],
)
def test_an_assessment_without_evidence_for_and_against_is_refused(
    tmp_path: Path, supporting: list[str], contrary: list[str]
) -> None:
    evidence = {"supporting": supporting, "contrary": contrary}
    said = mistakes_in(written(tmp_path, ROW | {"kind": "assessment", "evidence": evidence}))
    assert "an assessment needs evidence for its validity" in said


def test_an_assessment_with_evidence_for_and_against_is_loaded(tmp_path: Path) -> None:
    evidence = {"supporting": ["A manual of 2021."], "contrary": ["A study of 2017."]}
    row = ROW | {"kind": "assessment", "evidence": evidence}
    assert load_resources(written(tmp_path, row)).resources[0].kind is Kind.ASSESSMENT


@pytest.mark.parametrize(
    "url", ["https://www.onetonline.org/", "https://mynextmove.org/a", "https://a.onetcenter.org/"]
)
@pytest.mark.parametrize(
    "part",
    [
        " 31.0",
        "(USDOL/ETA)",
        "CC BY 4.0",
        "®",
        "Waymark has modified all or some of this information.",
        "has not approved, endorsed, or tested these modifications",
    ],
)
def test_an_onet_row_without_a_part_of_the_required_wording_is_refused(
    tmp_path: Path, part: str, url: str
) -> None:
    row = ROW | {"url": url}
    assert load_resources(written(tmp_path, row | {"attribution": ONET_WORDS})).resources
    cut = row | {"attribution": ONET_WORDS.replace(part, "", 1)}
    assert "O*NET's wording is not complete" in mistakes_in(written(tmp_path, cut))


@pytest.mark.parametrize("missing", ["version", "status", "resources"])
def test_a_file_without_its_header_is_refused(tmp_path: Path, missing: str) -> None:
    path = written(tmp_path, ROW)
    file = yaml.safe_load(path.read_text(encoding="utf-8"))
    del file[missing]
    path.write_text(yaml.safe_dump(file), encoding="utf-8")
    assert missing in mistakes_in(path)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    assert "resources" in mistakes_in(written(tmp_path))


@pytest.mark.parametrize(
    ("word", "count"),
    [("hire", 1), ("takes", 1), ("helped", 1), ("ideas", 3), ("client", 2), ("social", 2),
     ("table", 2), ("CV", 2), ("applying", 3), ("wanted", 2), ("experience", 4)],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_hard_text_has_a_higher_grade_than_a_plain_one() -> None:
    hard = "Organisational representatives facilitate comprehensive vocational recognition."
    assert grade("You can ask here. It is free.") < 3
    assert grade(hard) > 20
    assert mean_sentence("One two three. Four.") == 2


# --- the starter list


def by_id(resource: Resource) -> str:
    return resource.id


def test_the_starter_list_has_at_least_45_resources_from_at_least_8_regions() -> None:
    countries = {region[:2] for r in CATALOGUE.resources for region in r.regions}
    assert len(CATALOGUE.resources) >= 45
    assert {"US", "GB", "IE", "FI", "SG", "EU", "CA", "AU", "NZ", "DE", "*"} <= countries


def test_the_starter_list_says_that_it_is_to_be_confirmed() -> None:
    file = yaml.safe_load(STARTER.read_text(encoding="utf-8"))
    assert file["status"] == "to be confirmed by a practitioner"
    assert {r.vetted_by for r in CATALOGUE.resources} == {"starter list, to be confirmed"}


@pytest.mark.parametrize("need", Need)
def test_every_need_is_met_at_least_twice(need: Need) -> None:
    assert sum(need in r.needs for r in CATALOGUE.resources) >= 2


@pytest.mark.parametrize("region", ["US", "GB", "IE", "FI", "SG"])
@pytest.mark.parametrize("need", Need)
def test_each_main_region_meets_every_need_with_few_gaps(region: str, need: Need) -> None:
    places = {region, "*"} | ({"EU"} if region in ("IE", "FI") else set())
    found = [
        r
        for r in CATALOGUE.resources
        if need in r.needs and places & {place[:2] for place in r.regions}
    ]
    known_gaps = {
        ("IE", Need.RECORD),
        ("SG", Need.QUALIFICATION_RECOGNITION),
        ("SG", Need.WORK_ABROAD),
    }
    assert bool(found) is ((region, need) not in known_gaps)


def test_resources_for_people_with_a_record_meet_no_other_need() -> None:
    broad = [r.id for r in CATALOGUE.resources if Need.RECORD in r.needs and len(r.needs) > 1]
    assert broad == []


@pytest.mark.parametrize("region", ["US", "GB", "IE", "FI", "SG", "AU"])
def test_help_with_devices_and_first_steps_costs_nothing(region: str) -> None:
    places = {region, "EU", "*"}
    free = [
        r
        for r in CATALOGUE.resources
        if Need.DIGITAL_ACCESS in r.needs and r.cost.startswith("free") and places & set(r.regions)
    ]
    assert len(free) >= 2


def test_each_nation_of_the_uk_has_its_own_careers_service() -> None:
    found = {
        region
        for r in CATALOGUE.resources
        if Need.FIND_PRACTITIONER in r.needs
        for region in r.regions
        if region.startswith("GB-")
    }
    assert found == {"GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR"}


def test_titles_and_addresses_are_not_repeated() -> None:
    counts = Counter(r.title for r in CATALOGUE.resources)
    counts.update(r.url for r in CATALOGUE.resources)
    assert [name for name, times in counts.items() if times > 1] == []


@pytest.mark.parametrize("resource", CATALOGUE.resources, ids=by_id)
def test_a_starter_resource_is_reviewed_within_a_year(resource: Resource) -> None:
    assert resource.vetted_on == date(2026, 11, 23)
    assert resource.review_by - resource.vetted_on <= timedelta(days=365)


@pytest.mark.parametrize("resource", CATALOGUE.resources, ids=by_id)
def test_what_members_read_is_plain(resource: Resource) -> None:
    text = f"{resource.summary} {resource.why}"
    assert grade(text) <= 8
    assert mean_sentence(text) <= 15


@pytest.mark.parametrize("resource", CATALOGUE.resources, ids=by_id)
def test_the_reason_is_one_sentence_that_judges_nobody(resource: Resource) -> None:
    assert re.fullmatch(r"[^.!?]+\.", resource.why)
    judging = r"\b(readiness|ready|should|must|struggl\w*|confus\w*|endorse\w*|best|guarantee\w*)\b"
    assert re.search(judging, f"{resource.summary} {resource.why}", re.IGNORECASE) is None


def test_onet_rows_carry_the_required_wording() -> None:
    onet = [r for r in CATALOGUE.resources if "onet" in r.id]
    assert len(onet) >= 3
    assert {r.attribution for r in onet} == {ONET_WORDS}
    assert {r.licence for r in onet} == {"CC BY 4.0"}


def test_the_only_assessment_names_evidence_for_and_against() -> None:
    assessments = [r for r in CATALOGUE.resources if r.kind is Kind.ASSESSMENT]
    assert [r.id for r in assessments] == ["us-onet-interest-profiler"]
    assert len(assessments[0].evidence.supporting) >= 1
    assert "10.1177/1069072717714544" in " ".join(assessments[0].evidence.contrary)
