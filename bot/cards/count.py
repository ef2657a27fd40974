"""What became of messages, in words that follow a number: "12 by bots"."""

from bot.domain.ledger import Count

SHARE_WORDS: dict[Count, str] = {
    Count.READ: "read",
    Count.SKIPPED_NOT_WATCHED: "in channels that are not watched",
    Count.SKIPPED_OPTED_OUT: "by members who opted out",
    Count.SKIPPED_NO_CONSENT: "by members who have not agreed",
    Count.SKIPPED_BOT: "by bots",
    Count.SKIPPED_SYSTEM: "made by the platform",
    Count.SKIPPED_EMPTY: "without words",
}


def figure(n: int, one: str, many: str = "") -> str:
    """Write 8,214 alerts, or 1 alert."""
    return f"{n:,} {one if n == 1 else many or f'{one}s'}"
