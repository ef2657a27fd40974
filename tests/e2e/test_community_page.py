"""Stories of people before the page of the practice community, in a real browser.

With WAYMARK_PICTURES naming a folder, each story leaves a picture of its windows there.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from adapters.local.people import Person
from adapters.local.said import Said, written
from adapters.local.tour import ScriptLine
from bot.community import DESK, Asked, Script, practise
from bot.data.desk import load_desk
from bot.domain.action import Post, ShowPrivately
from bot.domain.card import Button, Card, Link
from bot.domain.command import Choice, Command, Form, Line, Menu, Option, Table
from bot.domain.event import Commanded, Event, Pressed, Submitted
from tests.support.browser import Desk, connected, launched, write
from tests.support.build import NOON
from tests.support.live import cues_alone
from tests.support.local import COMMUNITY, opened, who
from tests.support.scripted import Hands

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

GRAVE = "i want to kill myself"
URGENT = "i wish i was dead"
QUIET = "lovely weather today"
LINES = Script(
    (
        ScriptLine("cast-1", "general", QUIET, "Monday 09:00"),
        ScriptLine("cast-1", "job-search", URGENT, "Monday 09:05"),
        ScriptLine("cast-1", "general", QUIET, "Monday 09:10"),
    ),
    (Person("cast-1", "Otto", plays=True),),
)
E = TypeVar("E")
PLACE = COMMUNITY.place("20")
REPORT = Form("report", "Report it", (
    Line("what", "What is wrong?", "In a few words.", is_long=True, most=40),
    Line("how", "How bad is it?", choices=(Choice("1", "A little"), Choice("2", "Very"))),
))  # fmt: skip
TABLE = Table(
    commands=(
        Command("resource", "find", "Find something to read",
                options=(Option("about", "What about", suggests=True),)),
        Command("privacy", "ask", "Ask about your data", form=REPORT),
    ),
    menus=(Menu("report", "Report it to the desk", form=REPORT),),
)  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as started:
        yield started


@dataclass(slots=True)
class Bot:
    """The whole bot in its practice community, that can be stopped and started again."""

    folder: Path
    address: str = ""
    task: asyncio.Task[object] | None = None

    async def start(self, tasks: asyncio.TaskGroup) -> None:
        ready = asyncio.get_running_loop().create_future()
        port = int(self.address.split(":")[2].split("/")[0]) if self.address else 0
        self.task = tasks.create_task(
            practise(
                Asked(self.folder, ready.set_result, port, TABLE, LINES),
                desk=load_desk(DESK),
                knowledge=cues_alone(),
                clock=Hands(NOON),
                chance=lambda: 0.5,
                author_key=b"k" * 40,
            )
        )
        self.address = await ready

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.wait([self.task])


@asynccontextmanager
async def story(browser: Browser, address: str, name: str) -> AsyncIterator[Desk]:
    """Open the windows of a story; it holds only if none of them had an error."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    desk = Desk(context, address)
    yield desk
    folder = os.environ.get("WAYMARK_PICTURES")  # noqa: TID251 - for who looks at them
    for number, page in enumerate(context.pages if folder else ()):
        await page.screenshot(path=Path(folder or "") / f"{name}-{number}.png")
    await context.close()
    assert desk.errors == []


@asynccontextmanager
async def practising(browser: Browser, folder: Path, name: str) -> AsyncIterator[tuple[Desk, Bot]]:
    bot = Bot(folder)
    async with asyncio.TaskGroup() as tasks:
        await bot.start(tasks)
        async with story(browser, bot.address, name) as desk:
            yield desk, bot
        await bot.stop()


async def open_alerts(page: Page) -> None:
    """Open the messages from Waymark as soon as there is one."""
    place = page.locator("#talks button", has_text="Waymark")
    await expect(place).to_contain_text("new")
    await place.click()


async def test_the_first_minute_ends_with_an_alert_taken(browser: Browser, tmp_path: Path) -> None:
    async with practising(browser, tmp_path, "first-minute") as (desk, _):
        mina = await desk.window()
        await expect(mina.locator("#first")).to_be_visible()
        await mina.locator("#text").fill("half a sentence")
        await mina.locator("#open-talk").click()
        await mina.get_by_role("button", name="Send an example for me").click()
        await expect(mina.locator("#place")).to_have_text("#general")
        await expect(mina.locator("#messages")).to_contain_text("a way out")
        await expect(mina.locator("#text")).to_have_value("half a sentence")
        async with desk.context.expect_page() as opening:
            await mina.get_by_role("button", name="Open Aino's window").click()
        aino = await opening.value
        await connected(aino)
        await open_alerts(aino)
        await aino.get_by_role("button", name="Take it").click()
        await expect(aino.locator(".card")).to_contain_text("Aino took it at")
        await expect(aino.locator("#desk .queue li").first).to_contain_text("Aino took it at")
        await aino.get_by_role("button", name="Open the message").click()
        await expect(aino.locator(".message.target")).to_contain_text("a way out")
        await expect(mina.locator("#desk")).to_contain_text("members do not see the desk")


async def test_the_first_minute_names_who_sits_there(browser: Browser, tmp_path: Path) -> None:
    async with practising(browser, tmp_path, "names") as (desk, _):
        page = await desk.window()
        await expect(page.locator("#first")).to_contain_text("You are Mina,")
        await page.locator("#who").select_option("tomas")
        await expect(page.locator("#first")).to_contain_text("You are Tomas,")


async def test_an_alert_that_nobody_takes_goes_to_the_next_and_then_to_all(
    browser: Browser, tmp_path: Path
) -> None:
    async with practising(browser, tmp_path, "escalation") as (desk, _):
        mina, ben = await desk.window("mina"), await desk.window("ben")
        await write(mina, URGENT)
        await expect(ben.locator("#desk .queue")).to_contain_text("P1 urgent")
        take = await ben.get_by_role("button", name="Take this case").bounding_box()
        link = await ben.get_by_role("button", name="Open it in #general").bounding_box()
        assert take is not None
        assert link is not None
        beside, below = (
            link["x"] - take["x"] - take["width"],
            link["y"] - take["y"] - take["height"],
        )
        assert max(beside, below) >= 6  # pixels between the two
        await expect(ben.locator("#talks button", has_text="Waymark")).not_to_contain_text("new")
        for _minutes in range(3):
            await ben.get_by_role("button", name="Let 5 minutes pass").click()
        await open_alerts(ben)
        await expect(ben.locator(".card")).to_contain_text("You are next")
        sam = await desk.window("sam")
        called = sam.locator("#talks button", has_text="Waymark").locator(".badge")
        while not await called.is_visible():
            due = await ben.locator("#desk .queue .quiet").text_content()
            await ben.get_by_role("button", name="Let an hour pass").click()
            await expect(ben.locator("#desk .queue .quiet")).not_to_have_text(due or "")
        await open_alerts(sam)
        await expect(sam.locator(".card").first).to_contain_text("Nobody has it yet")
        # The audit does not take what was skipped for workers that stood still.
        await expect(sam.locator("#messages")).not_to_contain_text("check of this desk")


async def test_time_that_passed_is_noted_for_some_seconds_and_nothing_moves(
    browser: Browser, tmp_path: Path
) -> None:
    async with practising(browser, tmp_path, "note") as (desk, _):
        mina = await desk.window("mina")
        before = await mina.locator("main").bounding_box()
        await mina.clock.install()
        await mina.get_by_role("button", name="Let 5 minutes pass").click()
        await expect(mina.locator("#note")).to_have_text("5 minutes went by.")
        assert await mina.locator("main").bounding_box() == before
        await connected(mina)
        await mina.clock.run_for(6_000)
        await expect(mina.locator("#note")).to_have_text("")
        await mina.get_by_role("button", name="Let an hour pass").click()
        await expect(mina.locator("#note")).to_have_text("An hour went by.")


async def test_more_is_for_one_pair_of_eyes(browser: Browser, tmp_path: Path) -> None:
    async with practising(browser, tmp_path, "more") as (desk, _):
        mina, aino, ben = [await desk.window(one) for one in ("mina", "aino", "ben")]
        await write(mina, GRAVE)
        await open_alerts(aino)
        await aino.get_by_role("button", name="More", exact=True).click()
        private = aino.locator(".message.private")
        await expect(private).to_contain_text("Only you see this")
        await expect(private).to_contain_text("says they intend to end their life")
        await open_alerts(ben)
        await expect(ben.locator(".card")).to_contain_text("P0 emergency")
        assert "intend to end" not in await ben.locator("#messages").inner_text()
        await private.get_by_role("button", name="Put away").click()
        await expect(private).to_have_count(0)


async def test_a_private_answer_in_a_channel_is_on_nobody_elses_page(
    browser: Browser, tmp_path: Path
) -> None:
    async with opened(tmp_path) as here, story(browser, here.address, "private") as desk:
        aino, tomas = await desk.window("aino", "20"), await desk.window("8", "20")
        card = Card("A question is open", buttons=(Button("more", "Tell me more"),))
        await here.platform.perform(Post(PLACE, card), key="k")
        await aino.get_by_role("button", name="Tell me more").click()
        pressed = await _heard(here.inbox.events, Pressed)
        answer = ShowPrivately(who("aino"), pressed.id, Card("For your eyes"))
        await here.platform.perform(answer, key="k2")
        await here.platform.perform(Post(PLACE, Card("For all")), key="k3")
        await expect(aino.locator(".message.private")).to_contain_text("For your eyes")
        for _again in range(2):
            await expect(tomas.locator("#messages")).to_contain_text("For all")
            assert "For your eyes" not in await tomas.content()
            await tomas.reload()
            await connected(tomas)
        await aino.reload()
        await expect(aino.locator(".message.private")).to_contain_text("For your eyes")


async def _heard(events: list[Event], kind: type[E]) -> E:
    """Wait until the bot has heard such an event."""
    while not (found := [one for one in events if isinstance(one, kind)]):  # noqa: ASYNC110 - as in live
        await asyncio.sleep(0)
    return found[-1]


async def test_a_form_is_filled_in_and_sent(browser: Browser, tmp_path: Path) -> None:
    async with (
        opened(tmp_path, table=TABLE) as here,
        story(browser, here.address, "form") as desk,
    ):
        mina = await desk.window("7", "20")
        await write(mina, "this job advert is odd")
        message = mina.locator(".message", has_text="advert is odd")
        await message.locator("summary").click()
        await message.get_by_role("button", name="Report it to the desk").click()
        await mina.get_by_label("What is wrong?").fill("They ask for money first")
        await mina.get_by_label("How bad is it?").select_option("Very")
        await mina.locator("#form").get_by_role("button", name="Send").click()
        await expect(mina.locator("#form")).not_to_be_visible()
        sent = await _heard(here.inbox.events, Submitted)

    assert sent.values == {"what": "They ask for money first", "how": "2"}
    assert sent.about is not None
    assert sent.about.text == "this job advert is odd"


async def test_a_command_is_found_and_completed_by_keyboard(
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        opened(tmp_path, table=TABLE) as here,
        story(browser, here.address, "command") as desk,
    ):
        here.inbox.choices = (Choice("cv-1", "How to write a CV"),)
        mina = await desk.window("7", "20")
        await mina.locator("#text").press("/")
        await mina.keyboard.type("reso")
        await mina.keyboard.press("Enter")
        about = mina.get_by_label("about")
        await about.fill("How")
        option = mina.locator("#choices-about option")
        await expect(option).to_have_attribute("value", "How to write a CV")
        await about.fill("How to write a CV")
        await about.press("Enter")
        asked = await _heard(here.inbox.events, Commanded)

    assert (asked.noun, asked.verb, asked.options) == ("resource", "find", {"about": "cv-1"})


async def test_the_focus_stays_on_the_place_that_was_chosen(
    browser: Browser, tmp_path: Path
) -> None:
    async with practising(browser, tmp_path, "focus") as (desk, _):
        aino, mina = await desk.window("aino"), await desk.window("mina")
        await write(mina, GRAVE)
        waymark = aino.locator("#talks button", has_text="Waymark")
        await expect(waymark).to_contain_text("new")
        for place, opened_as in ((aino.locator("[data-place='job-search']"), "#job-search"),
                                 (waymark, "Waymark")):  # fmt: skip
            await place.focus()
            await aino.keyboard.press("Enter")
            await expect(aino.locator("#place")).to_have_text(opened_as)
            await expect(place).to_be_focused()
        await expect(aino.locator(".card")).to_be_visible()
        await expect(waymark).to_be_focused()


async def test_after_a_reload_all_is_where_it_was(browser: Browser, tmp_path: Path) -> None:
    async with practising(browser, tmp_path, "reload") as (desk, _):
        aino, mina = await desk.window("aino", "general"), await desk.window("mina", "job-search")
        await write(mina, "one")
        await expect(aino.locator("[data-place='job-search']")).to_contain_text("1 new")
        for page in (aino, mina):
            await page.reload()
            await connected(page)
        await expect(aino.locator("[data-place='job-search']")).to_contain_text("1 new")
        await expect(mina.locator("#place")).to_have_text("#job-search")
        await expect(mina.locator("#messages")).to_contain_text("one")
        await expect(mina.locator("#who")).to_have_value("mina")
        await aino.locator("[data-place='job-search']").click()
        await expect(aino.locator("#messages")).to_contain_text("one")
        await aino.reload()
        await connected(aino)
        await expect(aino.locator("[data-place='job-search']")).not_to_contain_text("new")


async def test_the_bot_is_started_again_under_an_open_page(
    browser: Browser, tmp_path: Path
) -> None:
    async with asyncio.TaskGroup() as tasks:
        bot = Bot(tmp_path)
        await bot.start(tasks)
        async with story(browser, bot.address, "restart") as desk:
            mina, aino = await desk.window("mina"), await desk.window("aino")
            await write(mina, GRAVE)
            await open_alerts(aino)
            await expect(aino.get_by_role("button", name="Take it")).to_be_visible()
            await mina.locator("#text").fill("half a sentence")
            await bot.stop()
            for page in (mina, aino):
                await expect(page.locator("#status")).to_contain_text("Not connected")
            await mina.get_by_role("button", name="Let an hour pass").click()
            await expect(mina.locator("#said")).to_contain_text("Not connected")
            await expect(mina.locator("#note")).to_have_text("")
            await bot.start(tasks)
            await connected(aino)
            await connected(mina)
            await expect(mina.locator("#text")).to_have_value("half a sentence")
            await aino.get_by_role("button", name="Take it").click()
            await expect(aino.locator(".card")).to_contain_text("Aino took it at")
            await write(mina, "and on")
            await expect(mina.locator("#messages")).to_contain_text("and on")
            await bot.stop()


async def test_what_is_said_while_the_connection_is_cut_is_found_when_it_is_mended(
    browser: Browser, tmp_path: Path
) -> None:
    async with practising(browser, tmp_path, "cut") as (desk, _):
        mina, aino = await desk.window("mina"), await desk.window("aino")
        await write(mina, QUIET)
        await expect(aino.locator("#desk dl")).to_contain_text("seen1")
        await aino.get_by_role("button", name="Cut Waymark's connection").click()
        await expect(mina.locator("#cut-state")).to_contain_text("It is cut")
        await write(mina, GRAVE)
        await expect(mina.locator("#messages")).to_contain_text(GRAVE)
        await expect(aino.locator("#desk")).to_contain_text("Nothing waits")
        await mina.get_by_role("button", name="Mend Waymark's connection").click()
        await expect(aino.locator("#desk .queue")).to_contain_text("P0 emergency")
        await expect(aino.locator("#desk dl")).to_contain_text("seen2")


async def test_five_thousand_messages_leave_the_page_small(
    browser: Browser, tmp_path: Path
) -> None:
    async with opened(tmp_path) as here, story(browser, here.address, "long") as desk:
        for number in range(1, 5_001):
            said = Said(here.platform.state.next_id(), "20", "8", f"message {number}", NOON)
            here.platform.state.apply({"said": written(said)})
        mina = await desk.window("7", "20")
        rows = mina.locator("#messages > li")
        await expect(rows).to_have_count(50)
        await expect(rows.last).to_contain_text("message 5000")
        for first in (4_951, 4_901, 4_851, 4_801, 4_751):
            # Nobody scrolls on before they see what came: a stretch is asked for by a scroll.
            await expect(rows.first).to_contain_text(f"message {first}")
            assert await rows.count() <= 150
            await mina.locator("#log").evaluate("log => { log.scrollTop = 0; }")
        await mina.get_by_role("button", name="Back to the newest messages").click()
        await expect(rows.last).to_contain_text("message 5000")
        for number in range(120):
            await here.platform.say("8", "20", f"more {number}")
        await expect(rows.last).to_contain_text("more 119")
        assert await rows.count() <= 150


async def test_a_window_taller_than_what_has_come_is_filled(
    browser: Browser, tmp_path: Path
) -> None:
    async with opened(tmp_path) as here, story(browser, here.address, "tall") as desk:
        for number in range(1, 121):
            said = Said(here.platform.state.next_id(), "20", "8", f"message {number}", NOON)
            here.platform.state.apply({"said": written(said)})
        mina = await desk.window("7", "off-topic")
        await mina.set_viewport_size({"width": 1280, "height": 15_000})
        await mina.locator("[data-place='20']").click()
        await expect(mina.locator("#messages > li")).to_have_count(120)
        await expect(mina.locator("#earlier")).not_to_be_visible()


async def test_hostile_text_stays_text(browser: Browser, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> [x](javascript:alert(3)) <b>"
    async with (
        opened(tmp_path, table=TABLE) as here,
        story(browser, here.address, "hostile") as desk,
    ):
        mina = await desk.window("7", "20")
        asked: list[str] = []
        mina.on("dialog", lambda dialog: asked.append(dialog.message))
        await write(mina, hostile)
        card = Card(
            hostile, (hostile,), links=(Link(hostile, "javascript:alert(4)"),), footer=hostile,
            buttons=(Button("x", hostile),),
        )  # fmt: skip
        await here.platform.perform(Post(PLACE, card), key="k")
        await expect(mina.locator(".card")).to_be_visible()
        text = mina.locator(".message > .text").first
        await expect(text).to_have_text(hostile)
        assert await mina.locator("#log img, #log script, #log b, #log a").count() == 0
        await mina.locator(".message").first.locator("summary").click()
        await mina.get_by_role("button", name="Why?").click()
        await expect(mina.locator("#why")).to_be_visible()

    assert asked == []


async def test_the_tour_explains_each_line_and_finds_the_next_alert(
    browser: Browser, tmp_path: Path
) -> None:
    async with practising(browser, tmp_path, "tour") as (desk, _):
        mina, aino = await desk.window("mina"), await desk.window("aino")
        await mina.get_by_role("button", name="Put this away").click()
        await expect(mina.locator("#first")).not_to_be_visible()
        await mina.get_by_role("button", name="One message").click()
        await expect(mina.locator("#tour-last")).to_contain_text("Nothing follows")
        await expect(mina.locator("#tour-count")).to_have_text("1 of 3 messages")
        await mina.get_by_role("button", name="To the next alert").click()
        await expect(mina.locator("#tour-last")).to_contain_text("P1 urgent")
        await expect(mina.locator("#tour-count")).to_have_text("2 of 3 messages")
        await expect(mina.locator("#tour-play")).to_have_text("Play")
        await expect(aino.locator("#desk .queue")).to_contain_text("P1 urgent")
        await mina.get_by_role("button", name="Open it in #job-search").click()
        await expect(mina.locator(".message.target")).to_contain_text(URGENT)


async def test_why_is_told_of_every_message(browser: Browser, tmp_path: Path) -> None:
    async with practising(browser, tmp_path, "why") as (desk, _):
        mina = await desk.window("mina")
        for text, said in ((QUIET, "Nothing follows"), (GRAVE, "intend to end their life")):
            await write(mina, text)
            message = mina.locator(".message", has_text=text)
            await message.locator("summary").focus()
            await mina.keyboard.press("Enter")
            await message.get_by_role("button", name="Why?").press("Enter")
            await expect(mina.locator("#why")).to_contain_text(said)
            await mina.keyboard.press("Escape")
            await expect(mina.locator("#why")).not_to_be_visible()


async def test_another_sites_page_cannot_open_the_socket_even_if_it_knows_the_address(
    browser: Browser, tmp_path: Path
) -> None:
    async def evil(_: web.Request) -> web.Response:
        return web.Response(text="<p>another site</p>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", evil)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with opened(tmp_path) as here:
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        address = here.address.replace("http:", "ws:")
        outcome = await page.evaluate(
            """address => new Promise((done) => {
                const socket = new WebSocket(address + "socket");
                socket.onopen = () => done("open");
                socket.onerror = () => done("refused");
            })""",
            address,
        )
        read = await page.evaluate(
            "address => fetch(address).then(() => 'read', () => 'refused')", here.address
        )
        await page.close()
    await runner.cleanup()

    assert (outcome, read) == ("refused", "refused")


async def test_nothing_is_asked_of_any_other_machine(browser: Browser, tmp_path: Path) -> None:
    async with practising(browser, tmp_path, "requests") as (desk, bot):
        await desk.window("mina")
        await desk.window("aino")

    assert desk.requests
    assert all(url.startswith(bot.address) for url in desk.requests)


@pytest.mark.parametrize(
    ("scheme", "width", "height"),
    [("light", 1280, 800), ("dark", 640, 400)],
    ids=["light", "200 %"],
)
async def test_axe_finds_nothing(
    scheme: str, width: int, height: int, browser: Browser, tmp_path: Path
) -> None:
    name = f"axe-{scheme}-{width}"
    async with practising(browser, tmp_path, name) as (desk, bot):
        mina, aino = await desk.window("mina"), await desk.window("aino")
        for page in (mina, aino):
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            await page.set_viewport_size({"width": width, "height": height})
        await write(mina, GRAVE)
        await mina.get_by_role("button", name="One message").click()
        await mina.locator(".message", has_text=GRAVE).locator("summary").click()
        await found_nothing(mina)
        await mina.get_by_role("button", name="Report it to the desk").click()
        await expect(mina.locator("#form")).to_be_visible()
        await found_nothing(mina)
        await mina.locator("#form").get_by_role("button", name="Cancel").click()
        await mina.locator("#commands").click()
        await mina.get_by_role("button", name="/resource find").click()
        await found_nothing(mina)
        await open_alerts(aino)
        await aino.get_by_role("button", name="More", exact=True).click()
        await expect(aino.locator(".message.private")).to_be_visible()
        await found_nothing(aino)
        assert await aino.evaluate(SPILLS) is False
        assert bot.address


SPILLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def found_nothing(page: Page) -> None:
    """Look for what keeps people out (WCAG 2.2 A and AA, and axe's best practices)."""
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
