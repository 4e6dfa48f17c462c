"""Protocols for researchers: those that ship, what is wrong with one's own, and what raters would see of it."""

from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.facade import researcher
from affectory.errors import AffectoryError, Invalid
from annotation.api import rate_shapes as shapes
from annotation.api.bodies import body_of
from annotation.api.rate import HandedInBody
from annotation.protocol import parse_protocol, preset, preset_names, preset_text, version_errors
from annotation.services.rehearsal import Tried, hand_in, rehearsal, shown_in_turn
from annotation.services.scores import practice_scores
from annotation.services.starting import Source
from annotation.translations import languages_of, spoken

#: What errors call a text that is not a file.
TEXT = "the protocol"
MAX_CHARACTERS = 200_000


class ProtocolText(serializers.Serializer[Any]):
    text = serializers.CharField(
        max_length=MAX_CHARACTERS,
        trim_whitespace=False,
        allow_blank=True,
        help_text="of a protocol file, TOML",
    )


class SourceBody(serializers.Serializer[Any]):
    """Where items come from: one of both."""

    collection = serializers.CharField(default=None, allow_null=True)
    corpus = serializers.CharField(
        default=None, allow_null=True, help_text="all its items that the protocol takes"
    )


class PreviewBody(ProtocolText, SourceBody):
    """Without a collection and a corpus, samples are shown."""

    language = serializers.CharField(default="", allow_blank=True, help_text="empty: the protocol's own")


class TriedTraceBody(serializers.Serializer[Any]):
    question = serializers.CharField(max_length=60)
    trace = serializers.UUIDField()
    chunks = serializers.ListField(
        child=serializers.CharField(trim_whitespace=False),
        allow_null=True,
        help_text="bodies in order; null: this pass was not played and is not looked at",
    )


class TriedBody(PreviewBody, HandedInBody):
    assignment = serializers.UUIDField()
    item = serializers.UUIDField()
    position = serializers.IntegerField(min_value=0)
    traces = TriedTraceBody(many=True, default=list)


class PresetShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    item_kinds = serializers.ListField(child=serializers.CharField())
    questions = serializers.ListField(child=serializers.CharField(), help_text="their types")


class PresetTextShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    text = serializers.CharField()


class FaultShape(serializers.Serializer[Any]):
    line = serializers.IntegerField(allow_null=True, help_text="from 1; null: of the whole text")
    key = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class CheckedProtocolShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    version = serializers.CharField()
    title = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    item_kinds = serializers.ListField(child=serializers.CharField())


class ProtocolCheckShape(serializers.Serializer[Any]):
    """``protocol`` is null when it cannot be read; with errors all the same, it can be looked at but not run."""

    errors = FaultShape(many=True)  # type: ignore[assignment]
    protocol = CheckedProtocolShape(allow_null=True)


class PreviewShape(serializers.Serializer[Any]):
    """What the first rater of a study would get: practice first, then the first items."""

    invite = shapes.InviteShape()
    participation = shapes.ParticipationShape()
    assignments = shapes.AssignmentShape(many=True)


class VerdictShape(serializers.Serializer[Any]):
    """``code`` and ``message`` of the refusal; empty when the answers would be accepted."""

    accepted = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    details = serializers.DictField()
    scores = shapes.PracticeScoreShape(many=True)


@cache
def _presets() -> list[dict[str, Any]]:
    documents = [preset(name) for name in preset_names()]
    return [
        {
            "name": document["name"],
            "title": document["title"],
            "item_kinds": document["item_kinds"],
            "questions": list(dict.fromkeys(question["type"] for question in document["questions"])),
        }
        for document in documents
    ]


def source_in(given: dict[str, Any]) -> Source:
    return Source(given["collection"], given["corpus"])


def _shown_items(given: dict[str, Any]) -> Source | None:
    """None: samples."""
    source = source_in(given)
    return None if source == Source() else source


class PresetsView(APIView):
    @extend_schema(responses=PresetShape(many=True), operation_id="protocols_presets")
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Protocols that ship with the platform, by name."""
        return Response(_presets())


class PresetView(APIView):
    @extend_schema(responses=PresetTextShape, operation_id="protocols_preset")
    def get(self, request: Request, name: str) -> Response:  # noqa: ARG002
        """The file of a preset as it is written, to start one's own from."""
        return Response({"name": name, "text": preset_text(name)})


class CheckView(APIView):
    @extend_schema(request=ProtocolText, responses=ProtocolCheckShape, operation_id="protocols_check")
    def post(self, request: Request) -> Response:
        """Line, key and reason of everything that is wrong with a protocol's text. Nothing is stored."""
        text = body_of(ProtocolText, request)["text"]
        try:
            document = parse_protocol(text, TEXT)
        except Invalid as error:
            return Response({"errors": error.details["errors"], "protocol": None})
        told = {key: document[key] for key in ("name", "version", "title", "item_kinds")}
        protocol = {**told, "languages": languages_of(document)}
        return Response({"errors": version_errors(document, text), "protocol": protocol})


class PreviewView(APIView):
    @extend_schema(request=PreviewBody, responses=PreviewShape, operation_id="protocols_preview")
    def post(self, request: Request) -> Response:
        """What raters would get, made by the services that run studies. Nothing is stored."""
        given = body_of(PreviewBody, request)
        document = parse_protocol(given["text"], TEXT)
        language = spoken(document, [given["language"]])
        organisation = researcher(request).organisation
        source = _shown_items(given)
        with rehearsal(document=document, organisation=organisation, source=source) as rater:
            answer = {
                "invite": shapes.invite(rater.study, [language]),
                "participation": shapes.participation(rater),
                "assignments": [shapes.assignment(row) for row in shown_in_turn(rater, language)],
            }
        return Response(answer)


class TriedView(APIView):
    @extend_schema(request=TriedBody, responses=VerdictShape, operation_id="protocols_preview_submit")
    def post(self, request: Request) -> Response:
        """Whether these answers would be accepted, and what the rater would be told else. Nothing is stored."""
        given = body_of(TriedBody, request)
        document = parse_protocol(given["text"], TEXT)
        organisation = researcher(request).organisation
        source = _shown_items(given)
        verdict: dict[str, Any] = {"accepted": True, "code": "", "message": "", "details": {}, "scores": []}
        with rehearsal(document=document, organisation=organisation, source=source) as rater:
            try:
                verdict["scores"] = practice_scores(hand_in(rater, _tried(given)))
            except AffectoryError as error:
                verdict |= {"accepted": False, **error.as_dict()}
        return Response(verdict)


def _tried(given: dict[str, Any]) -> Tried:
    traces = given["traces"]
    return Tried(
        assignment=given["assignment"],
        item=given["item"],
        position=given["position"],
        responses=given["responses"],
        chunks={
            one["question"]: (one["trace"], one["chunks"]) for one in traces if one["chunks"] is not None
        },
        passed_over={one["question"]: one["trace"] for one in traces if one["chunks"] is None},
        played=given["played"],
        target=given["target"],
    )
