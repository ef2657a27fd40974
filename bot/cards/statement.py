"""The day of a desk in a sentence that can be checked, and the figures behind it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, timedelta

from bot.cards.count import SHARE_WORDS, figure
from bot.cards.finding import finding_fields
from bot.cards.reason import PRIORITY_NAMES
from bot.domain.card import Card, Field
from bot.domain.ledger import Count
from bot.domain.page import Fate
from bot.domain.reading import Priority
from bot.domain.statement import Drill, Statement


def statement_card(statement: Statement) -> Card:
    """Build the statement of one day. What is not known is left out, never guessed."""
    return Card(
        title=f"{statement.desk}, {in_full(statement.day)}: {sentence(statement)}.",
        paragraphs=tuple(_warnings(statement)),
        fields=(*_fields(statement), *finding_fields(statement.findings)),
        footer="A day is counted in UTC. A message that is not listed may still need a person.",
    )


def sentence(statement: Statement) -> str:
    """Say it as in "8,214 seen, 8,214 accounted for, 3 alerts"."""
    parts = [f"{statement.seen:,} seen", f"{statement.accounted:,} accounted for"]
    parts.append(figure(sum(statement.alerts.values()), "alert"))
    if statement.slowest is not None:
        parts.append(f"slowest acknowledgement {in_time(statement.slowest)}")
    return ", ".join(parts)


def in_time(span: timedelta) -> str:
    """Write 2 min 10 s, or 1 h 4 min: two units say enough."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def in_full(day: date) -> str:
    """Write Monday 5 January 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _warnings(statement: Statement) -> Iterator[str]:
    if not statement.adds_up:
        places = figure(statement.unbalanced, "channel")
        yield f"It does not add up, in {places}. Look through the channels of that day."
    if statement.findings:
        yield f"The check of this desk found {figure(len(statement.findings), 'failing')}."


def _fields(statement: Statement) -> Iterator[Field]:
    if alerts := _by_rung(statement.alerts):
        yield Field("Alerts", alerts)
    if shadows := _by_rung(statement.shadows):
        yield Field("In shadow mode, told to one person alone", shadows)
    if any(statement.pages.values()):
        yield Field("Urgent pages", _pages(statement.pages))
    yield Field("Read", f"{statement.counts.get(Count.READ, 0):,}")
    skipped = [
        f"{n:,} {words}"
        for count, words in SHARE_WORDS.items()
        if count is not Count.READ and (n := statement.counts.get(count, 0))
    ]
    if skipped:
        yield Field("Not read", ", ".join(skipped))
    if unassessed := statement.counts.get(Count.UNASSESSED, 0):
        yield Field("Read without the full model", f"{unassessed:,}")
    yield from _waiting(statement)
    if statement.drill is not None:
        yield Field("Last drill", _drill(statement.drill))


def _by_rung(alerts: Mapping[Priority, int]) -> str:
    return ", ".join(f"{PRIORITY_NAMES[p]} {n:,}" for p, n in sorted(alerts.items()) if n)


def _pages(pages: Mapping[Fate, int]) -> str:
    """Say how many were due, sent and held back: the first is the sum of the others."""
    sent, over, quiet = (pages.get(fate, 0) for fate in (Fate.SENT, Fate.OVER_BUDGET, Fate.QUIET))
    held = over + quiet
    parts = [f"{sent + held:,} due", f"{sent:,} sent", f"{held:,} held back"]
    reasons = [f"{over:,} over the limit"] if over else []
    reasons += [f"{quiet:,} in quiet hours"] if quiet else []
    return ", ".join(parts) + (f" ({', '.join(reasons)})" if reasons else "")


def _drill(drill: Drill) -> str:
    day = in_full(drill.at.astimezone(UTC).date())
    if drill.answered_after is None:
        return f"{day}. Nobody has answered it yet."
    return f"{day}. It was answered after {in_time(drill.answered_after)}."


def _waiting(statement: Statement) -> Iterator[Field]:
    if statement.waiting is not None:
        yield Field("Came in and waits to be read", f"{statement.waiting:,}")
    if pending := statement.deliveries.get("pending", 0):
        yield Field("Notices that wait", f"{pending:,}")
    if buried := statement.deliveries.get("buried", 0):
        yield Field("Notices that could not be delivered, so far", f"{buried:,}")
