"""What is said in public on Discord: notes and resources, from asking people to a reply."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.commands.table import TABLE
from bot.domain.output import Kind
from tests.support.discord_desk import ADA, BO, Duty, discord_server, on_duty
from tests.support.fake_discord.interactions import MODAL, Interaction
from tests.support.fake_discord.server import FakeDiscord
from tests.support.fake_discord.state import Json
from tests.support.live import GRAVE
from tests.support.public import ASKED, knows

WRONG = "you are too old for an apprenticeship at 30"


async def look(here: Duty) -> None:
    assert here.app.watch is not None
    await here.app.watch.publishing.look()


@asynccontextmanager
async def form_of_a_note(
    folder: Path,
) -> AsyncIterator[tuple[Duty, FakeDiscord, Json, Interaction]]:
    """Let somebody write what is wrong, and Ada open the form of a note about it."""
    async with (
        discord_server() as (discord, clock),
        on_duty(folder, discord, clock, table=TABLE) as here,
    ):
        raw = await discord.say("20", "7", WRONG)
        await here.until_counted(1)
        opened = await discord.choose("Suggest accuracy note", ADA, "20", raw["id"])
        await discord.until_answered(opened)
        yield here, discord, raw, opened


def replies(here: Duty) -> list[Json]:
    return [one for one in here.discord.said("20") if one.get("embeds")]


async def test_a_note_goes_from_the_menu_by_two_people_to_a_reply_and_away_again(
    tmp_path: Path,
) -> None:
    async with form_of_a_note(tmp_path) as (here, discord, raw, opened):
        sent = await discord.submit(opened, ADA, claim="apprenticeship-age")
        shown = await discord.until_shown(sent)
        assert "Proposed by Ada" in str(shown["embeds"])
        await look(here)
        (asked,) = await here.pages(BO, 1)
        assert WRONG not in str(asked)
        await discord.press("Approve and post", BO, on=asked)
        await here.until(lambda: replies(here))
        (note,) = replies(here)
        assert note["message_reference"]["message_id"] == raw["id"]
        assert note["mentions"] == []
        assert "no upper age limit" in str(note["embeds"])
        assert WRONG not in str(note)
        await here.until(lambda: "Approved by Bo" in str(asked["embeds"]))
        while not await here.store.outputs.posted("north", 9):
            await look(here)
        await discord.delete("20", raw["id"])
        await here.until(lambda: not replies(here))


async def test_whoever_suggests_what_another_has_proposed_may_be_the_second(
    tmp_path: Path,
) -> None:
    async with form_of_a_note(tmp_path) as (here, discord, raw, opened):
        await discord.until_shown(await discord.submit(opened, ADA, claim="apprenticeship-age"))
        again = await discord.until_shown(
            await discord.submit(opened, ADA, claim="apprenticeship-age")
        )
        second = await discord.choose("Suggest accuracy note", BO, "20", raw["id"])
        await discord.until_answered(second)
        sent = await discord.submit(second, BO, claim="apprenticeship-age")
        asked = await discord.until_shown(sent)
        before = replies(here)
        await discord.press("Approve and post", BO, on=asked)
        await here.until(lambda: replies(here))
        late = await discord.choose("Suggest accuracy note", BO, "20", raw["id"])
        await discord.until_answered(late)
        said = await discord.until_shown(await discord.submit(late, BO, claim="apprenticeship-age"))

    assert "Proposed by Ada. A second person is asked." in str(again)
    assert "Ada proposes it. Read the message first." in str(asked)
    assert "no upper age limit" in str(asked)
    assert before == []
    assert "Approved by Bo." in str(said)


async def test_whoever_may_not_suggest_a_note_is_told_before_a_form_opens(tmp_path: Path) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE) as here,
    ):
        raw = await discord.say("20", "7", WRONG)
        await here.until_counted(1)
        chosen = await discord.choose("Suggest accuracy note", "7", "20", raw["id"])
        shown = await discord.until_shown(chosen)

    assert "This is for people of this desk." in str(shown["embeds"])
    assert chosen.answer is not None
    assert chosen.answer["type"] != MODAL


async def test_the_form_offers_the_claims_most_like_the_message_and_takes_words(
    tmp_path: Path,
) -> None:
    async with form_of_a_note(tmp_path) as (_here, discord, _raw, opened):
        listed = opened.modal["components"][0]["component"]["options"]
        nothing = await discord.until_shown(await discord.submit(opened, ADA))
        sent = await discord.submit(opened, ADA, words="apprenticeship", claim="cv-gap")
        several = await discord.until_shown(sent)

    assert listed[0]["value"] == "apprenticeship-age"
    assert not any(one["default"] for one in listed)
    assert "Choose a claim" in str(nothing["embeds"])
    assert "apprenticeship-age: Apprenticeships are only" in str(several["embeds"])
    assert "apprenticeship-no-degree" in str(several["embeds"])


async def test_a_note_can_be_disputed_as_soon_as_it_is_seen(tmp_path: Path) -> None:
    async with form_of_a_note(tmp_path) as (here, discord, _raw, opened):
        await discord.until_shown(await discord.submit(opened, ADA, claim="apprenticeship-age"))
        await look(here)
        (asked,) = await here.pages(BO, 1)
        await discord.press("Approve and post", BO, on=asked)
        await here.until(lambda: replies(here))
        (note,) = replies(here)
        pressed = await discord.press("Dispute", "7", on=note)
        shown = await discord.until_shown(pressed)
        (told,) = await here.pages(ADA, 1)

        while not await here.store.outputs.posted("north", 9):
            await look(here)
        await here.until(lambda: "It is posted" in str(asked["embeds"]))
        after = str(told["embeds"])
        await discord.press("Take it back", ADA, on=told)
        await here.until(lambda: "has an error" not in str(told["embeds"]))

    assert "will check" in str(shown["embeds"])
    assert "says that it has an error" in after
    assert "It is posted." in after


async def test_no_note_is_suggested_under_the_words_of_somebody_in_danger(tmp_path: Path) -> None:
    async with form_of_a_note(tmp_path) as (here, discord, _raw, opened):
        await discord.say("20", "7", GRAVE)
        await here.pages(ADA, 1)
        sent = await discord.submit(opened, ADA, claim="apprenticeship-age")
        shown = await discord.until_shown(sent)

    assert "Help comes first" in str(shown["embeds"])


async def test_a_question_is_answered_on_a_press_and_the_answer_goes_with_it(
    tmp_path: Path,
) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE, knows=knows()) as here,
    ):
        raw = await discord.say("20", "7", ASKED)
        await here.until_counted(1)
        while not discord.dms(ADA):
            await look(here)
        (asked,) = discord.dms(ADA)
        await discord.press("Answer with resources", ADA, on=asked)
        await here.until(lambda: replies(here))
        (answer,) = replies(here)
        assert answer["message_reference"]["message_id"] == raw["id"]
        assert "Cy Clarke" in str(answer["embeds"])
        while not await here.store.outputs.posted("north", 9, Kind.RESOURCES):
            await look(here)
        await discord.delete("20", raw["id"])
        await here.until(lambda: not replies(here))


async def test_a_member_finds_resources_privately(tmp_path: Path) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE, knows=knows()),
    ):
        asked = await discord.command("resource find", "7", "20", words="help with my cv")
        shown = await discord.until_shown(asked)

    assert shown["flags"] & 64
    assert "Cy Clarke" in str(shown["embeds"])
