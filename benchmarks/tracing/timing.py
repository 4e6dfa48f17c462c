"""How far the media time of an event is from the picture that was shown at that moment."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from playwright.async_api import Browser, Page

from benchmarks.tracing.chrome import done, join, move, now_us, rater, start
from benchmarks.tracing.clip import COLUMNS, FPS, ROWS
from benchmarks.tracing.server import Bench

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
    const shown = document.querySelector("video, canvas.medium");
    if (!shown || shown.readyState < 2) return;
    const at = performance.now();
    context.drawImage(shown, 0, 0, columns, rows);
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
    return _watched(bench, study, phases, polls, float(np.median(leads)))


async def watch_sequence(chrome: Browser, bench: Bench, study: str, phase_s: float) -> Watched:
    """Rate one sequence of images: idle, then with the main thread 60 % busy.

    What is read at the beginning of a frame, before the page draws, is what comes to the screen then: no lead.
    """
    async with rater(chrome) as context:
        page = await context.new_page()
        await page.add_init_script(READ_PICTURE % json.dumps([COLUMNS, ROWS]))
        await join(page, bench.url + bench.invites[study])
        await page.get_by_role("button", name="Start", exact=True).click()
        await page.wait_for_function("() => benchPolls.some(([, number]) => number > 0)")
        phases = {"idle": await _phase(page, "idle", phase_s, MOVES_HZ)}
        await page.evaluate("benchBusy(60, 40)")
        phases["busy"] = await _phase(page, "busy", phase_s, MOVES_HZ)
        await page.evaluate("benchIdle()")
        polls = await page.evaluate("benchPolls")
        await done(page)
    return _watched(bench, study, phases, polls)


def _watched(
    bench: Bench, study: str, phases: dict[str, Phase], polls: list[list[float]], lead_us: float = 0.0
) -> Watched:
    stored = bench.bodies(study)
    events = [event for body in stored for event in body["events"]]
    fits = [body["clock"] for body in stored if body["clock"]]
    return Watched(phases, np.array(polls), lead_us, events, fits)


async def _phase(page: Page, name: str, seconds: float, rate_hz: float) -> Phase:
    begin = await now_us(page)
    moves = await move(page, seconds, rate_hz)
    return Phase(name, begin, await now_us(page), moves)
