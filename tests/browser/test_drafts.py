"""A researcher looks at a draft before anybody else can, publishes it, and discards another one."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_researcher import WIDTHS, new_dataset, problems_of, send, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]


def show(demo, folder: Path, ref: str) -> int:
    """Exit code of `affectory show`, with an empty cache."""
    env = os.environ | {
        "AFFECTORY_SERVER": demo.url,
        "AFFECTORY_TOKEN": demo.token,
        "AFFECTORY_CACHE": str(folder / "cache"),
        "AFFECTORY_CONFIG": str(folder / "login.json"),
        "PYTHONPATH": str(ROOT / "platform"),
    }
    command = [sys.executable, "-m", "affectory.cli", "show", ref]
    return subprocess.run(command, env=env, cwd=folder, capture_output=True, check=False).returncode


def change_recipe(demo, name: str) -> None:
    """As somebody else, while the draft is looked at."""
    now = demo.get(f"datasets/{name}/")
    body = {key: now[key] for key in ("title", "description")}
    httpx.put(
        f"{demo.url}/api/datasets/{name}/",
        json=body | {"recipe": now["recipe"] | {"gold": {"min_raters": 1}}},
        headers={"Authorization": f"Bearer {demo.token}"},
    ).raise_for_status()


def build_draft(page: Page, demo, name: str, version: str) -> None:
    """Ask for a draft on the dataset's page, and open it when it is there."""
    page.goto(f"{demo.url}/datasets/{name}")
    page.get_by_role("button", name="Publish a new release").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Keep it as a draft").click()
    dialog.get_by_label("What is new").fill("Looked at before anybody else.")
    assert problems_of(page, "new-release-dialog") == []
    dialog.get_by_role("button", name="Build a draft").click()
    drafts = page.get_by_role("region", name="Drafts")
    expect(drafts.get_by_role("link", name=version)).to_be_visible(timeout=120_000)
    assert problems_of(page, "dataset-with-draft") == []
    drafts.get_by_role("link", name=version).click()
    expect(page.get_by_text("This is a draft")).to_be_visible()


def test_a_draft_is_looked_at_and_published_and_a_client_sees_it_only_then(demo, context, tmp_path):
    new_dataset(demo, "drafted")
    page = context.new_page()
    sign_in(page, demo)
    build_draft(page, demo, "drafted", "1.0.0")
    expect(page.get_by_role("heading", name="Splits")).to_be_visible()
    expect(page.get_by_text("Looked at before anybody else.")).to_be_visible()
    expect(page.get_by_text("affectory add")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="manifest.json").click()
    assert '"drafted"' in Path(download.value.path()).read_text()
    assert show(demo, tmp_path, "drafted") == show(demo, tmp_path, "drafted@1.0.0") == 6
    change_recipe(demo, "drafted")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has changed this draft")
    expect(page.get_by_text("The recipe of the dataset was changed")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("affectory add drafted@1.0.0")).to_be_visible()
    assert show(demo, tmp_path, "drafted") == show(demo, tmp_path, "drafted@1.0.0") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_draft_that_was_overtaken_says_so_and_is_discarded(demo, browser: Browser, scheme):
    name = f"overtaken-{scheme}"
    new_dataset(demo, name)
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1440, "height": 900})
    page, other = context.new_page(), context.new_page()
    sign_in(page, demo)
    build_draft(page, demo, name, "1.0.0")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems_of(page, "draft") == []
    send(demo, f"datasets/{name}/releases/", request_id=str(uuid.uuid4()))
    other.goto(f"{demo.url}/datasets/{name}")
    expect(other.get_by_text("outdated", exact=True)).to_be_visible(timeout=120_000)
    # The page still shows it as it was; the server does not.
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("alert")).to_contain_text("1.0.0 was published since")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("cannot be published any more")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems_of(page, "outdated-draft") == []
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_role("heading", name="Releases")).to_be_visible()
    expect(page.get_by_role("region", name="Drafts")).to_have_count(0)
    assert demo.get(f"datasets/{name}/drafts/")["results"] == []
    context.close()
