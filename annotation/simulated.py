"""Simulated raters: programs that take part through the public HTTP API, and say that they are simulated.

Each has a bias, a lag and noise of its own, drawn from a seed. They need the truth of what they rate from whoever
made it; of a corpus that was recorded there is none, so they are for demos and tests only.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np

from affectory.results import FloatArray

MARKS = {"segments": "segments", "facs": "units", "spans": "spans", "boxes": "boxes"}
EVENTS_PER_CHUNK = 100
SAMPLE_HZ = 25
HEARTBEAT_EVERY = 5  # samples, so 5 Hz
GROUP_LAG_S = 0.8
TIMEOUT_S = 60


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


class SimulatedRater:
    """One simulated rater in one study."""

    def __init__(self, *, server: str, invite_code: str, seed: int, truths: Mapping[str, Truth]) -> None:
        self.temper = Temper.draw(seed)
        self.rng = np.random.default_rng([seed, 1])
        self.truths = truths
        self.http = httpx.Client(base_url=f"{server}/api/rate/", timeout=TIMEOUT_S)
        # The same seed finds its participation again, so a repeated run adds nobody.
        arrival = uuid.uuid5(uuid.NAMESPACE_URL, f"simulated:{invite_code}:{seed}")
        invite = self._get(f"invites/{invite_code}/")
        body = {"arrival_id": str(arrival), "simulated": True}
        arrived = self._post(f"invites/{invite_code}/arrive/", body)
        self.http.headers["Authorization"] = f"Participation {arrived['token']}"
        self.digest = invite["study"]["consent"]["digest"]

    def take_part(self, on_item: Callable[[], None] = lambda: None) -> str | None:
        """Consent, rate until nothing is left; returns the completion code."""
        try:
            self._post("participation/consent/", {"digest": self.digest})
            while assignment := self._post("assignments/next/", {}):
                self._rate(assignment)
                on_item()
            code: str | None = self._get("participation/")["completion_code"]
        finally:
            self.http.close()
        return code

    def _rate(self, assignment: dict[str, Any]) -> None:
        truth = self.truths.get(assignment["item"]["id"], Truth())
        responses = [
            {
                "id": str(uuid.uuid4()),
                "question": question["key"],
                "value": self._answer(question, truth, assignment),
                "timing": {"active_ms": int(self.rng.gamma(4, 900))},
                "device": {"kind": "simulated"},
            }
            for question in assignment["questions"]
        ]
        body = {"submission_id": str(uuid.uuid4()), "responses": responses, "played": {"simulated": True}}
        self._post(f"assignments/{assignment['id']}/submit/", body)

    def _answer(self, question: dict[str, Any], truth: Truth, assignment: dict[str, Any]) -> dict[str, Any]:
        options = question["options"]
        if question["type"] == "trace2d":
            return {"trace": self._trace(question, truth, assignment)}
        if question["type"] in MARKS:
            # A simulated rater sees nothing worth marking, which is an answer.
            return {MARKS[question["type"]]: []}
        if question["type"] == "category":
            return {"labels": [self._label([label["key"] for label in options["labels"]], truth.emotion)]}
        if question["type"] == "scale":
            return {one["key"]: self._number(one, truth.point or {}) for one in options["dimensions"]}
        return {"text": "A simulated rater wrote this."}

    def _label(self, labels: list[str], emotion: str | None) -> str:
        if emotion in labels and self.rng.random() > self.temper.confusion:
            return str(emotion)
        return str(self.rng.choice(labels))

    def _number(self, dimension: dict[str, Any], point: Mapping[str, float]) -> float:
        """The truth with this rater's gain, bias and noise, on the nearest step of the scale."""
        axis = {"valence": 0, "arousal": 1, "dominance": 2}.get(dimension["key"], 0)
        felt = (
            self.temper.gain * point.get(dimension["key"], 0.0)
            + self.temper.bias[axis]
            + self.rng.normal(0, 0.2)
        )
        low, high, step = dimension["min"], dimension["max"], dimension["step"]
        raw = low + (np.clip(felt, -1, 1) + 1) / 2 * (high - low)
        return float(low + round((raw - low) / step) * step)

    def _trace(self, question: dict[str, Any], truth: Truth, assignment: dict[str, Any]) -> str:
        body = {
            "id": str(uuid.uuid4()),
            "assignment": assignment["id"],
            "question": question["key"],
            "device": {"kind": "simulated"},
        }
        trace = self._post("traces/", body)
        events = self._events(question["options"]["dimensions"], truth, assignment["item"]["duration_s"])
        pieces = [events[at : at + EVENTS_PER_CHUNK] for at in range(0, len(events), EVENTS_PER_CHUNK)]
        page, digests = str(uuid.uuid4()), []
        for seq, piece in enumerate(pieces):
            clock = {"a_us": 0.0, "b": 1.0, "residual_us": 0.0, "n": 0}
            text = json.dumps({"page": page, "origin_ms": 0.0, "events": piece, "clock": clock})
            digests.append(hashlib.sha256(text.encode()).hexdigest())
            chunk = {"seq": seq, "writer": trace["writer"], "sha256": digests[-1], "body": text}
            self._post(f"traces/{trace['id']}/chunks/", chunk)
        digest = hashlib.sha256("".join(digests).encode()).hexdigest()
        self._post(
            f"traces/{trace['id']}/finish/",
            {"writer": trace["writer"], "chunks": len(pieces), "digest": digest},
        )
        return str(trace["id"])

    def _events(self, dimensions: list[dict[str, Any]], truth: Truth, duration_s: float) -> list[list[Any]]:
        """Play, a sample where the value moved, heartbeats where it did not, end; times on the media clock."""
        times = np.arange(0, duration_s, 1 / SAMPLE_HZ)
        values = self._felt(dimensions, truth, times)
        rows: list[list[Any]] = [["play", 0, None]]
        for index, (time_s, value) in enumerate(zip(times, values, strict=True)):
            moved = index > 0 and bool(np.any(value != values[index - 1]))
            if moved or index % HEARTBEAT_EVERY == 0:
                rows.append(["sample" if moved else "heartbeat", round(time_s * 1e6), value.tolist()])
        rows.append(["end", round(duration_s * 1e6), None])
        return [[seq, kind, at, at, value, None] for seq, (kind, at, value) in enumerate(rows)]

    def _felt(self, dimensions: list[dict[str, Any]], truth: Truth, times: FloatArray) -> FloatArray:
        """(samples, dimensions): the truth, late, scaled, biased and noisy; smooth as a hand is."""
        columns = []
        for axis, dimension in enumerate(dimensions):
            wander = np.convolve(self.rng.normal(0, 1, len(times) + 50), np.hanning(51), mode="valid")
            wander *= self.temper.noise / max(float(wander.std()), 1e-9)
            late = np.zeros(len(times))
            if truth.curve is not None:
                own = np.arange(len(truth.curve)) / truth.rate_hz
                late = np.interp(times - self.temper.lag_s, own, truth.curve[:, axis])
            felt = np.clip(self.temper.gain * late + self.temper.bias[axis] + wander, -1, 1)
            low, high = dimension["min"], dimension["max"]
            columns.append(np.round(low + (felt + 1) / 2 * (high - low), 3))
        return np.column_stack(columns)

    def _get(self, path: str) -> Any:
        return self.http.get(path).raise_for_status().json()

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        answer = self.http.post(path, json=body).raise_for_status()
        return answer.json() if answer.content else None
