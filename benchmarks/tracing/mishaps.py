"""What happens to a rater's page: reloads, crashes, outages, second tabs, sessions that end."""

import asyncio
import contextlib
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import BrowserContext, Error, Page

from benchmarks.tracing.chrome import move
from benchmarks.tracing.server import Bench
from benchmarks.tracing.wire import TROUBLES, Wire

TROUBLED_S = (2.5, 5.0)


@dataclass(frozen=True)
class Place:
    """Where it happens."""

    bench: Bench
    wire: Wire
    rng: random.Random


async def reload(page: Page, _place: Place) -> Page:
    await page.reload()
    return page


async def kill(page: Page, _place: Place) -> Page:
    """The page is gone at once, with no event to say goodbye."""
    context, address = page.context, page.url
    link = await context.new_cdp_session(page)
    crash = asyncio.ensure_future(_answered(link.send("Page.crash")))
    await asyncio.wait([crash], timeout=1)
    await page.close()
    await crash
    return await _open(context, address)


async def _answered(call: Awaitable[Any]) -> None:
    """Wait for a call that the end of its page may cut off."""
    with contextlib.suppress(Error):
        await call


async def offline(page: Page, place: Place) -> Page:
    await page.context.set_offline(True)
    await page.wait_for_timeout(1000 * place.rng.uniform(1, 5))
    await page.context.set_offline(False)
    # The medium is kept, the page is not: it comes back with the network.
    return await reload(page, place) if place.rng.random() < 0.5 else page


async def second_tab(page: Page, _place: Place) -> Page:
    """Another tab takes the pen; the first stays open and may not write any more."""
    return await _open(page.context, page.url)


async def end_session(page: Page, place: Place) -> Page:
    """The server knows the token no more, and the page rates on, or is opened again."""
    [text] = await _identities(page)
    participation = json.loads(text)["token"].split(":")[0]
    place.bench.rows(
        "UPDATE annotation_participation SET token_sha256 = %s WHERE id = %s RETURNING id",
        f"ended {place.rng.random()}",
        participation,
    )
    await _rate_on(page, place)
    return await reload(page, place) if place.rng.random() < 0.5 else page


async def forget_rater(page: Page, place: Place) -> Page:
    """The browser forgets who she is and keeps the recording: her own link lets her in again."""
    await page.evaluate("localStorage.clear()")
    return await reload(page, place)


async def _identities(page: Page) -> list[str]:
    return await page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('affectory.invite.'))"
        ".map((key) => localStorage.getItem(key))"
    )


def troubled(trouble: str) -> "Mishap":
    """For some seconds all requests of the trace fare like this."""

    async def happen(page: Page, place: Place) -> Page:
        place.wire.trouble = trouble
        await _rate_on(page, place)
        place.wire.trouble = None
        return page

    return happen


async def _rate_on(page: Page, place: Place) -> None:
    seconds = place.rng.uniform(*TROUBLED_S)
    if await page.locator(".pad").count():
        await move(page, seconds, 50)
    else:
        await page.wait_for_timeout(1000 * seconds)


async def _open(context: BrowserContext, address: str) -> Page:
    fresh = await context.new_page()
    await fresh.goto(address)
    return fresh


Mishap = Callable[[Page, Place], Awaitable[Page]]

MISHAPS: dict[str, Mishap] = {
    "reloaded": reload,
    "killed": kill,
    "offline": offline,
    "second tab": second_tab,
    "session ended": end_session,
    "rater forgotten": forget_rater,
    **{f"chunks {trouble}": troubled(trouble) for trouble in TROUBLES},
}
