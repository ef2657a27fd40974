"""What a page sends, checked to the last field, and what was said as the bot's words. Pure."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from adapters.local.markup import inert, link_to
from adapters.local.people import BOT, LOCAL, Community
from adapters.local.said import Said
from bot.domain.message import AccountRef, Message, MessageRef, Origin

MOST_TEXT = 4_000
_Id = Annotated[str, Field(max_length=80)]
_Text = Annotated[str, Field(max_length=MOST_TEXT)]


class _Ask(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Hello(_Ask):
    """A window is opened, or somebody else sits down before it."""

    do: Literal["hello"]
    who: _Id


class Say(_Ask):
    do: Literal["say"]
    where: _Id
    thread: _Id | None = None
    text: _Text


class Edit(_Ask):
    do: Literal["edit"]
    id: _Id
    text: _Text


class Delete(_Ask):
    do: Literal["delete"]
    id: _Id


class Press(_Ask):
    do: Literal["press"]
    on: _Id
    button: _Id


class Command(_Ask):
    do: Literal["command"]
    name: _Id
    where: _Id
    thread: _Id | None = None
    options: dict[_Id, _Text] = Field(default_factory=dict, max_length=25)


class Choose(_Ask):
    """An entry in the menu of a message."""

    do: Literal["choose"]
    menu: _Id
    on: _Id


class Submit(_Ask):
    do: Literal["submit"]
    form: _Id
    values: dict[_Id, _Text] = Field(max_length=5)


class Suggest(_Ask):
    do: Literal["suggest"]
    number: int
    name: _Id
    option: _Id
    typed: _Text
    where: _Id


class Page(_Ask):
    """Messages before one of them; the newest before ""."""

    do: Literal["page"]
    where: _Id
    thread: _Id | None = None
    before: _Id = ""
    upto: _Id = ""


class Seen(_Ask):
    do: Literal["seen"]
    where: _Id
    id: _Id


class Dismiss(_Ask):
    """What was shown to this person alone is put away."""

    do: Literal["dismiss"]
    id: _Id


class Why(_Ask):
    do: Literal["why"]
    id: _Id


class Skip(_Ask):
    """Let time pass: the next step of an alert comes at once."""

    do: Literal["skip"]
    minutes: Annotated[int, Field(ge=1, le=24 * 60)]


class Cut(_Ask):
    """Cut the bot's connection, or mend it."""

    do: Literal["cut"]
    on: bool


class Tour(_Ask):
    do: Literal["tour"]
    move: Literal["play", "pause", "step", "next", "jump", "speed"]
    to: Annotated[int, Field(ge=0, le=100_000)] = 0


class Practise(_Ask):
    """Train on a scenario. `to` is a speed."""

    do: Literal["practise"]
    move: Literal["start", "pause", "play", "next", "speed", "end"]
    scenario: _Id = ""
    to: Annotated[int, Field(ge=0, le=100)] = 0


Ask = (
    Hello | Say | Edit | Delete | Press | Command | Choose | Submit | Suggest | Page | Seen
    | Dismiss | Why | Skip | Cut | Tour | Practise
)  # fmt: skip
_ASK: TypeAdapter[Ask] = TypeAdapter(Annotated[Ask, Field(discriminator="do")])


def asked(payload: str) -> Ask | None:
    """Read what a page sent; None when it is nothing that a page of ours sends."""
    try:
        return _ASK.validate_json(payload)
    except ValidationError:
        return None


def message(said: Said, community: Community) -> Message:
    """Give what was said in public in the bot's words."""
    ref = MessageRef(community.place(said.where, said.thread), said.id)
    return Message(
        ref=ref,
        author=AccountRef(LOCAL, said.author),
        origin=Origin.BOT if said.author == BOT else Origin.MEMBER,
        text=inert(said.text),
        sent_at=said.at,
        position=said.id,
        reply_to=said.thread,
        edited_at=said.edited_at,
        link=link_to(ref),
    )
