"""A researcher makes a protocol of her own, looks at each page of it, and starts a study that people rate."""

import re

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, Route, expect

from tests.browser.test_rating import tell_of_clip
from tests.browser.test_researcher import WIDTHS, problems_of, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SPANISH = """
[translations.es]
consent = { text = "Participar es voluntario." }
"""


def the_text(page: Page):
    return page.get_by_label("Protocol, as TOML")


def frame_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='The page as the rater sees it']")


def edit(page: Page, old: str, new: str) -> None:
    text = the_text(page).input_value()
    assert text.count(old) == 1
    the_text(page).fill(text.replace(old, new))


def look_at(page: Page, stage: str) -> None:
    page.get_by_label("Page", exact=True).select_option(stage)


def copy(page: Page, demo, preset: str) -> None:
    sign_in(page, demo)
    page.goto(f"{demo.url}/studies")
    page.get_by_role("link", name="New study").click()
    page.get_by_label("Preset").select_option(preset)
    page.get_by_role("button", name="Copy the preset").press("Enter")
    expect(page.get_by_text("Nothing is wrong with it.")).to_be_visible()


def answer(where: Page | FrameLocator) -> None:
    """The first choice of each question of an item."""
    expect(where.locator("section.question").first).to_be_visible()
    for question in where.locator("section.question").all():
        question.get_by_role("radio").first.check()


def test_a_protocol_is_copied_mended_looked_at_started_and_rated(demo, context: BrowserContext):
    page = context.new_page()
    copy(page, demo, "meld")
    edit(page, "per_item = ", "per_itme = ")
    fault = page.get_by_role("listitem").filter(has_text="raters.per_itme")
    expect(fault).to_contain_text("is not known here; known: per_item")
    expect(the_text(page)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Start the study")).to_be_disabled()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems_of(page, "new-study-faults") == []
    fault.get_by_role("button", name=re.compile("Line")).press("Enter")
    expect(the_text(page)).to_be_focused()
    page.keyboard.type("per_item = 3")  # the line is selected
    expect(page.get_by_text("Nothing is wrong with it.")).to_be_visible()

    frame = frame_of(page)
    expect(frame.get_by_text("I have read this")).to_be_visible()
    # What appears in the frame leaves the hands of whoever types alone.
    expect(the_text(page)).to_be_focused()
    look_at(page, "Item 1")
    frame.get_by_role("button", name="Send and go on").click()
    expect(frame.get_by_text("Please choose an answer.").first).to_be_visible()
    answer(frame)
    frame.get_by_role("button", name="Send and go on").click()
    expect(page.get_by_text("These answers would be accepted.")).to_be_visible()
    expect(page.get_by_label("Page", exact=True)).to_have_value("item-2-0")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems_of(page, "new-study") == []

    page.get_by_label("Items").select_option("collection/demo-film-dialogue")
    expect(frame.get_by_role("button", name="Send and go on")).to_be_visible()
    page.get_by_label("Name for programs").fill("my-dialogues")
    page.get_by_role("button", name="Start the study").press("Enter")
    expect(page.get_by_role("heading", name="Emotion in dialogue")).to_be_visible()
    assert demo.get("studies/my-dialogues/")["participations"] == {}

    rater = context.new_page()
    rater.goto(demo.invite("my-dialogues"))
    rater.get_by_role("checkbox").check()
    rater.get_by_role("button", name="Agree").click()
    rater.get_by_role("button", name="Start with").click()
    answer(rater)
    rater.get_by_role("button", name="Send and go on").click()
    rater.get_by_role("button", name="Start").click()
    answer(rater)
    rater.get_by_role("button", name="Send and go on").click()
    expect(rater.get_by_text("Item 2 of")).to_be_visible()
    assert demo.get("studies/my-dialogues/")["responses"] == 2  # of one item


def test_pages_are_looked_at_in_another_language_size_and_scheme(demo, context: BrowserContext):
    page = context.new_page()
    copy(page, demo, "emotionlines")
    frame = frame_of(page)
    expect(frame.get_by_text("I have read this")).to_be_visible()
    the_text(page).fill(the_text(page).input_value() + SPANISH)
    page.get_by_label("Language", exact=True).select_option("es")
    expect(frame.get_by_text("Participar es voluntario.")).to_be_visible()
    expect(frame.get_by_role("checkbox", name="He leído")).to_be_visible()
    assert frame.locator("html").evaluate("innerWidth") == 360
    grounds = set()
    for scheme in ("Light", "Dark"):
        page.get_by_text(scheme, exact=True).click()
        expect(frame.locator("html")).to_have_css("color-scheme", scheme.lower())
        grounds.add(frame.locator("body").evaluate("node => getComputedStyle(node).backgroundColor"))
    assert len(grounds) == 2
    page.get_by_text("Desktop", exact=True).click()
    expect(frame.get_by_text("Participar es voluntario.")).to_be_visible()
    assert frame.locator("html").evaluate("innerWidth") == 1280
    look_at(page, "End")
    expect(frame.get_by_text("PREVIEW")).to_be_visible()
    # Another preset asks first; what was written outlives a reload.
    page.get_by_label("Preset").select_option("veatic")
    page.get_by_role("button", name="Copy the preset").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.reload()
    expect(the_text(page)).to_have_value(re.compile("Participar es voluntario"))


def test_a_pass_over_a_film_is_played_and_checked(demo, context: BrowserContext):
    page = context.new_page()
    copy(page, demo, "veatic")
    frame = frame_of(page)
    expect(frame.get_by_text("I have read this")).to_be_visible()

    def answer_late(route: Route) -> None:
        """Other items are on their way: on those of before, whatever is done would be lost."""
        expect(page.get_by_text("Making the pages")).to_be_visible()
        expect(page.get_by_title("The page as the rater sees it")).to_have_count(0)
        route.continue_()

    page.route("**/protocols/preview/", answer_late)
    page.get_by_label("Items").select_option("corpus/demo-film")
    look_at(page, "Practice 1, affect")
    frame.get_by_role("button", name="Start").click()
    tell_of_clip(frame)
    expect(page.get_by_text("These answers would be accepted.")).to_be_visible(timeout=60_000)
    expect(page.get_by_label("Page", exact=True)).to_have_value("practice-over")
