"""Whether a message that stands somewhere is a delivery that was asked for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from adapters.discord import markup
from adapters.discord.payload import Raw
from adapters.discord.translate import TAG, moment
from bot.domain.card import Card

_SKEW: Final = timedelta(seconds=30)  # what two clocks may differ by


def is_delivery(row: Raw, card: Card, key: str, since: datetime | None) -> bool:
    """Tell it by the trace of the key in its buttons.

    What has no buttons is told by its words, where it is known `since` when it may have been sent:
    without that, the same words may be an earlier delivery's.
    """
    ids = _custom_ids(row)
    if ids:
        tag = f"{TAG}{markup.trace(key)}"
        return any(id_.endswith(tag) for id_ in ids)
    if since is None or moment(row["timestamp"]) < since - _SKEW:
        return False
    return _words(row) in [_words(markup.drawn(card, as_text=text)) for text in (False, True)]


def _custom_ids(row: Raw) -> list[str]:
    rows = row.get("components") or ()
    return [one["custom_id"] for r in rows for one in r["components"] if "custom_id" in one]


def _words(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Give all words of a message, however they are spaced: Discord trims what it is given."""
    said = [payload["content"]]
    for embed in payload.get("embeds") or ():
        said.append(embed.get("description") or "")
        said += [f"{one['name']} {one['value']}" for one in embed.get("fields") or ()]
        said.append((embed.get("footer") or {}).get("text") or "")
    return tuple(" ".join(one.split()) for one in said)
