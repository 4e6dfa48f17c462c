"""How smoothly the viewer pans and zooms a simulated recording of 64 channels and one hour, in headless Chromium.

Per row the time between two frames of the display and what the page's own work in one takes; goal: p99 of the former
at most 16.7 ms (a display of 60 Hz), for a machine that does nothing else. Needs the frontend's packages.

    python -m benchmarks.viewer [--channels 64] [--hours 1] [--screenshots FOLDER] [--json FILE]
"""

import argparse
import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import edfio
import httpx
import numpy as np
from playwright.sync_api import Page, Route, sync_playwright

from ingest.readers import registry
from ingest.readers.contract import Facts
from scripts.toolchain import FRONTEND, Npm, find_npm
from tests.optional_parts import chromium

RATE_HZ = 256
FRAME_MS = 16.7
FRAMES = 180
ELECTRODES = (
    "Fp1",
    "F7",
    "T7",
    "P7",
    "O1",
    "F3",
    "C3",
    "P3",
    "Fz",
    "Cz",
    "Pz",
    "Fp2",
    "F8",
    "T8",
    "P8",
    "O2",
)
COUNT_FRAMES = """
window.work = []; window.gaps = [];
const request = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (run) => request((at) => {
  const began = performance.now(); run(at); window.work.push(performance.now() - began);
});
"""
RUN = """
([keys, frames]) => new Promise((done) => {
  const screen = document.querySelector('.eeg-screen');
  const gaps = []; window.work.length = 0;
  let last = null, n = 0;
  const step = (at) => {
    if (last !== null) gaps.push(at - last);
    last = at;
    if (n === frames) return done({ gaps, work: window.work });
    const key = keys[n++ % keys.length];
    screen.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})
"""
ROWS = {
    "pan, 10 s on screen": (0, ["ArrowRight"] * 60 + ["ArrowLeft"] * 60),
    "pan, 1 min on screen": (5, ["ArrowRight"] * 60 + ["ArrowLeft"] * 60),
    "pan, whole hour / 4": (12, ["ArrowRight"] * 4 + ["ArrowLeft"] * 4),
    "zoom from 1/4 s to an hour": (0, ["-"] * 24 + ["+"] * 24),
}


def recording(path: Path, channels: int, seconds: int) -> Path:
    """Write simulated brain waves: noise with more power at low frequencies."""
    random = np.random.default_rng(1)
    noise = np.cumsum(random.normal(0, 4, seconds * RATE_HZ))
    noise -= np.convolve(noise, np.ones(RATE_HZ) / RATE_HZ, "same")
    signals = [
        edfio.EdfSignal(
            np.clip(np.roll(noise, channel * 9973) + random.normal(0, 4, len(noise)), -400, 400),
            RATE_HZ,
            label=ELECTRODES[channel] if channel < len(ELECTRODES) else f"P{channel}",
            physical_dimension="uV",
            physical_range=(-400, 400),
        )
        for channel in range(channels)
    ]
    edfio.Edf(signals).write(path)
    return path


def renditions(path: Path, folder: Path) -> dict[str, Path]:
    reader = registry.readers()["eeg"]
    facts: Facts = reader.probe(path)
    made = {}
    for recipe in reader.renditions:
        made[recipe.name] = folder / recipe.name
        began = time.perf_counter()
        recipe.render(path, facts, made[recipe.name], lambda _part: None)
        size = made[recipe.name].stat().st_size / 1e6
        print(f"  made {recipe.name}: {size:.1f} MB in {time.perf_counter() - began:.1f} s")
    return made


def toolchain() -> Npm:
    found = find_npm()
    if found is None:
        raise SystemExit("There is no Node to serve the pages: run `make setup` first.")
    return found


@contextmanager
def pages() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    npm = toolchain()
    node = str(npm.node_folder / "node")
    command = [node, "node_modules/vite/bin/vite.js", "--host", "127.0.0.1", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=FRONTEND, env=npm.environment(), **quiet)
    url = f"http://127.0.0.1:{port}/static/app/src/testing/viewer.html"
    try:
        for _ in range(200):
            try:
                httpx.get(url)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def serve(page: Page, name: str, path: Path) -> None:
    def part(route: Route) -> None:
        wanted = route.request.headers.get("range")
        if not wanted:
            return route.fulfill(path=path)
        first, last = (int(one) for one in wanted.removeprefix("bytes=").split("-"))
        with path.open("rb") as file:
            file.seek(first)
            return route.fulfill(status=206, body=file.read(last - first + 1))

    page.route(f"**/measured/{name}", part)


def measure(page: Page, start_zooms: int, keys: list[str]) -> tuple[np.ndarray, np.ndarray]:
    screen = page.locator(".eeg-screen")
    screen.focus()
    for key in ["Home", *["+"] * 40, *["-"] * 9, *["-"] * start_zooms]:
        page.keyboard.press(key)
    page.evaluate(RUN, [keys, FRAMES])  # tiles come, code is compiled
    page.wait_for_load_state("networkidle")
    found = page.evaluate(RUN, [keys, FRAMES])
    return np.array(found["gaps"]), np.array(found["work"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=64)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--screenshots", type=Path)
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    wanted = parser.parse_args()
    seconds, rows = round(wanted.hours * 3600), []
    print(
        f"{wanted.channels} channels, {seconds} s at {RATE_HZ} Hz (simulated); load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as folder, pages() as url, sync_playwright() as playwright:
        made = renditions(recording(Path(folder) / "long.edf", wanted.channels, seconds), Path(folder))
        chrome = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = chrome.new_page(viewport={"width": 1440, "height": 900})
        for name, path in made.items():
            serve(page, name, path)
        media = {name: {"url": f"/measured/{name}", "media_type": ""} for name in made}
        item = {"id": "1", "kind": "eeg", "duration_s": seconds, "media": media, "parts": [], "people": []}
        page.add_init_script(f"{COUNT_FRAMES}\nwindow.measuredItem = {json.dumps(item)};")
        page.goto(url)
        page.get_by_role("button", name="More channels").click(timeout=60_000)
        page.get_by_role("button", name="More channels").click()
        for name, (zooms, keys) in ROWS.items():
            gaps, work = measure(page, zooms, keys)
            figures = [*np.percentile(gaps, [50, 99]), *np.percentile(work, [50, 99])]
            line = "between frames p50 {:.1f} p99 {:.1f} ms; own work p50 {:.1f} p99 {:.1f} ms"
            print(f"{name:28} {line.format(*figures)}; load {os.getloadavg()[0]:.1f}")
            rows.append(row(f"viewer, {name}: p99 between frames", figures[1], FRAME_MS))
            rows.append(row(f"viewer, {name}: p99 of own work in a frame", figures[3]))
        if wanted.screenshots:
            shots(page, wanted.screenshots)
        chrome.close()
    if wanted.json:
        wanted.json.write_text(json.dumps(rows, indent=1) + "\n")


def row(name: str, value_ms: float, at_most_ms: float | None = None) -> dict[str, Any]:
    goal = None if at_most_ms is None else f"<= {at_most_ms:g}"
    met = None if at_most_ms is None else value_ms <= at_most_ms
    told = {"name": name, "value": value_ms, "unit": "ms", "baseline": None, "ratio": None}
    return {**told, "goal": goal, "met": met}


def shots(page: Page, folder: Path) -> None:
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(600)
            page.screenshot(path=folder / f"viewer-{width}-{scheme}.png")


if __name__ == "__main__":
    main()
