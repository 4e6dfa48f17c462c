"""Items that are a stretch of a longer film: nothing else of it is shown, and all times are the item's own."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from benchmarks.tracing.clip import COLUMNS, FPS, ROWS
from benchmarks.tracing.server import Bench, running
from tests.browser.inside import invites_inside
from tests.browser.stretch_studies import FROM_S, LATER_S, UNTIL_S
from tests.browser.test_several_media import DESKTOP, looks_right
from tests.browser.test_stimuli import begin, go, place_s, rated, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CLIP_S = 11
LENGTH_S = UNTIL_S - FROM_S
OWN_FRAMES = range(int(FROM_S * FPS), int(UNTIL_S * FPS))

# Each frame of the film shows its own number as black and white blocks; they are read as often as the screen draws.
READ_PICTURES = """
(([columns, rows]) => {
  window.seen = [];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingEnabled = false;
  const read = () => {
    requestAnimationFrame(read);
    const film = document.querySelector("video");
    if (!film || film.readyState < 2) return;
    context.drawImage(film, 0, 0, columns, rows);
    const { data } = context.getImageData(0, 0, columns, rows);
    let number = 0;
    for (let bit = 0; bit < columns * rows; bit++) if (data[4 * bit] > 127) number += 2 ** bit;
    if (number !== window.seen.at(-1)) window.seen.push(number);
  };
  requestAnimationFrame(read);
})(%s)
"""


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Bench, dict[str, str]]]:
    """A server with one film, and kind of item -> invite link of the studies of `stretch_studies`."""
    with running(film=CLIP_S) as bench:
        yield bench, invites_inside(bench.url, bench.folder, "stretch_studies")


def stored(bench: Bench, kind: str) -> dict[str, Any]:
    """Question -> value, and under `played` what was played."""
    slug = f"stretch-{kind}"
    answers = bench.rows(
        "SELECT r.question, r.value FROM annotation_response r JOIN annotation_study s ON s.id = r.study_id"
        " WHERE s.slug = %s",
        slug,
    )
    [(played,)] = bench.rows(
        "SELECT a.played FROM annotation_assignment a JOIN annotation_studyitem i ON i.id = a.study_item_id"
        " JOIN annotation_study s ON s.id = i.study_id WHERE s.slug = %s",
        slug,
    )
    return {**dict(answers), "played": played}


def marks_all_of_it(page: Page) -> None:
    """From the first place on the lane to the last one."""
    place = page.get_by_role("slider", name="Place in the recording")
    place.focus()
    for key, at_s, mark in (("Home", "0", "i"), ("End", f"{LENGTH_S:g}", "o")):
        page.keyboard.press(key)
        expect(place).to_have_attribute("aria-valuenow", at_s)
        page.keyboard.press(mark)
    page.get_by_role("button", name="Send and go on").click()
    expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible()


def is_rated_and_marked(page: Page, bench: Bench, kind: str) -> None:
    clock, beginning = page.locator(".media-clock"), f"0:00 / 0:0{LENGTH_S:g}"
    expect(clock).to_have_text(beginning)
    go(page, "Start")
    wait_until(page, lambda: place_s(page) >= 2)
    page.keyboard.press("r")
    expect(page.get_by_text("Rewound.")).to_be_visible()
    # Five seconds back would be before its onset.
    expect(clock).to_have_text(beginning)
    go(page, "Continue")
    rated(page)
    looks_right(page, f"stretch-{kind}")
    page.set_viewport_size(DESKTOP)
    # Not to be taken for the slider of the marks.
    bar = page.get_by_role("slider", name=re.compile("^Place in the (film|sound)$"))
    assert float(bar.get_attribute("max")) == LENGTH_S
    page.get_by_role("button", name="Play", exact=True).first.click()
    wait_until(page, lambda: float(bar.input_value()) == LENGTH_S)
    wait_until(page, lambda: page.evaluate("document.querySelector('video, audio').paused"))
    marks_all_of_it(page)

    told = stored(bench, kind)
    assert told["marked"]["segments"] == [{"label": "still", "start_s": 0, "end_s": LENGTH_S}]
    assert told["played"]["duration_s"] == LENGTH_S
    for start_s, end_s in told["played"]["ranges_s"]:
        assert 0 <= start_s < end_s <= LENGTH_S
    events = [event for body in bench.bodies(f"stretch-{kind}") for event in body["events"]]
    assert [name for _, name, *_ in events if name in {"play", "seek", "end"}] == [
        "play",
        "seek",
        "play",
        "end",
    ]
    times_us = [media for _, _, _, media, *_ in events if media is not None]
    assert (min(times_us), max(times_us)) == (0, LENGTH_S * 1e6)


def test_only_the_stretch_of_a_film_is_shown_rated_and_marked(served, context: BrowserContext):
    bench, invites = served
    page = context.new_page()
    page.add_init_script(READ_PICTURES % json.dumps([COLUMNS, ROWS]))
    begin(page, invites["video"])
    is_rated_and_marked(page, bench, "video")
    seen = page.evaluate("window.seen")
    # Timers of an overloaded machine come late, and then a picture too many is seen (docs/traces.md), never more.
    assert set(seen) - set(OWN_FRAMES) <= {OWN_FRAMES[-1] + 1}
    assert seen[0] == OWN_FRAMES[0]
    # To its very end, and the first picture again where the rater goes back to the beginning or plays it once more.
    assert seen[-1] == OWN_FRAMES[-1]
    assert seen.count(OWN_FRAMES[0]) >= 3


def test_only_the_stretch_of_a_sound_is_heard_and_its_own_waveform_shown(served, context: BrowserContext):
    bench, invites = served
    page = context.new_page()
    begin(page, invites["audio"])
    expect(page.locator("audio")).to_be_attached()
    page.evaluate(
        "() => { window.heard = []; document.querySelector('audio').addEventListener('timeupdate',"
        " ({ target }) => window.heard.push(target.currentTime)); }"
    )
    is_rated_and_marked(page, bench, "audio")
    heard = page.evaluate("window.heard")
    assert min(heard) >= FROM_S
    assert max(heard) < UNTIL_S + 0.1


def test_each_of_several_parts_is_played_from_its_own_onset(served, context: BrowserContext):
    bench, invites = served
    page = context.new_page()
    begin(page, invites["group"])
    plays = page.get_by_role("button", name="Play", exact=True)
    expect(plays).to_have_count(2)
    bars = page.locator(".play-bar input")
    for number in range(2):
        expect(bars.nth(number)).not_to_have_attribute("max", "0")
    lengths = [float(bar.get_attribute("max")) for bar in bars.all()]
    wait_until(
        page, lambda: page.evaluate("[...document.querySelectorAll('video')].every((v) => v.readyState > 1)")
    )
    starts = page.evaluate("[...document.querySelectorAll('video')].map(({ currentTime }) => currentTime)")
    assert starts == [FROM_S, LATER_S]
    assert lengths == [LENGTH_S, pytest.approx(CLIP_S - LATER_S, abs=0.1)]
    looks_right(page, "stretch-group")
    page.set_viewport_size(DESKTOP)
    plays.last.click()
    wait_until(
        page, lambda: page.evaluate("document.querySelectorAll('video')[1].currentTime") > LATER_S + 0.5
    )
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Send and go on").click()
    expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible()
    [[start_s, end_s]] = stored(bench, "group")["played"]["parts"]["b"]["ranges_s"]
    assert start_s == 0
    assert 0.5 < end_s <= CLIP_S - LATER_S
