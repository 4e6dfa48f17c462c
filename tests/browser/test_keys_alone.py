"""A person without a pointer answers with the keyboard alone what no other test answers so."""

import json
import re

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from config.embedded import postgres
from tests.browser.hands_studies import FILM_HZ
from tests.browser.inside import answers_of
from tests.browser.test_people import looks_right
from tests.browser.test_several_media import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SOON_MS = 60_000
REPLAYED_FRAMES = 10


@pytest.fixture
def page(context: BrowserContext) -> Page:
    context.set_default_timeout(SOON_MS)
    return context.new_page()


def keys(page: Page, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)


def press(page: Page, button: Locator) -> None:
    tab_to(page, button)
    keys(page, "Enter")


def begin(page: Page, invite: str) -> str:
    """Come and go to the first item; returns the rater's pseudonym."""
    page.goto(invite)
    tab_to(page, page.get_by_role("checkbox"))
    keys(page, "Space")
    with page.expect_response(lambda answer: answer.url.endswith("/arrive/")) as arrival:
        press(page, page.get_by_role("button", name="Agree and continue"))
    press(page, page.get_by_role("button", name="Start", exact=True))
    return arrival.value.json()["participation"]["rater"]


def send(page: Page) -> None:
    keys(page, "Control+Enter")
    done(page)


def done(page: Page) -> None:
    expect(page.get_by_role("heading", name="Done. Thank you!")).to_be_visible(timeout=SOON_MS)


def choose(page: Page, group: str, first: str, *moves: str) -> None:
    """Tab to the first answer of a group, and go on with arrows."""
    tab_to(page, page.get_by_role("radiogroup", name=group).get_by_role("radio", name=first))
    keys(page, "Space", *moves)


def traced(demo, rater: str) -> list[list]:
    """The events of the rater's only trace."""
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT c.body FROM annotation_tracechunk c JOIN annotation_trace t ON t.id = c.trace_id"
            " JOIN accounts_rater r ON r.id = t.rater_id WHERE r.pseudonym = %s AND NOT c.orphan ORDER BY c.seq",
            [rater],
        ).fetchall()
    return [event for (body,) in rows for event in json.loads(body)["events"]]


def test_things_are_compared_matched_and_put_in_order_by_keys(demo, hands, page):
    rater = begin(page, hands["pictures"])
    choose(page, "Which picture is calmer?", "A: clearly", *["ArrowDown"] * 3)
    expect(page.get_by_role("radio", name="B: slightly")).to_be_checked()
    choose(page, "Which picture fits the text?", "A")
    keys(page, "3")
    expect(page.get_by_role("radio", name="None of them")).to_be_checked()
    tab_to(page, page.get_by_role("button", name="A", exact=True))
    keys(page, "Enter", "Enter")
    press(page, page.get_by_role("button", name="B: same place as the one above"))
    send(page)
    values = answers_of(demo.folder, rater)
    first, second = values["calmer"]["order"]
    assert (values["calmer"]["choice"], values["calmer"]["grade"]) == (second, 1)
    assert values["fit"]["match"] == "none"
    assert values["order"]["ranks"] == {first: 1, second: 1}


def test_statements_are_answered_by_keys(demo, hands, page):
    rater = begin(page, hands["words"])
    expect(page.locator(".end-word")).to_have_count(4)
    words = page.locator(".end-word").all_inner_texts()
    choose(page, "Most pleasant", words[0], "ArrowDown")
    choose(page, "Least pleasant", words[0])
    for number, moves in ((1, 0), (2, 4), (3, 2)):
        statement = page.get_by_role("group", name=f"Statement number {number}.")
        tab_to(page, statement.get_by_role("radio", name="1: point 1"))
        keys(page, "Space", *["ArrowRight"] * moves)
        expect(statement.get_by_role("radio", name=f"{moves + 1}: point {moves + 1}")).to_be_checked()
    send(page)
    values = answers_of(demo.folder, rater)
    order = values["ends"]["order"]
    assert (values["ends"]["best"], values["ends"]["worst"]) == (order[1], order[0])
    assert values["form"] == {"q1": 1, "q2": 5, "q3": 3}


def watched(page: Page) -> tuple[float, float, float]:
    """Where the film stood, from where it played, and where it stands after the last frames were played again."""
    page.evaluate(
        "() => { const film = document.querySelector('video'); window.at = [film.currentTime];"
        " film.addEventListener('play', () => window.at.push(film.currentTime), { once: true });"
        " film.addEventListener('pause', () => setTimeout(() => window.at.push(film.currentTime)), { once: true }); }"
    )
    keys(page, "Enter")
    page.wait_for_function("() => window.at.length === 3")
    return tuple(page.evaluate("window.at"))


def test_the_last_frames_are_played_again_and_a_face_is_coded_by_keys(demo, hands, page):
    rater = begin(page, hands["film"])
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    nothing = page.get_by_role("button", name="There is nothing to mark")
    place = page.get_by_role("region", name="Mark where it moves.").get_by_role(
        "slider", name="Place in the recording"
    )
    tab_to(page, place)
    for at_s in ("1", "2"):
        keys(page, "l")
        expect(place).to_have_attribute("aria-valuenow", at_s)
    press(page, nothing.first)
    tab_to(page, page.get_by_role("button", name="Play the last 10 frames"))
    stood_s, from_s, stands_s = watched(page)
    assert from_s == pytest.approx(stood_s - REPLAYED_FRAMES / FILM_HZ, abs=0.05)
    assert stands_s == stood_s == 2
    tab_to(page, page.get_by_label("Codes, such as"))
    page.keyboard.type("12D")
    keys(page, "Enter")
    press(page, page.get_by_role("button", name="Apex here"))
    press(page, nothing.last)
    choose(page, "Valence", "1, unpleasant", "ArrowRight")
    tab_to(page, page.get_by_role("slider", name="Arousal"))
    keys(page, "Home", "ArrowRight")
    # However long the form is, what is rated stays in sight.
    expect(page.locator("video")).to_be_in_viewport(ratio=0.9)
    send(page)
    values = answers_of(demo.folder, rater)
    assert values["moving"] == {"segments": []}
    assert values["face"]["units"] == [{"unit": "AU12", "intensity": "D", "apex_s": 2}]
    assert values["where"] == {"boxes": []}
    assert values["felt"]["valence"] == 2
    assert values["slid"]["arousal"] == 1


def test_changes_of_a_text_are_marked_by_keys_and_whoever_does_nothing_is_asked(demo, hands, page):
    rater = begin(page, hands["text"])
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_focused()
    looks_right(page, "keys-text")
    keys(page, "Enter")
    expect(page.get_by_text("Still watching?")).to_be_visible()
    keys(page, "ArrowUp", "ArrowUp", "ArrowDown", "0")
    expect(page.get_by_text("Still watching?")).to_have_count(0)
    done(page)
    events = traced(demo, rater)
    assert [event[4] for event in events if event[1] == "sample"] == [[1], [2], [1], [1]]
    assert [event[5]["input"] for event in events if event[1] == "device"] == ["keyboard"]


def test_a_picture_is_rated_by_keys_on_an_axis_that_is_turned_round(demo, hands, page):
    field = page.get_by_role("application", name=re.compile("^Rating field"))
    turned = re.compile("Valence to the right, from pleasant to unpleasant")
    begin(page, hands["still"])
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_focused()
    expect(field).not_to_have_accessible_name(turned)
    page.context.clear_cookies()
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    rater = begin(page, hands["still"])
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_focused()
    expect(field).to_have_accessible_name(turned)
    looks_right(page, "keys-still")
    keys(page, "Enter")
    # A screen reader leaves the arrows to what has the focus.
    expect(field).to_be_focused()
    expect(page.locator(".cover")).to_have_count(0)
    for key in ("ArrowRight", "ArrowUp"):
        page.keyboard.down(key)
        page.wait_for_timeout(300)
        page.keyboard.up(key)
    done(page)
    events = traced(demo, rater)
    valence, arousal = [event[4] for event in events if event[1] == "sample"][-1]
    assert valence < -0.05
    assert arousal > 0.05
