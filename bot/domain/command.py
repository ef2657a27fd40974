"""What people can ask the bot for: the one table from which every platform draws its own.

`bot.commands` fills the table; an adapter turns it into slash commands, menus and forms and hands
back what people chose (`bot.domain.event`). Words here are shown to people.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from bot.domain.space import Role
from bot.domain.value import value


class Kind(StrEnum):
    """What an option holds. Values travel as text; PERSON, CHANNEL and ROLE as ids."""

    TEXT = "text"
    NUMBER = "number"
    CHANNEL = "channel"
    PERSON = "person"
    ROLE = "role"  # a role of the platform's own, or a user group


@value
class Choice:
    """One value that can be chosen: `label` is shown, `value` comes back."""

    value: str
    label: str


@value
class Option:
    """One part of a command. With `suggests` the bot is asked for choices while a person types."""

    name: str
    help: str
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: tuple[Choice, ...] = ()
    suggests: bool = False


@value
class Line:
    """One question of a form. With `choices` it is a list to choose from; `value` stands in it.

    A PERSON, CHANNEL or ROLE is chosen from those that the platform has.
    """

    name: str
    label: str
    help: str = ""
    value: str = ""
    required: bool = True
    is_long: bool = False
    most: int = 1_000
    choices: tuple[Choice, ...] = ()
    kind: Kind = Kind.TEXT


@value
class Form:
    """Questions asked in one dialog. `id` is static, as a button's is; at most five lines."""

    id: str
    title: str
    lines: tuple[Line, ...]
    send: str = "Send"


@value
class Command:
    """`/noun verb`; a noun with one command may have no verb.

    `role` is the least that may ask. Roles are no ladder, so that `also` names others who may.
    With `form` the platform opens it at once and the bot hears only what was sent. What is asked
    for `in_need` is answered whatever else was typed with it.
    """

    noun: str
    verb: str
    help: str
    role: Role = Role.MEMBER
    options: tuple[Option, ...] = ()
    form: Form | None = None
    in_need: bool = False
    also: tuple[Role, ...] = ()

    @property
    def roles(self) -> tuple[Role, ...]:
        return (self.role, *self.also)

    @property
    def name(self) -> str:
        return f"{self.noun} {self.verb}".strip()


@value
class Menu:
    """An entry in the menu of a message, chosen by anybody of at least `role`."""

    id: str
    label: str
    role: Role = Role.MEMBER
    form: Form | None = None


@value
class Table:
    """All that can be asked. `nouns` says what each noun is about.

    `opens` are the forms that a button opens at once, by the first part of the button's id (what
    stands before its first "/"). `asks` are the buttons (the same way), commands (`noun verb`) and
    menus (ids) that are answered by a form of the moment (`OpenForm`): to them no platform says
    "please wait", after which no form could be opened. `roles` are the least that buttons (the same
    way) and forms (by their id) are for, where they are not the desk's own.
    """

    nouns: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[Command, ...] = ()
    menus: tuple[Menu, ...] = ()
    opens: Mapping[str, Form] = field(default_factory=dict)
    asks: frozenset[str] = frozenset()
    roles: Mapping[str, Role] = field(default_factory=dict)
