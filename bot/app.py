"""The composition root: the one place where everything is built and joined."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from secrets import token_bytes

from bot.commands.ask import Askers
from bot.commands.case import Cases
from bot.commands.caseload import Caseload
from bot.commands.duty import Duty
from bot.commands.front import Front
from bot.commands.help import Help
from bot.commands.home import Home
from bot.commands.hours import Hours
from bot.commands.look import Looks
from bot.commands.note import Notes
from bot.commands.practitioner import People
from bot.commands.privacy import Privacy
from bot.commands.resource import Resources
from bot.commands.setup import Setup, begin_drill
from bot.commands.sight import Sight
from bot.commands.suggest import Suggesting
from bot.commands.table import TABLE
from bot.commands.watch import WatchList
from bot.data.practitioner import account
from bot.domain.desk import Desk
from bot.domain.event import News, SpaceLeft
from bot.domain.message import PlatformName
from bot.knowledge import Knowledge
from bot.policy.privacy import author_hash, chosen_by
from bot.policy.routing import OnDutyAt
from bot.policy.setup import agreeing
from bot.ports import Clock, Fetcher, Platform
from bot.store.engine import Store
from bot.store.seal import Seal
from bot.workers.auditor import COURIER, Auditor, Check
from bot.workers.backfill import EVERY as BACKFILL_EVERY
from bot.workers.backfill import Backfill
from bot.workers.budget import open_budget
from bot.workers.calendar import EVERY as CALENDAR_EVERY
from bot.workers.calendar import Renewing, calendars_check
from bot.workers.casebook import Casebook
from bot.workers.courier import EVERY as COURIER_EVERY
from bot.workers.courier import Courier
from bot.workers.digest import EVERY as DIGEST_EVERY
from bot.workers.digest import Digesting
from bot.workers.drill import EVERY as DRILL_EVERY
from bot.workers.drill import Drilling
from bot.workers.escalator import EVERY as ESCALATOR_EVERY
from bot.workers.escalator import Escalator
from bot.workers.guest import Guests
from bot.workers.handover import EVERY as HANDOVER_EVERY
from bot.workers.handover import Handover
from bot.workers.heartbeat import Heartbeats
from bot.workers.janitor import LOOK as JANITOR_LOOK
from bot.workers.janitor import Janitor
from bot.workers.news import EVERY as NEWS_EVERY
from bot.workers.news import Newsroom
from bot.workers.opening import open_intake
from bot.workers.output import EVERY as PUBLISHING_EVERY
from bot.workers.output import Publishing
from bot.workers.presence import EVERY as PRESENCE_EVERY
from bot.workers.presence import Presence
from bot.workers.reach import Reaching
from bot.workers.reception import Reception
from bot.workers.role import Leavers
from bot.workers.roster import EVERY as ROSTER_EVERY
from bot.workers.roster import Refreshing, Roster
from bot.workers.running import App, Watch
from bot.workers.search import EVERY as SEARCH_EVERY
from bot.workers.search import Searching
from bot.workers.sorter import Sorter
from bot.workers.statement import EVERY as STATING_EVERY
from bot.workers.statement import Stating
from bot.workers.turns import OnDecided, Pace
from bot.workers.watch import EVERY as WATCHING_EVERY
from bot.workers.watch import Watching

__all__ = ["App", "Watch", "build"]


async def build(  # noqa: PLR0913, PLR0915 - the root joins all there is, by keyword
    *,
    desk: Desk,
    knowledge: Knowledge,
    store: Store,
    platforms: Mapping[PlatformName, Platform],
    clock: Clock,
    chance: Callable[[], float],
    author_key: bytes,
    on_decided: OnDecided,
    on_duty: OnDutyAt | None = None,
    pace: Pace = Pace.LIVE,
    more_checks: Sequence[Check] = (),
    random_bytes: Callable[[int], bytes] = token_bytes,
    old_keys: Sequence[bytes] = (),
    fetcher: Fetcher | None = None,
    sorter: Sorter | None = None,
    on_news: Callable[[News], None] = lambda _: None,
) -> App:
    """Join the parts of one desk. Tests call the same function with platforms of their own.

    Without `on_duty` the desk's rota says who is; without a `fetcher` no calendar is read. A
    `sorter` sorts messages in a flood; without one all are read here.
    `on_news` hears what platforms tell beside messages, once it was followed.
    `old_keys` still open what was sealed before the secret was changed. `random_bytes` is for codes
    that are secrets, so `chance` would not do.
    """
    heartbeats, seal = Heartbeats(clock), Seal.of((author_key, *old_keys))
    shelf = knowledge.shelf(clock().date())
    await store.desks.ensure(desk)
    roster = Roster(desk, store, clock)
    await roster.refresh()
    guests = Guests(roster, platforms)
    reach = Reaching(roster, store, platforms)
    await reach.load()
    desk = agreeing(desk, roster.desk)
    duty = on_duty or roster.on_duty_at
    budget = await open_budget(desk, store, clock())
    casebook = Casebook(
        desk=desk,
        store=store,
        clock=clock,
        on_duty=duty,
        budget=budget,
        admits=guests.admits,
        guest_names=guests.names,
    )
    publishing = Publishing(
        casebook=casebook,
        store=store,
        platforms=platforms,
        clock=clock,
        shelf=knowledge.shelf,
        desk=lambda: intake.desk,
        author=lambda who: author_hash(who, key=author_key),
        pulse=heartbeats.expect("publishing", every=PUBLISHING_EVERY),
    )
    read_desk = hashed(desk, author_key)
    watching = Watching(
        roster,
        store,
        platforms,
        heartbeats.expect("watching", every=WATCHING_EVERY),
        lambda name: intake.places(name),  # noqa: PLW0108 - it comes later
    )
    await watching.catch_up()  # what was posted just before the last end is read from there on

    def as_it_reads() -> Desk:
        return agreeing(chosen_by(read_desk, roster.chosen), roster.desk)

    sight = Sight(
        platforms,
        as_it_reads,
        lambda who: tuple(author_hash(who, key=key) for key in (author_key, *old_keys)),
        lambda space: intake.read_in(space),  # noqa: PLW0108 - it comes later
        lambda name: intake.spaces(name) | presence.spaces(name),
    )
    looks = Looks(desk.id, store, clock)
    presence = Presence(
        desk.id,
        store,
        platforms,
        clock,
        heartbeats.expect("presence", every=PRESENCE_EVERY),
        lambda: watch.auditor.audit_now(presence.check),
        lambda space: reception.take(SpaceLeft(space)),
    )
    front = Front(
        table=TABLE,
        nouns=(
            Help(TABLE),
            Hours(roster, sight, knowledge.helplines.lines),
            Caseload(casebook, roster, platforms, seal),
            Duty(roster, store, reach, lambda asking: begin_drill(casebook, asking)),
            Setup(
                roster,
                casebook,
                platforms,
                lambda space: intake.wanted(space),  # noqa: PLW0108 - it comes later
                lambda: presence.troubles,
                lambda today: knowledge.shelf(today).resources,
                knowledge.helplines.lines,
            ),
            People(roster, store, random_bytes),
            Askers(
                roster,
                lambda message, by: newsroom.asked_for(message, by),  # noqa: PLW0108 - it comes later
                knowledge.helplines.lines,
            ),
            Notes(publishing),
            Resources(publishing, knowledge.triage, knowledge.likeness),
            Privacy(
                sight,
                lambda who: intake.forget(who),  # noqa: PLW0108 - it comes later
                desk.kept_days,
            ),
            WatchList(roster, store, watching),
        ),
        cases=Cases(
            casebook,
            roster.principal,
            lambda within: courier.settle(within),  # noqa: PLW0108 - it comes later
        ),
        suggesting=Suggesting(TABLE, roster, store, clock, looks, knowledge.choices),
        roster=roster,
        store=store,
        platforms=platforms,
        clock=clock,
        guests=guests,
    )
    intake = await open_intake(
        desk=as_it_reads(),
        triage=knowledge.triage,
        shelf=shelf,
        likeness=knowledge.likeness,
        store=store,
        clock=clock,
        author_key=author_key,
        on_decided=on_decided,
        on_duty=duty,
        budget=budget,
        pace=pace,
        heartbeats=heartbeats,
        old_keys=old_keys,
        sorter=sorter,
    )
    roster.on_refreshed = lambda: intake.follow(as_it_reads())
    courier = Courier(
        store=store,
        platforms=platforms,
        casebook=casebook,
        clock=clock,
        chance=chance,
        pulse=heartbeats.expect(COURIER, every=COURIER_EVERY),
        began_at=clock(),
        reaches_others=presence.reaches_others,
        reach=reach,
    )
    escalator = Escalator(
        store=store,
        casebook=casebook,
        clock=clock,
        pulse=heartbeats.expect("escalator", every=ESCALATOR_EVERY),
    )
    if pace is not Pace.LIVE:
        return App(platforms, intake, courier, escalator)
    pulse = heartbeats.expect("news", every=NEWS_EVERY)
    home = Home(roster, casebook, platforms, clock, sight, looks)
    newsroom = Newsroom(
        intake,
        casebook,
        store,
        platforms,
        pulse,
        publishing,
        watching,
        home.show,
        Leavers(roster, casebook, platforms),
    )
    renewing = None
    if fetcher is not None:
        pulse = heartbeats.expect("calendars", every=CALENDAR_EVERY)
        renewing = Renewing(roster, store, fetcher, seal, clock, chance, pulse)
    watch = Watch(
        backfill=Backfill(
            intake=intake,
            platforms=platforms,
            clock=clock,
            pulse=heartbeats.expect("backfill", every=BACKFILL_EVERY),
        ),
        auditor=Auditor(
            desk=desk,
            store=store,
            platforms=platforms,
            clock=clock,
            heartbeats=heartbeats,
            names=lambda: {
                place.key: place.name for name in platforms for place in intake.places(name)
            },
            more=(presence.check, reach.audit, *more_checks, calendars_check(store, desk.id)),
            shut=lambda: presence.shut,
        ),
        stating=Stating(
            desk=desk,
            store=store,
            clock=clock,
            waiting=lambda: intake.waiting,
            pulse=heartbeats.expect("stating", every=STATING_EVERY),
        ),
        digesting=Digesting(
            store=store,
            casebook=casebook,
            clock=clock,
            pulse=heartbeats.expect("digesting", every=DIGEST_EVERY),
        ),
        drilling=Drilling(
            store=store,
            casebook=casebook,
            clock=clock,
            pulse=heartbeats.expect("drilling", every=DRILL_EVERY),
        ),
        newsroom=newsroom,
        publishing=publishing,
        watching=watching,
        searching=Searching(
            store, platforms, clock, heartbeats.expect("searching", every=SEARCH_EVERY)
        ),
        presence=presence,
        refreshing=Refreshing(roster, heartbeats.expect("roster", every=ROSTER_EVERY)),
        renewing=renewing,
        handover=Handover(
            roster, casebook, clock, heartbeats.expect("handover", every=HANDOVER_EVERY)
        ),
        janitor=Janitor(
            desk.id,
            store,
            clock,
            heartbeats.expect("janitor", every=JANITOR_LOOK),
            quiet=intake.quiet_since,
            lasts=timedelta(days=desk.kept_days),
        ),
    )

    def follow() -> None:
        """Let what was just changed hold at once."""
        intake.follow(as_it_reads())
        for one in (casebook, watch.auditor, watch.stating):
            one.desk = agreeing(one.desk, roster.desk)

    async def hear(news: News) -> None:
        await newsroom.hear(news)
        await presence.hear(news)
        on_news(news)

    roster.on_refreshed = follow
    reception = Reception(
        read=watch.backfill.take,
        on_pressed=front.press,
        on_asked=front.ask,
        on_news=hear,
        on_typing=front.type,
        on_closed=intake.decider.forget,
    )
    return App(platforms, intake, courier, escalator, watch, reception)


def hashed(desk: Desk, key: bytes) -> Desk:
    """Replace the accounts that staff wrote down by the hashes that messages are compared with."""
    return replace(
        desk,
        opted_out=frozenset(author_hash(account(a), key=key) for a in desk.opted_out),
        opted_in=frozenset(author_hash(account(a), key=key) for a in desk.opted_in),
    )
