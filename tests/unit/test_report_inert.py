import unicodedata

import pytest
from hypothesis import given

from bot.reports.inert import inert, web_link
from tests.support import hostile


@given(hostile.text)
def test_what_people_typed_becomes_one_harmless_line(text: str) -> None:
    plain = inert(text)

    kinds = {unicodedata.category(char) for char in plain if char not in "\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert plain.encode("utf-8").decode("utf-8") == plain
    assert inert(plain) == plain


@pytest.mark.parametrize(
    "text", ["#job-search", "Käyttäjä", "مرحبا", "名無し", "👩‍👩‍👧", "a <b> & 'c'"]
)
def test_ordinary_names_of_any_script_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [("a\r\nb", "a b"), ("\x1b[31mred", "[31mred"), ("x\u202ey", "x y"), ("\ud800", "")],
)
def test_each_harmful_run_becomes_a_blank(text: str, plain: str) -> None:
    assert inert(text) == plain


@pytest.mark.parametrize("url", ["https://discord.com/channels/1/2/3", "http://example.org/?a=1&b"])
def test_a_web_address_is_kept(url: str) -> None:
    assert web_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "slack://channel?id=C1",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://",
        "http://[",
        "https://example.org/a b",
        "https://example.org/\x1b[2J",
        "https://example.org/\u202e",
        "",
    ],
)
def test_anything_else_is_no_link(url: str) -> None:
    assert web_link(url) == ""
