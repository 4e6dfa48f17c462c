"""A person rates a film in a real browser; what the server acknowledged is stored, once."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, Response, expect

from config.embedded import postgres
from tests.browser.copies import study_on_copies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PRESETS = Path(__file__).resolve().parents[2] / "annotation" / "protocols"
FILMS = [
    f"films/{name}.mp4" for name in ("coming-home", "first-snow", "lost-kite", "morning-walk", "the-exam")
]
PICTURES = [f"pictures/{name}.jpg" for name in ("confetti", "slime", "snow-peaks", "three-laughing")]
UTTERANCES = [f"dialogues/kitchen.json#burnt-cake/{number}" for number in (4, 5, 6, 7)]
POSITION = re.compile(r"^(Practice|Item) \d+ of \d+$")


class Acknowledged:
    """Listens to the page: which chunks of which trace the server has acknowledged."""

    def __init__(self, page: Page) -> None:
        self.chunks: dict[tuple[str, int], str] = {}
        page.on("response", self._on_response)

    def _on_response(self, response: Response) -> None:
        found = re.search(r"/traces/([0-9a-f-]+)/chunks/$", response.url)
        if found and response.status == 200:
            sent = json.loads(response.request.post_data)
            self.chunks[found[1], sent["seq"]] = sent["sha256"]


def join(page: Page, invite: str) -> None:
    page.goto(invite)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("button", name="Start with").click()


def start(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    plays_at(page, r"0:0[1-9]")


def plays_at(page: Page, clock: str) -> None:
    """Wait until the film's clock shows this."""
    expect(page.locator(".media-clock")).to_have_text(re.compile(rf"^{clock} /"), timeout=30_000)


def move_mouse(page: Page, steps: int = 30) -> None:
    box = page.locator(".pad").bounding_box()
    for step in range(steps):
        x, y = 0.2 + 0.6 * step / steps, 0.8 - 0.5 * step / steps
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        page.wait_for_timeout(40)


def press(page: Page, key: str, ms: int) -> None:
    page.keyboard.down(key)
    page.wait_for_timeout(ms)
    page.keyboard.up(key)


def tell_of_clip(page: Page | FrameLocator) -> None:
    """What is asked after the film: how well it was known, and enjoyed."""
    send = page.get_by_role("button", name="Send and go on")
    expect(send).to_be_visible(timeout=60_000)
    for group in page.get_by_role("radiogroup").all():
        group.get_by_role("radio").nth(2).check(force=True)
    send.click()


def next_item(page: Page, position: str) -> None:
    expect(page.get_by_text(position, exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


def stored_chunks(demo) -> dict[tuple[str, int], list[tuple[str, str]]]:
    """(trace, seq) -> [(sha256, body)] of what counts, straight from the database."""
    found: dict[tuple[str, int], list[tuple[str, str]]] = {}
    with psycopg.connect(postgres.database_url(demo.folder)) as connection:
        rows = connection.execute(
            "SELECT c.trace_id::text, c.seq, c.sha256, c.body FROM annotation_tracechunk c"
            " JOIN annotation_trace t ON t.id = c.trace_id JOIN annotation_study s ON s.id = t.study_id"
            " WHERE NOT c.orphan AND s.slug = 'rated-films'"
        )
        for trace, seq, sha256, body in rows:
            found.setdefault((trace, seq), []).append((sha256, body))
    return found


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def test_every_acknowledged_sample_of_a_film_is_stored_once_through_mouse_keyboard_outage_and_reload(
    demo, context, page
):
    acknowledged = Acknowledged(page)
    join(page, demo.url + study_on_copies(demo.folder, "rated-films", PRESETS / "veatic.toml", FILMS))
    start(page)
    move_mouse(page)
    tell_of_clip(page)
    expect(page.get_by_role("heading", name="That was the practice")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Start", exact=True).click()
    next_item(page, "Item 1 of 4")

    start(page)
    press(page, "ArrowRight", 800)
    context.set_offline(True)
    press(page, "ArrowUp", 800)
    expect(page.get_by_text("No connection.")).to_be_visible()
    # The outage outlasts the film.
    expect(page.get_by_text("Sending the last part of your rating")).to_be_visible(timeout=60_000)
    context.set_offline(False)
    tell_of_clip(page)
    next_item(page, "Item 2 of 4")

    start(page)
    press(page, "ArrowLeft", 1500)
    plays_at(page, "0:0[4-9]")
    page.reload()
    expect(page.get_by_text("Your rating so far is safe.")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    plays_at(page, r"0:(0[6-9]|\d\d)")
    press(page, "ArrowDown", 1500)
    tell_of_clip(page)
    next_item(page, "Item 3 of 4")

    stored = stored_chunks(demo)
    assert len(acknowledged.chunks) >= 9
    for key, sha256 in acknowledged.chunks.items():
        assert [stored_sha for stored_sha, _ in stored[key]] == [sha256]
    for trace in {trace for trace, _ in stored}:
        seqs = [
            event[0]
            for seq in sorted(seq for other, seq in stored if other == trace)
            for event in json.loads(stored[trace, seq][0][1])["events"]
        ]
        assert seqs == list(range(len(seqs)))
    assert pages_per_trace(stored) == [1, 1, 2]


def pages_per_trace(stored: dict[tuple[str, int], list[tuple[str, str]]]) -> list[int]:
    """How many page loads wrote each trace: the reload made a second one."""
    pages: dict[str, set[str]] = {}
    for (trace, _), rows in stored.items():
        pages.setdefault(trace, set()).add(json.loads(rows[0][1])["page"])
    return sorted(map(len, pages.values()))


def answer_image(page: Page) -> None:
    page.get_by_role("radio", name="Awe").check(force=True)
    for group in page.get_by_role("radiogroup").all():
        group.get_by_role("radio").nth(4).check(force=True)


def answer_dialogue(page: Page) -> None:
    for name in ("Joy", "Positive"):
        page.get_by_role("radio", name=name).check(force=True)


@pytest.mark.parametrize(
    ("preset", "keys", "answer"),
    [("image-emotion", PICTURES, answer_image), ("meld", UTTERANCES, answer_dialogue)],
)
def test_a_rater_goes_from_invite_to_completion_code(
    demo, page, preset, keys, answer: Callable[[Page], None]
):
    join(page, demo.url + study_on_copies(demo.folder, f"rated-{preset}", PRESETS / f"{preset}.toml", keys))
    code = page.locator("text=/^[0-9A-F]{8}$/")
    send = page.get_by_role("button", name="Send and go on")
    go_on = page.get_by_role("button", name="Start", exact=True)
    for _ in range(20):
        expect(code.or_(send).or_(go_on).first).to_be_visible()
        if code.count():
            break
        if go_on.count():
            go_on.click()
            expect(go_on).to_have_count(0)
            continue
        position = page.get_by_text(POSITION).inner_text()
        answer(page)
        send.click()
        expect(page.get_by_text(position, exact=True)).to_have_count(0)
    expect(code).to_be_visible()
