"""What a model repository does with a release, from pinning to training, against the running demo."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo"), pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]


def test_pin_sync_and_train(demo, tmp_path):
    def told(*command: str) -> str:
        env = os.environ | {
            "AFFECTORY_SERVER": demo.url,
            "AFFECTORY_TOKEN": demo.token,
            "AFFECTORY_CACHE": str(tmp_path / "cache"),
            "AFFECTORY_CONFIG": str(tmp_path / "login.json"),
            "PYTHONPATH": str(ROOT / "platform"),
        }
        done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    client = [sys.executable, "-m", "affectory.cli"]
    told(*client, "add", "demo-film@^1", "--media", "proxy", "-q")
    pinned = (tmp_path / "dataset.lock").read_text()
    told(*client, "sync", "--frozen", "-q")
    report = json.loads(told(sys.executable, str(ROOT / "examples" / "train_va.py"), "--json"))

    assert (tmp_path / "dataset.lock").read_text() == pinned
    assert report["digest"] in pinned
    assert report["trained_on"]["each rater"] > report["trained_on"]["gold"] > 0
    for splits in report["ccc"].values():
        for dimensions in splits.values():
            for found in dimensions.values():
                assert (found["ccc"] is None) == bool(found["reason"])
    learnt = report["ccc"]["gold"]["train"]["valence"]
    assert learnt["samples"] > 50
    assert learnt["ccc"] > 0.1
