"""The lists of messages: what would alert, what was asked, what would be recommended or noted."""

from bot.domain.decision import ProposeNote, Recommend, Recorded
from bot.domain.resource import Recommendation
from bot.reports import words
from bot.reports.grid import Cell, Column, Grid, Part, Row, lead, say
from bot.reports.inert import inert
from bot.reports.summary import Run, Summary, place_name

_PRIORITY = Column("Priority", brief=True)
_TIME = Column("Time (UTC)", brief=True)
_PLACE = Column("Place", brief=True)
_LINK = Column("Link", address=True)


def every(summary: Summary) -> tuple[Grid, ...]:
    """Give all lists, the most urgent first."""
    return alerts(summary), questions(summary), recommended(summary), notes(summary)


def alerts(summary: Summary) -> Grid:
    run, short = summary.run, summary.alerts
    return Grid(
        id="alerts",
        title="What would have alerted",
        columns=(_PRIORITY, _TIME, _PLACE, Column("Alert", brief=True), Column("Why"), _LINK),
        rows=tuple(_row(run, one, _alert(one)) for one in short.rows),
        note=f"{words.alert_line(summary)}{_left_out(short.left_out)}",
        empty="No message would have alerted. That is not proof that all is well.",
    )


def questions(summary: Summary) -> Grid:
    run, short = summary.run, summary.questions
    return Grid(
        id="questions",
        title="What was asked",
        columns=(_PRIORITY, _TIME, _PLACE, Column("Answer", brief=True), Column("Why"), _LINK),
        rows=tuple(_row(run, one, _question(one)) for one in short.rows),
        note=f"{words.question_line(summary)}{_left_out(short.left_out)}",
        empty="No plain question was found.",
    )


def recommended(summary: Summary) -> Grid:
    run, short = summary.run, summary.recommended
    return Grid(
        id="recommended",
        title="What would have been recommended",
        columns=(_PRIORITY, _TIME, _PLACE, Column("Resources"), _LINK),
        rows=tuple(_row(run, one, _resources(run, one, what)) for one, what in short.rows),
        note=f"At most three vetted resources for one message.{_left_out(short.left_out)}",
        empty="No resource would have been recommended.",
    )


def notes(summary: Summary) -> Grid:
    run, short = summary.run, summary.notes
    return Grid(
        id="notes",
        title="Notes that would have been proposed",
        columns=(
            _PRIORITY,
            _TIME,
            _PLACE,
            Column("How close", brief=True),
            Column("Known wrong claim"),
            _LINK,
        ),
        rows=tuple(_row(run, one, _claim(run, what)) for one, what in short.rows),
        note=f"A person decides if a note is posted.{_left_out(short.left_out)}",
        empty="No note would have been proposed.",
    )


def _row(run: Run, recorded: Recorded, middle: tuple[Cell, ...]) -> Row:
    at = words.moment(recorded.sent_at)
    link = lead(f"Open message of {at[-5:]}", recorded.link, without=words.NO_LINK)
    where = (
        say(words.priority_name(recorded.decision.priority)),
        say(at),
        say(place_name(recorded)),
    )
    quote = inert(run.quotes.get(recorded.ref.key, ""))
    return Row((*where, *middle, Cell((link,))), quote)


def _alert(recorded: Recorded) -> tuple[Cell, ...]:
    decision = recorded.decision
    why = [Part(words.reasons(decision.because))]
    if decision.due_at is not None:
        why.append(Part(f"deadline {words.moment(decision.due_at)}"))
    return say("new alert" if recorded.raises else "joins earlier alert"), Cell(tuple(why))


def _question(recorded: Recorded) -> tuple[Cell, ...]:
    return say(words.answer_words(recorded)), say(words.reasons(recorded.decision.because))


def _resources(run: Run, recorded: Recorded, recommend: Recommend) -> tuple[Cell, ...]:
    parts = [_resource(run, one) for one in recommend.recommendations]
    if recorded.answered is not None:
        parts.append(Part(words.answer_words(recorded)))
    return (Cell(tuple(parts)),)


def _resource(run: Run, one: Recommendation) -> Part:
    title, url = run.titles.get(one.resource_id, (one.resource_id, ""))
    return lead(f"{title} ({one.reason})", url)


def _claim(run: Run, note: ProposeNote) -> tuple[Cell, ...]:
    close = words.strength_words(note.strength, note.similarity)
    return say(close), say(run.claims.get(note.claim_id, note.claim_id))


def _left_out(number: int) -> str:
    return f" {number:,} less urgent left out here." if number else ""
