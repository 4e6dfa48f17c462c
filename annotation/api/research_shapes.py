"""What researchers are shown of a study's items, labels and traces."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef
from rest_framework import serializers

from affectory.errors import NotFound
from affectory.results import FloatArray
from annotation.analysis.calibrations import Calibrated, calibrations_of
from annotation.analysis.series import report_of, unpack
from annotation.api.rate_shapes import QuestionShape
from annotation.models import GoldTrace, ParticipationState, Response, Study, TraceSeries
from annotation.questions.continuous import continuous_type, fusion_of, tells_of_rater
from annotation.questions.contract import GoldRule
from annotation.questions.dimensions import DimensionSerializer
from annotation.services.analyses import latest_analysis
from ingest.facade import Item, MediaShape, media_of, parts_of, picture_of


class ProtocolShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    perspective = serializers.CharField()
    questions = QuestionShape(many=True)
    raters = serializers.DictField()


class ProtocolVersionShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    version = serializers.CharField()
    digest = serializers.CharField()


class ReviewShape(serializers.Serializer[Any]):
    """``base``: the study that is reviewed; ``source`` of proposals, or ``criteria`` of a consensus round."""

    kind = serializers.ChoiceField(["proposal", "consensus"])
    base = serializers.CharField()
    round = serializers.IntegerField()
    source = serializers.CharField(default="")  # type: ignore[assignment]
    criteria = serializers.ListField(child=serializers.CharField(), default=list)


class MadeFromShape(serializers.Serializer[Any]):
    """``raters``: kind -> how many; ``excluded``: reason -> how many responses."""

    responses = serializers.IntegerField()
    exposed = serializers.IntegerField(
        default=0, help_text="of the responses: given after a proposal or others' answers were shown"
    )
    raters = serializers.DictField(child=serializers.IntegerField())
    excluded = serializers.DictField(child=serializers.IntegerField())
    protocol = ProtocolVersionShape()


class AnalysisShape(serializers.Serializer[Any]):
    finished_at = serializers.DateTimeField()
    code_version = serializers.CharField()
    made_from = MadeFromShape()


class LabelShape(serializers.Serializer[Any]):
    question = serializers.CharField()
    method = serializers.CharField()
    value = serializers.DictField(allow_null=True)
    dispersion = serializers.DictField(allow_null=True)
    n_raters = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True)


class StudyPartShape(serializers.Serializer[Any]):
    """A part of an item, with its own scores: over all items that it is a part of."""

    name = serializers.CharField()
    key = serializers.CharField()
    title = serializers.CharField()
    labels = LabelShape(many=True)


class StudyItemShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    key = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    text = serializers.CharField(allow_null=True)
    picture = serializers.CharField(allow_null=True)
    responses = serializers.IntegerField()
    labels = LabelShape(many=True)
    parts = StudyPartShape(many=True)


class CalibrationShape(serializers.Serializer[Any]):
    """Against the known curve of the calibration clip, the mean over the rater's calibrations."""

    lag_s = serializers.FloatField(allow_null=True)
    gain = serializers.FloatField(allow_null=True)
    noise = serializers.FloatField(allow_null=True)
    r = serializers.FloatField(allow_null=True)


class RaterTraceShape(serializers.Serializer[Any]):
    rater = serializers.CharField()
    kind = serializers.CharField()
    simulated = serializers.BooleanField()
    values = serializers.ListField(child=serializers.ListField(child=serializers.FloatField(allow_null=True)))
    validity = serializers.DictField(help_text="see docs/trace.md")
    device = serializers.DictField(
        help_text="what the page says of itself: pointer, viewport, pixel_ratio, language"
    )
    calibration = CalibrationShape(allow_null=True)


class GoldTraceShape(serializers.Serializer[Any]):
    method = serializers.CharField()
    is_gold = serializers.BooleanField(
        help_text="whether the protocol takes this fusion for the gold; the others are kept beside it"
    )
    values = serializers.ListField(child=serializers.ListField(child=serializers.FloatField(allow_null=True)))
    sd = serializers.ListField(child=serializers.ListField(child=serializers.FloatField(allow_null=True)))
    n = serializers.ListField(child=serializers.IntegerField())
    weights = serializers.DictField()
    lags_s = serializers.DictField(
        child=serializers.FloatField(allow_null=True),
        help_text="what was taken out of each rater's traces; null: her lag is not known; empty: nothing was",
    )
    lag_from = serializers.ChoiceField(["calibration", "fixed", "none"])
    reason = serializers.CharField(allow_blank=True)


class OverlayShape(serializers.Serializer[Any]):
    """Traces of one item; ``values`` holds one list per dimension, null where not valid."""

    item = serializers.CharField()
    title = serializers.CharField()
    question = serializers.CharField()
    dimensions = DimensionSerializer(many=True)
    onset_s = serializers.FloatField(help_text="where the item starts in its medium; traces count from there")
    rate_hz = serializers.FloatField()
    t0_s = serializers.FloatField()
    raters = RaterTraceShape(many=True)
    gold = GoldTraceShape(many=True)
    media = serializers.DictField(child=MediaShape())
    kind = serializers.CharField()


def with_labels(study: Study, items: Sequence[Item]) -> list[dict[str, Any]]:
    """Items with their number of responses and the labels of the newest analysis, also of their parts."""
    analysis = latest_analysis(study)
    responses = Counter(study.responses.filter(item__in=items, practice=False).values_list("item", flat=True))
    labels: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    parts = parts_of([item.pk for item in items])
    shown = {part.item for found in parts.values() for part in found}
    titles = dict(Item.objects.filter(pk__in=shown).values_list("pk", "title"))
    if analysis:
        for label in analysis.labels.filter(item__in={item.pk for item in items} | shown).order_by(
            "question", "method"
        ):
            labels[label.item_id].append(LabelShape(label).data)
    return [
        {
            "id": item.id,
            "key": item.key,
            "title": item.title,
            "kind": item.kind,
            "text": item.text,
            "picture": picture_of(item),
            "responses": responses[item.id],
            "labels": labels[item.id],
            "parts": [
                {
                    "name": part.name,
                    "key": part.key,
                    "title": titles[part.item],
                    "labels": labels[part.item],
                }
                for part in parts.get(item.pk, ())
            ],
        }
        for item in items
    ]


def overlay(study: Study, item_id: UUID, question_key: str | None) -> dict[str, Any]:
    """All raters' traces of one item with the gold, ready to be drawn."""
    asked = {question["key"]: question for question in study.protocol.document["questions"]}
    submitted = Response.objects.filter(
        study=study, item=item_id, rater=OuterRef("trace__rater"), question=OuterRef("trace__question")
    )
    series = (
        TraceSeries.objects.filter(Exists(submitted), trace__study=study, trace__item=item_id)
        .exclude(trace__assignment__participation__state=ParticipationState.WITHDRAWN)
        .select_related("trace__rater", "trace__item__asset")
    )
    # Unless it is asked for, a calibration is not shown: it tells nothing of the item.
    of_item = [key for key, one in asked.items() if not tells_of_rater(one["type"])]
    series = series.filter(trace__question__in=[question_key] if question_key else of_item)
    rows = list(series.order_by("trace__question", "trace__rater__pseudonym"))
    if not rows:
        raise NotFound("No trace of this item has been analysed yet.")
    calibrated = calibrations_of(study)
    first = rows[0].trace
    question, item = asked[first.question], first.item
    analysis = latest_analysis(study)
    fusion = fusion_of(question, GoldRule(**study.protocol.document["gold"]))
    gold = (
        analysis.gold_traces.filter(item=item, question=first.question)
        if analysis
        else GoldTrace.objects.none()
    )
    return {
        "item": item.key,
        "title": item.title,
        "kind": item.kind,
        "question": first.question,
        "dimensions": _drawn_dimensions(question, rows),
        "onset_s": item.onset_s or 0.0,
        "rate_hz": rows[0].rate_hz,
        "t0_s": rows[0].t0_s,
        "raters": [
            _rater(row, question, calibrated.get(row.trace.rater.pseudonym))
            for row in rows
            if row.trace.question == first.question
        ],
        "gold": [_gold(row, fusion) for row in gold.order_by("method")],
        "media": media_of(item.asset) if item.asset else {},
    }


def _drawn_dimensions(question: dict[str, Any], rows: Sequence[TraceSeries]) -> list[dict[str, Any]]:
    """Dimensions with a range to draw them in; one without ends gets that of its traces."""
    dimensions = continuous_type(question["type"]).dimensions(question["options"])
    return [one if one["min"] is not None else {**one, **_extent(rows, one["key"])} for one in dimensions]


def _extent(rows: Sequence[TraceSeries], name: str) -> dict[str, float]:
    columns = [
        unpack(bytes(row.values), len(row.dimensions))[:, row.dimensions.index(name)]
        for row in rows
        if name in row.dimensions
    ]
    known = np.concatenate([column[~np.isnan(column)] for column in columns])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    return {"min": low, "max": high} if low < high else {"min": low - 1, "max": low + 1}


def _rater(row: TraceSeries, question: dict[str, Any], calibrated: Calibrated | None) -> dict[str, Any]:
    rater = row.trace.rater
    return {
        "rater": rater.pseudonym,
        "kind": rater.kind,
        "simulated": rater.kind == "simulated",
        "values": _columns(unpack(bytes(row.values), len(row.dimensions))),
        "validity": report_of(row, question),
        "device": row.trace.device,
        "calibration": asdict(calibrated) if calibrated else None,
    }


def _gold(row: GoldTrace, fusion: str | None) -> dict[str, Any]:
    values, sd = (unpack(bytes(part), len(row.dimensions)) for part in (row.values, row.sd))
    lags_s = row.provenance.get("lags_s", {})
    return {
        "method": row.method,
        "is_gold": fusion in {None, row.method},
        "values": _columns(values),
        "sd": _columns(sd),
        "n": np.frombuffer(bytes(row.n), dtype="<i4").tolist(),
        "weights": row.weights,
        "lags_s": lags_s,
        # Analyses of earlier versions say nothing of a lag that is the same for all.
        "lag_from": row.provenance.get("lag_from") or ("fixed" if lags_s else "none"),
        "reason": row.reason,
    }


def _columns(values: FloatArray) -> list[list[float | None]]:
    """One list per dimension, null for NaN."""
    rounded = np.round(values, 4)
    return [[None if np.isnan(value) else float(value) for value in column] for column in rounded.T]
