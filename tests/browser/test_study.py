"""A researcher has the page of a study open while raters come, answer, and are compared."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from annotation.facade import SimulatedRater, Truth
from tests.browser.copies import study_on_copies
from tests.browser.test_overlay import figure
from tests.browser.test_researcher import WIDTHS, problems_of, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

STUDY = "followed"
PROTOCOL = Path(__file__).resolve().parents[2] / "annotation" / "protocols" / "image-emotion.toml"
PICTURES = [f"pictures/{name}.jpg" for name in ("confetti", "lightning", "slime", "wilted-flower")]
RATERS = 3
SOON_MS = 120_000


def fact(page: Page, name: str) -> Locator:
    return page.locator("dt", has_text=name).locator("xpath=following-sibling::dd[1]")


def agreement_shown(page: Page) -> list[list[str]]:
    """Value, units and raters of each row, as they are written."""
    rows = page.get_by_role("table", name="Agreement by question").get_by_role("row").all()[1:]
    cells = [row.get_by_role("cell").all_inner_texts() for row in rows]
    return [[one[2], one[5], one[6]] for one in cells]


def in_words(row: dict) -> list[str]:
    value = f"undefined: {row['reason']}" if row["value"] is None else figure(row["value"])
    dropped = f" (+{row['n_units_dropped']} not usable)" if row["n_units_dropped"] else ""
    return [value, f"{row['n_units_used']}{dropped}", str(row["n_raters"])]


def test_progress_and_agreement_come_while_the_page_is_open(demo, context):
    invite = study_on_copies(demo.folder, STUDY, PROTOCOL, PICTURES)
    page = context.new_page()
    sign_in(page, demo)
    page.goto(f"{demo.url}/studies/{STUDY}")
    expect(page.get_by_text("Nobody has arrived yet.")).to_be_visible()
    expect(page.get_by_text("Nothing has been computed yet.")).to_be_visible()

    code = invite.removeprefix("/s/")
    for seed in range(RATERS):
        rater = SimulatedRater(server=demo.url, invite_code=code, seed=seed, truths={"": Truth()})
        assert rater.take_part()
    # Two questions about three pictures; the fourth is for practice.
    expect(fact(page, "Responses")).to_have_text(str(RATERS * 3 * 2), timeout=SOON_MS)
    people = page.get_by_role("table", name="Participations by kind of rater and state")
    expect(people.get_by_role("row").last.get_by_role("cell")).to_have_text(["simulated", str(RATERS)])

    whole = f"from {RATERS * 3 * 2} responses of {RATERS} simulated raters"
    expect(page.get_by_text(whole)).to_be_visible(timeout=SOON_MS)
    expect(page.get_by_role("table", name="Agreement by question")).to_be_visible()
    told = demo.get(f"studies/{STUDY}/agreement/?item=none")["results"]
    assert {"krippendorff_alpha_nominal", "ICC1"} <= {row["measure"] for row in told}
    assert agreement_shown(page) == [in_words(row) for row in told]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert problems_of(page, "study-followed") == []
