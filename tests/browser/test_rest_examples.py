"""The examples of docs/rest.md do what they say, and a page shows what they have made."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

import affectory
from tests.browser.test_researcher import WIDTHS, problems_of, sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.curl,
]

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "rest.md"
EXAMPLES = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
RELEASE = "datasets/by-rest/releases/1.0.1/"


def pasted(lines: str, folder: Path, demo) -> None:
    """Run lines in a shell as somebody does who has a token; the first that fails ends it."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "SERVER": demo.url, "AFFECTORY_TOKEN": demo.token}
    words = ["bash", "-euo", "pipefail", "-c", lines]
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout[-1000:]


def test_the_examples_of_the_guide_work_as_they_stand(demo, context, tmp_path):
    pasted("\n".join(EXAMPLES.findall(GUIDE.read_text())), tmp_path, demo)
    assert demo.get("datasets/by-rest/")["recipe"]["gold"]["min_raters"] == 3
    assert demo.get("datasets/by-rest/drafts/")["results"] == []
    releases = demo.get("datasets/by-rest/releases/")["results"]
    assert [(one["version"], one["state"]) for one in releases] == [
        ("1.0.1", "published"),
        ("1.0.0", "deprecated"),
    ]
    assert demo.get("studies/by-rest/")["state"] == "open"
    erasure = demo.get("erasures/")["results"][0]
    assert (erasure["reason"], erasure["person"], erasure["releases"]) == ("she withdrew", None, [])
    review = demo.get("studies/by-rest-checked/")["review"]
    assert (review["base"], demo.get("studies/image-emotion-round-2/")["review"]["round"]) == (
        "image-emotion",
        2,
    )

    page = context.new_page()
    sign_in(page, demo)
    page.goto(f"{demo.url}/datasets/by-rest/1.0.1")
    expect(page.get_by_role("heading", name="Balance of main")).to_be_visible()
    expect(page.get_by_role("row", name="emotion_label")).to_be_visible()
    expect(page.get_by_label("From release")).to_have_value("1.0.0")
    expect(page.get_by_text("Both hold the same values.")).to_be_visible()
    plots = page.get_by_role("region", name="Labels in each split")
    plots.get_by_text("Numbers of").click()
    told = demo.get(RELEASE)["summary"]["distributions"]
    values = sum(len(one["values"] or one["edges"][1:]) for one in told)
    expect(plots.get_by_role("figure")).to_have_count(len(told))
    expect(plots.get_by_role("row")).to_have_count(1 + values)
    page.get_by_role("link", name="Files", exact=True).click()
    page.get_by_text("All files at once").click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert problems_of(page, "compared-release") == []
    pasted(page.get_by_role("region", name="Commands that bring all files").inner_text(), tmp_path, demo)
    items = affectory.load(tmp_path / "by-rest-1.0.1").table("items")
    assert items.num_rows == demo.get(RELEASE)["rows"]["items"]
