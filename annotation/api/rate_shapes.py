"""What a rater's browser is told. Nothing here may show another rater's answer, a gold answer or the queue."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from annotation.about_you import asked_about_you
from annotation.api.shown_items import RatedItemShape, shown_item
from annotation.models import (
    Assignment,
    AssignmentState,
    Participation,
    ParticipationState,
    Study,
    StudyState,
    Trace,
    TraceState,
)
from annotation.services.asking import shown_questions
from annotation.services.makers import asks_own_items, studies_before
from annotation.services.participation import about_you_due, consent_of, progress_of
from annotation.services.proposals import shown_proposals
from annotation.services.traces import resume_at_us, stored
from annotation.translations import languages_of, spoken, translated

PRESENTED = ("order", "pause", "rewind", "sound", "lead_in_s")
# Off in protocols that do not say; those stored before these could be said among them.
OFFERED = ("blur", "skip")


class ConsentShape(serializers.Serializer[Any]):
    """``produced`` is agreed to apart from the rest; ``digest`` is that of both, with an empty line between them."""

    text = serializers.CharField()
    produced = serializers.CharField(allow_null=True, help_text="about what the rater makes herself")
    digest = serializers.CharField()


class QuestionShape(serializers.Serializer[Any]):
    key = serializers.CharField()
    type = serializers.CharField()
    prompt = serializers.CharField()
    help = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    options = serializers.DictField()


class ConditionShape(serializers.Serializer[Any]):
    """Met by an answer to the question with one of the labels, or with a number on the dimension from min to max."""

    question = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField(), required=False)
    dimension = serializers.CharField(required=False)
    min = serializers.FloatField(required=False)
    max = serializers.FloatField(required=False)


class ItemQuestionShape(QuestionShape):
    asked_if = ConditionShape(required=False, help_text="else it is not asked, and takes no answer")
    required_if = ConditionShape(required=False, help_text="required where this is met")


class StudyShape(serializers.Serializer[Any]):
    title = serializers.CharField()
    description = serializers.CharField()
    estimated_minutes = serializers.IntegerField()
    consent = ConsentShape()
    instructions = serializers.CharField()
    warning = serializers.CharField(allow_null=True, help_text="what in the items may disturb")
    language = serializers.CharField(help_text="of the texts given here")
    languages = serializers.ListField(child=serializers.CharField())
    synthetic_media = serializers.BooleanField()
    about_you = QuestionShape(many=True, help_text="asked about the rater, once, before the first item")
    earlier = serializers.ListField(
        child=serializers.CharField(),
        help_text="invite codes of the studies in which raters made what this one asks about; empty: it is not own",
    )


class InviteShape(serializers.Serializer[Any]):
    study = StudyShape()
    state = serializers.ChoiceField(StudyState.choices)


class RaterProgressShape(serializers.Serializer[Any]):
    practice_done = serializers.IntegerField()
    practice_total = serializers.IntegerField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class ParticipationShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(ParticipationState.choices)
    rater = serializers.CharField()
    simulated = serializers.BooleanField()
    progress = RaterProgressShape()
    completion_code = serializers.CharField(allow_null=True)
    about_you_due = serializers.BooleanField(help_text="the questions about the rater are still open")


class ArrivalShape(serializers.Serializer[Any]):
    token = serializers.CharField()
    participation = ParticipationShape()


class MustPlayShape(serializers.Serializer[Any]):
    """Either all of it, so many times, or so many seconds; ``played`` tells ``{stretches: [{part, from_s, to_s}]}``."""

    times = serializers.IntegerField(required=False)
    seconds = serializers.FloatField(required=False)


class PresentationShape(serializers.Serializer[Any]):
    order = serializers.CharField()
    pause = serializers.BooleanField()
    rewind = serializers.BooleanField()
    sound = serializers.BooleanField()
    lead_in_s = serializers.FloatField()
    blur = serializers.BooleanField()
    skip = serializers.BooleanField()
    must_play = MustPlayShape(allow_null=True, help_text="before an answer is taken")


class TraceShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    question = serializers.CharField()
    writer = serializers.IntegerField()
    state = serializers.ChoiceField(TraceState.choices)
    high_water = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.IntegerField())
    chunks = serializers.IntegerField()
    resume_at_us = serializers.IntegerField(allow_null=True)


class SaidShape(serializers.Serializer[Any]):
    text = serializers.CharField(allow_blank=True, help_text="empty: nothing is marked")
    times = serializers.IntegerField()
    value = serializers.DictField(
        allow_null=True, help_text="the answer, of marks of earlier raters, which are drawn; of others null"
    )


class ProposalShape(serializers.Serializer[Any]):
    """Shown with a question of a review: one value to confirm or edit, or (null) in words what all raters said."""

    question = serializers.CharField()
    value = serializers.DictField(allow_null=True)
    said = SaidShape(many=True)


class AssignmentShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(AssignmentState.choices)
    practice = serializers.BooleanField()
    position = serializers.IntegerField()
    lease_until = serializers.DateTimeField()
    item = RatedItemShape()
    questions = ItemQuestionShape(many=True)
    presentation = PresentationShape()
    traces = TraceShape(many=True)
    proposals = ProposalShape(many=True)


class PracticeScoreShape(serializers.Serializer[Any]):
    """How near a practice trace was to its known curve; null with a reason where that is undefined."""

    question = serializers.CharField()
    dimension = serializers.CharField()
    share_in_band = serializers.FloatField(allow_null=True, help_text="0..1 of the time within the band")
    distance = serializers.FloatField(allow_null=True, help_text="mean, in the units of the question")
    lag_s = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class SubmittedShape(serializers.Serializer[Any]):
    assignment = serializers.UUIDField()
    state = serializers.ChoiceField(AssignmentState.choices)
    participation = ParticipationShape()
    scores = PracticeScoreShape(many=True)


class ChunkAcknowledgement(serializers.Serializer[Any]):
    high_water = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.IntegerField())
    state = serializers.ChoiceField(TraceState.choices)


class SkippedShape(serializers.Serializer[Any]):
    assignment = serializers.UUIDField()
    state = serializers.ChoiceField(AssignmentState.choices)
    participation = ParticipationShape()


def invite(study: Study, wanted: Sequence[str]) -> dict[str, Any]:
    """The study in the first of the wanted languages that it has."""
    own = study.protocol.document
    language = spoken(own, wanted)
    document = translated(own, language)
    _, digest = consent_of(study, language)
    return {
        "study": {
            "title": own.get("translations", {}).get(language, {}).get("title", study.title),
            "description": document["description"],
            "estimated_minutes": document["estimated_minutes"],
            "consent": {
                "text": document["consent"]["text"],
                "produced": document["consent"].get("produced"),
                "digest": digest,
            },
            "instructions": document["instructions"]["text"],
            "warning": document["presentation"].get("warning"),
            "language": language,
            "languages": languages_of(own),
            "synthetic_media": study.study_items.filter(item__corpus__synthetic=True).exists(),
            "about_you": [_about_you(question) for question in asked_about_you(document)],
            "earlier": [one.invite_code for one in studies_before(study)] if asks_own_items(study) else [],
        },
        "state": study.state,
    }


def participation(row: Participation) -> dict[str, Any]:
    progress = progress_of(row)
    return {
        "id": row.id,
        "state": row.state,
        "rater": row.rater.pseudonym,
        "simulated": row.rater.kind == "simulated",
        "progress": {
            "practice_done": progress.practice_done,
            "practice_total": progress.practice_total,
            "done": progress.done,
            "total": progress.total,
        },
        "completion_code": row.completion_code or None,
        "about_you_due": about_you_due(row),
    }


def _about_you(question: dict[str, Any]) -> dict[str, Any]:
    """Required, because not wanting to answer is an answer."""
    shown = {name: question[name] for name in ("key", "type", "prompt", "help", "options")}
    return {**shown, "required": True}


def trace(row: Trace) -> dict[str, Any]:
    have = stored(row)
    return {
        "id": row.id,
        "question": row.question,
        "writer": row.writer,
        "state": row.state,
        "high_water": have.high_water,
        "missing": have.missing,
        "chunks": row.chunks.filter(orphan=False).count(),
        "resume_at_us": resume_at_us(row),
    }


def assignment(row: Assignment) -> dict[str, Any]:
    asked = shown_questions(row)
    presentation = row.participation.study.protocol.document["presentation"]
    return {
        "id": row.id,
        "state": row.state,
        "practice": row.study_item.practice,
        "position": row.position,
        "lease_until": row.lease_until,
        "item": shown_item(row, asked),
        "questions": asked,
        "presentation": {key: value for key, value in presentation.items() if key in PRESENTED}
        | {key: presentation.get(key, False) for key in OFFERED}
        | {"must_play": presentation.get("must_play")},
        "traces": [trace(found) for found in row.traces.all()],
        "proposals": shown_proposals(row, asked),
    }
