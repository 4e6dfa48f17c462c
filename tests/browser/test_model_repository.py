"""What a model repository does with a release, from pinning to training, against the running demo."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]


CLIENT = (sys.executable, "-m", "affectory.cli")
ONE_BATCH = """
import json, affectory
from torch.utils.data import DataLoader

ds = affectory.load(lock="dataset.lock", split="train")
found = ds.to_torch(target=("valence", "arousal"), step=25, frame_size=(16, 9))
batch = next(iter(DataLoader(found, batch_size=2, collate_fn=found.collate)))
shapes = {key: list(value.shape) for key, value in batch.items() if hasattr(value, "shape")}
answers = affectory.load(lock="dataset.lock", table="annotations").to_torch(("valence", "arousal"))
shapes["answers"] = list(next(iter(DataLoader(answers, batch_size=8, collate_fn=answers.collate)))[1].shape)
shapes["labels"] = ds.labels("sentiment")
print(json.dumps({**shapes, "valid": int(batch["mask"].sum()), "light": float(batch["frames"].float().mean())}))
"""


@pytest.fixture
def told(demo, tmp_path):
    """What a command says that is run in an empty model repository."""

    def run(*command: str) -> str:
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

    return run


@pytest.mark.torch
def test_gold_traces_and_the_frames_beside_them_make_a_batch(told):
    told(*CLIENT, "add", "demo-film@^1", "--media", "proxy", "--split", "train", "-q")
    found = json.loads(told(sys.executable, "-c", ONE_BATCH))
    rows, samples = found["mask"]
    assert rows == 2
    assert found["values"] == [2, samples, 2]
    assert found["answers"] == [8, 2]  # of single raters, of the question that has both
    assert found["labels"] == ["positive", "neutral", "negative"]
    assert found["frames"] == [2, samples, 9, 16, 3]
    assert 0 < found["valid"] <= 2 * samples
    assert found["light"] > 0


def test_pin_sync_and_train(told, tmp_path):
    told(*CLIENT, "add", "demo-film@^1", "--media", "proxy", "-q")
    pinned = (tmp_path / "dataset.lock").read_text()
    told(*CLIENT, "sync", "--frozen", "-q")
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
