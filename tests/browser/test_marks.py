"""Segments, action units, spans and boxes, marked with the keyboard alone and read by axe."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.copies import study_on_copies
from tests.browser.inside import answers_of
from tests.browser.test_researcher import WIDTHS, problems_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PROTOCOLS = Path(__file__).parents[1] / "annotation" / "protocols"
ITEMS = {
    "timeline": ["films/morning-walk.mp4", "films/lost-kite.mp4"],
    "causes": ["dialogues/kitchen.json#burnt-cake/4", "dialogues/kitchen.json#burnt-cake/5"],
    "regions": ["pictures/three-laughing.jpg", "pictures/red-with-rage.jpg"],
}
MOST_TABS = 60


def tab_to(page: Page, name: str) -> None:
    """Tab until what a screen reader names so has the focus."""
    told = """() => { const here = document.activeElement;
        return (here.getAttribute('aria-label') ?? here.labels?.[0]?.textContent ?? here.textContent).trim(); }"""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(told).startswith(name):
            return
    pytest.fail(f"Tab did not reach {name!r}; it is at {page.evaluate(told)!r}.")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def move_by(page: Page, steps: int) -> None:
    """Steps of the film, each when the one before has been shown."""
    slider = page.get_by_role("slider", name="Place in the recording")
    for _ in range(steps):
        before = slider.get_attribute("aria-valuenow")
        page.keyboard.press(".")
        expect(slider).not_to_have_attribute("aria-valuenow", before)


def mark_timeline(page: Page) -> None:
    # A step is one of the film: keys that come before it is there do nothing.
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    tab_to(page, "Place in the recording")
    move_by(page, 5)
    press(page, "i")
    move_by(page, 9)
    press(page, "o", "}", "}", "Control+z", "+", "-")
    expect(page.get_by_text("Taken back.")).to_be_visible()
    press(page, "i")
    move_by(page, 6)
    # Nothing may overlap what is there; the start lies on the end of the first, which is behind it by a nudge.
    press(page, "o")
    expect(page.get_by_text("This would overlap another one, which is not allowed here.")).to_be_visible()
    press(page, "n", "{")
    expect(page.get_by_role("slider", name="Place in the recording")).to_have_attribute(
        "aria-valuenow", "0.5"
    )
    press(page, "p")
    tab_to(page, "Seen or heard")
    press(page, "v")
    tab_to(page, "Codes, such as 12C")
    page.keyboard.type("L12C 25B")
    press(page, "Enter")
    for _ in range(2):
        for moment in ("Onset here", "Apex here", "Offset here"):
            tab_to(page, moment)
            press(page, "Enter")


def mark_causes(page: Page) -> None:
    tab_to(page, page.get_by_role("option").first.inner_text())
    press(page, "1", "ArrowRight", "Shift+ArrowRight", "2", "Control+z", "Shift+ArrowRight", "2")
    tab_to(page, "From")
    press(page, "ArrowDown")
    tab_to(page, "To")
    press(page, "ArrowDown")
    tab_to(page, "Tie")
    press(page, "Enter")
    # To a whole utterance, the last but one of the list.
    tab_to(page, "From")
    press(page, "ArrowDown")
    tab_to(page, "To")
    press(page, "End", "ArrowUp")
    tab_to(page, "Tie")
    press(page, "Enter")


def mark_regions(page: Page) -> None:
    expect(page.get_by_role("button", name="New box")).to_be_visible()
    tab_to(page, "New box")
    press(page, "b")
    expect(page.get_by_role("button", name="Number 1: Face")).to_be_focused()
    press(page, *["ArrowRight"] * 3, "ArrowUp", *["Shift+ArrowDown"] * 2, "Alt+ArrowLeft", "b")
    expect(page.get_by_role("button", name="Number 2: Face")).to_be_focused()
    press(page, "Delete")
    box = page.get_by_role("button", name="Number 1: Face")
    box.hover()
    expect(box).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def check_timeline(stored: dict) -> None:
    segment = stored["doubt"]["segments"][0]
    assert len(stored["doubt"]["segments"]) == 1
    assert (segment["label"], segment["start_s"], segment["attributes"]) == ("doubt", 0.5, {"cue": "voice"})
    assert (segment["end_s"], segment["apex_s"]) == (1.4, 0.5)
    first, second = stored["face"]["units"]
    assert (first["unit"], first["side"], first["intensity"]) == ("AU12", "left", "C")
    assert (second["unit"], second["intensity"], "side" in second) == ("AU25", "B", False)
    assert first["onset_s"] == first["apex_s"] == first["offset_s"]


def check_causes(stored: dict) -> None:
    emotion, cause = stored["words"]["spans"]
    assert (emotion["label"], emotion["start"], emotion["part"]) == ("emotion", 0, 0)
    assert (cause["label"], len(cause["text"].split())) == ("cause", 3)
    to_words, to_turn = stored["words"]["relations"]
    assert to_words == {"relation": "caused_by", "source": 0, "target": 1}
    assert to_turn["target_part"] > 0
    assert to_turn == {"relation": "felt_at", "source": 0, "target_part": to_turn["target_part"]}


def check_regions(stored: dict) -> None:
    assert stored["where"]["boxes"] == [
        {"label": "face", "x": 0.3613, "y": 0.3233, "width": 0.3333, "height": 0.3533}
    ]


MARK = {"timeline": mark_timeline, "causes": mark_causes, "regions": mark_regions}
CHECK = {"timeline": check_timeline, "causes": check_causes, "regions": check_regions}


@pytest.mark.parametrize("name", ITEMS)
def test_marks_are_made_by_keyboard_and_read_by_axe(demo, browser: Browser, name):
    invite = study_on_copies(demo.folder, name, PROTOCOLS / f"{name}.toml", ITEMS[name])
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    arrived = []
    page.on("response", lambda answer: arrived.append(answer) if answer.url.endswith("/arrive/") else None)
    page.goto(f"{demo.url}{invite}")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Send and go on")).to_be_visible()
    # What marks are made with comes a moment after the rest.
    expect(page.get_by_text("Loading …")).to_have_count(0)

    MARK[name](page)
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            # Anywhere else the button for sending floats over a part of the page.
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            found[scheme, width] = problems_of(page, f"marks-{name}")
    assert {where: told for where, told in found.items() if told} == {}

    rater = arrived[0].json()["participation"]["rater"]
    press(page, "Control+Enter")
    expect(page.get_by_text("2 of", exact=False).first).to_be_visible()
    CHECK[name](answers_of(demo.folder, rater))
    context.close()
