"""Who is on duty, in the chat: now, next, and where somebody is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.cards.moment import at_clock
from bot.cards.practitioner import FITNESS
from bot.domain.calendar import Subscription
from bot.domain.card import Button, Card, Field
from bot.domain.duty import Gap, Lack, OnDuty, Override, Spell, Turn
from bot.domain.message import PlatformName

AGREE = "duty.agree"
_OPENING: Final[Mapping[str, str]] = {
    "discord": (
        "Open them like this: right click on this server, choose Privacy Settings, and switch on"
        " Direct Messages. On a phone: hold the server. If you blocked the bot, unblock it."
    ),
    "slack": "Open them like this: look for the app under Apps, and open its Messages tab.",
}
MOST_GAPS = 10


def on_duty_card(
    now: OnDuty,
    gap: Gap | None,
    following: Spell | None,
    zone: str,
    late: Sequence[Subscription] = (),
) -> Card:
    """Show who is on duty. That nobody is, is said first of all.

    `late` are calendars that hold the rota and were not read for long.
    """
    ranks = ["Primary", "Backup", *(["Also"] * len(now.everyone))]
    fields = [Field(rank, one.name) for rank, one in zip(ranks, now.everyone, strict=False)]
    fields += [Field(one.who.name, FITNESS[one.why]) for one in now.unfit]
    if gap is not None:
        fields.append(Field("Next gap", _gap(gap, zone)))
    fields += [Field("Calendar", _not_read(one, zone)) for one in late]
    said: list[str] = []
    if not now.everyone:
        said.append("Nobody is on duty. Urgent alerts go to the last resort.")
        said.append(_following(following, zone))
    elif now.backup is None:
        said.append("There is no backup.")
    return Card("On duty now", tuple(said), fields=tuple(fields))


def gaps_card(found: Sequence[Gap], days: int, zone: str) -> Card:
    if not found:
        return Card("Gaps", (f"There are none in the next {days} days.",))
    fields = tuple(
        Field("Nobody" if gap.lack is Lack.NOBODY else "No backup", _gap(gap, zone))
        for gap in found[:MOST_GAPS]
    )
    more = len(found) - MOST_GAPS
    said = (f"{more} more come later.",) if more > 0 else ()
    return Card(f"Gaps in the next {days} days", said, fields=fields)


def went_on_card(override: Override, stays: bool, zone: str) -> Card:  # noqa: FBT001 - a fact
    """Say until when; `stays`: they are on duty after that too, as all are without a rota."""
    said = [f"Until {at_clock(override.end, zone)}."]
    if stays:
        said.append("You stay on duty after that. To end it, type /duty off.")
    return Card("You are on duty", tuple(said))


def trial_card(card: Card) -> Card:
    """Say it by direct message too. It is sent before anything is written, so it promises less."""
    return replace(card, title="Alerts for you come here while you are on duty")


def told_card(card: Card, reached: bool | None, platform: PlatformName) -> Card:  # noqa: FBT001 - a fact
    """Add whether direct messages reach whoever went on duty, and how to open them if not."""
    return replace(card, paragraphs=(*card.paragraphs, *_told(reached, platform)))


def _told(reached: bool | None, platform: PlatformName) -> tuple[str, ...]:  # noqa: FBT001 - as above
    if reached is None:
        return ("I could not try just now whether direct messages reach you.",)
    if reached:
        return ("I sent you this as a direct message too. Alerts reach you there.",)
    return (
        "But your direct messages are closed. No alert reaches you.",
        "The next person is called instead.",
        _OPENING.get(platform, "Let the bot send you direct messages."),
        "Then type /duty on once more, and I try again.",
    )


def went_off_card(override: Override, is_nobody: bool, zone: str) -> Card:  # noqa: FBT001 - a fact
    said = [f"From {at_clock(override.start, zone)} until {at_clock(override.end, zone)}."]
    if is_nobody:
        said.append("Nobody is on duty then. Urgent alerts go to the last resort.")
    return Card("You are off duty", tuple(said))


def asked_card(name: str) -> Card:
    return Card("Asked", (f"{name} is asked. Nothing changes until they agree.",))


def swap_card(id_: str, name: str, yours: Turn, theirs: Turn, zone: str) -> Card:
    """Ask the other one. `yours` is the reader's turn."""
    fields = (
        Field("You would give", turn_words(yours, zone)),
        Field("You would take", turn_words(theirs, zone)),
    )
    said = ("If you do nothing, nothing changes.",)
    button = Button(f"{AGREE}/{id_}", "Agree")
    return Card(f"{name} asks to swap a turn", said, fields=fields, buttons=(button,))


def swapped_card(one: Turn, other: Turn, zone: str) -> Card:
    fields = (Field("Turn", turn_words(one, zone)), Field("For", turn_words(other, zone)))
    return Card("Swapped", fields=fields)


def no_rota_card(*, has_rota: bool) -> Card:
    """Say that there is no shift to export. Without any rota everybody is on duty."""
    meant = (
        "The rota has no shift, so by it nobody is on duty."
        if has_rota
        else "This desk has no rota. So all who are listed are always on duty."
    )
    mend = "Whoever runs Waymark can write a rota in the desk's file, or subscribe to a calendar."
    return Card("There is no shift to export", (meant, mend))


def export_card(calendar: str) -> Card:
    said = ("Save this as a file that ends in .ics. It is shown to you alone.", calendar)
    return Card("The rota as a calendar", said)


def turn_words(turn: Turn, zone: str) -> str:
    return f"{at_clock(turn.start, zone)} to {at_clock(turn.end, zone)}"


def _gap(gap: Gap, zone: str) -> str:
    return f"{at_clock(gap.start, zone)} to {at_clock(gap.end, zone)}"


def _not_read(one: Subscription, zone: str) -> str:
    since = at_clock(one.read_at, zone)
    return f"{one.host} has not been read since {since}. The rota of then is in force."


def _following(spell: Spell | None, zone: str) -> str:
    if spell is None:
        return "Nobody is in the rota in the next two months."
    return f"{spell.everyone[0].name} is next, from {at_clock(spell.start, zone)}."
