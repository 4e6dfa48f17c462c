"""How simulated raters answer questions about the parts of an item: they go by how pleasant each part feels."""

from typing import Any

import numpy as np

from annotation.simulation.feeling import Feeling, Options

FITS_WITHIN = 0.5
TIED_WITHIN = 0.05


def compare(options: Options, feeling: Feeling) -> dict[str, Any]:
    felt, order = feeling.about_parts(), feeling.order
    best, other = sorted(order, key=lambda name: -felt[name])
    apart = felt[best] - felt[other]
    if options["tie"] and apart < TIED_WITHIN:
        return {"choice": "tie", "order": order}
    n = len(options["grades"])
    graded = {"grade": min(n, 1 + int(apart / 2 * n))} if n else {}
    return {"choice": best, **graded, "order": order}


def match(options: Options, feeling: Feeling) -> dict[str, Any]:
    """The candidate, or whether the parts, that feel like what is given."""
    felt, order = feeling.about_parts(), feeling.order
    if options["mode"] == "yes_no":
        return {"fits": float(np.ptp(list(felt.values()))) < FITS_WITHIN, "order": order}
    given = float(np.mean([value for name, value in felt.items() if name not in order]))
    return {"match": min(order, key=lambda name: abs(felt[name] - given)), "order": order}


def rank(_options: Options, feeling: Feeling) -> dict[str, Any]:
    felt, order = feeling.about_parts(), feeling.order
    first_to_last = sorted(order, key=lambda name: -felt[name])
    return {"ranks": {name: place + 1 for place, name in enumerate(first_to_last)}, "order": order}


def best_and_worst(_options: Options, feeling: Feeling) -> dict[str, Any]:
    felt, order = feeling.about_parts(), feeling.order
    first_to_last = sorted(order, key=lambda name: -felt[name])
    return {"best": first_to_last[0], "worst": first_to_last[-1], "order": order}
