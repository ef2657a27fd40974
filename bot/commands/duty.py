"""`/duty`: go on, go off, see who is there, and swap turns with somebody who agrees."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.cards import duty as cards
from bot.cards.calendar import calendars_card
from bot.cards.check import drilled_card
from bot.cards.practitioner import refused_card
from bot.commands.call import Call, Done, Handler, Said, sentence
from bot.commands.practitioner import nobody
from bot.data.calendarexport import write_calendar
from bot.domain.action import Delivery, DirectMessage
from bot.domain.alert import What
from bot.domain.command import Command, Option
from bot.domain.duty import Override, Refused, Rota, Swap, Turn
from bot.domain.kept import Agreed, Overridden, Proposed
from bot.domain.practitioner import Practitioner
from bot.domain.space import Role
from bot.policy.calendar import is_late
from bot.policy.duty import next_on_duty, on_duty, turns
from bot.policy.moment import HOW_TO_TYPE, read_moment
from bot.policy.override import go_off, go_off_at, go_on, swap
from bot.policy.roster import found_by
from bot.policy.rota import gaps
from bot.store.engine import Store
from bot.workers.reach import Reaching
from bot.workers.roster import Roster

ABOUT = "Who is on duty, and when."
DAYS: Final = 14
AHEAD: Final = timedelta(days=28)
MOST_SHOWN: Final = 3_000  # characters; Slack and Discord cut what is longer
_AN_INSTANT = timedelta(microseconds=1)
_UNTIL = Option("until", "A time such as 17:30, or a length such as 3h.", required=False)
_STAFF = Role.PRACTITIONER
COMMANDS = (
    Command("duty", "on", "Puts you on duty now, 12 hours at most.", _STAFF, (_UNTIL,)),
    Command("duty", "off", "Takes you off duty now.", _STAFF, (_UNTIL,)),
    Command(
        "duty",
        "until",
        "Says when your duty ends.",
        _STAFF,
        (Option("time", "A time such as 17:30, or a length such as 3h."),),
    ),
    Command(
        "duty",
        "show",
        "Shows who is on duty, and the next gap.",
        _STAFF,
        also=(Role.MODERATOR,),
    ),
    Command(
        "duty",
        "gaps",
        "Shows when nobody, or only one person, is there.",
        _STAFF,
        (Option("days", "How many days ahead, 14 if left out.", required=False),),
    ),
    Command(
        "duty",
        "swap",
        "Asks somebody to take a turn of yours for one of theirs.",
        _STAFF,
        (
            Option("person", "With whom.", suggests=True),
            Option("shift", "Their turn that you would take.", suggests=True),
            Option("mine", "Your turn. Left out: your next.", required=False, suggests=True),
        ),
    ),
    Command("duty", "drill", "Sends a test alert the whole way.", _STAFF),
    Command("duty", "export", "Gives you the rota as a calendar.", _STAFF),
    Command("duty", "calendars", "Shows the calendars that hold the rota.", Role.MODERATOR),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """`begin_drill` begins the drill that an asking is for, and gives its alert's key.

    Whoever goes on duty is told by direct message as well, so that it shows whether those arrive.
    """

    roster: Roster
    store: Store
    reach: Reaching
    begin_drill: Callable[[str], Awaitable[str]]

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {
            "duty on": self.on,
            "duty off": self.off,
            "duty until": self.until,
            "duty show": self.show,
            "duty gaps": self.gaps,
            "duty swap": self.swap,
            "duty export": self.export,
            "duty drill": self.drill,
            "duty calendars": self.calendars,
        }

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {cards.AGREE: self.agree}

    async def on(self, call: Call) -> Said | Done:
        until = self._moment(call, "until")
        if isinstance(until, Said):
            return until
        said = self._went_on(call, until)
        if said.what is not What.WENT_ON or call.person is None:
            return said
        who, desk = call.person.account, self.roster.desk.id
        trial = cards.trial_card(said.card)
        reached = await self.reach.tried(who, trial, f"{desk}/went-on/{call.asking.id}")
        return replace(said, card=cards.told_card(said.card, reached, who.platform))

    async def off(self, call: Call) -> Said | Done:
        until = self._moment(call, "until")
        if isinstance(until, Said):
            return until
        return self._went_off(call, go_off(self._rota, _key(call), call.at, until=until))

    async def until(self, call: Call) -> Said | Done:
        """Let duty end at a time: later than it would, or earlier."""
        until = self._moment(call, "time")
        if isinstance(until, Said) or until is None:
            return until or sentence_of_time()
        off = go_off_at(self._rota, _key(call), call.at, until)
        return self._went_on(call, until) if off is None else self._went_off(call, off)

    async def show(self, call: Call) -> Said | Done:
        rota, at = self._rota, call.at
        now = on_duty(rota, at)
        found = gaps(rota, at, at + timedelta(days=DAYS))
        following = None if now.everyone else next_on_duty(rota, at)
        late = [one for one in self.roster.calendars if is_late(one, at)]
        gap, zone = next(iter(found), None), self._zone(call)
        return Said(cards.on_duty_card(now, gap, following, zone, late))

    async def drill(self, call: Call) -> Said | Done:
        """Send a test alert as a real one would go. The same asking begins one."""
        alert = await self.begin_drill(call.asking.id)
        return Said(drilled_card(), What.DRILLED, alert=alert)

    async def gaps(self, call: Call) -> Said | Done:
        typed = call.option("days") or str(DAYS)
        if not typed.isdecimal() or not 1 <= int(typed) <= AHEAD.days:
            return Said(sentence("Not read", f"Type a number of days from 1 to {AHEAD.days}."))
        found = gaps(self._rota, call.at, call.at + timedelta(days=int(typed)))
        return Said(cards.gaps_card(found, int(typed), self._zone(call)))

    async def swap(self, call: Call) -> Said | Done:
        """Ask the other one; the turns change hands when they agree."""
        person, me = found_by(self.roster.desk, call.option("person")), call.person
        if person is None:
            return Said(nobody(self.roster))
        if me is None:
            return _refused(Refused("You have no turns.", "The desk's file lists who has."))
        theirs = self._turn(person, call.option("shift"), call.at)
        mine = self._turn(me, call.option("mine"), call.at, first=True)
        if theirs is None or mine is None:
            whose = person.name if theirs is None else "you"
            why = f"That is no turn that {whose} will have in the next four weeks."
            return _refused(Refused(why, "Pick one from the list while you type."))
        wanted = swap(self._rota, mine, theirs, call.at)
        if isinstance(wanted, Refused):
            return _refused(wanted)
        return self._proposed(call, wanted, person, (mine, theirs))

    def _proposed(
        self, call: Call, wanted: Swap, person: Practitioner, pair: tuple[Turn, Turn]
    ) -> Said:
        mine, theirs = pair
        name = call.person.name if call.person else ""
        card = cards.swap_card(call.asking.id, name, theirs, mine, self._zone_of(person))
        desk = self.roster.desk.id
        notice = Delivery(
            key=f"{desk}/swap/{call.asking.id}",
            desk=desk,
            action=DirectMessage(person.account, card),
            attempts=0,
            due_at=call.at,
        )
        return Said(
            cards.asked_card(person.name),
            What.ASKED_TO_SWAP,
            to=person.account,
            kept=(Proposed(call.asking.id, wanted, call.at, person.key),),
            deliveries=(notice,),
        )

    async def agree(self, call: Call) -> Said | Done:
        id_ = getattr(call.asking, "button", "").partition("/")[2]
        asked = await self.store.duties.proposed(self.roster.desk.id, id_)
        if asked is None or call.person is None or asked.whom != call.person.key:
            why = "There is no such question to you, or you have agreed already."
            return _refused(Refused(why, "Type /duty show to see who is on duty."))
        pair = self._pair(asked.swap)
        if pair is None:
            return _refused(Refused("One of these turns is gone.", "Look at the rota again."))
        refused = swap(self._rota, *pair, call.at)
        if isinstance(refused, Refused):
            return _refused(refused)
        card = cards.swapped_card(*pair, self._zone(call))
        other = next((p for p in self.roster.desk.practitioners if p.key == pair[0].who), None)
        notices = () if other is None else (self._swapped(call, other, pair),)
        kept = (Agreed(id_, call.at),)
        return Said(card, What.SWAPPED, kept=kept, deliveries=notices)

    def _swapped(self, call: Call, other: Practitioner, pair: tuple[Turn, Turn]) -> Delivery:
        desk = self.roster.desk.id
        card = cards.swapped_card(*pair, self._zone_of(other))
        notice = DirectMessage(other.account, card)
        return Delivery(f"{desk}/swapped/{call.asking.id}", desk, notice, 0, call.at)

    async def export(self, call: Call) -> Said | Done:
        """Show it past the outbox: it names people's addresses."""
        desk = self.roster.desk
        if not desk.shifts:
            return Said(cards.no_rota_card(has_rota=desk.shifts is not None))
        calendar = write_calendar(desk, call.at).decode()
        if len(calendar) > MOST_SHOWN:
            why = "The rota is too long for a chat message."
            return Said(
                sentence("Not shown", why, "The operator can run: waymark duty export"),
                What.REFUSED,
            )
        return Said(cards.export_card(calendar), What.EXPORTED, secret=True)

    async def calendars(self, call: Call) -> Said | Done:
        """Show how each is, but for its address and for titles that may name a client."""
        return Said(calendars_card(self.roster.calendars, self._zone(call)))

    @property
    def _rota(self) -> Rota:
        return self.roster.desk.rota

    def _went_on(self, call: Call, until: datetime | None) -> Said:
        wanted = go_on(self._rota, _key(call), call.at, until=until)
        if isinstance(wanted, Refused):
            return _refused(wanted)
        after = replace(self._rota, overrides=(*self._rota.overrides, wanted))
        stays = any(one.key == wanted.who for one in on_duty(after, wanted.end).everyone)
        card = cards.went_on_card(wanted, stays, self._zone(call))
        return Said(card, What.WENT_ON, kept=(Overridden(call.asking.id, wanted),))

    def _went_off(self, call: Call, wanted: Override | Refused) -> Said:
        if isinstance(wanted, Refused):
            return _refused(wanted)
        after = replace(self._rota, overrides=(*self._rota.overrides, wanted))
        is_nobody = not on_duty(after, wanted.start).everyone
        card = cards.went_off_card(wanted, is_nobody, self._zone(call))
        return Said(card, What.WENT_OFF, kept=(Overridden(call.asking.id, wanted),))

    def _moment(self, call: Call, name: str) -> datetime | Said | None:
        typed = call.option(name)
        if not typed:
            return None
        found = read_moment(typed, call.at, self._zone(call))
        return sentence_of_time() if found is None else found

    def _turn(
        self, person: Practitioner, written: str, at: datetime, *, first: bool = False
    ) -> Turn | None:
        """Find a turn by what `turn_value` gives; the next one when nothing is written."""
        found = turns_of(self._rota, person.key, at)
        if not written:
            return found[0] if found and first else None
        return next((turn for turn in found if turn_value(turn) == written), None)

    def _pair(self, wanted: Swap) -> tuple[Turn, Turn] | None:
        start, stop = sorted((wanted.start, wanted.other_start))
        known = {(t.shift, t.start): t for t in turns(self._rota, start, stop + _AN_INSTANT)}
        one = known.get((wanted.shift, wanted.start))
        other = known.get((wanted.other_shift, wanted.other_start))
        return None if one is None or other is None else (one, other)

    def _zone(self, call: Call) -> str:
        return self.roster.desk.time_zone if call.person is None else self._zone_of(call.person)

    def _zone_of(self, person: Practitioner) -> str:
        return self.roster.desk.time_zone if person.profile is None else person.zone


def turns_of(rota: Rota, who: str, at: datetime) -> list[Turn]:
    """Give the turns of a person that are still to come, the next first."""
    found = turns(rota, at, at + AHEAD)
    return sorted((t for t in found if t.who == who and t.start > at), key=lambda t: t.start)


def turn_value(turn: Turn) -> str:
    return f"{turn.shift}@{turn.start.astimezone(UTC):%Y-%m-%dT%H:%M}"


def sentence_of_time() -> Said:
    return Said(sentence("That time was not read", HOW_TO_TYPE))


def _key(call: Call) -> str:
    return "" if call.person is None else call.person.key


def _refused(refused: Refused) -> Said:
    return Said(refused_card(refused), What.REFUSED)
