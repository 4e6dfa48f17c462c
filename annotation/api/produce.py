"""The HTTP API for what raters record: announce a take, send it in chunks, close it."""

from typing import IO, Any, cast
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.api.bodies import body_of
from annotation.api.rate import MAX_CHUNKS, RaterView
from annotation.api.rate_auth import participation_of
from annotation.produced import Production, ProductionState
from annotation.services import productions

MEDIA_TYPE = r"^(audio|video)/[a-z0-9.+-]+$"
DIGEST = r"^[0-9a-f]{64}$"


class OpenRecordingBody(serializers.Serializer[Any]):
    """``digest``: SHA-256 over the chunks' SHA-256 in hex, joined; all chunks but the last have 128 KiB."""

    id = serializers.UUIDField()
    assignment = serializers.UUIDField()
    question = serializers.CharField(max_length=60)
    media_type = serializers.RegexField(MEDIA_TYPE, max_length=100)
    size = serializers.IntegerField(min_value=1, max_value=MAX_CHUNKS * productions.CHUNK_BYTES)
    digest = serializers.RegexField(DIGEST)
    duration_s = serializers.FloatField(min_value=0, max_value=1e6)
    device = serializers.DictField(default=dict)


class PieceQuery(serializers.Serializer[Any]):
    sha256 = serializers.RegexField(DIGEST)


class RecordingShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    question = serializers.CharField()
    state = serializers.ChoiceField(ProductionState.choices)
    chunks = serializers.IntegerField()
    high_water = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.IntegerField())


def shape(row: Production) -> dict[str, Any]:
    have = productions.stored(row)
    return {
        "id": row.id,
        "question": row.question,
        "state": row.state,
        "chunks": row.chunk_count,
        "high_water": have.high_water,
        "missing": have.missing,
    }


class BytesParser(BaseParser):
    """The body as it is, one byte more than a chunk may have at most."""

    media_type = "application/octet-stream"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,  # noqa: ARG002
        parser_context: Any = None,  # noqa: ARG002
    ) -> dict[str, bytes]:
        return {"body": stream.read(productions.CHUNK_BYTES + 1)}


class RecordingsView(RaterView):
    @extend_schema(request=OpenRecordingBody, responses=RecordingShape, operation_id="rate_open_recording")
    def post(self, request: Request) -> Response:
        """Announce a take that is about to be handed in; repeating it is harmless."""
        given = body_of(OpenRecordingBody, request)
        row = productions.open_production(
            participation_id=participation_of(request).id,
            production_id=given.pop("id"),
            assignment_id=given.pop("assignment"),
            announced=productions.Announced(**given),
        )
        return Response(shape(row))


class RecordingView(RaterView):
    @extend_schema(responses=RecordingShape, operation_id="rate_recording")
    def get(self, request: Request, recording_id: UUID) -> Response:
        """What of my recording is stored."""
        return Response(shape(productions.production_of(participation_of(request).id, recording_id)))


class RecordingChunkView(RaterView):
    parser_classes = (BytesParser,)

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("sha256", str, required=True, pattern=DIGEST)],
        responses=RecordingShape,
        operation_id="rate_put_recording_chunk",
    )
    def put(self, request: Request, recording_id: UUID, seq: int) -> Response:
        """Store a piece of my recording. The answer comes after the commit."""
        told = PieceQuery(data=request.query_params)
        told.is_valid(raise_exception=True)
        row = productions.add_chunk(
            participation_id=participation_of(request).id,
            production_id=recording_id,
            seq=seq,
            sha256=told.validated_data["sha256"],
            body=cast("dict[str, bytes]", request.data).get("body", b""),
        )
        return Response(shape(row))


class FinishRecordingView(RaterView):
    @extend_schema(request=None, responses=RecordingShape, operation_id="rate_finish_recording")
    def post(self, request: Request, recording_id: UUID) -> Response:
        """Close the upload: all its pieces are stored, and they are what was announced."""
        me = participation_of(request)
        return Response(shape(productions.finish(participation_id=me.id, production_id=recording_id)))
