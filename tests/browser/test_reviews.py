"""A person confirms one proposal and changes another; one who was named answers again, seeing what all had said."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from config.embedded import postgres
from tests.browser.test_people import looks_right

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo"), pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[2]


def _made(demo) -> dict[str, str]:
    env = os.environ | {
        "AFFECTORY_DATA": str(demo.folder),
        "DATABASE_URL": postgres.database_url(demo.folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "tests.browser.review_studies"]
    made = subprocess.run(command, env=env, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return {kind: f"{demo.url}{path}" for kind, path in json.loads(made.stdout.splitlines()[-1]).items()}


def _begun(browser: Browser, address: str) -> Page:
    context = browser.new_context(locale="en", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree and continue").click()
    page.get_by_role("button", name="Start", exact=True).click()
    return page


def _answers(demo, study: str) -> set[tuple[str, bool]]:
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT r.value->'labels'->>0, r.exposed FROM annotation_response r"
            " JOIN annotation_study s ON s.id = r.study_id WHERE s.slug = %s",
            [study],
        )
        return set(rows.fetchall())


def test_proposals_are_confirmed_or_changed_and_a_named_rater_answers_again(demo, browser: Browser):
    addresses = _made(demo)
    page = _begun(browser, addresses["proposal"])
    expect(page.get_by_text("Proposal: Joy")).to_be_visible()
    expect(page.get_by_role("radio", name="Joy")).to_be_checked()
    send = page.get_by_role("button", name="Send and go on")
    send.click()
    expect(page.get_by_text("Please confirm the proposal, or change it.")).to_be_visible()
    looks_right(page, "review-proposal")
    page.get_by_role("button", name="This is right").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Confirmed", pressed=True)).to_be_visible()
    send.click()
    expect(page.get_by_text("Item 2 of 2", exact=True)).to_be_visible()
    page.get_by_role("radio", name="Fear").check()
    expect(page.get_by_role("button", name="Back to the proposal")).to_be_visible()
    send.click()
    expect(page.locator("output.code")).to_be_visible()
    assert _answers(demo, "reviewed-checked") == {("joy", True), ("fear", True)}
    page.context.close()

    page = _begun(browser, addresses["round"])
    shown = page.get_by_role("list", name="What the raters answered before").get_by_role("listitem")
    expect(shown).to_have_text(["Joy × 2", "Anger", "Fear", "Sadness"])
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    looks_right(page, "review-round")
    page.get_by_role("radio", name="Joy").check()
    page.get_by_role("button", name="Send and go on").click()
    expect(page.locator("output.code")).to_be_visible()
    assert _answers(demo, "reviewed-round-2") == {("joy", True)}
    page.context.close()
