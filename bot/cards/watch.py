"""What is said in a channel that is read, and what moderators are told of the watch list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from bot.cards.alert import alert_card
from bot.cards.moment import at_clock
from bot.domain.card import Button, Card, Field, Link
from bot.domain.desk import ConsentMode, Desk
from bot.domain.message import AccountRef, MessageRef, Place
from bot.domain.reading import Priority
from bot.domain.watch import Mode, Stage, Watch
from bot.policy.hours import route

HELP_NOW: Final = "help.now"
_HELP: Final = Button(HELP_NOW, "Talk to a practitioner")
_MODES: Final = {Mode.WATCH: "read", Mode.SHADOW: "shadow: read, but only you are told"}
MOST: Final = 20
_MORE: Final = "Type /privacy to see more."
_CHOICE: Final = {
    ConsentMode.OPT_IN: "I read you only if you say yes. Type /optin to say yes.",
    ConsentMode.NOTICE_OPT_OUT: "Do you not want this? Type /optout. Then I skip what you write.",
}


def notice_card(
    desk: str,
    consent: ConsentMode,
    number: str | None,
    days: int,
    words: str = "",
    mode: Mode = Mode.WATCH,
) -> Card:
    """Say what is read, by whom, what is kept, and how to be left out.

    `desk` is its name, `number` the emergency number, `days` is how
    long a case is kept, `words` are the moderators' own.
    """
    call = f"call {number}" if number else "call the emergency number where you are"
    read = "I am a bot. From now on I read new messages here. What stands above I do not read."
    who = f"I tell the people on duty at {desk} where to look. They read it, and they decide."
    if mode is Mode.SHADOW:
        who = (
            "This is a trial. One person alone is told where to look, to see if I am right. I do"
            f" not tell the people on duty at {desk} yet."
        )
    kept = (
        "I do not keep what you write. If I point out a message, I keep its place, its time, a"
        f" reason, and a code for your name, for {days} days. If you opt out, the code goes at"
        " once."
    )
    return Card(
        "A bot reads this channel",
        (
            *((words,) if words else ()),
            read,
            f"I look for people who may need help. {who}",
            f"{kept} All else I only count.",
            f"{_CHOICE[consent]} {_MORE}",
            f"I do not watch over anybody. In danger, {call}.",
        ),
        buttons=(_HELP,),
    )


def notice_of(desk: Desk, mode: Mode) -> Card:
    number = route(desk.region).number
    return notice_card(desk.name, desk.consent, number, desk.kept_days, desk.notice, mode)


def consent_card(consent: ConsentMode) -> Card:
    """Say in the channel that other people are read than its notice said, and from when."""
    if consent is ConsentMode.OPT_IN:
        now, above = "This is so from now on.", "Whoever has not said yes I skip."
    else:
        now = "From this message on I read all people here, but not those who say no."
        above = "What stands above I read only if you had said yes."
    return Card("I have changed whom I read here", (now, above, _CHOICE[consent], _MORE))


def untold_card(place: Place, why: str) -> Card:
    """Tell whoever set it that the channel does not know whom it should be read by now."""
    said = f"Who is read has changed. I could not say so in {shown(place)}: {why}."
    still = "So there I still read only those who said yes."
    mend = "Mend that. Then type /watch remove, and /watch add to post a new notice."
    return Card(f"{shown(place)} was not told who is read", (said, still, mend))


def over_notice_card(day: datetime) -> Card:
    """Take the place of a notice whose channel is not read any more."""
    said = f"A bot read this channel until {day.day} {day:%B %Y}. It does not read it now."
    return Card("This channel is not read any more", (said,))


def over_line_card() -> Card:
    return Card("From now on I do not read this channel.")


def asked_card(place: Place, mode: Mode) -> Card:
    said = "I post a notice there now. From the notice on I read the channel, not before it."
    more = "If I cannot post it, you get a message, and nothing is read."
    shadow = "You alone will be told what I find." if mode is Mode.SHADOW else ""
    return Card(f"{shown(place)} will be read", tuple(filter(None, (said, more, shadow))))


def failed_card(place: Place, why: str) -> Card:
    """Tell the one who asked, with the mend."""
    said = f"I could not post the notice in {shown(place)}: {why}."
    mend = "Mend that, then type /watch add once more. /setup check names what else is missing."
    return Card(f"{shown(place)} is not read", (said, "So nothing is read there.", mend))


def unpinned_card(place: Place, why: str) -> Card:
    said = (
        f"The notice stands in {shown(place)}, and the channel is read. I could not pin it: {why}."
    )
    mend = "You can pin it yourself, so that people find it and its help button."
    return Card("The notice is not pinned", (said, mend))


def gone_card(place: Place) -> Card:
    said = f"{shown(place)} was deleted or closed to me, so I read it no longer."
    mend = "If that was a mistake, let me in again and type /watch add."
    return Card("A channel is not read any more", (said, mend))


def renamed_card(place: Place) -> Card:
    said = f"A channel of the desk's file is called {shown(place)} now. I go on reading it."
    mend = "Write the new name, or better its id, in the file."
    return Card("A channel has a new name", (said, mend))


def removed_card(place: Place, *, begun: bool) -> Card:
    """Tell whoever took it off the list. One that had not `begun` was never told of it."""
    if not begun:
        said = "It was not read yet. So I post no notice there. One on its way is taken back."
        return Card(f"{shown(place)} will not be read", (said,))
    said = "I say so in the channel. What was counted stays, and open cases stay open."
    return Card(f"{shown(place)} is not read any more", (said,))


def unsaid_card(place: Place, why: str) -> Card:
    """Tell the one who took a channel off the list that the channel does not know."""
    said = f"I read {shown(place)} no longer, but I could not say so there: {why}."
    mend = "Tell its members yourself, and take down the old notice if it still stands there."
    return Card(f"{shown(place)} was not told", (said, mend))


def changed_card(watches: Sequence[Watch]) -> Card:
    names = ", ".join(shown(one.place) for one in watches[:MOST])
    (first, *_) = watches
    return Card("Changed", (f"{names}: {_MODES[first.mode]}.", _answering(first)))


def refused_card(why: str, mend: str) -> Card:
    return Card("Nothing was changed", (why, mend))


def list_card(
    rows: Sequence[tuple[Place, Watch | None, date | None]],
    names: Mapping[AccountRef, str],
    zone: str,
) -> Card:
    """List what is read: each place with what was set, and when its last message was read.

    Without a Watch it stands in the desk's file.
    """
    if not rows:
        return Card("Watch list", ("Nothing is read. Type /watch add and a channel.",))
    fields = tuple(
        Field(shown(place), " ".join(_row(watch, last, names, zone)))
        for place, watch, last in rows[:MOST]
    )
    links = tuple(
        Link(f"Notice in {shown(place)}", watch.link)
        for place, watch, _ in rows[:MOST]
        if watch is not None and watch.link and watch.is_on
    )
    more = len(rows) - MOST
    said = (f"And {more} more.",) if more > 0 else ()
    return Card(f"Watch list: {len(rows)}", said, fields, links[:10])


def _row(
    watch: Watch | None, last: date | None, names: Mapping[AccountRef, str], zone: str
) -> list[str]:
    read = f"Last message read on {last:%d %b}." if last else "No message read yet."
    if watch is None:
        return ["Read. It stands in the desk's file.", read]
    who = names.get(watch.set_by, "somebody")
    by = f"Set by {who} on {at_clock(watch.set_at, zone)}."
    match watch.stage:
        case Stage.WISHED:
            return ["Not read yet: the notice is on its way.", by]
        case Stage.FAILED:
            return ["Not read: the notice could not be posted.", by]
        case Stage.OFF:
            return ["Not read.", by]
        case Stage.ON:
            since = f"Since {at_clock(watch.since, zone)}." if watch.since else ""
            mode = f"Mode: {watch.mode}."
            found = [mode, _answering(watch), since, by, read]
            return [one for one in found if one]


def _answering(watch: Watch) -> str:
    if watch.answers is None:
        return "Answers by itself: as the desk's file says."
    return f"Answers by itself: {'on' if watch.answers else 'off'}."


def shadow_card(
    ref: MessageRef, link: str, priority: Priority, sent_at: datetime, zone: str
) -> Card:
    """Tell of an alert that nobody else hears of, without a reason and without buttons (I5)."""
    page = alert_card(ref, link, priority=priority, sent_at=sent_at, zone=zone)
    said = "This is shadow mode: you alone are told. Nothing follows. Look whether it is right."
    return replace(page, title=f"Shadow: {page.title}", paragraphs=(said,), buttons=())


def shown(place: Place) -> str:
    """Name the channel alone: a thread's title is a member's own words."""
    return place.name.partition(" > ")[0] or place.channel
