"""Asks a server for a calendar, and gets no further than it may.

Each address on the way is judged, and again when its host's name is turned into a number, so that
neither a redirect nor a name can lead into a private network.
"""

import asyncio
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.domain.calendar import Content, Fetched, Mark, Obstacle, Unchanged, Unread
from bot.web.address import host_of, is_allowed, literal, may_be_asked, read_address

MOST_BYTES = 3_000_000
MOST_HOPS = 4
PATIENCE = timedelta(seconds=20)  # for all of it
LONGEST_MARK = 500
_PIECE = 65_536
# Compressed, a few bytes could become gigabytes: nothing compressed is asked for.
_HEADERS = {
    "Accept": "text/calendar, text/plain;q=0.5, */*;q=0.1",
    "Accept-Encoding": "identity",
    "User-Agent": "Waymark",
}
_PAGES = {"text/html", "application/xhtml+xml"}
_REDIRECTS = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}
_OBSTACLES: dict[int, Obstacle] = {
    HTTPStatus.UNAUTHORIZED: Obstacle.REFUSED,
    HTTPStatus.FORBIDDEN: Obstacle.REFUSED,
    HTTPStatus.REQUEST_TIMEOUT: Obstacle.BUSY,
    HTTPStatus.TOO_MANY_REQUESTS: Obstacle.BUSY,
}


@dataclass(frozen=True, slots=True)
class Web:
    """`private` are hosts that may be in a private network, because the operator says so.

    One of them is reached by its own address alone: nothing that stands elsewhere may lead to it.
    """

    private: Collection[str] = ()
    patience: timedelta = PATIENCE
    most_bytes: int = MOST_BYTES

    async def fetch(self, address: str, mark: Mark, now: datetime) -> Fetched:
        """Ask for what is at `address`, unless it is still what `mark` names. Raises nothing."""
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                return await self._follow(address, mark, now)
        except TimeoutError:
            return Unread(Obstacle.SLOW)
        except (aiohttp.ClientError, OSError, ValueError):
            return Unread(Obstacle.UNREACHABLE)

    async def _follow(self, address: str, mark: Mark, now: datetime) -> Fetched:
        first = url = read_address(address)
        for _ in range(MOST_HOPS):
            if isinstance(url, Obstacle) or isinstance(first, Obstacle):
                return Unread(Obstacle.ADDRESS)
            is_there = host_of(url) == host_of(first)
            private = frozenset(map(str.lower, self.private)) if is_there else frozenset()
            answer = await self._ask(_Door(url, private), mark, now)
            if not isinstance(answer, URL):
                return answer
            if answer.scheme not in {url.scheme, "https"}:
                return Unread(Obstacle.MOVED)
            url = read_address(str(answer))
        return Unread(Obstacle.MOVED)

    async def _ask(self, door: "_Door", mark: Mark, now: datetime) -> Fetched | URL:
        """Ask once; an address is where the server says that it is instead."""
        if not door.is_open:
            return Unread(door.why)
        connector = aiohttp.TCPConnector(resolver=door, use_dns_cache=False, force_close=True)
        headers = {**_HEADERS, **_only_if_changed(mark)}
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector,
                    auto_decompress=False,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=None),  # `fetch` has the one that counts
                ) as session,
                session.get(door.url, headers=headers, allow_redirects=False) as response,
            ):
                return _answered(response, door.url, mark, now) or await self._body(response)
        except aiohttp.ClientConnectorDNSError:
            return Unread(Obstacle.PRIVATE if door.is_refused else Obstacle.UNREACHABLE)

    async def _body(self, response: aiohttp.ClientResponse) -> Fetched:
        body = bytearray()
        async for piece in response.content.iter_chunked(_PIECE):
            body += piece
            if len(body) > self.most_bytes:
                return Unread(Obstacle.HUGE)
        if body[:_PIECE].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
            return Unread(Obstacle.PAGE)
        return Content(bytes(body), _mark(response))


class _Door(AbstractResolver):
    """Finds where a host is, and opens only to addresses that may be asked."""

    def __init__(self, url: URL, private: Collection[str]) -> None:
        self.url, self.private = url, private
        self.is_refused = False

    @property
    def is_open(self) -> bool:
        ip = literal(self.url)
        return may_be_asked(self.url, self.private) and (
            ip is None or is_allowed(ip, self.url, self.private)
        )

    @property
    def why(self) -> Obstacle:
        return Obstacle.ADDRESS if self.url.scheme != "https" else Obstacle.PRIVATE

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Give the numbers of a host. One that may not be asked closes the door to all of them."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        ips = [ip_address(str(where[0]).partition("%")[0]) for *_, where in found]
        if not all(is_allowed(ip, self.url, self.private) for ip in ips):
            self.is_refused = True
            raise OSError("it leads into a private network")
        return [
            ResolveResult(
                hostname=host,
                host=str(where[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, protocol, _, where in found
        ]

    async def close(self) -> None:
        """Nothing is kept open."""


def _answered(
    response: aiohttp.ClientResponse, url: URL, mark: Mark, now: datetime
) -> Fetched | URL | None:
    """Give what the head of the answer says; None: what follows may be a calendar."""
    status = response.status
    if status == HTTPStatus.NOT_MODIFIED and mark != Mark():
        return Unchanged()
    if status in _REDIRECTS and "Location" in response.headers:
        return url.join(URL(response.headers["Location"]))
    if status != HTTPStatus.OK:
        wait = _retry_after(response.headers.get("Retry-After", ""), now)
        return Unread(_obstacle(status), wait)
    if response.content_type in _PAGES:
        return Unread(Obstacle.PAGE)
    is_plain = response.headers.get("Content-Encoding", "identity") == "identity"
    return None if is_plain else Unread(Obstacle.BROKEN)


def _obstacle(status: int) -> Obstacle:
    if status in _OBSTACLES:
        return _OBSTACLES[status]
    is_ours = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return Obstacle.GONE if is_ours else Obstacle.BUSY


def _only_if_changed(mark: Mark) -> dict[str, str]:
    named = {"If-None-Match": mark.etag, "If-Modified-Since": mark.modified}
    return {name: value for name, value in named.items() if value}


def _mark(response: aiohttp.ClientResponse) -> Mark:
    etag, modified = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    return Mark(*(one if len(one) <= LONGEST_MARK else "" for one in (etag, modified)))


def _retry_after(written: str, now: datetime) -> timedelta | None:
    """Read a number of seconds or a date (RFC 9110, 10.2.3)."""
    if written.isascii() and written.isdecimal():
        return timedelta(seconds=min(int(written), 1_000_000))
    try:
        when = parsedate_to_datetime(written)
    except ValueError:
        return None
    return max(timedelta(), (when if when.tzinfo else when.replace(tzinfo=UTC)) - now)
