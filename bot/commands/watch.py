"""`/watch`: which channels are read, from when on, and how."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.cards import watch as cards
from bot.commands.call import Call, Done, Handler, Said
from bot.commands.called import called
from bot.domain.alert import What
from bot.domain.command import Choice, Command, Kind, Option
from bot.domain.kept import Watching as Put
from bot.domain.message import Place
from bot.domain.space import Role, SpaceRef
from bot.domain.watch import Mode, Stage, Watch
from bot.policy import watch as policy
from bot.store.engine import Store
from bot.workers.roster import Roster
from bot.workers.watch import Watching

ABOUT: Final = "Which channels are read, and how."
_WHO: Final = Role.MODERATOR
_CHANNEL: Final = Option("channel", "Which channel.", Kind.CHANNEL)
_MODE: Final = Option(
    "mode",
    "Shadow: it is read, but you alone hear of it.",
    required=False,
    choices=(Choice(Mode.WATCH, "watch"), Choice(Mode.SHADOW, "shadow")),
)
_HELD: Final = (Stage.ON, Stage.WISHED)
_ANSWERS: Final = Option(
    "answers",
    "Whether plain questions are answered without a person's word.",
    required=False,
    choices=(Choice("on", "on"), Choice("off", "off")),
)
COMMANDS = (
    Command(
        "watch",
        "add",
        "Posts a notice in a channel, and reads it from there on.",
        _WHO,
        (_CHANNEL, _MODE, _ANSWERS),
    ),
    Command("watch", "list", "Lists what is read, since when, and who set it.", _WHO),
    Command(
        "watch",
        "set",
        "Changes how a channel is read; without a channel, all of them here.",
        _WHO,
        (
            Option("channel", "Which channel. Left out: all.", Kind.CHANNEL, required=False),
            _MODE,
            _ANSWERS,
        ),
    ),
    Command("watch", "remove", "Reads a channel no longer, and says so there.", _WHO, (_CHANNEL,)),
)


@dataclass(frozen=True, slots=True)
class WatchList:
    roster: Roster
    store: Store
    watching: Watching

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {
            "watch add": self.add,
            "watch list": self.list,
            "watch set": self.set,
            "watch remove": self.remove,
        }

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {}

    async def add(self, call: Call) -> Said | Done:
        """Record the wish. The channel is read once its notice stands there, not before."""
        place, desk = self._place(call), self.roster.desk
        if place is None:
            return _nowhere()
        watch = policy.watch_of(place, desk)
        if watch is not None and watch.stage in (Stage.ON, Stage.WISHED):
            why = f"{cards.shown(place)} is on the list already."
            return _refused(why, "Type /watch set to change how it is read, or /watch list.")
        mode = Mode(call.option("mode") or Mode.WATCH)
        wish = policy.wished(
            watch,
            place,
            desk=desk.id,
            by=call.asking.by,
            now=call.at,
            asking=call.asking.id,
            mode=mode,
            answers=_switch(call),
        )
        card = cards.notice_of(desk, mode)
        wish = policy.saying(wish, card, desk.consent)
        notice = policy.asks_for_notice(wish, card, call.at)
        return Said(
            cards.asked_card(place, mode),
            What.ASKED_TO_WATCH,
            kept=(_put(wish, watch),),
            deliveries=(notice,),
        )

    async def list(self, call: Call) -> Said | Done:
        """Show what is read in the space where it is asked; nothing of another one."""
        desk = self.roster.desk
        last = await self.store.ledger.last_read(desk.id)
        rows = [(place, watch, last.get(place.key)) for place, watch in self._listed(call)]
        known = {of: one.name for one in desk.practitioners for of in one.accounts}
        setters = [
            (watch.set_by, SpaceRef(place.platform, place.space))
            for place, watch, _ in rows[: cards.MOST]
            if watch is not None and watch.set_by not in known
        ]
        names = {**known, **await called(self.watching.platforms, setters)}
        return Said(cards.list_card(rows, names, desk.time_zone))

    async def set(self, call: Call) -> Said | Done:
        """Change one channel, or all that are read here. The setter is who hears in shadow mode."""
        mode = Mode(call.option("mode")) if call.option("mode") else None
        answers = _switch(call)
        if mode is None and answers is None:
            return _refused("You did not say what to change.", "Add mode or answers.")
        meant = self._meant(call)
        if not meant:
            return _refused("That channel is not read.", "Type /watch add to have it read.")
        by, now = call.asking.by, call.at
        changes = [
            (
                before,
                policy.changed(
                    self._own(place, before, call), by=by, now=now, mode=mode, answers=answers
                ),
            )
            for place, before in meant
        ]
        card = cards.changed_card([watch for _, watch in changes])
        kept = tuple(_put(watch, before) for before, watch in changes)
        return Said(card, What.WATCH_SET, kept=kept)

    async def remove(self, call: Call) -> Said | Done:
        """Read it no longer from now on. Its cursor stays, so that its counts stay true."""
        meant = self._meant(call, {*_HELD, Stage.FAILED})
        if not meant:
            return _refused("That channel is not read.", "Type /watch list to see what is.")
        ((place, before),) = meant
        own = self._own(place, before, call)
        leave = policy.takes_leave(
            own, cards.over_line_card(), cards.over_notice_card(call.at), call.at
        )
        ended = policy.ended(own, by=call.asking.by, now=call.at)
        return Said(
            cards.removed_card(place, begun=own.is_on),
            What.WATCH_ENDED,
            kept=(_put(ended, before),),
            deliveries=leave,
        )

    def _place(self, call: Call) -> Place | None:
        """Give the channel that is meant, in the space where it is asked; None: there is none."""
        where, channel = getattr(call.asking, "place", None), call.option("channel")
        if not isinstance(where, Place) or not where.space or not channel:
            return None
        names: Mapping[str, str] = getattr(call.asking, "names", {})
        place = Place(where.platform, where.space, channel, name=names.get(channel, ""))
        return self.watching.place(place)

    def _meant(
        self, call: Call, stages: Collection[Stage] = _HELD
    ) -> Sequence[tuple[Place, Watch | None]]:
        """Give what is on the list and meant: one channel, or all of this space."""
        listed = [
            (place, watch)
            for place, watch in self._listed(call)
            if watch is None or watch.stage in stages
        ]
        if not call.option("channel"):
            return listed
        meant = self._place(call)
        return [(place, watch) for place, watch in listed if place == meant]

    def _listed(self, call: Call) -> Sequence[tuple[Place, Watch | None]]:
        """Give what is on the list where it is asked; in a direct message, all of the desk's."""
        where = getattr(call.asking, "place", None)
        desk, watching = self.roster.desk, self.watching
        known = [place for name in watching.platforms for place in watching.known(name)]
        of_file = [
            (place, None)
            for place in known
            if place.thread is None
            and policy.watch_of(place, desk) is None
            and policy.is_watched(place, desk)
        ]
        chosen = [
            (watching.place(one.place), one)
            for one in desk.watches.values()
            if one.stage is not Stage.OFF
        ]
        return sorted(
            (row for row in (*chosen, *of_file) if _is_in(row[0], where)),
            key=lambda row: cards.shown(row[0]).casefold(),
        )

    def _own(self, place: Place, watch: Watch | None, call: Call) -> Watch:
        """Take over what the desk's file lists, so that it can be changed."""
        if watch is not None:
            return watch
        by, id_ = call.asking.by, call.asking.id
        return policy.taken_over(place, desk=self.roster.file.id, by=by, now=call.at, asking=id_)


def _is_in(place: Place, where: object) -> bool:
    if not isinstance(where, Place) or not where.space:
        return True
    return (place.platform, place.space) == (where.platform, where.space)


def _put(watch: Watch, before: Watch | None) -> Put:
    return Put(watch, 0 if before is None else before.version)


def _switch(call: Call) -> bool | None:
    return {"on": True, "off": False}.get(call.option("answers"))


def _nowhere() -> Said:
    why = "Here is no channel of a server or workspace."
    return _refused(why, "Type it in a channel, and choose one that stands there.")


def _refused(why: str, mend: str) -> Said:
    return Said(cards.refused_card(why, mend), What.REFUSED)
