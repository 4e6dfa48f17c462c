"""How simulated raters write and fill in forms."""

from typing import Any

import numpy as np

from annotation.simulation.feeling import Feeling, Options

WRITTEN = "A simulated rater wrote this. "


def fill_in(options: Options, feeling: Feeling) -> dict[str, Any]:
    """A form filled in by somebody who answers alike throughout: reversed items the other way round."""
    values = [point["value"] for point in options["points"]]
    leaning = feeling.rng.uniform(0, len(values) - 1)
    answers = {}
    for item in options["items"]:
        place = len(values) - 1 - leaning if item["reverse"] else leaning
        drawn = round(place + feeling.rng.normal(0, 0.7))
        answers[item["key"]] = values[int(np.clip(drawn, 0, len(values) - 1))]
    return answers


def write(options: Options, _feeling: Feeling) -> dict[str, Any]:
    """The same sentence in every field, as often as its shortest length needs."""
    fields = options.get("fields") or [{"key": "text", **options}]
    return {field["key"]: _of_length(field["min_length"]) for field in fields}


def _of_length(shortest: int) -> str:
    return (WRITTEN * (1 + shortest // len(WRITTEN))).strip().ljust(shortest, ".")
