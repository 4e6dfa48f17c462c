"""A researcher looks at the traces of a film: what is drawn is what the API tells, and moves with the film."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_researcher import WIDTHS, keep_picture, problems_of, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FILM = "films/lost-kite.mp4"
# The plot's margins in pixels, as `frontend/src/research/plot/draw.ts` has them; the last plot has the time axis.
LEFT, RIGHT, TOP, PLAIN, AXIS = 44, 10, 8, 8, 22
MEAN_PX, EWE_PX = 4.5, 2

# Each canvas keeps the lines of its newest picture: how they look, and their points.
KEEP_LINES = """
(() => {
  const { prototype } = CanvasRenderingContext2D;
  const before = (name, act) => {
    const original = prototype[name];
    prototype[name] = function (...args) { act(this, args); return original.apply(this, args); };
  };
  before("clearRect", ({ canvas }) => { canvas.lines = []; });
  before("beginPath", (context) => { context.points = []; });
  for (const name of ["moveTo", "lineTo"]) before(name, (context, point) => context.points.push(point));
  before("stroke", (context) => context.canvas.lines.push({
    dashed: context.getLineDash().length > 0, width: context.lineWidth, points: context.points,
  }));
})();
"""
PLOTS = """() => [...document.querySelectorAll(".plot-canvas")].map((canvas) => ({
  lines: canvas.lines ?? [], ...canvas.getBoundingClientRect().toJSON(),
}))"""


@pytest.fixture
def traced(demo) -> dict:
    """What the API tells of the film's traces, with the address of their page."""
    items = demo.get("studies/film-trace/items/")["results"]
    [item] = [one["id"] for one in items if one["key"] == FILM]
    told = demo.get(f"studies/film-trace/items/{item}/traces/")
    return {**told, "url": f"{demo.url}/studies/film-trace/items/{item}"}


@pytest.fixture
def page(demo, context, traced) -> Page:
    opened = context.new_page()
    opened.add_init_script(KEEP_LINES)
    sign_in(opened, demo)
    opened.goto(traced["url"])
    expect(opened.get_by_role("slider", name="Time in the medium")).to_be_visible()
    expect(opened.locator("video")).to_have_js_property("readyState", 4)
    return opened


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it does not happen")


def drawn(page: Page, traced: dict, what: str) -> list[list[list[float]]]:
    """For each dimension all points of the raters' lines or of a gold's, as [sample, value], in the API's order."""
    wanted = {
        "raters": lambda line: line["dashed"],
        "mean": lambda line: line["width"] == MEAN_PX,
        "ewe": lambda line: line["width"] == EWE_PX and not line["dashed"],
    }[what]
    samples = len(traced["raters"][0]["values"][0])
    plots, found = page.evaluate(PLOTS), []
    for place, (plot, dimension) in enumerate(zip(plots, traced["dimensions"], strict=True)):
        bottom = plot["height"] - (AXIS if place == len(plots) - 1 else PLAIN)
        per_sample = (plot["width"] - LEFT - RIGHT) / (samples - 1)
        per_value = (bottom - TOP) / (dimension["max"] - dimension["min"])
        points = [point for line in plot["lines"] if wanted(line) for point in line["points"]]
        found.append(
            [[(x - LEFT) / per_sample, dimension["min"] + (bottom - y) / per_value] for x, y in points]
        )
    return found


def shows(page: Page, traced: dict, what: str, rows: list[dict]) -> None:
    """These rows of the API and nothing else are drawn as raters or as a gold."""
    expected = [
        [[at, value] for row in rows for at, value in enumerate(row["values"][place]) if value is not None]
        for place in range(len(traced["dimensions"]))
    ]
    wait_until(page, lambda: [*map(len, drawn(page, traced, what))] == [*map(len, expected)])
    for found, points in zip(drawn(page, traced, what), expected, strict=True):
        np.testing.assert_allclose(np.reshape(found, (-1, 2)), np.reshape(points, (-1, 2)), atol=1e-6)


def gold(traced: dict, method: str) -> dict:
    [row] = [one for one in traced["gold"] if one["method"] == method]
    return row


def figure(value: float) -> str:
    """A number as the page writes it: half a hundredth goes away from zero."""
    text = str(Decimal(abs(value)).quantize(Decimal("0.01"), ROUND_HALF_UP))
    return f"−{text}" if value < 0 and float(text) else text


def gold_in_words(traced: dict, at_s: float) -> list[str]:
    """What the page must say of a moment, a part for each dimension."""
    at = round((at_s - traced["t0_s"]) * traced["rate_hz"])
    said = []
    for place, dimension in enumerate(traced["dimensions"]):
        parts = [
            f"{name} {figure(row['values'][place][at])} ± {figure(row['sd'][place][at])}"
            for name, row in (("Gold (mean)", gold(traced, "mean")), ("EWE", gold(traced, "ewe")))
        ]
        said.append(f"{dimension['name']}: {', '.join(parts)}")
    return said


def test_the_lines_are_those_of_the_api_and_each_can_be_hidden(page, traced):
    raters = traced["raters"]
    assert len(raters) > 2
    shows(page, traced, "raters", raters)
    for method in ("mean", "ewe"):
        shows(page, traced, method, [gold(traced, method)])
    legend = page.get_by_role("group", name="What the plots show")
    one = legend.get_by_role("button", name=raters[2]["rater"])
    one.focus()
    page.keyboard.press("Space")
    expect(one).to_have_attribute("aria-pressed", "false")
    # What has the focus is drawn last, so nothing may have it.
    legend.get_by_role("button", name="EWE").click()
    shows(page, traced, "raters", [*raters[:2], *raters[3:]])
    shows(page, traced, "ewe", [])
    shows(page, traced, "mean", [gold(traced, "mean")])
    legend.get_by_role("button", name=f"All raters ({len(raters)})").click()
    shows(page, traced, "raters", [])
    legend.get_by_role("button", name=f"All raters ({len(raters)})").click()
    shows(page, traced, "raters", raters)


def test_values_are_told_at_the_pointer_and_by_the_keyboard(page, traced):
    slider, readout = page.get_by_role("slider", name="Time in the medium"), page.locator(".readout")
    box = page.locator(".plot-canvas").first.bounding_box()
    last_s = traced["t0_s"] + (len(traced["raters"][0]["values"][0]) - 1) / traced["rate_hz"]

    def place(at_s: float) -> float:
        """The page's x of a moment."""
        return box["x"] + LEFT + at_s / last_s * (box["width"] - LEFT - RIGHT)

    page.mouse.move(place(6), box["y"] + 40)
    for said in gold_in_words(traced, 6):
        expect(readout).to_contain_text(said)
    keep_picture(page, "overlay-pointed")
    # The film has not moved for that.
    assert page.evaluate("document.querySelector('video').currentTime") == 0
    expect(slider).to_have_attribute("aria-valuenow", "0")

    one = traced["raters"][1]
    page.get_by_role("button", name=one["rater"]).hover()
    expect(readout).to_contain_text(f"{one['rater']} {figure(one['values'][0][0])}")

    page.mouse.move(0, 0)
    slider.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(slider).to_have_attribute("aria-valuenow", "7")
    for said in gold_in_words(traced, 7):
        expect(slider).to_have_attribute("aria-valuetext", re.compile(re.escape(said)))
        expect(readout).to_contain_text(said)
    assert page.evaluate("document.querySelector('video').currentTime") == 7


AT_CURSOR = """([left, right, end]) => {
  const stage = document.querySelector(".plots").clientWidth - left - right;
  const { m41 } = new DOMMatrix(getComputedStyle(document.querySelector(".plot-cursor:not(.pointed)")).transform);
  return [((m41 - left) / stage) * end, document.querySelector("video").currentTime];
}"""


def test_the_cursor_goes_with_the_film_and_the_film_with_a_click(page, traced):
    last_s = (len(traced["raters"][0]["values"][0]) - 1) / traced["rate_hz"]

    def cursor_and_film() -> list[float]:
        return page.evaluate(AT_CURSOR, [LEFT, RIGHT, last_s])

    slider = page.get_by_role("slider", name="Time in the medium")
    slider.focus()
    page.keyboard.press("Space")
    wait_until(page, lambda: cursor_and_film()[0] > 1)
    # A picture behind at most, and that while it runs.
    at_s, film_s = cursor_and_film()
    assert at_s == pytest.approx(film_s, abs=0.5)
    page.keyboard.press("Space")
    wait_until(page, lambda: page.evaluate("document.querySelector('video').paused"))
    wait_until(page, lambda: cursor_and_film()[0] == pytest.approx(cursor_and_film()[1], abs=0.02))

    box = page.locator(".plot-canvas").last.bounding_box()
    page.mouse.click(box["x"] + LEFT + 0.5 * (box["width"] - LEFT - RIGHT), box["y"] + 30)
    wait_until(page, lambda: cursor_and_film()[1] == pytest.approx(last_s / 2, abs=0.05))
    wait_until(page, lambda: cursor_and_film()[0] == pytest.approx(cursor_and_film()[1], abs=0.02))


def test_programs_are_named_simulated_on_every_page_that_shows_them(demo, page, traced):
    shown = page.get_by_role("group", name="What the plots show")
    for row in traced["raters"]:
        expect(shown.get_by_role("button", name=f"{row['rater']} (simulated)")).to_be_visible()
    table = page.get_by_role("table", name="What is known of each session")
    expect(table.get_by_text("simulated", exact=True)).to_have_count(len(traced["raters"]))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert problems_of(page, "overlay") == []
    for path in ("/studies", "/studies/film-trace", "/datasets/demo-film/1.0.0"):
        page.goto(f"{demo.url}{path}")
        expect(page.get_by_text("simulated", exact=True).first).to_be_visible()
