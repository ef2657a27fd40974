"""The practice community: a platform in one process, with people before windows of a browser.

All that is said is on disk before anybody sees it. Nothing here decides for the bot: it hears and
is told through the port, as on every platform.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, assert_never

from adapters.local import markup
from adapters.local.clock import PracticeClock
from adapters.local.journal import Journal
from adapters.local.people import BOT, LOCAL, Community, direct, talks
from adapters.local.said import Record, Said, written
from adapters.local.state import State
from adapters.local.translate import message as in_words
from bot.domain.action import (
    Action,
    DirectMessage,
    OpenForm,
    Pin,
    Post,
    Receipt,
    Reply,
    ShowHome,
    ShowPrivately,
    Update,
    Withdraw,
    is_lasting,
)
from bot.domain.card import Card
from bot.domain.command import Form, Table
from bot.domain.event import Deleted, Edited, Event, Opened, Posted, Reconnected, SpaceJoined
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.setup import Found, Need, Trouble, Use
from bot.domain.space import Role, SpaceRef, Standing
from bot.ports import Capabilities, Inbox, Permanent, Temporary

JOURNAL = "community.jsonl"
# Presses that an answer may still come for; Discord keeps one open for 15 minutes.
MOST_PRESSES = 1_000

Spoken = Post | Reply | DirectMessage | ShowPrivately


@dataclass(frozen=True, slots=True)
class Pressing:
    """Where somebody asked for something, so that the answer is shown there."""

    who: str
    where: str
    thread: str | None
    source: str = ""
    on: str | None = None
    about: Message | None = None


class Onlooker(Protocol):
    """A window that is open. `who` is the person before it."""

    who: str

    def tell(self, news: Record) -> None: ...

    def ask(self, form: Form, pressing: Pressing) -> None: ...


class Serving(Protocol):
    """What shows the community to people."""

    async def run(self) -> None: ...


@dataclass(slots=True, eq=False)
class LocalPlatform:
    """`folder` keeps what is said. `opens` serves the windows for as long as `run` runs.

    `new_id` makes the ids of presses.
    """

    community: Community
    folder: Path
    clock: PracticeClock
    table: Table = field(default_factory=Table)
    opens: Callable[["LocalPlatform", Inbox], "Serving"] | None = None
    new_id: Callable[[], str] = lambda: secrets.token_hex(8)
    windows: set[Onlooker] = field(default_factory=set)
    is_cut: bool = False
    state: State = field(init=False)
    _journal: Journal = field(init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _events: asyncio.Queue[Event] | None = None
    _presses: OrderedDict[str, Pressing] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._journal = Journal(self.folder / JOURNAL)
        self.state = State.of(self._journal.read())
        self.clock.ahead = max(self.clock.ahead, timedelta(seconds=self.state.ahead))

    @property
    def name(self) -> PlatformName:
        return LOCAL

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            threads=True, buttons=True, history=True, max_text=4_000, forms=True, ephemeral=True
        )

    async def run(self, inbox: Inbox) -> None:
        """Serve the windows and hand over what their people do, until cancelled."""
        self._events = events = asyncio.Queue[Event]()
        try:
            for channel in self.community.channels:
                await inbox.take(Opened(self.community.place(channel.id)))
            await inbox.take(SpaceJoined(self.community.ref, self.community.name))
            async with asyncio.TaskGroup() as tasks:
                if self.opens is not None:
                    tasks.create_task(self.opens(self, inbox).run(), name="local windows")
                while True:
                    await inbox.take(await events.get())
                    events.task_done()
        finally:
            self._events = None

    async def settle(self) -> None:
        """Return when all that was done so far is handed over."""
        if self._events is not None:
            await self._events.join()

    def hand_over(self, event: Event) -> bool:
        """Let the bot hear of it; False when it cannot hear."""
        if self._events is None or self.is_cut:
            return False
        self._events.put_nowait(event)
        return True

    def cut(self, *, on: bool) -> None:
        """Cut the bot's connection or mend it. What is said meanwhile is read back by the bot."""
        was, self.is_cut = self.is_cut, on
        if was and not on:
            self.hand_over(Reconnected(LOCAL))
        self.tell({"cut": on})

    async def skip(self, by: timedelta) -> None:
        """Put the clock forward, for good."""
        self.clock.skip(by)
        await self.write({"ahead": self.clock.ahead.total_seconds()})

    async def say(
        self, who: str, where: str, text: str, thread: str | None = None, line: str | None = None
    ) -> Said:
        """Let a person say something; `line` names it, if it is of a scenario."""
        said = Said(self.state.next_id(), where, who, text, self.clock(), thread)
        await self._add(said, {} if line is None else {"line": line})
        return said

    async def edit(self, said: Said, text: str) -> None:
        """Let a message read otherwise."""
        at = self.clock()
        await self.write({"edited": said.id, "text": text, "at": at.isoformat()})
        self._show_again(said.id)
        if said.is_public and said.id in self.state.messages:
            now = in_words(self.state.messages[said.id], self.community)
            self.hand_over(Edited(now.ref, now))

    async def delete(self, said: Said) -> None:
        """Take a message away, with the bot hearing of it."""
        await self._remove(said, {})
        if said.is_public:
            self.hand_over(Deleted((in_words(said, self.community).ref,)))

    async def write(self, record: Record) -> None:
        """Put it on disk, then let it be so."""
        await self._journal.write(record)
        self.state.apply(record)

    def begin(self, pressing: Pressing) -> str:
        """Remember where something was asked, and give the asking's id."""
        id_ = self.new_id()
        self._presses[id_] = pressing
        if len(self._presses) > MOST_PRESSES:
            self._presses.popitem(last=False)
        return id_

    async def perform(self, action: Action, *, key: str) -> Receipt:
        """Do it once. See `bot.ports.Platform`."""
        if self.is_cut:
            raise Temporary("the connection is cut", retry_after=timedelta(seconds=1))
        async with self._turn:  # of two with one key that come at once, one is done
            if key in self.state.done:
                return self._receipt(key)
            return await self._do(action, key)

    async def find(self, action: Action, *, key: str, since: datetime) -> Receipt | None:  # noqa: ARG002 - the port's
        """Look among all that was ever done. See `bot.ports.Platform`."""
        if self.is_cut:
            raise Temporary("the connection is cut", retry_after=timedelta(seconds=1))
        return self._receipt(key) if is_lasting(action) and key in self.state.done else None

    async def _do(self, action: Action, key: str) -> Receipt:
        match action:
            case Post() | Reply() | DirectMessage() | ShowPrivately():
                return await self._post(action, key)
            case Update(external_id=external_id, card=card):
                return await self._draw(external_id, card, key)
            case Withdraw(external_id=external_id):
                return await self._withdraw(external_id, key)
            case OpenForm(to=to, press=press, form=form):
                return await self._ask(to, press, form, key)
            case Pin():
                raise Permanent("the practice community pins nothing")
            case ShowHome():
                raise Permanent("the practice community has no home page")
            case _:
                assert_never(action)

    async def history(self, place: Place, *, after: str | None) -> AsyncIterator[Message]:
        """Read what was said. See `bot.ports.Platform`."""
        if self.is_cut:
            raise Temporary("the connection is cut", retry_after=timedelta(seconds=1))
        if after is None:
            newest = self.state.newest_public(place.channel, place.thread)
            if newest is not None:
                yield in_words(newest, self.community)
            return
        for said in self.state.public_after(place.channel, place.thread, after):
            yield in_words(said, self.community)

    async def fetch(self, ref: MessageRef) -> Message | None:
        said = self.state.messages.get(ref.id)
        found = said is not None and said.is_public and said.where == ref.place.channel
        return in_words(said, self.community) if said is not None and found else None

    async def standing(self, who: AccountRef, space: SpaceRef) -> Standing:
        person = self.community.person(who.id)
        if person is None or space != self.community.ref:
            return Standing(is_member=False, is_reachable=False)
        return Standing(
            is_member=True,
            roles=frozenset({person.role.value}),
            moderates=person.may(Role.MODERATOR),
            owns=person.may(Role.SUPERVISOR),
            is_reachable=True,
            name=person.name,
        )

    async def called(self, space: SpaceRef, ids: Collection[str]) -> Mapping[str, str]:
        """Know what may be chosen: the roles that there are, and channels."""
        if space != self.community.ref:
            return {}
        roles = {one.value: one.value for one in Role}
        channels = {one.id: self.community.place(one.id).name for one in self.community.channels}
        return {id_: name for id_, name in {**roles, **channels}.items() if id_ in ids}

    def shows(self, place: Place, to: AccountRef) -> bool:
        """Every channel is open to all here."""
        return self.community.has(place.channel) and self.community.person(to.id) is not None

    async def inspect(self, space: SpaceRef, needs: Sequence[Need]) -> tuple[Found, ...]:
        """Name the channels that are not there. See `bot.ports.Platform`."""
        if self.is_cut:
            raise Temporary("the connection is cut", retry_after=timedelta(seconds=1))
        if space != self.community.ref:
            return (Found(Trouble.NOT_IN, "this community"),)
        found: dict[Found, None] = {}
        for need in needs:
            is_there = self.community.has(need.place.channel)
            if need.use is not Use.ROLES and not is_there:
                found[Found(Trouble.GONE, need.place.name or need.place.channel)] = None
            elif need.use is Use.STAFF:  # every channel is open to all here
                found[Found(Trouble.PUBLIC, need.place.name)] = None
        return tuple(found)

    def tell(self, news: Record) -> None:
        for window in tuple(self.windows):
            window.tell(news)

    def show(self, said: Said) -> None:
        """Show a message to all who may see it."""
        for window in tuple(self.windows):
            if may_see(said, window.who):
                window.tell({"message": self.drawn(said)})

    def drawn(self, said: Said) -> Record:
        """Give a message as the page draws it."""
        author = self.community.person(said.author)
        return {
            "id": said.id,
            "where": said.where,
            "thread": said.thread,
            "author": said.author,
            "name": markup.inert(author.name if author else said.author),
            "bot": said.author == BOT,
            "at": said.at.isoformat(),
            "edited": said.edited_at is not None,
            "text": "" if said.card else markup.inert(said.text),
            "card": None if said.card is None else markup.card(said.card),
            "private": said.only_for is not None,
            "replies": self.state.replies(said),
        }

    async def _post(self, action: Spoken, key: str) -> Receipt:
        where, thread = self._aim(action)
        only_for = action.to.id if isinstance(action, ShowPrivately) else None
        id_, card = self.state.next_id(), action.card
        said = Said(id_, where, BOT, card.text, self.clock(), thread, card, only_for)
        await self._add(said, {"key": key, "receipt": id_})
        return self._receipt(key)

    def _receipt(self, key: str) -> Receipt:
        id_ = self.state.done[key]
        return Receipt(id_, id_)  # an id is a position as well

    def _aim(self, action: Spoken) -> tuple[str, str | None]:
        """Say in which conversation, and in which thread of it, something is to stand."""
        match action:
            case Post(place=place):
                return self._channel(place), place.thread
            case Reply(to=ref):
                return self._channel(ref.place), ref.place.thread or self._thread_of(ref)
            case DirectMessage(to=to):
                return direct(self._somebody(to)), None
            case ShowPrivately(to=to, press=press):
                alone = Pressing(to.id, direct(self._somebody(to)), None)
                asked = self._presses.get(press, alone)
                return asked.where, asked.thread
            case _:
                assert_never(action)

    async def _add(self, said: Said, done: Record) -> None:
        await self.write({"said": written(said)} | done)
        self.show(said)
        if said.thread is not None:
            self._show_again(said.thread)
        if said.is_public:
            self.hand_over(Posted(in_words(said, self.community)))

    async def _draw(self, external_id: str, card: Card, key: str) -> Receipt:
        if external_id not in self.state.messages:
            raise Permanent("that message is gone")
        drawn = written(replace(self.state.messages[external_id], card=card))["card"]
        await self.write({"drawn": external_id, "card": drawn, "key": key, "receipt": external_id})
        self._show_again(external_id)
        return Receipt(external_id)

    async def _withdraw(self, external_id: str, key: str) -> Receipt:
        done: Record = {"key": key, "receipt": external_id}
        said = self.state.messages.get(external_id)
        if said is None:
            await self.write(done)
        else:
            await self._remove(said, done)
        return Receipt(external_id)

    async def _remove(self, said: Said, done: Record) -> None:
        await self.write({"gone": said.id} | done)
        for window in tuple(self.windows):
            if may_see(said, window.who):
                window.tell({"gone": said.id, "where": said.where})

    async def _ask(self, to: AccountRef, press: str, form: Form, key: str) -> Receipt:
        pressing = self._presses.get(press)
        there = [one for one in self.windows if one.who == to.id]
        if pressing is None or not there:
            raise Permanent("nobody waits for that form any more")
        for window in there:
            window.ask(markup.offered(form, self.community), pressing)
        await self.write({"key": key, "receipt": press})
        return Receipt(press)

    def _show_again(self, id_: str) -> None:
        said = self.state.messages.get(id_)
        if said is not None:
            self.show(said)

    def _channel(self, place: Place) -> str:
        if not self.community.has(place.channel):
            raise Permanent("there is no such channel")
        return place.channel

    def _thread_of(self, ref: MessageRef) -> str | None:
        """Put a reply in the message's thread; where that is gone, in the channel."""
        return ref.id if ref.id in self.state.messages else None

    def _somebody(self, account: AccountRef) -> str:
        if self.community.person(account.id) is None:
            raise Permanent("there is no such person")
        return account.id


def may_see(said: Said, who: str) -> bool:
    """Tell whether somebody sees a message: theirs alone, in their conversation, or public."""
    return said.only_for in (None, who) and talks(who, said.where)
