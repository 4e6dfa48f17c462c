"""How simulated raters answer questions about parts, and forms; see `annotation.simulated`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

FITS_WITHIN = 0.5
TIED_WITHIN = 0.05
Options = Mapping[str, Any]
#: What a rater feels about each part, by its name, on -1..1 and a little beyond.
Felt = Mapping[str, float]


def _comparison(options: Options, felt: Felt, order: Sequence[str]) -> dict[str, Any]:
    best, other = sorted(order, key=lambda name: -felt[name])
    apart = felt[best] - felt[other]
    if options["tie"] and apart < TIED_WITHIN:
        return {"choice": "tie", "order": list(order)}
    n = len(options["grades"])
    graded = {"grade": min(n, 1 + int(apart / 2 * n))} if n else {}
    return {"choice": best, **graded, "order": list(order)}


def _matching(options: Options, felt: Felt, order: Sequence[str]) -> dict[str, Any]:
    """The candidate, or whether the parts, that feel like what is given."""
    given = [value for name, value in felt.items() if name not in order]
    if options["mode"] == "yes_no":
        return {"fits": float(np.ptp(list(felt.values()))) < FITS_WITHIN, "order": list(order)}
    nearest = min(order, key=lambda name: abs(felt[name] - float(np.mean(given))))
    return {"match": nearest, "order": list(order)}


def _ranking(_options: Options, felt: Felt, order: Sequence[str]) -> dict[str, Any]:
    first_to_last = sorted(order, key=lambda name: -felt[name])
    return {"ranks": {name: place + 1 for place, name in enumerate(first_to_last)}, "order": list(order)}


def _best_worst(_options: Options, felt: Felt, order: Sequence[str]) -> dict[str, Any]:
    first_to_last = sorted(order, key=lambda name: -felt[name])
    return {"best": first_to_last[0], "worst": first_to_last[-1], "order": list(order)}


ABOUT_PARTS: Mapping[str, Callable[[Options, Felt, Sequence[str]], dict[str, Any]]] = {
    "comparison": _comparison,
    "matching": _matching,
    "ranking": _ranking,
    "best_worst": _best_worst,
}


def fill_in(options: Options, rng: np.random.Generator) -> dict[str, Any]:
    """A form filled in by somebody who answers alike throughout: reversed items the other way round."""
    values = [point["value"] for point in options["points"]]
    leaning = rng.uniform(0, len(values) - 1)
    answers = {}
    for item in options["items"]:
        place = len(values) - 1 - leaning if item["reverse"] else leaning
        answers[item["key"]] = values[int(np.clip(round(place + rng.normal(0, 0.7)), 0, len(values) - 1))]
    return answers
