"""Opens an intake: it begins with how far each channel was read and which alerts are open."""

from collections import OrderedDict
from collections.abc import Sequence

from bot.domain.desk import Desk
from bot.policy.conversation import MOST_QUESTIONS, OpenQuestions
from bot.policy.cursor import Cursor, merged
from bot.policy.decide import Shelf
from bot.policy.routing import OnDutyAt
from bot.ports import Clock
from bot.store.engine import Store
from bot.triage.likeness import Likeness
from bot.triage.read import Triage
from bot.workers.budget import Budget
from bot.workers.decider import MOST_REMEMBERED, Decider
from bot.workers.heartbeat import Heartbeats, Pulses
from bot.workers.intake import MOST_WAITING, MOST_WAITING_OF_THE_PAST, Intake
from bot.workers.sorter import Sorter
from bot.workers.tail import Tails, tail_of
from bot.workers.turns import IDLE, OnDecided, Pace
from bot.workers.unwritten import EVERY


async def open_intake(  # noqa: PLR0913 - it is what the way of a message needs
    *,
    desk: Desk,
    triage: Triage,
    shelf: Shelf,
    likeness: Likeness,
    store: Store,
    clock: Clock,
    author_key: bytes,
    on_decided: OnDecided,
    on_duty: OnDutyAt,
    budget: Budget,
    pace: Pace,
    heartbeats: Heartbeats,
    old_keys: Sequence[bytes] = (),
    sorter: Sorter | None = None,
) -> Intake:
    """Build an intake that knows how far each channel was read and which alerts are open."""
    await store.desks.ensure(desk)
    stretches = await store.ledger.stretches(desk.id)
    is_live = pace is Pace.LIVE
    tails = await store.ledger.tails(desk.id) if is_live else {}
    latest = await store.decisions.open_alerts(desk.id, MOST_REMEMBERED, is_live=is_live)
    asked = await store.decisions.open_questions(desk.id, MOST_QUESTIONS)
    decider = Decider(
        desk=desk,
        triage=triage,
        shelf=shelf,
        likeness=likeness,
        clock=clock,
        author_key=author_key,
        old_keys=tuple(old_keys),
        on_duty=on_duty,
        budget=budget,
        is_live=is_live,
        alerts=OrderedDict(((alert.place, alert.author), alert) for alert in reversed(latest)),
        questions=OpenQuestions.of(reversed(asked)),
    )
    return Intake(
        desk=desk,
        decider=decider,
        store=store,
        on_decided=on_decided,
        pace=pace,
        cursors={place: Cursor(merged(done)) for place, done in stretches.items()},
        tails=Tails({place: tail_of(runs) for place, runs in tails.items()}),
        sorter=sorter,
        most_waiting=MOST_WAITING if is_live else MOST_WAITING_OF_THE_PAST,
        pulses=Pulses(
            heartbeats.expect("reading", every=IDLE), heartbeats.expect("writing", every=EVERY)
        ),
    )
