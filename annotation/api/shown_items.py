"""What a rater's browser is told of an item and of its parts."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from annotation.dialogue_context import hides_context, shown_context
from annotation.models import Assignment
from annotation.people import choosable, people_in_parts, people_of
from annotation.protocol import ITEM_KINDS
from annotation.questions import question_type
from annotation.questions.contract import PlacedQuestion
from annotation.questions.extent import frames_of, samples_of
from annotation.services.seats import hides_item
from annotation.services.shown import shown_parts
from annotation.timing import shown_s, stretch_of
from ingest.facade import Item, MediaShape, UtteranceShape, media_of


class PersonShape(serializers.Serializer[Any]):
    """Where somebody is in the picture; between two boxes on a straight line, before and after them not marked."""

    name = serializers.CharField()
    boxes = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        help_text="[seconds, left, top, width, height]; the last four as parts of the picture. Empty: somebody "
        "who is marked in parts of the item",
    )


class ShownItemShape(serializers.Serializer[Any]):
    """Without its title: a file's name may tell what is to be rated."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(ITEM_KINDS)
    duration_s = serializers.FloatField(
        allow_null=True, help_text="of the item; all its times count from its onset"
    )
    onset_s = serializers.FloatField(
        allow_null=True, help_text="second of its file at which it begins; null: where the file does"
    )
    offset_s = serializers.FloatField(
        allow_null=True, help_text="second of its file at which it ends; null: where the file does"
    )
    condition = serializers.CharField()
    text = serializers.CharField(allow_null=True)
    context = UtteranceShape(many=True, allow_null=True)  # type: ignore[assignment]
    context_hidden = serializers.BooleanField(
        required=False,
        help_text="true: of its context, what is not rated is shown when the rater asks for it",
    )
    media = serializers.DictField(child=MediaShape())
    frame_rate_hz = serializers.FloatField(allow_null=True)
    target = serializers.CharField(allow_null=True, help_text="who is rated; shown before the start")
    people = PersonShape(many=True)
    choose_from = serializers.ListField(
        child=serializers.CharField(),
        help_text="of whom the rater picks one before she begins; empty: of nobody",
    )


class PartShape(serializers.Serializer[Any]):
    """A part of a group: a fixed one, or one of the candidates, which stand as this rater sees them."""

    name = serializers.CharField()
    fixed = serializers.BooleanField()
    onset_s = serializers.FloatField(allow_null=True, help_text="second of the whole at which it begins")
    item = ShownItemShape()


class SamplesShape(serializers.Serializer[Any]):
    """Of a recording's fastest channel; sample i of its file is at ``first_s + i / rate_hz`` seconds of the item."""

    rate_hz = serializers.FloatField()
    first_s = serializers.FloatField()


class RatedItemShape(ShownItemShape):
    parts = PartShape(many=True)
    frames_s = serializers.ListField(
        child=serializers.FloatField(),
        help_text="of a film whose frames do not come evenly, where a question is about places in it: when each begins",
    )
    samples = SamplesShape(allow_null=True, help_text="of a recording, or the one in a trial")
    hidden = serializers.BooleanField(
        required=False,
        help_text="true: it is not for this rater to see, and nothing of it is told but its kind",
    )


def shown_item(row: Assignment, asked: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The item of an assignment, to be answered to what is asked."""
    item = row.study_item.item
    if hides_item(row):
        return _hidden(item)
    presentation = row.participation.study.protocol.document["presentation"]
    shown = _shown(item, presentation)
    return {
        **shown,
        "people": [*shown["people"], *_people_in_parts(item, shown["people"])],
        "parts": _parts(row, presentation),
        **_places(item, asked),
    }


def _people_in_parts(item: Item, own: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those who are marked in parts only, where their boxes are."""
    known = {person["name"] for person in own}
    names = people_in_parts([item]).get(item.pk, ())
    return [{"name": name, "boxes": []} for name in names if name not in known]


def _places(item: Item, asked: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What questions about places in an item hold them to, besides steps of a second."""
    placed = any(isinstance(question_type(question["type"]), PlacedQuestion) for question in asked)
    samples = samples_of([item]).get(item.pk)
    return {
        "frames_s": frames_of(item) if placed else [],
        "samples": None if samples is None else asdict(samples),
    }


def _target(item: Item, key: str) -> str | None:
    found = (item.groups | item.metadata).get(key) if key else None
    return None if found is None else str(found)


def _shown(item: Item, presentation: dict[str, Any]) -> dict[str, Any]:
    facts = item.asset.facts if item.asset else {}
    stretch = stretch_of(item)
    return {
        "id": item.id,
        "kind": item.kind,
        "duration_s": shown_s(item, presentation),
        "onset_s": stretch.onset_s,
        "offset_s": stretch.offset_s,
        "condition": item.condition,
        "text": item.text,
        "context": shown_context(item.context, presentation),
        **({"context_hidden": True} if hides_context(item.context, presentation) else {}),
        "media": media_of(item.asset) if item.asset else {},
        "frame_rate_hz": facts.get("rate_hz") if item.kind == "video" else None,
        "target": _target(item, presentation.get("target", "")),
        "people": people_of(item.metadata),
        "choose_from": choosable(presentation, item.metadata),
    }


def _hidden(item: Item) -> dict[str, Any]:
    nothing = dict.fromkeys(
        ("duration_s", "onset_s", "offset_s", "text", "context", "frame_rate_hz", "samples", "target")
    )
    empty: dict[str, Any] = {
        "condition": "",
        "media": {},
        "people": [],
        "choose_from": [],
        "parts": [],
        "frames_s": [],
    }
    return {"id": item.id, "kind": item.kind, **nothing, **empty, "hidden": True}


def _parts(row: Assignment, presentation: dict[str, Any]) -> list[dict[str, Any]]:
    parts = shown_parts(row)
    rows = Item.objects.select_related("asset").prefetch_related("asset__renditions")
    items = rows.in_bulk([part.item for part in parts])
    return [
        {
            "name": part.name,
            "fixed": part.fixed,
            "onset_s": part.onset_s,
            "item": _shown(items[part.item], presentation),
        }
        for part in parts
    ]
