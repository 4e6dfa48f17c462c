"""Each format against its golden file, and against itself in another process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from affectory.client.loading import load
from affectory.views import views
from affectory.views.rendering import render
from affectory.views.source import Source
from tests.affectory.views.snapshots import GOLDEN, SHOWN, digests, render_all, snapshot

REPOSITORY = Path(__file__).resolve().parents[3]
CASES = [(release, format_) for format_, found in SHOWN.items() for release in found]


def test_every_format_has_a_golden_file() -> None:
    assert set(SHOWN) == set(views())


@pytest.mark.parametrize(("release", "format_"), CASES)
def test_view_is_the_golden_one(release: str, format_: str, releases: Path, tmp_path: Path) -> None:
    render(views()[format_], Source(load(releases / release)), tmp_path / "view")
    assert snapshot(tmp_path / "view") == (GOLDEN / f"{release}-{format_}.txt").read_text()


def test_two_processes_give_the_same_bytes(tmp_path: Path) -> None:
    here = render_all(tmp_path / "here")
    code = (
        "import json, sys; from pathlib import Path; from tests.affectory.views.snapshots import render_all; "
        "print(json.dumps(render_all(Path(sys.argv[1]))))"
    )
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "platform")])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    answer = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "there")],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(answer.stdout) == here
    assert len(here) > 100


def test_a_release_written_again_gives_the_same_view(releases: Path, tmp_path: Path) -> None:
    found = [
        render(views()["webdataset"], Source(load(releases / "film")), tmp_path / name).files for name in "ab"
    ]
    assert found[0] == found[1]
    assert {file.path: file.sha256 for file in found[0]} == digests(tmp_path / "a")
