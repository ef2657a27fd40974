"""One open window: what its person does becomes an event, what they may see is sent to them."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import assert_never

from aiohttp import WSMsgType, web

from adapters.local import markup, translate
from adapters.local.people import BOT, LOCAL, Person, direct, talks
from adapters.local.platform import LocalPlatform, Pressing, may_see
from adapters.local.practice import Practice
from adapters.local.said import Record, Said
from adapters.local.tour import Tour
from adapters.local.view import Explaining, Glance
from bot.domain.command import Form
from bot.domain.event import Chosen, Commanded, Event, Pressed, Submitted, Typing
from bot.domain.message import Place
from bot.domain.space import Role
from bot.ports import Inbox

PAGE = 50  # messages that a page asks for at a time
MOST_UNSENT = 2_000  # a window that falls further behind is closed; it comes back and asks anew
MOST_FORMS = 20


class Window:
    def __init__(
        self,
        platform: LocalPlatform,
        inbox: Inbox,
        *,
        why: Explaining,
        tour: Tour | None,
        practice: Practice | None = None,
    ) -> None:
        self.who = ""
        self._platform = platform
        self._inbox = inbox
        self._why = why
        self._tour = tour
        self._practice = practice
        self._out: asyncio.Queue[Record | None] = asyncio.Queue(MOST_UNSENT)
        self._forms: dict[str, tuple[Form, Pressing]] = {}
        self._glance: Glance | None = None

    @property
    def person(self) -> Person | None:
        person = self._platform.community.person(self.who)
        return None if person is None or person.plays else person

    async def run(self, socket: web.WebSocketResponse) -> None:
        """Serve the window until it is closed."""
        self._platform.windows.add(self)
        try:
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(self._send(socket), name="window")
                async for frame in socket:
                    if frame.type is WSMsgType.TEXT:
                        await self._hear(frame.data)
                sending.cancel()
        finally:
            self._platform.windows.discard(self)

    def tell(self, news: Record) -> None:
        try:
            self._out.put_nowait(news)
        except asyncio.QueueFull:
            self._platform.windows.discard(self)
            while not self._out.empty():
                self._out.get_nowait()
            self._out.put_nowait(None)

    def ask(self, form: Form, pressing: Pressing) -> None:
        """Open a form; what it was about stays here, so that no page can say otherwise."""
        token = self._platform.new_id()
        if len(self._forms) >= MOST_FORMS:
            self._forms.pop(next(iter(self._forms)))
        self._forms[token] = form, pressing
        self.tell({"form": markup.form(form) | {"token": token}})

    def show_desk(self, glance: Glance) -> None:
        """Show what the desk sees to those who are of it."""
        person = self.person
        if person is not None and person.may(Role.PRACTITIONER) and glance != self._glance:
            self._glance = glance
            self.tell({"desk": asdict(glance)})

    async def _send(self, socket: web.WebSocketResponse) -> None:
        while (news := await self._out.get()) is not None:
            await socket.send_json(news)
        await socket.close()

    async def _hear(self, payload: str) -> None:
        ask = translate.asked(payload)
        if ask is None:
            self.tell({"refused": "That could not be understood. Load the page again."})
        elif isinstance(ask, translate.Hello):
            await self._greet(ask)
        elif self.person is None:
            self.tell({"refused": "Choose who you are first."})
        else:
            await self._do(ask, self.person)

    async def _greet(self, hello: translate.Hello) -> None:
        self.who, self._glance, self._forms = hello.who, None, {}
        person = self.person
        if person is None:
            self.tell({"refused": "There is nobody of that name here."})
            return
        self.tell({"hello": self._hello(person)})

    def _hello(self, person: Person) -> Record:
        community, state = self._platform.community, self._platform.state
        return {
            "me": person.id,
            "role": person.role,
            "space": markup.inert(community.name),
            "people": [markup.person(one) for one in community.people if not one.plays],
            "channels": [
                {"id": one.id, "about": one.about, "unread": state.unread(person.id, one.id)}
                for one in community.channels
            ],
            "talks": self._talks(person),
            "table": markup.table(self._platform.table, person),
            "most": translate.MOST_TEXT,
            "cut": self._platform.is_cut,
            "tour": None if self._tour is None else self._tour.drawn(),
            "training": None if self._practice is None else self._practice.drawn(),
        }

    def _talks(self, person: Person) -> list[Record]:
        """Give the conversations of two, the one with the bot first."""
        platform = self._platform
        mine = [w for w in platform.state.conversations() if talks(person.id, w)]
        wheres = dict.fromkeys((direct(person.id), *mine))
        return [
            {
                "id": where,
                "name": self._name(where, person),
                "unread": platform.state.unread(person.id, where),
            }
            for where in wheres
        ]

    def _name(self, where: str, person: Person) -> str:
        others = [one for one in where[1:].split("+") if one != person.id]
        other = self._platform.community.person(others[0]) if others else None
        return "Waymark" if BOT in others else markup.inert(other.name if other else where)

    async def _do(self, ask: translate.Ask, person: Person) -> None:
        match ask:
            case translate.Say():
                await self._say(ask, person)
            case translate.Edit() | translate.Delete() | translate.Dismiss() | translate.Seen():
                await self._change(ask, person)
            case translate.Press() | translate.Command() | translate.Choose() | translate.Submit():
                self._ask_bot(ask, person)
            case translate.Suggest():
                await self._suggest(ask, person)
            case translate.Page() | translate.Why():
                self._look_up(ask, person)
            case translate.Skip() | translate.Cut() | translate.Tour() | translate.Practise():
                await self._tend(ask, person)
            case translate.Hello():
                pass
            case _:
                assert_never(ask)

    async def _change(
        self,
        ask: translate.Edit | translate.Delete | translate.Dismiss | translate.Seen,
        person: Person,
    ) -> None:
        match ask:
            case translate.Edit(id=id_, text=text):
                said = self._own(id_, person, may_moderate=False)
                if said is not None and text.strip():
                    await self._platform.edit(said, text)
            case translate.Delete(id=id_):
                said = self._own(id_, person, may_moderate=True)
                if said is not None:
                    await self._platform.delete(said)
            case translate.Dismiss(id=id_):
                shown = self._platform.state.messages.get(id_)
                if shown is not None and shown.only_for == person.id:
                    await self._platform.delete(shown)
            case translate.Seen():
                await self._see(ask, person)
            case _:
                assert_never(ask)

    async def _see(self, ask: translate.Seen, person: Person) -> None:
        if ask.id > self._platform.state.seen.get((person.id, ask.where), ""):
            await self._platform.write({"seen": person.id, "where": ask.where, "upto": ask.id})

    def _ask_bot(
        self,
        ask: translate.Press | translate.Command | translate.Choose | translate.Submit,
        person: Person,
    ) -> None:
        match ask:
            case translate.Press():
                self._press(ask, person)
            case translate.Command():
                self._command(ask, person)
            case translate.Choose():
                self._choose(ask, person)
            case translate.Submit():
                self._submit(ask, person)
            case _:
                assert_never(ask)

    def _look_up(self, ask: translate.Page | translate.Why, person: Person) -> None:
        match ask:
            case translate.Page():
                self._page(ask, person)
            case translate.Why(id=id_):
                self._explain(id_)
            case _:
                assert_never(ask)

    async def _tend(
        self,
        ask: translate.Skip | translate.Cut | translate.Tour | translate.Practise,
        person: Person,
    ) -> None:
        """Do what no platform lets people do: it is for trying things out."""
        match ask:
            case translate.Skip(minutes=minutes):
                await self._platform.skip(timedelta(minutes=minutes))
            case translate.Cut(on=on):
                self._platform.cut(on=on)
            case translate.Tour():
                if self._tour is not None:
                    await self._tour.ask(ask.move, ask.to)
            case translate.Practise():
                if self._practice is not None:
                    refused = await self._practice.ask(ask, person)
                    if refused:
                        self.tell({"refused": refused})
            case _:
                assert_never(ask)

    async def _say(self, ask: translate.Say, person: Person) -> None:
        if not ask.text.strip():
            return
        if ask.where == direct(person.id):
            self.tell({"refused": "Waymark reads no direct messages. Press a button, or type /."})
        elif self._may_talk(ask.where, person):
            thread = self._platform.state.messages.get(ask.thread or "")
            if ask.thread and (thread is None or thread.where != ask.where):
                self.tell({"refused": "That message is gone."})
            else:
                await self._platform.say(person.id, ask.where, ask.text, ask.thread)

    def _may_talk(self, where: str, person: Person) -> bool:
        community = self._platform.community
        if not where.startswith("@"):
            return community.has(where)
        return talks(person.id, where) and any(
            where == direct(person.id, one.id) for one in community.people if one != person
        )

    def _own(self, id_: str, person: Person, *, may_moderate: bool) -> Said | None:
        said = self._platform.state.messages.get(id_)
        if said is None or not may_see(said, person.id):
            return None
        moderates = may_moderate and said.is_public and person.may(Role.MODERATOR)
        return said if said.author == person.id or moderates else None

    def _press(self, ask: translate.Press, person: Person) -> None:
        said = self._platform.state.messages.get(ask.on)
        if said is None or not may_see(said, person.id) or said.card is None:
            self.tell({"refused": "That message is gone."})
            return
        if ask.button not in {one.id for one in said.card.buttons}:
            self.tell({"refused": "That button is gone. Look at the newest copy."})
            return
        pressing = Pressing(person.id, said.where, said.thread, ask.button, said.id)
        form = self._platform.table.opens.get(ask.button.partition("/")[0])
        if form is not None:
            self.ask(form, pressing)
            return
        id_, community = self._platform.begin(pressing), self._platform.community
        place = self._place(said.where, said.thread) if community.has(said.where) else None
        self._hand_over(Pressed(id_, person.account, ask.button, said.id, place))

    def _command(self, ask: translate.Command, person: Person) -> None:
        table = self._platform.table.commands
        command = next((one for one in table if one.name == ask.name), None)
        if command is None or not person.may(command.role):
            self.tell({"refused": f"There is no /{ask.name[:80]} for you."})
            return
        if not self._may_talk(ask.where, person):
            return
        missing = [o.name for o in command.options if o.required and not ask.options.get(o.name)]
        pressing = Pressing(person.id, ask.where, ask.thread)
        if command.form is not None:
            self.ask(command.form, pressing)
        elif missing:
            self.tell({"refused": f"Please fill in: {', '.join(missing)}."})
        else:
            known = {o.name for o in command.options}
            options = {name: v for name, v in ask.options.items() if name in known and v}
            place = self._place(ask.where, ask.thread)
            id_ = self._platform.begin(pressing)
            self._hand_over(
                Commanded(id_, person.account, place, command.noun, command.verb, options)
            )

    def _choose(self, ask: translate.Choose, person: Person) -> None:
        menu = next((one for one in self._platform.table.menus if one.id == ask.menu), None)
        said = self._platform.state.messages.get(ask.on)
        if menu is None or not person.may(menu.role) or said is None or not said.is_public:
            self.tell({"refused": "That cannot be done here."})
            return
        about = translate.message(said, self._platform.community)
        pressing = Pressing(person.id, said.where, said.thread, about=about)
        if menu.form is not None:
            self.ask(menu.form, pressing)
        else:
            id_ = self._platform.begin(pressing)
            self._hand_over(Chosen(id_, person.account, menu.id, about))

    def _submit(self, ask: translate.Submit, person: Person) -> None:
        if ask.form not in self._forms:
            self.tell({"refused": "That form is too old. Open it again."})
            return
        form, pressing = self._forms[ask.form]
        wrong = markup.wanting(form, ask.values)
        if wrong:
            self.tell({"form_wrong": wrong})
            return
        del self._forms[ask.form]
        self.tell({"form_done": ask.form})
        names = {line.name for line in form.lines}
        id_ = self._platform.begin(pressing)
        self._hand_over(
            Submitted(
                id=id_,
                by=person.account,
                place=self._place(pressing.where, pressing.thread),
                form=form.id,
                values={name: v for name, v in ask.values.items() if name in names},
                source=pressing.source,
                on=pressing.on,
                about=pressing.about,
            )
        )

    def _hand_over(self, event: Event) -> None:
        if not self._platform.hand_over(event):
            self.tell({"refused": "Waymark's connection is cut. Mend it, then try again."})

    async def _suggest(self, ask: translate.Suggest, person: Person) -> None:
        noun, _, verb = ask.name.partition(" ")
        place = self._place(ask.where, None)
        typing = Typing(person.account, place, noun, verb, ask.option, ask.typed)
        choices = await self._inbox.suggest(typing)
        shown = [[one.value, markup.inert(one.label)] for one in choices]
        self.tell({"choices": shown, "number": ask.number})

    def _page(self, ask: translate.Page, person: Person) -> None:
        """Send messages before a place, or so many that the asked one is among them."""
        state = self._platform.state
        if not self._may_talk(ask.where, person):
            return
        found = state.page(ask.where, ask.thread, person.id, ask.before, PAGE)
        while ask.upto and found and found[0].id > ask.upto:
            more = state.page(ask.where, ask.thread, person.id, found[0].id, PAGE)
            if not more or len(found) >= 4 * PAGE:
                break
            found = more + found
        root = state.messages.get(ask.thread or "")
        self.tell(
            {
                "page": [self._platform.drawn(one) for one in found],
                "where": ask.where,
                "thread": ask.thread,
                "before": ask.before,
                "whole": len(found) < PAGE,
                "root": None if root is None else self._platform.drawn(root),
            }
        )

    def _explain(self, id_: str) -> None:
        said = self._platform.state.messages.get(id_)
        if said is None or not said.is_public:
            self.tell({"refused": "That message is gone."})
            return
        explained = self._why(translate.message(said, self._platform.community))
        self.tell({"why": id_, "explained": markup.explained(explained)})

    def _place(self, where: str, thread: str | None) -> Place:
        """Give the place of a channel or of a conversation, by the name that people see."""
        if where.startswith("@"):
            return Place(LOCAL, self._platform.community.space, where, None, "direct message")
        return self._platform.community.place(where, thread)
