"""Invented decisions for the report tests. No text of a message stands here but made-up marks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from bot.domain.code import Code
from bot.domain.decision import Alert, Decision, Outcome, ProposeNote, Recommend, Recorded
from bot.domain.desk import Desk
from bot.domain.ladder import RUNG
from bot.domain.ledger import Count
from bot.domain.message import AccountRef, MessageRef, Place, PlatformName
from bot.domain.practitioner import Practitioner
from bot.domain.reading import Evidence, Priority, Source, Strength, Versions
from bot.domain.resource import Recommendation
from bot.reports.summary import Run, Summary, Tallying

DISCORD = PlatformName("discord")
START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
VERSIONS = Versions(ruleset="cues-1", model="linear-1", policy="ladder-1")
DESK = Desk(
    id="desk-1",
    name="Harbour Careers",
    region="GB",
    language="en",
    practitioners=(
        Practitioner("Ada", AccountRef(DISCORD, "1")),
        Practitioner("Ben", AccountRef(DISCORD, "2")),
    ),
    last_resort=AccountRef(DISCORD, "9"),
    pages_per_person=1,
)
TITLES = {
    "cv-guide": ("A plain guide to CVs", "https://example.org/cv"),
    "find-adviser": ("Find an adviser near you", "https://example.org/adviser"),
}
CLAIMS = {"two-page-cv": "Recruiters throw away every CV that is longer than one page."}


def place(name: str = "#job-search", *, channel: str = "200000000000000002") -> Place:
    return Place(DISCORD, "100000000000000001", channel, name=name)


def recorded(  # noqa: PLR0913 - a builder: every field may be said, none must be
    number: int,
    because: Sequence[Code] = (),
    *,
    at: datetime = START,
    where: Place | None = None,
    outcomes: Sequence[Outcome] = (),
    alert: str | None = None,
    link: str | None = None,
    due_at: datetime | None = None,
) -> Recorded:
    """Build message `number`. `alert` is "own", the key of an earlier one, or None."""
    ref = MessageRef(where or place(), f"{300_000_000_000_000_000 + number}")
    decision = Decision(
        priority=min((RUNG[code] for code in because if code in RUNG), default=None),
        because=tuple(because),
        outcomes=tuple(outcomes),
        evidence=tuple(Evidence(code, 0, 4, Source.CUE, f"cue-{code}") for code in because),
        versions=VERSIONS,
        due_at=due_at,
    )
    return Recorded(
        desk=DESK.id,
        ref=ref,
        link=_link(ref) if link is None else link,
        author="0" * 32,
        sent_at=at,
        decision=decision,
        alert=ref.key if alert == "own" else alert,
    )


def alerting(number: int, *because: Code, at: datetime = START, joins: str = "own") -> Recorded:
    priority = min(RUNG[code] for code in because)
    return recorded(number, because, at=at, outcomes=[Alert(priority)], alert=joins)


def recommend(*ids: str) -> Recommend:
    return Recommend(tuple(Recommendation(each, "you asked about your CV") for each in ids))


def propose(claim: str = "two-page-cv", similarity: float = 0.91) -> ProposeNote:
    return ProposeNote(claim, Strength.MATCH, similarity)


def run(  # noqa: PLR0913 - as above
    *,
    desk: Desk = DESK,
    ledger: Mapping[Count, int] | None = None,
    by_day: Mapping[date, Mapping[Count, int]] | None = None,
    problems: Sequence[str] = (),
    quotes: Mapping[str, str] | None = None,
    titles: Mapping[str, tuple[str, str]] | None = None,
    claims: Mapping[str, str] | None = None,
) -> Run:
    return Run(
        desk=desk,
        ledger=ledger or {Count.SEEN: 12, Count.READ: 10, Count.SKIPPED_BOT: 2},
        ledger_by_day=by_day or {START.date(): {Count.SEEN: 12, Count.READ: 10}},
        seconds=1.25,
        messages_per_second=9.6,
        versions=VERSIONS,
        problems=problems,
        quotes=quotes or {},
        titles=TITLES if titles is None else titles,
        claims=CLAIMS if claims is None else claims,
    )


def summary(messages: Sequence[Recorded], about: Run | None = None) -> Summary:
    tallying = Tallying()
    for one in messages:
        tallying.add(one)
    return tallying.summary(about or run())


def eight_days(messages: int = 400) -> Summary:
    """Build a busy week and a day: enough to look at every part of a report."""
    every = tuple(_invented(messages))
    read = {
        START.date() + timedelta(days=day): {Count.READ: 40 + 11 * (day % 5)} for day in range(8)
    }
    total = sum(counts[Count.READ] for counts in read.values())
    ledger = {
        Count.SEEN: total + 31,
        Count.READ: total,
        Count.SKIPPED_BOT: 19,
        Count.SKIPPED_EMPTY: 12,
        Count.UNASSESSED: 3,
    }
    problems = ["notes.json: line 17 is not a message. It was left out."]
    return summary(every, run(ledger=ledger, by_day=read, problems=problems))


_NAMES = ("#job-search", "#cv-review", "#apprenticeships", "#vent", "#general", "#moving-abroad")
_TURNS: tuple[tuple[Code, ...], ...] = (
    (Code.ASKING,),
    (Code.LOW_READINESS, Code.CAP_DMC, Code.CPX_ECON),
    (Code.ASKING, Code.DEADLINE),
    (Code.CLAIM_KNOWN,),
    (Code.WAGES_WITHHELD,),
    (Code.HOPELESS, Code.DISTRESS, Code.CAP_MOT, Code.CAP_ABS, Code.CPX_ECON),
    (Code.DISCRIMINATION_REPORT, Code.CPX_SOC),
    (Code.DEADLINE_CLOSE, Code.ASKING),
    (Code.SELF_HARM_INTENT, Code.SELF_HARM_PLAN),
    (Code.SELF_HARM_THIRD_PERSON,),
)


def _invented(messages: int) -> Iterator[Recorded]:
    for number in range(messages):
        day, hour = number * 8 // messages, (number * 7 + number // 9) % 24
        turn = (number * number + number // 7) % 10
        if turn >= 5 and number % 4:
            turn = number % 4
        yield _invented_one(number, _TURNS[turn], START + timedelta(days=day, hours=hour))


def _invented_one(number: int, because: tuple[Code, ...], at: datetime) -> Recorded:
    priority = min(RUNG[code] for code in because if code in RUNG)
    name = number * 5 % 11 % len(_NAMES)
    outcomes: list[Outcome] = [Alert(priority)] if priority <= Priority.P2 else []
    if Code.ASKING in because:
        outcomes.append(recommend(*list(TITLES)[: 1 + number % 2]))
    if Code.CLAIM_KNOWN in because:
        outcomes.append(propose(similarity=0.8 + number % 19 / 100))
    return recorded(
        number,
        because,
        at=at,
        where=place(_NAMES[name], channel=f"20000000000000000{name}"),
        outcomes=outcomes,
        alert=None if priority > Priority.P2 else "own" if number % 6 else "an earlier one",
        due_at=at + timedelta(days=2) if Code.DEADLINE_CLOSE in because else None,
    )


def _link(ref: MessageRef) -> str:
    return f"https://discord.com/channels/{ref.place.space}/{ref.place.channel}/{ref.id}"
