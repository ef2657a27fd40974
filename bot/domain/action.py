"""What the bot asks a platform to do: a closed union, and how a doing travels."""

from dataclasses import field
from datetime import datetime
from typing import TypeAlias, assert_never

from bot.domain.card import Card
from bot.domain.command import Form
from bot.domain.message import AccountRef, MessageRef, Place, PlatformName
from bot.domain.value import value


@value
class Post:
    """Say something in a place, for all to see."""

    place: Place
    card: Card


@value
class Reply:
    """Answer under a message, for all to see, without a ping."""

    to: MessageRef
    card: Card


@value
class DirectMessage:
    """Tell one person, privately."""

    to: AccountRef
    card: Card


@value
class Update:
    """Show `card` where another was sent; `external_id` is that one's receipt."""

    platform: PlatformName
    external_id: str
    card: Card


@value
class ShowPrivately:
    """Answer the one who pressed, commanded or sent, for their eyes only. `press` is its id."""

    to: AccountRef
    press: str
    card: Card


@value
class Withdraw:
    """Take back what was sent. Done as well when it is gone already."""

    platform: PlatformName
    external_id: str


@value
class Pin:
    """Pin what was sent to its place; with `on` false take the pin away, if it is there."""

    platform: PlatformName
    external_id: str
    on: bool = True


@value
class OpenForm:
    """Ask the one who pressed, chose or commanded. `press` is that event's id.

    Only while the platform still waits for an answer to it (Discord and Slack: 3 seconds).
    """

    to: AccountRef
    press: str
    form: Form


@value
class ShowHome:
    """Draw somebody's own page (Slack's App Home). Elsewhere it is Permanent."""

    to: AccountRef
    space: str
    cards: tuple[Card, ...]


Action: TypeAlias = (
    Post | Reply | DirectMessage | Update | ShowPrivately | Withdraw | Pin | OpenForm | ShowHome
)


@value
class Delivery:
    """An action on its way. `key` is its identity outside: the same key is done once.

    `alert` is the key of the alert that it is about, if any, and `version` the case's version
    that its card shows. `destination` is where it goes; empty: as its action says.
    `is_urgent` is known of what is due: nothing less urgent keeps it waiting. `since` is when it
    was first to be done, known of what comes out of the outbox.
    """

    key: str
    desk: str
    action: Action
    attempts: int
    due_at: datetime
    alert: str | None = None
    version: int = 0
    destination: str = ""
    is_urgent: bool = field(default=False, compare=False)
    since: datetime | None = field(default=None, compare=False)

    @property
    def lane(self) -> str:
        return self.destination or destination_of(self.action)


@value
class Receipt:
    """The platform's proof that an action was done.

    Of a Post it says where it stands: its `position` among the messages, and the `link` to it.
    """

    external_id: str
    position: str = field(default="", compare=False)
    link: str = field(default="", compare=False)


@value
class Search:
    """A delivery that may have been done though no receipt came, and is looked for.

    `since` is when it was first to be done; `looks` how often it was looked for and not found.
    """

    delivery: Delivery
    since: datetime
    looks: int = 0


def is_lasting(action: Action) -> bool:
    """Tell whether it puts something where it stays, so that it can be found there later."""
    return isinstance(action, Post | Reply | DirectMessage)


def platform_of(action: Action) -> PlatformName:
    """Name the platform that can do it."""
    match action:
        case Post(place=place):
            return place.platform
        case Reply(to=ref):
            return ref.place.platform
        case DirectMessage(to=account) | ShowPrivately(to=account):
            return account.platform
        case OpenForm(to=account) | ShowHome(to=account):
            return account.platform
        case Update(platform=platform) | Withdraw(platform=platform) | Pin(platform=platform):
            return platform
        case _:
            assert_never(action)


def destination_of(action: Action) -> str:
    """Name where it goes: what is for one destination is done in the order it was asked for.

    An answer to a press is a destination of its own: its seconds are few. So is a message that is
    drawn again, unless whoever asks knows whose it is.
    """
    match action:
        case Post(place=place):
            return place.key
        case Reply(to=ref):
            return ref.place.key
        case DirectMessage(to=account):
            return f"{account.platform}:@{account.id}"
        case ShowPrivately(to=account, press=press) | OpenForm(to=account, press=press):
            return f"{account.platform}:press:{press}"
        case ShowHome(to=account, space=space):
            return f"{account.platform}:home:{space}:{account.id}"
        case (
            Update(platform=platform, external_id=id_)
            | Withdraw(platform=platform, external_id=id_)
            | Pin(platform=platform, external_id=id_)
        ):
            return f"{platform}:message:{id_}"
        case _:
            assert_never(action)
