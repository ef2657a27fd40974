"""A calendar server on this machine: it serves what a test puts there, well or badly."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LOCALHOST = "localhost"


@dataclass(slots=True)
class Feed:
    """`body` is the calendar. `answers` are given instead to the next requests, one each.

    `asked` are the heads of the requests that came, and each sets `came`. A `stuck` one answers
    nothing.
    """

    body: bytes = b""
    etag: str = ""
    modified: str = ""
    content_type: str = "text/calendar"
    answers: list[web.Response] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    stuck: asyncio.Event | None = None
    port: int = 0
    scheme: str = "http"

    @property
    def address(self) -> str:
        return f"{self.scheme}://{LOCALHOST}:{self.port}/private-5ecret/basic.ics"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.headers))
        self.came.set()
        if self.stuck is not None:
            await self.stuck.wait()
        if self.answers:
            return self.answers.pop(0)
        head = {"ETag": self.etag, "Last-Modified": self.modified}
        head = {name: value for name, value in head.items() if value}
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return web.Response(status=304, headers=head)
        return web.Response(body=self.body, content_type=self.content_type, headers=head)


@asynccontextmanager
async def feed(
    body: bytes = b"", *, etag: str = "", modified: str = "", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Feed]:
    """Serve on a free port until the end of the block, encrypted when there is a `tls`."""
    served = Feed(body, etag, modified)
    app = web.Application()
    app.router.add_get("/{path:.*}", served.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    served.scheme = "http" if tls is None else "https"
    served.port = runner.addresses[0][1]
    try:
        yield served
    finally:
        if served.stuck is not None:
            served.stuck.set()
        await runner.cleanup()


def certified(folder: Path, name: str = LOCALHOST) -> ssl.SSLContext:
    """Make a server's end with a certificate that nobody vouches for; it lies in `folder`."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tls.pem").write_bytes(made.public_bytes(Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.pem")
    return context
