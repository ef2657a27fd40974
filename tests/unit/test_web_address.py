"""Which addresses may be asked for a calendar."""

from ipaddress import ip_address

import pytest
from yarl import URL

from bot.domain.calendar import Obstacle
from bot.web.address import is_allowed, literal, may_be_asked, read_address


def read(typed: str) -> URL:
    url = read_address(typed)
    assert isinstance(url, URL)
    return url


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        (" https://example.org/a.ics ", "https://example.org/a.ics"),
        ("webcal://example.org/a.ics?x=1#top", "https://example.org/a.ics?x=1"),
        ("WEBCALS://example.org/a.ics", "https://example.org/a.ics"),
        ("http://localhost:8080/a.ics", "http://localhost:8080/a.ics"),
    ],
)
def test_webcal_is_https_by_another_name(typed: str, url: str) -> None:
    assert str(read(typed)) == url


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "example.org/a.ics",
        "ftp://example.org/a.ics",
        "file:///etc/passwd",
        "https://",
        "https:///a.ics",
        "https://example.org:99999/a.ics",
        "https://exa mple.org/a.ics",
        "https://example.org/\x1b[31m",
        "https://example.org/" + "a" * 2_000,
    ],
)
def test_what_is_no_address_is_none(typed: str) -> None:
    assert read_address(typed) is Obstacle.ADDRESS


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255",  # noqa: S104 - nothing is bound to it
        "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused_unless_the_operator_vouches_for_the_host(ip: str) -> None:
    url = read("https://cloud.example/a.ics")

    assert not is_allowed(ip_address(ip), url, ())
    assert is_allowed(ip_address(ip), url, {"cloud.example"})


@pytest.mark.parametrize("ip", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_what_is_public_may_be_asked(ip: str) -> None:
    assert is_allowed(ip_address(ip), read("https://example.org/"), ())


@pytest.mark.parametrize(
    ("url", "host", "other"),
    [
        ("https://cloud.example:8443/a.ics", "cloud.example:8443", "cloud.example:8444"),
        ("https://cloud.example/a.ics", "cloud.example:443", "cloud.example:8443"),
        ("https://[fd00::1]:8443/a.ics", "[fd00::1]:8443", "[fd00::1]:1"),
        ("https://[fd00::1]/a.ics", "[fd00::1]", "[fd00::2]"),
        ("https://[fd00::1]/a.ics", "fd00::1", "fd00::2"),
    ],
)
def test_a_host_may_be_vouched_for_at_one_port(url: str, host: str, other: str) -> None:
    assert is_allowed(ip_address("10.0.0.1"), read(url), {host})
    assert not is_allowed(ip_address("10.0.0.1"), read(url), {other})


def test_in_the_clear_this_machine_alone_is_asked_and_only_when_vouched_for() -> None:
    here, there = read("http://localhost/"), read("http://example.org/")

    assert not may_be_asked(here, ())
    assert may_be_asked(here, {"localhost"})
    assert is_allowed(ip_address("127.0.0.1"), here, {"localhost"})
    assert not is_allowed(ip_address("10.0.0.1"), here, {"localhost"})
    assert not may_be_asked(there, ())
    assert not is_allowed(ip_address("93.184.215.14"), there, {"example.org"})


def test_a_number_in_place_of_a_host_is_seen() -> None:
    assert literal(read("https://[::1]/")) == ip_address("::1")
    assert literal(read("https://10.0.0.1/")) == ip_address("10.0.0.1")
    assert literal(read("https://example.org/")) is None


def test_the_end_of_a_number_is_no_port() -> None:
    here = URL("http://[fd00::1]:8443/x")
    assert may_be_asked(here, {"fd00::1"})
    assert may_be_asked(here, {"[fd00::1]"})
    assert may_be_asked(here, {"[fd00::1]:8443"})
    assert not may_be_asked(here, {"fd00::1:8443"})
    assert not may_be_asked(here, {"[fd00::1]:8444"})
