"""What a field may hold that several edited files have. Each refusal has its mend."""

import re
from collections.abc import Callable
from typing import Annotated, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

# Parameters by which a site pays for visitors or follows them.
_TRACKING = re.compile(r"utm_\w+|aff\w*|ref|referrer|partner\w*|tag|clickid|irclickid|gclid")


def shape(pattern: str, mend: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise PydanticCustomError("shape", f"{text!r} is not usable. {mend}")
        return text

    return check


def _quoted(code: object) -> object:
    if isinstance(code, bool):
        raise PydanticCustomError("quotes", 'YAML reads a bare NO as false. Write "NO" in quotes.')
    return code


def _https(url: str) -> str:
    parts = urlsplit(url)
    # Spaces and <>|() would let an address break out of a platform's link markup (I12).
    if parts.scheme != "https" or "." not in (parts.hostname or "") or re.search(r"[\s<>|()]", url):
        raise PydanticCustomError("url", "not a plain web address. Write https:// and the site.")
    if "@" in parts.netloc or any(_TRACKING.fullmatch(key) for key, _ in parse_qsl(parts.query)):
        raise PydanticCustomError("url", "affiliate or personal part in the address. Remove it.")
    return url


def known_region(code: str) -> str:
    """Refuse what people write for a country and is none. Raises PydanticCustomError."""
    if code in ("UK", "EN", "GB-EN"):
        raise PydanticCustomError("region", f"{code} is no country code. Write GB or GB-ENG.")
    return code


Text: TypeAlias = Annotated[str, Field(min_length=1)]
OneLine: TypeAlias = Annotated[
    str,
    Field(min_length=1),
    AfterValidator(
        shape(r"[^\x00-\x1f\x7f]*", "Write it on one line, without control characters.")
    ),
]
Id: TypeAlias = Annotated[
    str, AfterValidator(shape(r"[a-z0-9]+(-[a-z0-9]+)*", "Use small letters, digits and hyphens."))
]
Url: TypeAlias = Annotated[str, AfterValidator(_https)]
Region: TypeAlias = Annotated[
    str,
    BeforeValidator(_quoted),
    AfterValidator(
        shape(r"[A-Z]{2}(-[A-Z0-9]{1,3})?|\*", 'Write FI, GB-SCT, EU or "*", in capitals.')
    ),
    AfterValidator(known_region),
]
Country: TypeAlias = Annotated[
    str,
    AfterValidator(
        shape(
            r"[A-Z]{2}(-[A-Z0-9]{1,3})?",
            "Write a country in capitals, such as IE, or a part of it, such as GB-ENG.",
        )
    ),
    AfterValidator(known_region),
]
Language: TypeAlias = Annotated[
    str,
    BeforeValidator(_quoted),
    AfterValidator(shape("[a-z]{2}", "Write two small letters (ISO 639-1), such as fi.")),
]
Cost: TypeAlias = Annotated[
    str, AfterValidator(shape(r"(free|fee)\b.*", 'Begin with "free" or with "fee".'))
]
