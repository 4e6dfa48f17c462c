"""Reloads, crashes, outages and second tabs at random moments: what was acknowledged must be stored, once."""

import asyncio
import contextlib
import json
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Page, Response

from benchmarks.tracing.chrome import PATIENCE_MS, done, join, move, rater, start
from benchmarks.tracing.server import Bench


@dataclass
class Tally:
    """What the pages were told is stored, over all faulty runs."""

    runs: int = 0
    events: int = 0
    chunks: int = 0
    lost: int = 0
    doubled: int = 0
    faults: dict[str, int] = field(default_factory=dict)


class Acknowledged:
    """Which chunks of which trace the server has acknowledged to any page of a context."""

    def __init__(self, context: BrowserContext) -> None:
        self.chunks: dict[tuple[str, int], str] = {}
        context.on("response", self._on_response)

    def _on_response(self, response: Response) -> None:
        found = re.search(r"/traces/([0-9a-f-]+)/chunks/$", response.url)
        if found and response.status == 200:
            sent = json.loads(response.request.post_data)
            self.chunks[found[1], sent["seq"]] = sent["body"]


async def _reload(page: Page, _rng: random.Random) -> Page:
    await page.reload()
    return page


async def _kill(page: Page, _rng: random.Random) -> Page:
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


async def _offline(page: Page, rng: random.Random) -> Page:
    await page.context.set_offline(True)
    await page.wait_for_timeout(1000 * rng.uniform(1, 5))
    if rng.random() < 0.5:
        # The medium is kept, the page is not: it comes back with the network.
        await page.context.set_offline(False)
        return await _reload(page, rng)
    await page.context.set_offline(False)
    return page


async def _second_tab(page: Page, _rng: random.Random) -> Page:
    """Another tab takes the pen; the first stays open and may not write any more."""
    return await _open(page.context, page.url)


async def _open(context: BrowserContext, address: str) -> Page:
    fresh = await context.new_page()
    await fresh.goto(address)
    return fresh


FAULTS: dict[str, Callable[[Page, random.Random], Awaitable[Page]]] = {
    "reload": _reload,
    "kill": _kill,
    "offline": _offline,
    "second tab": _second_tab,
}


async def faulty_run(chrome: Browser, bench: Bench, study: str, seed: int, tally: Tally) -> None:
    """Rate one film with two faults at random moments; then compare what was acknowledged with what is stored."""
    rng = random.Random(seed)
    async with rater(chrome) as context:
        told = Acknowledged(context)
        page = await context.new_page()
        await join(page, bench.url + bench.invites[study])
        await start(page)
        for fault in (list(FAULTS)[seed % len(FAULTS)], rng.choice(list(FAULTS))):
            tally.faults[fault] = tally.faults.get(fault, 0) + 1
            if await page.locator(".pad").count():
                await move(page, rng.uniform(0.3, 3.5), 50)
            page = await FAULTS[fault](page, rng)
            await _go_on(page)
        await done(page)
    _compare(bench, told, tally)


async def _go_on(page: Page) -> None:
    """Press whatever the page asks for until the film plays, or is over already."""
    code = page.locator("text=/^[0-9A-F]{8}$/")
    button = page.get_by_role("button", name=re.compile("^(Continue here|Continue|Start)$"))
    playing = "!(document.querySelector('video')?.paused ?? true)"
    for _ in range(int(PATIENCE_MS / 100)):
        if await code.count() or await page.evaluate(playing):
            return
        if await button.count():
            with contextlib.suppress(Error):  # it may go away before it is pressed
                await button.first.click(timeout=1000)
        await page.wait_for_timeout(100)
    raise AssertionError("the film does not go on")


def _compare(bench: Bench, told: Acknowledged, tally: Tally) -> None:
    tally.runs += 1
    for trace in {trace for trace, _ in told.chunks}:
        rows = bench.rows(
            "SELECT seq, body FROM annotation_tracechunk WHERE trace_id = %s AND NOT orphan ORDER BY seq",
            trace,
        )
        stored: dict[int, list[str]] = {}
        for seq, body in rows:
            stored.setdefault(seq, []).append(body)
        seqs = [event[0] for _, body in rows for event in json.loads(body)["events"]]
        for (of, seq), body in told.chunks.items():
            if of == trace:
                tally.chunks += 1
                count = len(json.loads(body)["events"])
                tally.events += count
                tally.lost += 0 if body in stored.get(seq, []) else count
        tally.doubled += len(seqs) - len(set(seqs))
        tally.lost += (max(seqs) + 1 - len(set(seqs))) if seqs else 0


async def faulty_runs(chrome: Browser, bench: Bench, study: str, runs: int, together: int = 3) -> Tally:
    tally, gate = Tally(), asyncio.Semaphore(together)

    async def one(seed: int) -> None:
        async with gate:
            await faulty_run(chrome, bench, study, seed, tally)

    await asyncio.gather(*(one(seed) for seed in range(runs)))
    return tally
