"""A rater in a real Chromium: arriving, starting, moving the mouse."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.optional_parts import chromium

SWITCHES = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
)
PATIENCE_MS = 40_000


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chrome = await playwright.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
        yield chrome
        await chrome.close()


@asynccontextmanager
async def rater(chrome: Browser, *, foreign_scripts: bool = False) -> AsyncIterator[BrowserContext]:
    """``foreign_scripts``: the page may load scripts that its own policy does not let in."""
    viewport = {"width": 1440, "height": 900}
    context = await chrome.new_context(viewport=viewport, bypass_csp=foreign_scripts)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    await context.close()


async def join(page: Page, address: str, surface: str = ".pad") -> None:
    await page.goto(address)
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name="Agree").click()
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.locator(surface).first).to_be_visible()


async def start(page: Page, button: str = "Start") -> None:
    """Press the button and wait until the film moves."""
    await page.get_by_role("button", name=button, exact=True).click()
    await page.wait_for_function(
        "() => { const v = document.querySelector('video'); return v && !v.paused && v.currentTime > 0; }"
    )


async def done(page: Page) -> None:
    await expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible(timeout=PATIENCE_MS)


async def centre(page: Page) -> tuple[float, float, float]:
    """Where the pad's middle is, and a radius that stays inside; CSS pixels."""
    box = await page.locator(".pad").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 0.4 * min(box["width"], box["height"])


async def move(page: Page, seconds: float, rate_hz: float) -> int:
    """Move the mouse in a circle at `rate_hz`, without waiting for the page; returns how many moves were sent."""
    x, y, radius = await centre(page)
    link = await page.context.new_cdp_session(page)
    clock = asyncio.get_running_loop()
    begin, sent, calls = clock.time(), 0, []
    while (now := clock.time()) < begin + seconds:
        for _ in range(int((now - begin) * rate_hz) - sent):
            angle = sent / 60
            place = {"x": x + radius * np.cos(angle), "y": y + radius * np.sin(angle)}
            calls.append(
                asyncio.ensure_future(link.send("Input.dispatchMouseEvent", {"type": "mouseMoved", **place}))
            )
            sent += 1
        await asyncio.sleep(0.002)
    await asyncio.gather(*calls)
    return sent


async def now_us(page: Page) -> float:
    return 1000 * await page.evaluate("performance.now()")
