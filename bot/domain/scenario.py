"""A scenario that practitioners train on, what was recorded while they did, and what it amounts to.

Everybody in a scenario is invented, so its texts may be kept and shown.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.alert import Deed
from bot.domain.message import AccountRef, MessageRef
from bot.domain.output import Output
from bot.domain.reading import Priority
from bot.domain.value import value


class Way(StrEnum):
    """Kettunen's four ways of using social media in guidance, and a day with all of them."""

    DELIVERING_INFORMATION = "delivering_information"
    ONE_TO_ONE_COMMUNICATION = "one_to_one_communication"
    CAREER_EXPLORATION = "collaborative_career_exploration"
    CO_CAREERING = "co_careering"
    ALL_OF_THEM = "all_of_them"


class Expected(StrEnum):
    """What a practitioner should do about a message."""

    TAKE = "take"
    ANSWER = "answer with a resource"
    NOTE = "note"
    LEAVE = "leave alone"


@value
class Expectation:
    """`within` None: by the clock of the priority that the message got, or till the end."""

    what: Expected
    within: timedelta | None = None


@value
class Part:
    """One who speaks in a scenario."""

    id: str
    name: str


@value
class Room:
    """A channel that a scenario needs."""

    id: str
    about: str = ""


@value
class Line:
    """One message. `at` counts from the start; `answers` is the id of the one it replies to.

    Without `expected` it is ordinary talk, that nothing has to follow from.
    """

    id: str
    who: str
    room: str
    at: timedelta
    text: str
    expected: Expectation | None = None
    why: str = ""
    answers: str | None = None


@value
class Scenario:
    """`lines` are in the order of their times."""

    id: str
    title: str
    way: Way
    goal: str
    debrief: str
    theory: str
    parts: tuple[Part, ...]
    rooms: tuple[Room, ...]
    lines: tuple[Line, ...]

    @property
    def length(self) -> timedelta:
        return self.lines[-1].at


@value
class Saying:
    """A line as it was said. `replied_at`: when the trainee first wrote something under it."""

    line: str
    ref: MessageRef
    at: datetime
    replied_at: datetime | None = None


@value
class Run:
    """One training, from its start until now or until it was over."""

    scenario: str
    by: AccountRef
    sayings: tuple[Saying, ...]


@value
class Trace:
    """What the store has of one line: its rung, what was done to its alert and how that ended."""

    saying: Saying
    priority: Priority | None = None
    deeds: tuple[Deed, ...] = ()
    ending: str | None = None
    outputs: tuple[Output, ...] = ()


class Verdict(StrEnum):
    IN_TIME = "in_time"
    LATE = "late"
    PARTLY = "partly"  # something was done, but not what was needed
    MISSED = "missed"
    LEFT = "left"  # left alone, as it should be
    NEEDLESS = "needless"  # somebody's time went where nobody was needed
    NOT_YET = "not_yet"  # training ended before it was said


class Act(StrEnum):
    """What the trainee did about a message; the most telling of it."""

    TOOK = "took"
    ANSWERED = "answered"
    PROPOSED = "proposed"
    REPLIED = "replied"
    LOOKED = "looked"
    PUT_OFF = "put_off"
    PASSED_ON = "passed_on"
    DISMISSED = "dismissed"
    CLOSED = "closed"
    NOTHING = "nothing"


@value
class Finding:
    """What became of one line. `after` is how long the act took, `limit` how long it might."""

    line: Line
    verdict: Verdict
    act: Act = Act.NOTHING
    after: timedelta | None = None
    limit: timedelta | None = None
    priority: Priority | None = None


@value
class Outcome:
    """What a training amounts to: a finding for each line that mattered, in their order."""

    scenario: Scenario
    findings: tuple[Finding, ...]

    def count(self, *verdicts: Verdict) -> int:
        return sum(one.verdict in verdicts for one in self.findings)
