"""A person with a telephone answers questions with a finger: what is stored is what was touched."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands_studies import FILM_S
from tests.browser.inside import answers_of
from tests.browser.test_people import looks_right
from tests.browser.touching import PHONE, Finger, at, to_middle, view_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SOON_MS = 60_000
SMALLEST_TARGET_PX = 24


@pytest.fixture
def page(browser: Browser):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    context.set_default_timeout(SOON_MS)
    yield context.new_page()
    context.close()


def begin(page: Page, invite: str) -> str:
    """Come and go to the first item, by touch alone; returns the rater's pseudonym."""
    with page.expect_response(lambda answer: answer.url.endswith("/arrive/")) as arrival:
        page.goto(invite)
        page.get_by_role("checkbox").tap()
        page.get_by_role("button", name="Agree").tap()
    page.get_by_role("button", name="Start", exact=True).tap()
    expect(page.get_by_role("button", name="Send and go on")).to_be_visible(timeout=SOON_MS)
    return arrival.value.json()["participation"]["rater"]


def send(page: Page) -> None:
    page.get_by_role("button", name="Send and go on").tap()
    expect(page.get_by_role("heading", name="Done. Thank you!")).to_be_visible(timeout=SOON_MS)


def small_targets(page: Page) -> list[str]:
    """What can be pressed and is smaller than a finger needs, for which WCAG asks 24 px."""
    return page.evaluate(
        """(least) => [...document.querySelectorAll(
             ':is(.header, .answers) :is(button, label, select, input:not(label input), [role=slider]),'
             + '.edge-grip, .grip')]
           .filter((one) => one.checkVisibility() && one.type !== 'hidden')
           .map((one) => [one, one.getBoundingClientRect()])
           .filter(([, box]) => Math.min(box.width, box.height) < least)
           .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`)""",
        SMALLEST_TARGET_PX,
    )


def held_still(page: Page, act: Callable[[], None]) -> None:
    """What is dragged moves, and the page does not."""
    before = view_of(page)
    act()
    assert view_of(page) == before


def scrolls(page: Page) -> None:
    """Elsewhere a finger moves the page, as everywhere."""
    page.evaluate("scrollTo(0, 0)")
    Finger(page).drag((180, 700), (180, 500), (180, 300))
    page.wait_for_function("() => scrollY > 50")
    page.evaluate("scrollTo(0, 0)")


def rank(page: Page, names: list[str]) -> None:
    """Put in this order by tapping, and then the last one dragged to the top."""
    finger = Finger(page)
    for name in names:
        page.get_by_role("button", name=name, exact=True).tap()
    rows = page.get_by_role("list", name="Order the pictures by brightness.")
    expect(rows.locator(".ranked-name")).to_have_text(names)
    grips = rows.locator(".grip")
    to_middle(grips.last)
    held_still(page, lambda: finger.drag(at(grips.last, 0.5, 0.5), at(grips.first, 0.5, 0.5)))
    expect(rows.locator(".ranked-name")).to_have_text([names[-1], *names[:-1]])


def test_things_are_compared_and_put_in_order_with_a_finger(demo, hands, page):
    rater = begin(page, hands["pictures"])
    scrolls(page)
    page.get_by_role("radio", name="B: clearly").tap()
    page.get_by_role("radiogroup", name="Which picture fits").get_by_role("radio", name="A").tap()
    rank(page, ["B", "A"])
    assert small_targets(page) == []
    looks_right(page, "touch-pictures")
    page.set_viewport_size(PHONE)
    send(page)
    values = answers_of(demo.folder, rater)
    first, second = values["calmer"]["order"]
    assert (values["calmer"]["choice"], values["calmer"]["grade"]) == (second, 2)
    assert values["fit"]["match"] == first
    assert values["order"]["ranks"] == {first: 1, second: 2}

    rater = begin(page, hands["words"])
    expect(page.locator(".end-word")).to_have_count(4)
    words = page.locator(".end-word").all_inner_texts()
    for end, word in (("Most pleasant", words[3]), ("Least pleasant", words[0])):
        page.get_by_role("radiogroup", name=end).get_by_role("radio", name=word).tap()
    for number in (1, 2, 3):
        statement = page.get_by_role("group", name=f"Statement number {number}.")
        statement.get_by_role("radio").nth(number).tap()
    assert small_targets(page) == []
    looks_right(page, "touch-words")
    page.set_viewport_size(PHONE)
    send(page)
    values = answers_of(demo.folder, rater)
    order = values["ends"]["order"]
    assert (values["ends"]["best"], values["ends"]["worst"]) == (order[3], order[0])
    assert values["form"] == {"q1": 2, "q2": 3, "q3": 4}


def mark_stretch(page: Page) -> None:
    """From one second to two by taps on the lane and the buttons, and the end dragged to three."""
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    finger, lane = Finger(page), page.locator(".lane-whole")
    page.get_by_role("radio", name="Moves").tap()
    place = page.get_by_role("region", name="Mark where it moves.").get_by_role(
        "slider", name="Place in the recording"
    )
    for at_s, button in ((1, "It begins here"), (2, "It ends here")):
        to_middle(lane)
        finger.drag(at(lane, at_s / FILM_S, 0.9))
        expect(place).to_have_attribute("aria-valuenow", str(at_s))
        page.get_by_role("button", name=button).tap()
    grip = page.locator(".edge-grip[data-edge=end_s]")
    to_middle(grip)
    from_x, y = at(grip, 0.7, 0.5)
    to_x, _ = at(lane, 3 / FILM_S, 0.5)
    held_still(page, lambda: finger.drag((from_x, y), (to_x, y)))
    expect(page.get_by_role("status").filter(has_text="Moves: 0:01.000 to 0:03.000.")).to_be_visible()


def mark_box(page: Page) -> None:
    """Drawn over a quarter of the picture; then its corner is pulled, and it is moved."""
    finger, surface = Finger(page), page.locator(".box-surface")
    to_middle(surface)
    held_still(page, lambda: finger.drag(at(surface, 0.2, 0.2), at(surface, 0.45, 0.45)))
    box = page.get_by_role("button", name="Number 1: Thing")
    expect(box).to_have_accessible_name(
        "Number 1: Thing, from left 20 %, from above 20 %, 25 % wide, 25 % high"
    )
    held_still(page, lambda: finger.drag(at(surface, 0.45, 0.45), at(surface, 0.6, 0.7)))
    held_still(page, lambda: finger.drag(at(surface, 0.3, 0.4), at(surface, 0.5, 0.4)))
    expect(box).to_have_accessible_name(
        "Number 1: Thing, from left 40 %, from above 20 %, 40 % wide, 50 % high"
    )


def test_a_film_is_marked_and_scored_with_a_finger(demo, hands, page):
    rater = begin(page, hands["film"])
    scrolls(page)
    mark_stretch(page)
    finger = Finger(page)
    page.get_by_role("checkbox", name="AU12").tap()
    page.get_by_role("radio", name="C", exact=True).tap()
    page.get_by_role("button", name="Apex here").tap()
    mark_box(page)
    page.get_by_role("radio", name="7", exact=True).tap()
    slider = page.get_by_role("slider", name="Arousal")
    to_middle(slider)
    held_still(page, lambda: finger.drag(at(slider, 0.5, 0.5), at(slider, 0.75, 0.5)))
    assert small_targets(page) == []
    looks_right(page, "touch-film")
    page.set_viewport_size(PHONE)
    send(page)
    values = answers_of(demo.folder, rater)
    assert values["moving"] == {"segments": [{"label": "moves", "start_s": 1, "end_s": 3}]}
    [unit] = values["face"]["units"]
    assert (unit["unit"], unit["intensity"]) == ("AU12", "C")
    [box] = values["where"]["boxes"]
    assert [box[side] for side in ("x", "y", "width", "height")] == pytest.approx(
        [0.4, 0.2, 0.4, 0.5], abs=0.02
    )
    assert values["felt"]["valence"] == 7
    assert values["slid"]["arousal"] == pytest.approx(75, abs=4)
    assert values["slid"]["touched"] == {"arousal": True}
