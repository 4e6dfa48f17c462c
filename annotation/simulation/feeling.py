"""What a simulated rater feels: the truth of an item, and how one rater departs from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from affectory.results import FloatArray

SAMPLE_HZ = 25
GROUP_LAG_S = 0.8
AXES = {"valence": 0, "arousal": 1, "dominance": 2}
Options = Mapping[str, Any]


@dataclass(frozen=True)
class Truth:
    """What an item was made to express, all on -1..1: a curve (samples, 2) at ``rate_hz``, a point, an emotion."""

    rate_hz: float = SAMPLE_HZ
    curve: FloatArray | None = None
    point: Mapping[str, float] | None = None
    emotion: str | None = None


@dataclass(frozen=True)
class Temper:
    """How one simulated rater departs from the truth."""

    seed: int
    bias: FloatArray
    gain: float
    lag_s: float
    noise: float
    confusion: float

    @classmethod
    def draw(cls, seed: int) -> "Temper":
        rng = np.random.default_rng(seed)
        return cls(
            seed=seed,
            bias=rng.normal(0, 0.08, size=3),
            gain=float(rng.uniform(0.7, 1.1)),
            lag_s=float(GROUP_LAG_S + rng.uniform(-0.4, 0.8)),
            noise=float(rng.uniform(0.03, 0.12)),
            confusion=float(rng.uniform(0.1, 0.35)),
        )


@dataclass(frozen=True)
class Feeling:
    """One simulated rater before one item: what she knows when she answers a question about it.

    ``truths``: by the id of an item, those of the item's parts among them. ``item``: the item as a page gets it.
    """

    temper: Temper
    rng: np.random.Generator
    truths: Mapping[str, Truth]
    item: Mapping[str, Any]

    @property
    def truth(self) -> Truth:
        return self.truths.get(self.item["id"], Truth())

    @property
    def order(self) -> list[str]:
        """Names of the candidates among the item's parts, as they stand on the page."""
        return [part["name"] for part in self.item["parts"] if not part["fixed"]]

    def about_parts(self) -> dict[str, float]:
        """How pleasant each part feels, by its name, on -1..1 and a little beyond."""
        truths = {part["name"]: self.truths.get(part["item"]["id"], Truth()) for part in self.item["parts"]}
        return {
            name: float((truth.point or {}).get("valence", 0.0) + self.rng.normal(0, 0.2))
            for name, truth in truths.items()
        }

    def label(self, labels: list[str]) -> str:
        """The truth where it is offered, sometimes confused with another label."""
        emotion = self.truth.emotion
        if emotion in labels and self.rng.random() > self.temper.confusion:
            return str(emotion)
        return str(self.rng.choice(labels))

    def number(self, dimension: Mapping[str, Any]) -> float:
        """The truth with this rater's gain, bias and noise, on the nearest step of the scale."""
        point = (self.truth.point or {}).get(dimension["key"], 0.0)
        bias = self.temper.bias[AXES.get(dimension["key"], 0)]
        felt = self.temper.gain * point + bias + self.rng.normal(0, 0.2)
        low, high, step = dimension["min"], dimension["max"], dimension["step"]
        raw = low + (np.clip(felt, -1, 1) + 1) / 2 * (high - low)
        return float(low + round((raw - low) / step) * step)
