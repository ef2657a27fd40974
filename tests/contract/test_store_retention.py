"""What has outlived its time, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.action import Receipt
from bot.domain.alert import Case, Deed, What
from bot.domain.kept import Put, Remarked
from bot.domain.ledger import Run
from bot.domain.output import Kind, Output, Stage
from bot.domain.reading import Priority
from bot.domain.remark import Remark, RemarkCode
from bot.policy.plan import plan_for
from bot.store.alert import Turn
from bot.store.engine import Store
from bot.store.retention import AT_A_TIME
from tests.support.build import DESK, NOON, account, batch, delivery, place, recorded, ref, tally
from tests.support.databases import connected

ADA = account("101")
LATER = NOON + timedelta(days=181)
A_YEAR_BEFORE = LATER - timedelta(days=365)


async def fill(store: Store, *numbers: int, sent_at: datetime = NOON) -> list[str]:
    """Record cases with a page that was sent, a look and a remark each; give their keys."""
    ones = []
    for n in numbers:
        one = replace(recorded(n), sent_at=sent_at)
        key = one.ref.key
        case = Case(DESK, key, Priority.P1, plan_for(Priority.P1, sent_at), told=(ADA,))
        page = replace(delivery(f"{key}#1", due_at=sent_at), alert=key, version=1)
        ones.append(replace(one, case=case, deliveries=(page,)))
    counted = replace(tally(where=place()), run=Run("1", ("1",), NOON, NOON))
    await (await store.decisions.record(batch(*ones, tallies=(counted,))))
    for one in ones:
        (page,), key = one.deliveries, one.ref.key
        await store.deliveries.delivered([(page, Receipt(f"sent-{key}"))], sent_at)
        kept = (Remarked(Remark(key, key, ADA, sent_at, RemarkCode.CONTACTED)),)
        deed = Deed(What.LOOKED, sent_at, ADA)
        await store.alerts.write(Turn(DESK, f"look-{key}", key, sent_at, deed, kept=kept))
    return [one.ref.key for one in ones]


async def close(url: str, *keys: str) -> None:
    async with connected(url) as database, database.writing() as connection:
        for key in keys:
            await connection.execute(
                text("UPDATE alert SET state = 'closed' WHERE key = :key"), {"key": key}
            )


async def count(url: str, table: str) -> int:
    async with connected(url) as database, database.reading() as connection:
        found = await connection.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - our own
        return int(found.scalar_one())


async def erase(store: Store) -> None:
    before = LATER - timedelta(days=180)
    await store.retention.erase(DESK, before=before, audit_before=A_YEAR_BEFORE)


async def test_a_case_that_ended_goes_with_all_that_hangs_on_it(
    store: Store, upgraded_url: str
) -> None:
    await close(upgraded_url, *(await fill(store, 1)))
    before = await store.ledger.totals(DESK)
    await erase(store)

    for table in ("alert", "decision", "delivery", "remark"):
        assert await count(upgraded_url, table) == 0, table
    assert await store.ledger.totals(DESK) == before
    assert await store.ledger.unbalanced(DESK) == []


async def test_the_audit_keeps_who_did_what_without_the_case(
    store: Store, upgraded_url: str
) -> None:
    (key,) = await fill(store, 1)
    await close(upgraded_url, key)
    await erase(store)

    async with connected(upgraded_url) as database, database.reading() as connection:
        rows = (await connection.execute(text("SELECT what, alert FROM audit"))).all()
    assert (str(What.LOOKED), None) in [tuple(row) for row in rows]
    assert key not in str(rows)


@pytest.mark.parametrize("is_closed", [True, False])
async def test_what_is_young_or_open_stays(
    store: Store, upgraded_url: str, *, is_closed: bool
) -> None:
    sent_at = NOON + timedelta(days=2) if is_closed else NOON
    keys = await fill(store, 1, sent_at=sent_at)
    if is_closed:
        await close(upgraded_url, *keys)
    await erase(store)

    for table in ("alert", "decision", "delivery", "remark"):
        assert await count(upgraded_url, table) == 1, table


async def test_of_another_desk_nothing_is_erased(store: Store, upgraded_url: str) -> None:
    await close(upgraded_url, *(await fill(store, 1)))
    before = LATER - timedelta(days=180)
    await store.retention.erase("another", before=before, audit_before=A_YEAR_BEFORE)

    assert await count(upgraded_url, "alert") == 1


@pytest.mark.parametrize(
    ("stage", "is_kept"), [(Stage.POSTED, True), (Stage.WITHDRAWN, False), (Stage.LAPSED, False)]
)
async def test_what_stands_in_public_stays_known_without_its_author(
    store: Store,
    stage: Stage,
    is_kept: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    said = Output(
        DESK, "1", Kind.RESOURCES, ref(1), "", "0f" * 16, ("row",), "", NOON, NOON, stage,
        external_id="20:9",
    )  # fmt: skip
    deed = Deed(What.APPROVED, NOON, ADA)
    await store.alerts.write(Turn(DESK, "put", None, NOON, deed, kept=(Put(said, 0),)))
    await erase(store)
    found = await store.outputs.find(DESK, "1")

    assert (found is not None) is is_kept
    if found is not None:
        assert (found.author, found.external_id) == ("", "20:9")


async def test_many_go_in_several_turns(store: Store, upgraded_url: str) -> None:
    many = [recorded(n) for n in range(1, AT_A_TIME + 4)]
    await (await store.decisions.record(batch(*many)))
    await erase(store)

    assert await count(upgraded_url, "alert") == 0
    assert await count(upgraded_url, "decision") == 0
