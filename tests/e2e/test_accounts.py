"""One person with several accounts, on two scripted platforms."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.domain.alert import State
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.practitioner import Practitioner
from bot.domain.space import Standing
from tests.support.duty_desk import (
    ADA,
    ADA_IN_SLACK,
    BO,
    GRAVE,
    STRANGER,
    DutyDesk,
    duty_desk,
    said,
    two_people,
)
from tests.support.rota import profile


def code_on(card: Card) -> str:
    return card.paragraphs[0]


async def linked(here: DutyDesk) -> None:
    code = code_on(await here.asks(ADA, "practitioner link"))
    assert (await here.asks(ADA_IN_SLACK, "practitioner link", code=code)).title == "Linked"


async def test_a_code_joins_a_second_account(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        code = code_on(await here.asks(ADA, "practitioner link"))
        card = await here.asks(ADA_IN_SLACK, "practitioner link", code=code.lower())
        shown = await here.asks(BO, "practitioner show", person="ada")

        assert card.title == "Linked"
        assert "slack:U1" in shown.text
        assert code.encode() not in here.on_disk()  # only its digest is kept


async def test_what_a_linked_account_presses_counts_as_the_persons(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await linked(here)
        await here.hears(*said(GRAVE))
        on = here.messages(BO)[0][0]
        await here.presses(ADA_IN_SLACK, "alert.take", on)

        assert (await here.case()).holder == ADA
        assert here.now_says(ADA) == here.now_says(BO) == ["Ada took it at 14:00 UTC."]


async def test_what_a_linked_account_types_counts_as_the_persons(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await linked(here)
        await here.hears(*said(GRAVE))
        await here.asks(ADA_IN_SLACK, "case take", key=(await here.case()).key)

        assert (await here.case()).holder == ADA


async def test_a_link_outlives_a_restart(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await linked(here)
        chats, clock = here.chats, here.clock
    async with duty_desk(tmp_path, on=chats, clock=clock) as again:
        assert (await again.asks(ADA_IN_SLACK, "case list")).title == "Open cases"


async def test_pages_go_to_the_first_account_alone(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await linked(here)
        await here.hears(*said(GRAVE))

        assert len(here.messages(ADA)) == 1
        assert here.messages(ADA_IN_SLACK) == []


async def test_an_unlinked_account_counts_no_more(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await linked(here)
        await here.asks(ADA_IN_SLACK, "practitioner unlink")
        card = await here.asks(ADA_IN_SLACK, "case list")

        assert "This is for people of this desk" in card.text


async def test_an_account_of_the_file_is_not_unlinked_by_a_command(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        card = await here.asks(ADA, "practitioner unlink")

        assert "stands in the desk's file" in card.text


async def test_a_wrong_a_used_and_an_old_code_are_refused_in_words(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        code = code_on(await here.asks(ADA, "practitioner link"))
        wrong = await here.asks(STRANGER, "practitioner link", code="AAAAAAAAAA")
        await here.asks(ADA_IN_SLACK, "practitioner link", code=code)
        used = await here.asks(STRANGER, "practitioner link", code=code)
        newer = code_on(await here.asks(BO, "practitioner link"))
        here.clock.turn(minutes=10)
        old = await here.asks(STRANGER, "practitioner link", code=newer)

        assert wrong.text == used.text == old.text
        assert "wrong, was used, or is older than ten minutes" in wrong.text


async def test_five_wrong_codes_an_hour_are_the_most(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        for _ in range(5):
            await here.asks(STRANGER, "practitioner link", code="AAAAAAAAAA")
        right = code_on(await here.asks(ADA, "practitioner link"))
        card = await here.asks(STRANGER, "practitioner link", code=right)
        here.clock.turn(hours=1)
        later = code_on(await here.asks(ADA, "practitioner link"))

        assert "Too many codes were tried" in card.text
        assert (await here.asks(STRANGER, "practitioner link", code=later)).title == "Linked"


async def test_a_stranger_gets_no_code(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        card = await here.asks(STRANGER, "practitioner link")

        assert "does not know this account" in card.text


def with_profile(expires: date, verified_on: date | None) -> Desk:
    ada = Practitioner(
        "Ada", ADA, id="ada", profile=profile(expires=expires, verified_on=verified_on)
    )
    return replace(two_people(), practitioners=(ada, two_people().practitioners[1]))


async def test_an_unverified_profile_gives_no_duty_and_says_why(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, with_profile(date(2027, 1, 1), None)) as here:
        refused = await here.asks(ADA, "duty on")
        shown = await here.asks(BO, "practitioner list")

        assert "is not verified" in refused.text
        assert "not on duty: the profile is not verified yet" in shown.text


async def test_an_expired_profile_gives_no_duty_and_says_why(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, with_profile(date(2026, 1, 4), date(2025, 1, 1))) as here:
        refused = await here.asks(ADA, "duty on")
        await here.hears(*said(GRAVE))

        assert "has expired" in refused.text
        assert here.messages(ADA) == []  # nor is she paged
        assert (await here.case()).state is State.OPEN


async def test_whoever_left_the_space_may_no_longer_ask(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        here.chats[ADA.platform].standings[ADA] = Standing(is_member=False)
        card = await here.asks(ADA, "case list")

        assert "This is for people of this desk" in card.text
