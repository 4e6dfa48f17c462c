"""Whatever keeps a rater from rating is written into the trace by name, and what was not rated is masked."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from annotation.trace_log import derive, parse_chunk
from benchmarks.tracing.server import Bench, running

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo"), pytest.mark.timeout(300)]

CLIP_S = 20


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """A server with a study of one clip and no practice."""
    with running(gaps=CLIP_S) as served:
        yield served


def begin(page: Page, invite: str) -> None:
    page.goto(invite)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".pad")).to_be_visible()


def go(page: Page, button: str) -> None:
    """Press it, and wait for half a second of film."""
    page.get_by_role("button", name=button, exact=True).click()
    start = page.evaluate("document.querySelector('video').currentTime")
    page.wait_for_function(
        "(start) => document.querySelector('video').currentTime > start + 0.5", arg=start, timeout=30_000
    )


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


def test_hidden_stalled_blocked_and_asleep_are_named_and_what_nobody_rated_is_masked(bench, context):
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
    # No more data: the element says so, and says when it goes on.
    tell_video(page, "waiting")
    expect(page.get_by_text("Loading …")).to_be_visible()
    tell_video(page, "playing")
    expect(page.get_by_text("Loading …")).to_have_count(0)

    # The page sleeps while the film, which another thread plays, goes on.
    page.evaluate("() => { const end = performance.now() + 3000; while (performance.now() < end); }")
    expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible(timeout=60_000)

    bodies = bench.bodies("gaps")
    marks = [
        (kind, (note or {}).get("why"))
        for body in bodies
        for _, kind, _, _, _, note in body["events"]
        if kind not in {"sample", "heartbeat", "device", "end"}
    ]
    assert marks == [
        ("pause", "blocked"),
        ("play", None),
        ("hidden", None),
        ("pause", "hidden"),
        ("visible", None),
        ("play", None),
        ("pause", "blocked"),
        ("play", None),
        ("stall", None),
        ("resume", None),
        ("stall", "asleep"),
    ]
    series = derive(
        [parse_chunk(body) for body in bodies], dimensions=2, rate_hz=10, duration_s=float(CLIP_S)
    )
    [(start, stop)] = series.validity["gaps"]
    assert 2 < stop - start < 4.5
    inside = slice(int(10 * start) + 2, int(10 * stop) - 1)
    assert np.isnan(series.values[inside]).all()
    assert series.validity["coverage"] > 0.7
