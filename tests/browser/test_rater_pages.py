"""Every page and window that a rater may meet beside her items can be read, at both widths, light and dark."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_people import looks_right

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SOON_MS = 60_000
# The film stands; what happens to it is told by its own events, for as long as it is looked at.
HOLD = """() => { window.realPlay = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = () => new Promise(() => {}); }"""
LET_GO = "() => { HTMLMediaElement.prototype.play = window.realPlay; }"


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", name=text)).to_be_visible(timeout=SOON_MS)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def agree(page: Page) -> None:
    page.get_by_role("checkbox").check()
    press(page, "Agree and continue")
    heading(page, "What you will do")


def windows(page: Page) -> None:
    """All that opens over an item, and goes away again."""
    for opened, title, closed in (
        ("Skip", "Skip this item?", "Keep going"),
        ("Stop", "Stop taking part?", "Keep going"),
        ("Show the keys", "Keys", "Close"),
    ):
        press(page, opened)
        heading(page, title)
        looks_right(page, f"window-{opened.lower().replace(' ', '-')}")
        press(page, closed)
        expect(page.get_by_role("dialog")).to_have_count(0)


def film_says(page: Page, event: str) -> None:
    page.evaluate("(event) => void document.querySelector('video').dispatchEvent(new Event(event))", event)


def trace_in_all_its_states(page: Page) -> None:
    page.evaluate(HOLD)
    press(page, "Start")
    expect(page.locator(".count")).to_be_visible()
    looks_right(page, "trace-countdown")
    film_says(page, "playing")
    expect(page.locator(".cover")).to_have_count(0)
    looks_right(page, "trace-playing")
    film_says(page, "waiting")
    expect(page.get_by_text("Loading …")).to_be_visible()
    looks_right(page, "trace-stalled", loaded=False)
    press(page, "Pause")
    expect(page.get_by_text("Paused.")).to_be_visible()
    looks_right(page, "trace-paused")
    page.evaluate(LET_GO)


def second_tab(context: BrowserContext, invite: str) -> None:
    other = context.new_page()
    other.goto(invite)
    heading(other, "This study is open in another tab")
    looks_right(other, "rater-second-tab")
    other.close()


def test_every_page_beside_the_items_reads_well(demo, hands, context: BrowserContext):
    page = context.new_page()
    page.goto(f"{demo.url}/s/nowhere")
    heading(page, "This link leads nowhere")
    looks_right(page, "rater-unknown-link")
    page.goto(hands["closed"])
    heading(page, "This study is closed")
    looks_right(page, "rater-closed")
    page.route("**/invites/**", lambda route: route.abort())
    page.goto(hands["pages"])
    heading(page, "That did not work")
    looks_right(page, "rater-trouble")
    page.unroute("**/invites/**")
    press(page, "Try again")
    press(page, "I do not want to take part")
    heading(page, "You are not taking part")
    looks_right(page, "rater-declined")
    press(page, "Back to the information")
    agree(page)
    looks_right(page, "rater-instructions")
    press(page, "Start")
    expect(page.get_by_text("Ready when you are.")).to_be_visible()
    windows(page)
    second_tab(context, hands["pages"])
    trace_in_all_its_states(page)
    press(page, "Continue")
    heading(page, "Done. Thank you!")
    expect(page.get_by_text(re.compile("^[0-9A-F]{8}$"))).to_be_visible()
    looks_right(page, "rater-done")


def test_whoever_stops_is_told_that_it_was_taken(hands, context: BrowserContext):
    page = context.new_page()
    page.goto(hands["pages"])
    agree(page)
    press(page, "Stop")
    press(page, "Stop and withdraw")
    heading(page, "You have withdrawn")
    looks_right(page, "rater-withdrawn")
