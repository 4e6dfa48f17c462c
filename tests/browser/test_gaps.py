"""Whatever keeps a rater from rating is written into the trace by name, and what was not rated is masked."""

import os
import signal
import time
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from annotation.trace_log import derive, parse_chunk
from annotation.trace_validity import validity
from tests.browser.one_clip import CLIPS_S, begin, finished, go

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SLEPT = "Paused, because this device slept or stood still for a while."


def stands(page: Page) -> None:
    assert page.evaluate("document.querySelector('video').paused")


def tell_video(page: Page, event: str) -> None:
    page.evaluate("(event) => void document.querySelector('video').dispatchEvent(new Event(event))", event)


def hide(page: Page, *, hidden: bool) -> None:
    """What a page sees when its tab goes out of sight: a headless browser has no tab to switch."""
    page.evaluate(
        "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def marks(bodies: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """Kind and reason of all that is neither a value nor the end."""
    return [
        (kind, (note or {}).get("why"))
        for body in bodies
        for _, kind, _, _, _, note in body["events"]
        if kind not in {"sample", "heartbeat", "device", "end"}
    ]


def put_to_sleep(browser: Browser, seconds: float) -> None:
    """Stop the whole browser for as long, as the system does with all programs when a lid is closed."""
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    processes = [one["id"] for one in told["processInfo"]]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        time.sleep(seconds)
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def test_after_a_sleep_the_film_stands_until_the_rater_goes_on(bench, browser, context):
    page = context.new_page()
    begin(page, bench.url + bench.invites["slept"])
    go(page, "Start")
    put_to_sleep(browser, 4)
    expect(page.get_by_text(SLEPT)).to_be_visible()
    stands(page)
    go(page, "Continue")
    finished(page)
    bodies = bench.bodies("slept")
    assert marks(bodies) == [("play", None), ("stall", "asleep"), ("pause", "asleep"), ("play", None)]
    [note] = [one[5] for body in bodies for one in body["events"] if one[1] == "stall"]
    assert 3500 < note["silent_ms"] < 30_000
    chunks = [parse_chunk(body) for body in bodies]
    series = derive(chunks, dimensions=2, rate_hz=10, duration_s=CLIPS_S["slept"])
    report = validity(chunks, series)
    # The film goes on where it stood, not where it would be by now.
    [(start, stop)] = report["gaps"]
    assert 0 < stop - start < 1
    assert report["coverage"] > 0.9
    assert report["frames_shown"] > 0
    assert report["refresh_hz"] > 0


def test_hidden_moved_stalled_blocked_and_asleep_are_named_and_what_nobody_rated_is_masked(bench, context):
    page = context.new_page()
    begin(page, bench.url + bench.invites["gaps"])
    # The browser refuses to play what the rater has not asked for.
    page.evaluate(
        "() => { const media = HTMLMediaElement.prototype; window.realPlay = media.play;"
        " media.play = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("The browser stopped the playback.")).to_be_visible()
    stands(page)
    page.evaluate("() => { HTMLMediaElement.prototype.play = window.realPlay; }")

    go(page, "Continue")
    hide(page, hidden=True)
    expect(page.get_by_text("Paused while this page was out of sight.")).to_be_visible()
    stands(page)
    hide(page, hidden=False)
    stands(page)

    go(page, "Continue")
    page.evaluate("() => document.querySelector('video').pause()")
    expect(page.get_by_text("The browser stopped the playback.")).to_be_visible()

    go(page, "Continue")
    # As the controls of the browser's own media hub do: they ask no page.
    stood_s = page.evaluate("document.querySelector('video').currentTime")
    page.evaluate("() => { document.querySelector('video').currentTime += 9; }")
    expect(
        page.get_by_text("Paused, because something outside this page moved the playback.")
    ).to_be_visible()
    stands(page)
    # Back to the frame that was shown, which began a little before.
    assert stood_s - 0.1 < page.evaluate("document.querySelector('video').currentTime") < stood_s + 5

    go(page, "Continue")
    # No more data: the element says so, and says when it goes on.
    tell_video(page, "waiting")
    expect(page.get_by_text("Loading …")).to_be_visible()
    tell_video(page, "playing")
    expect(page.get_by_text("Loading …")).to_have_count(0)

    # The page stands still while the film, which another thread plays, goes on.
    page.evaluate("() => { const end = performance.now() + 3000; while (performance.now() < end); }")
    expect(page.get_by_text(SLEPT)).to_be_visible()
    stands(page)
    go(page, "Continue")
    finished(page)

    bodies = bench.bodies("gaps")
    assert marks(bodies) == [
        ("pause", "blocked"),
        ("play", None),
        ("hidden", None),
        ("pause", "hidden"),
        ("visible", None),
        ("play", None),
        ("pause", "blocked"),
        ("play", None),
        ("lock_lost", "seek"),
        ("pause", "moved"),
        ("play", None),
        ("stall", None),
        ("resume", None),
        ("stall", "asleep"),
        ("pause", "asleep"),
        ("play", None),
    ]
    chunks = [parse_chunk(body) for body in bodies]
    series = derive(chunks, dimensions=2, rate_hz=10, duration_s=CLIPS_S["gaps"])
    report = validity(chunks, series)
    [(start, stop)] = report["gaps"]
    assert 2 < stop - start < 4.5
    inside = slice(int(10 * start) + 2, int(10 * stop) - 1)
    assert np.isnan(series.values[inside]).all()
    assert report["coverage"] > 0.7
