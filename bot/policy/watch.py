"""Which messages are read, for which counted reason the others are not, and how that is changed."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.action import Action, Delivery, Pin, Post, Update, Withdraw
from bot.domain.card import Card
from bot.domain.desk import ConsentMode, Desk
from bot.domain.ledger import Count
from bot.domain.message import AccountRef, Message, Origin, Place
from bot.domain.watch import LEAVE, Mode, Seen, Sent, Stage, Watch, prefix
from bot.policy.privacy import choice


def skip_reason(
    message: Message, desk: Desk, *, author: str, formerly: Sequence[str] = ()
) -> Count | None:
    """Give the reason why `message` is not read, or None.

    `author` is the author's keyed hash, `formerly` those made with older keys, the newest first.
    """
    place = message.ref.place
    watch = watch_of(place, desk)
    if watch is None:
        is_read = _is_listed(place, desk)
    else:
        is_read = watch.is_on and message.position > watch.begins
    if not is_read:
        return Count.SKIPPED_NOT_WATCHED
    match message.origin:
        case Origin.BOT:
            return Count.SKIPPED_BOT
        case Origin.SYSTEM:
            return Count.SKIPPED_SYSTEM
        case Origin.MEMBER | Origin.DELETED_MEMBER:
            is_asked = _is_asked_first(message, desk, watch)
            return _personal_reason(message, desk, (author, *formerly), is_asked_first=is_asked)


def is_watched(place: Place, desk: Desk) -> bool:
    """Tell whether the place is on the watch list; a thread is watched with its channel."""
    watch = watch_of(place, desk)
    return _is_listed(place, desk) if watch is None else watch.is_on


def watch_of(place: Place, desk: Desk) -> Watch | None:
    """Give what moderators set of a place's channel, over whatever the desk's file lists."""
    return desk.watches.get(place.channel_key) if desk.watches else None


def seen(
    places: Iterable[Place], may_see: Callable[[Place], bool], where: Place | None = None
) -> Seen:
    """Name the channels that somebody sees, and the one that they ask in; count the others."""
    channels = {one.channel_key: _channel(one) for one in places}
    here = None if where is None else where.channel_key
    known = [one for key, one in channels.items() if key == here or may_see(one)]
    ordered = sorted(known, key=lambda one: (one.name, one.key))
    return Seen(tuple(ordered), len(channels) - len(known))


def asks_first(place: Place, desk: Desk) -> bool:
    """Tell whether only who said yes is read there, as the desk wants it or as the channel knows.

    Nobody is read by a rule that their channel was not told of.
    """
    if desk.consent is ConsentMode.OPT_IN:
        return True
    watch = watch_of(place, desk)
    return watch is not None and watch.told == ConsentMode.OPT_IN


def shadowed(place: Place, desk: Desk) -> AccountRef | None:
    """Name who alone hears of a place that is read in shadow mode; None: it is read in earnest."""
    watch = watch_of(place, desk)
    return watch.set_by if watch is not None and watch.mode is Mode.SHADOW else None


def answers_by_itself(place: Place, desk: Desk) -> bool:
    """Tell whether a plain question is answered there without a person's word."""
    watch = watch_of(place, desk)
    if watch is None or watch.answers is None:
        return place.channel in desk.answers_by_itself
    return watch.answers


def laid_over(desk: Desk, watches: Iterable[Watch]) -> Desk:
    """Lay what moderators set over the desk's file."""
    return replace(desk, watches={one.place.key: one for one in watches})


def wished(  # noqa: PLR0913 - it is what a wish is made of
    before: Watch | None,
    place: Place,
    *,
    desk: str,
    by: AccountRef,
    now: datetime,
    asking: str,
    mode: Mode,
    answers: bool | None,
) -> Watch:
    """Begin to watch a channel: its notice is to be posted first.

    `asking` is the id of the asking. The version would not do to name the watching: it begins at 1
    again once the space was erased, and what was sent under the old name would pass for done.
    """
    version = 1 if before is None else before.version + 1
    key = f"{prefix(desk, place.key)}#{asking}"
    return Watch(desk, place, key, by, now, mode, answers, version=version)


def taken_over(place: Place, *, desk: str, by: AccountRef, now: datetime, asking: str) -> Watch:
    """Give a channel that the desk's file lists as one of the list, so that it can be changed.

    `asking` is the id of the asking, or of whatever else led to it: see `wished`.
    """
    key = f"{prefix(desk, place.key)}#{asking}"
    return Watch(desk, place, key, by, now, stage=Stage.ON)


def changed(
    watch: Watch, *, by: AccountRef, now: datetime, mode: Mode | None, answers: bool | None
) -> Watch:
    """Change how a channel is watched. Whoever set it last hears of it in shadow mode."""
    return replace(
        watch,
        mode=mode or watch.mode,
        answers=watch.answers if answers is None else answers,
        set_by=by,
        set_at=now,
        version=watch.version + 1,
    )


def ended(watch: Watch, *, by: AccountRef, now: datetime) -> Watch:
    return replace(watch, stage=Stage.OFF, set_by=by, set_at=now, version=watch.version + 1)


def heard(sent: Sent, *, can_pin: bool) -> Watch:
    """Follow what became of the notice: only its receipt begins the watching.

    One that was posted although it had been stopped is noted, so that it can be taken back. What is
    only heard of a pin gives no new version: it stands in nobody's way.
    """
    watch = replace(sent.watch, version=sent.watch.version + 1)
    if sent.posted and watch.notice is None:
        posted = replace(watch, notice=sent.external_id, link=sent.link)
        if watch.stage is not Stage.WISHED:
            return posted
        pinned = None if can_pin else False
        begun = replace(posted, stage=Stage.ON, since=sent.at, begins=sent.position)
        return replace(begun, pinned=pinned)
    if sent.posted is False and watch.stage is Stage.WISHED:
        return replace(watch, stage=Stage.FAILED)
    return replace(sent.watch, pinned=sent.pinned)


def asks_for_notice(watch: Watch, card: Card, now: datetime) -> Delivery:
    return _delivery(watch, watch.notice_key, Post(watch.place, card), now)


def mark(card: Card) -> str:
    """Give what tells a card from another one."""
    return hashlib.sha256(repr(card).encode()).hexdigest()[:20]


def saying(watch: Watch, card: Card, consent: ConsentMode) -> Watch:
    """Note what a channel is told by the notice that it gets."""
    return replace(watch, drawn=mark(card), told=consent.value)


def kept_true(watch: Watch, consent: ConsentMode, drawn: str) -> Watch | None:
    """Let a channel know what holds: by its notice, and by a word of its own on who is read.

    `drawn` marks the notice as it should be. None: it knows, or word of it is on its way.
    """
    if not watch.is_on or watch.is_telling:
        return None
    told, telling, version = watch.told or consent.value, watch.telling, watch.version + 1
    if told == consent:
        telling = ""
    elif telling != consent:  # what was refused once is not tried again
        telling = f"{consent.value}#{version}"
    shows = "" if watch.notice is None else drawn
    if (told, telling, shows) == (watch.told, watch.telling, watch.drawn):
        return None
    return replace(watch, told=told, telling=telling, drawn=shows, version=version)


def lets_know(
    watch: Watch, before: Watch, notice: Card, line: Card, now: datetime
) -> tuple[Delivery, ...]:
    """Draw the notice anew, and then say who is read, as far as either is another now.

    What is due at one moment goes by its key: the notice comes first.
    """
    found = []
    if watch.notice is not None and watch.drawn != before.drawn:
        redrawn = Update(watch.place.platform, watch.notice, notice)
        found.append(_delivery(watch, f"{watch.key}/redrawn#{watch.version}", redrawn, now))
    if watch.is_telling:
        found.append(_delivery(watch, watch.telling_key, Post(watch.place, line), now))
    return tuple(found)


def told(sent: Sent) -> Watch:
    """Follow what became of the word on who is read: only its receipt lets more people be read."""
    watch = replace(sent.watch, version=sent.watch.version + 1)
    consent = watch.telling.partition("#")[0]
    if not sent.told:
        return replace(watch, telling=consent)
    opens = sent.told_at if consent == ConsentMode.NOTICE_OPT_OUT else ""
    return replace(watch, told=consent, telling="", opens=opens)


def asks_for_pin(watch: Watch, now: datetime) -> tuple[Delivery, ...]:
    """Pin the notice, where that is not known to be impossible."""
    if watch.notice is None or watch.pinned is not None:
        return ()
    pin = Pin(watch.place.platform, watch.notice)
    return (_delivery(watch, watch.pin_key, pin, now),)


def takes_leave(watch: Watch, line: Card, notice: Card, now: datetime) -> tuple[Delivery, ...]:
    """Say in the channel that it is over, and let the notice say so too, without a pin."""
    if not watch.is_on:
        return ()
    said = _delivery(watch, f"{watch.key}{LEAVE}", Post(watch.place, line), now)
    if watch.notice is None:
        return (said,)
    platform, id_ = watch.place.platform, watch.notice
    redrawn = _delivery(watch, f"{watch.key}/redrawn", Update(platform, id_, notice), now)
    unpinned = _delivery(watch, f"{watch.key}/unpin", Pin(platform, id_, on=False), now)
    return (redrawn, *(() if watch.pinned is False else (unpinned,)), said)


def takes_back(watch: Watch, now: datetime) -> tuple[Delivery, ...]:
    """Take away a notice that was posted although it had been stopped."""
    if watch.notice is None:
        return ()
    gone = Withdraw(watch.place.platform, watch.notice)
    return (_delivery(watch, f"{watch.key}/gone", gone, now),)


def _delivery(watch: Watch, key: str, action: Action, now: datetime) -> Delivery:
    """All that concerns one channel goes in order."""
    return Delivery(key, watch.desk, action, 0, now, destination=watch.place.key)


def _is_listed(place: Place, desk: Desk) -> bool:
    if not desk.watched:
        return desk.reads_unlisted
    return place.channel.lower() in desk.watched or _called(place) in desk.watched


def _channel(place: Place) -> Place:
    """Give a place's channel: a thread's title is a member's own words."""
    name = place.name.partition(" > ")[0]
    return Place(place.platform, place.space, place.channel, name=name)


def _called(place: Place) -> str:
    """Give the name of a place's channel as a desk file has it."""
    return place.name.partition(" > ")[0].removeprefix("#").lower()


def _is_asked_first(message: Message, desk: Desk, watch: Watch | None) -> bool:
    """Tell whether it is read only if its author said yes."""
    if asks_first(message.ref.place, desk):
        return True
    return watch is not None and bool(watch.opens) and message.position <= watch.opens


def _personal_reason(
    message: Message, desk: Desk, names: Sequence[str], *, is_asked_first: bool
) -> Count | None:
    chosen = choice(names, desk)
    if chosen is False:
        return Count.SKIPPED_OPTED_OUT
    if is_asked_first and chosen is None:
        return Count.SKIPPED_NO_CONSENT
    return None if message.text.strip() else Count.SKIPPED_EMPTY
