"""The sentences of a report, the same in the terminal and on the page."""

from datetime import datetime

from bot.cards.count import SHARE_WORDS
from bot.cards.reason import PRIORITY_NAMES, in_words
from bot.domain.code import Code
from bot.domain.ledger import SHARES, Count
from bot.domain.reading import Priority, Strength
from bot.reports.summary import PAGING, Day, Run, Summary, utc

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LIMITS = (
    "A message that is not listed is not proof that all is well. The reading makes mistakes.",
    "A priority is about one message. It says nothing about who wrote it.",
    "The reasons say why a person should look. They are not a finding about health or truth.",
    "Nothing was sent to anyone. This run shows what would have been done.",
    "All times are UTC.",
)
QUOTE_WARNING = "This may be hard to read"
NO_LINK = "no link in the export"
_MOST_REASONS = 4
_STRENGTH_WORDS: dict[Strength, str] = {
    Strength.MATCH: "the same claim",
    Strength.SUGGEST: "maybe the same claim",
}


def many(number: int, one: str, more: str = "") -> str:
    """Give the number with its noun: `one` for 1, else `more` (by default with an s)."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def headline(summary: Summary) -> str:
    counts = summary.by_priority
    read = many(summary.run.ledger.get(Count.READ, 0), "message")
    urgent = sum(counts.get(priority, 0) for priority in PAGING)
    parts = ", ".join(f"{counts.get(p, 0):,} {PRIORITY_NAMES[p]}" for p in PAGING)
    soon, routine = counts.get(Priority.P2, 0), counts.get(Priority.P3, 0)
    return (
        f"{read} read. {urgent:,} {_need(urgent)} a person now or urgently ({parts}). "
        f"{soon:,} {_need(soon)} a person the same day ({PRIORITY_NAMES[Priority.P2]}). "
        f"{routine:,} can wait ({PRIORITY_NAMES[Priority.P3]})."
    )


def alert_line(summary: Summary) -> str:
    joined = many(summary.joined, "more message")
    return f"{many(summary.raised, 'alert')} raised. {joined} joined one of them."


def budget_line(summary: Summary) -> str:
    run = summary.run
    people = many(len(run.desk.practitioners), "practitioner")
    pages = many(run.desk.pages_per_person, "page")
    return (
        f"The budget is {many(run.budget, 'page')} a day: {people}, {pages} each in 12 hours. "
        f"A page is a P0 or P1 alert. P0 always goes out. {_over_budget(summary)}"
    )


def day_words(day: Day) -> str:
    if day.over:
        return f"OVER by {day.pages - day.budget}"
    return "within budget"


def ledger_line(run: Run) -> str:
    shares = [(share, run.ledger.get(share, 0)) for share in SHARES]
    told = ", ".join(f"{n:,} {SHARE_WORDS[share]}" for share, n in shares if n) or "none"
    return f"{many(run.ledger.get(Count.SEEN, 0), 'message')} seen: {told}. {_sum_words(run)}"


def cues_only_line(run: Run) -> str:
    """Say how many messages no model read; nothing when there were none."""
    alone = run.ledger.get(Count.UNASSESSED, 0)
    if not alone:
        return ""
    return f"{many(alone, 'message was', 'messages were')} read by the cues alone, without a model."


def time_line(run: Run) -> str:
    return f"It took {run.seconds:,.1f} seconds, {run.messages_per_second:,.0f} messages a second."


def versions_line(run: Run) -> str:
    versions = run.versions
    return (
        f"Rule set {versions.ruleset}, model {versions.model}, policy {versions.policy or 'none'}."
    )


def reasons(because: tuple[Code, ...]) -> str:
    """Give the most urgent reasons in words, and how many more there are."""
    told = "; ".join(in_words(code) for code in because[:_MOST_REASONS]) or "no reason given"
    more = len(because) - _MOST_REASONS
    return f"{told}; and {more} more" if more > 0 else told


def priority_name(priority: Priority | None) -> str:
    return "none" if priority is None else PRIORITY_NAMES[priority]


def strength_words(strength: Strength, similarity: float) -> str:
    return f"{_STRENGTH_WORDS[strength]} ({similarity:.2f} of 1)"


def moment(at: datetime) -> str:
    return f"{utc(at):%Y-%m-%d %H:%M}"


def hour_words(hour: int) -> str:
    return f"{hour:02d}:00 to {(hour + 1) % 24:02d}:00"


def _need(number: int) -> str:
    return "needs" if number == 1 else "need"


def _over_budget(summary: Summary) -> str:
    if not summary.days_over:
        return "No day was over it."
    return f"{many(summary.days_over, 'day was', 'days were')} over it."


def _sum_words(run: Run) -> str:
    if run.adds_up:
        return "The count adds up."
    seen = run.ledger.get(Count.SEEN, 0)
    return f"The count does NOT add up: {seen:,} seen, {run.shared_out:,} accounted for."
