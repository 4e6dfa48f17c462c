"""Label Studio: per kind of item a labelling configuration and tasks with annotations, for its JSON import.

Each rater's answers are one annotation; the rater stands in the `meta` of every result, because an import refuses
`completed_by` of people whom the server does not know. Gold labels are predictions.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from affectory.release.manifest import canonical_json
from affectory.views.contract import Entry, Option, Options, View, ViewRefusedError
from affectory.views.naming import file_names
from affectory.views.source import Answer, Row, Source
from affectory.views.texts import attribute, json_entry

# The tag that shows an item, by its kind; what has no tag of its own is shown as its text.
_TAGS = {"video": "Video", "audio": "Audio", "image": "Image"}
_ITEM = "item"
_ID_CHARACTERS = 10


def render(source: Source, options: Options) -> Iterator[Entry]:
    controls = _controls(source)
    if not controls:
        raise ViewRefusedError(
            f"label-studio needs labels or answers about whole items, and {source.ref} has none",
            "for traces choose elan, nova or csv",
        )
    media = source.media if options.flag("media") else {}
    answers: dict[str, list[Answer]] = {}
    for answer in source.answers:
        answers.setdefault(answer.item_id, []).append(answer)
    for kind in sorted({row["kind"] for row in source.items}):
        rows = [row for row in source.items if row["kind"] == kind]
        shown = {row["item_id"]: _shown(source, row, media, options.text("prefix")) for row in rows}
        yield Entry(f"{kind}/config.xml", _configuration(kind, controls).encode())
        yield json_entry(
            f"{kind}/tasks.json",
            [
                _task(source, row, shown[row["item_id"]], answers.get(row["item_id"], []), controls)
                for row in rows
            ],
        )
    for row in source.items:
        if row["item_id"] in media:
            yield Entry(_media_name(source, row), media[row["item_id"]])


def _media_name(source: Source, row: Row) -> str:
    return f"media/{source.media_name(row['item_id'])}"


def _shown(source: Source, row: Row, media: Mapping[str, Path], prefix: str) -> str:
    if row["kind"] not in _TAGS:
        return str(row["text"] or row["item_id"])
    return prefix + (
        _media_name(source, row) if row["item_id"] in media else row["media_path"] or row["item_id"]
    )


def _controls(source: Source) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return type and labels of each control by the name of its answers."""
    controls = {one.question: ("choices", one.labels) for one in source.labelled}
    for answer in source.answers:
        kind = "textarea" if isinstance(answer.value, str) else "number"
        controls.setdefault(answer.name, (kind, ()))
    return dict(sorted(controls.items()))


def _configuration(kind: str, controls: Mapping[str, tuple[str, tuple[str, ...]]]) -> str:
    tag = _TAGS.get(kind, "Text")
    names = file_names(controls)
    lines = ["<View>", f'  <{tag} name="{_ITEM}" value="${kind}"/>']
    for name, (type_, labels) in controls.items():
        named = f'name="{names[name]}" toName="{_ITEM}"'
        lines.append(f'  <Header value="{attribute(name)}"/>')
        if type_ == "choices":
            choices = "".join(f'<Choice value="{attribute(label)}"/>' for label in labels)
            lines.append(f'  <Choices {named} choice="multiple">{choices}</Choices>')
        else:
            lines.append(f"  <{'Number' if type_ == 'number' else 'TextArea'} {named}/>")
    return "\n".join([*lines, "</View>"]) + "\n"


def _task(
    source: Source,
    row: Row,
    shown: str,
    answers: Sequence[Answer],
    controls: Mapping[str, tuple[str, tuple[str, ...]]],
) -> dict[str, Any]:
    names = file_names(controls)
    by_rater: dict[str, list[Answer]] = {}
    for answer in answers:
        by_rater.setdefault(answer.rater_id, []).append(answer)
    gold = [
        _result(row["item_id"], "gold", names[one.question], "choices", [row[one.column]])
        for one in source.labelled
        if row[one.column] is not None
    ]
    return {
        "data": {row["kind"]: shown, "item_id": row["item_id"], "split": row["split"]},
        "annotations": [
            {"result": _results(row["item_id"], rater, given, names, controls), "was_cancelled": False}
            for rater, given in sorted(by_rater.items())
        ],
        "predictions": [{"model_version": f"gold {source.ref}", "result": gold}] if gold else [],
    }


def _results(
    item_id: str,
    rater: str,
    answers: Sequence[Answer],
    names: Mapping[str, str],
    controls: Mapping[str, tuple[str, tuple[str, ...]]],
) -> list[dict[str, Any]]:
    values: dict[str, list[Any]] = {}
    for answer in answers:
        values.setdefault(answer.name, []).append(answer.value)
    return [
        _result(item_id, rater, names[name], controls[name][0], found)
        for name, found in sorted(values.items())
    ]


def _result(item_id: str, rater: str, name: str, type_: str, values: list[Any]) -> dict[str, Any]:
    held = {"choices": values, "number": values[-1], "text": values}
    key = {"choices": "choices", "number": "number", "textarea": "text"}[type_]
    mark = hashlib.sha256(canonical_json([item_id, rater, name])).hexdigest()
    return {
        "id": mark[:_ID_CHARACTERS],
        "from_name": name,
        "to_name": _ITEM,
        "type": type_,
        "value": {key: held[key]},
        "meta": {"rater": [rater]},
    }


VIEW = View(
    name="label-studio",
    summary="per kind of item config.xml and tasks.json with an annotation per rater, gold as predictions",
    loses="traces, dispersion, group keys",
    opened_by="Label Studio (JSON import), label-studio-sdk",
    render=render,
    options=(
        Option("media", "put the media files beside", "no", ("yes", "no")),
        Option("prefix", "what stands before the paths of media, such as /data/local-files/?d="),
    ),
)
