"""What the models score: the nine concerns, and four finer questions that only they are asked."""

from collections.abc import Iterable
from enum import StrEnum

from bot.domain.code import Code, Concern
from bot.domain.ladder import CONCERN, RUNG
from bot.domain.reading import Priority


class Head(StrEnum):
    """One question put to every model. The first nine are named as their concern is."""

    SELF_HARM = "self_harm"  # the writer's own; another person's is THIRD_PERSON
    HARM_TO_OTHERS = "harm_to_others"
    ABUSE = "abuse"
    DISCRIMINATION = "discrimination"
    EXPLOITATION = "exploitation"
    DISTRESS = "distress"
    READINESS = "readiness"
    ASKING = "asking"
    CLAIM = "claim"
    THIRD_PERSON = "third_person"  # a particular other person may harm themselves
    PAGE = "page"  # P0 or P1, for whatever reason
    STEREOTYPE = "stereotype"  # the message itself discriminates
    REPORT = "report"  # the message tells of discrimination


HEADS: tuple[Head, ...] = tuple(Head)
CONCERN_HEADS: tuple[Head, ...] = tuple(head for head in Head if head.value in set(Concern))

_OWN_DANGER = frozenset(
    code
    for code, concern in CONCERN.items()
    if concern is Concern.SELF_HARM
    and code not in (Code.SELF_HARM_DENIED, Code.SELF_HARM_LAUGHED)
    and not code.startswith("SELF_HARM_THIRD")
)
_FINER: dict[Head, frozenset[Code]] = {
    Head.THIRD_PERSON: frozenset({Code.SELF_HARM_THIRD_PERSON}),
    Head.STEREOTYPE: frozenset({Code.STEREOTYPE}),
    Head.REPORT: frozenset({Code.DISCRIMINATION_REPORT, Code.HARASSMENT}),
    Head.PAGE: frozenset(code for code, rung in RUNG.items() if rung <= Priority.P1),
}
# Where in the CASVE cycle somebody is says nothing of whether they need a person.
_NO_NEED = ("CASVE-", "PYR-")


def _heads_of(code: Code) -> frozenset[Head]:
    finer = frozenset(head for head, codes in _FINER.items() if code in codes)
    concern = CONCERN.get(code)
    if concern is None or concern is Concern.DEADLINE or code.startswith(_NO_NEED):
        return finer
    if concern is Concern.SELF_HARM and code not in _OWN_DANGER:
        return finer
    return finer | {Head(concern.value)}


_HEADS_OF: dict[Code, frozenset[Head]] = {code: _heads_of(code) for code in Code}


def heads_of(codes: Iterable[Code]) -> frozenset[Head]:
    """Give the heads that a message with these reasons should score high on."""
    return frozenset().union(*(_HEADS_OF[code] for code in codes))
