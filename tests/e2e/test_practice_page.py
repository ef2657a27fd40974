"""Stories of people who train before the page, and of one who opts out, in a real browser.

With WAYMARK_PICTURES naming a folder, each story leaves a picture of its windows there.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from bot.community import DESK, Asked, Script, practise
from bot.data.desk import load_desk
from bot.data.scenario import load_scenarios
from tests.support.browser import Desk, connected, launched, write
from tests.support.build import NOON
from tests.support.live import cues_alone
from tests.support.scripted import Hands

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

GRAVE = "i want to kill myself"


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
        asked = Asked(
            self.folder,
            ready.set_result,
            port,
            script=Script((), ()),
            scenarios=load_scenarios(),
        )
        self.task = tasks.create_task(
            practise(
                asked,
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
async def story(browser: Browser, folder: Path, name: str) -> AsyncIterator[tuple[Desk, Bot]]:
    """Open the windows of a story; it holds only if none of them had an error."""
    bot = Bot(folder)
    async with asyncio.TaskGroup() as tasks:
        await bot.start(tasks)
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        desk = Desk(context, bot.address)
        try:
            yield desk, bot
        finally:
            for number, page in enumerate(context.pages):
                await picture(page, f"{name}-{number}")
        await context.close()
        await bot.stop()
        assert desk.errors == []


async def picture(page: Page, name: str) -> None:
    folder = os.environ.get("WAYMARK_PICTURES")  # noqa: TID251 - for who looks at them
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def begun(desk: Desk, scenario: str, who: str = "aino") -> Page:
    """Start a scenario from the page, and stop its clock: the story turns it by hand."""
    page = await desk.window(who)
    await page.locator("#training-scenario").select_option(scenario)
    await page.locator("#training").get_by_role("button", name="Start").click()
    await page.locator("#training").get_by_role("button", name="Stop for a while").click()
    await expect(page.locator("#training-play")).to_have_text("Go on")
    return page


async def told(page: Page, number: int) -> None:
    """Let it be said up to message `number`."""
    count = page.locator("#training-count")
    while (said := _said(await count.inner_text())) < number:
        await page.get_by_role("button", name="Next message now").click()
        await expect(count).to_contain_text(f" {said + 1} of ")


def _said(words: str) -> int:
    found = re.search(r"(\d+) of", words)
    assert found is not None, words
    return int(found[1])


async def mine(page: Page) -> None:
    await page.locator("#talks button", has_text="Waymark").click()


async def take(page: Page) -> None:
    """Take what nobody has yet. A card can be there a moment before the desk knows that it is."""
    waiting = page.locator(".message .card", has_text="Nobody has it yet")
    await expect(waiting.first).to_be_visible()
    while await waiting.count():
        await waiting.last.get_by_role("button", name="Take it").click()
        with suppress(AssertionError):
            await expect(waiting).to_have_count(0, timeout=3_000)


def row(page: Page, text: str) -> Locator:
    return page.locator("#summary tbody tr", has_text=text)


async def test_a_bad_day_is_trained_on_and_summed_up(browser: Browser, tmp_path: Path) -> None:
    async with story(browser, tmp_path, "training") as (desk, _):
        page = await begun(desk, "bad-day")
        await expect(page.locator("#training")).to_contain_text("take the three that cannot wait")
        await told(page, 2)
        await mine(page)
        # A plain question: answered with one press.
        await page.get_by_role("button", name="Answer with resources").click()
        await expect(page.locator("#messages")).to_contain_text("Aino")
        await told(page, 3)
        await take(page)
        await told(page, 5)
        await page.get_by_role("button", name="Let 5 minutes pass").click()
        await expect(page.locator("#desk .queue")).to_contain_text("12:13 GMT")
        await told(page, 6)  # a minute more
        await take(page)
        # A joke that somebody of the desk spends time on.
        await page.locator("[data-place='off-topic']").click()
        joke = page.locator(".message", has_text="slaughtered us")
        await joke.locator("summary").click()
        await joke.get_by_role("button", name="Ask a practitioner").click()
        await expect(page.locator("#desk .queue > li")).to_have_count(3)
        await page.locator("#desk").get_by_role("button", name="Take this case").click()
        await expect(page.locator("#desk .queue > li").last).to_contain_text("Aino took it at")
        await told(page, 9)
        await picture(page, "training-running")
        await page.locator("#training").get_by_role("button", name="I am done").click()

        await expect(page.locator("#summary")).to_be_visible()
        for text, result in (
            ("I want to end my life", "Done in time"),
            ("I am going to hurt him", "Done, but late"),
            ("You will not hear from me again", "Missed"),
            ("minimum wage in the UK", "Done in time"),
            ("example of a CV", "Missed"),
            ("Dying of laughter", "Left alone, rightly"),
            ("slaughtered us", "Nobody was needed"),
        ):
            await expect(row(page, text)).to_contain_text(result)
        await expect(row(page, "I want to end my life")).to_contain_text("within 5 min")
        await expect(page.locator("#summary")).to_contain_text("You did 2 of the 5 things")


async def test_a_training_is_begun_and_ended_by_keyboard_alone(
    browser: Browser, tmp_path: Path
) -> None:
    async with story(browser, tmp_path, "keyboard") as (desk, _):
        page = await desk.window("mina")
        await page.locator("#training-scenario").focus()
        await page.keyboard.type("One bad day")
        await expect(page.locator("#training-about")).to_contain_text("take the three")
        await page.keyboard.press("Tab")  # the speed
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        # Whoever was a member is the practitioner on duty now.
        await expect(page.locator("#who")).to_have_value("aino")
        await expect(page.locator("#training-count")).to_contain_text("Aino is on duty. 1 of 9")
        await expect(page.locator("#training-head")).to_be_focused()
        for _button in range(3):
            await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="I am done")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#summary")).to_be_visible()
        await expect(page.locator("#summary-title")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator("#summary")).not_to_be_visible()
        await page.get_by_role("button", name="Show the summary").press("Enter")
        await expect(row(page, "WHO moved the deadline")).to_contain_text("Left alone, rightly")
        await expect(row(page, "Dying of laughter")).to_contain_text("Not yet said")


async def test_a_training_outlives_the_bot_and_is_kept_as_a_file(
    browser: Browser, tmp_path: Path
) -> None:
    async with asyncio.TaskGroup() as tasks:
        bot = Bot(tmp_path / "kept")
        await bot.start(tasks)
        context = await browser.new_context()
        desk = Desk(context, bot.address)
        page = await begun(desk, "bad-day")
        await told(page, 3)
        await mine(page)
        await take(page)
        await bot.stop()
        await expect(page.locator("#status")).to_contain_text("Not connected")
        await bot.start(tasks)
        await connected(page)
        await expect(page.locator("#training-count")).to_contain_text("3 of 9 messages")
        await expect(page.locator("#training-play")).to_have_text("Go on")
        await page.get_by_role("button", name="I am done").click()
        await expect(row(page, "I want to end my life")).to_contain_text("Done in time")
        async with page.expect_download() as coming:
            await page.get_by_role("link", name="Save as a file").click()
        file = tmp_path / "summary.html"
        await (await coming.value).save_as(file)
        kept = await context.new_page()
        await kept.goto(file.as_uri())
        await expect(kept.locator("tbody tr", has_text="I want to end")).to_contain_text("You took")
        await found_nothing(kept)
        await kept.set_viewport_size({"width": 600, "height": 800})
        assert await kept.evaluate(BROKEN) == []
        await context.close()
        await bot.stop()
        assert desk.errors == []


# The words of a table that stand on more than one line.
BROKEN = """() => {
    const broken = [];
    const walk = document.createTreeWalker(document.querySelector("table"), NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
        for (const word of text.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            if (range.getClientRects().length > 1) broken.push(word[0]);
        }
    }
    return broken;
}"""


async def test_a_command_that_is_pasted_whole_is_no_message(
    browser: Browser, tmp_path: Path
) -> None:
    async with story(browser, tmp_path, "pasted") as (desk, _):
        mina = await desk.window("mina")
        await write(mina, "/optout")
        await expect(mina.locator(".message.private")).to_contain_text("You are out")
        await write(mina, "/resource find cv")
        await expect(mina.locator("#pick-title")).to_have_text("/resource find")
        await mina.keyboard.press("Escape")
        await write(mina, "/optouts are no command")
        await expect(mina.locator("#messages")).to_contain_text("/optouts are no command")
        assert await mina.locator(".message:not(.private)").count() == 1


async def test_who_opts_out_is_not_read_until_they_opt_in_again(
    browser: Browser, tmp_path: Path
) -> None:
    async with story(browser, tmp_path, "optout") as (desk, _):
        tomas, mina = await desk.window("tomas"), await desk.window("mina")
        aino = await desk.window("aino")
        await command(mina, "optout")
        await expect(mina.locator(".message.private")).to_contain_text("You are out")
        await write(mina, GRAVE)
        await expect(aino.locator("#desk dl")).to_contain_text("by members who opted out1")
        await expect(aino.locator("#desk")).to_contain_text("Nothing waits")
        await expect(aino.locator("#desk")).to_contain_text("every message seen is accounted for")
        # Nobody else is told of the choice, and the message itself stands where it was written.
        await expect(tomas.locator("#messages")).to_contain_text(GRAVE)
        assert "You are out" not in await tomas.content()
        message = aino.locator(".message", has_text=GRAVE)
        await message.locator("summary").focus()
        await aino.keyboard.press("Enter")
        await message.get_by_role("button", name="Why?").press("Enter")
        await expect(aino.locator("#why")).to_contain_text("not read: its author opted out")
        await expect(aino.locator("#why")).not_to_contain_text("P0")
        await aino.keyboard.press("Escape")
        await command(mina, "optin")
        await expect(mina.locator(".message.private").last).to_contain_text("You are in")
        await write(mina, "i really want to kill myself")
        await expect(aino.locator("#desk .queue li").first).to_contain_text("P0 emergency")
        await expect(aino.locator("#desk dl")).to_contain_text("read1")


async def command(page: Page, name: str) -> None:
    """Ask for a command as people do: a slash, its name, Enter."""
    await page.locator("#text").press("/")
    await page.locator("#pick-search").fill(name)
    await page.locator("#pick-search").press("Enter")
    await expect(page.locator("#pick")).not_to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "width", "height"),
    [("light", 1280, 800), ("dark", 1280, 800), ("dark", 640, 400)],
    ids=["light", "dark", "200 %"],
)
async def test_axe_finds_nothing_in_a_training(
    scheme: str, width: int, height: int, browser: Browser, tmp_path: Path
) -> None:
    name = f"training-{scheme}-{width}"
    async with story(browser, tmp_path, name) as (desk, _):
        page = await desk.window("aino")
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await page.set_viewport_size({"width": width, "height": height})
        await found_nothing(page)
        await picture(page, f"{name}-choosing")
        await page.locator("#training-scenario").select_option("one-to-one-communication")
        await page.locator("#training").get_by_role("button", name="Start").click()
        await told(page, 4)
        await found_nothing(page)
        await picture(page, f"{name}-running")
        await page.get_by_role("button", name="I am done").click()
        await expect(page.locator("#summary")).to_be_visible()
        await found_nothing(page)
        assert await page.evaluate(SPILLS) is False


SPILLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def found_nothing(page: Page) -> None:
    """Look for what keeps people out (WCAG 2.2 A and AA, and axe's best practices)."""
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
