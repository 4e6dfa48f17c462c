"""How simulated raters mark places in an item: stretches of time or text, action units, boxes."""

from collections.abc import Mapping
from typing import Any

from annotation.simulation.feeling import Feeling, Options

SPREAD = 0.05  # of the duration or the text: how far raters differ about where something begins and ends
BEGINS, ENDS = 0.25, 0.75


def mark_segments(options: Options, feeling: Feeling) -> dict[str, Any]:
    """One stretch in the middle of the medium, on the grid that the question asks for."""
    duration_s = float(feeling.item["duration_s"])
    start_s, end_s = (_on_grid(at, duration_s, options, feeling) for at in _stretch(feeling))
    segment: dict[str, Any] = {"label": _label(options, feeling), "start_s": start_s, "end_s": end_s}
    if options["apex"] == "required":
        segment["apex_s"] = start_s
    if options["attributes"]:
        segment["attributes"] = {
            one["key"]: str(feeling.rng.choice(_choices(one, feeling))) for one in options["attributes"]
        }
    return {"segments": [segment]}


def _choices(attribute: Options, feeling: Feeling) -> list[str]:
    if attribute.get("people"):
        return [person["name"] for person in feeling.item["people"]]
    return [choice["key"] for choice in attribute["choices"]]


def _stretch(feeling: Feeling) -> tuple[float, float]:
    """Beginning and end on 0..1."""
    wander = feeling.rng.uniform(-SPREAD, SPREAD, size=2)
    return BEGINS + float(wander[0]), ENDS + float(wander[1])


def _on_grid(at: float, duration_s: float, options: Options, feeling: Feeling) -> float:
    item, at_s = feeling.item, at * duration_s
    if options["snap"] == "frames" and (item["kind"] == "sequence" or item["frames_s"]):
        begins_s = item["frames_s"] or [part["onset_s"] for part in item["parts"]]
        return float(min(begins_s, key=lambda one: abs(one - at_s)))
    if options["snap"] == "none":
        return round(at_s, 3)
    step_s, first_s = _steps(options, item)
    return first_s + round((at_s - first_s) / step_s) * step_s


def _steps(options: Options, item: Mapping[str, Any]) -> tuple[float, float]:
    """How far places are apart, and where they are counted from."""
    if options["snap"] == "samples":
        return 1 / float(item["samples"]["rate_hz"]), float(item["samples"]["first_s"])
    return (
        1 / float(item["frame_rate_hz"]) if options["snap"] == "frames" else float(options["step_s"])
    ), 0.0


def _label(options: Options, feeling: Feeling) -> str:
    return feeling.label([label["key"] for label in options["labels"]])


def mark_spans(options: Options, feeling: Feeling) -> dict[str, Any]:
    """One span in the middle of the text or of the last utterance, and no relations."""
    texts = [one["text"] for one in feeling.item["context"] or ()] or [feeling.item["text"]]
    begins, ends = _stretch(feeling)
    start, end = int(begins * len(texts[-1])), max(1, int(ends * len(texts[-1])))
    place = {"part": len(texts) - 1, "start": start, "end": end, "text": texts[-1][start:end]}
    return {"spans": [{"label": _label(options, feeling), **place}]}


def code_units(options: Options, feeling: Feeling) -> dict[str, Any]:
    """The first unit, and another one that raters do not agree about."""
    other = int(feeling.rng.integers(1, len(options["units"]))) if len(options["units"]) > 1 else 0
    chosen = [options["units"][place] for place in sorted({0, other})]
    return {"units": [_coded(unit, options, feeling) for unit in chosen]}


def _coded(unit: dict[str, Any], options: Options, feeling: Feeling) -> dict[str, Any]:
    asked = {"none": (), "apex": ("apex_s",), "events": ("onset_s", "apex_s", "offset_s")}[options["timing"]]
    begins, ends = _stretch(feeling)
    times = {"onset_s": begins, "apex_s": (begins + ends) / 2, "offset_s": ends}
    duration_s = feeling.item["duration_s"] or 0.0
    return {
        "unit": unit["key"],
        **({"intensity": "C"} if options["intensity"] else {}),
        **({"side": options.get("side_choices", ["both"])[0]} if options["sides"] and unit["sides"] else {}),
        **{key: round(times[key] * duration_s, 3) for key in asked},
    }


def draw_boxes(options: Options, feeling: Feeling) -> dict[str, Any]:
    """One box from the upper left corner of the picture; of a video, on its first frame."""
    start, end = _stretch(feeling)
    side = max(round(end - start, 3), options["min_size"])
    box = {"label": _label(options, feeling), "x": 0.0, "y": 0.0, "width": side, "height": side}
    return {"boxes": [{**box, "at_s": 0.0} if feeling.item["kind"] == "video" else box]}
