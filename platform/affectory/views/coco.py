"""COCO: boxes on pictures, which are in `images/`.

`instances_<split>.json` has the gold boxes, which detectors take for the truth; `raters_<split>.json` an annotation for
each box that a rater drew, with her `rater_id`. Images, categories and their ids are the same in both.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from affectory.views.answers import Answer
from affectory.views.contract import MEDIA, Entry, Option, Options, View, ViewRefusedError
from affectory.views.marks import Mark
from affectory.views.pictures import picture_size
from affectory.views.source import Row, Source
from affectory.views.texts import json_entry

_COUNT = "boxes"
_SIDES = ("x", "y", "width", "height")
_GOLD, _RATERS = "instances", "raters"
_PIXEL_DECIMALS = 2


@dataclass(frozen=True)
class _Box:
    """A mark with a place in parts of its picture."""

    item_id: str
    question: str
    rater_id: str | None
    mark: Mark


def render(source: Source, options: Options) -> Iterator[Entry]:
    answers = _chosen(source, options)
    asked: dict[str, set[str]] = {}
    for answer in answers:
        if answer.dimension == _COUNT:
            asked.setdefault(answer.item_id, set()).add(answer.question)
    pictures = [row for row in source.items if row["kind"] == "image" and row["item_id"] in asked]
    if not pictures:
        raise ViewRefusedError(
            f"coco needs answers to a question of type boxes on images, and {source.ref} has none",
            "see which format fits with: affectory export",
        )
    boxes = _boxes(source, options, {row["item_id"] for row in pictures})
    paths = source.dataset.media_paths([row["item_id"] for row in pictures])
    images = {
        row["item_id"]: _image(source, number, row, picture_size(paths[row["item_id"]], row["item_id"]))
        for number, row in enumerate(pictures, start=1)
    }
    categories = _categories(boxes)
    shown = {_RATERS: pictures}
    if not options.text("rater"):
        shown[_GOLD] = _with_gold(source, pictures, asked)
    for name, rows in sorted(shown.items()):
        own = [box for box in boxes if (box.rater_id is None) == (name == _GOLD)]
        told = [
            _annotation(number, box, images[box.item_id], categories) for number, box in enumerate(own, 1)
        ]
        for split in sorted({row["split"] for row in rows}):
            inside = [images[row["item_id"]] for row in rows if row["split"] == split]
            yield json_entry(f"{name}_{split}.json", _document(source, inside, told, categories))
    if options.flag("media"):
        for item_id, image in images.items():
            yield Entry(f"images/{image['file_name']}", paths[item_id])


def _document(
    source: Source,
    images: Sequence[Mapping[str, Any]],
    annotations: Sequence[Mapping[str, Any]],
    categories: Mapping[tuple[str, str], int],
) -> dict[str, Any]:
    ids = {image["id"] for image in images}
    return {
        "info": {
            "description": f"{source.ref}, {source.manifest.digest}",
            "version": source.manifest.version,
            "date_created": source.manifest.created_at,
        },
        "licenses": [{"id": 1, "name": source.manifest.licence or "other", "url": ""}],
        "images": images,
        "annotations": [one for one in annotations if one["image_id"] in ids],
        "categories": [
            {"id": number, "name": label, "supercategory": question}
            for (question, label), number in categories.items()
        ],
    }


def _chosen(source: Source, options: Options) -> list[Answer]:
    """The answers of all raters, or of the one that was asked for."""
    rater = options.text("rater")
    if rater and rater not in source.raters:
        raise ViewRefusedError(f"{source.ref} has no answers of a rater {rater!r} that count")
    return [answer for answer in source.cells if rater in {"", answer.rater_id}]


def _boxes(source: Source, options: Options, pictures: Collection[str]) -> list[_Box]:
    """Of the gold and of the raters who are asked for, by item, rater and question, in the order of each answer."""
    rater = options.text("rater")
    found = [
        _Box(marking.item_id, marking.question, marking.rater_id, mark)
        for marking in source.markings
        if marking.item_id in pictures and (not rater or marking.rater_id == rater)
        for mark in marking.marks
        if mark.details.keys() >= set(_SIDES)
    ]
    return sorted(found, key=lambda box: (box.item_id, box.rater_id or "", box.question))


def _with_gold(source: Source, pictures: Sequence[Row], asked: Mapping[str, set[str]]) -> list[Row]:
    """The pictures of which each question has gold: only in these, what has no box is not there."""
    gold = {(marking.item_id, marking.question) for marking in source.markings if marking.rater_id is None}
    return [
        row
        for row in pictures
        if all((row["item_id"], question) in gold for question in asked[row["item_id"]])
    ]


def _categories(boxes: Sequence[_Box]) -> dict[tuple[str, str], int]:
    """(question, label) -> id, the same in every file."""
    labels = sorted({(box.question, box.mark.label) for box in boxes})
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
    extents = (across, down, across, down)
    bbox = [
        round(float(box.mark.details[side]) * extent, _PIXEL_DECIMALS)
        for side, extent in zip(_SIDES, extents, strict=True)
    ]
    more = {name: value for name, value in box.mark.details.items() if name not in _SIDES}
    return {
        "id": number,
        "image_id": image["id"],
        "category_id": categories[box.question, box.mark.label],
        "bbox": bbox,
        "area": round(bbox[2] * bbox[3], _PIXEL_DECIMALS),
        "iscrowd": 0,
        **(more if box.rater_id is None else {"rater_id": box.rater_id}),
    }


VIEW = View(
    name="coco",
    summary="instances_<split>.json with the gold boxes, raters_<split>.json with those of each rater, images/",
    loses="boxes on frames of videos or without a label, answers to other questions, excluded answers",
    opened_by="pycocotools, detection libraries, CVAT, FiftyOne",
    render=render,
    needs=("annotations", MEDIA),
    options=(
        Option("media", "put the pictures in", "yes", ("yes", "no")),
        Option("rater", "only the boxes of this rater, and no gold"),
    ),
)
