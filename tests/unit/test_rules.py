from pathlib import Path

import pytest

from bot.data.rules import load_rules
from bot.data.yamlfile import BadFile
from bot.domain.code import ClaimType, Code, Concern, Need, Validity
from bot.domain.ladder import CONCERN
from bot.settings import Settings
from bot.triage.phrasebook import Phrasebook
from bot.triage.ruleset import ClaimCue, Cue, Kind, Mark
from tests.support.rules import evidence_in

SHIPPED = load_rules(Settings.from_env({}).cues)
HEAD = 'version: "2026-11-23"\nstatus: "draft"\n'
WHY = "author: A. Person, date: 2026-11-23, rationale: It says that hope is lost."
FULL = f"""{HEAD}
cues:
  - {{id: lost-1, code: HOPELESS, denied: same, any: [no hope], unless: [in jest], {WHY}}}
  - {{id: lost-2, code: CPX-SOC, single: true, any: [barred, kept out], {WHY}}}
  - {{id: lost-3, code: SELF_HARM_INTENT, denied: SELF_HARM_DENIED, any: [end it], {WHY}}}
  - {{id: lost-4, code: HOPELESS, laughed: SELF_HARM_LAUGHED, any: [no way out], {WHY}}}
needs:
  - {{need: cv, any: [cv]}}
  - {{need: cv, any: [resume]}}
regions:
  - {{region: NO, any: [norway]}}
claims:
  - {{id: advice-1, claim_type: advice, validity: POPULARITY, any: [trust me]}}
deadlines:
  - {{id: ends-1, any: [ends by], {WHY}}}
idioms: [end it on a high]
laughter: [lol]
slang: {{idk: i dont know, no: not at all}}
emoji: {{"☠️": skull}}
masked: [kill]
negations: [not, dont]
"""


def folder(where: Path, *files: str) -> Path:
    for number, text in enumerate(files):
        (where / f"{number}.yaml").write_text(text, encoding="utf-8")
    return where


def mistakes(where: Path, *files: str) -> list[str]:
    with pytest.raises(BadFile) as bad:
        load_rules(folder(where, *files))
    return [line.removeprefix(f"{where}/") for line in str(bad.value).splitlines()]


def cue(id_: str = "lost-1", **fields: str) -> str:
    row = {"code": "HOPELESS", "any": "[no hope]", **fields}
    return f"  - {{id: {id_}, {', '.join(f'{k}: {v}' for k, v in row.items())}, {WHY}}}\n"


def test_every_section_becomes_part_of_the_ruleset(tmp_path: Path) -> None:
    rules = load_rules(folder(tmp_path, FULL))

    assert rules.cues == {
        "lost-1": Cue("lost-1", Code.HOPELESS, Code.HOPELESS),
        "lost-2": Cue("lost-2", Code.CPX_SOC, None, single=True),
        "lost-3": Cue("lost-3", Code.SELF_HARM_INTENT, Code.SELF_HARM_DENIED),
        "lost-4": Cue("lost-4", Code.HOPELESS, laughed=Code.SELF_HARM_LAUGHED),
    }
    assert rules.needs == {"cv": Need.CV}
    assert rules.claims == {"advice-1": ClaimCue("advice-1", Validity.POPULARITY, ClaimType.ADVICE)}
    assert list(rules.phrases) == [
        (Mark(Kind.CUE, "lost-1"), ("no hope",)),
        (Mark(Kind.UNLESS, "lost-1"), ("in jest",)),
        (Mark(Kind.CUE, "lost-2"), ("barred", "kept out")),
        (Mark(Kind.CUE, "lost-3"), ("end it",)),
        (Mark(Kind.CUE, "lost-4"), ("no way out",)),
        (Mark(Kind.NEED, "cv"), ("cv",)),
        (Mark(Kind.NEED, "cv"), ("resume",)),
        (Mark(Kind.REGION, "NO"), ("norway",)),
        (Mark(Kind.CLAIM, "advice-1"), ("trust me",)),
        (Mark(Kind.DEADLINE, "ends-1"), ("ends by",)),
        (Mark(Kind.IDIOM, "idiom"), ("end it on a high",)),
        (Mark(Kind.LAUGHTER, "laughter"), ("lol",)),
    ]
    assert rules.lexicon.slang == {"idk": "i dont know", "no": "not at all"}
    assert list(rules.lexicon.emoji.values()) == ["skull"]
    assert tuple(rules.lexicon.masked) == ("kill",)
    assert rules.negations == {"not", "dont"}


def test_files_are_joined_in_the_order_of_their_names(tmp_path: Path) -> None:
    one, two = HEAD + "idioms: [one more]\n", HEAD + "idioms: [two more]\nnegations: [not]\n"
    rules = load_rules(folder(tmp_path, one, two))

    assert [phrases for _, phrases in rules.phrases] == [("one more",), ("two more",)]
    assert rules.negations == {"not"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (cue(any="[(no]"), "cues.any (in lost-1): '(no': '(' is not closed by ')'"),
        (cue(any='["..."]'), "cues.any (in lost-1): '...': has no word that must be there"),
        (cue(unless="[don't]"), 'cues.unless (in lost-1): "don\'t": write "don\'t" in plain'),
        (cue(any="[]"), "cues.any (in lost-1): holds no phrase. Add one."),
        (cue(any="no hope"), "cues.any (in lost-1): Write a list here"),
        (cue(code="HOPELES"), "cues.code (in lost-1): 'HOPELES' is not to be chosen. Write 'SELF_"),
        (cue(code="CLAIM_KNOWN"), "cues.code (in lost-1): CLAIM_KNOWN is not a code for cues"),
        (cue(code="LOW_READINESS"), "cues.code (in lost-1): LOW_READINESS is not a code for cues"),
        (cue(denied="never"), "cues.denied (in lost-1): 'never' is no code. Write `same`"),
        (cue(denied="CUT"), "cues.denied (in lost-1): CUT is not a code for cues"),
        (cue(id_="Lost One"), "cues.id (in Lost One): 'Lost One' is not usable. Use small"),
        (cue(id_="visa"), "cues.id (in visa): 'visa' is the name of a need; rename the row"),
        (cue(weight="2"), "cues.weight (in lost-1): There is no such field"),
    ],
)
def test_a_wrong_cue_gives_one_line_with_its_number_its_row_and_a_mend(
    tmp_path: Path, row: str, said: str
) -> None:
    (line,) = mistakes(tmp_path, f"{HEAD}cues:\n{row}")

    assert line.startswith(f"0.yaml:4: {said}")


@pytest.mark.parametrize("field", ["author", "date", "rationale"])
def test_expert_judgement_has_an_author_a_date_and_a_reason(tmp_path: Path, field: str) -> None:
    row = cue().replace(f"{field}:", "any_:")
    lines = mistakes(tmp_path, f"{HEAD}cues:\n{row}")

    assert f"0.yaml:4: cues.{field} (in lost-1): Field required. Add it." in lines


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("idioms: [fine, (]", "idioms: '(': '(' is not closed by ')'"),
        ("negations: [don't]", 'negations: write "don\'t" in small letters'),
        ("negations: [not at all]", "negations: write one word instead of 'not at all'"),
        ("masked: [Kill]", "masked: write 'Kill' in small letters"),
        ("masked: [café]", "masked: write 'café' in small letters, without accents"),
        ("slang: {k-m-s: kill}", "slang.k-m-s.[key]: write 'k-m-s' in small letters"),
        ("slang: {idk: I don't know}", 'slang.idk: write "I don\'t know" in small letters'),
        ('emoji: {"🔪": "knife!"}', "emoji.🔪: write 'knife!' in small letters"),
        ('emoji: {"🔪🔪": knife}', "emoji.🔪🔪.[key]: '🔪🔪' is made of several symbols"),
        (
            "regions: [{region: Norway, any: [norway]}]",
            "regions.region: 'Norway' is not usable. Write",
        ),
        (
            "needs: [{need: shoes, any: [shoes]}]",
            "needs.need: 'shoes' is not to be chosen. Write 'explore_options'",
        ),
        ("cuse: []", "cuse: There is no such field"),
    ],
)
def test_words_that_would_never_be_met_are_refused(tmp_path: Path, text: str, said: str) -> None:
    (line,) = mistakes(tmp_path, HEAD + text)

    assert line.startswith(f"0.yaml:3: {said}")


def test_each_wrong_phrase_has_its_own_line(tmp_path: Path) -> None:
    text = f"{HEAD}idioms:\n  - (one\n  - fine\n  - two)\n"

    assert [line.split(":")[1] for line in mistakes(tmp_path, text)] == ["4", "6"]


def test_the_mistakes_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, f"{HEAD}idioms: [(]\n", FULL, "version: [", "")

    assert list(dict.fromkeys(line.split(":")[0] for line in lines)) == [
        "0.yaml",
        "2.yaml",
        "3.yaml",
    ]


@pytest.mark.parametrize("section", ["cues", "deadlines"])
def test_an_id_may_stand_once_in_all_files(tmp_path: Path, section: str) -> None:
    again = cue("lost-2") if section == "cues" else f"  - {{id: lost-2, any: [a], {WHY}}}\n"
    lines = mistakes(tmp_path, FULL, f"{HEAD}{section}:\n{again}")

    said = f"this id stands in {tmp_path}/0.yaml:6 too. Rename one of the two."
    assert lines == [f"1.yaml:4: id (in lost-2): {said}"]


def test_an_id_may_stand_once_in_a_file(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, f"{HEAD}cues:\n{cue()}{cue()}{cue()}")

    assert [line.split(":")[1] for line in lines] == ["5", "6"]


def test_a_section_that_stands_twice_is_refused(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, f"{HEAD}cues:\n{cue()}idioms: []\ncues:\n{cue('lost-2')}")

    assert lines == ["0.yaml:6: cues: stands twice; only one would count. Join the two."]


def test_a_folder_without_cue_files_is_refused(tmp_path: Path) -> None:
    for where in (tmp_path, tmp_path / "missing"):
        with pytest.raises(BadFile, match="Name the folder that holds them"):
            load_rules(where)


def test_a_file_that_ends_in_yml_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(f"{HEAD}negations: [nope]\n", encoding="utf-8")

    assert load_rules(folder(tmp_path, FULL)).negations == {"not", "dont", "nope"}


def test_the_version_is_the_newest_header_and_changes_with_every_edit(tmp_path: Path) -> None:
    old = HEAD.replace("2026-11-23", "2026-01-01")
    before = load_rules(folder(tmp_path, FULL, old)).version
    same = load_rules(tmp_path).version
    after = load_rules(folder(tmp_path, FULL, f"{old}# a word\n")).version

    assert before.startswith("2026-11-23+")
    assert before == same != after


def test_the_cue_files_that_come_with_the_bot_load_and_hold_all_parts() -> None:
    rules = SHIPPED

    kinds = {mark.kind for mark, _ in rules.phrases}
    assert kinds >= {Kind.CUE, Kind.UNLESS, Kind.IDIOM, Kind.NEED, Kind.REGION, Kind.DEADLINE}
    assert set(rules.needs.values()) == set(Need)
    assert rules.negations
    assert Phrasebook(rules.phrases).find(" good morning ") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i have nothing to live for", {Code.HOPELESS}),
        ("i have nothing to live for lol", {Code.SELF_HARM_LAUGHED}),
        ("dying would be easier haha", {Code.SELF_HARM_LAUGHED}),
        ("i want to die tonight jk", {Code.SELF_HARM_LAUGHED}),
        ("i want to kill myself lol", {Code.SELF_HARM_INTENT}),
        ("i have no point to live for at this game lol", set()),
    ],
)
def test_of_those_that_come_with_the_bot_none_on_self_harm_is_laughed_away(
    text: str, expected: set[Code]
) -> None:
    found = {evidence.code for evidence in evidence_in(text, SHIPPED)}
    own = {code for code in found if CONCERN[code] is Concern.SELF_HARM}

    assert own == expected
