"""The rater's HTTP API. Views parse, call one service, and shape the answer."""

from typing import Any
from uuid import UUID

from django.utils.translation.trans_real import parse_accept_lang_header
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import rate_shapes as shapes
from annotation.api.bodies import body_of
from annotation.api.rate_auth import IsRater, ParticipationAuthentication, participation_of
from annotation.models import Assignment, SkipReason
from annotation.services import about_you, assignments, participation, scores, traces
from annotation.services.asking import read_in
from annotation.translations import spoken

MAX_CHUNKS = 100_000
MAX_WRITER = 1_000_000
MAX_MS = 1e9


class ArriveBody(serializers.Serializer[Any]):
    arrival_id = serializers.UUIDField()
    simulated = serializers.BooleanField(default=False)
    earlier = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=200,
        help_text="token of the participation in which one made what a study of own items is about",
    )


class ConsentBody(serializers.Serializer[Any]):
    digest = serializers.CharField(max_length=64)


class AboutYouBody(serializers.Serializer[Any]):
    answers = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        help_text="question -> answer; null: would rather not say",
    )


class TimingBody(serializers.Serializer[Any]):
    """When an answer was given, by the browser's clock; times in milliseconds since it was shown."""

    shown_at = serializers.DateTimeField(required=False, allow_null=True)
    answered_at = serializers.DateTimeField(required=False, allow_null=True)
    first_input_ms = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=MAX_MS)
    active_ms = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=MAX_MS)

    def to_internal_value(self, data: Any) -> Any:
        """Numbers as numbers; the rest is kept as it was sent."""
        checked = super().to_internal_value(data)
        return {**data, **{key: value for key, value in checked.items() if isinstance(value, float)}}


class AnswerBody(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    question = serializers.CharField(max_length=60)
    value = serializers.DictField()
    timing = TimingBody(default=dict)
    device = serializers.DictField(default=dict)


class HandedInBody(serializers.Serializer[Any]):
    responses = AnswerBody(many=True)
    played = serializers.DictField(default=dict)
    target = serializers.CharField(
        max_length=200, allow_blank=True, default="", help_text="whom the rater picked, of item.choose_from"
    )


class SubmitBody(HandedInBody):
    submission_id = serializers.UUIDField()


class SkipBody(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(SkipReason.choices, allow_blank=True, default="")


class OpenTraceBody(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    assignment = serializers.UUIDField()
    question = serializers.CharField(max_length=60)
    device = serializers.DictField(default=dict)


class ChunkBody(serializers.Serializer[Any]):
    seq = serializers.IntegerField(min_value=0, max_value=MAX_CHUNKS - 1)
    writer = serializers.IntegerField(min_value=1, max_value=MAX_WRITER)
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    body = serializers.CharField(trim_whitespace=False)


class FinishBody(serializers.Serializer[Any]):
    writer = serializers.IntegerField(min_value=1, max_value=MAX_WRITER)
    chunks = serializers.IntegerField(min_value=1, max_value=MAX_CHUNKS)
    digest = serializers.RegexField(r"^[0-9a-f]{64}$")


LANG = OpenApiParameter("lang", str, description="wanted language; else what Accept-Language prefers")


def wanted_languages(request: Request) -> list[str]:
    """What the call asks for, then what the browser prefers; the most wanted first."""
    preferred = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    asked = request.query_params.get("lang")
    return [*([asked] if asked else []), *(language for language, _ in preferred)]


def _in_language(row: Assignment, request: Request) -> dict[str, Any]:
    read_in(row, spoken(row.participation.study.protocol.document, wanted_languages(request)))
    return shapes.assignment(row)


class InviteView(APIView):
    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(responses=shapes.InviteShape, operation_id="rate_invite", parameters=[LANG])
    def get(self, request: Request, code: str) -> Response:
        """What this study asks, before anybody agrees to anything."""
        return Response(shapes.invite(participation.study_by_invite(code), wanted_languages(request)))


class ArriveView(APIView):
    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(
        request=ArriveBody,
        responses={200: shapes.ArrivalShape, 201: shapes.ArrivalShape},
        operation_id="rate_arrive",
    )
    def post(self, request: Request, code: str) -> Response:
        """Join the study; repeating it with the same ``arrival_id`` is harmless."""
        row, new = participation.arrive(invite_code=code, **body_of(ArriveBody, request))
        answer = {"token": participation.token_for(row.id), "participation": shapes.participation(row)}
        return Response(answer, status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)


class RaterView(APIView):
    """A call by a rater who has arrived."""

    authentication_classes = (ParticipationAuthentication,)
    permission_classes = (IsRater,)


class ParticipationView(RaterView):
    @extend_schema(responses=shapes.ParticipationShape, operation_id="rate_participation")
    def get(self, request: Request) -> Response:
        """Tell how far I am."""
        return Response(shapes.participation(participation_of(request)))


class ConsentView(RaterView):
    @extend_schema(request=ConsentBody, responses=shapes.ParticipationShape, operation_id="rate_consent")
    def post(self, request: Request) -> Response:
        """Agree to the consent text with this digest."""
        me = participation_of(request)
        row = participation.give_consent(participation_id=me.id, **body_of(ConsentBody, request))
        return Response(shapes.participation(row))


class AboutYouView(RaterView):
    @extend_schema(request=AboutYouBody, responses=shapes.ParticipationShape, operation_id="rate_about_you")
    def post(self, request: Request) -> Response:
        """Answer the questions about me, or say of each that I would rather not; repeating it is harmless."""
        me = participation_of(request)
        row = about_you.describe(participation_id=me.id, **body_of(AboutYouBody, request))
        return Response(shapes.participation(row))


class WithdrawView(RaterView):
    @extend_schema(request=None, responses=shapes.ParticipationShape, operation_id="rate_withdraw")
    def post(self, request: Request) -> Response:
        """Leave the study; nothing of mine is used any more."""
        row = participation.withdraw(participation_id=participation_of(request).id)
        return Response(shapes.participation(row))


class NextAssignmentView(RaterView):
    @extend_schema(
        request=None,
        responses={200: shapes.AssignmentShape, 204: None},
        operation_id="rate_next_assignment",
        parameters=[LANG],
    )
    def post(self, request: Request) -> Response:
        """The item that is open for me, else a new one; 204 when nothing is left."""
        row = assignments.next_assignment(participation_id=participation_of(request).id)
        if row is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(_in_language(assignments.assignment_of(row.participation_id, row.pk), request))


class AssignmentView(RaterView):
    @extend_schema(responses=shapes.AssignmentShape, operation_id="rate_assignment", parameters=[LANG])
    def get(self, request: Request, assignment_id: UUID) -> Response:
        """An item of mine, with fresh media links; renews the lease."""
        me = participation_of(request)
        row = assignments.looked_at(participation_id=me.id, assignment_id=assignment_id)
        return Response(_in_language(row, request))


class SubmitView(RaterView):
    @extend_schema(request=SubmitBody, responses=shapes.SubmittedShape, operation_id="rate_submit")
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Hand in my answers; the same ``submission_id`` again is harmless."""
        me = participation_of(request)
        row = assignments.submit(
            participation_id=me.id, assignment_id=assignment_id, **body_of(SubmitBody, request)
        )
        me.refresh_from_db()
        answer = {"assignment": row.id, "state": row.state, "participation": shapes.participation(me)}
        return Response({**answer, "scores": scores.practice_scores(row)})


class SkipView(RaterView):
    @extend_schema(request=SkipBody, responses=shapes.SkippedShape, operation_id="rate_skip")
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Leave an item out without losing anything; repeating it is harmless."""
        me = participation_of(request)
        row = assignments.skip(
            participation_id=me.id, assignment_id=assignment_id, **body_of(SkipBody, request)
        )
        me.refresh_from_db()
        answer = {"assignment": row.id, "state": row.state, "participation": shapes.participation(me)}
        return Response(answer)


class TracesView(RaterView):
    @extend_schema(request=OpenTraceBody, responses=shapes.TraceShape, operation_id="rate_open_trace")
    def post(self, request: Request) -> Response:
        """Begin a trace, or take it over from an older page."""
        given = body_of(OpenTraceBody, request)
        row = traces.open_trace(
            participation_id=participation_of(request).id,
            trace_id=given["id"],
            assignment_id=given["assignment"],
            question=given["question"],
            device=given["device"],
        )
        return Response(shapes.trace(row))


class TraceView(RaterView):
    @extend_schema(responses=shapes.TraceShape, operation_id="rate_trace")
    def get(self, request: Request, trace_id: UUID) -> Response:
        """What of my trace is stored."""
        return Response(shapes.trace(traces.trace_of(participation_of(request).id, trace_id)))


class ChunksView(RaterView):
    @extend_schema(request=ChunkBody, responses=shapes.ChunkAcknowledgement, operation_id="rate_add_chunk")
    def post(self, request: Request, trace_id: UUID) -> Response:
        """Store a piece of the event log. The answer comes after the commit."""
        given = body_of(ChunkBody, request)
        row, have = traces.add_chunk(
            participation_id=participation_of(request).id, trace_id=trace_id, **given
        )
        return Response({"high_water": have.high_water, "missing": have.missing, "state": row.state})


class FinishTraceView(RaterView):
    @extend_schema(request=FinishBody, responses=shapes.TraceShape, operation_id="rate_finish_trace")
    def post(self, request: Request, trace_id: UUID) -> Response:
        """Close the trace: all its pieces are stored, and they are what was sent."""
        me = participation_of(request)
        row = traces.finish(participation_id=me.id, trace_id=trace_id, **body_of(FinishBody, request))
        return Response(shapes.trace(row))
