"""`/setup`: how the desk is set up in a space, and whether all that it needs is there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Final

import structlog

from bot.cards import check
from bot.cards import setup as cards
from bot.commands.call import Call, Done, Handler, Said
from bot.commands.called import called
from bot.commands.front import space_of
from bot.domain.alert import What
from bot.domain.card import Card
from bot.domain.command import Command
from bot.domain.desk import ConsentMode, Desk
from bot.domain.event import Submitted
from bot.domain.helpline import Helpline
from bot.domain.kept import Kept, Watching
from bot.domain.message import AccountRef, Place, PlatformName
from bot.domain.resource import Resource
from bot.domain.setup import (
    LONGEST_NAME,
    LONGEST_NOTICE,
    SHOWN,
    Choosing,
    Found,
    Need,
    Setting,
    Trouble,
    Use,
)
from bot.domain.space import Role, SpaceRef
from bot.policy.roster import people_of
from bot.policy.setup import NOTHING, changes, to_be_pinned, unmatched, unposted, unready, unwatched
from bot.policy.setup import troubles as desk_troubles
from bot.policy.watch import taken_over, watch_of
from bot.ports import Permanent, Platform, Shut, Temporary
from bot.workers.casebook import Casebook
from bot.workers.drill import drill
from bot.workers.roster import Roster

log = structlog.get_logger(__name__)

ABOUT: Final = "How this desk is set up."
MOST_PLACES: Final = 100
# Whoever checks again after mending something wakes nobody a second time.
BETWEEN_TESTS: Final = timedelta(minutes=10)
COMMANDS: Final = (
    Command("setup", "show", "Shows how the desk is set up, and lets you change it.", Role.OWNER),
    Command("setup", "check", "Names what is missing, and sends a test alert.", Role.OWNER),
)
ROLES: Final[Mapping[str, Role]] = dict.fromkeys(
    (cards.EDIT, check.CHECK, cards.DESK_FORM, cards.ROLES_FORM, cards.ALERTS_FORM), Role.OWNER
)
ASKS: Final = frozenset({cards.EDIT})
_OF_CHANNEL: Final = frozenset(
    {Trouble.GONE, Trouble.ARCHIVED, Trouble.NOT_IN, Trouble.PUBLIC, Trouble.PERMISSION}
)


@dataclass(slots=True)
class Setup:
    """`watched` gives the channels that are, or should be, read in a space, or in all of them.

    `troubles` gives what bars the bot, in whatever space; `resources` are the catalogue of a day.
    """

    roster: Roster
    casebook: Casebook
    platforms: Mapping[PlatformName, Platform]
    watched: Callable[[SpaceRef | None], Sequence[Place]]
    troubles: Callable[[], Sequence[Found]]
    resources: Callable[[date], Sequence[Resource]]
    helplines: Sequence[Helpline]
    _tested_at: datetime | None = field(default=None)

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {
            "setup show": self.show,
            "setup check": self.check,
            cards.DESK_FORM: self.save,
            cards.ROLES_FORM: self.save,
            cards.ALERTS_FORM: self.save,
        }

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {cards.EDIT: self.edit, check.CHECK: self.check}

    async def show(self, call: Call) -> Said | Done:
        space = space_of(call.asking)
        if space is None:
            return Said(cards.elsewhere_card())
        return Said(await self._shown(self.roster.desk, space, self.roster.settings))

    async def _shown(self, desk: Desk, space: SpaceRef, settings: Sequence[Setting]) -> Card:
        chosen = await self._chosen(desk, space)
        people = await called(self.platforms, ((desk.last_resort, space),))
        return cards.setup_card(desk, space, settings, chosen=chosen, people=people)

    async def edit(self, call: Call) -> Said | Done:
        """Open the form that a button is for, filled in with what holds."""
        space, desk = space_of(call.asking), self.roster.desk
        if space is None:
            return Said(cards.elsewhere_card())
        setup = desk.setups.get(space, NOTHING)
        match str(getattr(call.asking, "button", "")).partition("/")[2]:
            case "roles":
                form = cards.roles_form(setup)
            case "alerts":
                form = cards.alerts_form(desk, space, setup)
            case _:
                form = cards.desk_form(desk)
        return Said(cards.unopened_card(), form=form)

    async def save(self, call: Call) -> Said | Done:
        """Keep what is other than it was: at once, with its row in the audit, all or nothing."""
        asking, space = call.asking, space_of(call.asking)
        if not isinstance(asking, Submitted) or space is None:
            return Said(cards.elsewhere_card())
        wanted = _WANTED[asking.form](space.platform, asking.values)
        refused = _refused(wanted) or await self._unfit(space, wanted)
        if refused is not None:
            return Said(refused, What.REFUSED)
        found = changes(
            wanted,
            file=self.roster.file,
            now=self.roster.desk,
            space=space,
            at=call.at,
            by=call.by,
        )
        settings = self.roster.after(found)
        desk = self.roster.with_settings(settings)
        card = await self._shown(desk, space, settings)
        if any(one.choosing in SHOWN for one in found):
            card = cards.followed_card(card)
        kept: tuple[Kept, ...] = (*found, *self._to_be_told(desk, call))
        return Said(card, What.CONFIGURED if found else None, kept=kept)

    def _to_be_told(self, desk: Desk, call: Call) -> tuple[Watching, ...]:
        """Take channels of the desk's file over, so that they are told before more are read."""
        before = self.roster.desk
        if (before.consent, desk.consent) != (ConsentMode.OPT_IN, ConsentMode.NOTICE_OPT_OUT):
            return ()
        id_, by, asking = self.roster.file.id, call.asking.by, call.asking.id
        known = (
            taken_over(place, desk=id_, by=by, now=call.at, asking=asking)
            for place in self.watched(None)
            if watch_of(place, before) is None
        )
        return tuple(Watching(replace(one, told=before.consent.value), 0) for one in known)

    async def _chosen(self, desk: Desk, space: SpaceRef) -> Mapping[str, str]:
        """Ask what the roles and the channel that were chosen are called now."""
        setup = desk.setups.get(space, NOTHING)
        ids = (setup.practitioner, setup.moderator, setup.supervisor, setup.staff_channel)
        try:
            return await self.platforms[space.platform].called(space, tuple(filter(None, ids)))
        except (Temporary, Permanent) as failure:
            log.warning("a name cannot be asked for", space=space.id, why=str(failure))
            return {}

    async def check(self, call: Call) -> Said | Done:
        """Name what is missing with its mend, and send a test alert the whole way."""
        space = space_of(call.asking)
        if space is None:
            return Said(cards.elsewhere_card())
        found = [
            *await self._inspected(space, call.at),
            *await self._people(space),
            *self._unready(call.at.date()),
        ]
        is_sent = self._tested_at is None or call.at >= self._tested_at + BETWEEN_TESTS
        alert = None
        if is_sent:
            self._tested_at = call.at
            alert = await begin_drill(self.casebook, call.asking.id)
        words = check.test_words(is_sent=is_sent)
        card = check.check_card(found, words, space.platform)
        return Said(card, What.INSPECTED, alert=alert)

    async def _inspected(self, space: SpaceRef, at: datetime) -> list[Found]:
        """Ask the platform about the channels, and look at the desk's own rota."""
        desk, platform = self.roster.desk, self.platforms[space.platform]
        here, anywhere = self.watched(space), self.watched(None)
        places = [*here, *await self._closed(space), *unposted(desk, space)]
        needs = [
            Need(place, use)
            for place in tuple(dict.fromkeys(places))[:MOST_PLACES]
            for use in (Use.READ, Use.POST)
        ]
        if platform.capabilities.pins:
            needs += [Need(place, Use.PIN) for place in to_be_pinned(desk, space)[:MOST_PLACES]]
        setup = desk.setups.get(space, NOTHING)
        if setup.practitioner or setup.moderator or setup.supervisor:
            needs.append(Need(Place(space.platform, space.id, ""), Use.ROLES))
        if setup.staff_channel:
            needs.append(Need(_channel(space, setup.staff_channel), Use.STAFF))
        try:
            found = list(await platform.inspect(space, needs))
        except Shut:
            found = []  # it is among what bars the bot
        except (Temporary, Permanent) as failure:
            log.warning("a space cannot be inspected", space=space.id, why=str(failure))
            found = [Found(Trouble.UNKNOWN, "What the bot may do")]
        lost = (*unmatched(desk, anywhere), *unwatched(here, anywhere))
        found = list(dict.fromkeys((*self.troubles(), *found)))
        return [*found, *lost, *desk_troubles(desk, frozenset(self.platforms), at)]

    def _unready(self, today: date) -> tuple[Found, ...]:
        return unready(self.roster.desk, self.resources(today), self.helplines, today)

    async def _closed(self, space: SpaceRef) -> list[Place]:
        """Give the channels that were closed to the bot, perhaps before it was started again."""
        keys = await self.casebook.store.spaces.gone(self.roster.desk.id)
        places = [Place.of_key(key) for key in sorted(keys)]
        return [
            one
            for one in places
            if SpaceRef(one.platform, one.space) == space and one.thread is None
        ]

    async def _people(self, space: SpaceRef) -> list[Found]:
        """Ask whether everybody who may have to be told can be."""
        platform = self.platforms[space.platform]
        unreached = await self.casebook.store.reach.unreached(self.roster.desk.id)
        found = []
        for account, name in people_of(self.roster.desk).items():
            if account.platform != space.platform:
                continue
            try:
                standing = await platform.standing(account, space)
            except (Temporary, Permanent):
                found.append(Found(Trouble.UNKNOWN, name))
                continue
            if not standing.is_member:
                found.append(Found(Trouble.NOT_MEMBER, name))
            elif standing.is_bot:
                found.append(Found(Trouble.BOT, name))
            elif standing.is_reachable is False or account in unreached:
                found.append(Found(Trouble.UNREACHABLE, name))
        return found

    async def _unfit(self, space: SpaceRef, wanted: Mapping[Choosing, str]) -> Card | None:
        """Say why somebody or some channel cannot be chosen; None when all can."""
        platform = self.platforms[space.platform]
        try:
            last = wanted.get(Choosing.LAST_RESORT, "").partition(":")[2]
            if last:
                who = AccountRef(space.platform, last)
                standing = await platform.standing(who, space)
                if not standing.is_member:
                    why = "The last resort is not a member here."
                    return cards.not_saved_card(why, "Choose a person who is.")
                if standing.is_bot:
                    why = "The last resort is a bot, which answers no alert."
                    return cards.not_saved_card(why, "Choose a person.")
            channel = wanted.get(Choosing.STAFF_CHANNEL)
            if channel:
                need = Need(_channel(space, channel), Use.STAFF)
                found = await platform.inspect(space, (need,))
                wrong = [one for one in found if one.trouble in _OF_CHANNEL]
                return check.not_staffed_card(wrong, space.platform) if wrong else None
        except (Temporary, Permanent) as failure:
            log.warning("a choice cannot be checked", space=space.id, why=str(failure))
            why = "It could not be checked just now."
            return cards.not_saved_card(why, "Please try again in a minute.")
        return None


async def begin_drill(casebook: Casebook, asking: str) -> str:
    """Begin the drill that an asking is for: the same asking, once. Give its alert's key."""
    id_ = blake2b(asking.encode(), digest_size=8).hexdigest()
    return await drill(casebook.store, casebook, id_)


def _of_desk(_: PlatformName, values: Mapping[str, str]) -> dict[Choosing, str]:
    return {
        Choosing.NAME: " ".join(values.get(Choosing.NAME, "").split()),
        Choosing.CONSENT: values.get(Choosing.CONSENT, ""),
        Choosing.NOTICE: values.get(Choosing.NOTICE, "").strip(),
    }


def _of_roles(_: PlatformName, values: Mapping[str, str]) -> dict[Choosing, str]:
    asked = (Choosing.PRACTITIONER, Choosing.MODERATOR, Choosing.SUPERVISOR)
    return {one: values.get(one, "").strip() for one in asked}


def _of_alerts(platform: PlatformName, values: Mapping[str, str]) -> dict[Choosing, str]:
    last = values.get(Choosing.LAST_RESORT, "").strip()
    channel = {Choosing.STAFF_CHANNEL: values.get(Choosing.STAFF_CHANNEL, "").strip()}
    return {Choosing.LAST_RESORT: f"{platform}:{last}", **channel} if last else channel


_WANTED: Final = {
    cards.DESK_FORM: _of_desk,
    cards.ROLES_FORM: _of_roles,
    cards.ALERTS_FORM: _of_alerts,
}


def _refused(wanted: Mapping[Choosing, str]) -> Card | None:
    """Say what cannot be kept as it was written."""
    name = wanted.get(Choosing.NAME)
    if name is not None and not 1 <= len(name) <= LONGEST_NAME:
        return cards.not_saved_card("The desk needs a name.", f"Up to {LONGEST_NAME} characters.")
    if wanted.get(Choosing.CONSENT, ConsentMode.OPT_IN) not in set(ConsentMode):
        return cards.not_saved_card("Nobody was chosen to be read.", "Choose who is read.")
    if len(wanted.get(Choosing.NOTICE, "")) > LONGEST_NOTICE:
        mend = f"Write {LONGEST_NOTICE} characters at most."
        return cards.not_saved_card("The notice is too long.", mend)
    return None


def _channel(space: SpaceRef, id_: str) -> Place:
    return Place(space.platform, space.id, id_, name="The staff channel")
