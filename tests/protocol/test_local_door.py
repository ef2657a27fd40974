"""Who may come in: this machine, with the address, from a page of its own. And what is let in."""

import json
import stat
from pathlib import Path

import pytest
from aiohttp import ClientSession, WSCloseCode, WSMsgType, WSServerHandshakeError

from adapters.local.server import KEPT_IN, NAMES
from tests.support.local import opened

OTHERS = ("https://evil.example", "http://127.0.0.1:1", "null", "")


async def test_the_page_and_all_its_files_are_served(tmp_path: Path) -> None:
    async with opened(tmp_path) as here, here.web.get(here.address) as page:
        assert page.status == 200
        assert "text/html" in page.headers["Content-Type"]
        for name in NAMES:
            async with here.web.get(f"{here.address}page/{name}") as file:
                assert file.status == 200, name


async def test_nothing_is_loaded_from_elsewhere_and_nobody_may_frame_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as here, here.web.get(here.address) as page:
        policy = page.headers["Content-Security-Policy"]
        words = await page.text()

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "http://" not in words
    assert "https://" not in words


async def test_it_listens_on_this_machine_alone(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        assert here.address.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("path", ["/", "/guess/", "/guess/page/main.js", "/guess/socket", "//"])
async def test_without_the_token_there_is_nothing(path: str, tmp_path: Path) -> None:
    async with opened(tmp_path) as here, here.web.get(f"{here.origin}{path}") as answer:
        assert answer.status == 404
        assert "whole address" in await answer.text() or path in ("/", "//")


@pytest.mark.parametrize("origin", OTHERS)
async def test_another_sites_page_cannot_drive_it(origin: str, tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        with pytest.raises(WSServerHandshakeError) as refused:
            await here.web.ws_connect(f"{here.address}socket", headers={"Origin": origin})

    assert refused.value.status == 403


async def test_a_name_of_somebody_elses_that_points_here_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        host = {"Host": "evil.example"}
        async with here.web.get(here.address, headers=host) as answer:
            assert answer.status == 404


async def test_the_socket_without_an_origin_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        with pytest.raises(WSServerHandshakeError):
            await here.web.ws_connect(f"{here.address}socket")


async def test_a_file_outside_the_page_is_not_served(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        for name in ("..%2fserver.py", "server.py", "main.js.map"):
            async with here.web.get(f"{here.address}page/{name}") as answer:
                assert answer.status == 404, name


async def test_the_address_stays_the_same_and_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        first = here.address.split("/")[3]
    async with opened(tmp_path) as again:
        assert again.address.split("/")[3] == first

    assert stat.S_IMODE((tmp_path / KEPT_IN).stat().st_mode) == 0o600
    assert len(first) >= 32


HOSTILE = (
    "not json",
    "[]",
    "{}",
    '{"do": "say"}',
    '{"do": "say", "where": "20", "text": 7}',
    '{"do": "say", "where": "20", "text": "hi", "author": "sam"}',
    '{"do": "become", "who": "sam"}',
    json.dumps({"do": "say", "where": "20", "text": "x" * 4_001}),
    json.dumps({"do": "submit", "form": "x", "values": {str(n): "" for n in range(6)}}),
    '{"do": "skip", "minutes": -5}',
    '{"do": "hello", "who": "' + "x" * 81 + '"}',
)


@pytest.mark.parametrize("payload", HOSTILE)
async def test_what_no_page_sends_is_refused_and_changes_nothing(
    payload: str, tmp_path: Path
) -> None:
    async with opened(tmp_path) as here:
        visitor = await here.visitor("7")
        await visitor.socket.send_str(payload)
        assert "could not be understood" in await visitor.hears("refused")
        assert not here.inbox.messages
        assert (await visitor.says("still here"))["author"] == "7"


@pytest.mark.parametrize(
    ("do", "what"),
    [
        ("say", {"where": "no-such", "text": "x"}),
        ("say", {"where": "@8+aino", "text": "x"}),
        ("say", {"where": "20", "text": "x", "thread": "999"}),
        ("press", {"on": "999", "button": "alert.take"}),
        ("choose", {"menu": "no-such", "on": "999"}),
        ("command", {"name": "no such", "where": "20"}),
        ("submit", {"form": "no-such", "values": {}}),
        ("edit", {"id": "999", "text": "x"}),
        ("delete", {"id": "999"}),
        ("dismiss", {"id": "999"}),
        ("why", {"id": "999"}),
        ("page", {"where": "@8+aino"}),
    ],
)
async def test_what_is_not_there_can_not_be_touched(
    do: str, what: dict[str, object], tmp_path: Path
) -> None:
    async with opened(tmp_path) as here:
        visitor = await here.visitor("7")
        await visitor.ask(do, **what)
        heard = await visitor.so_far()
        assert not here.platform.state.messages
        assert not [one for one in heard if "message" in one or "form" in one]


async def test_nobody_is_let_in_as_somebody_who_is_played_or_is_not_there(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        visitor = await here.visitor("7")
        for name in ("waymark", "script", "nobody"):
            await visitor.ask("hello", who=name)
            assert await visitor.hears("refused")
            await visitor.ask("say", where="20", text="x")
            assert await visitor.hears("refused")
        assert not here.inbox.messages


async def test_a_frame_that_is_too_long_closes_that_window_alone(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        visitor, other = await here.visitor("7"), await here.visitor("8")
        await visitor.socket.send_str("x" * 70_000)
        assert (await visitor.socket.receive()).type is WSMsgType.CLOSE
        assert await other.says("still here")


async def test_a_window_that_does_not_read_is_closed_and_stops_nobody(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        await here.visitor("7")
        (window,) = here.platform.windows
        for number in range(2_500):
            window.tell({"flood": number})
        assert window not in here.platform.windows
        assert await (await here.visitor("8")).says("still here")


async def test_it_tells_open_windows_that_it_goes(tmp_path: Path) -> None:
    async with opened(tmp_path) as here:
        visitor = await here.visitor("7")
        here.running.cancel()
        assert (await visitor.socket.receive()).type is WSMsgType.CLOSE
        assert visitor.socket.close_code == WSCloseCode.GOING_AWAY


async def test_it_sets_no_cookie(tmp_path: Path) -> None:
    async with opened(tmp_path) as here, ClientSession() as web, web.get(here.address) as page:
        assert not page.cookies
