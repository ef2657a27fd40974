"""What commands leave, on both databases."""

from datetime import timedelta

import pytest

from bot.domain.alert import Deed, What
from bot.domain.duty import Change, Override, Swap
from bot.domain.kept import (
    Agreed,
    CodeMade,
    Kept,
    Linked,
    Overridden,
    Promised,
    Proposed,
    Remarked,
    Unlinked,
)
from bot.domain.practitioner import LinkCode
from bot.domain.remark import FollowUp, Remark, RemarkCode
from bot.store.alert import Repeated, Turn
from bot.store.engine import Store
from bot.store.kept import UsedUp
from tests.support.build import DESK, NOON, account, at, delivery

ADA, HERS = account("101"), account("102")
CODE = LinkCode("ada", "d1", NOON)


async def keep(store: Store, id_: str, *kept: Kept, what: What = What.LINKED) -> None:
    await store.alerts.write(Turn(DESK, id_, None, NOON, Deed(what, NOON, ADA), kept=kept))


async def test_a_code_is_used_once(store: Store) -> None:
    await keep(store, "1", CodeMade(LinkCode("ada", "d0", NOON)))
    await keep(store, "2", CodeMade(CODE))  # takes the place of the first
    assert await store.practitioners.codes(DESK) == (CODE,)
    await keep(store, "3", Linked("ada", HERS, NOON, "d1"))

    with pytest.raises(UsedUp):
        await keep(store, "4", Linked("bo", account("9"), NOON, "d1"))
    assert [one.account for one in await store.practitioners.linked(DESK)] == [HERS]
    assert await store.practitioners.codes(DESK) == ()
    await keep(store, "5", Unlinked(HERS))
    assert await store.practitioners.linked(DESK) == []


async def test_the_same_asking_keeps_nothing_twice(store: Store) -> None:
    await keep(store, "1", CodeMade(CODE))
    with pytest.raises(Repeated):
        await keep(store, "1", CodeMade(LinkCode("bo", "d2", NOON)))

    assert await store.practitioners.codes(DESK) == (CODE,)


async def test_tries_are_counted_by_account_and_time(store: Store) -> None:
    await keep(store, "1", what=What.TRIED_CODE)

    assert await store.practitioners.tries(DESK, ADA, at(-1)) == 1
    assert await store.practitioners.tries(DESK, ADA, NOON) == 0
    assert await store.practitioners.tries(DESK, HERS, at(-1)) == 0


async def test_changes_of_the_rota_come_back_as_they_were(store: Store) -> None:
    override = Override("ada", Change.OFF, NOON, at(60), NOON)
    swap = Swap("a", at(1), "b", at(2))
    await keep(store, "1", Overridden("1", override))
    await keep(store, "2", Proposed("2", swap, NOON, "bo"))
    assert await store.duties.swaps(DESK) == []
    assert await store.duties.proposed(DESK, "2") == Proposed("2", swap, NOON, "bo")
    await keep(store, "3", Agreed("2", at(1)))

    assert await store.duties.overrides(DESK, at(59)) == [override]
    assert await store.duties.overrides(DESK, at(60)) == []
    assert await store.duties.swaps(DESK) == [swap]
    assert await store.duties.proposed(DESK, "2") is None


async def test_free_text_is_erased_and_the_code_stays(store: Store) -> None:
    remark = Remark("1", "a", ADA, NOON, RemarkCode.CONTACTED, "sealed", at(60))
    await keep(store, "1", Remarked(remark), CodeMade(CODE))
    await store.remarks.erase_due(DESK, at(59), codes_before=at(-1))
    assert await store.remarks.of(DESK, "a") == [remark]
    assert await store.practitioners.codes(DESK) == (CODE,)
    await store.remarks.erase_due(DESK, at(60), codes_before=NOON)

    (left,) = await store.remarks.of(DESK, "a")
    assert (left.code, left.sealed, left.erase_at) == (RemarkCode.CONTACTED, None, None)
    assert await store.practitioners.codes(DESK) == ()


async def test_a_follow_up_is_asked_once(store: Store) -> None:
    promised = FollowUp("1", "a", ADA, at(60))
    await keep(store, "1", Promised(promised))
    assert await store.remarks.due(DESK, at(59), 9) == []
    assert await store.remarks.due(DESK, at(60), 9) == [promised]
    await store.remarks.ask(DESK, "1", at(60), delivery("first"))
    await store.remarks.ask(DESK, "1", at(61), delivery("second"))

    assert await store.remarks.due(DESK, at(90), 9) == []
    assert [one.key for one in await store.deliveries.due(at(90), 9)] == ["first"]


async def test_no_desk_sees_anothers(store: Store) -> None:
    await keep(store, "1", CodeMade(CODE), Promised(FollowUp("1", "a", ADA, NOON)))
    later = NOON + timedelta(days=1)

    assert await store.practitioners.codes("south") == ()
    assert await store.remarks.due("south", later, 9) == []
