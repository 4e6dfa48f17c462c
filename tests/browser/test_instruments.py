"""A person goes through every kind of trace on a telephone with mouse, keys, wheel, finger, pen and joystick."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from config.embedded import postgres
from tests.browser.test_people import looks_right
from tests.browser.test_rating import join, press
from tests.browser.test_researcher import looks, problems_of
from tests.browser.touching import PHONE, Finger, at, draw, view_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[2]

# A stick whose position the test sets; Chromium without hardware has none.
STICK = """
window.stick = [0, 0, 0, 0];
navigator.getGamepads = () => window.stickHere
  ? [{ id: "Test stick", index: 0, connected: true, axes: window.stick, buttons: [], mapping: "" }]
  : [];
"""


def make_study(folder: Path) -> str:
    """The invite path of a new study with every kind of trace, in the demo that runs in `folder`."""
    code = f"from tests.browser.trace_study import make; make({str(folder / 'trace-clips')!r})"
    command = ["-m", "config.embedded", "exec", "--", sys.executable, "manage.py", "shell", "-c", code]
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env["AFFECTORY_DATA"] = str(folder)
    done = subprocess.run(
        [sys.executable, *command], cwd=REPOSITORY, env=env, capture_output=True, text=True, check=True
    )
    return "/s/" + done.stdout.rsplit("invite ", 1)[1].strip()


def begin(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".cover")).to_have_count(0, timeout=30_000)


def mouse_to(page: Page, box: Locator, x: float, y: float) -> None:
    page.mouse.move(*at(box, x, y), steps=12)


def slider(page: Page) -> None:
    track = page.locator(".track")
    mouse_to(page, track, 0.5, 0.1)
    press(page, "ArrowDown", 500)
    Finger(page).drag(at(track, 0.5, 0.9), at(track, 0.5, 0.5), at(track, 0.5, 0.2))


def lying(page: Page) -> None:
    track = page.locator(".track")
    finger = Finger(page)
    finger.drag(at(track, 0.2, 0.5), at(track, 0.5, 0.5), at(track, 0.9, 0.5))
    # The hand that holds the telephone touches it, too; and two fingers enlarge no page from here.
    finger.drag(at(track, 0.9, 0.5), at(track, 0.4, 0.5), others=[at(track, 0.1, 0.8)])


def pad(page: Page) -> None:
    field = page.locator(".pad")
    mouse_to(page, field, 0.75, 0.25)
    page.evaluate("window.stick = [0.5, -1, 0, 0]")
    page.wait_for_timeout(200)
    page.evaluate("window.stickHere = false")
    Finger(page).drag(at(field, 0.5, 0.5), at(field, 0.9, 0.5), at(field, 0.9, 0.9))
    draw(page, at(field, 0.25, 0.5), at(field, 0.25, 0.25), away=at(field, 0.25, -0.2))


def vad(page: Page) -> None:
    mouse_to(page, page.locator(".pad"), 0.25, 0.75)
    for _ in range(4):
        page.mouse.wheel(0, -120)
    press(page, "e", 300)
    press(page, "ArrowRight", 300)
    press(page, "w", 300)
    track = page.locator(".track")
    Finger(page).drag(at(track, 0.5, 0.5), at(track, 0.1, 0.5))


def rank(page: Page) -> None:
    track = page.locator(".track")
    mouse_to(page, track, 0.5, 0.5)
    for turn in (-120, -120, -120, 120):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(50)  # two turns within a frame are told as one
    page.mouse.down()
    mouse_to(page, track, 0.5, 0.2)
    page.mouse.up()
    press(page, "ArrowUp", 400)
    Finger(page).drag(at(track, 0.5, 0.2), at(track, 0.5, 0.8))


def change(page: Page) -> None:
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="more excited, more pleasant").click()
    page.get_by_role("button", name="no change").click()
    page.get_by_role("button", name="more calm", exact=True).tap()


def held(page: Page) -> None:
    press(page, "2", 300)
    anger = page.get_by_role("button", name="Fear")
    x, y = at(anger, 0.5, 0.5)
    page.mouse.move(x, y)
    page.mouse.down()
    expect(anger).to_have_attribute("aria-pressed", "true")
    page.mouse.up()
    expect(anger).to_have_attribute("aria-pressed", "false")
    finger = Finger(page)
    finger.send("touchStart", at(page.get_by_role("button", name="Joy"), 0.5, 0.5))
    expect(page.get_by_role("button", name="Joy")).to_have_attribute("aria-pressed", "true")
    finger.send("touchEnd")
    page.get_by_role("button", name="Sadness").focus()
    press(page, "Enter", 200)


def follow(page: Page) -> None:
    press(page, "ArrowUp", 400)
    press(page, "ArrowDown", 600)


INSTRUMENTS: dict[str, Callable[[Page], None]] = {
    "slider": slider,
    "lying": lying,
    "pad": pad,
    "vad": vad,
    "rank": rank,
    "change": change,
    "held": held,
    "clip": follow,
    "tone": follow,
}


def stored_events(demo, question: str) -> list[list]:
    """The events of the one trace of a question, in order, straight from the database."""
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT c.body FROM annotation_tracechunk c JOIN annotation_trace t ON t.id = c.trace_id"
            " JOIN annotation_study s ON s.id = t.study_id JOIN annotation_assignment a ON a.id = t.assignment_id"
            " JOIN annotation_studyitem i ON i.id = a.study_item_id"
            " JOIN accounts_rater r ON r.id = t.rater_id"
            " WHERE s.slug = 'every-trace' AND r.kind <> 'simulated' AND i.practice AND t.question = %s"
            " AND NOT c.orphan AND t.state = 'finished' ORDER BY c.seq",
            [question],
        ).fetchall()
    return [event for (body,) in rows for event in json.loads(body)["events"]]


def values_of(events: list[list]) -> list[list[float]]:
    return [event[4] for event in events if event[1] == "sample"]


def devices_of(events: list[list]) -> list[str]:
    return [event[5]["input"] for event in events if event[1] == "device"]


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    context.set_default_timeout(30_000)
    context.add_init_script(STICK)
    yield context.new_page()
    context.close()


def set_up_stick(page: Page) -> None:
    """Before the start: at rest to learn the centre, then round all ends."""
    page.evaluate("window.stickHere = true; window.stick = [0.1, 0, 0, 0]")
    page.get_by_role("button", name="Set up the joystick").click()
    expect(page.get_by_text("Now move it all around")).to_be_visible()
    for place in ("-0.8, -1", "0.9, 1", "0.1, 0"):
        page.evaluate(f"window.stick = [{place}, 0, 0]")
        page.wait_for_timeout(100)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("The joystick is set up.")).to_be_visible()


def unreadable_in(page: Page, name: str) -> list[str]:
    """What axe finds before the start."""
    found = []
    for width, scheme in looks():
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{scheme} {width}: {told}" for told in problems_of(page, f"trace-{name}")]
    page.set_viewport_size(PHONE)
    return found


def test_every_instrument_records_what_hand_key_wheel_finger_and_stick_do(demo, page):
    join(page, demo.url + make_study(demo.folder))
    unreadable: dict[str, list[str]] = {}
    for name, use in INSTRUMENTS.items():
        expect(page.get_by_role("heading", name=f"({name})")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
        if name == "pad":
            set_up_stick(page)
        unreadable[name] = unreadable_in(page, name)
        begin(page)
        before = view_of(page)
        use(page)
        assert view_of(page) == before, f"{name}: the page is scrolled or enlarged"
        follows(page, target=name == "slider")
    assert {name: told for name, told in unreadable.items() if told} == {}
    expect(page.get_by_role("heading", name="How near you were")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("valence: you were near the target")).to_be_visible()
    looks_right(page, "trace-score")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="That was the practice")).to_be_visible()
    looks_right(page, "trace-practised")

    found = {name: stored_events(demo, name) for name in INSTRUMENTS}
    check_devices({name: devices_of(events) for name, events in found.items()})
    check_values({name: values_of(events) for name, events in found.items()})
    [facts] = [event[5] for event in found["pad"] if event[1] == "device" and event[5]["input"] == "gamepad"]
    assert (facts["name"], facts["calibrated"]) == ("Test stick", True)
    assert facts["axes"][0] == pytest.approx([0.1, -0.8, 0.9])


def follows(page: Page, *, target: bool) -> None:
    """Where there is a target, the rater is told while it runs how near she is; else nothing of the kind is there."""
    score = page.locator(".live-score")
    if not target:
        expect(score).to_have_count(0)
        return
    expect(score.get_by_text(re.compile(r"^Near the target \d+ % of the time so far$")).first).to_be_visible()
    expect(score.get_by_role("status")).to_be_attached()


def check_devices(used: dict[str, list[str]]) -> None:
    assert used["slider"] == ["mouse", "keyboard", "touch"]
    assert used["lying"] == ["touch"]
    assert used["pad"] == ["mouse", "gamepad", "touch", "pen"]
    assert used["vad"] == ["mouse", "wheel", "keyboard", "touch"]
    assert used["rank"] == ["wheel", "mouse", "keyboard", "touch"]
    assert used["change"] == ["keyboard", "mouse", "touch"]
    assert used["held"] == ["keyboard", "mouse", "touch", "keyboard"]
    assert used["clip"] == used["tone"] == ["keyboard"]


def check_values(values: dict[str, list[list[float]]]) -> None:
    slid = [value for (value,) in values["slider"]]
    assert max(slid) > 0.7
    assert slid[-1] == pytest.approx(0.6, abs=0.05)
    assert min(slid) == pytest.approx(-0.8, abs=0.05)
    lain = [value for (value,) in values["lying"]]
    assert lain[0] == min(lain) == pytest.approx(-0.6, abs=0.05)
    assert max(lain) == pytest.approx(0.8, abs=0.05)
    assert lain[-1] == pytest.approx(-0.2, abs=0.05)
    # The rater's own turn of the axis does not show in the values: right is pleasant for the first of them.
    assert max(arousal for _, arousal in values["pad"]) == pytest.approx(1)
    assert min(arousal for _, arousal in values["pad"]) == pytest.approx(-0.8, abs=0.05)
    assert values["pad"][-1] == pytest.approx([-0.5, 0.5], abs=0.05)
    check_third(values["vad"])
    check_unbounded([value for (value,) in values["rank"]])
    assert values["change"] == [[0, 1], [0, 2], [-1, 2], [0, 3], [0, 3], [0, 2]]
    assert values["held"] == [[2], [0], [4], [0], [1], [0], [3], [0]]
    for name in ("clip", "tone"):
        followed = [value for (value,) in values[name]]
        assert max(followed) > followed[-1]


def check_third(values: list[list[float]]) -> None:
    """By wheel and keys, each of which moves its own dimension; and then by the finger, the third one alone."""
    turned = next(place for place, value in enumerate(values) if value[2] == pytest.approx(0.4, abs=0.05))
    assert values[turned] == pytest.approx([-0.5, -0.5, 0.4], abs=0.05)
    pressed = values[turned:]
    assert max(third for *_, third in pressed) > 0.42
    assert pressed[-1][0] > -0.45
    assert pressed[-1][1] > -0.45
    assert pressed[-1][2] == pytest.approx(-0.8, abs=0.05)


def check_unbounded(values: list[float]) -> None:
    assert values[:4] == [1, 2, 3, 2]
    highest = max(values)
    assert highest > 4
    assert values.index(highest) < len(values) - 1
    assert values[-1] < highest - 1
