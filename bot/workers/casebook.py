"""Changes a case: read it, decide purely, draw what follows, write all of it or try again.

Two that press at once both decide on what they read; the store writes the first, and the second
decides again on what the first has left.
"""

from dataclasses import dataclass, replace

from bot.cards.case import Names, case_card
from bot.domain.action import Delivery
from bot.domain.alert import Deed, Dossier, Input, What
from bot.domain.desk import Desk
from bot.domain.event import Pressed
from bot.policy.alert import Change, changed
from bot.policy.budget import pages_of
from bot.policy.page import names_of, pages, refused
from bot.policy.routing import OnDutyAt, Staff, staff
from bot.ports import Clock
from bot.store.alert import Moved, Repeated, Turn
from bot.store.engine import Store
from bot.workers.budget import Budget

TRIES = 20  # as many may press the same button in the same moment


@dataclass(frozen=True, slots=True)
class Casebook:
    """The cases of one desk. `on_duty` says who is on duty at a moment, `budget` who is spared."""

    desk: Desk
    store: Store
    clock: Clock
    on_duty: OnDutyAt
    budget: Budget

    async def happen(
        self,
        key: str,
        happened: Input,
        *,
        pressed: Pressed | None = None,
        buried: tuple[Delivery, str] | None = None,
    ) -> Change | None:
        """Let something happen to a case; give what came of it, None if there is no such case.

        None as well when the same press was written before.
        """
        for _ in range(TRIES):
            dossier = await self.store.alerts.find(self.desk.id, key)
            if dossier is None:
                return None
            change = changed(dossier.case, happened, self.clock(), self.staff)
            try:
                await self._write(dossier, change, pressed, buried)
            except Moved:
                continue
            except Repeated:
                return None
            return change
        raise RuntimeError(f"the case {key} would not hold still")

    @property
    def staff(self) -> Staff:
        """Everybody a case can concern, at this moment."""
        now = self.clock()
        return staff(self.desk, self.on_duty(now), self.budget.spared(now))

    @property
    def names(self) -> Names:
        return names_of(self.desk)

    async def _write(
        self,
        dossier: Dossier,
        change: Change,
        pressed: Pressed | None,
        buried: tuple[Delivery, str] | None,
    ) -> None:
        before, case, now = dossier.case, change.case, self.clock()
        has_changed = case != before
        turn = Turn(
            desk=self.desk.id,
            id=pressed.id if pressed else f"{case.key}@{case.version}",
            alert=case.key,
            now=now,
            deed=case.last if case.last != before.last else None,
            deliveries=pages(change, dossier.about, self.names, now),
            case=case if has_changed else None,
            before=before.version,
            card=case_card(case, dossier.about, self.names) if has_changed else None,
            buried=buried,
            pages=pages_of(before, change, now),
        )
        if pressed is not None and change.refusal is not None:
            deed = Deed(What.REFUSED, now, pressed.by)
            turn = replace(turn, deed=deed, deliveries=refused(pressed, change, now))
        if has_changed or turn.deed is not None or buried is not None:
            self.budget.note(turn.pages)
            try:
                await self.store.alerts.write(turn)
            except BaseException:
                self.budget.forget(turn.pages)
                raise
