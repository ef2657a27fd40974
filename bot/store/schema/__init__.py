"""The tables. No column holds what a member wrote (I4), nor anything that rates a member (I6).

Every table begins with the desk, so that no query can forget it (I8). A change here needs a new
file in `migrations/versions` and its name in `REVISIONS`; a test compares the two.
"""

from bot.store.schema.alert import (
    ALERT,
    AUDIT,
    DECISION,
    DELIVERY,
    FINDING,
    FOLLOW_UP,
    PAGE,
    REMARK,
    UNANSWERED,
    UNTOLD,
)
from bot.store.schema.base import CLOSED, METADATA, P3, PENDING, SENT, STALE, WITHDRAWN
from bot.store.schema.desk import CONSENT, DESK, SETTING, WATCH
from bot.store.schema.duty import CALENDAR, DUTY_OVERRIDE, DUTY_SWAP, LINK_CODE, LINKED, UNREACHED
from bot.store.schema.ledger import CURSOR, GONE_PLACE, JOINED, LEDGER, TAIL
from bot.store.schema.output import OPEN_OUTPUT, OUTPUT

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0005",
    "0004",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0015",
    "0016",
    "0014",
    "0017",
    "0018",
)  # oldest first; opening an up-to-date database looks no further than this


__all__ = [
    "ALERT",
    "AUDIT",
    "CALENDAR",
    "CLOSED",
    "CONSENT",
    "CURSOR",
    "DECISION",
    "DELIVERY",
    "DESK",
    "DUTY_OVERRIDE",
    "DUTY_SWAP",
    "FINDING",
    "FOLLOW_UP",
    "GONE_PLACE",
    "JOINED",
    "LEDGER",
    "LINKED",
    "LINK_CODE",
    "METADATA",
    "OPEN_OUTPUT",
    "OUTPUT",
    "P3",
    "PAGE",
    "PENDING",
    "REMARK",
    "REVISIONS",
    "SENT",
    "SETTING",
    "STALE",
    "TAIL",
    "UNANSWERED",
    "UNREACHED",
    "UNTOLD",
    "WATCH",
    "WITHDRAWN",
]
