"""A person is asked what her answers call for, and may send them once the film has been played to its end."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from benchmarks.tracing.server import Bench, running
from tests.browser.inside import invites_inside
from tests.browser.test_several_media import DESKTOP, looks_right
from tests.browser.test_stimuli import begin

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[2]
FILM_S = 4
TO_HALF = "film => new Promise(done => { film.currentTime = film.duration / 2; film.onseeked = done; })"
# The second half, and what a busy browser lost of it.
LEFT = re.compile("^[23] seconds left$")
STAND = "film => film.pause()"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Bench, dict[str, str]]]:
    """A server with one film, and the invite links of the studies of `due_studies`."""
    with running(film=FILM_S) as bench:
        yield bench, invites_inside(bench.url, bench.folder, "due_studies")


def stored(bench: Bench) -> tuple[dict[str, Any], dict[str, Any]]:
    answers = bench.rows(
        "SELECT r.question, r.value FROM annotation_response r JOIN annotation_study s ON s.id = r.study_id"
        " WHERE s.slug = 'due'"
    )
    [(played,)] = bench.rows(
        "SELECT a.played FROM annotation_assignment a JOIN annotation_studyitem i ON i.id = a.study_item_id"
        " JOIN annotation_study s ON s.id = i.study_id WHERE s.slug = 'due'"
    )
    return dict(answers), played


def is_asked(page: Page, *prompts: str) -> None:
    expect(page.locator(".fields h2")).to_have_text(list(prompts))


def play(page: Page) -> None:
    page.locator("video").evaluate("film => film.play()")


def test_what_is_due_is_asked_and_taken_once_the_film_was_played(served, context: BrowserContext):
    bench, invites = served
    page = context.new_page()
    page.set_viewport_size(DESKTOP)
    begin(page, invites["due"])

    # Questions come and go with the answers that they hang on.
    keep, affect, why, note = (
        "Can it be judged?", "How does it feel?", "What is so exciting?", "Why can it not be judged?",
    )  # fmt: skip
    optional = f"{note} optional"
    is_asked(page, keep, optional)
    page.get_by_role("radio", name="Yes").check()
    is_asked(page, keep, affect, optional)
    page.get_by_role("radio", name="3").check(force=True)
    is_asked(page, keep, affect, why, optional)
    page.get_by_role("textbox", name=why).fill("The end.")
    page.get_by_role("radio", name="No", exact=True).check()
    is_asked(page, keep, note)
    page.get_by_role("radio", name="Yes").check()
    is_asked(page, keep, affect, optional)
    # What was said before they went is not there any more.
    expect(page.get_by_role("radio", name="3")).not_to_be_checked()
    page.get_by_role("radio", name="2").check(force=True)
    is_asked(page, keep, affect, optional)

    # The second half alone is not the film.
    page.locator("video").evaluate(TO_HALF)
    play(page)
    expect(page.locator("video")).to_have_js_property("ended", True)
    expect(page.get_by_text(LEFT)).to_be_visible()
    page.get_by_role("button", name="Send and go on").click()
    expect(page.get_by_text("It has not been played long enough yet.")).to_be_visible()
    looks_right(page, "must-play")

    # What was played outlives a reload; the rest does it.
    page.reload()
    expect(page.get_by_text(LEFT)).to_be_visible()
    play(page)
    expect(page.get_by_text("Played. You can send your answers now.")).to_be_visible()
    page.locator("video").evaluate(STAND)
    looks_right(page, "must-play-done")
    page.get_by_role("button", name="Send and go on").click()
    expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible()

    answers, played = stored(bench)
    assert answers == {"keep": {"labels": ["yes"]}, "affect": {"arousal": 2}}
    half, rest = played["stretches"]
    assert FILM_S / 2 - 0.1 <= half["from_s"] < half["to_s"]
    assert rest["from_s"] < FILM_S / 2 <= rest["to_s"] + 0.5
    page.close()


def test_an_utterance_stands_below_its_clip(served, context: BrowserContext):
    _, invites = served
    page = context.new_page()
    page.set_viewport_size(DESKTOP)
    begin(page, invites["meld"])
    clip, said = page.get_by_label("The video to rate"), page.get_by_role("list", name="The dialogue to rate")
    expect(clip).to_be_visible()
    expect(said.get_by_role("listitem")).to_have_text(["BReally?Rate this one"])
    page.get_by_role("button", name="Show what else was said").click()
    expect(said.get_by_role("listitem")).to_have_count(2)
    expect(said.locator("[aria-current=true]")).to_contain_text("Really?")
    looks_right(page, "meld-clip")
    page.get_by_role("radio", name="Surprise").check()
    page.get_by_role("radio", name="Negative").check()
    page.get_by_role("button", name="Send and go on").click()
    expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible()
    page.close()
