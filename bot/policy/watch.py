"""Which messages are read, and for which counted reason the others are not."""

from bot.domain.desk import ConsentMode, Desk
from bot.domain.ledger import Count
from bot.domain.message import Message, Origin, Place


def skip_reason(message: Message, desk: Desk, *, author: str) -> Count | None:
    """Give the reason why `message` is not read, or None. `author` is the author's keyed hash."""
    if not is_watched(message.ref.place, desk):
        return Count.SKIPPED_NOT_WATCHED
    match message.origin:
        case Origin.BOT:
            return Count.SKIPPED_BOT
        case Origin.SYSTEM:
            return Count.SKIPPED_SYSTEM
        case Origin.MEMBER | Origin.DELETED_MEMBER:
            return _personal_reason(message, desk, author)


def is_watched(place: Place, desk: Desk) -> bool:
    """Tell whether the place is on the watch list; a thread is watched with its channel."""
    if not desk.watched:
        return True
    channel = place.name.partition(" > ")[0].removeprefix("#").lower()
    return place.channel.lower() in desk.watched or channel in desk.watched


def _personal_reason(message: Message, desk: Desk, author: str) -> Count | None:
    if author in desk.opted_out:
        return Count.SKIPPED_OPTED_OUT
    if desk.consent is ConsentMode.OPT_IN and author not in desk.opted_in:
        return Count.SKIPPED_NO_CONSENT
    return None if message.text.strip() else Count.SKIPPED_EMPTY
