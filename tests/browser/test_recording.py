"""A person records herself by keys alone, reloads while it is sent, hands it in, and watches it in the next study."""

import hashlib
import re
import time

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, expect

from config.embedded import postgres
from tests.browser.conftest import launched
from tests.browser.recording_studies import own_study, telling_study
from tests.browser.test_researcher import looks, problems_of
from tests.browser.test_several_media import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CHUNK = re.compile(r"/recordings/([0-9a-f-]+)/chunks/(\d+)/")
# A slow machine's made-up camera may fill no second chunk.
HELD_BACK = re.compile(r"/recordings/[0-9a-f-]+/(chunks/[1-9]\d*|finish)/")
DEVICES, ALLOWED = "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"
SOON_MS = 60_000


@pytest.fixture
def page(playwright: Playwright):
    """In a browser with a made-up camera and microphone: a moving pattern, and a beep every second."""
    with launched(playwright, DEVICES, ALLOWED) as chrome:
        yield page_of(chrome)


def page_of(chrome: Browser) -> Page:
    context = chrome.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    return context.new_page()


class Acknowledged:
    """Listens to the page: the chunks that the server has acknowledged, by recording and number."""

    def __init__(self, page: Page) -> None:
        self.chunks: dict[tuple[str, int], bytes] = {}
        page.on("requestfinished", self._on_finished)

    def _on_finished(self, request: Request) -> None:
        found = CHUNK.search(request.url)
        if found and request.response().status == 200:
            self.chunks[found[1], int(found[2])] = request.post_data_buffer

    @property
    def files(self) -> list[str]:
        ids = sorted({recording for recording, _ in self.chunks})
        parts = [[self.chunks[key] for key in sorted(self.chunks) if key[0] == one] for one in ids]
        return [hashlib.sha256(b"".join(chunks)).hexdigest() for chunks in parts]


def agree(page: Page, invite: str) -> None:
    page.goto(invite)
    expect(page.get_by_role("button", name="Agree")).to_be_visible(timeout=SOON_MS)
    boxes = page.get_by_role("checkbox")
    for index in range(boxes.count()):
        expect(page.get_by_role("button", name="Agree")).to_be_disabled()
        boxes.nth(index).check()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("button", name="Start", exact=True).click()


def press(page: Page, name: str) -> None:
    tab_to(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def record(page: Page, until: str = "0:03") -> None:
    press(page, "Record")
    expect(page.locator(".on-air")).to_contain_text(f"{until} /", timeout=SOON_MS)
    page.keyboard.press("r")
    expect(page.get_by_label("Your recording")).to_be_visible(timeout=SOON_MS)


def looked_at(page: Page, name: str) -> list[str]:
    """What axe finds."""
    found = []
    for width, scheme in looks():
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{name} {scheme} {width}: {told}" for told in problems_of(page, f"recording-{name}")]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    return found


def entries(demo, corpus: str) -> list[tuple[str, str, str]]:
    """State, SHA-256 and subject of what was handed in, straight from the database, once all of it was read."""
    query = (
        "SELECT e.state, e.sha256, e.groups->>'subject' FROM ingest_ingestentry e JOIN ingest_corpus c"
        " ON c.id = e.corpus_id WHERE c.name = %s"
    )
    deadline = time.monotonic() + 120
    with psycopg.connect(postgres.database_url(demo.folder), autocommit=True) as connection:
        while time.monotonic() < deadline:
            rows = connection.execute(query, [corpus]).fetchall()
            if rows and all(state != "pending" for state, *_ in rows):
                return rows
            time.sleep(0.5)  # the worker's business; nothing tells the test
    pytest.fail(f"nothing of {corpus} was read: {rows}")


def raters_of(demo, study: str) -> list[str]:
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT r.pseudonym FROM annotation_response a JOIN annotation_study s ON s.id = a.study_id"
            " JOIN accounts_rater r ON r.id = a.rater_id WHERE s.slug = %s",
            [study],
        ).fetchall()
    return [pseudonym for (pseudonym,) in rows]


def record_twice(page: Page) -> list[str]:
    """Turns the devices on, records, records again, reloads; returns what axe finds on the way."""
    problems = looked_at(page, "off")
    press(page, "Turn on camera and microphone")
    expect(page.get_by_label("Your camera")).to_be_visible(timeout=SOON_MS)
    expect(page.locator("meter")).not_to_have_js_property("value", 0, timeout=SOON_MS)
    problems += looked_at(page, "ready")
    record(page)
    problems += looked_at(page, "preview")
    press(page, "Record again")
    record(page, until="0:06")
    # A take that lies on this device only is there after a reload, and so is how often it was recorded.
    for _ in range(2):
        expect(page.get_by_label("Your recording")).to_be_visible(timeout=SOON_MS)
        expect(page.get_by_text("2 more times.")).to_be_visible(timeout=SOON_MS)
        page.reload()
    return problems


def hand_in_through_a_bad_network(page: Page) -> list[str]:
    """Only the first chunk gets through until the page has been reloaded and the network is back."""
    page.route(HELD_BACK, lambda route: route.abort())
    press(page, "Hand in this recording")
    expect(page.get_by_text("goes on by itself")).to_be_visible(timeout=SOON_MS)
    problems = looked_at(page, "sending")
    page.reload()
    expect(page.get_by_text("goes on by itself")).to_be_visible(timeout=SOON_MS)
    page.unroute(HELD_BACK)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    return problems


def test_a_recording_survives_a_reload_while_it_is_sent_and_is_watched_by_its_maker(demo, page, tmp_path):
    acknowledged = Acknowledged(page)
    telling = telling_study(demo.folder, "telling", tmp_path, ["How was your day?"])
    agree(page, demo.url + telling)
    expect(page.get_by_text("How was your day?")).to_be_visible(timeout=SOON_MS)
    problems = record_twice(page)
    assert acknowledged.chunks == {}
    problems += hand_in_through_a_bad_network(page)
    expect(page.get_by_text("How did you feel while you told it?")).to_be_visible(timeout=SOON_MS)
    assert problems == []
    for name in ("Valence", "Arousal"):
        page.get_by_role("radiogroup", name=name).get_by_role("radio").nth(4).check(force=True)
    page.get_by_role("button", name="Send and go on").click()
    expect(page.get_by_text("All your answers have arrived.")).to_be_visible(timeout=SOON_MS)

    [(state, sha256, subject)] = entries(demo, "telling-made")
    assert (state, [sha256]) == ("ready", acknowledged.files)

    watching = demo.url + own_study(demo.folder, "watching", "telling")
    agree(page, watching)
    expect(page.get_by_text("How did you feel at this moment?")).to_be_visible(timeout=SOON_MS)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("All your answers have arrived.")).to_be_visible(timeout=SOON_MS)
    assert raters_of(demo, "watching") == [subject]


@pytest.mark.parametrize(
    ("switches", "reason"),
    [((), "No camera or microphone was found."), ((DEVICES,), "may not use the camera")],
)
def test_whoever_has_no_device_or_does_not_allow_it_is_told_what_to_do(
    demo, playwright, tmp_path, switches, reason
):
    with launched(playwright, *switches) as chrome:
        page = page_of(chrome)
        slug = f"refused-{len(switches)}"
        agree(page, demo.url + telling_study(demo.folder, slug, tmp_path, ["How was your day?"]))
        page.get_by_role("button", name="Turn on camera and microphone").click()
        told = page.get_by_role("alert").filter(has_text=reason)
        expect(told).to_be_visible(timeout=SOON_MS)
        assert looked_at(page, slug) == []
        expect(page.get_by_role("button", name="Turn on camera and microphone")).to_be_enabled()
