"""What an animation frame costs after a long trace."""

import numpy as np
from playwright.async_api import Browser

from benchmarks.tracing.chrome import join, move, rater, start
from benchmarks.tracing.server import Bench

# So few frames at once that the page does not take the machine for asleep.
BATCH = 200

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
      if (frame % perBatch === perBatch - 1) await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const last = waiting;
    waiting = null;
    last.forEach((callback) => window.requestAnimationFrame(callback));
    costs.length = 0;
  };
})()
"""


async def draw_ms(chrome: Browser, bench: Bench, study: str, minutes: float, frames: int) -> np.ndarray:
    """What each of `frames` animation frames costs after a trace of `minutes` at 60 moves and frames a second."""
    async with rater(chrome) as context:
        page = await context.new_page()
        await page.add_init_script(TIME_FRAMES)
        await join(page, bench.url + bench.invites[study])
        await start(page)
        await page.evaluate("([n, batch]) => benchForward(n, batch)", [int(minutes * 3600), BATCH])
        await move(page, frames / 60, 60)
        return np.array(await page.evaluate("benchFrames"))
