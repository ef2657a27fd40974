"""One JSON object a line, for those who read a run with a program of their own."""

import json
from typing import Any, assert_never

from bot.domain.decision import Alert, Outcome, ProposeNote, Recommend, Recorded
from bot.domain.reading import Evidence, Versions
from bot.reports.summary import utc
from bot.reports.words import answer_words, answered_after


def line(recorded: Recorded, *, place_name: str, quote: str | None = None) -> str:
    """Give one line of ASCII without its newline. `text` is there only with a `quote`.

    `answered` is there only for a question, and null while that is open.
    Times are ISO 8601 in UTC; evidence spans count characters of the message's plain text.
    """
    decision = recorded.decision
    row: dict[str, Any] = {
        "message": recorded.ref.id,
        "place": place_name,
        "at": utc(recorded.sent_at).isoformat(),
        "priority": None if decision.priority is None else decision.priority.name,
        "because": list(decision.because),
        "actions": [_action(recorded, outcome) for outcome in decision.outcomes],
        "link": recorded.link,
        "evidence": [_evidence(evidence) for evidence in decision.evidence],
        "versions": _versions(decision.versions),
    }
    if decision.due_at is not None:
        row["due_at"] = utc(decision.due_at).isoformat()
    if decision.is_question:
        row["answered"] = _answered(recorded)
    if quote is not None:
        row["text"] = quote
    # ASCII: a line stays one line, and no control or direction mark reaches a terminal raw.
    return json.dumps(row, ensure_ascii=True)


def _action(recorded: Recorded, outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Alert():
            return {"do": "alert", "raises": recorded.raises}
        case Recommend(recommendations):
            return {"do": "recommend", "resources": [r.resource_id for r in recommendations]}
        case ProposeNote(claim_id, strength, similarity):
            return {
                "do": "note",
                "claim": claim_id,
                "strength": strength.value,
                "similarity": similarity,
            }
        case _:
            assert_never(outcome)


def _answered(recorded: Recorded) -> dict[str, Any] | None:
    answer = recorded.answered
    if answer is None:
        return None
    return {
        "in_words": answer_words(recorded),
        "after_min": answered_after(recorded.sent_at, answer.at),
        "at": utc(answer.at).isoformat(),
        "by": answer.by,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "code": evidence.code,
        "start": evidence.start,
        "end": evidence.end,
        "by": evidence.by,
    }


def _versions(versions: Versions) -> dict[str, str]:
    return {"ruleset": versions.ruleset, "model": versions.model, "policy": versions.policy}
