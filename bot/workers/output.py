"""What may be said in public: asks who has to say yes, posts, and takes back.

Nothing goes out that a person, or the desk for this channel, has not said yes to (I9); the message
is fetched once more just before.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, assert_never

import structlog

from bot.cards import note as notes
from bot.cards import resource as resources
from bot.domain.action import Delivery, DirectMessage
from bot.domain.alert import Deed, What
from bot.domain.card import Card
from bot.domain.decision import Decision, ProposeNote
from bot.domain.desk import Desk
from bot.domain.event import Asking
from bot.domain.kept import Put
from bot.domain.message import AccountRef, MessageRef, Place, PlatformName
from bot.domain.output import (
    Approve,
    Delivered,
    Due,
    Input,
    Kind,
    MessageGone,
    Outdated,
    Output,
    Stage,
    Told,
    Undeliverable,
    Unwelcome,
)
from bot.domain.reading import Strength
from bot.domain.resource import Resource
from bot.policy import output as policy
from bot.policy.decide import Shelf
from bot.policy.note import edition
from bot.policy.offer import by_id, may_say, still_fits
from bot.policy.page import answer
from bot.policy.resource import again
from bot.policy.watch import answers_by_itself, shadowed, skip_reason
from bot.ports import Clock, Permanent, Platform, Temporary
from bot.store.alert import Repeated, Turn
from bot.store.engine import BadDatabase, Store
from bot.store.output import Overtaken
from bot.workers.casebook import TRIES, Casebook
from bot.workers.heartbeat import Pulse

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(seconds=5)
MOST: Final = 200
# Questions that somebody is asked to answer at one time. Others wait, so that nobody is flooded.
OFFERS_AT_A_TIME: Final = 3
DANGER_WITHIN: Final = timedelta(hours=24)
IN_DANGER: Final = "The author may be in danger. Help comes first, so no note is posted."


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for it, by which command or button; `done` draws what they are shown."""

    asking: Asking
    name: str
    by: AccountRef
    done: Callable[[policy.Step], Card]


@dataclass(slots=True)
class Publishing:
    """`shelf` gives what may be said on a day, `desk` the desk as it reads now (hashed opt-outs).

    `author` gives the keyed hash of an account.
    """

    casebook: Casebook
    store: Store
    platforms: Mapping[PlatformName, Platform]
    clock: Clock
    shelf: Callable[[date], Shelf]
    desk: Callable[[], Desk]
    author: Callable[[AccountRef], str]
    pulse: Pulse
    _has_compared: bool = False

    async def run(self) -> None:
        """See to what waits, every so often, until cancelled."""
        while True:
            await self.look()
            self.pulse.beat()
            await asyncio.sleep(EVERY.total_seconds())

    async def look(self) -> None:
        """Note what was posted, ask for what waits, and let go what is over."""
        id_, now = self.desk().id, self.clock()
        for one, state, receipt in await self.store.outputs.settled(id_, now - timedelta(days=7)):
            is_there = state == "delivered" and receipt is not None
            await self._safely(one, Delivered(str(receipt)) if is_there else Undeliverable())
        waiting = await self.store.outputs.open(id_, MOST)
        for one in waiting:
            await self._safely(one, None)
        if not self._has_compared:  # the registry is read once, at the start
            self._has_compared = True
            for one in await self.store.outputs.posted(id_, MOST * 10):
                claim = self.current.claims.get(one.subjects[0])
                if claim is None or edition(claim) != one.edition:
                    await self._safely(one, Outdated())

    @property
    def current(self) -> Shelf:
        return self.shelf(self.clock().date())

    async def gone(self, ref: MessageRef) -> None:
        """End what was to stand under a message, and take away what stands there."""
        for one in await self.store.outputs.on(self.desk().id, ref.key):
            await self.happen(one.id, MessageGone())

    async def closed(self, place: Place) -> None:
        """Say nothing more in a place that is closed; of a channel, nor in its threads."""
        for one in await self.store.outputs.open(self.desk().id, MOST):
            if place.key in (one.ref.place.key, one.ref.place.channel_key):
                await self.happen(one.id, Unwelcome())

    async def clear(self) -> None:
        """Let go all that somebody was asked for and has not answered."""
        for one in await self.store.outputs.open(self.desk().id, MOST):
            if one.stage in policy.WAITING:
                await self.happen(one.id, Unwelcome())

    async def reread(self, ref: MessageRef, old: Decision | None, new: Decision) -> None:
        """Let go what a changed message no longer gives a reason for."""
        for one in await self.store.outputs.on(self.desk().id, ref.key):
            if not still_fits(one, old, new):
                await self.happen(one.id, Unwelcome())

    async def happen(
        self, id_: str, happened: Input, asked: Asked | None = None, extra: Sequence[Delivery] = ()
    ) -> policy.Step | None:
        """Let something happen to an output; None when there is none, or the asking was written."""
        for _ in range(TRIES):
            output = await self.store.outputs.find(self.desk().id, id_)
            if output is None:
                return None
            step = policy.moved(output, happened, self.clock())
            if asked is None and step.what is None:
                return step
            try:
                await self.store.alerts.write(self._turn(output, step, asked, extra))
            except Overtaken:
                continue
            except Repeated:
                return None
            return step
        raise RuntimeError(f"the output {id_} would not hold still")

    async def approve(self, id_: str, asked: Asked) -> policy.Step | str | None:
        """Post it on somebody's word; give the words why not when something stands against it."""
        output = await self.store.outputs.find(self.desk().id, id_)
        if output is None:
            return None
        approves = Approve(asked.by)
        if policy.moved(output, approves, self.clock()).refusal is None:
            against = await self.against(output)
            if isinstance(against, str):
                return against
            if against is not None:
                return await self.happen(id_, against, asked)
        return await self.happen(id_, approves, asked)

    async def against(self, output: Output) -> Input | str | None:
        """Find what stands against saying it now: something final, or words for a while."""
        now, desk = self.clock(), self.desk()
        if not may_say(output, self.current, now.date()):
            return Outdated()
        platform = self.platforms.get(output.ref.place.platform)
        if platform is None:
            return "The bot is not connected there now."
        try:
            message = await platform.fetch(output.ref)
        except (Temporary, Permanent) as failure:
            log.warning("a message cannot be fetched", message=output.ref.key, why=str(failure))
            return "The message cannot be read just now. Please try again in a minute."
        if message is None:
            return MessageGone()
        is_shadow = shadowed(output.ref.place, desk) is not None
        if is_shadow or skip_reason(message, desk, author=output.author) is not None:
            return Unwelcome()
        return await self._over_limit(output)

    async def is_in_danger(self, author: str) -> bool:
        """Tell whether what somebody wrote lately called a person at once."""
        since = self.clock() - DANGER_WITHIN
        return await self.store.outputs.is_in_danger(self.desk().id, author, since)

    async def _over_limit(self, output: Output) -> str | None:
        outputs, desk, now = self.store.outputs, self.desk().id, self.clock()
        channel = output.ref.place.channel_key
        since = now - policy.CHANNEL_WITHIN
        sent = await outputs.approved_since(desk, since, output.kind, channel=channel)
        if sent >= policy.PER_CHANNEL[output.kind]:
            return "The bot has said enough in that channel for now. Try again in an hour."
        if output.kind is Kind.RESOURCES:
            return None
        if await self.is_in_danger(output.author):
            return IN_DANGER
        since = now - policy.AUTHOR_WITHIN
        notes_ = await outputs.approved_since(desk, since, Kind.NOTE, author=output.author)
        if notes_ >= policy.NOTES_PER_AUTHOR:
            return "This author had three notes in a day. That is the most we post."
        return None

    async def _safely(self, output: Output, happened: Input | None) -> None:
        try:
            if happened is None:
                await self._further(output)
            else:
                await self.happen(output.id, happened)
        except BadDatabase:
            raise
        except Exception as bug:  # noqa: BLE001 - the item boundary: one must not stop the others
            log.error("an output is broken", output=output.id, bug=type(bug).__name__)  # noqa: TRY400 - without the text (I4)

    async def _further(self, output: Output) -> None:
        """See to one that waits: let it go, post it where nobody has to be asked, or ask."""
        over = await self._over(output)
        if over is not None:
            await self.happen(output.id, over)
            return
        if output.stage not in policy.WAITING:
            return
        by_itself = answers_by_itself(output.ref.place, self.desk())
        if output.kind is Kind.RESOURCES and by_itself:
            against = await self.against(output)
            if not isinstance(against, str):
                await self.happen(output.id, against or Approve(None))
                return
        await self._ask(output)

    async def _over(self, output: Output) -> Input | None:
        now = self.clock()
        if output.stage in policy.WAITING and now >= output.due_at:
            return Due()
        if not may_say(output, self.current, now.date()):
            return Outdated()
        is_shadow = shadowed(output.ref.place, self.desk()) is not None
        if is_shadow or not policy.may_author(output.author, output.ref.place, self.desk()):
            return Unwelcome()
        if output.kind is Kind.RESOURCES:
            recorded = await self.store.decisions.one(self.desk().id, output.ref.key)
            if recorded is not None and recorded.answered is not None:
                return Unwelcome()
        return None

    async def _ask(self, output: Output) -> None:
        """Ask one person on duty who may say yes, and another when that one has gone off."""
        to = self._whom(output)
        if to is None or (output.kind is Kind.RESOURCES and await self._is_busy(output)):
            return
        key = f"{output.ask_prefix}{output.stage}/{to.platform}:{to.id}"
        card = self._question(output, await self._strength(output))
        notice = Delivery(key, output.desk, DirectMessage(to, card), 0, self.clock())
        await self.happen(output.id, Told(to), extra=(notice,))

    def _whom(self, output: Output) -> AccountRef | None:
        on_duty = self.casebook.staff.on_duty
        if any(one in on_duty for one in output.told):
            return None
        free = (one for one in on_duty if one not in (output.proposed_by, *output.told))
        first = next(free, None)
        overseer = self.casebook.desk.overseer
        if first is None and output.stage is Stage.PROPOSED:
            return overseer if overseer not in (output.proposed_by, *output.told) else None
        return first

    async def _is_busy(self, output: Output) -> bool:
        waiting = await self.store.outputs.open(output.desk, MOST)
        asked = [one for one in waiting if one.kind is Kind.RESOURCES and one.told]
        return len(asked) >= OFFERS_AT_A_TIME

    async def _strength(self, output: Output) -> Strength | None:
        recorded = await self.store.decisions.one(output.desk, output.ref.key)
        outcomes = () if recorded is None else recorded.decision.outcomes
        found = (one for one in outcomes if isinstance(one, ProposeNote))
        return next((one.strength for one in found if one.claim_id == output.subjects[0]), None)

    def _question(self, output: Output, strength: Strength | None) -> Card:
        if output.kind is Kind.RESOURCES:
            return resources.offer_card(output, self._resources(output))
        claim = self.current.claims[output.subjects[0]]
        if output.stage is Stage.SUGGESTED:
            return notes.suggested_card(output, claim, strength)
        proposer = self.casebook.names.get(output.proposed_by or self.casebook.desk.overseer, "")
        today = self.clock().date()
        return notes.second_card(output, claim, proposer or "Somebody", today=today)

    def standing(self, output: Output) -> Card:
        """Draw how it stands, in place of the question about it."""
        if output.kind is Kind.RESOURCES:
            words = notes.stage_words(output, self.casebook.names)
            return resources.offered_card(output, self._resources(output), words)
        claim = self.current.claims.get(output.subjects[0])
        return notes.standing_card(output, claim, self.casebook.names)

    def said(self, output: Output) -> Card:
        """Draw what is posted: one wording for every platform."""
        match output.kind:
            case Kind.NOTE:
                claim = self.current.claims[output.subjects[0]]
                return notes.note_card(claim, today=self.clock().date(), id_=output.id)
            case Kind.RESOURCES:
                chosen = self._resources(output)
                return resources.resource_card([again(one) for one in chosen], by_id(self.current))
            case _:
                assert_never(output.kind)

    def _resources(self, output: Output) -> list[Resource]:
        known = by_id(self.current)
        return [known[one] for one in output.subjects if one in known]

    def _turn(
        self, before: Output, step: policy.Step, asked: Asked | None, extra: Sequence[Delivery]
    ) -> Turn:
        now, output = self.clock(), step.output
        is_note = output.kind is Kind.NOTE
        back = notes.taken_back_card(now.date()) if is_note else resources.taken_away_card()
        sent = policy.deliveries(step, before, lambda: self.said(output), back, now)
        by = asked.by if asked else step.by
        id_ = asked.asking.id if asked else f"output/{output.id}@{output.version}"
        shown: tuple[Delivery, ...] = ()
        if asked is not None:
            card = asked.done(step)
            about = output.ref.key
            shown = (answer(asked.asking, card, desk=output.desk, alert=about, now=now),)
        drawn = None if step.what in (None, What.TOLD) else self.standing(output)
        return Turn(
            desk=output.desk,
            id=id_,
            alert=output.ref.key,
            now=now,
            deed=Deed(step.what or What.REFUSED, now, by),
            deliveries=(*sent, *extra, *shown),
            command=asked.name if asked else None,
            kept=(Put(output, before.version, drawn),) if step.what else (),
        )
