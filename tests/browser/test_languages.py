"""Presets are rated to their end in Chinese and in Arabic; in Arabic the page is turned round, and no axis is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from affectory.taxonomy import get_taxonomy
from annotation.protocol import preset
from benchmarks.tracing.server import Bench, running
from tests.browser.inside import invites_inside
from tests.browser.test_several_media import DESKTOP, looks_right

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[2]
WORDS = REPOSITORY / "frontend" / "src" / "words"
LAST_PAGE = "**/assets/Completed-*"
NOT_LOADED = (
    "A part of this page could not be loaded. Please reload the page; what you have answered is kept."
)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Bench, dict[str, str]]]:
    """A server with some images, and preset -> invite link of the studies of `language_studies`."""
    with running(images_s=1) as bench:
        yield bench, invites_inside(bench.url, bench.folder, "language_studies")


class Reader:
    """Somebody whose browser prefers a language; `words` are the page's, by their English text."""

    def __init__(self, page: Page, language: str, name: str) -> None:
        self.page, self.language = page, language
        self.words = {}
        for catalogue in WORDS.rglob(f"{language}.json"):
            self.words |= json.loads(catalogue.read_text())
        self.document = preset(name)
        self.said = self.document["translations"][language]

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=self.words[button], exact=True).click()

    def begins(self, invite: str) -> None:
        self.page.route(LAST_PAGE, lambda route: route.abort())
        self.page.goto(invite)
        expect(self.page.locator(f"html[lang={self.language}]")).to_have_count(1)
        expect(self.page.get_by_text(self.said["consent"]["text"][:60])).to_be_visible()
        looks_right(self.page, f"{self.document['name']}-{self.language}-welcome")
        self.page.get_by_role("checkbox").check()
        self.press("Agree and continue")
        expect(self.page.get_by_text(self.said["instructions"]["text"][:40])).to_be_visible()
        self.page.locator("button.primary").click()

    def asked(self, question: str) -> None:
        heading = self.page.get_by_role("heading", name=self.said["questions"][question]["prompt"])
        expect(heading).to_be_visible()

    def chooses(self, taxonomy: str, label: str) -> None:
        name = get_taxonomy(taxonomy).label(label).name_in(self.language)
        self.page.get_by_role("radio", name=name).check()

    def sends(self) -> None:
        self.press("Send and go on")

    def ends_practice(self) -> None:
        expect(self.page.get_by_text(self.words["That was the practice"])).to_be_visible()
        self.press("Start")

    def is_done(self) -> None:
        """The last page does not arrive at first."""
        expect(self.page.get_by_text(self.words[NOT_LOADED])).to_be_visible()
        looks_right(self.page, "part-missing")
        self.page.unroute(LAST_PAGE)
        self.press("Reload")
        expect(self.page.locator("output.code")).to_be_visible()
        expect(self.page.get_by_role("heading", name=self.words["Done. Thank you!"])).to_be_visible()


@contextmanager
def reader(browser: Browser, language: str, name: str) -> Iterator[Reader]:
    context = browser.new_context(locale=language, viewport=DESKTOP)
    context.set_default_timeout(30_000)
    yield Reader(context.new_page(), language, name)
    context.close()


def test_a_dialogue_is_rated_in_chinese(served, browser: Browser):
    _, invites = served
    with reader(browser, "zh", "meld") as one:
        one.begins(invites["meld"])
        for item in ("practice", "counts"):
            one.asked("emotion")
            one.asked("sentiment")
            if item == "counts":
                looks_right(one.page, "meld-zh")
            one.chooses("meld7", "surprise")
            positive = one.said["questions"]["sentiment"]["options"]["labels"]["positive"]
            one.page.get_by_role("radio", name=positive).check()
            one.sends()
            if item == "practice":
                one.ends_practice()
        one.is_done()


def test_a_picture_is_rated_in_arabic_on_axes_that_do_not_mirror(served, browser: Browser):
    _, invites = served
    with reader(browser, "ar", "image-emotion") as one:
        one.begins(invites["image-emotion"])
        expect(one.page.locator("html[dir=rtl]")).to_have_count(1)
        axes = one.said["questions"]["vad"]["options"]["dimensions"]
        for item in ("practice", "counts"):
            one.asked("emotion")
            one.asked("vad")
            one.chooses("mikels8", "awe")
            for axis in axes.values():
                stands_from_left_to_right(one.page, axis)
            if item == "counts":
                looks_right(one.page, "image-emotion-ar")
            one.sends()
            if item == "practice":
                one.ends_practice()
        one.is_done()


def stands_from_left_to_right(page: Page, axis: dict[str, str]) -> None:
    """The least point is on the left, as is the word for it; the greatest is chosen."""
    row = page.locator(".scale-row", has=page.get_by_text(axis["name"], exact=True))
    points = row.get_by_role("radio")
    first, last = points.first.bounding_box(), points.last.bounding_box()
    low, high = (row.get_by_text(axis[end], exact=True).bounding_box() for end in ("low_label", "high_label"))
    assert first["x"] < last["x"]
    assert low["x"] < high["x"]
    points.last.check(force=True)
