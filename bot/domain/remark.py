"""What a practitioner keeps about a case: a code, and a day on which to ask how it went."""

from datetime import datetime
from enum import StrEnum

from bot.domain.message import AccountRef
from bot.domain.value import value


class RemarkCode(StrEnum):
    """What was done or is known, without a word about the person."""

    CONTACTED = "contacted"
    RESOURCE_SENT = "resource_sent"
    REFERRED = "referred"
    CONSULTED = "consulted"
    WAITING = "waiting"
    HELPED = "helped"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"


@value
class Remark:
    """`id` is the asking's own. `sealed` is free text, encrypted, gone after `erase_at` (I4)."""

    id: str
    alert: str
    who: AccountRef
    at: datetime
    code: RemarkCode
    sealed: str | None = None
    erase_at: datetime | None = None


@value
class FollowUp:
    """Whoever has the case is asked at `due_at` whether it helped."""

    id: str
    alert: str
    who: AccountRef
    due_at: datetime
