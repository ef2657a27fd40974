"""What the store promises, on every database it may stand on."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.domain.action import Post, Receipt, Reply
from bot.domain.card import Button, Card, Field, Link
from bot.domain.decision import Alert, OpenAlert, ProposeNote, Recommend, Recorded
from bot.domain.ledger import SHARES, Count, Run, Stretch, Tally
from bot.domain.reading import Priority, Strength
from bot.domain.resource import Recommendation
from bot.store.engine import Store
from tests.support.build import (
    DESK,
    NOON,
    at,
    batch,
    decision,
    delivery,
    desk,
    evidence,
    place,
    recorded,
    ref,
    tally,
)

OTHER = "south"
FIRST = ref(1).key
FULL_CARD = Card(
    "P1 \N{LARGE RED CIRCLE}",
    ("in #job-search",),
    (Field("When", "12:01"),),
    (Link("Open the message", "https://discord.com/channels/10/20/1"),),
    (Button("take:1", "Take"),),
    "policy-1",
)


async def record(store: Store, *recordeds: Recorded, desk: str = DESK) -> None:
    await (await store.decisions.record(batch(*recordeds, desk=desk)))


async def streamed(store: Store, desk: str = DESK) -> list[Recorded]:
    return [one async for one in store.decisions.stream(desk)]


async def due_keys(store: Store) -> list[str]:
    return [one.key for one in await store.deliveries.due(at(10_000), 1000)]


async def counted(store: Store) -> dict[str, int]:
    """Give the states of deliveries; none of these tests withdraws one."""
    counts = await store.deliveries.counts(DESK)
    assert counts.pop("withdrawn") == 0
    return counts


# decisions and alerts


async def test_a_decision_comes_back_complete(store: Store) -> None:
    outcomes = (
        Alert(Priority.P1),
        Recommend((Recommendation("ncs", "It lists free courses."),)),
        ProposeNote("claim-4", Strength.SUGGEST, 0.125),
    )
    decided = replace(
        decision(outcomes=outcomes),
        evidence=(evidence(), evidence(weight=-1.5)),
        due_at=at(60 * 24),
    )
    one = recorded(1, where=place(thread="33"), decided=decided)
    await record(store, one)

    (found,) = await streamed(store)
    assert replace(one, deliveries=()) == found
    assert one.ref.place.name == found.ref.place.name
    assert found.sent_at.utcoffset() == timedelta(0)


async def test_recording_twice_changes_nothing(store: Store) -> None:
    once = batch(recorded(1), recorded(2, joins=FIRST))
    await (await store.decisions.record(once))
    await store.deliveries.delivered([(recorded(1).deliveries[0], Receipt("x"))], NOON)
    await (await store.decisions.record(once))

    assert [int(one.ref.id) for one in await streamed(store)] == [1, 2]
    assert [OpenAlert(FIRST, place().key, recorded().author, at(2), Priority.P1)] == (
        await store.decisions.open_alerts(DESK, 10)
    )
    assert await counted(store) == {"pending": 0, "delivered": 1, "buried": 0}


async def test_of_one_key_twice_in_a_batch_the_first_counts(store: Store) -> None:
    again = replace(recorded(1), link="https://example.org/again")
    await record(store, recorded(1), again, recorded(2, joins=FIRST))

    assert [one.link for one in await streamed(store)] == [recorded(1).link, recorded(2).link]
    assert [f"{FIRST}#0"] == await due_keys(store)


async def test_a_message_that_joins_makes_its_alert_later_and_more_urgent(store: Store) -> None:
    await record(store, recorded(3, decided=decision(Priority.P2)))
    first = ref(3).key
    await record(store, recorded(9, joins=first, decided=decision(Priority.P0)))
    await record(store, recorded(1, joins=first, decided=decision(Priority.P1)))

    (alert,) = await store.decisions.open_alerts(DESK, 10)
    assert (at(9), Priority.P0) == (alert.last_at, alert.priority)


async def test_a_message_cannot_join_an_alert_that_is_not_there(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await record(store, recorded(1, joins="discord:10:20:404"))

    assert await streamed(store) == []


async def test_a_decision_without_an_alert_raises_none(store: Store) -> None:
    await record(store, replace(recorded(1, decided=decision(None)), alert=None, deliveries=()))

    assert [one.decision.priority for one in await streamed(store)] == [None]
    assert await store.decisions.open_alerts(DESK, 10) == []


async def test_open_alerts_are_the_latest_first(store: Store) -> None:
    await record(store, recorded(1), recorded(2), recorded(3))
    await record(store, recorded(9, joins=FIRST))

    alerts = await store.decisions.open_alerts(DESK, 2)
    assert [FIRST, ref(3).key] == [alert.key for alert in alerts]


async def test_a_large_batch_is_one_decision_after_another(store: Store) -> None:
    await record(store, *(recorded(number) for number in range(1, 601)))

    assert len(await streamed(store)) == 600
    assert (await store.deliveries.counts(DESK))["pending"] == 600


@pytest.mark.parametrize("name", ["#job\0search", "#half \ud83d", "#'; DROP TABLE desk; --", ""])
async def test_no_name_of_a_channel_can_lose_an_alert(store: Store, name: str) -> None:
    card = Card(f"P1 in {name}")
    one = recorded(1, where=place(name=name))
    first = replace(one.deliveries[0], action=Post(place(name=name), card))
    await record(store, replace(one, deliveries=(first,)))

    assert [one.ref] == [found.ref for found in await streamed(store)]
    assert [first.key] == await due_keys(store)


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    naive = replace(recorded(1), sent_at=NOON.replace(tzinfo=None))
    with pytest.raises(Exception, match="time zone"):
        await record(store, naive)


# the stream


async def test_a_stream_is_in_order_over_many_pages(store: Store) -> None:
    same_time = [replace(recorded(number), sent_at=NOON) for number in (5, 3, 4, 1, 2)]
    await record(store, recorded(8), recorded(7), *same_time, recorded(6), recorded(9))

    met = [one.ref.id async for one in store.decisions.stream(DESK, at_a_time=3)]
    assert met == [str(number) for number in range(1, 10)]


async def test_what_comes_in_while_streaming_is_met_where_it_belongs(store: Store) -> None:
    await record(store, recorded(2), recorded(4))

    met = []
    async for one in store.decisions.stream(DESK, at_a_time=1):
        met.append(one.ref.id)
        if one.ref.id == "2":
            await record(store, recorded(1), recorded(3))
    assert met == ["2", "3", "4"]


async def test_a_stream_keeps_to_its_places_and_times(store: Store) -> None:
    here, thread, there = place("1"), place("1", thread="5"), place("2")
    await record(
        store,
        recorded(1, where=here),
        recorded(2, where=thread),
        recorded(3, where=there),
        recorded(4, where=here),
    )

    async def ids(**limits: object) -> list[str]:
        return [one.ref.id async for one in store.decisions.stream(DESK, **limits)]  # type: ignore[arg-type] # the table of limits is the point

    assert await ids(places=[here.key]) == ["1", "2", "4"]
    assert await ids(places=[]) == []
    assert await ids(since=at(2), until=at(4)) == ["2", "3"]
    assert await ids(places=[here.key], since=at(2), until=at(4)) == ["2"]


async def test_times_are_compared_as_moments_whatever_their_zone(store: Store) -> None:
    await record(store, recorded(1), recorded(120))
    summer = timezone(timedelta(hours=2))

    found = store.decisions.stream(DESK, since=at(60).astimezone(summer))
    assert [one.ref.id async for one in found] == ["120"]


# deliveries


@pytest.mark.parametrize(
    "action", [Post(place(thread="5"), FULL_CARD), Reply(ref(), FULL_CARD), delivery().action]
)
async def test_an_action_comes_back_complete(store: Store, action: Post | Reply) -> None:
    scheduled = delivery(action=action)
    await record(store, replace(recorded(1), deliveries=(scheduled,)))

    assert [scheduled] == await store.deliveries.due(NOON, 10)


async def test_due_gives_the_longest_overdue_first_and_no_more_than_asked(store: Store) -> None:
    deliveries = (
        delivery("b", due_at=at(2)),
        delivery("c", due_at=at(1)),
        delivery("a", due_at=at(2)),
        delivery("later", due_at=at(2.001)),
    )
    await record(store, replace(recorded(1), deliveries=deliveries))

    assert [one.key for one in await store.deliveries.due(at(2), 10)] == ["c", "a", "b"]
    assert [one.key for one in await store.deliveries.due(at(2), 2)] == ["c", "a"]


async def test_a_delivery_is_delivered_once(store: Store) -> None:
    await record(store, recorded(1), recorded(2))
    first, second = await store.deliveries.due(NOON, 10)
    await store.deliveries.delivered([(first, Receipt("111")), (second, Receipt("222"))], NOON)
    await store.deliveries.retry(first, at(1), "a late answer")
    await store.deliveries.bury(second, "a late answer", delivery("instead"))

    assert await due_keys(store) == []
    assert await counted(store) == {"pending": 0, "delivered": 2, "buried": 0}


async def test_nothing_delivered_is_nothing_written(store: Store) -> None:
    await store.deliveries.delivered([], NOON)

    assert await counted(store) == {"pending": 0, "delivered": 0, "buried": 0}


async def test_a_retry_counts_the_attempt_and_waits(store: Store) -> None:
    await record(store, recorded(1))
    (first,) = await store.deliveries.due(NOON, 10)
    await store.deliveries.retry(first, at(5), "Discord is busy")

    assert await store.deliveries.due(at(4.999), 10) == []
    assert [replace(first, attempts=1, due_at=at(5))] == await store.deliveries.due(at(5), 10)


async def test_a_burial_puts_what_is_done_instead_in_its_place(store: Store) -> None:
    await record(store, recorded(1))
    (first,) = await store.deliveries.due(NOON, 10)
    instead = delivery(f"{first.key}!", due_at=at(1))
    await store.deliveries.bury(first, "direct messages are closed", instead)
    await store.deliveries.bury(first, "direct messages are closed", instead)

    assert [instead] == await store.deliveries.due(at(1), 10)
    assert await counted(store) == {"pending": 1, "delivered": 0, "buried": 1}


async def test_a_delivery_cannot_be_replaced_by_another_desks(store: Store) -> None:
    with pytest.raises(ValueError, match="desk"):
        await store.deliveries.bury(delivery(), "gone", delivery("x", desk=OTHER))


# cursors and the ledger


async def test_counts_add_up_over_batches_threads_and_days(store: Store) -> None:
    tomorrow = (NOON + timedelta(days=1)).date()
    tallies = (
        tally(where=place("1")),
        tally(where=place("1", thread="5")),
        tally(where=place("2"), counts={(tomorrow, Count.SEEN): 3, (tomorrow, Count.READ): 2}),
        tally(where=place("2"), counts={(tomorrow, Count.SKIPPED_BOT): 1}),
    )
    for _ in range(2):
        await (await store.decisions.record(batch(tallies=tallies)))

    totals = await store.ledger.totals(DESK)
    assert (totals[Count.SEEN], totals[Count.READ], totals[Count.SKIPPED_BOT]) == (10, 8, 2)
    assert totals[Count.SEEN] == sum(totals[share] for share in SHARES)
    assert (await store.ledger.totals(DESK, [place("1").key]))[Count.SEEN] == 4
    assert (await store.ledger.totals(DESK, []))[Count.SEEN] == 0
    days = await store.ledger.by_day(DESK)
    assert [NOON.date(), tomorrow] == list(days)
    assert [counts[Count.SEEN] for counts in days.values()] == [4, 6]
    assert [tomorrow] == list(await store.ledger.by_day(DESK, [place("2").key]))


async def test_a_stretch_grows_and_never_shrinks(store: Store) -> None:
    for last in (5, 9, 7):
        await (await store.decisions.record(batch(tallies=(tally(3, last),))))
    await (await store.decisions.record(batch(tallies=(tally(20, 21), tally(20, 30)))))

    assert {place().key: (Stretch(f"{3:020}", f"{9:020}"), Stretch(f"{20:020}", f"{30:020}"))} == (
        await store.ledger.stretches(DESK)
    )


async def test_a_thread_that_was_opened_has_a_cursor_of_its_own_and_counts_with_its_channel(
    store: Store,
) -> None:
    channel, thread = place("1"), place("1", thread="5")
    tallies = (tally(1, 3, where=channel), tally(2, 9, where=thread))
    await (await store.decisions.record(batch(tallies=tallies)))

    assert await store.ledger.stretches(DESK) == {
        channel.key: (Stretch(f"{1:020}", f"{3:020}"),),
        thread.key: (Stretch(f"{2:020}", f"{9:020}"),),
    }
    assert (await store.ledger.totals(DESK, [channel.key]))[Count.SEEN] == 2


async def test_slack_positions_are_compared_as_their_digits(store: Store) -> None:
    start, end = "1700000000.000100", "1700000009.000001"
    for last in (end, "1700000001.999999"):
        one = replace(tally(), stretch=Stretch(start, last))
        await (await store.decisions.record(batch(tallies=(one,))))

    assert {place().key: (Stretch(start, end),)} == await store.ledger.stretches(DESK)


async def test_a_tally_may_count_without_moving_the_cursor(store: Store) -> None:
    await (await store.decisions.record(batch(tallies=(replace(tally(), stretch=None),))))

    assert await store.ledger.stretches(DESK) == {}
    assert (await store.ledger.totals(DESK))[Count.SEEN] == 1


# desks


async def test_two_desks_never_see_each_others_rows(store: Store) -> None:
    await store.desks.ensure(desk(OTHER, "South"))
    mine = batch(recorded(1), tallies=(tally(1, 4),))
    theirs = batch(recorded(1, desk=OTHER), recorded(2, desk=OTHER), desk=OTHER)
    await (await store.decisions.record(mine))
    await (await store.decisions.record(theirs))

    assert [one.desk for one in await streamed(store)] == [DESK]
    assert [one.desk for one in await streamed(store, OTHER)] == [OTHER, OTHER]
    assert [len(await store.decisions.open_alerts(d, 9)) for d in (DESK, OTHER)] == [1, 2]
    assert [(await store.deliveries.counts(d))["pending"] for d in (DESK, OTHER)] == [1, 2]
    assert await store.ledger.stretches(OTHER) == {}
    assert await store.ledger.by_day(OTHER) == {}
    assert (await store.ledger.totals(OTHER))[Count.SEEN] == 0


async def test_a_word_about_one_desks_delivery_leaves_the_others(store: Store) -> None:
    await store.desks.ensure(desk(OTHER, "South"))
    await record(store, recorded(1))
    await record(store, recorded(1, desk=OTHER), desk=OTHER)
    (mine,) = recorded(1).deliveries
    await store.deliveries.delivered([(mine, Receipt("1"))], NOON)

    assert [one.desk for one in await store.deliveries.due(NOON, 10)] == [OTHER]


@pytest.mark.parametrize(
    "stranger",
    [
        recorded(1, desk=OTHER),
        replace(recorded(1), deliveries=(delivery(desk=OTHER),)),
    ],
)
async def test_a_batch_holds_rows_of_its_own_desk_alone(store: Store, stranger: Recorded) -> None:
    with pytest.raises(ValueError, match="south"):
        await store.decisions.record(batch(stranger))


async def test_a_message_cannot_join_another_desks_alert(store: Store) -> None:
    await store.desks.ensure(desk(OTHER, "South"))
    await record(store, recorded(1))
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await record(store, recorded(2, desk=OTHER, joins=FIRST), desk=OTHER)


async def test_an_unknown_desk_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await record(store, recorded(1, desk="nowhere"), desk="nowhere")


def noted(*numbers: int, after: int, minutes: float, kept_from: float = 0) -> Tally:
    positions = tuple(f"{n:020}" for n in numbers)
    return Tally(place(), None, run=Run(f"{after:020}", positions, at(minutes), at(kept_from)))


async def test_the_end_of_what_was_counted_is_noted_and_goes_as_it_ages(store: Store) -> None:
    for one in (noted(1, 3, after=1, minutes=0), noted(2, after=1, minutes=5)):
        await (await store.decisions.record(batch(tallies=(one,))))
    both = await store.ledger.tails(DESK)
    await (
        await store.decisions.record(batch(tallies=(noted(4, after=3, minutes=14, kept_from=4),)))
    )
    later = await store.ledger.tails(DESK)
    await store.ledger.erase_tails(DESK, [place("21").key])
    await store.ledger.erase_tails("south", [place().key])
    kept = await store.ledger.tails(DESK)
    await store.ledger.erase_tails(DESK, [place().key])

    assert [run.positions for run in both[place().key]] == [(f"{1:020}", f"{3:020}"), (f"{2:020}",)]
    assert [(run.positions, run.after) for run in later[place().key]] == [
        ((f"{2:020}",), f"{1:020}"),
        ((f"{4:020}",), f"{3:020}"),
    ]
    assert kept == later
    assert await store.ledger.tails(DESK) == {}
