"""What people typed, made harmless for a terminal, a page and a drawing. Nothing here escapes."""

import unicodedata
from urllib.parse import urlsplit

# Control and format characters move the cursor, hide text or turn it round; surrogates break
# UTF-8, the two non-characters break XML. The joiners stay: emoji and several scripts need them.
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NOT_XML = "\ufffe\uffff"
_JOINERS = "\u200c\u200d"


def inert(text: str) -> str:
    """Give `text` on one line, each run of white space or harmful characters as one blank."""
    return " ".join("".join(_harmless(char) for char in text).split())


def web_link(url: str) -> str:
    """Give `url` when it is a plain http or https address, otherwise nothing."""
    if not url.isprintable() or " " in url or inert(url) != url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


def _harmless(char: str) -> str:
    if char in _JOINERS:
        return char
    return " " if char in _NOT_XML or unicodedata.category(char) in _HARMFUL else char
