"""What was set up by a dialog, laid over the desk's file, and what a change comes to. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.desk import ConsentMode, Desk
from bot.domain.duty import Lack
from bot.domain.helpline import Helpline
from bot.domain.message import AccountRef, Place, PlatformName
from bot.domain.practitioner import Fitness
from bot.domain.resource import Resource
from bot.domain.setup import OF_SPACE, Choosing, Found, Setting, SpaceSetup, Trouble
from bot.domain.space import SpaceRef
from bot.domain.watch import Stage
from bot.policy.duty import on_duty
from bot.policy.helpline import is_confirmed, of_desk
from bot.policy.practitioner import fitness
from bot.policy.privacy import asks_too_little
from bot.policy.resource import is_vetted
from bot.policy.rota import gaps
from bot.policy.watch import is_watched

NOTHING: Final = SpaceSetup()
_A_DAY: Final = timedelta(days=1)


def settled(desk: Desk, settings: Iterable[Setting]) -> Desk:
    """Lay over a desk what was chosen; the last word on each holds."""
    for one in settings:
        if one.value is not None:
            desk = _laid_over(desk, one, one.value)
    return desk


def latest(settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """Keep the last word on each; what was taken back is gone."""
    last = {(one.choosing, one.space): one for one in settings}
    return tuple(one for one in last.values() if one.value is not None)


def agreeing(desk: Desk, now: Desk) -> Desk:
    """Let `desk` say what `now` says, in all that can be set up."""
    return replace(
        desk,
        name=now.name,
        consent=now.consent,
        notice=now.notice,
        last_resort=now.last_resort,
        setups=now.setups,
        watches=now.watches,
    )


def held(desk: Desk, choosing: Choosing, space: SpaceRef) -> str:
    """Give what holds, as a setting holds it."""
    if choosing in OF_SPACE:
        return str(getattr(desk.setups.get(space, NOTHING), choosing.value))
    return {
        Choosing.NAME: desk.name,
        Choosing.CONSENT: desk.consent.value,
        Choosing.NOTICE: desk.notice,
        Choosing.LAST_RESORT: f"{desk.last_resort.platform}:{desk.last_resort.id}",
    }[choosing]


def changes(
    wanted: Mapping[Choosing, str],
    *,
    file: Desk,
    now: Desk,
    space: SpaceRef,
    at: datetime,
    by: AccountRef,
) -> tuple[Setting, ...]:
    """Give what is other than it holds. What the file says needs no setting: that is taken back."""
    return tuple(
        Setting(
            choosing,
            None if value == held(file, choosing, space) else value,
            at,
            by,
            space if choosing in OF_SPACE else None,
        )
        for choosing, value in wanted.items()
        if value != held(now, choosing, space)
    )


def account_of(written: str) -> AccountRef:
    """Read "platform:id"."""
    platform, _, id_ = written.partition(":")
    return AccountRef(PlatformName(platform), id_)


def _laid_over(desk: Desk, one: Setting, value: str) -> Desk:
    if one.choosing in OF_SPACE:
        return desk if one.space is None else _of_space(desk, one.space, one.choosing, value)
    match one.choosing:
        case Choosing.NAME:
            return replace(desk, name=value)
        case Choosing.CONSENT:
            return replace(desk, consent=ConsentMode(value))
        case Choosing.NOTICE:
            return replace(desk, notice=value)
        case _:
            return replace(desk, last_resort=account_of(value))


def _of_space(desk: Desk, space: SpaceRef, choosing: Choosing, value: str) -> Desk:
    """Lay it over the field that is called as the choice is."""
    setup = replace(desk.setups.get(space, NOTHING), **{choosing.value: value})
    return replace(desk, setups={**desk.setups, space: setup})


def unmatched(desk: Desk, places: Iterable[Place]) -> tuple[Found, ...]:
    """Name what the desk wants to be read and the bot sees nowhere."""
    seen = tuple(places)
    return tuple(
        Found(Trouble.MISNAMED, f"#{one}")
        for one in sorted(desk.watched)
        if not any(
            is_watched(place, replace(desk, watched=frozenset({one}), watches={})) for place in seen
        )
    )


def unwatched(here: Collection[Place], anywhere: Collection[Place]) -> tuple[Found, ...]:
    """Say that no channel is read: of this space, or nowhere at all."""
    if here:
        return ()
    return (Found(Trouble.UNWATCHED_HERE if anywhere else Trouble.UNWATCHED),)


def to_be_pinned(desk: Desk, space: SpaceRef) -> tuple[Place, ...]:
    """Give the channels of a space whose notice is not known to be pinned."""
    return tuple(
        one.place
        for one in desk.watches.values()
        if SpaceRef(one.place.platform, one.place.space) == space
        and one.stage in (Stage.WISHED, Stage.ON)
        and not one.pinned
        # A channel that the desk's file lists has no notice of ours.
        and (one.notice is not None or one.stage is Stage.WISHED)
    )


def unposted(desk: Desk, space: SpaceRef) -> tuple[Place, ...]:
    """Give the channels of a space that were to be read, and whose notice could not be posted."""
    return tuple(
        one.place
        for one in desk.watches.values()
        if SpaceRef(one.place.platform, one.place.space) == space and one.stage is Stage.FAILED
    )


def unready(
    desk: Desk, resources: Iterable[Resource], lines: Iterable[Helpline], today: date
) -> tuple[Found, ...]:
    """Name what is to be looked at before a desk opens: of what members are shown, and consent."""
    found = [] if any(is_vetted(one, today) for one in resources) else [Found(Trouble.UNVETTED)]
    if asks_too_little(desk):
        found.append(Found(Trouble.OPT_OUT))
    shown = of_desk(lines, desk, today)
    if not all(map(is_confirmed, shown)):
        found.append(Found(Trouble.UNCONFIRMED))
    return tuple(found)


def troubles(desk: Desk, platforms: frozenset[PlatformName], now: datetime) -> tuple[Found, ...]:
    """Name what is wrong with the desk itself: its people, its last resort, today's rota."""
    found = [
        Found(Trouble.UNFIT, one.name, fit.value)
        for one in desk.practitioners
        if (fit := fitness(one, now)) is not Fitness.FIT
    ]
    if desk.last_resort.platform not in platforms:
        found.append(Found(Trouble.NO_LAST_RESORT, detail=desk.last_resort.platform))
    if not on_duty(desk.rota, now).everyone:
        found.append(Found(Trouble.NOBODY))
    zone = ZoneInfo(desk.time_zone)
    later = (now.astimezone(zone) + _A_DAY).date()
    midnight = datetime.combine(later, time(), zone).astimezone(UTC)
    for gap in gaps(desk.rota, now, midnight):
        if gap.lack is Lack.NOBODY and desk.practitioners:
            start, end = gap.start.astimezone(zone), gap.end.astimezone(zone)
            found.append(Found(Trouble.GAP, detail=f"{start:%H:%M} to {end:%H:%M}"))
    return tuple(found)
