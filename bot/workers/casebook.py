"""Changes a case: read it, decide purely, draw what follows, write all of it or try again.

Two that press at once both decide on what they read; the store writes the first, and the second
decides again on what the first has left.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from bot.cards.case import Names, case_card
from bot.domain.action import Delivery
from bot.domain.alert import Deed, Dossier, Gone, Input, What
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.event import Asking, Commanded
from bot.domain.message import AccountRef
from bot.domain.reading import Priority
from bot.policy.alert import Change, changed
from bot.policy.budget import pages_of
from bot.policy.page import answer, names_of, pages, refused, shared
from bot.policy.routing import OnDutyAt, Staff, staff
from bot.ports import Clock
from bot.store.alert import Moved, Repeated, Turn
from bot.store.engine import Store
from bot.workers.budget import Budget

Admits: TypeAlias = Callable[[AccountRef], Awaitable[bool]]

TRIES = 20  # as many may press the same button in the same moment


@dataclass(frozen=True, slots=True)
class Wish:
    """Who asks for a change. `by` stands for the person, whichever account they asked from.

    `done` draws the answer to what was asked for by name; a button needs none, its card changes.
    """

    asking: Asking
    by: AccountRef
    done: Callable[[Change], Card] | None = None


@dataclass(slots=True)
class Casebook:
    """The cases of one desk. `on_duty` says who is on duty at a moment, `budget` who is spared.

    `admits` tells who else is of the desk now, by a role of their platform; `guest_names` is how
    those are called.
    """

    desk: Desk
    store: Store
    clock: Clock
    on_duty: OnDutyAt
    budget: Budget
    admits: Admits
    guest_names: Names = field(default_factory=dict)

    async def happen(
        self,
        key: str,
        happened: Input,
        *,
        wish: Wish | None = None,
        buried: tuple[Delivery, str] | None = None,
        news: str | None = None,
    ) -> Change | None:
        """Let something happen to a case; give what came of it, None if there is no such case.

        None as well when the same asking, or the same `news` (its id), was written before.
        """
        for _ in range(TRIES):
            dossier = await self.store.alerts.find(self.desk.id, key)
            if dossier is None:
                return None
            concerned = (dossier.case.holder, wish.by if wish else None)
            staff_now = await self._with_guests(concerned)
            change = changed(dossier.case, happened, self.clock(), staff_now)
            turn = self._turn(dossier, change, wish, buried)
            if news is not None:
                turn = replace(turn, id=news, erases=isinstance(happened, Gone))
            has_something = turn.case is not None or turn.deed is not None
            try:
                if has_something or turn.buried is not None or turn.erases:
                    await self._write(turn)
            except Moved:
                continue
            except Repeated:
                if wish is None and news is None:
                    continue  # the id was the version's: another change has just made that one
                return None
            return change
        raise RuntimeError(f"the case {key} would not hold still")

    @property
    def staff(self) -> Staff:
        """Everybody a case can concern, at this moment."""
        now = self.clock()
        return staff(self.desk, self.on_duty(now), self.budget.spared(now))

    async def is_staff(self, who: AccountRef) -> bool:
        """Tell whether somebody is of the desk now (I7)."""
        return who in self.staff.people or await self.admits(who)

    async def _with_guests(self, concerned: Sequence[AccountRef | None]) -> Staff:
        """Count those among the staff who are of it by a role that they have at this moment."""
        now = self.staff
        others = {one for one in concerned if one is not None and one not in now.people}
        guests = {one for one in others if await self.admits(one)}
        return replace(now, people=now.people | guests)

    @property
    def names(self) -> Names:
        """How everybody is called who may have a case."""
        return {**self.guest_names, **names_of(self.desk)}

    async def _write(self, turn: Turn) -> None:
        self.budget.note(turn.pages)
        try:
            await self.store.alerts.write(turn)
        except BaseException:
            self.budget.forget(turn.pages)
            raise

    def _turn(
        self,
        dossier: Dossier,
        change: Change,
        wish: Wish | None,
        buried: tuple[Delivery, str] | None,
    ) -> Turn:
        before, case, now = dossier.case, change.case, self.clock()
        has_changed = case != before
        endings = self.desk.endings
        zone = self.desk.time_zone
        drawn = case_card(case, dossier.about, self.names, zone=zone, endings=endings)
        is_new = case.priority <= Priority.P1 < before.priority  # it was raised to be urgent
        posts = shared(case, dossier.about, self.names, self.desk, now) if is_new else ()
        turn = Turn(
            desk=self.desk.id,
            id=wish.asking.id if wish else f"{case.key}@{case.version}",
            alert=case.key,
            now=now,
            deed=case.last if case.last != before.last else None,
            deliveries=(*pages(change, dossier.about, self.names, zone, now), *posts),
            case=case if has_changed else None,
            before=before.version,
            card=drawn if has_changed else None,
            buried=buried,
            pages=pages_of(before, change, now),
        )
        return turn if wish is None else _answered(turn, change, wish, now)


def _answered(turn: Turn, change: Change, wish: Wish, now: datetime) -> Turn:
    """Add what the one who asked is told, and the name of what they asked for."""
    asking = wish.asking
    if isinstance(asking, Commanded):
        turn = replace(turn, command=f"{asking.noun} {asking.verb}".strip())
    if change.refusal is not None:
        deed = Deed(What.REFUSED, now, wish.by)
        return replace(turn, deed=deed, deliveries=refused(asking, change, now))
    if wish.done is None:
        return turn
    said = answer(asking, wish.done(change), desk=turn.desk, alert=turn.alert, now=now)
    return replace(turn, deliveries=(*turn.deliveries, said))
