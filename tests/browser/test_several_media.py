"""A person answers every question about items of several media, by mouse, by touch width and by keyboard alone."""

import re

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from config.embedded import postgres
from tests.browser.inside import invites_inside
from tests.browser.test_researcher import problems_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

HEARD = """async (audio) => {
    await audio.play();
    while (audio.currentTime < 0.2) await new Promise(requestAnimationFrame);
    audio.pause();
}"""
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def invites(demo) -> dict[str, str]:
    """Slug -> invite link of the studies of `several_media_studies`."""
    return invites_inside(demo.url, demo.folder, "several_media_studies")


def begin(page: Page, invite: str) -> None:
    page.goto(invite)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("button", name=re.compile("^Start")).click()
    expect(page.get_by_role("button", name="Send and go on")).to_be_visible()


def looks_right(page: Page, name: str) -> None:
    """At both widths, light and dark: nothing wider than the page, and axe finds nothing."""
    place = page.evaluate("scrollY")
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # Anywhere else the button for sending floats over a part of the page.
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            assert problems_of(page, name) == [], f"{name} {scheme} {size}"
    page.emulate_media(color_scheme="light")
    page.evaluate("(place) => scrollTo(0, place)", place)


def send(page: Page) -> None:
    page.get_by_role("button", name="Send and go on").click()
    expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible()


def stored(demo, study: str) -> dict[str, dict]:
    """Question -> value of the newest rater's answers."""
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT r.question, r.value FROM annotation_response r JOIN annotation_study s ON s.id = r.study_id"
            " WHERE s.slug = %s ORDER BY r.answered_at",
            [study],
        )
        return dict(rows.fetchall())


def played(demo) -> dict:
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        row = connection.execute(
            "SELECT a.played FROM annotation_assignment a JOIN annotation_studyitem i ON i.id = a.study_item_id"
            " JOIN annotation_study s ON s.id = i.study_id WHERE s.slug = 'several-music'"
        ).fetchone()
        return row[0]


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("radiogroup", name=question).get_by_role("radio", name=answer, exact=True).check()


def shown_order(page: Page, prompt: str) -> list[str]:
    rows = page.get_by_role("list", name=prompt).locator(".ranked-name")
    return rows.all_inner_texts()


def drag(page: Page, name: str, onto: str) -> None:
    for row, act in ((name, page.mouse.down), (onto, page.mouse.up)):
        grip = page.locator(f".ranked:has(.ranked-name:text-is('{row}')) .grip")
        grip.scroll_into_view_if_needed()
        box = grip.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
        act()


def test_every_question_about_several_media_is_answered(demo, invites, context: BrowserContext):
    page = context.new_page()
    by_mouse_music_and_pictures(page, demo, invites["music"])
    page = context.browser.new_context(viewport=PHONE, has_touch=True).new_page()
    by_keyboard_words(page, demo, invites["words"])
    page.context.close()
    page = context.browser.new_context(viewport=DESKTOP).new_page()
    captions(page, demo, invites["captions"])
    page.context.close()
    page = context.browser.new_context(viewport=DESKTOP).new_page()
    one_sound_at_a_time(page, demo, invites["sounds"])
    page.context.close()


def by_mouse_music_and_pictures(page: Page, demo, invite: str) -> None:
    begin(page, invite)
    group = page.get_by_role("group", name="What to rate")
    expect(group.locator("h3")).to_have_text(["audio", "A", "B"])
    page.locator("audio").evaluate(HEARD)
    page.get_by_role("button", name="Send and go on").click()
    for missing in (
        "Please choose an answer.",
        "Please put all of them in order.",
        "Please answer the statements.",
    ):
        expect(page.get_by_text(missing).first).to_be_visible()
    choose(page, "Which picture is calmer?", "B: clearly")
    choose(page, "Which picture fits the music?", "A")
    page.get_by_role("button", name="B", exact=True).click()
    page.get_by_role("button", name="A", exact=True).click()
    assert shown_order(page, "Order the pictures by brightness.") == ["B", "A"]
    drag(page, "A", "B")
    assert shown_order(page, "Order the pictures by brightness.") == ["A", "B"]
    page.get_by_role("button", name="B: same place as the one above").click()
    page.get_by_label("What the music does").fill("It hums.")
    for number in range(1, 11):
        statement = page.get_by_role("group", name=f"This is statement number {number} of ten.")
        statement.get_by_role("radio", name="4: agree a little").check()
    page.reload()
    # The click in the instant of the reload may be lost, nothing before it.
    statement.get_by_role("radio", name="4: agree a little").check()
    looks_right(page, "music")
    send(page)
    values = stored(demo, "several-music")
    order = values["calmer"]["order"]
    assert sorted(order) == ["a", "b"]
    assert values["calmer"] == {"choice": order[1], "grade": 2, "order": order}
    assert values["fit"] == {"match": order[0], "order": order}
    assert values["order"] == {"ranks": {"a": 1, "b": 1}, "order": order}
    assert values["why"] == {"music": "It hums."}
    assert values["you"] == {f"q{n}": 4 for n in range(1, 11)}
    # It was heard before the reload.
    assert played(demo)["parts"]["audio"]["ranges_s"]


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this control has the focus."""
    for _ in range(80):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"The keyboard does not reach {wanted}.")


def by_keyboard_words(page: Page, demo, invite: str) -> None:
    begin(page, invite)
    terms = page.locator(".term")
    expect(terms).to_have_count(4)
    words = terms.all_inner_texts()
    # Tab goes from one column to the other, arrows move the mark in it.
    most, least = (page.get_by_role("radiogroup", name=name) for name in ("Most pleasant", "Least pleasant"))
    tab_to(page, most.get_by_role("radio", name=words[0], exact=True))
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(least.get_by_role("radio", name=words[0], exact=True)).to_be_checked()
    expect(most.get_by_role("radio", checked=True)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    tab_to(page, most.get_by_role("radio", name=words[0], exact=True))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name=words[0], exact=True))
    for word in words:
        # The focus goes on to the next word by itself.
        expect(page.get_by_role("button", name=word, exact=True)).to_be_focused()
        page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name=f"Move {words[3]} up"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=f"{words[3]} is number 3")).to_have_count(1)
    looks_right(page, "words")
    page.set_viewport_size(PHONE)
    page.keyboard.press("Control+Enter")
    expect(page.locator("text=/^[0-9A-F]{8}$/")).to_be_visible()
    values = stored(demo, "several-words")
    order = values["pleasant"]["order"]
    assert values["pleasant"] == {"best": order[0], "worst": order[1], "order": order}
    assert values["excited"]["ranks"] == {order[0]: 1, order[1]: 2, order[3]: 3, order[2]: 4}


def captions(page: Page, demo, invite: str) -> None:
    begin(page, invite)
    expect(page.get_by_role("figure")).to_contain_text("picture, as somebody wrote.")
    page.keyboard.press("2")
    expect(page.get_by_role("radio", name="No", exact=True)).to_be_checked()
    looks_right(page, "captions")
    send(page)
    assert stored(demo, "several-captions")["fits"] == {"fits": False, "order": []}


def one_sound_at_a_time(page: Page, demo, invite: str) -> None:
    begin(page, invite)
    for letter, other in (("A", "B"), ("B", "A")):
        sounds = {name: page.get_by_role("region", name=name, exact=True).locator("audio") for name in "AB"}
        sounds[letter].evaluate("async (audio) => { await audio.play(); }")
        assert not sounds[letter].evaluate("(audio) => audio.paused")
        assert sounds[other].evaluate("(audio) => audio.paused")
    page.keyboard.press("1")
    looks_right(page, "sounds")
    send(page)
    value = stored(demo, "several-sounds")["calmer"]
    assert value["choice"] == value["order"][0]
