"""The sentences of a report, the same in the terminal and on the page."""

from collections.abc import Mapping
from datetime import datetime

from bot.cards.count import SHARE_WORDS
from bot.cards.reason import PRIORITY_NAMES, in_words
from bot.domain.code import Code
from bot.domain.decision import Recorded
from bot.domain.ledger import SHARES, Count
from bot.domain.reading import NO_MODEL, Priority, Strength
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
    soon, routine = counts.get(Priority.P2, 0), counts.get(Priority.P3, 0) - summary.done
    return (
        f"{read} read. {urgent:,} {_need(urgent)} a person now or urgently ({parts}). "
        f"{soon:,} {_need(soon)} a person the same day ({PRIORITY_NAMES[Priority.P2]}). "
        f"{routine:,} can wait ({PRIORITY_NAMES[Priority.P3]}).{_done(summary.done)}"
    )


def alert_line(summary: Summary) -> str:
    joined = many(summary.joined, "more message")
    return f"{many(summary.raised, 'alert')} raised. {joined} joined one of them."


def question_line(summary: Summary) -> str:
    """Count the questions that were answered in the chat, and those that are open."""
    still = summary.asked - summary.answered
    asked = many(summary.asked, "question was", "questions were")
    return f"{asked} asked: {summary.answered:,} answered in the chat, {still:,} open."


def answer_words(recorded: Recorded) -> str:
    """Say when a question was answered, or that it is open."""
    answer = recorded.answered
    if answer is None:
        return "open"
    return f"answered in the chat after {answered_after(recorded.sent_at, answer.at):,} min"


def answered_after(asked: datetime, answered: datetime) -> int:
    """Give the minutes from question to answer, at least one."""
    return max(1, round((answered - asked).total_seconds() / 60))


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
    return f"{shares_line(run.ledger)} {_sum_words(run)}"


def shares_line(ledger: Mapping[Count, int]) -> str:
    """Say what became of the messages that were seen."""
    shares = [(share, ledger.get(share, 0)) for share in SHARES]
    told = ", ".join(f"{n:,} {SHARE_WORDS[share]}" for share, n in shares if n) or "none"
    return f"{many(ledger.get(Count.SEEN, 0), 'message')} seen: {told}."


def account_lines(run: Run) -> list[str]:
    """Account for every message: what became of it, how well it was read, what still waits."""
    lines = (ledger_line(run), _unassessed_line(run), waiting_line(run))
    return [line for line in lines if line]


def waiting_line(run: Run) -> str:
    """Say how many messages wait to be read; nothing when none does."""
    if not run.waiting:
        return ""
    waiting = many(run.waiting, "message was", "messages were")
    return f"{waiting} taken in and not read; run again."


def _unassessed_line(run: Run) -> str:
    """Say how many messages the full model did not read; nothing when it read all."""
    alone = run.ledger.get(Count.UNASSESSED, 0)
    if not alone:
        return ""
    is_bare = run.versions.model == NO_MODEL
    by = "the cues alone, without a model" if is_bare else "cues and the quick model alone"
    return f"{many(alone, 'message was', 'messages were')} read by {by}."


def problems_line(run: Run) -> str:
    number = len(run.problems)
    return f"{many(number, 'problem')}: not everything was read. See the top of this report."


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


def _done(number: int) -> str:
    if not number:
        return ""
    return f" {number:,} more {'was' if number == 1 else 'were'} answered in the chat."


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
