"""Studies of one clip each, without practice, on a server of their own; each is for one rater of one test."""

from playwright.sync_api import Page, expect

CLIPS_S = {"gaps": 20, "slept": 10, "answers": 6, "session": 6}


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


def finished(page: Page) -> None:
    expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible(timeout=60_000)
