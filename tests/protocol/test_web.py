"""A calendar is asked for on a real server, which behaves well, badly, or not at all."""

import asyncio
import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.calendar import Content, Fetched, Mark, Obstacle, Unchanged, Unread
from bot.web.client import Web
from tests.support.build import NOON
from tests.support.feed import LOCALHOST, Feed, certified, feed

ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
HERE = Web(private=(LOCALHOST,))


async def asked(served: Feed, mark: Mark | None = None, *, by: Web = HERE) -> Fetched:
    return await by.fetch(served.address, mark or Mark(), NOON)


async def answered(response: web.Response) -> Fetched:
    async with feed(ICS) as served:
        served.answers = [response]
        return await asked(served)


def led(to: str, status: int = 302) -> web.Response:
    return web.Response(status=status, headers={"Location": to})


async def test_what_is_there_comes_with_its_mark() -> None:
    async with feed(ICS, etag='"1"', modified="Mon, 05 Jan 2026 10:00:00 GMT") as served:
        found = await asked(served)

        assert found == Content(ICS, Mark('"1"', "Mon, 05 Jan 2026 10:00:00 GMT"))
        assert "If-None-Match" not in served.asked[0]
        assert served.asked[0]["Accept-Encoding"] == "identity"


async def test_what_has_not_changed_is_not_sent_again() -> None:
    async with feed(ICS, etag='"1"') as served:
        found = await asked(served, Mark('"1"', "Mon, 05 Jan 2026 10:00:00 GMT"))

        assert found == Unchanged()
        assert served.asked[0]["If-Modified-Since"] == "Mon, 05 Jan 2026 10:00:00 GMT"


async def test_unchanged_says_nothing_to_who_has_nothing() -> None:
    assert await answered(web.Response(status=304)) == Unread(Obstacle.BUSY)


@pytest.mark.parametrize(
    ("status", "obstacle"),
    [
        (401, Obstacle.REFUSED),
        (403, Obstacle.REFUSED),
        (404, Obstacle.GONE),
        (410, Obstacle.GONE),
        (500, Obstacle.BUSY),
        (520, Obstacle.BUSY),
        (204, Obstacle.BUSY),
    ],
)
async def test_a_refusal_is_a_value(status: int, obstacle: Obstacle) -> None:
    assert await answered(web.Response(status=status)) == Unread(obstacle)


@pytest.mark.parametrize(
    ("written", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Mon, 05 Jan 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 05 Jan 2026 11:00:00 GMT", timedelta(0)),
        ("soon", None),
    ],
)
async def test_a_busy_server_may_say_when(written: str, wait: timedelta | None) -> None:
    busy = web.Response(status=429, headers={"Retry-After": written})

    assert await answered(busy) == Unread(Obstacle.BUSY, wait)


@pytest.mark.parametrize(
    "page",
    [
        web.Response(text="<p>Sign in", content_type="text/html"),
        web.Response(body=b"\xef\xbb\xbf\n <!doctype html>", content_type="text/calendar"),
    ],
)
async def test_a_page_to_log_in_is_no_calendar(page: web.Response) -> None:
    assert await answered(page) == Unread(Obstacle.PAGE)


async def test_more_than_the_most_is_not_read_to_its_end() -> None:
    async with feed(b"x" * 200_000) as served:
        least = Web((LOCALHOST,), most_bytes=199_999)

        assert await asked(served, by=least) == Unread(Obstacle.HUGE)


async def test_what_is_compressed_unasked_is_not_blown_up() -> None:
    bomb = web.Response(body=gzip.compress(b"0" * 10_000_000), headers={"Content-Encoding": "gzip"})

    assert await answered(bomb) == Unread(Obstacle.BROKEN)


async def test_a_server_that_never_answers_is_left() -> None:
    async with feed() as served:
        served.stuck = asyncio.Event()
        hasty = Web((LOCALHOST,), patience=timedelta(milliseconds=50))

        assert await asked(served, by=hasty) == Unread(Obstacle.SLOW)


async def test_nobody_there_is_a_value() -> None:
    async with feed() as served:
        gone = served.address

    assert await HERE.fetch(gone, Mark(), NOON) == Unread(Obstacle.UNREACHABLE)


async def test_a_redirect_is_followed_and_a_ring_of_them_is_not() -> None:
    async with feed(ICS) as served:
        served.answers = [led("/elsewhere.ics"), led("/again.ics", status=308)]
        found = await asked(served)
        served.answers = [led("/round") for _ in range(20)]
        ring = await asked(served)

        assert found == Content(ICS)
        assert ring == Unread(Obstacle.MOVED)
        assert len(served.asked) == 3 + 4


@pytest.mark.parametrize(
    ("to", "obstacle"),
    [
        ("https://127.0.0.1/", Obstacle.PRIVATE),
        ("https://169.254.169.254/latest/meta-data", Obstacle.PRIVATE),
        ("https://[::ffff:10.0.0.1]/", Obstacle.PRIVATE),
        ("http://127.0.0.1/", Obstacle.ADDRESS),
        ("file:///etc/passwd", Obstacle.MOVED),
    ],
)
async def test_no_redirect_leads_into_a_private_network(to: str, obstacle: Obstacle) -> None:
    assert await answered(led(to)) == Unread(obstacle)


async def test_a_name_that_leads_into_a_private_network_is_refused_when_it_is_asked() -> None:
    async with feed(ICS) as served:
        address = served.address.replace("http:", "https:")

        assert await Web().fetch(address, Mark(), NOON) == Unread(Obstacle.PRIVATE)
        assert await Web().fetch(served.address, Mark(), NOON) == Unread(Obstacle.ADDRESS)
        assert served.asked == []


async def test_a_name_that_is_vouched_for_may_not_be_led_to_from_elsewhere() -> None:
    async with feed(ICS) as served, feed() as other:
        both = Web((LOCALHOST, "127.0.0.1"))
        other.answers = [led(served.address)]
        address = other.address.replace(LOCALHOST, "127.0.0.1")

        assert await both.fetch(address, Mark(), NOON) == Unread(Obstacle.ADDRESS)
        assert served.asked == []


async def test_who_may_read_it_stands_in_the_address() -> None:
    async with feed(ICS) as served:
        await HERE.fetch(served.address.replace("//", "//ada:s3cret@"), Mark(), NOON)

        assert served.asked[0]["Authorization"].startswith("Basic ")


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    async with feed(ICS, tls=certified(tmp_path)) as served:
        assert await asked(served) == Unread(Obstacle.UNREACHABLE)
        assert served.asked == []
