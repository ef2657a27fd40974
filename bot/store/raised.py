"""What new decisions lead to: alerts that they raise or join, and questions that are answered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Text, bindparam, case, type_coerce, update

from bot.domain.code import Code
from bot.domain.decision import Answer, Recorded
from bot.domain.reading import Priority
from bot.store.alert import case_columns
from bot.store.schema import ALERT, CLOSED, DECISION, UNANSWERED


def raise_alerts(connection: Connection, new: Iterable[Recorded]) -> None:
    """Insert the alerts of those of `new` that raise one."""
    rows = [
        {
            "desk": one.desk,
            "key": one.ref.key,
            "place": one.ref.place.key,
            "author": one.author,
            "priority": one.decision.priority,
            "opened_at": one.sent_at,
            "last_at": one.sent_at,
            "messages": 1,
            **case_columns(one.case),
            "shadow": one.shadow,
        }
        for one in new
        if one.raises
    ]
    if rows:
        connection.execute(ALERT.insert(), rows)


def join_alerts(connection: Connection, new: Iterable[Recorded]) -> None:
    """Add to alerts that are there those of `new` that join one."""
    joining: defaultdict[tuple[str, str], list[Recorded]] = defaultdict(list)
    for one in new:
        if one.alert is not None and not one.raises:
            joining[one.desk, one.alert].append(one)
    if joining:
        connection.execute(_JOIN, [_joined(key, group) for key, group in joining.items()])


_LATER = bindparam("later", type_=ALERT.c.last_at.type)
_URGENT = bindparam("urgent", type_=ALERT.c.priority.type)
# Whoever has the case sees on the card that the author wrote again. A message that joins just when
# its alert was closed opens it anew: it would be heard by nobody.
_IS_CLOSED = ALERT.c.state == CLOSED
_IS_TOLD = ALERT.c.plan.is_not(None)
_JOIN = (
    update(ALERT)
    .where(ALERT.c.desk == bindparam("this_desk"), ALERT.c.key == bindparam("this_key"))
    .values(
        messages=ALERT.c.messages + bindparam("more", type_=ALERT.c.messages.type),
        last_at=case((ALERT.c.last_at < _LATER, _LATER), else_=ALERT.c.last_at),
        priority=case((ALERT.c.priority > _URGENT, _URGENT), else_=ALERT.c.priority),
        state=case((_IS_CLOSED, "open"), else_=ALERT.c.state),
        step=case((_IS_CLOSED, 0), else_=ALERT.c.step),
        holder=case((_IS_CLOSED, None), else_=ALERT.c.holder),
        outcome=case((_IS_CLOSED, None), else_=ALERT.c.outcome),
        due_at=case((_IS_CLOSED, _LATER), else_=ALERT.c.due_at),
        version=ALERT.c.version + 1,
        stale=_IS_TOLD,
    )
)


def _joined(key: tuple[str, str], group: Sequence[Recorded]) -> dict[str, object]:
    priorities = (one.decision.priority for one in group)
    return {
        "this_desk": key[0],
        "this_key": key[1],
        "more": len(group),
        "later": max(one.sent_at for one in group),
        "urgent": min((p for p in priorities if p is not None), default=max(Priority)),
    }


# What `because` holds of a question: its codes are one word apart from all others'.
ASKING = f'"{Code.ASKING}'
_ANSWER = (
    update(DECISION)
    .where(
        DECISION.c.desk == bindparam("this_desk"),
        DECISION.c.key == bindparam("this_key"),
        UNANSWERED,
        type_coerce(DECISION.c.because, Text).contains(ASKING),
    )
    .values(
        answered_at=bindparam("at", type_=DECISION.c.answered_at.type),
        answered_by=bindparam("by", type_=DECISION.c.answered_by.type),
    )
)


def write_answers(connection: Connection, answers: Sequence[tuple[str, Answer]]) -> None:
    """Mark questions as answered; a decision that alerts is never closed by chat."""
    if answers:
        rows = [
            {"this_desk": desk, "this_key": answer.question, "at": answer.at, "by": answer.by}
            for desk, answer in answers
        ]
        connection.execute(_ANSWER, rows)


def lift(connection: Connection, one: Recorded) -> bool:
    """Take an alert out of shadow mode: somebody asked for a person. Tell whether it was in it."""
    if one.case is None:
        return False
    c = ALERT.c
    here = (c.desk == one.desk, c.key == one.alert, c.shadow)
    columns = {**case_columns(one.case), "priority": one.case.priority, "shadow": False}
    return connection.execute(update(ALERT).where(*here).values(**columns)).rowcount > 0
