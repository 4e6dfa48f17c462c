"""How well a trace follows a curve that is known: practice items and calibration clips.

Derived with the series and kept beside its validity report, so that it can be made again.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from affectory import quality
from affectory.agreement import mae
from affectory.results import FloatArray
from annotation.questions.continuous import Target

SEARCH_S = (0.0, 6.0)


def score(values: FloatArray, names: Sequence[str], rate_hz: float, target: Target) -> list[dict[str, Any]]:
    """One row per dimension: lag, gain, offset, noise and r after the lag; distance and share in the band before.

    ``values``: (samples, dimensions), NaN where not valid. Numbers are null with a reason where they are undefined.
    """
    times = np.arange(len(values)) / rate_hz
    points = np.array(target.values, dtype=float)
    curves = [np.interp(times, target.times_s, points[:, i]) for i in range(len(names))]
    return [
        _row(name, curve, values[:, i], rate_hz, target.band)
        for i, (name, curve) in enumerate(zip(names, curves, strict=True))
    ]


def _row(
    name: str, curve: FloatArray, trace: FloatArray, rate_hz: float, band: float | None
) -> dict[str, Any]:
    found = quality.calibrate(curve, trace, rate_hz=rate_hz, search_s=SEARCH_S)
    near = quality.within_band(curve, trace, band=band) if band is not None else None
    apart = mae(curve, trace)
    return {
        "dimension": name,
        "lag_s": found.lag.lag_s,
        "gain": found.gain,
        "offset": found.offset,
        "noise": found.noise,
        "r": found.r,
        "n_samples": found.n_samples,
        "distance": apart.value,
        "band": band,
        "share_in_band": near.value if near else None,
        "reason": found.reason or apart.reason or "",
    }
