"""How simulated raters choose labels, find words, and set levels and numbers."""

from typing import Any

from annotation.simulation.feeling import Feeling, Options

REASON = "simulated " * 40  # long enough for every length that a study may ask for


def choose(options: Options, feeling: Feeling) -> dict[str, Any]:
    """One label, also where several may be chosen."""
    return {"labels": [feeling.label(_answerable(options))]}


def label_people(options: Options, feeling: Feeling) -> dict[str, Any]:
    """One label for each of them."""
    return {
        "people": {person["name"]: choose(options, feeling)["labels"] for person in feeling.item["people"]}
    }


def _answerable(options: Options) -> list[str]:
    """Keys of the labels that may be chosen: in some trees, those with others below them may not."""
    parents = {label.get("parent") for label in options["labels"]} if options.get("leaves_only") else set()
    return [label["key"] for label in options["labels"] if label["key"] not in parents]


def find_words(options: Options, feeling: Feeling) -> dict[str, Any]:
    """The emotion of the item as a word; others behind it where more are asked for."""
    first = feeling.truth.emotion or "unsure"
    words = [first, *(f"simulated {n}" for n in range(2, options["min_words"] + 1))]
    if options["reason_min_length"] is None:
        return {"words": words}
    return {"words": words, "reasons": dict.fromkeys(words, REASON)}


def set_levels(options: Options, feeling: Feeling) -> dict[str, Any]:
    """One label at the highest level, the others at the lowest or, where they may, left out."""
    keys = [label["key"] for label in options["labels"]]
    strong = feeling.label(keys)
    others = dict.fromkeys(keys, options["min"]) if options["complete"] else {}
    return {"levels": {**others, strong: options["max"]}}


def set_numbers(options: Options, feeling: Feeling) -> dict[str, Any]:
    return {one["key"]: feeling.number(one) for one in options["dimensions"]}
