"""Whether a message is a delivery that was sent before. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from adapters.discord import markup
from adapters.discord.translate import TAG, Raw, moment

_SKEW: Final = timedelta(seconds=30)


def is_delivery(row: Raw, body: Mapping[str, Any], key: str, before: datetime | None) -> bool:
    """Tell it by the trace of the key in its buttons.

    What has no buttons is compared with what an attempt of this process (`before`) would have sent.
    """
    ids = _custom_ids(row)
    if ids:
        tag = f"{TAG}{markup.trace(key)}"
        return any(id_.endswith(tag) for id_ in ids)
    if before is None or moment(row["timestamp"]) < before - _SKEW:
        return False
    held = [embed.get("description") for embed in row.get("embeds") or ()]
    wanted = [embed.get("description") for embed in body["embeds"]]
    return bool(row["content"] == body["content"] and held == wanted)


def _custom_ids(row: Raw) -> list[str]:
    rows = row.get("components") or ()
    return [one["custom_id"] for r in rows for one in r["components"] if "custom_id" in one]
