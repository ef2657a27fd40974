"""Shadow mode: everything is read and counted, and only whoever set it hears of it."""

from pathlib import Path

import pytest

from bot.domain.event import Chosen, Opened, Posted
from bot.domain.message import AccountRef
from bot.domain.reading import Priority
from bot.domain.space import Standing
from bot.workers.statement import take_statement
from tests.support.build import DISCORD, NOON, account, message, place
from tests.support.duty_desk import ADA, BO, GRAVE, DutyDesk, chats, duty_desk
from tests.support.public import ASKED, knows

MO, OTHER = account("300"), account("301")


def moderated() -> dict[object, object]:
    made = chats()
    for one in (MO, OTHER):
        made[DISCORD].standings[one] = Standing(is_member=True, moderates=True)
    return made  # type: ignore[return-value]


async def look(here: DutyDesk) -> None:
    assert here.app.watch is not None
    await here.app.watch.publishing.look()
    await here.app.courier.deliver_due()


async def in_shadow(here: DutyDesk, by: AccountRef = MO) -> None:
    await here.hears(Opened(place()))
    await here.asks(by, "watch set", channel="20", mode="shadow")


def titles(here: DutyDesk, to: AccountRef) -> list[str]:
    return [card.title for _, card in here.messages(to)]


async def test_only_whoever_set_it_hears_and_nothing_follows(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, on=moderated()) as here:  # type: ignore[arg-type]
        await in_shadow(here)
        await here.hears(Posted(message(1, GRAVE)))
        await here.waits(hours=2)
        (_, card), *more = here.messages(MO)

        assert more == []
        assert card.title.startswith("Shadow: P0")
        assert card.buttons == ()
        assert GRAVE not in card.text
        assert here.messages(ADA) == here.messages(BO) == []
        assert await here.store.alerts.find("north", message(1).ref.key) is None
        assert await here.store.alerts.waiting("north") == 0
        assert await here.store.decisions.one("north", message(1).ref.key) is not None


async def test_the_statement_counts_it_apart(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, on=moderated()) as here:  # type: ignore[arg-type]
        await here.hears(Opened(place()), Posted(message(1, GRAVE, place("21"))))
        await in_shadow(here)
        await here.hears(Posted(message(2, GRAVE)))
        stated = await take_statement(here.store, "north", "N", NOON.date(), waiting=0)

        assert (stated.alerts, stated.shadows) == ({Priority.P0: 1}, {Priority.P0: 1})
        assert stated.adds_up


async def test_going_live_takes_the_next_message_on_and_joins_no_shadow(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, on=moderated()) as here:  # type: ignore[arg-type]
        await in_shadow(here)
        await here.hears(Posted(message(1, GRAVE)))
        await here.asks(OTHER, "watch set", channel="20", mode="watch")
        await here.hears(Posted(message(2, GRAVE)))

        assert len(here.messages(ADA)) == len(here.messages(MO)) == 1
        assert here.messages(OTHER) == []


async def test_whoever_set_it_last_hears_also_after_a_restart(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, on=moderated()) as here:  # type: ignore[arg-type]
        await in_shadow(here)
        await in_shadow(here, OTHER)
        rest, clock = here.chats, here.clock
    async with duty_desk(tmp_path, on=rest, clock=clock) as again:
        await again.hears(Opened(place()), Posted(message(1, GRAVE)))

        assert len(again.messages(OTHER)) == 1
        assert again.messages(MO) == again.messages(ADA) == []


async def test_nothing_is_said_in_public(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, on=moderated(), knows=knows()) as here:  # type: ignore[arg-type]
        await in_shadow(here)
        await here.hears(Posted(message(1, ASKED)))
        await look(here)
        assert await here.store.outputs.on("north", message(1).ref.key) == []

        await here.asks(MO, "watch set", channel="20", mode="watch")
        here.chats[DISCORD].past = [message(2, ASKED)]
        await here.hears(Posted(message(2, ASKED)))
        (waiting,) = await here.store.outputs.on("north", message(2).ref.key)
        await here.asks(MO, "watch set", channel="20", mode="shadow")
        await look(here)
        after = await here.store.outputs.find("north", waiting.id)

        assert after is not None
        assert after.stage == "lapsed"


@pytest.mark.parametrize("text", [GRAVE, "hello there"])
async def test_who_asks_for_a_person_is_heard_in_earnest(text: str, tmp_path: Path) -> None:
    said = message(1, text)
    async with duty_desk(tmp_path, on=moderated()) as here:  # type: ignore[arg-type]
        await in_shadow(here)
        await here.hears(Posted(said))
        await here.hears(Chosen("choice-1", account(), "ask.person", said))

        assert await here.store.alerts.waiting("north") == 1
        assert (await here.case(said.ref.key)).key == said.ref.key
        await here.hears(Chosen("choice-2", account(), "ask.person", said))
        assert await here.store.alerts.waiting("north") == 1


async def test_all_places_of_a_space_can_be_set_at_once(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, on=moderated()) as here:  # type: ignore[arg-type]
        await here.hears(Opened(place()), Opened(place("21", name="#other")))
        await here.asks(MO, "watch set", mode="shadow")
        await here.hears(Posted(message(1, GRAVE)), Posted(message(2, GRAVE, place("21"))))

        assert len(titles(here, MO)) == 2
        assert here.messages(ADA) == []
