"""Every instrument of choice and scale on one page, answered with the keyboard alone and read by axe."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.inside import answers_of
from tests.browser.studies import study_on_texts
from tests.browser.test_researcher import WIDTHS, problems_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PROTOCOL = Path(__file__).parents[1] / "annotation" / "protocols" / "choices.toml"
TEXTS = ["After weeks of dust the rain came back.", "Nobody had told the cat."]
PHONE = 360
MOST_TABS = 25
SMALLEST_TARGET_PX = 24


@pytest.fixture(scope="module")
def invite(demo) -> str:
    return f"{demo.url}/s/{study_on_texts(demo.folder, 'choices', PROTOCOL, TEXTS)}"


def join(page: Page, invite: str) -> None:
    page.goto(invite)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Send and go on")).to_be_visible()
    # Wheels come a moment after the rest.
    expect(page.locator(".question .wheel-field").first).to_be_visible()
    expect(page.get_by_text("Loading …")).to_have_count(0)


class Keys:
    """A rater without a pointer; knows where she is by what a screen reader says."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def at(self) -> tuple[str, str]:
        """Role and name of what has the focus."""
        told = self.page.evaluate(
            """() => {
              const here = document.activeElement;
              const by = document.getElementById(here.getAttribute('aria-labelledby') ?? '');
              const label = here.labels?.[0]?.textContent ?? by?.textContent ?? here.textContent;
              return [here.getAttribute('role') ?? here.type ?? '', here.getAttribute('aria-label') ?? label];
            }"""
        )
        return told[0], told[1]

    def tab_to(self, role: str, name: str) -> None:
        for _ in range(MOST_TABS):
            self.press("Tab")
            found_role, found_name = self.at()
            if found_role == role and found_name.startswith(name):
                return
        pytest.fail(f"Tab did not reach {role} {name!r}; it is at {self.at()}.")


def answer_all(keys: Keys) -> None:
    """All questions in the order of the page."""
    keys.tab_to("radio", "Joy")
    keys.press("ArrowRight", "ArrowRight", "ArrowDown", "Space")

    keys.tab_to("treeitem", "Love")
    keys.press("ArrowRight", "ArrowRight", "Space", "ArrowRight", "ArrowRight", "Space", "End", "Enter")

    keys.tab_to("radio", "Yes")
    keys.press("ArrowRight")

    keys.tab_to("combobox", "In your own words")
    keys.page.keyboard.type("te")
    expect(keys.page.get_by_role("option")).to_have_text(["tense", "tender", "content"])
    keys.press("ArrowDown", "ArrowDown", "Enter")
    keys.page.keyboard.type("at ease")
    keys.press("Enter", "Shift+Tab")
    keys.page.keyboard.type("slow pace")
    keys.press("Shift+Tab", "Shift+Tab")
    keys.page.keyboard.type("soft words")

    for label, steps in (("none", 2), ("none", 0), ("none", 1)):
        keys.tab_to("radio", label)
        keys.press("Space", *["ArrowRight"] * steps)

    keys.tab_to("checkbox", "Joy: weak")
    keys.press("ArrowUp", "ArrowUp", "Space", "ArrowLeft", "ArrowDown", "Space")

    keys.tab_to("radio", "strongly disagree")
    keys.press("Space", "ArrowRight")

    keys.tab_to("range", "Liking")
    keys.press("ArrowRight")
    for _ in range(2):
        keys.press("Tab")
        keys.press(*(["Enter"] if "Arousal" in keys.at()[1] else ["ArrowLeft"] * 3))

    for name, steps in (("1, unpleasant", 7), ("1, calm", 1), ("1, controlled", 2), ("1, sad", 3)):
        keys.tab_to("radio", name)
        keys.press("Space", *["ArrowRight"] * steps)

    keys.tab_to("gridcell", "Pleasure 5, Arousal 5")
    keys.press("ArrowRight", "ArrowUp", "ArrowUp", "Space")
    keys.tab_to("gridcell", "Valence 0, Arousal 0.5")
    keys.press("Home", "PageUp", "Enter")


ANSWERS = {
    "petal": {"labels": ["terror"]},
    "tree": {"labels": ["affection", "fondness", "sadness"]},
    "felt": {"labels": ["no"]},
    "words": {"words": ["tender", "at ease"], "reasons": {"tender": "soft words", "at ease": "slow pace"}},
    "strength": {"levels": {"joy": 2, "sadness": 0, "fear": 1}},
    "rings": {"levels": {"joy": 3, "anticipation": 2}},
    "likert": {"agree": -1},
    "slid": {"liking": 55, "touched": {"liking": True}},
    "affect": {"valence": 0.47, "arousal": 0.5, "touched": {"valence": True, "arousal": True}},
    "sam": {"valence": 8, "arousal": 2, "dominance": 3},
    "mood": {"valence": 4},
    "grid": {"valence": 6, "arousal": 7},
    "emoji": {"valence": -1, "arousal": 1},
}


def small_targets(page: Page) -> list[str]:
    """What can be pressed and is smaller than a finger needs, for which WCAG asks 24 px."""
    return page.evaluate(
        """(least) => [...document.querySelectorAll(
             '.question :is(button, input, label, [role=gridcell], [role=treeitem], .wheel-field path)')]
           .filter((one) => one.checkVisibility() && !one.closest('label > *'))
           .map((one) => [one, one.getBoundingClientRect()])
           .filter(([, box]) => Math.min(box.width, box.height) < least)
           .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`)""",
        SMALLEST_TARGET_PX,
    )


def read_at_both_widths(page: Page, when: str, found: dict, extra: Callable[[Page], list[str]]) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found[when, width] = problems_of(page, f"choices-{when}") + extra(page)
    page.set_viewport_size({"width": PHONE, "height": 900})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_instrument_is_answered_by_keyboard_and_read_by_axe(demo, browser: Browser, invite, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": PHONE, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    arrived = []
    page.on("response", lambda answer: arrived.append(answer) if answer.url.endswith("/arrive/") else None)
    join(page, invite)
    found: dict[tuple[str, int], list[str]] = {}
    read_at_both_widths(page, "empty", found, small_targets)

    keys = Keys(page)
    answer_all(keys)
    read_at_both_widths(page, "answered", found, small_targets)
    rater = arrived[0].json()["participation"]["rater"]
    keys.press("Control+Enter")
    expect(page.get_by_text("Item 2 of 2", exact=True)).to_be_visible()

    stored = answers_of(demo.folder, rater)
    order = stored["affect"].pop("order")
    assert sorted(order) == ["arousal", "valence"]
    assert stored == ANSWERS
    assert {where: told for where, told in found.items() if told} == {}
    context.close()


def test_axes_do_not_mirror_in_a_language_from_right_to_left(browser: Browser, invite):
    context = browser.new_context(viewport={"width": PHONE, "height": 900})
    page = context.new_page()
    join(page, invite)
    page.evaluate("document.documentElement.dir = 'rtl'")
    pairs = [
        (page.get_by_role("radio", name="Acceptance (Trust)"), page.get_by_role("radio", name="Annoyance")),
        (page.get_by_role("radio", name="9, pleasant"), page.get_by_role("radio", name="1, unpleasant")),
        (page.get_by_role("radio", name="5, happy"), page.get_by_role("radio", name="1, sad")),
        (
            page.get_by_role("gridcell", name="Pleasure 9, Arousal 5"),
            page.get_by_role("gridcell", name="Pleasure 1, Arousal 5"),
        ),
    ]
    for right, left in pairs:
        assert right.bounding_box()["x"] > left.bounding_box()["x"]
    slider = page.get_by_role("slider", name="Liking")
    slider.press("ArrowRight")
    expect(slider).to_have_value("55")
    assert problems_of(page) == []
    context.close()


def test_what_is_left_out_is_named_and_a_slider_may_stay_where_it_is_kept(browser: Browser, invite):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    join(page, invite)
    page.get_by_role("button", name="Send and go on").click()
    told = [text for text in page.locator(".complaint").all_inner_texts() if text]
    assert told == [
        "Please choose an answer.",
        "Please choose an answer.",
        "Please choose an answer.",
        "Please add a word.",
        "Please set Joy, Sadness, Fear.",
        "Please choose an answer.",
        "Please set Agreement.",
        "Please move both sliders.",
        "Please set Valence, Arousal, Dominance.",
        "Please set Valence.",
        "Please choose a place on the square.",
        "Please choose a place on the square.",
    ]
    context.close()
