"""A person rates images in a row, a recording that runs by, one beside its film, stretches of a sound and of a film."""

import json
import re
from collections.abc import Callable
from itertools import pairwise

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from config.embedded import postgres
from tests.browser.inside import invites_inside
from tests.browser.stimuli_studies import AHEAD_S, REPLAY_S, STILL_S
from tests.browser.test_several_media import PHONE, looks_right

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

HEAD = 0.75


@pytest.fixture(scope="session")
def invites(demo) -> dict[str, str]:
    """Kind of item -> invite link of the studies of `stimuli_studies`."""
    return invites_inside(demo.url, demo.folder, "stimuli_studies")


def begin(page: Page, invite: str) -> None:
    page.set_default_timeout(60_000)
    page.goto(invite)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("button", name=re.compile("^Start")).click()
    expect(page.locator(".header.rating")).to_be_visible()


def go(page: Page, button: str) -> None:
    """Press it, and wait until the medium runs."""
    place = place_s(page)
    page.get_by_role("button", name=button, exact=True).click()
    wait_until(page, lambda: place_s(page) > place)


def place_s(page: Page) -> int:
    """Whole seconds, as the page tells them."""
    minutes, seconds = page.locator(".media-clock").inner_text().split(" / ")[0].split(":")
    return 60 * int(minutes) + int(seconds)


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it does not happen")


def rated(page: Page) -> None:
    """It was rated to its end, and the other questions are there."""
    expect(page.get_by_role("button", name="Send and go on")).to_be_visible(timeout=60_000)


def answered(page: Page) -> None:
    rated(page)
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Send and go on").click()
    expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible()


def events_of(demo, kind: str) -> list[list]:
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT c.body FROM annotation_tracechunk c JOIN annotation_trace t ON t.id = c.trace_id"
            " JOIN annotation_study s ON s.id = t.study_id WHERE s.slug = %s AND NOT c.orphan ORDER BY c.seq",
            [f"stimuli-{kind}"],
        ).fetchall()
    return [event for (body,) in rows for event in json.loads(body)["events"]]


def answers(demo, kind: str) -> dict[str, dict]:
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT r.question, r.value FROM annotation_response r JOIN annotation_study s ON s.id = r.study_id"
            " WHERE s.slug = %s",
            [f"stimuli-{kind}"],
        )
        return dict(rows.fetchall())


def played(demo, kind: str) -> dict:
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        row = connection.execute(
            "SELECT a.played FROM annotation_assignment a JOIN annotation_studyitem i ON i.id = a.study_item_id"
            " JOIN annotation_study s ON s.id = i.study_id WHERE s.slug = %s",
            [f"stimuli-{kind}"],
        ).fetchone()
        return row[0]


def recorded_hz(demo) -> float:
    """Samples per second of the fastest channel of the recording that is replayed."""
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        [(facts,)] = connection.execute(
            "SELECT a.facts FROM ingest_asset a JOIN ingest_item i ON i.asset_id = a.id WHERE i.key = 'replay/1'"
        ).fetchall()
    return max(channel["rate_hz"] for channel in facts["channels"])


def mark_last_samples(page: Page) -> None:
    """By keys, of which a step is a sample: the last one alone, and then the one before it, too."""
    page.get_by_role("slider", name="Place in the recording").focus()
    for key in ("End", ",", "i", "o"):
        page.keyboard.press(key)
    expect(page.get_by_role("status").filter(has_text=re.compile("^Still: 0:07"))).to_be_visible()
    page.keyboard.press("[")


def on_samples(places_s: list[float], rate_hz: float) -> None:
    """The last two places are around the last two samples."""
    samples = [at_s * rate_hz for at_s in places_s]
    assert samples == pytest.approx([round(one) for one in samples], abs=1e-3)
    assert samples[-2:] == pytest.approx([REPLAY_S * rate_hz - 2, REPLAY_S * rate_hz], abs=1e-3)


def marks(events: list[list]) -> list[str]:
    return [kind for _, kind, *_ in events if kind in {"play", "pause", "seek", "stall", "end"}]


def lanes_are_bound(page: Page) -> None:
    """Whatever moves the recording, its rater does not: there are no buttons for it."""
    expect(page.get_by_role("button", name="Zoom in")).to_be_visible()
    expect(page.get_by_role("button", name="Later →")).to_have_count(0)


def click_lanes(page: Page, part: float) -> None:
    box = page.locator(".eeg canvas").bounding_box()
    labels = 60
    page.mouse.click(box["x"] + labels + part * (box["width"] - labels), box["y"] + box["height"] / 2)


def test_images_in_a_row_are_rated_and_then_looked_through(demo, invites, context: BrowserContext):
    page = context.new_page()
    begin(page, invites["sequence"])
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    looks_right(page, "sequence-before")
    page.set_viewport_size({"width": 1440, "height": 900})
    go(page, "Start")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(page.get_by_text("Paused.")).to_be_visible()
    go(page, "Continue")
    rated(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Play", exact=True).first.click()
    place = page.get_by_role("slider", name="Place in the sequence")
    wait_until(page, lambda: float(place.input_value()) > STILL_S)
    # Marks are where an image begins; one step is one image.
    here = page.get_by_role("slider", name="Place in the recording")
    here.focus()
    for key, at_s in (("Home", 0), (".", STILL_S), ("i", STILL_S), (".", 2 * STILL_S), ("o", 2 * STILL_S)):
        page.keyboard.press(key)
        expect(here).to_have_attribute("aria-valuenow", f"{at_s:g}")
    page.get_by_label("Codes, such as").fill("12")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="One frame on").click()
    page.get_by_role("button", name="Apex here").click()
    neutral = page.locator(".facs-neutral img")
    assert neutral.evaluate("(picture) => picture.complete && picture.naturalWidth > 0")
    looks_right(page, "sequence-after")
    answered(page)
    segment = {"label": "still", "start_s": STILL_S, "end_s": 2 * STILL_S}
    assert answers(demo, "sequence") | {"valence": None} == {
        "valence": None,
        "by_image": {"segments": [segment]},
        "face": {"units": [{"unit": "AU12", "apex_s": 3 * STILL_S}]},
        "calm": {"labels": ["yes"]},
    }
    events = events_of(demo, "sequence")
    assert marks(events) == ["play", "pause", "play", "end"]
    lasts_s = events[-1][3] / 1e6
    assert lasts_s == pytest.approx(STILL_S * round(lasts_s))
    steps = [b[3] - a[3] for a, b in pairwise(event for event in events if event[1] == "heartbeat")]
    assert max(steps) < 1e6
    told = played(demo, "sequence")
    assert told["frames_shown"] >= lasts_s
    assert max(told["view"]["picture_px"]) > 100


def test_a_recording_runs_under_the_play_head_at_its_own_pace(demo, invites, context: BrowserContext):
    page = context.new_page()
    begin(page, invites["eeg"])
    lanes_are_bound(page)
    looks_right(page, "replay-before")
    page.set_viewport_size({"width": 1440, "height": 900})
    go(page, "Start")
    wait_until(page, lambda: place_s(page) >= 4)
    # Standing, so that it is known from where the rater goes back.
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Continue", exact=True)).to_be_visible()
    stood = place_s(page)
    # A fifth of the eight seconds in sight before the head.
    click_lanes(page, HEAD - 0.2)
    wait_until(page, lambda: place_s(page) in {stood - 2, stood - 1})
    rewound = place_s(page)
    looks_right(page, "replay-rewound")
    page.set_viewport_size({"width": 1440, "height": 900})
    # What is yet to come cannot be gone to.
    click_lanes(page, HEAD + 0.1)
    assert place_s(page) == rewound
    go(page, "Continue")
    rated(page)
    # Now it is looked through, and moments of it are gone to and marked.
    page.set_viewport_size({"width": 1440, "height": 900})
    here = page.get_by_role("slider", name="Place in the recording")
    here.focus()
    for key, at_s in (("Home", 0), ("l", 1), ("i", 1)):
        page.keyboard.press(key)
        expect(here).to_have_attribute("aria-valuenow", f"{at_s:g}")
    page.keyboard.press("k")
    wait_until(page, lambda: float(here.get_attribute("aria-valuenow")) > 1.5)
    page.keyboard.press("k")
    stood_s = float(here.get_attribute("aria-valuenow"))
    # A tenth of the eight seconds in sight.
    click_lanes(page, HEAD + 0.1)
    wait_until(page, lambda: float(here.get_attribute("aria-valuenow")) > stood_s + 0.5)
    page.get_by_role("button", name="It ends here").click()
    looks_right(page, "replay-marked")
    page.set_viewport_size({"width": 1440, "height": 900})
    mark_last_samples(page)
    answered(page)
    segment, last = answers(demo, "eeg")["marked"]["segments"]
    assert segment["start_s"] == 1
    assert stood_s + 0.5 < segment["end_s"] < REPLAY_S
    on_samples([segment["end_s"], last["start_s"], last["end_s"]], recorded_hz(demo))
    events = events_of(demo, "eeg")
    assert marks(events) == ["play", "pause", "seek", "play", "end"]
    assert events[-1][3] == REPLAY_S * 1e6
    [(clock_us, media_us), *_] = [(e[2], e[3]) for e in events if e[1] == "play"]
    beats = [e for e in events if e[1] == "heartbeat" and clock_us + 5e5 < e[2] < clock_us + 3e6]
    assert beats
    for _, _, at, media, *_ in beats:
        assert media - media_us == pytest.approx(at - clock_us, abs=1e5)
    # The item is a stretch of its file, and nothing else of it is seen.
    assert played(demo, "eeg")["view"]["seen_s"] == [[0, REPLAY_S]]


def test_a_film_and_the_recording_of_who_saw_it_keep_step(demo, invites, context: BrowserContext):
    page = context.new_page()
    begin(page, invites["trial"])
    lanes_are_bound(page)
    looks_right(page, "trial-before")
    page.set_viewport_size({"width": 1440, "height": 900})
    go(page, "Start")
    rated(page)
    looks_right(page, "trial-after")
    page.set_viewport_size({"width": 1440, "height": 900})
    # Now the rater plays as she likes: a click in the lanes takes the film there, and so does the cursor with Enter.
    page.evaluate("document.querySelector('video').currentTime = 0")
    status = page.get_by_role("status").filter(has_text="a row is")
    expect(status).to_contain_text(f"cursor at {AHEAD_S:.4f} s")
    click_lanes(page, HEAD + 0.1)
    wait_until(page, lambda: page.evaluate("document.querySelector('video').currentTime") > 0.9)
    film_s = page.evaluate("document.querySelector('video').currentTime")
    assert film_s == pytest.approx(1, abs=0.05)
    expect(status).to_contain_text(f"cursor at {AHEAD_S + film_s:.4f} s")
    page.get_by_role("application", name="The recording").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    wait_until(page, lambda: page.evaluate("document.querySelector('video').currentTime") > film_s)
    answered(page)
    events = events_of(demo, "trial")
    assert marks(events) == ["play", "end"]


def test_a_stretch_of_a_sound_is_selected_and_played_again_and_again(demo, invites, context: BrowserContext):
    page = context.new_page()
    begin(page, invites["audio"])
    frame = page.locator(".wave-frame").bounding_box()
    page.wait_for_function("() => document.querySelector('audio').duration > 0")
    length_s = page.evaluate("document.querySelector('audio').duration")
    middle = frame["y"] + frame["height"] / 2
    page.mouse.move(frame["x"] + 0.2 * frame["width"], middle)
    page.mouse.down()
    page.mouse.move(frame["x"] + 0.3 * frame["width"], middle, steps=4)
    page.mouse.up()
    start = page.get_by_role("slider", name="Start of the selection")
    end = page.get_by_role("slider", name="End of the selection")
    assert float(start.get_attribute("aria-valuenow")) == pytest.approx(0.2 * length_s, abs=0.05)
    looks_right(page, "audio-selected")
    page.set_viewport_size({"width": 1440, "height": 900})
    # By keys: half a second from the start of the selection.
    end.focus()
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    from_s, to_s = (float(edge.get_attribute("aria-valuenow")) for edge in (start, end))
    assert to_s - from_s == pytest.approx(0.5)
    page.evaluate(
        "() => { const audio = document.querySelector('audio'); window.turns = 0; window.last = 0;"
        " audio.addEventListener('seeked', () => { window.turns += 1; window.last = audio.currentTime; }); }"
    )
    page.get_by_role("button", name="Loop the selection").press("Enter")
    wait_until(page, lambda: page.evaluate("turns") > 2)
    assert page.evaluate("last") == pytest.approx(from_s, abs=0.2)
    page.get_by_role("button", name="Loop the selection").press("Enter")
    wait_until(page, lambda: page.evaluate("document.querySelector('audio').currentTime") > to_s + 0.1)
    page.get_by_role("button", name="Clear the selection").press("Enter")
    expect(start).to_have_count(0)
    answered(page)
    [looped] = played(demo, "audio")["view"]["looped_s"]
    assert looped == [from_s, to_s]


def test_the_ends_of_a_segment_are_dragged_and_caught(demo, invites, context: BrowserContext):
    page = context.new_page()
    begin(page, invites["video"])
    page.wait_for_function("() => document.querySelector('video').readyState >= 1")
    lane = page.locator(".lane-whole")
    length_s = page.evaluate("document.querySelector('video').duration")
    for label, start_s, stop_s in (("Still", 2, 4), ("Moves", 8, 9)):
        page.get_by_role("radio", name=label).check()
        for at_s, button in ((start_s, "It begins here"), (stop_s, "It ends here")):
            page.evaluate("(at) => { document.querySelector('video').currentTime = at; }", at_s)
            expect(page.get_by_role("slider", name="Place in the recording")).to_have_attribute(
                "aria-valuenow", str(at_s)
            )
            page.get_by_role("button", name=button).click()

    def drag(number: int, edge: str, to_s: float) -> None:
        box = lane.bounding_box()
        grip = page.locator(f".edge-grip[data-edge={edge}]").nth(number).bounding_box()
        height = grip["y"] + grip["height"] / 2
        page.mouse.move(grip["x"] + grip["width"] / 2, height)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * to_s / length_s, height, steps=5)
        page.mouse.up()

    status = page.get_by_role("status").filter(has_text=re.compile("Still|Moves|Taken"))
    drag(0, "end_s", 6.04)
    expect(status).to_have_text("Still: 0:02.000 to 0:06.000.")
    looks_right(page, "segments-dragged")
    page.set_viewport_size({"width": 1440, "height": 900})
    # However far it is dragged, it stops at its neighbour; what was there before comes back.
    drag(1, "start_s", 3)
    expect(status).to_have_text("Moves: 0:06.000 to 0:09.000.")
    page.get_by_role("button", name="Undo").click()
    drag(1, "start_s", 6.95)
    expect(status).to_have_text("Moves: 0:07.000 to 0:09.000.")
    page.get_by_role("button", name="Send and go on").click()
    expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible()


def test_a_trial_fits_a_phone(invites, context: BrowserContext):
    page = context.browser.new_context(viewport=PHONE, has_touch=True).new_page()
    begin(page, invites["trial"])
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    pad = page.locator(".track").bounding_box()
    assert pad["y"] + pad["height"] <= PHONE["height"]
    page.context.close()
