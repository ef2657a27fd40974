"""Which addresses may be asked for a calendar: nothing here asks."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from yarl import URL

from bot.domain.calendar import Obstacle

LONGEST = 2_000
_SCHEMES = {"webcal": "https", "webcals": "https", "https": "https", "http": "http"}
_TRANSLATED = IPv6Network("64:ff9b::/96")  # an IPv4 address in its last 32 bits (RFC 6052)

IP: TypeAlias = IPv4Address | IPv6Address


def read_address(typed: str) -> URL | Obstacle:
    """Read what somebody typed or a server named; `webcal://` is https by another name."""
    written = typed.strip()
    scheme, found, rest = written.partition("://")
    known = _SCHEMES.get(scheme.lower())
    if not found or known is None or len(written) > LONGEST or not written.isprintable():
        return Obstacle.ADDRESS
    try:
        url = URL(f"{known}://{rest}").with_fragment(None)
        port = url.port
    except ValueError:
        return Obstacle.ADDRESS
    return url if url.host and port and " " not in rest else Obstacle.ADDRESS


def may_be_asked(url: URL, private: Collection[str]) -> bool:
    """Say whether the address is encrypted, or of a host that the operator vouches for.

    Such a host may be asked in the clear when it is this machine itself: `is_allowed` sees to it.
    """
    return url.scheme == "https" or _is_vouched_for(url, private)


def is_allowed(ip: IP, url: URL, private: Collection[str]) -> bool:
    """Say whether a host that stands at `ip` may be asked for `url`."""
    real = _real(ip)
    if url.scheme != "https" and not real.is_loopback:
        return False
    return _is_vouched_for(url, private) or (real.is_global and not real.is_multicast)


def literal(url: URL) -> IP | None:
    """Give the number that an address names instead of a host."""
    try:
        return ip_address(host_of(url))
    except ValueError:
        return None


def host_of(url: URL) -> str:
    return (url.host or "").rstrip(".").lower()


def _is_vouched_for(url: URL, private: Collection[str]) -> bool:
    """Tell whether its host is among them: without a port it is there with all of its ports."""
    host = host_of(url)
    bracketed = f"[{host}]" if ":" in host else host  # an IPv6 number has colons of its own
    return any(name in private for name in (host, bracketed, f"{bracketed}:{url.port}"))


def _real(ip: IP) -> IP:
    """Give the address that is reached in the end: several kinds of IPv6 lead to an IPv4 one."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    teredo = ip.teredo
    return ip.ipv4_mapped or ip.sixtofour or (teredo[1] if teredo else ip)
