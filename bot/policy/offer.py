"""What of a decision might be said in public, and whether it may be said still."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.decision import Decision, ProposeNote, Recommend
from bot.domain.output import Kind, Output
from bot.domain.resource import Resource
from bot.policy.decide import Shelf
from bot.policy.note import edition, is_current
from bot.policy.resource import is_vetted


@dataclass(frozen=True, slots=True)
class Possible:
    kind: Kind
    subjects: tuple[str, ...]
    edition: str = ""


def possible(decision: Decision, shelf: Shelf, today: date) -> tuple[Possible, ...]:
    """Give the note that was found, and the resources that answer a plain question."""
    found = []
    for outcome in decision.outcomes:
        if isinstance(outcome, ProposeNote) and outcome.claim_id in shelf.claims:
            claim = shelf.claims[outcome.claim_id]
            found.append(Possible(Kind.NOTE, (claim.id,), edition(claim)))
        elif isinstance(outcome, Recommend) and decision.is_question_alone:
            resources = by_id(shelf)
            ids = (one.resource_id for one in outcome.recommendations)
            vetted = tuple(one for one in ids if is_vetted(resources[one], today))
            found += [Possible(Kind.RESOURCES, vetted)] if vetted else []
    return tuple(found)


def may_say(output: Output, shelf: Shelf, today: date) -> bool:
    """Tell whether what it would say is still vetted, in date, and as it was."""
    if output.kind is Kind.NOTE:
        return is_current(shelf.claims.get(output.subjects[0]), output.edition, today)
    resources = by_id(shelf)
    chosen = [resources.get(one) for one in output.subjects]
    return all(one is not None and is_vetted(one, today) for one in chosen)


def still_fits(output: Output, old: Decision | None, new: Decision) -> bool:
    """Tell whether what was found in a message is in it still, after it was changed.

    A note that a person suggested does not rest on what was found.
    """
    if output.kind is Kind.RESOURCES:
        return new.is_question
    was_found = old is not None and _notes(old, output.subjects[0])
    return not was_found or _notes(new, output.subjects[0])


def by_id(shelf: Shelf) -> Mapping[str, Resource]:
    return {one.id: one for one in shelf.resources}


def _notes(decision: Decision, claim: str) -> bool:
    notes = (one for one in decision.outcomes if isinstance(one, ProposeNote))
    return any(one.claim_id == claim for one in notes)
