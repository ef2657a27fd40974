"""Which helplines members are shown, and how they are said."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

import bot.data.helplines
from bot.cards.hours import asked_card, hours_card
from bot.data.helplines import load_helplines
from bot.data.yamlfile import BadFile
from bot.domain.code import Concern
from bot.domain.helpline import Helpline
from bot.policy.helpline import AT_MOST, LASTS, doubt, helplines, is_confirmed
from bot.policy.hours import Way, route
from bot.reports.helplines import helpline_lines, not_shown
from tests.support.build import NOON, desk
from tests.support.helplines import ROW, TODAY, day, helpline
from tests.support.readability import grade, mean_sentence

STARTER = Path(bot.data.helplines.__file__).with_name("helplines.yaml")
SHIPPED = load_helplines(STARTER)
READ_ON = day("2026-11-28")
HERE = Way(is_read=True, is_here=True)
WAYS = (
    HERE,
    Way(is_read=False, is_here=True),
    *(
        Way(is_read=is_read, is_here=False, instead=instead)
        for is_read, instead in product((True, False), ("#job-search", ""))
    ),
)
ABUSE = frozenset({Concern.ABUSE})


def chosen(*lines: Helpline, region: str = "GB-SCT", **more: Any) -> list[str]:  # noqa: ANN401
    given = {"language": "en", "today": TODAY, **more}
    return [one.id for one in helplines(lines, region=region, **given)]


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "helplines.yaml"
    file = {"version": "1", "status": "a test", "helplines": [dict(row) for row in rows]}
    path.write_text(yaml.safe_dump(file, sort_keys=False), encoding="utf-8")
    return path


def test_only_what_holds_in_the_region_is_shown() -> None:
    lines = [
        helpline("scotland", regions=("GB-SCT",)),
        helpline("everywhere", regions=("GB",)),
        helpline("wales", regions=("GB-WLS",)),
        helpline("finland", regions=("FI",)),
    ]

    assert chosen(*lines) == ["scotland", "everywhere"]
    assert chosen(*lines, region="GB") == ["everywhere"]
    assert chosen(*lines, region="") == []


def test_a_check_holds_for_half_a_year_and_not_a_day_longer() -> None:
    line = helpline()

    assert chosen(line, today=TODAY + LASTS) == ["listen"]
    assert chosen(line, today=TODAY + LASTS + timedelta(days=1)) == []
    assert "90 days" in str(doubt(line, TODAY + LASTS + timedelta(days=1)))


def test_a_line_that_ended_is_not_shown() -> None:
    line = helpline(expires=TODAY)

    assert chosen(line) == ["listen"]
    assert chosen(line, today=TODAY + timedelta(days=1)) == []


def test_a_date_in_the_future_is_no_check() -> None:
    assert chosen(helpline(checked_on=TODAY + timedelta(days=1))) == ["listen"]
    assert chosen(helpline(checked_on=TODAY + timedelta(days=2))) == []


def test_what_the_desk_confirmed_stands_in_for_the_starter_list() -> None:
    lines = [helpline("starter"), helpline("own", checked_by="Cy Clarke")]

    assert chosen(*lines) == ["own"]
    assert chosen(*lines, today=TODAY + LASTS) == ["own"]
    assert not is_confirmed(lines[0])


def test_three_at_most_and_each_adds_what_was_not_there() -> None:
    lines = [
        helpline("call"),
        helpline("call again"),
        helpline("write", call=(), text="HI to 123"),
        helpline("abuse", concerns=ABUSE),
    ]

    assert chosen(*lines) == ["call", "write", "abuse"]


def test_what_was_asked_about_comes_first() -> None:
    lines = [
        helpline("any"),
        helpline("write", call=(), text="HI to 1"),
        helpline("home", concerns=ABUSE),
    ]

    assert chosen(*lines, concern=Concern.ABUSE)[0] == "home"
    assert chosen(*lines, concern=Concern.SELF_HARM)[0] == "any"


def test_young_people_come_first_where_they_are_meant_and_last_elsewhere() -> None:
    young = helpline("young", is_for_young=True, concerns=frozenset(Concern))
    lines = [young, helpline("one"), helpline("two"), helpline("three")]

    assert chosen(*lines, is_young=True)[0] == "young"
    assert chosen(*lines) == ["one", "two", "three"]


def test_the_language_of_the_desk_comes_first_and_hides_nothing() -> None:
    lines = [helpline("other", languages=("cy",)), helpline("own")]

    assert chosen(*lines) == ["own", "other"]


def test_the_card_says_who_how_when_what_it_costs_and_who_checked() -> None:
    line = helpline(
        "Listen",
        who="People under 19",
        call=("116 123", "0800 1"),
        text="HI to 85258",
        chat="https://chat.example/",
        languages=("en", "cy"),
        checked_by="Cy Clarke",
    )
    card = hours_card(None, route("GB"), "UTC", (line,), way=HERE, is_here=False)

    assert [(field.name, field.value) for field in card.fields] == [
        (
            "Listen",
            (
                "People under 19. Call 116 123 or 0800 1. Text HI to 85258."
                " Any time, day or night. Free. In English and Welsh."
            ),
        )
    ]
    assert [link.url for link in card.links] == [
        "https://chat.example/",
        "https://findahelpline.com",
    ]
    assert card.footer == f"Checked by Cy Clarke on {TODAY.day} {TODAY:%B %Y}."


def test_what_nobody_here_has_checked_is_shown_with_these_words() -> None:
    lines = (helpline(), helpline("two"))
    card = hours_card(None, route("GB"), "UTC", lines, way=HERE, is_here=False)

    assert card.footer.count("These facts come from public pages.") == 1


def test_without_a_helpline_the_directory_is_all_there_is() -> None:
    card = hours_card(None, route("BR"), "UTC", (), way=HERE, is_here=False)

    assert (card.fields, card.footer) == ((), "")
    assert [link.url for link in card.links] == ["https://findahelpline.com"]
    assert "These people listen" not in card.text


REGIONS = sorted({region for line in SHIPPED.lines for region in line.regions})


@pytest.mark.parametrize("region", REGIONS)
def test_every_card_of_the_starter_list_is_read_at_grade_8_and_fits(region: str) -> None:
    for is_young, concern in product((False, True), (None, *Concern)):
        found = helplines(
            SHIPPED.lines,
            region=region,
            language="en",
            today=READ_ON,
            is_young=is_young,
            concern=concern,
        )
        asked = asked_card(None, route(region), "UTC", found, told_by=NOON, is_here=False)
        cards = [
            asked,
            *(
                hours_card(None, route(region), "UTC", found, way=way, is_here=False)
                for way in WAYS
            ),
        ]

        assert 1 <= len(found) <= AT_MOST
        for card in cards:
            said = (*card.paragraphs, *(field.value for field in card.fields), card.footer)
            assert grade(" ".join(said)) <= 8
            assert mean_sentence(" ".join(said)) <= 15
            assert all(len(link.label) <= 80 for link in card.links)
            assert len(card.text) <= 2_000
            assert card.links[-1].url == "https://findahelpline.com"


@pytest.mark.parametrize("is_here", [True, False])
def test_what_to_do_in_danger_comes_before_how_to_write(is_here: bool) -> None:  # noqa: FBT001 - a parameter
    for way in WAYS:
        card = hours_card(None, route("GB"), "UTC", (), way=way, is_here=is_here)

        assert "Call 999 now." in card.paragraphs[1]
        assert grade(" ".join(card.paragraphs)) <= 6


def test_nobody_is_asked_to_write_where_it_leads_nowhere() -> None:
    said = {
        way: hours_card(None, route("GB"), "UTC", (), way=way, is_here=True).text for way in WAYS
    }

    assert [way for way, text in said.items() if "Write here what you need" in text] == [HERE]
    assert [way for way, text in said.items() if "Ask a practitioner" not in text] == [HERE]
    assert [way for way, text in said.items() if "rite in #job-search." in text] == [
        Way(is_read=True, is_here=False, instead="#job-search"),
        Way(is_read=False, is_here=False, instead="#job-search"),
    ]
    # To say yes changes nothing where no channel is known that is read.
    assert [way for way, text in said.items() if "type /optin" in text] == [
        Way(is_read=False, is_here=True),
        Way(is_read=False, is_here=False, instead="#job-search"),
    ]


def test_the_answer_to_a_request_says_by_when_somebody_is_told_and_not_who_is_there() -> None:
    waits = asked_card(None, route("GB"), "UTC", told_by=NOON, is_here=True).text
    is_told = asked_card(None, route("GB"), "UTC", told_by=None, is_here=True).text

    assert "Somebody is told by Mon 05 Jan 12:00 UTC at the latest." in waits
    assert "Somebody at the desk was already told of what you wrote." in is_told
    assert "on duty" not in waits + is_told


@pytest.mark.parametrize("region", REGIONS)
def test_an_emergency_number_is_known_wherever_the_starter_list_has_a_line(region: str) -> None:
    assert route(region).number is not None


def test_the_starter_list_says_of_every_row_that_it_is_to_be_confirmed() -> None:
    assert not any(map(is_confirmed, SHIPPED.lines))
    assert all(doubt(line, READ_ON) is None for line in SHIPPED.lines)


def test_a_row_is_loaded(tmp_path: Path) -> None:
    (line,) = load_helplines(written(tmp_path, ROW)).lines

    assert (line.call, line.text, line.chat) == (("09 123",), "", "")
    assert (line.concerns, line.checked_on) == (frozenset({Concern.DISTRESS}), READ_ON)
    assert is_confirmed(line)


@pytest.mark.parametrize(
    ("changed", "mend"),
    [
        ({"call": [988]}, "put it in quotes"),
        ({"call": ["call us"]}, "digits, spaces, hyphens"),
        ({"call": []}, "Give call, text or chat"),
        ({"concerns": ["readiness"]}, "Write self_harm, abuse or distress"),
        ({"regions": ["UK"]}, "Write GB or GB-ENG"),
        ({"cost": "cheap"}, 'Begin with "free" or with "fee"'),
        ({"source": "http://listen.example/"}, "Write https://"),
        ({"chat": "https://x.example/?utm_source=a"}, "Remove it"),
        ({"checked_on": "last week"}, "Write one such as 2026-"),
        ({"colour": "red"}, "There is no such field"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_mend(
    tmp_path: Path, changed: dict[str, Any], mend: str
) -> None:
    with pytest.raises(BadFile) as refusal:
        load_helplines(written(tmp_path, ROW | changed))

    assert mend in str(refusal.value)
    assert "helplines.yaml:" in str(refusal.value)
    assert "(in listen)" in str(refusal.value)


def test_two_rows_of_one_id_are_refused_at_the_second(tmp_path: Path) -> None:
    path = written(tmp_path, ROW, ROW)
    at = [n for n, line in enumerate(path.read_text().splitlines(), 1) if "id: listen" in line]
    with pytest.raises(BadFile) as refusal:
        load_helplines(path)

    assert f"{path}:{at[1]}: helplines.id" in str(refusal.value)


def test_check_says_what_a_first_confirmed_line_hides() -> None:
    own = helpline("own", checked_by="Cy Clarke", regions=("GB",))
    lines = [own, helpline("call", regions=("GB",)), helpline("chat", regions=("GB-SCT",))]
    far = helpline("far", regions=("FI",))
    scottish = replace(desk(), region="GB-SCT")
    said = list(helpline_lines([*lines, far], scottish, TODAY))

    hidden = "  GB-SCT: 1 confirmed, 2 more are not shown until somebody confirms them: call, chat."
    assert hidden in said
    assert "Helplines by region: FI 1, GB 2 (1 confirmed), GB-SCT 1." in said
    assert not any("not shown until" in line for line in helpline_lines(lines[1:], scottish, TODAY))
    (one,) = (line for line in helpline_lines(lines[:2], scottish, TODAY) if "until" in line)
    assert "1 more is not shown until somebody confirms it: call." in one


def test_check_says_what_members_see_and_names_what_is_too_old() -> None:
    old = helpline("old", checked_on=TODAY - LASTS - timedelta(days=1))
    far = helpline("far", regions=("FI",), expires=TODAY - timedelta(days=1))
    lines = [helpline("listen"), old, far]
    said = list(helpline_lines(lines, desk(), TODAY))
    (old_line,), (far_line,) = not_shown(lines, desk(), TODAY)

    assert "  Listen: call 0123 456. Checked on" in "\n".join(said)
    assert "Nobody of your desk has confirmed these." in "\n".join(said)
    assert old_line.startswith("Not shown: old, because it was last checked on")
    assert old_line.endswith("It is of your region: mend the row, or take it out.")
    assert "it ended on" in far_line
    assert any("no helpline" in line for line in helpline_lines([far], desk(), TODAY))
