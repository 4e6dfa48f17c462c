"""A person looks closely at a recording, a picture, a document and a film, with the keyboard alone."""

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from config.embedded import postgres
from tests.browser.inside import invites_inside
from tests.browser.test_several_media import begin, looks_right, send, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="session")
def invites(demo) -> dict[str, str]:
    """Kind of item -> invite link of the studies of `viewer_studies`."""
    return invites_inside(demo.url, demo.folder, "viewer_studies")


def view_of(demo, kind: str) -> dict:
    return played_of(demo, kind).get("view", {})


def played_of(demo, kind: str) -> dict:
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        row = connection.execute(
            "SELECT a.played FROM annotation_assignment a JOIN annotation_studyitem i ON i.id = a.study_item_id"
            " JOIN annotation_study s ON s.id = i.study_id WHERE s.slug = %s",
            [f"viewer-{kind}"],
        ).fetchone()
        return row[0]


def reload_after(page: Page, **seen: float) -> None:
    """Once the rater's browser keeps that this was seen."""
    kept = """(seen) => new Promise((done) => {
        const opening = indexedDB.open('affectory-rater');
        opening.onsuccess = () => {
            const drafts = opening.result.transaction('drafts').objectStore('drafts').getAll();
            drafts.onsuccess = () => {
                opening.result.close();
                done(drafts.result.some(({ played: { view } }) =>
                    view && Object.entries(seen).every(([name, value]) => view[name] === value)));
            };
        };
    })"""
    page.wait_for_function(kept, arg=seen)
    page.reload()
    expect(page.get_by_role("application", name="The recording")).to_be_visible()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def answer(page: Page) -> None:
    """Answer with the question's own keys, which must not have been taken by the viewer's."""
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    tab_to(page, page.get_by_role("radio", name="Yes"))
    press(page, "Space")
    send(page)


def test_items_are_looked_at_closely_with_the_keyboard(demo, invites, context: BrowserContext):
    for kind, look in (("eeg", recording), ("image", picture), ("text", document), ("video", film)):
        page = context.browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(30_000)
        begin(page, invites[kind])
        look(page)
        looks_right(page, f"viewer-{kind}")
        if kind == "eeg":
            reload_after(page, high_pass_hz=0.1)
        page.set_viewport_size({"width": 1440, "height": 900})
        if kind == "video":
            tab_to(page, page.locator("video"))
        answer(page)
        page.context.close()
    # What was looked at before the reload, and the recording as it is at first, after it.
    [seen] = played_of(demo, "eeg")["earlier_views"]
    assert view_of(demo, "eeg")["montage"] == "recorded"
    assert (seen["high_pass_hz"], seen["low_pass_hz"]) == (0.1, None)
    assert seen["montage"] == "average"
    assert seen["gain"] == pytest.approx(2)
    assert seen["changed_shown"] is True
    assert seen["range_s"][1] - seen["range_s"][0] == pytest.approx(10 / 1.5)
    assert seen["seen_s"][0][0] == 0
    # Each way of looking keeps what was seen in it; the first one was the recording as it is.
    first, *_, last = seen["ways"]
    assert (first["montage"], first["gain"], first["seen_s"][0]) == ("recorded", 1, [0, 10])
    assert {name: last[name] for name in ("montage", "gain", "high_pass_hz")} == {
        "montage": "average",
        "gain": pytest.approx(2),
        "high_pass_hz": 0.1,
    }
    assert view_of(demo, "image")["largest_zoom"] == pytest.approx(1.25**3)
    assert view_of(demo, "image")["zoom"] == {"scale": 1, "x": 0.5, "y": 0.5}
    assert view_of(demo, "text") == {"read_part": 1, "font_scale": 1.25}


def recording(page: Page) -> None:
    screen = page.get_by_role("application", name="The recording")
    tab_to(page, screen)
    status = page.get_by_role("status").filter(has_text="a row is")
    expect(status).to_contain_text("0.0 to 10.0 of")
    press(page, "+", "ArrowRight", "]", "]", "Shift+ArrowRight", "Shift+ArrowRight")
    expect(status).to_contain_text("cursor at")
    for name, keys in (("Montage", "Average"), ("High-pass", "0.1")):
        tab_to(page, page.get_by_label(name))
        page.keyboard.type(keys)
    expect(status).not_to_contain_text("loading")


def picture(page: Page) -> None:
    box = page.get_by_role("application", name="Picture, 100 %")
    tab_to(page, box)
    whole = page.locator(".picture-box").bounding_box()
    press(page, "+", "+", "+", "ArrowLeft", "ArrowUp")
    expect(page.get_by_role("application", name="Picture, 195 %")).to_be_focused()
    assert page.locator(".picture-box").bounding_box() == whole
    page.wait_for_function(
        "() => document.querySelector('.picture-box img').getBoundingClientRect().width > 0"
    )
    press(page, "0")
    expect(page.get_by_role("application", name="Picture, 100 %")).to_be_focused()


def document(page: Page) -> None:
    text = page.get_by_role("region", name="The text to rate")
    tab_to(page, text)
    press(page, "End")
    expect(page.get_by_role("progressbar", name="How far the text is scrolled")).to_have_attribute(
        "value", "100"
    )
    tab_to(page, page.get_by_role("button", name="Larger letters"))
    press(page, "Enter")


def film(page: Page) -> None:
    expect(page.get_by_text("Rate this one: Bob")).to_be_visible()
    marks = page.locator(".person")
    expect(marks).to_have_count(2)
    expect(page.locator(".person.target")).to_have_text("Bob")
    expect(page.locator(".person.target")).to_be_visible()
