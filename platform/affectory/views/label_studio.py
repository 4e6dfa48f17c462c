"""Label Studio: per kind of item a labelling configuration and tasks with annotations, for its JSON import.

Each rater's answers are one annotation; the rater stands in the `meta` of every result, because an import refuses
`completed_by` of people whom the server does not know. The gold is one, too, which says that it is the ground truth,
without a result where raters agree that there is nothing; an item without gold has none. Marks are regions: of time,
counted in frames for videos, of a picture, or of a text; what was said of one is a control of that region. Marks
without such a place are lines of text.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from affectory.release.manifest import canonical_json
from affectory.views.answers import Answer
from affectory.views.contract import Entry, Option, Options, View, ViewRefusedError
from affectory.views.label_studio_results import (
    TAGS,
    Control,
    Result,
    add_controls,
    answer_results,
    marked_results,
    whole_result,
)
from affectory.views.marks import GOLD, Marking
from affectory.views.naming import file_names
from affectory.views.source import Row, Source, by_item
from affectory.views.texts import attribute, json_entry, number

_ITEM = "item"
_ID_CHARACTERS = 10
_FRAMES = "timelinelabels"
_TAG_NAMES = {
    "number": "Number",
    "textarea": "TextArea",
    "labels": "Labels",
    "rectanglelabels": "RectangleLabels",
    _FRAMES: "TimelineLabels",
}


def render(source: Source, options: Options) -> Iterator[Entry]:
    common = _controls(source)
    if not common and not source.markings:
        raise ViewRefusedError(
            f"label-studio needs labels, marks or answers about whole items, and {source.ref} has none",
            "for traces choose elan, nova or csv",
        )
    fps = options.positive("fps") or 25.0
    media = source.media if options.flag("media") else {}
    answers, markings = by_item(source.answers), by_item(source.markings)
    for kind in sorted({row["kind"] for row in source.items}):
        rows = [row for row in source.items if row["kind"] == kind]
        controls = dict(common)
        for row in rows:
            add_controls(controls, marked_results(row, markings.get(row["item_id"], []), fps))
        controls = dict(sorted(controls.items()))
        tasks = []
        for row in rows:
            item_id = row["item_id"]
            found = _by_rater(row, answers.get(item_id, []), markings.get(item_id, []), controls, fps)
            if labels := list(_gold(source, row)):
                found[GOLD] = [*labels, *found.get(GOLD, [])]
            shown = _shown(source, row, media, options.text("prefix"))
            tasks.append(_task(row, shown, found, file_names(controls)))
        yield Entry(f"{kind}/config.xml", _configuration(kind, controls, fps).encode())
        yield json_entry(f"{kind}/tasks.json", tasks)
    for row in source.items:
        if row["item_id"] in media:
            yield Entry(_media_name(source, row), media[row["item_id"]])


def _media_name(source: Source, row: Row) -> str:
    return f"media/{source.media_name(row['item_id'])}"


def _shown(source: Source, row: Row, media: Mapping[str, Path], prefix: str) -> str:
    if row["kind"] not in TAGS:
        return str(row["text"] or row["item_id"])
    return prefix + (
        _media_name(source, row) if row["item_id"] in media else row["media_path"] or row["item_id"]
    )


def _controls(source: Source) -> dict[str, Control]:
    """Return the controls of answers about whole items, by the name of the answers."""
    controls = {one.question: Control("choices", dict.fromkeys(one.labels)) for one in source.labelled}
    for answer in source.answers:
        controls.setdefault(answer.name, Control("textarea" if isinstance(answer.value, str) else "number"))
    return controls


def _by_rater(
    row: Row,
    answers: Sequence[Answer],
    markings: Iterable[Marking],
    controls: Mapping[str, Control],
    fps: float,
) -> dict[str, list[Result]]:
    """Return the results of each rater; without any where somebody looked for marks and saw none."""
    given = {
        rater: [one for one in answers if one.rater_id == rater]
        for rater in {one.rater_id for one in answers}
    }
    found = {rater: list(answer_results(own, controls)) for rater, own in given.items()}
    for marking in markings:
        found.setdefault(marking.who, []).extend(marked_results(row, [marking], fps))
    return found


def _gold(source: Source, row: Row) -> Iterator[Result]:
    for one in source.labelled:
        if row[one.column] is not None:
            yield whole_result(one.question, "choices", [row[one.column]])


def _configuration(kind: str, controls: Mapping[str, Control], fps: float) -> str:
    tag = TAGS.get(kind, "Text")
    names = file_names(controls)
    in_frames = any(control.type_ == _FRAMES for control in controls.values())
    rate = f' frameRate="{number(fps)}"' if in_frames else ""
    lines = ["<View>", f'  <{tag} name="{_ITEM}" value="${kind}"{rate}/>']
    for name, control in controls.items():
        lines.append(f'  <Header value="{attribute(name)}"/>')
        lines.append(f"  {_control(control, names[name], names.get(control.within or ''))}")
    return "\n".join([*lines, "</View>"]) + "\n"


def _control(control: Control, name: str, within: str | None) -> str:
    named = f'name="{name}" toName="{_ITEM}"' + (
        f' perRegion="true" whenTagName="{within}"' if within else ""
    )
    if control.type_ == "choices":
        choices = "".join(f'<Choice value="{attribute(label)}"/>' for label in control.labels)
        return f'<Choices {named} choice="{"single" if within else "multiple"}">{choices}</Choices>'
    tag = _TAG_NAMES[control.type_]
    labels = "".join(f'<Label value="{attribute(label)}"/>' for label in control.labels)
    return f"<{tag} {named}>{labels}</{tag}>" if labels else f"<{tag} {named}/>"


def _task(
    row: Row, shown: str, found: Mapping[str, Sequence[Result]], names: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "data": {row["kind"]: shown, "item_id": row["item_id"], "split": row["split"]},
        "annotations": [
            {
                "result": [_result(row["item_id"], rater, names, one) for one in found[rater]],
                "was_cancelled": False,
                "ground_truth": rater == GOLD,
            }
            for rater in sorted(found, key=lambda rater: (rater == GOLD, rater))
        ],
    }


def _result(item_id: str, rater: str, names: Mapping[str, str], one: Result) -> dict[str, Any]:
    # What stands on one region has the id of the region.
    place = [names[one.within or one.control], *([] if one.region is None else [one.region])]
    mark = hashlib.sha256(canonical_json([item_id, rater, *place])).hexdigest()
    return {
        "id": mark[:_ID_CHARACTERS],
        "from_name": names[one.control],
        "to_name": _ITEM,
        "type": one.type_,
        "value": dict(one.value),
        "meta": {"rater": [rater]},
    }


VIEW = View(
    name="label-studio",
    summary="per kind of item config.xml and tasks.json with an annotation per rater, gold as ground truth",
    loses="traces, dispersion, group keys",
    opened_by="Label Studio (JSON import), label-studio-sdk",
    render=render,
    options=(
        Option("media", "put the media files beside", "no", ("yes", "no")),
        Option("fps", "frames per second of the videos, whose marks are told in frames", "25"),
        Option("prefix", "what stands before the paths of media, such as /data/local-files/?d="),
    ),
)
