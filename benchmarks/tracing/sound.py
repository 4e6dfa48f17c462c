"""How far the media time of an event is from the sound that left the page at that moment.

A sound of ticks goes through the page's audio graph, where each tick is caught at its very sample; the browser says
which sample leaves for the loudspeaker when (`getOutputTimestamp`). What driver and loudspeaker add, no page can know.
"""

import json
from dataclasses import dataclass

import numpy as np
from playwright.async_api import Browser, Page

from benchmarks.tracing.chrome import done, join, move, now_us, rater
from benchmarks.tracing.clip import TICK_S
from benchmarks.tracing.server import Bench

MOVES_HZ = 31
NEAR_US = 300_000

CATCH_TICKS = """
registerProcessor("ticks", class extends AudioWorkletProcessor {
  until = 0;
  process([[samples]], [output]) {
    if (!samples) return true;
    for (const channel of output) channel.set(samples);
    samples.forEach((sample, index) => {
      const frame = currentFrame + index;
      if (Math.abs(sample) < 0.3 || frame < this.until) return;
      this.port.postMessage(frame / sampleRate);
      this.until = frame + 0.1 * sampleRate;
    });
    return true;
  }
});
"""

HEAR = """
((catchTicks) => {
  const ticks = (window.benchTicks = []);
  const leaving = (window.benchLeaving = []);
  const play = HTMLMediaElement.prototype.play;
  const hear = async (audio) => {
    const context = new AudioContext();
    const source = new Blob([catchTicks], { type: "text/javascript" });
    await context.audioWorklet.addModule(URL.createObjectURL(source));
    const node = new AudioWorkletNode(context, "ticks");
    node.port.onmessage = ({ data }) => ticks.push(data);
    context.createMediaElementSource(audio).connect(node).connect(context.destination);
    setInterval(() => {
      const { contextTime, performanceTime } = context.getOutputTimestamp();
      leaving.push([contextTime, performanceTime]);
    }, 50);
  };
  let heard = null;
  HTMLMediaElement.prototype.play = async function () {
    await (heard ??= hear(this));
    return play.call(this);
  };
  let busy = false;
  window.benchBusy = (busyMs, freeMs) => {
    busy = true;
    const work = () => {
      const end = performance.now() + busyMs;
      while (performance.now() < end);
      if (busy) setTimeout(work, freeMs);
    };
    setTimeout(work, freeMs);
  };
})(%s)
"""


@dataclass(frozen=True)
class Heard:
    """``left_us``: when each tick left the page; ``events``: (when, media time) as stored; performance clock, µs."""

    left_us: np.ndarray
    events: np.ndarray
    busy_from_us: float

    def errors_us(self, *, busy: bool) -> np.ndarray:
        """The stored clock's media time at each tick, less that of the tick; positive: the clock is ahead."""
        errors = []
        for left in self.left_us[(self.left_us >= self.busy_from_us) == busy]:
            at, media = self.events[np.argmin(np.abs(self.events[:, 0] - left))]
            if abs(at - left) < NEAR_US:
                told_s = (media + left - at) / 1e6
                errors.append(1e6 * (told_s - TICK_S * round(told_s / TICK_S)))
        return np.array(errors)


async def hear(chrome: Browser, bench: Bench, study: str, phase_s: float) -> Heard:
    """Rate one sound: idle, then with the main thread 60 % busy."""
    async with rater(chrome, foreign_scripts=True) as context:
        page = await context.new_page()
        await page.add_init_script(HEAR % json.dumps(CATCH_TICKS))
        await join(page, bench.url + bench.invites[study])
        await page.get_by_role("button", name="Start", exact=True).click()
        await page.wait_for_function("() => benchTicks.length > 4")
        await move(page, phase_s, MOVES_HZ)
        busy_from_us = await now_us(page)
        await page.evaluate("benchBusy(60, 40)")
        await move(page, phase_s, MOVES_HZ)
        left_us = await _left_us(page)
        await done(page)
    kept = {"sample", "heartbeat"}
    events = [event for body in bench.bodies(study) for event in body["events"] if event[1] in kept]
    # Before the sound plays its time stands still.
    told = np.array([(at, media) for _, _, at, media, *_ in events if media])
    return Heard(left_us, told, busy_from_us)


async def _left_us(page: Page) -> np.ndarray:
    """By the pair of both clocks that is nearest to each tick."""
    ticks = np.array(await page.evaluate("benchTicks"))
    leaving = np.array(await page.evaluate("benchLeaving"))
    nearest = leaving[np.abs(ticks[:, None] - leaving[None, :, 0]).argmin(axis=1)]
    return 1e6 * (ticks - nearest[:, 0]) + 1000 * nearest[:, 1]
