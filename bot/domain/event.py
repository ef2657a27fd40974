"""What a platform tells the bot: a closed union, so that a new case breaks the type check."""

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.setup import Found
from bot.domain.space import SpaceRef
from bot.domain.value import value


@value
class Posted:
    """A message was written.

    `is_late`: it was written before the connection stood, and is handed over again. So it says
    nothing of what came between, and no cursor moves by it.
    `is_kept`: the platform's history brings it once more, should it be lost before it was read.
    """

    message: Message
    is_late: bool = False
    is_kept: bool = False


@value
class Opened:
    """A place is read from here on, in order: a file begins, or a connection is new.

    What came before the next message of this place may be missing, so its cursor starts a new
    stretch instead of reaching over the gap. Messages in threads of a place that was not itself
    opened are counted with their channel (Slack keeps both in one history, Discord does not).

    `began` is the position at which a thread came to be, where the platform tells: when its channel
    was being read by then, all of the thread is read, even what was said while nobody listened.
    """

    place: Place
    began: str = ""


@value
class Reconnected:
    """A connection was cut and is back: every place that it had opened may have missed messages.

    `space` None: all spaces of the platform hang on this connection.
    """

    platform: PlatformName
    space: str | None = None


@value
class ReadBack:
    """A message that `Platform.history` gave for a gap, in its order.

    Between the position `after` and the message there is nothing: that closes the gap up to here.
    """

    message: Message
    after: str


@value
class Pressed:
    """A button was pressed. `id` is the press's own: the same one twice is one press.

    `on` is the external id of the delivered message that carries the button: it says which alert
    is meant, so that the button's own id stays short and static. `place` is where, if the platform
    says so: a direct message is in no space.
    """

    id: str
    by: AccountRef
    button: str
    on: str
    place: Place | None = None


@value
class Edited:
    """A message reads otherwise now. `message` None: the platform did not say how; ask it."""

    ref: MessageRef
    message: Message | None = None


@value
class Deleted:
    """Messages are gone, by their author or by a moderator."""

    refs: tuple[MessageRef, ...]


@value
class Commanded:
    """Somebody typed `/noun verb`. `id` is the asking's own: the same one twice is one.

    `options` holds what was given, by the option's name; `names` says what channels among it are
    called, by their id, where the platform tells.
    """

    id: str
    by: AccountRef
    place: Place
    noun: str
    verb: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@value
class Chosen:
    """An entry in the menu of a message was chosen."""

    id: str
    by: AccountRef
    menu: str
    message: Message


@value
class Submitted:
    """A form was sent. `values` by the line's name; `form` is the form's id.

    `source` is the id of the button that opened it, or "". `on` is the external id of the message
    whose button that was, `about` the message whose menu opened it.
    """

    id: str
    by: AccountRef
    place: Place
    form: str
    values: Mapping[str, str]
    source: str = ""
    on: str | None = None
    about: Message | None = None


@value
class HomeOpened:
    """Somebody opened the bot's own page (Slack's App Home); see `ShowHome`."""

    by: AccountRef
    space: SpaceRef


@value
class SpaceJoined:
    """The bot was added to a space, or finds itself in one; `name` is the space's.

    `account` is the bot's own there, in words of the platform's that no other account has.
    """

    space: SpaceRef
    name: str = ""
    account: str = ""


@value
class SpacesNamed:
    """A platform has named every space that the bot is in, also those that have an outage.

    `spaces` by the bot's own account (see `SpaceJoined`). `refused` is what the platform says of
    tokens that it does not take; which spaces those are of it does not say.
    """

    platform: PlatformName
    spaces: Mapping[str, frozenset[SpaceRef]]
    refused: tuple[Found, ...] = ()


@value
class SpaceTroubled:
    """What keeps the bot from its work in a space, all of it, now. Empty: nothing any more."""

    space: SpaceRef
    found: tuple[Found, ...]


@value
class SpaceLeft:
    """The bot was removed, or its permission to be there was taken back: what it knows goes."""

    space: SpaceRef


@value
class PlaceGone:
    """A channel or thread was deleted, archived or closed to the bot."""

    place: Place


@value
class PlaceRenamed:
    """`place` carries the new name."""

    place: Place


@value
class RolesChanged:
    """Somebody's roles in a space changed, or they left it. Ask `Platform.standing` what is so."""

    who: AccountRef
    space: SpaceRef


@value
class Typing:
    """Somebody fills in an option that suggests. Answered in the moment; see `Inbox.suggest`."""

    by: AccountRef
    place: Place
    noun: str
    verb: str
    option: str
    typed: str


Asking: TypeAlias = Pressed | Commanded | Chosen | Submitted
News: TypeAlias = (
    Edited
    | Deleted
    | HomeOpened
    | SpaceJoined
    | SpacesNamed
    | SpaceTroubled
    | SpaceLeft
    | PlaceGone
    | PlaceRenamed
    | RolesChanged
)
Event: TypeAlias = Posted | Opened | Reconnected | ReadBack | Asking | News
