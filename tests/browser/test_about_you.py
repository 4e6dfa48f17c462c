"""A person is asked about herself once, by keyboard, answers some of it, and goes on to the first item."""

import json
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from config.embedded import postgres
from tests.browser.studies import study_on_texts
from tests.browser.test_people import looks_right

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PROTOCOL = Path(__file__).parents[1] / "annotation" / "protocols" / "about.toml"


def told(demo) -> dict:
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        (answers,) = connection.execute(
            "SELECT d.answers::text FROM annotation_selfdescription d"
            " JOIN annotation_participation p ON p.id = d.participation_id"
            " JOIN annotation_study s ON s.id = p.study_id WHERE s.slug = 'about-you'"
        ).fetchone()
    return json.loads(answers)


def test_the_rater_says_what_she_wants_and_leaves_out_the_rest(demo, browser: Browser):
    invite = f"{demo.url}/s/{study_on_texts(demo.folder, 'about-you', PROTOCOL, ['One.', 'Two.'])}"
    context = browser.new_context(locale="en", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(invite)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree and continue").click()
    expect(page.get_by_role("heading", name="About you")).to_be_visible()

    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Please answer, or tick that you would rather not say.")).to_have_count(3)
    page.get_by_role("radio", name="18 to 34").focus()
    page.keyboard.press("Space")
    page.get_by_role("combobox", name="Where do you live?").select_option("Mexico")
    rather_not = page.get_by_role("checkbox", name="I would rather not say")
    rather_not.nth(2).focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("Please answer, or tick")).to_have_count(0)
    # Not wanting to say takes the answer back, and an answer takes that back.
    rather_not.nth(0).check()
    expect(page.get_by_role("radio", name="18 to 34")).not_to_be_checked()
    page.get_by_role("radio", name="18 to 34").check()
    expect(rather_not.nth(0)).not_to_be_checked()
    looks_right(page, "about-you")
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("heading", name="What you will do")).to_be_visible()
    assert told(demo) == {"age": {"labels": ["18-34"]}, "country": {"labels": ["mx"]}, "experience": None}
    page.reload()
    expect(page.get_by_role("heading", name="What you will do")).to_be_visible()
    context.close()
