"""Resources for a plain question: asked for privately, answered on a press, or by the switch."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.action import Reply
from bot.domain.alert import What
from bot.domain.event import Deleted, Posted
from bot.domain.output import Stage
from bot.domain.resource import Resource
from bot.knowledge import Knowledge, know
from tests.support.build import DISCORD
from tests.support.build import message as built
from tests.support.duty_desk import ADA, BO, STRANGER, two_people
from tests.support.live import cues_alone
from tests.support.public import (
    ASKED,
    knows,
    looks,
    only,
    presses_last,
    public_desk,
    replies,
    writes,
)

SWITCHED_ON = replace(two_people(), answers_by_itself=frozenset({"20"}))


def with_rows(*rows: Resource) -> Knowledge:
    before = knows()
    return know(
        rules=before.rules,
        catalogue=replace(before.catalogue, resources=rows),
        registry=before.registry,
        models=None,
        meaning=before.meaning,
    )


async def test_a_plain_question_is_shown_to_one_person_and_answered_on_their_press(
    tmp_path: Path,
) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, ASKED)
        ((_, asked),) = here.messages(ADA)
        assert replies(here) == []
        await presses_last(here, ADA, "Answer with resources")
        ((key, card),) = replies(here)
        reply = here.chats[DISCORD].performed[key]
        ((_, ended),) = here.messages(ADA)

        assert here.messages(BO) == []
        assert ASKED not in asked.text
        assert isinstance(reply, Reply)
        assert reply.to == message.ref
        assert card is not None
        assert 1 <= len(card.links) <= 3
        assert "Vetted: Cy Clarke" in card.footer
        assert ended.buttons == ()
        assert (await only(here, message)).approved_by == ADA


async def test_what_nobody_answered_can_be_cleared_away(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, ASKED)
        assert here.app.watch is not None
        await here.app.watch.publishing.clear()
        await here.app.courier.deliver_due()
        ((_, ended),) = here.messages(ADA)

        assert ended.buttons == ()
        assert (await only(here, message)).stage is Stage.LAPSED
        assert replies(here) == []


async def test_a_press_on_not_this_time_posts_nothing(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, ASKED)
        await presses_last(here, ADA, "Not this time")

        assert replies(here) == []
        assert (await only(here, message)).stage is Stage.REFUSED


async def test_where_it_is_switched_on_the_answer_comes_by_itself(tmp_path: Path) -> None:
    async with public_desk(tmp_path, SWITCHED_ON) as here:
        message = await writes(here, ASKED)
        deeds = await here.store.alerts.audit("north", message.ref.key)

        assert len(replies(here)) == 1
        assert here.messages(ADA) == []
        assert [(d.what, d.who) for d in deeds if d.what == What.APPROVED] == [
            (What.APPROVED, None)
        ]


async def test_a_channel_gets_four_answers_an_hour_and_then_a_person_is_asked(
    tmp_path: Path,
) -> None:
    async with public_desk(tmp_path, SWITCHED_ON) as here:
        for number in range(1, 6):
            await writes(here, ASKED, number, by=str(number))
        assert len(replies(here)) == 4
        assert len(here.messages(ADA)) == 1
        await looks(here, minutes=61)

        assert len(replies(here)) == 5


async def test_nobody_is_asked_more_than_three_questions_at_a_time(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        for number in range(1, 6):
            await writes(here, ASKED, number, by=str(number))
        assert len(here.messages(ADA)) == 3
        await presses_last(here, ADA, "Not this time")

        assert len(here.messages(ADA)) == 4


async def test_an_answer_goes_when_its_question_is_deleted(tmp_path: Path) -> None:
    async with public_desk(tmp_path, SWITCHED_ON) as here:
        message = await writes(here, ASKED)
        await here.hears(Deleted((message.ref,)))

        assert [card for _, card in replies(here)] == [None]


async def test_a_question_that_is_deleted_first_gets_no_answer(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, ASKED)
        await here.hears(Deleted((message.ref,)))
        ((receipt, card),) = here.messages(ADA)
        pressed = await here.presses(
            ADA, f"resource.answer/{(await only(here, message)).id}", receipt
        )
        await looks(here)

        assert card.buttons == ()
        assert "too late" in here.answer(pressed).text
        assert replies(here) == []


async def test_a_question_that_the_chat_answered_needs_none(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, ASKED)
        reply = replace(
            built(2, "look on the gov.uk site, that is where i found mine"),
            author=STRANGER,
            reply_to=message.ref.id,
            sent_at=here.clock(),
        )
        await here.hears(Posted(reply))
        await looks(here)
        recorded = await here.store.decisions.one("north", message.ref.key)

        assert recorded is not None
        assert recorded.answered is not None
        assert (await only(here, message)).stage is Stage.LAPSED


async def test_a_question_is_not_answered_a_day_late(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, ASKED)
        await looks(here, hours=25)

        assert (await only(here, message)).stage is Stage.LAPSED


@pytest.mark.parametrize("fault", ["unverified", "expired"])
async def test_what_nobody_vetted_or_what_has_run_out_is_never_shown(
    fault: str, tmp_path: Path
) -> None:
    day = two_days_before_the_test()
    rows = tuple(
        replace(one, vetted_by="starter list, to be confirmed")
        if fault == "unverified"
        else replace(one, review_by=day)
        for one in knows().catalogue.resources
    )
    async with public_desk(tmp_path, SWITCHED_ON, knowledge=with_rows(*rows)) as here:
        message = await writes(here, ASKED)
        found = await here.asks(STRANGER, "resource find", words="apprenticeship")
        wordless = await here.asks(STRANGER, "resource find")
        staff = await here.asks(ADA, "resource find", words="apprenticeship")

        assert await here.store.outputs.on("north", message.ref.key) == []
        assert replies(here) == []
        assert found.title == wordless.title == staff.title == "No vetted resources yet"
        assert "question" not in found.text
        assert "vetted_by" not in found.text
        assert "Write your name in vetted_by" in staff.text


def two_days_before_the_test() -> date:
    return built(1).sent_at.date() - timedelta(days=2)


async def test_a_row_that_runs_out_while_it_waits_is_not_posted(tmp_path: Path) -> None:
    soon = built(1).sent_at.date()
    rows = tuple(replace(one, review_by=soon) for one in knows().catalogue.resources)
    async with public_desk(tmp_path, knowledge=with_rows(*rows)) as here:
        message = await writes(here, ASKED)
        assert (await only(here, message)).stage is Stage.SUGGESTED
        await looks(here, hours=11)

        assert (await only(here, message)).stage is Stage.LAPSED


async def test_a_member_finds_at_most_three_rows_for_their_words_and_country(
    tmp_path: Path,
) -> None:
    async with public_desk(tmp_path) as here:
        card = await here.asks(STRANGER, "resource find", words="help with my cv")
        abroad = await here.asks(STRANGER, "resource find", words="apprenticeship in finland")
        anything = await here.asks(STRANGER, "resource find")

    assert 1 <= len(card.links) <= 3
    assert len(anything.links) == 3
    known = {one.url: one for one in knows().catalogue.resources}
    assert all({"GB", "*"} & set(known[link.url].regions) for link in card.links)
    regions = [set(known[link.url].regions) for link in abroad.links]
    assert regions
    assert all({"FI", "EU", "*"} & one for one in regions)


async def test_without_words_and_with_nothing_for_everybody_it_asks_for_words(
    tmp_path: Path,
) -> None:
    rows = tuple(replace(one, regions=("SG",)) for one in knows().catalogue.resources)
    async with public_desk(tmp_path, knowledge=with_rows(*rows)) as here:
        wordless = await here.asks(STRANGER, "resource find")
        found = await here.asks(STRANGER, "resource find", words="apprenticeship")

    assert wordless.title == "What do you need?"
    assert found.title == "No vetted match"


async def test_what_somebody_looks_for_is_not_kept(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        await here.asks(STRANGER, "resource find", words="help after zanzibarbankruptcy")

        assert b"zanzibarbankruptcy" not in here.on_disk()


def test_the_shipped_catalogue_waits_for_somebody_to_vet_it() -> None:
    assert all("to be confirmed" in one.vetted_by for one in cues_alone().catalogue.resources)
