"""Questions that are answered in the chat, on the whole way: read, noticed, kept, shown."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.decision import Answer, Recorded
from bot.domain.event import Event, Opened, Posted
from bot.domain.message import AccountRef, Message, Origin, Place
from bot.domain.reading import Priority
from bot.triage.read import First, Triage
from tests.support.build import DISCORD, account, desk, message, place
from tests.support.cues_only import CuesOnly, cues_only, triage
from tests.support.exports import discord_author, discord_json, discord_message
from tests.support.waymark import Ran, waymark

QUESTION = "how do i get a job in a bakery?"
GRAVE_QUESTION = "how do i get a job? i want to kill myself"
ASKER, OTHER = account("7"), account("8")


def says(
    number: int,
    text: str,
    by: AccountRef = OTHER,
    *,
    to: int | None = None,
    where: Place | None = None,
) -> Message:
    built = message(number, text, where)
    return replace(built, author=by, reply_to=None if to is None else str(to))


def events(*messages: Message) -> Sequence[Event]:
    """Open each place that is spoken in, then hand over the messages."""
    places = dict.fromkeys(said.ref.place for said in messages)
    return [*map(Opened, places), *map(Posted, messages)]


def answer(question: Message, by: Message) -> Answer:
    return Answer(question.ref.key, by.ref.key, by.sent_at)


async def only(here: CuesOnly) -> Recorded:
    (one,) = (await here.recorded()).values()
    return one


async def test_a_reply_answers_in_the_batch_of_the_question(upgraded_sqlite_url: str) -> None:
    question, reply = says(1, QUESTION, ASKER), says(4, "ask the ovens first", to=1)
    async with cues_only(upgraded_sqlite_url) as here:
        await here.hears(*events(question, says(2, "which town?", to=1), reply))
        kept = await only(here)

    assert kept.decision.priority is Priority.P3
    assert kept.answered == answer(question, reply)
    assert not kept.is_waiting


async def test_a_question_back_leaves_it_open(upgraded_sqlite_url: str) -> None:
    async with cues_only(upgraded_sqlite_url) as here:
        await here.hears(*events(says(1, QUESTION, ASKER), says(2, "which town?", to=1)))
        kept = await only(here)

    assert kept.answered is None
    assert kept.is_waiting


async def test_thanks_answer_after_words_from_which_nothing_follows(
    upgraded_sqlite_url: str,
) -> None:
    question, thanks = says(1, QUESTION, ASKER), says(3, "thanks, that helps", ASKER)
    async with cues_only(upgraded_sqlite_url) as here:
        await here.hears(*events(question, says(2, "ask the ovens first"), thanks))

        assert (await only(here)).answered == answer(question, thanks)


async def test_an_answer_long_after_a_restart_is_noticed(upgraded_sqlite_url: str) -> None:
    question, reply = says(1, QUESTION, ASKER), says(60 * 50, "ask the ovens first", to=1)
    async with cues_only(upgraded_sqlite_url) as before:
        await before.hears(*events(question))
    async with cues_only(upgraded_sqlite_url) as after:
        await after.hears(*events(reply))

        assert (await only(after)).answered == answer(question, reply)


async def test_thanks_count_when_the_words_before_were_read_in_an_earlier_run(
    upgraded_sqlite_url: str,
) -> None:
    question, words = says(1, QUESTION, ASKER), says(2, "ask the ovens first")
    thanks = says(3, "thanks", ASKER)
    async with cues_only(upgraded_sqlite_url) as before:
        await before.hears(*events(question, words))
    async with cues_only(upgraded_sqlite_url) as after:
        await after.hears(*events(question, words, thanks))

        assert after.app.intake.known == 2
        assert (await only(after)).answered == answer(question, thanks)


async def test_the_same_past_again_changes_nothing(upgraded_sqlite_url: str) -> None:
    question, reply = says(1, QUESTION, ASKER), says(2, "ask the ovens", to=1)
    again = says(3, "or a mill", to=1)
    for _ in range(2):
        async with cues_only(upgraded_sqlite_url) as here:
            await here.hears(*events(question, reply, again))

            assert (await only(here)).answered == answer(question, reply)


async def test_words_in_its_thread_answer(upgraded_sqlite_url: str) -> None:
    question = says(1, QUESTION, ASKER)
    words = says(2, "ask the ovens first", where=place(thread="1"))
    async with cues_only(upgraded_sqlite_url) as here:
        await here.hears(*events(question, words))

        assert (await only(here)).answered == answer(question, words)


async def test_what_is_urgent_stays_open_whatever_is_said(upgraded_sqlite_url: str) -> None:
    async with cues_only(upgraded_sqlite_url) as here:
        await here.hears(
            *events(
                says(1, GRAVE_QUESTION, ASKER),
                says(2, "talk to somebody", to=1),
                says(3, "thanks, that helps", ASKER),
            )
        )
        kept = await only(here)

    assert kept.decision.priority is Priority.P0
    assert kept.answered is None
    assert kept.is_waiting


async def test_who_is_in_danger_answers_nothing_but_has_spoken(upgraded_sqlite_url: str) -> None:
    question = says(1, QUESTION, ASKER)
    grave, thanks = says(2, "no jobs, i want to kill myself", to=1), says(3, "sorted", ASKER)
    async with cues_only(upgraded_sqlite_url) as here:
        await here.hears(*events(question, grave))
        assert (await here.recorded())["1"].answered is None
        await here.hears(*events(thanks))
        assert (await here.recorded())["1"].answered == answer(question, thanks)


async def test_bots_and_those_who_opted_out_answer_nothing(upgraded_sqlite_url: str) -> None:
    out = account("9")
    chosen = replace(desk(), opted_out=frozenset({f"{DISCORD}:{out.id}"}))
    bot = replace(says(2, "ask the ovens first", to=1), origin=Origin.BOT)
    async with cues_only(upgraded_sqlite_url, chosen) as here:
        silent = says(3, "ask the ovens first", out, to=1)
        thanks = says(4, "thanks", ASKER)
        await here.hears(*events(says(1, QUESTION, ASKER), bot, silent, thanks))

        assert (await only(here)).answered is None


async def test_a_message_that_breaks_the_look_at_answers_costs_that_answer_alone(
    upgraded_sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    class Breaking(Triage):
        def answering(self, first: First):  # type: ignore[no-untyped-def] # noqa: ANN202 - never returns
            raise ValueError(first.plain.original)

    question, reply = says(1, QUESTION, ASKER), says(2, "heliotrope", to=1)
    async with cues_only(upgraded_sqlite_url, reads=triage(Breaking)) as here:
        await here.hears(*events(question, reply, says(3, QUESTION, OTHER)))
        logged = capsys.readouterr()

        assert {key: one.answered for key, one in (await here.recorded()).items()} == {
            "1": None,
            "3": None,
        }
        assert "triage is broken" in logged.out + logged.err
        assert "heliotrope" not in logged.out + logged.err


def by_cues(*args: object) -> Ran:
    """Run the command without trained weights: what they find is not what is tested here."""
    return waymark(*args, WAYMARK_WEIGHTS="no-such-folder")


def chat(*lines: tuple[str, str, int | None]) -> list[dict[str, object]]:
    """Lines by author, text, and the number of the line that is replied to."""
    return [
        discord_message(
            number,
            content=text,
            author=discord_author(f"90000000000000000{author}"),
            reference=None if to is None else {"messageId": discord_message(to)["id"]},
        )
        for number, (author, text, to) in enumerate(lines)
    ]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "chat.json"
    lines = chat(
        ("1", QUESTION, None),
        ("2", "which course do i need for plumbing?", None),
        ("3", "ask the ovens first", 0),
    )
    path.write_bytes(discord_json(lines))
    return path


def test_a_replay_says_what_was_answered_and_what_is_open(export: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = by_cues("replay", export, "--html", page)
    text = " ".join(ran.out.split())

    assert ran.code == 0, ran.err
    for told in (text, " ".join(page.read_text().split())):
        assert "2 questions were asked: 1 answered in the chat, 1 open." in told
        assert "answered in the chat after 2 min" in told
        assert "1 can wait (P3 routine). 1 more was answered in the chat." in told


def test_a_line_of_a_question_says_when_it_was_answered(export: Path) -> None:
    ran = by_cues("replay", export, "--json")
    lines = [json.loads(line) for line in ran.out.splitlines()]

    answers = [line["answered"] for line in lines]
    assert [one and one["after_min"] for one in answers] == [2, None]
    assert answers[0]["in_words"] == "answered in the chat after 2 min"
    assert answers[0]["by"].endswith(str(discord_message(2)["id"]))


def test_a_thread_whose_file_comes_first_answers_its_channel(tmp_path: Path) -> None:
    start = discord_message(0)["id"]
    channel = chat(("1", QUESTION, None))
    thread = chat(("1", "", None), ("2", "ask the ovens first", None))[1:]
    (tmp_path / "b.json").write_bytes(discord_json(channel))
    (tmp_path / "a.json").write_bytes(
        discord_json(
            thread,
            id=start,
            type="GuildPublicThread",
            categoryId="800000000000000001",
            category="job-search",
            name="bakery",
        )
    )
    ran = by_cues("replay", tmp_path, "--json")

    (line,) = map(json.loads, ran.out.splitlines())
    assert line["answered"]["after_min"] == 1
