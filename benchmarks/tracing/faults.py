"""Real pages that everything happens to: what was acknowledged must be stored, once, and nothing may be missing."""

import asyncio
import contextlib
import json
import random
import re
import uuid
from collections import Counter
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, Error, Page, Response

from benchmarks.tracing.chrome import PATIENCE_MS, done, join, move, rater, start
from benchmarks.tracing.mishaps import MISHAPS, Place
from benchmarks.tracing.server import Bench
from benchmarks.tracing.wire import Wire

CODE = "text=/^[0-9A-F]{8}$/"
LOOK_EVERY_S = 2.0


@dataclass
class Tally:
    """What the pages were told is stored, over all runs."""

    runs: int = 0
    events: int = 0
    lost: int = 0
    doubled: int = 0
    met: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)


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


async def faulty_run(chrome: Browser, bench: Bench, study: str, seed: int, tally: Tally) -> None:
    """Rate one film while two things happen at random moments; then look at what is stored."""
    place = Place(bench, Wire(random.Random(-seed)), random.Random(seed))
    async with rater(chrome) as context:
        told = Acknowledged(context)
        await place.wire.watch(context)
        page = await context.new_page()
        await join(page, f"{bench.url}{bench.invites[study]}?rater={uuid.uuid4()}")
        await start(page)
        for name in (list(MISHAPS)[seed % len(MISHAPS)], place.rng.choice(list(MISHAPS))):
            tally.met[name] += 1
            if await page.locator(".pad").count():
                await move(page, place.rng.uniform(0.3, 2.5), 50)
            page = await MISHAPS[name](page, place)
            await _go_on(page)
        await done(page)
        await place.wire.settled()
    tally.requests += place.wire.done
    _compare(bench, told, tally)


async def _go_on(page: Page) -> None:
    """Press whatever the page asks for until the film plays, or is over already."""
    code = page.locator(CODE)
    button = page.get_by_role("button", name=re.compile("^(Agree.*|Continue here|Continue|Start)$"))
    playing = "!(document.querySelector('video')?.paused ?? true)"
    over = page.get_by_text("Sending the last part")
    for _ in range(int(PATIENCE_MS / 100)):
        if await code.count() or await over.count() or await page.evaluate(playing):
            return
        with contextlib.suppress(Error):  # it may go away before it is pressed
            if await page.get_by_role("checkbox").count():
                await page.get_by_role("checkbox").check(timeout=1000)
            if await button.count():
                await button.first.click(timeout=1000)
        await page.wait_for_timeout(100)
    raise AssertionError("the film does not go on")


async def long_outage(chrome: Browser, bench: Bench, study: str, seconds: float, tally: Tally) -> None:
    """The network goes soon after the start and stays away, long after the film is over.

    Nobody touches the page from then on: there must be no way to the completion code before the network is back, and
    all must arrive by itself after it.
    """
    async with rater(chrome) as context:
        told = Acknowledged(context)
        page = await context.new_page()
        await join(page, bench.url + bench.invites[study])
        await start(page)
        await move(page, 2, 50)
        await context.set_offline(True)
        clock = asyncio.get_running_loop()
        back = clock.time() + seconds
        await move(page, 2, 50)
        await page.get_by_text("Sending the last part").wait_for()
        while clock.time() < back:
            if await page.locator(CODE).count():
                raise AssertionError("a completion code is shown while the last part is still on its way")
            await asyncio.sleep(LOOK_EVERY_S)
        await context.set_offline(False)
        await done(page)
    tally.met[f"offline for {seconds:g} s"] += 1
    _compare(bench, told, tally)


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
                count = len(json.loads(body)["events"])
                tally.events += count
                tally.lost += 0 if body in stored.get(seq, []) else count
        tally.doubled += len(seqs) - len(set(seqs))
        tally.lost += (max(seqs) + 1 - len(set(seqs))) if seqs else 0


async def faulty_runs(
    chrome: Browser, bench: Bench, study: str, runs: int, outage_s: float, together: int = 3
) -> Tally:
    tally, gate = Tally(), asyncio.Semaphore(together)

    async def one(seed: int) -> None:
        async with gate:
            await faulty_run(chrome, bench, study, seed, tally)

    await asyncio.gather(
        long_outage(chrome, bench, study, outage_s, tally), *(one(seed) for seed in range(runs))
    )
    return tally
