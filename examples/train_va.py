"""Train a small valence-arousal regressor on a pinned release.

    affectory add demo-film@^1 --media proxy     # once: writes dataset.lock, which is committed
    affectory sync --frozen                      # in CI: exactly that data
    python examples/train_va.py

The features are plain (colour, brightness, motion of each frame), so the figures say whether the way from a
release to a model works, not what a good model reaches. Needs scikit-learn and av.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import affectory
from affectory.agreement import ccc
from affectory.client.frames import frames_at
from affectory.client.traces import Trace

SPLITS = ("train", "validation", "test")
FRAME_SIZE = (32, 18)
# Features of the last two seconds, oldest first: what is felt follows what was seen.
DELAYS_S = (2.0, 1.0, 0.0)


@dataclass(frozen=True)
class Samples:
    """Features (samples, features) with the ratings (samples, dimensions) that were given at the same time."""

    features: np.ndarray
    ratings: np.ndarray

    @classmethod
    def joined(cls, parts: Sequence["Samples"]) -> "Samples":
        return cls(
            np.concatenate([part.features for part in parts]),
            np.concatenate([part.ratings for part in parts]),
        )


def features_of(film: Path, times_s: np.ndarray) -> np.ndarray:
    """Mean and spread of each colour and the change since the sample before, at each moment and earlier."""
    frames = frames_at(film, times_s, size=FRAME_SIZE).astype(np.float32) / 255
    motion = np.abs(np.diff(frames, axis=0, prepend=frames[:1])).mean(axis=(1, 2, 3))
    now = np.column_stack([frames.mean(axis=(1, 2)), frames.std(axis=(1, 2)), motion])
    step_s = times_s[1] - times_s[0]
    earlier = [np.maximum(np.arange(len(now)) - round(delay / step_s), 0) for delay in DELAYS_S]
    return np.concatenate([now[rows] for rows in earlier], axis=1)


def samples_of(
    ds: affectory.Dataset, traces: Iterable[Trace], dimensions: Sequence[str], step: int
) -> list[Samples]:
    """One block of samples for each trace; samples that nobody rated are left out."""
    seen: dict[str, np.ndarray] = {}
    blocks = []
    for trace in traces:
        times_s = trace.media_times_s[::step]
        if trace.item_id not in seen:
            seen[trace.item_id] = features_of(ds.media_path(trace.item_id), times_s)
        rated = trace.mask[::step]
        blocks.append(Samples(seen[trace.item_id][rated], trace.values(dimensions)[::step][rated]))
    return blocks


def trained(samples: Samples) -> Pipeline:
    return make_pipeline(StandardScaler(), Ridge(alpha=10.0)).fit(samples.features, samples.ratings)


def evaluated(model: Pipeline, samples: Samples, dimensions: Sequence[str]) -> dict[str, Any]:
    """CCC of each dimension over all samples of a split; null with a reason where it is not defined."""
    guessed = model.predict(samples.features).reshape(samples.ratings.shape)
    found = {}
    for column, name in enumerate(dimensions):
        measured = ccc(guessed[:, column], samples.ratings[:, column])
        found[name] = {"ccc": measured.value, "samples": measured.n_units_used, "reason": measured.reason}
    return found


def run(lock: str, dataset: str | None, dimensions: Sequence[str], rate_hz: float) -> dict[str, Any]:
    views = {split: affectory.load(dataset, lock=lock, split=split) for split in SPLITS}
    gold = {}
    for split, ds in views.items():
        traces = [trace for trace in ds.traces(gold=True) if trace.is_gold and trace.mask.any()]
        step = max(1, round(traces[0].rate_hz / rate_hz)) if traces else 1
        gold[split] = samples_of(ds, traces, dimensions, step)
    of_raters = samples_of(views["train"], views["train"].traces(), dimensions, step)
    models = {
        "gold": trained(Samples.joined(gold["train"])),
        "each rater": trained(Samples.joined(of_raters)),  # every answer is a target: soft labels
    }
    return {
        "release": f"{views['train'].name}@{views['train'].version}",
        "digest": views["train"].digest,
        "trained_on": {"gold": len(gold["train"]), "each rater": len(of_raters)},
        "ccc": {
            name: {
                split: evaluated(model, Samples.joined(blocks), dimensions)
                for split, blocks in gold.items()
                if blocks
            }
            for name, model in models.items()
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lock", default="dataset.lock")
    parser.add_argument("--dataset", help="its name, where the lock pins several")
    parser.add_argument("--dimensions", nargs="+", default=["valence", "arousal"])
    parser.add_argument("--rate-hz", type=float, default=5.0, help="samples of a trace used per second (5)")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    report = run(given.lock, given.dataset, given.dimensions, given.rate_hz)
    if given.json:
        print(json.dumps(report))
        return
    print(f"{report['release']}  {report['digest']}")
    for name, splits in report["ccc"].items():
        print(f"trained on {name} ({report['trained_on'][name]} traces)")
        for split, dimensions in splits.items():
            told = (
                f"{dimension} {one['ccc']:.3f}" if one["ccc"] is not None else f"{dimension}: {one['reason']}"
                for dimension, one in dimensions.items()
            )
            print(f"  {split:<11}CCC  {'   '.join(told)}")


if __name__ == "__main__":
    main()
