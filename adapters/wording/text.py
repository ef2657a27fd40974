"""What every platform's wording comes down to."""

import re
from datetime import UTC, datetime

# Cc but newline and tab, and lone surrogates, which no file and no database can hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def tidy(text: str) -> str:
    """Take out control characters but newline and tab, and lone surrogates."""
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(_instead, text)


def link(label: str, url: str) -> str:
    """Show both, but once when a typed "example.org" was made a link by itself."""
    short = url.partition("://")[2].rstrip("/")
    return url if label in {"", url, short} else f"{label} ({url})"


def moment(seconds: str) -> str:
    """Show a time given in seconds since 1970, in UTC."""
    try:
        found = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return "a time"
    return f"{found:%Y-%m-%d %H:%M} UTC"


def _instead(found: re.Match[str]) -> str:
    return "\N{REPLACEMENT CHARACTER}" if found[0] >= "\ud800" else " "
