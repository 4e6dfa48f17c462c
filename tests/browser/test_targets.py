"""A person picks whom she rates, by keyboard or by a click on a frame, and her answers say whom."""

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from config.embedded import postgres
from tests.browser.inside import invites_inside
from tests.browser.test_people import looks_right

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def _answers(demo, question: str) -> dict[str, tuple[str, dict]]:
    """Key of the item -> who was rated, and the answer."""
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT i.key, r.target, r.value FROM annotation_response r JOIN ingest_item i ON i.id = r.item_id"
            " JOIN annotation_study s ON s.id = r.study_id WHERE s.slug = 'picked' AND r.question = %s",
            [question],
        )
        return {key: (target, value) for key, target, value in rows.fetchall()}


def test_the_rater_picks_whom_she_rates_before_she_is_asked(demo, browser: Browser):
    context = browser.new_context(locale="en", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(invites_inside(demo.url, demo.folder, "target_studies")["picked"])
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree and continue").click()
    page.get_by_role("button", name="Start", exact=True).click()

    # A picture, by keyboard alone.
    group = page.get_by_role("group", name="Whom do you rate?")
    expect(group.get_by_role("radio")).to_have_count(2)
    expect(page.get_by_text("Is this one calm?")).to_have_count(0)
    page.get_by_role("button", name="Rate this one").click()
    expect(page.get_by_text("Please pick somebody.")).to_be_visible()
    expect(page.locator(".person")).to_have_count(2)
    looks_right(page, "whom-picture")
    group.get_by_role("radio", name="Bob").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Is this one calm?")).to_be_visible()
    expect(page.get_by_text("Rate this one: Bob")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Rate this one: Bob")).to_be_visible()
    page.get_by_role("radio", name="Yes").check()
    # What each of them feels, by keyboard.
    send = page.get_by_role("button", name="Send and go on")
    page.get_by_role("group", name="Ann").get_by_role("radio", name="Joy").focus()
    page.keyboard.press("ArrowDown")
    send.click()
    expect(page.get_by_text("Please choose an answer for Bob.")).to_be_visible()
    looks_right(page, "people-labels")
    page.get_by_role("group", name="Ann").get_by_role("radio", name="Fear").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    send.click()

    # A film, by a click on a frame.
    expect(page.get_by_text("Item 2 of 2", exact=True)).to_be_visible()
    page.locator(".person", has_text="Ann").click()
    expect(group.get_by_role("radio", name="Ann")).to_be_checked()
    looks_right(page, "whom-film")
    page.get_by_role("button", name="Rate this one").click()
    page.get_by_role("radio", name="Yes").check()
    for name in ("Ann", "Bob"):
        page.get_by_role("group", name=name).get_by_role("radio", name="Cannot tell").check()
    send.click()
    expect(page.locator("output.code")).to_be_visible()
    assert {key: who for key, (who, _) in _answers(demo, "calm").items()} == {
        "picked/image": "Bob",
        "picked/video": "Ann",
    }
    _, felt = _answers(demo, "felt")["picked/image"]
    assert felt == {"people": {"Ann": ["fear"], "Bob": ["joy"]}}
    context.close()
