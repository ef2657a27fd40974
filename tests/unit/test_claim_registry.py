from collections import Counter
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bot.data.claims
from bot.data.claims import load_claims
from bot.data.yamlfile import BadFile
from bot.domain.code import ClaimType, Validity
from bot.domain.region import EU_MEMBERS, covers

SHIPPED = Path(bot.data.claims.__file__).with_name("claims.yaml")
REGISTRY = load_claims(SHIPPED)
SOURCE: dict[str, Any] = {
    "publisher": "A public body",
    "title": "A page",
    "url": "https://body.example/page",
    "as_of": date(2026, 1, 1),
    "review_by": date(2027, 1, 1),
}
ROW: dict[str, Any] = {
    "id": "trial-unpaid",
    "claim": "Trial shifts need not be paid.",
    "wordings": ["trials are free", "a trial is unpaid", "no pay on trial", "trial = no money"],
    "about": ["trial", "trials", "trial shift"],
    "claim_type": "factual",
    "validity": ["CONTEXT"],
    "jurisdictions": ["GB"],
    "correction": "Long trials must be paid. Short ones may be unpaid.",
    "why_misleading": "Short trials can be unpaid.",
    "unknown": "How long is fair.",
    "sources": [SOURCE],
    "drafted_by": "starter list",
    "approved_by": "A. Practitioner",
    "approved_on": date(2026, 2, 1),
}
STALE_AT_BIRTH = {**SOURCE, "review_by": SOURCE["as_of"]}


def written(folder: Path, *rows: Any, **top: Any) -> Path:  # noqa: ANN401 - YAML may hold anything
    path = folder / "claims.yaml"
    # Copies, or YAML would write the second of two like rows as a mere reference to the first.
    copies = [deepcopy(row) for row in rows]
    file = {"version": "1", "status": "a test", "claims": copies} | top
    path.write_text(yaml.safe_dump(file, sort_keys=False), encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(BadFile) as refused:
        load_claims(path)
    return str(refused.value)


def test_a_whole_row_is_read_as_it_was_written(tmp_path: Path) -> None:
    registry = load_claims(written(tmp_path, ROW, version="2026.9"))

    (claim,) = registry.claims
    assert registry.version == "2026.9"
    assert claim.id == "trial-unpaid"
    assert claim.wordings == tuple(ROW["wordings"])
    assert claim.claim_type is ClaimType.FACTUAL
    assert claim.validity == (Validity.CONTEXT,)
    assert claim.sources[0].review_by == date(2027, 1, 1)
    assert claim.approved_on == date(2026, 2, 1)


@pytest.mark.parametrize("field", sorted(ROW))
def test_a_row_without_one_of_its_fields_is_refused(tmp_path: Path, field: str) -> None:
    row = {name: value for name, value in ROW.items() if name != field}

    assert f"{field}" in refusal(written(tmp_path, row))


@pytest.mark.parametrize("field", sorted(SOURCE))
def test_a_source_without_one_of_its_fields_is_refused(tmp_path: Path, field: str) -> None:
    source = {name: value for name, value in SOURCE.items() if name != field}

    assert f"claims.sources.{field}" in refusal(written(tmp_path, ROW | {"sources": [source]}))


@pytest.mark.parametrize("field", ["claim", "correction", "why_misleading", "unknown"])
def test_a_blank_text_is_refused(tmp_path: Path, field: str) -> None:
    assert f"claims.{field}" in refusal(written(tmp_path, ROW | {field: "  "}))


@pytest.mark.parametrize(
    ("change", "mend"),
    [
        ({"sources": []}, "sources has 0 entries. Give 1 to 5"),
        ({"jurisdictions": []}, "jurisdictions has 0 entries. Give 1 to 30"),
        ({"validity": []}, "validity has 0 entries. Give 1 to 8"),
        ({"about": []}, "about has 0 entries. Give 3 to 12"),
        ({"about": ["trial", "trials"]}, "about has 2 entries. Give 3 to 12"),
        ({"wordings": ["a trial", "no trial", "trials"]}, "wordings has 3 entries. Give 4 to 8"),
        ({"sources": [STALE_AT_BIRTH]}, "review_by must be later than as_of"),
        ({"sources": [SOURCE | {"url": "http://body.example/"}]}, "Give the page's full https://"),
        ({"sources": [SOURCE | {"url": "https://"}]}, "Give the page's full https://"),
        ({"sources": [SOURCE | {"url": "javascript:x"}]}, "Give the page's full https://"),
        ({"approved_by": "Starter List"}, "Ask a second person"),
        ({"approved_by": ""}, "approved_by"),
        ({"jurisdictions": ["*", "GB"]}, "Keep it alone, or name the regions"),
        ({"jurisdictions": ["uk"]}, "Write a code such as GB"),
        ({"jurisdictions": ["GB", "GB"]}, "'GB' stands here twice. Remove one"),
        ({"validity": ["WRONG"]}, "validity"),
        ({"claim_type": "rumour"}, "claim_type"),
        ({"about": ["trial", "Trials", "shift"]}, "write one or two words in lower case"),
        ({"about": ["trial", "a", "one two three"]}, "write one or two words in lower case"),
        ({"about": ["trial", "trial", "shift"]}, "'trial' stands here twice"),
        ({"wordings": [*ROW["wordings"], "work for free"]}, "Add one to about"),
        ({"correction": "word " * 61}, "61 words. Cut it to 60"),
        ({"correction": "word " * 60}, "Shorten correction"),
        ({"approved_on": "soon"}, "approved_on"),
        ({"id": "Two Words"}, "claims.id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_contradictory_row_is_refused_with_its_mend(
    tmp_path: Path, change: dict[str, Any], mend: str
) -> None:
    assert mend in refusal(written(tmp_path, ROW | change))


def test_a_refusal_names_the_file_and_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, ROW, ROW | {"id": "second", "claim_type": "rumour"})
    lines = path.read_text(encoding="utf-8").splitlines()
    at = lines.index("  claim_type: rumour") + 1

    assert refusal(path).startswith(f"{path}:{at}: claims.claim_type (in second): ")


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    wrong = ROW | {"claim_type": "rumour", "validity": ["WRONG"]}

    assert len(refusal(written(tmp_path, wrong)).splitlines()) == 2


def test_two_rows_with_one_id_are_refused_at_the_second(tmp_path: Path) -> None:
    path = written(tmp_path, ROW, ROW)
    lines = path.read_text(encoding="utf-8").splitlines()
    second = [n for n, line in enumerate(lines, 1) if line == "- id: trial-unpaid"][1]

    assert refusal(path) == (
        f"{path}:{second}: claims.id (in trial-unpaid): two claims have this id. "
        "Rename one of them."
    )


def test_a_file_without_a_version_or_a_status_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text("claims: []\n", encoding="utf-8")

    assert {"version", "status"} == {line.split(": ")[1] for line in refusal(path).splitlines()}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(ROW)), inner)
        ),
        max_leaves=6,
    )
)
def test_whatever_a_row_holds_it_is_refused_and_nothing_breaks(tmp_path: Path, row: object) -> None:
    assert "claims.yaml" in refusal(written(tmp_path, row))


def test_the_shipped_registry_is_large_and_spans_the_regions() -> None:
    regions = Counter(code for claim in REGISTRY.claims for code in claim.jurisdictions)

    assert len(REGISTRY.claims) >= 32
    assert {"US", "GB", "IE", "FI", "SG", "EU", "CA", "AU", "*"} <= set(regions)


@pytest.mark.parametrize("code", Validity)
def test_every_validity_code_is_used_at_least_twice(code: Validity) -> None:
    assert sum(code in claim.validity for claim in REGISTRY.claims) >= 2


@pytest.mark.parametrize("claim_type", ClaimType)
def test_every_claim_type_is_shipped(claim_type: ClaimType) -> None:
    assert any(claim.claim_type is claim_type for claim in REGISTRY.claims)


def test_nothing_shipped_claims_a_practitioners_approval() -> None:
    drafters = {claim.drafted_by for claim in REGISTRY.claims}
    approvers = {claim.approved_by for claim in REGISTRY.claims}

    assert drafters == {"starter list"}
    assert approvers == {"to be confirmed by a practitioner"}
    assert "\nstatus: to be confirmed by a practitioner\n" in SHIPPED.read_text(encoding="utf-8")


def test_no_wording_stands_under_two_claims() -> None:
    wordings = Counter(w.lower() for claim in REGISTRY.claims for w in claim.wordings)

    assert [wording for wording, times in wordings.items() if times > 1] == []


@pytest.mark.parametrize(
    ("regions", "region", "expected"),
    [
        (("*",), "SG", True),
        (("*",), "", True),
        (("GB",), "GB", True),
        (("GB",), "IE", False),
        (("GB",), "", False),
        (("GB",), "GB-SCT", True),
        (("EU",), "FI", True),
        (("EU",), "FI-18", True),
        (("EU",), "EU", True),
        (("EU",), "GB", False),
        (("EU",), "NO", False),
        (("EU",), "CH", False),
        (("FI",), "EU", False),
        (("US", "CA"), "CA", True),
        (("US", "EU"), "IE", True),
        ((), "US", False),
    ],
)
def test_a_region_covers_itself_its_parts_and_nothing_above(
    regions: tuple[str, ...], region: str, *, expected: bool
) -> None:
    assert covers(regions, region) is expected


def test_the_eu_has_27_members_under_their_iso_codes() -> None:
    assert len(EU_MEMBERS) == 27
    assert "GR" in EU_MEMBERS
    assert EU_MEMBERS.isdisjoint({"EL", "GB", "UK", "NO", "IS", "LI", "CH"})
