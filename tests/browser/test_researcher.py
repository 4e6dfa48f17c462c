"""A researcher looks at the demo: every page is reached, is accessible, and fits a telephone."""

import os
import re
import uuid
from itertools import product
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.copies import study_on_copies

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

EMAIL = "researcher@demo.example"
WIDTHS = (360, 1440)
PROTOCOL = Path(__file__).resolve().parents[2] / "annotation" / "protocols" / "image-emotion.toml"
PICTURES = [f"pictures/{name}.jpg" for name in ("confetti", "slime")]
AXE = Axe()


def sign_in(page: Page, demo) -> None:
    page.goto(demo.url)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(demo.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Corpora").first).to_be_visible()


def keep_picture(page: Page, name: str) -> None:
    """For `make screenshots`: the whole page, named with its width and scheme."""
    folder = os.environ.get("AFFECTORY_SCREENSHOTS")
    if folder:
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        size = f"{page.viewport_size['width']}-{'dark' if dark else 'light'}"
        page.screenshot(path=f"{folder}/{name.strip('/').replace('/', '-')}-{size}.png", full_page=True)


def looks() -> list[tuple[int, str]]:
    """Widths and schemes in which a page is read: each once, as axe takes long; all pairs for `make screenshots`."""
    schemes = ("dark", "light")
    kept = os.environ.get("AFFECTORY_SCREENSHOTS")
    return list(product(WIDTHS, schemes) if kept else zip(WIDTHS, schemes, strict=True))


def problems_of(page: Page, name: str = "", *, loaded: bool = True) -> list[str]:
    """WCAG A and AA violations, and sideways scrolling; of a page that loads, once all its parts are there."""
    if loaded:
        expect(page.get_by_text(re.compile(r"^Loading"))).to_have_count(0)
    if name:
        keep_picture(page, name)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("async (only) => (await axe.run({ runOnly: only })).violations", tags)
    told = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        told.append("scrolls sideways")
    return told


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_demo_can_be_read(demo, browser: Browser, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    sign_in(page, demo)
    items = demo.get("studies/film-trace/items/")["results"]
    [trace_item] = [item["id"] for item in items if item["key"] == "films/lost-kite.mp4"]
    pages = {
        "/corpora": "Demo corpus",
        "/corpora/demo-film": "cut-short.mp4",
        "/studies": "Emotion in images",
        "/studies/~new": "Start the study",
        "/studies/image-emotion": "Krippendorff",
        f"/studies/film-trace/items/{trace_item}": "Valence",
        "/datasets": "demo-film",
        "/datasets/demo-film": r"affectory add demo-film@\^1 ",
        "/datasets/demo-film/1.0.0": r"affectory add demo-film@1\.0\.0 ",
        "/datasets/demo-film/recipe": "Save the recipe",
        "/datasets/~new": "Make the dataset",
        "/erasures": "Waiting for you",
        "/jobs": "publish|release|ingest",
        "/account": "token",
    }
    found = {}
    for path, text in pages.items():
        page.goto(f"{demo.url}{path}")
        expect(page.get_by_text(re.compile(text, re.IGNORECASE)).first).to_be_visible()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found[path, width] = problems_of(page, path)
    context.close()
    assert {where: told for where, told in found.items() if told} == {}


def test_a_release_is_deprecated_with_a_reason_and_published_again(demo, context):
    new_dataset(demo, "set-aside")
    page, other = context.new_page(), context.new_page()
    sign_in(page, demo)
    other.goto(f"{demo.url}/datasets")
    listed = other.get_by_role("listitem").filter(has_text="set-aside")
    expect(listed).to_contain_text("no release yet")
    publish(page, demo, "set-aside", "1.0.0")
    expect(listed).to_contain_text("1.0.0")
    for one in (page, other):
        one.goto(f"{demo.url}/datasets/set-aside/1.0.0")
        expect(one.get_by_role("button", name="Yank")).to_be_visible()
    page.get_by_role("button", name="Deprecate").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Deprecate").click()
    expect(dialog).to_be_visible()  # a reason is needed
    dialog.get_by_label("Reason").fill("Two raters only")
    dialog.get_by_role("button", name="Deprecate").click()
    expect(page.get_by_text("Two raters only")).to_be_visible()
    assert problems_of(page) == []
    # Somebody else still sees it as it was: what she decides of that is not done.
    other.get_by_role("button", name="Yank").click()
    other.get_by_role("dialog").get_by_label("Reason").fill("Never mind the other reason")
    other.get_by_role("dialog").get_by_role("button", name="Yank").click()
    expect(other.get_by_role("alert")).to_contain_text("Somebody else has changed this release")
    expect(other.get_by_text("Two raters only")).to_be_visible()
    assert problems_of(other, "release-changed-meanwhile") == []
    assert demo.get("datasets/set-aside/releases/1.0.0/")["state"] == "deprecated"
    page.get_by_role("button", name="Publish again").click()
    dialog.get_by_label("Reason").fill("Two are enough")
    dialog.get_by_role("button", name="Publish again").click()
    expect(page.get_by_text("Two raters only")).to_have_count(0)
    assert demo.get("datasets/set-aside/releases/1.0.0/")["state"] == "published"


def test_erasing_shows_what_would_go_and_does_nothing_before_it_is_confirmed(demo, context):
    before = demo.get("erasures/")["results"]
    page = context.new_page()
    sign_in(page, demo)
    page.goto(f"{demo.url}/erasures")
    page.get_by_label("Who").select_option("rater")
    page.get_by_label("Pseudonym").fill("r-nobody")
    page.get_by_role("button", name="Show what would go").click()
    expect(page.get_by_text("There is no rater")).to_be_visible()
    assert problems_of(page) == []
    page.get_by_role("button", name="Cancel").click()
    assert demo.get("erasures/")["results"] == before


def send(demo, path: str, **body) -> dict:
    headers = {"Authorization": f"Bearer {demo.token}"}
    return httpx.post(f"{demo.url}/api/{path}", json=body, headers=headers).raise_for_status().json()


def new_dataset(demo, name: str, **more) -> None:
    recipe = {
        "collection": demo.get("datasets/demo-film/")["recipe"]["collection"],
        "studies": ["film-trace"],
        **more,
    }
    send(demo, "datasets/", name=name, title=name, recipe=recipe)


def publish(page: Page, demo, name: str, version: str) -> None:
    """Ask for a release, and look at the dataset's page until it is there."""
    send(demo, f"datasets/{name}/releases/", request_id=str(uuid.uuid4()))
    page.goto(f"{demo.url}/datasets/{name}")
    expect(page.get_by_role("link", name=version, exact=True)).to_be_visible(timeout=120_000)


def has_folds(plots: Locator) -> None:
    """The labels are plotted by the parts of the scheme that the reader chooses."""
    expect(plots.get_by_role("figure").filter(has_text="vad_valence")).to_be_visible()
    parts = plots.get_by_role("listitem").filter(has_text=re.compile(r"^\s*fold"))
    expect(parts).to_have_count(0)
    plots.get_by_role("combobox", name="Scheme", exact=True).select_option("scheme2")
    expect(parts).to_have_count(5)
    expect(plots.get_by_role("figure").filter(has_text="vad_valence")).to_be_visible()


def tells_gold(page: Page) -> None:
    gold = page.get_by_role("table", name=re.compile("Rule of each question"))
    expect(gold.get_by_role("row").filter(has_text="lag from none")).to_have_count(2)


def test_a_dataset_is_made_on_the_page_and_its_faults_stand_at_their_fields(demo, context):
    page = context.new_page()
    sign_in(page, demo)
    page.goto(f"{demo.url}/datasets/~new")
    page.get_by_label("Name for programs").fill("made-here")
    page.get_by_label("Title").fill("Made here")
    collection = demo.get("datasets/demo-film/")["recipe"]["collection"]
    page.get_by_label("Collection", exact=True).select_option(collection)
    for study in ("film-trace", "image-emotion"):
        page.get_by_role("checkbox", name=f"({study})").check()
    page.get_by_label("Shares").fill("train most, test 0.2")
    rules = page.get_by_label("Rules, one a line")
    rules.fill("flat_line response 0.9\nspeeding response much")
    mappings = page.get_by_label("Mappings, one a line")
    mappings.fill("nearest ekman vad taxonomy=nobody7")
    page.get_by_role("button", name="Make the dataset").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    expect(mappings).to_have_accessible_description(re.compile("'nobody7' is no taxonomy"))
    shares = page.get_by_label("Shares")
    expect(shares).to_have_attribute("aria-invalid", "true")
    expect(shares).to_have_accessible_description(re.compile("train: A valid number is required"))
    expect(rules).to_have_accessible_description(re.compile(r"\[1\].limit: must be a number"))
    page.get_by_text("Checks", exact=True).click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems_of(page, "new-dataset") == []
    shares.fill("train 0.8, test 0.2")
    rules.fill("flat_line response 0.9\nspeeding response 0.3 name=hasty")
    mappings.fill("nearest ekman vad taxonomy=ekman6\nridge fitted emotion target=vad penalty=0.5")
    page.get_by_label("Own lag of each rater").select_option("none")
    page.get_by_role("button", name="Add a scheme").click()
    page.get_by_role("button", name="Make the dataset").press("Enter")
    expect(page.get_by_text("There is no release yet.")).to_be_visible()
    recipe = demo.get("datasets/made-here/")["recipe"]
    assert recipe["splits"][0]["ratios"] == {"train": 0.8, "test": 0.2}
    assert recipe["gold"] == {"lag_from": "none"}
    expect(page.get_by_text("none: traces as they were given")).to_be_visible()
    assert [rule["name"] for rule in recipe["quality"]["exclude"]] == ["flat_line", "hasty"]
    page.get_by_role("button", name="Check before publishing").click()
    expect(page.get_by_text("Excluded by flat_line")).to_be_visible(timeout=120_000)
    page.get_by_text("Labels in each split").click()
    has_folds(page.locator(".distribution-fold"))
    page.get_by_text("How the gold is made").click()
    tells_gold(page)
    assert problems_of(page, "checked-dataset") == []
    publish(page, demo, "made-here", "1.0.0")
    page.get_by_role("link", name="1.0.0", exact=True).click()
    expect(page.get_by_text("vad_ekman", exact=True)).to_be_visible()
    has_folds(page.get_by_role("region", name="Labels in each split"))
    tells_gold(page)
    expect(page.get_by_role("table", name=re.compile("How well fitted predicts"))).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems_of(page, "mapped-labels") == []


def test_a_recipe_that_somebody_else_has_changed_is_not_overwritten(demo, context):
    new_dataset(demo, "changed-twice")
    first, second = context.new_page(), context.new_page()
    sign_in(first, demo)
    for page in (first, second):
        page.goto(f"{demo.url}/datasets/changed-twice/recipe")
        expect(page.get_by_role("button", name="Save the recipe")).to_be_visible()
    first.get_by_label("Motivation").fill("To see faces.")
    first.get_by_role("button", name="Save the recipe").click()
    expect(first.get_by_role("heading", name="Recipe")).to_be_visible()
    second.get_by_label("Motivation").fill("To see other faces.")
    second.get_by_role("button", name="Save the recipe").click()
    expect(second.get_by_text("Somebody has changed this meanwhile")).to_be_visible()
    assert problems_of(second) == []
    assert demo.get("datasets/changed-twice/")["recipe"]["card"]["motivation"] == "To see faces."


def test_a_webhook_is_made_looked_at_and_deleted(demo, context):
    page = context.new_page()
    sign_in(page, demo)
    page.goto(f"{demo.url}/account")
    page.get_by_label("Address of a new webhook").fill("https://user@hook.example/")
    page.get_by_role("button", name="Make a webhook").click()
    expect(page.get_by_text("holds a user name")).to_be_visible()
    page.get_by_label("Address of a new webhook").fill("https://hook.example/told")
    page.get_by_role("checkbox", name="study.progress").uncheck()
    page.get_by_role("button", name="Make a webhook").click()
    expect(page.get_by_text("is told from now on")).to_be_visible()
    page.get_by_role("button", name="Deliveries to https://hook.example/told").click()
    expect(page.get_by_text("Nothing has been told yet.")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems_of(page) == []
    assert demo.get("webhooks/")["results"][0]["events"] == ["release.published", "release.withdrawn"]
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("cell", name="ping", exact=True)).to_be_visible()
    page.get_by_role("button", name="Send ping again").click(timeout=120_000)
    page.get_by_role("button", name="Change https://hook.example/told").click()
    editing = page.get_by_role("region", name="Change https://hook.example/told")
    editing.get_by_label("Address").fill("https://hook.example/elsewhere")
    editing.get_by_role("checkbox", name="release.published").uncheck()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems_of(page, "webhooks") == []
    editing.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="https://hook.example/elsewhere", exact=True)).to_be_visible()
    assert demo.get("webhooks/")["results"][0]["events"] == ["release.withdrawn"]
    page.get_by_role("button", name="Delete https://hook.example/elsewhere").click()
    page.get_by_role("button", name="Delete the webhook").click()
    expect(page.get_by_text("There are no webhooks yet.")).to_be_visible()
    assert demo.get("webhooks/")["results"] == []


def test_a_wrong_password_is_refused_in_words(demo, context):
    page = context.new_page()
    page.goto(demo.url)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("do not belong together")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_raters_first_pages_can_be_read(demo, browser: Browser, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    found = {}
    page.goto(demo.url + study_on_copies(demo.folder, f"seen-first-{scheme}", PROTOCOL, PICTURES))
    expect(page.get_by_role("checkbox")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found["consent", width] = problems_of(page, "rater-consent")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("button", name="Start with").click()
    expect(page.get_by_role("button", name="Send and go on")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found["image", width] = problems_of(page, "rater-image")
    context.close()
    assert {where: told for where, told in found.items() if told} == {}
