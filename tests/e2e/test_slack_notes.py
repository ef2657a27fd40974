"""What is said in public in Slack: notes and resources, from asking people to a reply and back."""

from pathlib import Path

from bot.commands.table import TABLE
from bot.domain.output import Kind
from tests.support.fake_slack.workspace import Raw
from tests.support.public import ASKED, knows
from tests.support.slackdesk import SlackDesk, slackdesk
from tests.support.slacktown import Slacktown, slacktown

WRONG = "you are too old for an apprenticeship at 30"


async def look(bot: SlackDesk) -> None:
    assert bot.app.watch is not None
    await bot.app.watch.publishing.look()


def replies(here: Slacktown, to: Raw) -> list[Raw]:
    held = here.jobs.messages.values()
    return [one for one in held if one.get("thread_ts") == to["ts"] and one["ts"] != to["ts"]]


async def press(here: Slacktown, user: str, label: str) -> None:
    """Press a button on the newest message that somebody has from the bot."""
    channel = next(
        one
        for one in here.town.space.channels.values()
        if one.is_im and user in one.members and one.messages
    )
    ts = max(channel.messages)
    elements = [e for b in channel.messages[ts]["blocks"] for e in b.get("elements", ())]
    button = next(one for one in elements if one.get("text", {}).get("text") == label)
    await here.town.interacts(here.town.press(channel, ts, user, button["action_id"]))


async def test_a_note_goes_from_a_shortcut_by_two_people_to_the_thread_and_is_taken_back(
    tmp_path: Path,
) -> None:
    async with slacktown(TABLE) as here, slackdesk(here, tmp_path) as bot:
        await here.town.say(here.jobs, "UPIP", WRONG)
        message = here.jobs.messages[max(here.jobs.messages)]
        shortcut = here.town.shortcut(here.jobs, message["ts"], "UADA", "note.suggest")
        await here.town.interacts(shortcut)
        await bot.until(lambda: bool(here.slack.views))
        await here.town.interacts(here.town.submit("UADA", {"claim": "apprenticeship-age"}))
        while not await bot.store.outputs.open("north", 9):
            await bot.until(lambda: True)
        await look(bot)
        await bot.until(lambda: bool(bot.copies("UBO")))
        assert WRONG not in str(bot.copies("UBO"))
        await press(here, "UBO", "Approve and post")
        await bot.until(lambda: bool(replies(here, message)))
        (note,) = replies(here, message)
        assert "no upper age limit" in str(note)
        assert WRONG not in str(note)
        while not (posted := await bot.store.outputs.posted("north", 9)):
            await look(bot)
        (one,) = posted
        command = here.town.command(here.jobs, "UADA", f"note withdraw {one.id}")
        await here.town.interacts(command)
        await bot.until(lambda: "taken back" in str(replies(here, message)))


async def test_a_question_is_answered_in_its_thread_on_a_press_and_the_answer_goes_with_it(
    tmp_path: Path,
) -> None:
    async with slacktown(TABLE) as here, slackdesk(here, tmp_path, knows=knows()) as bot:
        await here.town.say(here.jobs, "UPIP", ASKED)
        message = here.jobs.messages[max(here.jobs.messages)]
        while not bot.copies("UADA"):
            await look(bot)
        await press(here, "UADA", "Answer with resources")
        await bot.until(lambda: bool(replies(here, message)))
        assert "Cy Clarke" in str(replies(here, message))
        while not await bot.store.outputs.posted("north", 9, Kind.RESOURCES):
            await look(bot)
        await here.town.delete(here.jobs, message["ts"])
        await bot.until(lambda: not replies(here, message))
