"""COCO: `instances_<split>.json` with the boxes that raters drew on pictures, and the pictures in `images/`.

Raters' boxes are not merged: each annotation carries the `rater_id` of who drew it. Pictures on which somebody was
asked for boxes are listed, also those on which nobody saw any.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from affectory.views.answers import Answer
from affectory.views.contract import MEDIA, Entry, Option, Options, View, ViewRefusedError
from affectory.views.pictures import picture_size
from affectory.views.source import Row, Source
from affectory.views.texts import json_entry

_FIELD = re.compile(r"box\.(\d+)\.(label|x|y|width|height|at_s)")
_COUNT = "boxes"
_PIXEL_DECIMALS = 2


@dataclass
class _Box:
    """A rectangle in parts of the picture, as one rater drew it."""

    item_id: str
    rater_id: str
    question: str
    told: dict[str, Any] = field(default_factory=dict)


def render(source: Source, options: Options) -> Iterator[Entry]:
    answers = _chosen(source, options)
    asked = {answer.item_id for answer in answers if answer.dimension == _COUNT}
    pictures = [row for row in source.items if row["kind"] == "image" and row["item_id"] in asked]
    if not pictures:
        raise ViewRefusedError(
            f"coco needs answers to a question of type boxes on images, and {source.ref} has none",
            "see which format fits with: affectory export",
        )
    boxes = _boxes(answers)
    paths = source.dataset.media_paths([row["item_id"] for row in pictures])
    categories = _categories(boxes)
    images = {
        row["item_id"]: _image(source, number, row, picture_size(paths[row["item_id"]], row["item_id"]))
        for number, row in enumerate(pictures, start=1)
    }
    drawn = [box for box in boxes if box.item_id in images]
    annotations = [
        _annotation(number, box, images[box.item_id], categories) for number, box in enumerate(drawn, start=1)
    ]
    of_split: dict[str, list[dict[str, Any]]] = {}
    for row in pictures:
        of_split.setdefault(row["split"], []).append(images[row["item_id"]])
    for split, own in sorted(of_split.items()):
        ids = {image["id"] for image in own}
        yield json_entry(
            f"instances_{split}.json",
            {
                "info": {
                    "description": f"{source.ref}, {source.manifest.digest}",
                    "version": source.manifest.version,
                    "date_created": source.manifest.created_at,
                },
                "licenses": [{"id": 1, "name": source.manifest.licence or "other", "url": ""}],
                "images": own,
                "annotations": [one for one in annotations if one["image_id"] in ids],
                "categories": [
                    {"id": number, "name": label, "supercategory": question}
                    for (question, label), number in categories.items()
                ],
            },
        )
    if options.flag("media"):
        for item_id, image in images.items():
            yield Entry(f"images/{image['file_name']}", paths[item_id])


def _chosen(source: Source, options: Options) -> list[Answer]:
    """The answers of all raters, or of the one that was asked for."""
    rater = options.text("rater")
    if rater and rater not in source.raters:
        raise ViewRefusedError(f"{source.ref} has no answers of a rater {rater!r} that count")
    return [answer for answer in source.cells if rater in {"", answer.rater_id}]


def _boxes(answers: Sequence[Answer]) -> list[_Box]:
    """By item, rater and question, in the order in which they were drawn; boxes on frames of videos are left out."""
    found: dict[tuple[str, str, str, int], _Box] = {}
    for answer in answers:
        matched = _FIELD.fullmatch(answer.dimension)
        if matched:
            key = (answer.item_id, answer.rater_id, answer.question, int(matched[1]))
            box = found.setdefault(key, _Box(answer.item_id, answer.rater_id, answer.question))
            box.told[matched[2]] = answer.value
    return [box for _, box in sorted(found.items()) if "at_s" not in box.told]


def _categories(boxes: Sequence[_Box]) -> dict[tuple[str, str], int]:
    """(question, label) -> id, the same in the file of every split."""
    labels = sorted({(box.question, str(box.told["label"])) for box in boxes})
    return {label: number for number, label in enumerate(labels, start=1)}


def _image(source: Source, number: int, row: Row, size: tuple[int, int]) -> dict[str, Any]:
    item_id = row["item_id"]
    return {
        "id": number,
        "file_name": source.media_name(item_id),
        "width": size[0],
        "height": size[1],
        "license": 1,
        "item_id": item_id,
    }


def _annotation(
    number: int, box: _Box, image: Mapping[str, Any], categories: Mapping[tuple[str, str], int]
) -> dict[str, Any]:
    across, down = image["width"], image["height"]
    sides = (
        box.told["x"] * across,
        box.told["y"] * down,
        box.told["width"] * across,
        box.told["height"] * down,
    )
    bbox = [round(side, _PIXEL_DECIMALS) for side in sides]
    return {
        "id": number,
        "image_id": image["id"],
        "category_id": categories[box.question, box.told["label"]],
        "bbox": bbox,
        "area": round(bbox[2] * bbox[3], _PIXEL_DECIMALS),
        "iscrowd": 0,
        "rater_id": box.rater_id,
    }


VIEW = View(
    name="coco",
    summary="instances_<split>.json with a bounding box per rater and thing, the pictures in images/",
    loses="boxes on frames of videos, answers to other questions, excluded answers",
    opened_by="pycocotools, detection libraries, CVAT, FiftyOne",
    render=render,
    needs=("annotations", MEDIA),
    options=(
        Option("media", "put the pictures in", "yes", ("yes", "no")),
        Option("rater", "only the boxes of this rater"),
    ),
)
