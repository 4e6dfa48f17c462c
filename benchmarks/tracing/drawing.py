"""What an animation frame costs after a long trace."""

import numpy as np
from playwright.async_api import Browser

from benchmarks.tracing.chrome import join, rater, start
from benchmarks.tracing.instruments import INSTRUMENTS
from benchmarks.tracing.server import Bench

# So few frames at once that the page does not take the machine for asleep.
BATCH = 200

# Times each animation frame, and can run many of them at once with a move of the hand before each.
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
  const key = (type, place) =>
    window.dispatchEvent(new KeyboardEvent(type, { code: `Digit${place}`, key: `${place}`, bubbles: true }));
  const hands = {
    point(surface, box, frame) {
      const clientX = box.left + box.width * (0.5 + 0.45 * Math.sin(frame / 40));
      const clientY = box.top + box.height * (0.5 + 0.45 * Math.cos(frame / 55));
      const how = { clientX, clientY, pointerType: "mouse", bubbles: true };
      surface.dispatchEvent(new PointerEvent("pointermove", how));
    },
    turn(surface, _box, frame) {
      const deltaY = 120 * Math.sign(Math.sin(frame / 90));
      if (frame % 4 === 0) surface.dispatchEvent(new WheelEvent("wheel", { deltaY, bubbles: true, cancelable: true }));
    },
    press(_surface, _box, frame) {
      const place = 1 + (Math.floor(frame / 20) % 4);
      if (frame % 20 === 0) key("keydown", place);
      if (frame % 20 === 15) key("keyup", place);
    },
  };
  const handOf = (selector, name) => {
    const surface = document.querySelector(selector);
    const box = surface.getBoundingClientRect();
    return (frame) => hands[name](surface, box, frame);
  };
  window.benchLive = (selector, name, frames) => {
    const act = handOf(selector, name);
    return new Promise((resolve) => {
      let frame = 0;
      const timer = setInterval(() => {
        act(frame++);
        if (frame < frames) return;
        clearInterval(timer);
        resolve();
      }, 1000 / 60);
    });
  };
  window.benchForward = async (selector, name, frames, perBatch) => {
    const act = handOf(selector, name);
    waiting = [];
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let frame = 0; frame < frames; frame++) {
      act(frame);
      for (const callback of waiting.splice(0)) run(callback, performance.now());
      if (frame % perBatch === perBatch - 1) await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const last = waiting;
    waiting = null;
    last.forEach((callback) => window.requestAnimationFrame(callback));
    costs.length = 0;
  };
})()
"""


async def draw_ms(chrome: Browser, bench: Bench, instrument: str, minutes: float, frames: int) -> np.ndarray:
    """What each of `frames` animation frames costs after a trace of `minutes` at 60 frames a second."""
    drawn = INSTRUMENTS[instrument]
    async with rater(chrome) as context:
        page = await context.new_page()
        await page.add_init_script(TIME_FRAMES)
        await join(page, bench.url + bench.invites[instrument], drawn.surface)
        await start(page)
        hand = [drawn.surface, drawn.hand]
        await page.evaluate("(all) => benchForward(...all)", [*hand, int(minutes * 3600), BATCH])
        await page.evaluate("(all) => benchLive(...all)", [*hand, frames])
        return np.array(await page.evaluate("benchFrames"))
