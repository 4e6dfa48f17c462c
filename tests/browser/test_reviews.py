"""A person confirms one proposal and changes another; one who was named answers again, seeing what all had said."""

import json

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from config.embedded import postgres
from tests.browser.inside import invites_inside
from tests.browser.test_people import looks_right
from tests.browser.test_researcher import WIDTHS, problems_of, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="session")
def addresses(demo) -> dict[str, str]:
    return invites_inside(demo.url, demo.folder, "review_studies")


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


def test_proposals_are_confirmed_or_changed_and_a_named_rater_answers_again(
    demo, addresses, browser: Browser
):
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


def test_marks_of_others_are_seen_and_gone_on_from(demo, addresses, browser: Browser):
    page = _begun(browser, addresses["marks"])
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    shown = page.get_by_role("list", name="What the raters answered before")
    expect(shown.first.get_by_role("listitem").locator("strong")).to_have_text(
        ["nothing marked", "Laughs 0.5-1.5 s", "Laughs 1-2 s; Smiles 2.5-3 s"]
    )
    expect(page.locator(".segments .lane-earlier")).to_have_count(3)
    expect(page.locator(".box-earlier")).to_have_count(3)
    # Two raters saw one unit, one of them another one.
    face = page.locator(".facs")
    expect(face.locator(".lane-earlier")).to_have_count(3)
    expect(face.locator(".facs-before")).to_have_text(["× 1", "× 2"])
    text = page.get_by_role("listbox", name="Words of the text")
    begins = {"laughs": "Feeling", "the": "Cause × 3"}
    for word, told in begins.items():
        expect(text.get_by_role("option", name=word, exact=True)).to_have_attribute("data-before", told)
    expect(text.locator(".before[role=option]")).to_have_text(["laughs", "the", "dog", "ran", "off"])
    page.get_by_role("button", name="Go on from: Laughs 0.5-1.5 s").press("Enter")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Go on from: AU12 1 s", exact=True).press("Enter")
    expect(face.locator(".lane-mark")).to_have_count(1)
    page.get_by_role("button", name="Go on from: Cause: the dog", exact=True).press("Enter")
    expect(text.locator(".marked[role=option]")).to_have_text(["the", "dog"])
    page.get_by_role("button", name="Go on from: Face 25 x 40 % at 10, 20 %, 0 s").press("Enter")
    expect(page.get_by_role("button", name="Number 1: Face")).to_be_visible()
    looks_right(page, "review-marks")
    page.get_by_role("button", name="Remove number 1").press("Enter")
    page.get_by_role("button", name="New box").press("Enter")
    page.get_by_role("button", name="Send and go on").click()
    expect(page.locator("output.code")).to_be_visible()
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT r.question, r.value, r.exposed FROM annotation_response r"
            " JOIN annotation_study s ON s.id = r.study_id WHERE s.slug = 'marked-round-2'"
        ).fetchall()
    stored = {question: (value, exposed) for question, value, exposed in rows}
    (segment,) = stored["laughs"][0]["segments"]
    assert (segment["label"], segment["start_s"], segment["end_s"]) == ("laugh", 0.5, 1.5)
    assert [box["x"] for box in stored["where"][0]["boxes"]] != [0.1]
    assert stored["laughs"][1]
    assert stored["where"][1]
    page.context.close()


def _no_problems(page: Page, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems_of(page, name) == []
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_researcher_starts_a_review_and_a_round_and_copies_the_links(demo, addresses, browser: Browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    sign_in(page, demo)
    page.goto(f"{demo.url}/studies/doubted")
    section = page.get_by_role("region", name="Reviews and consensus")
    expect(section.get_by_role("status")).to_have_text("1 of 2 items would go back.")
    _no_problems(page, "study-reviews")
    lines = [{"item": f"line-{n}", "question": "emotion", "value": {"labels": ["joy"]}} for n in (1, 9)]
    section.get_by_role("radio", name="a file, such as").check()

    def choose(some: list[dict]) -> None:
        text = "\n".join(map(json.dumps, some)).encode()
        section.get_by_label("File", exact=True).set_input_files(
            {"name": "model.jsonl", "mimeType": "text/plain", "buffer": text}
        )

    choose(lines)
    section.get_by_role("button", name="Start a review").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Start the review").click()
    expect(dialog.get_by_role("alert")).to_have_text("line 2: doubted has no item 'line-9'.")
    _no_problems(page, "study-review-refused")
    dialog.get_by_role("button", name="Cancel").click()
    choose(lines[:1])
    section.get_by_role("button", name="Start a review").click()
    dialog.get_by_role("button", name="Start the review").click()
    expect(page.get_by_role("heading", name="Emotion in dialogue, review")).to_be_visible()
    expect(page.get_by_text("raters see a proposal (model.jsonl) for the items of doubted")).to_be_visible()

    page.goto(f"{demo.url}/studies/doubted")
    limit = section.get_by_label("Limit of criterion 1")
    limit.fill("0.3")
    expect(section.get_by_role("status")).to_have_text("0 of 2 items would go back.")
    start = section.get_by_role("button", name="Start a round")
    expect(start).to_be_disabled()
    limit.fill("0.6")
    expect(section.get_by_role("status")).to_have_text("1 of 2 items would go back.")
    section.get_by_role("checkbox").first.uncheck()
    start.click()
    expect(dialog.get_by_text("It has 1 item for 4 raters")).to_be_visible()
    _no_problems(page, "study-round-confirm")
    dialog.get_by_role("button", name="Start the round").click()
    expect(page.get_by_role("heading", name="Emotion in dialogue, round 2")).to_be_visible()
    links = page.get_by_role("table", name="Personal links")
    expect(links.get_by_role("row")).to_have_count(5)
    _no_problems(page, "study-round")
    again = _begun(browser, links.locator("code").first.inner_text())
    expect(again.get_by_role("list", name="What the raters answered before")).to_be_visible()
    again.context.close()
    context.close()


def test_boxes_that_raters_agree_on_are_drawn_on_the_picture(demo, addresses, context):
    page = context.new_page()
    sign_in(page, demo)
    page.goto(f"{demo.url}/studies/drawn")
    merged = page.get_by_role("list", name="Marked together for where").get_by_role("listitem")
    expect(merged).to_have_text(
        [
            "Face 25 × 40 % at 10, 20 % 100 % of 3 raters · mean overlap 0.95",
            "no label 25 × 40 % at 60, 20 % 67 % of 3 raters · mean overlap 1.00 · tie: face, hand",
        ]
    )
    expect(page.get_by_text("no label: no place was drawn by 2 of the 3 raters")).to_be_visible()
    looks_right(page, "study-boxes")
