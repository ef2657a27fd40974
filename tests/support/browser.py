"""Debian's Chromium, driven by Playwright: what a person sees and does before the page."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Other work on the same machine may slow a browser down; nothing here waits for so long.
expect.set_options(timeout=20_000)
MISSING = "No Chromium was found. On Debian or Ubuntu: make chromium"


def chromium() -> str:
    """Give its path. Without one the test is skipped, or fails where all must run (CI=true)."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is not None:
        return found
    if os.environ.get("CI") == "true":  # noqa: TID251 - whether to skip is asked nowhere else
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Start a browser. Without a sandbox: it runs as root in containers, on our page alone."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


class Desk:
    """The windows of one story. What any of them logs as an error fails the story."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.errors: list[str] = []
        self.requests: list[str] = []

    async def window(self, who: str = "", where: str = "") -> Page:
        """Open a window as somebody, and wait until it is connected."""
        page = await self.context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        place = f"&in={where}" if where else ""
        await page.goto(f"{self.address}#as={who}{place}" if who else self.address)
        await connected(page)
        return page


async def connected(page: Page) -> None:
    await expect(page.locator("#status")).to_have_text("Connected")


async def write(page: Page, text: str) -> None:
    """Type a message and send it, as people do."""
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")
