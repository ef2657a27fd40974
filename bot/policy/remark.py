"""What is kept about a case, for how long, and whom a follow-up asks."""

from datetime import datetime, timedelta

from bot.domain.alert import Case
from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.remark import FollowUp
from bot.policy.routing import Staff

LONGEST = 1_000  # characters of free text; it is a note, not a record
MOST_DAYS = 30  # free text is kept no longer (I4), whatever a desk file says


def erase_at(desk: Desk, at: datetime) -> datetime:
    return at + timedelta(days=min(desk.remark_days, MOST_DAYS))


def asked(promised: FollowUp, case: Case, staff: Staff) -> AccountRef:
    """Say whom a follow-up that is due asks: the holder, else who promised it, else who is there.

    None of them may have left the desk since (I7).
    """
    candidates = (case.holder, promised.who, staff.duty.primary)
    found = (one for one in candidates if one is not None and one in staff.people)
    return next(found, staff.last_resort)
