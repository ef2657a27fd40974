"""How the domain's words are kept in columns: moments in UTC, text, and data as JSON."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Discriminator, SerializerFunctionWrapHandler, Tag, TypeAdapter, WrapSerializer
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from bot.domain.action import (
    Action,
    DirectMessage,
    OpenForm,
    Pin,
    Post,
    Reply,
    ShowHome,
    ShowPrivately,
    Update,
    Withdraw,
)
from bot.domain.alert import Deed, Plan
from bot.domain.code import Code
from bot.domain.decision import Alert, Outcome, ProposeNote, Recommend
from bot.domain.duty import Shift
from bot.domain.message import AccountRef, PlatformName
from bot.domain.reading import Evidence

T = TypeVar("T")

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

# Sorted by code point on PostgreSQL as on SQLite: keys and positions are compared as text, and a
# language's own order would ignore the ":" and "." in them.
KEY = Text().with_variant(Text(collation="C"), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC on both sides. One without a zone is refused: it means nothing."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value.isoformat()}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text that people or platforms chose, such as a channel's name.

    NUL and halves of characters become "?": PostgreSQL refuses them, and an alert must not be
    lost over a channel's name.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy passes it
        return None if value is None else _whole(value.replace("\0", "?"))


class Account(TypeDecorator[AccountRef]):
    """An account of a practitioner, as "platform:id"."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: AccountRef | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as above
        return None if value is None else f"{value.platform}:{value.id}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> AccountRef | None:  # noqa: ARG002 - as above
        if value is None:
            return None
        platform, _, id_ = value.partition(":")
        return AccountRef(PlatformName(platform), id_)


@dataclass(frozen=True, slots=True, eq=False)
class Shape(Generic[T]):
    """What a JSON column holds. Equal to itself alone, so that statements are cached by it."""

    adapter: TypeAdapter[T]

    def dump(self, value: T) -> str:
        plain = self.adapter.dump_python(value, mode="json")
        return _whole(_COMPACT.encode(plain))

    def load(self, text: str) -> T:
        return self.adapter.validate_json(text)


class Json(TypeDecorator[T]):
    """Frozen data as compact JSON text, the same on every database."""

    impl = Text
    cache_ok = True

    def __init__(self, shape: Shape[T]) -> None:
        super().__init__()
        self.shape = shape

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as above
        return None if value is None else self.shape.dump(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:  # noqa: ARG002 - as above
        return None if value is None else self.shape.load(value)


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


# The tags are written down, not taken from the class names: a renamed class must still find its
# rows.
_KINDS: dict[type, str] = {
    Alert: "alert",
    Recommend: "recommend",
    ProposeNote: "propose_note",
    Post: "post",
    Reply: "reply",
    DirectMessage: "direct_message",
    Update: "update",
    ShowPrivately: "show_privately",
    Withdraw: "withdraw",
    Pin: "pin",
    OpenForm: "open_form",
    ShowHome: "show_home",
}


def _kind(value: Any) -> str | None:  # noqa: ANN401 - pydantic asks with whatever it was given
    return value.get("kind") if isinstance(value, dict) else _KINDS.get(type(value))


def _tagged(value: Any, fields: SerializerFunctionWrapHandler) -> dict[str, object]:  # noqa: ANN401 - as above
    return {"kind": _KINDS[type(value)], **fields(value)}


_TaggedOutcome = Annotated[
    Annotated[Alert, Tag("alert")]
    | Annotated[Recommend, Tag("recommend")]
    | Annotated[ProposeNote, Tag("propose_note")],
    Discriminator(_kind),
    WrapSerializer(_tagged),
]
_TaggedAction = Annotated[
    Annotated[Post, Tag("post")]
    | Annotated[Reply, Tag("reply")]
    | Annotated[DirectMessage, Tag("direct_message")]
    | Annotated[Update, Tag("update")]
    | Annotated[ShowPrivately, Tag("show_privately")]
    | Annotated[Withdraw, Tag("withdraw")]
    | Annotated[Pin, Tag("pin")]
    | Annotated[OpenForm, Tag("open_form")]
    | Annotated[ShowHome, Tag("show_home")],
    Discriminator(_kind),
    WrapSerializer(_tagged),
]

ACCOUNTS: Shape[tuple[AccountRef, ...]] = Shape(TypeAdapter(tuple[AccountRef, ...]))
DEED: Shape[Deed] = Shape(TypeAdapter(Deed))
PLAN: Shape[Plan] = Shape(TypeAdapter(Plan))
ACTION: Shape[Action] = Shape(TypeAdapter(_TaggedAction))
BECAUSE: Shape[tuple[Code, ...]] = Shape(TypeAdapter(tuple[Code, ...]))
EVIDENCE: Shape[tuple[Evidence, ...]] = Shape(TypeAdapter(tuple[Evidence, ...]))
OUTCOMES: Shape[tuple[Outcome, ...]] = Shape(TypeAdapter(tuple[_TaggedOutcome, ...]))
POSITIONS: Shape[tuple[str, ...]] = Shape(TypeAdapter(tuple[str, ...]))
SHIFTS: Shape[tuple[Shift, ...]] = Shape(TypeAdapter(tuple[Shift, ...]))
SUBJECTS: Shape[tuple[str, ...]] = Shape(TypeAdapter(tuple[str, ...]))
