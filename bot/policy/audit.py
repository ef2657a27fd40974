"""What counts as a failing. The auditor looks; this judges. Nothing is mended here."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.domain.audit import Changes, Failing, Finding, Heartbeat, Stuck, Sums
from bot.domain.message import Message, Place
from bot.domain.watch import prefix
from bot.policy.cursor import Gap

# How long a message may be in history before it has to be accounted for: longer than a flood's
# backlog takes to read.
GRACE = timedelta(minutes=10)
# How long a delivery may be overdue, or put off ahead.
PATIENCE = timedelta(minutes=5)
# How long a delivery that was given up is spoken of: into the next day's statement.
BURIED = timedelta(days=2)
# A worker is late after this many of its rounds, and never sooner than after this time.
ROUNDS = 20
LATE = timedelta(minutes=2)


def ledger_findings(sums: Iterable[Sums]) -> list[Finding]:
    """Find the days on which a channel's messages were not all shared out (I1)."""
    return [
        Finding(Failing.LEDGER, f"{one.place}/{one.day}", f"{one.seen} seen, {one.shared} shared")
        for one in sums
        if one.seen != one.shared
    ]


def is_behind(gap: Gap, oldest: Message | None, now: datetime) -> bool:
    """Tell whether `oldest`, the first message that history has in a gap, was passed over."""
    if oldest is None or (gap.before is not None and oldest.position >= gap.before):
        return False
    return now - oldest.sent_at > GRACE


def behind(place: Place, oldest: Message) -> Finding:
    """Say since when a place has messages that nobody has read."""
    # A thread's title is a member's own words: the channel's name has to do.
    channel = place.name.partition(" > ")[0]
    since = f"since {oldest.sent_at:%Y-%m-%d %H:%M} UTC"
    return Finding(Failing.BEHIND, place.key, f"{channel} {since}".strip())


def stopped_workers(beats: Iterable[Heartbeat], now: datetime) -> list[Finding]:
    """Find the workers that have not come round for much longer than they should take."""
    return [
        Finding(Failing.STOPPED, beat.worker, f"last round {beat.last:%Y-%m-%d %H:%M} UTC")
        for beat in beats
        if now - beat.last > max(LATE, beat.every * ROUNDS)
    ]


def stuck_deliveries(stuck: Iterable[Stuck], desk: str) -> list[Finding]:
    """Find deliveries in trouble.

    The desk's own notices count as one: a notice of a notice would have no end. Of what could not
    be posted or pinned for the watch list whoever set it was told.
    """
    found: dict[str, Finding] = {}
    for one in stuck:
        if one.failing is Failing.BURIED and one.key.startswith(prefix(desk, "")):
            continue
        subject = own_notice(desk) if one.key.startswith(own_notice(desk)) else one.key
        detail = f"due {one.due_at:%Y-%m-%d %H:%M} UTC, tried {one.attempts} times"
        finding = Finding(one.failing, subject, detail)
        found.setdefault(finding.key, finding)
    return list(found.values())


def own_notice(desk: str) -> str:
    """Give what the keys of all findings and statements of a desk begin with."""
    return f"{desk}/desk/"


def changes(found: Iterable[Finding], known: Collection[str]) -> Changes:
    """Compare with the keys of what is known already: a failing is told once while it lasts."""
    now = {finding.key: finding for finding in found}
    return Changes(
        found=tuple(now.values()),
        new=tuple(finding for key, finding in now.items() if key not in known),
        gone=tuple(key for key in known if key not in now),
    )
