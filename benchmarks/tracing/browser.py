"""What the rater's page does in a real Chromium: timing, capture, drawing, and loss at random faults."""

import asyncio
import contextlib
import json
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from playwright.async_api import Browser, BrowserContext, Error, Page, Response, async_playwright, expect

from benchmarks.tracing.clip import COLUMNS, FPS, ROWS
from benchmarks.tracing.server import Bench
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
FRAME_US = 1e6 / FPS
# No multiple of the frame rate, so that the moves fall into all parts of a frame.
MOVES_HZ = 31

# Each animation frame (and, while the main thread is kept busy, each gap) reads the bits out of the picture.
READ_PICTURE = """
(([columns, rows]) => {
  const polls = (window.benchPolls = []);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingEnabled = false;
  const read = () => {
    const video = document.querySelector("video");
    if (!video || video.readyState < 2) return;
    const at = performance.now();
    context.drawImage(video, 0, 0, columns, rows);
    const { data } = context.getImageData(0, 0, columns, rows);
    let number = 0;
    for (let bit = 0; bit < columns * rows; bit++) if (data[4 * bit] > 127) number += 2 ** bit;
    polls.push([at * 1000, number]);
  };
  const leads = (window.benchLeads = []);
  const shown = (_now, frame) => {
    leads.push(1000 * (frame.expectedDisplayTime - frame.presentationTime));
    document.querySelector("video").requestVideoFrameCallback(shown);
  };
  const wait = setInterval(() => {
    const video = document.querySelector("video");
    if (video) { video.requestVideoFrameCallback(shown); clearInterval(wait); }
  }, 100);
  const follow = () => { read(); requestAnimationFrame(follow); };
  requestAnimationFrame(follow);
  let busy = false;
  window.benchBusy = (busyMs, freeMs) => {
    busy = true;
    const work = () => {
      const end = performance.now() + busyMs;
      while (performance.now() < end);
      read();
      if (busy) setTimeout(work, freeMs);
    };
    setTimeout(work, freeMs);
  };
  window.benchIdle = () => { busy = false; };
})(%s)
"""

# Times each animation frame, and can run many of them at once with a move of the mouse before each.
TIME_FRAMES = """
(() => {
  const native = window.requestAnimationFrame.bind(window);
  const costs = (window.benchFrames = []);
  let waiting = null;
  const run = (callback, at) => {
    const start = performance.now();
    callback(at);
    costs.push(performance.now() - start);
  };
  window.requestAnimationFrame = (callback) => {
    if (waiting) return waiting.push(callback);
    return native((at) => run(callback, at));
  };
  window.benchForward = async (frames, perBatch) => {
    const pad = document.querySelector(".pad");
    const box = pad.getBoundingClientRect();
    waiting = [];
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let frame = 0; frame < frames; frame++) {
      const clientX = box.left + box.width * (0.5 + 0.45 * Math.sin(frame / 40));
      const clientY = box.top + box.height * (0.5 + 0.45 * Math.cos(frame / 55));
      const how = { clientX, clientY, pointerType: "mouse", bubbles: true };
      pad.dispatchEvent(new PointerEvent("pointermove", how));
      for (const callback of waiting.splice(0)) run(callback, performance.now());
      if (frame % perBatch === perBatch - 1) await new Promise((resolve) => setTimeout(resolve, 250));
    }
    const last = waiting;
    waiting = null;
    last.forEach((callback) => window.requestAnimationFrame(callback));
    costs.length = 0;
  };
})()
"""


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chrome = await playwright.chromium.launch(executable_path=chromium(), args=list(SWITCHES))
        yield chrome
        await chrome.close()


@asynccontextmanager
async def rater(chrome: Browser) -> AsyncIterator[BrowserContext]:
    context = await chrome.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield context
    await context.close()


async def join(page: Page, address: str) -> None:
    await page.goto(address)
    await page.get_by_role("checkbox").check()
    await page.get_by_role("button", name="Agree").click()
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(page.locator(".pad")).to_be_visible()


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


@dataclass(frozen=True)
class Phase:
    """A stretch of one page's performance clock."""

    name: str
    start_us: float
    stop_us: float
    moves: int

    def holds(self, at_us: float) -> bool:
        return self.start_us <= at_us < self.stop_us


@dataclass(frozen=True)
class Watched:
    """One film rated while its picture was read: (when, frame number) and the stored events."""

    phases: dict[str, Phase]
    polls: np.ndarray
    lead_us: float  # the canvas has a frame this long before the screen, by the browser's own account
    events: list[list[Any]]
    fits: list[dict[str, float]]

    def errors_us(self, phase: str, lead_us: float = 0.0) -> np.ndarray:
        """How far each event's media time is from the middle of the frame whose bits were on the canvas.

        A perfect clock is off by up to half a frame, 0.475 frames at the 95th percentile: within a frame nobody
        can tell. The canvas was read at most 100 ms from the event; between the two the film plays on.
        """
        errors = []
        for _, kind, at, media, *_ in self.events:
            if kind not in {"sample", "heartbeat"} or not self.phases[phase].holds(at):
                continue
            nearest = int(np.argmin(np.abs(self.polls[:, 0] - at)))
            read_at, number = self.polls[nearest]
            if abs(read_at - at) < 100_000:
                errors.append(abs(media - ((number + 0.5) * FRAME_US + at - read_at - lead_us)))
        return np.array(errors)

    def rate_hz(self, phase: str) -> float:
        """Samples a second."""
        stretch = self.phases[phase]
        count = sum(kind == "sample" and stretch.holds(at) for _, kind, at, *_ in self.events)
        return 1e6 * count / (stretch.stop_us - stretch.start_us)


async def watch(chrome: Browser, bench: Bench, study: str, phase_s: float) -> Watched:
    """Rate one film: idle, then with the main thread 60 % busy, then with a fast mouse."""
    async with rater(chrome) as context:
        page = await context.new_page()
        await page.add_init_script(READ_PICTURE % json.dumps([COLUMNS, ROWS]))
        await join(page, bench.url + bench.invites[study])
        await start(page)
        await page.wait_for_timeout(2000)
        phases = {"idle": await _phase(page, "idle", phase_s, MOVES_HZ)}
        await page.evaluate("benchBusy(60, 40)")
        phases["busy"] = await _phase(page, "busy", phase_s, MOVES_HZ)
        await page.evaluate("benchIdle()")
        phases["fast"] = await _phase(page, "fast", phase_s / 2, 250)
        polls = await page.evaluate("benchPolls")
        leads = await page.evaluate("benchLeads")
        await done(page)
    stored = bench.bodies(study)
    events = [event for body in stored for event in body["events"]]
    fits = [body["clock"] for body in stored if body["clock"]]
    return Watched(phases, np.array(polls), float(np.median(leads)), events, fits)


async def _phase(page: Page, name: str, seconds: float, rate_hz: float) -> Phase:
    begin = await now_us(page)
    moves = await move(page, seconds, rate_hz)
    return Phase(name, begin, await now_us(page), moves)


async def draw_ms(chrome: Browser, bench: Bench, study: str, minutes: float, frames: int) -> np.ndarray:
    """What each of `frames` animation frames costs after a trace of `minutes` at 60 moves and frames a second."""
    async with rater(chrome) as context:
        page = await context.new_page()
        await page.add_init_script(TIME_FRAMES)
        await join(page, bench.url + bench.invites[study])
        await start(page)
        await page.evaluate("([n, batch]) => benchForward(n, batch)", [int(minutes * 3600), 2000])
        await move(page, frames / 60, 60)
        return np.array(await page.evaluate("benchFrames"))


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
