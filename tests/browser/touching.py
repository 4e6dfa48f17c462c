"""A finger and a pen on a page, as the browser's own input sees them."""

from collections.abc import Sequence

from playwright.sync_api import Locator, Page

PHONE = {"width": 360, "height": 740}
STEPS = 6
REST_MS = 120

Place = tuple[float, float]


def at(box: Locator, x: float, y: float) -> Place:
    """A place on the page: parts of the width from the left and of the height from the top."""
    found = box.bounding_box()
    assert found
    return found["x"] + x * found["width"], found["y"] + y * found["height"]


def between(one: Place, other: Place) -> list[Place]:
    """The places on the way from one to the other, this one included."""
    parts = [step / STEPS for step in range(1, STEPS + 1)]
    return [(one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1])) for part in parts]


def to_middle(locator: Locator) -> None:
    """Scroll to where nothing that stays in sight, such as the button for sending, lies over it, and is drawn so."""
    locator.evaluate(
        "(element) => { element.scrollIntoView({ block: 'center' });"
        " return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))); }"
    )


class Finger:
    """Touches of a page; `others` are fingers that lie still somewhere else meanwhile."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def drag(self, *places: Place, others: Sequence[Place] = ()) -> None:
        """Down at the first place, over all others, and, once it rests, up: else the browser sees a fling."""
        self.send("touchStart", places[0])
        if others:
            self.send("touchStart", places[0], *others)
        here = places[0]
        for place in places[1:]:
            for on_the_way in between(here, place):
                self.send("touchMove", on_the_way, *others)
            here = place
        if len(places) > 1:
            self.page.wait_for_timeout(REST_MS)
            self.send("touchMove", here, *others)
        self.send("touchEnd")

    def send(self, kind: str, *places: Place) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def draw(page: Page, *places: Place, away: Place) -> None:
    """A pen that is pressed on along all places, lifted, and moved away above the screen."""
    session = page.context.new_cdp_session(page)

    def send(kind: str, place: Place, *, pressed: bool) -> None:
        button = {"button": "left", "buttons": 1} if pressed else {"button": "none", "buttons": 0}
        if kind == "mouseReleased":
            button = {"button": "left", "buttons": 0}
        event = {"type": kind, "x": place[0], "y": place[1], "pointerType": "pen", "clickCount": 1}
        session.send("Input.dispatchMouseEvent", event | button)

    send("mouseMoved", places[0], pressed=False)
    send("mousePressed", places[0], pressed=True)
    for place in places[1:]:
        send("mouseMoved", place, pressed=True)
    send("mouseReleased", places[-1], pressed=False)
    for place in between(places[-1], away):
        send("mouseMoved", place, pressed=False)


def view_of(page: Page) -> list[float]:
    """Where the page is scrolled to, and how much it is enlarged."""
    return page.evaluate("[scrollX, scrollY, visualViewport.scale, visualViewport.pageTop]")
