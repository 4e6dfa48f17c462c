"""What is kept of a withdrawn release, so that anyone can prove its successor."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from affectory.errors import Conflict, NotFound
from affectory.release.digests import ROW_DIGEST_BYTES
from affectory.release.manifest import MANIFEST_NAME
from exports.api.lookup import release_of
from exports.models import Release, ReleaseState, Withdrawal
from storage.facade import ranged_response


class KeptDigestsShape(serializers.Serializer[Any]):
    table = serializers.CharField()
    part = serializers.CharField()
    path = serializers.CharField(help_text="below files/: 32 bytes per row, in primary-key order")
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField()


class RemovalProofShape(serializers.Serializer[Any]):
    """``unknown``: rows of the successor that the old release did not have."""

    table = serializers.CharField()
    part = serializers.CharField()
    kept = serializers.IntegerField()
    removed = serializers.IntegerField()
    unknown = serializers.IntegerField()


class ProofShape(serializers.Serializer[Any]):
    """``proof`` is what the server found; the rest lets anyone repeat it."""

    name = serializers.CharField()
    version = serializers.CharField()
    successor = serializers.CharField(allow_null=True)
    manifest_sha256 = serializers.CharField()
    digests = KeptDigestsShape(many=True)
    proof = RemovalProofShape(many=True, allow_null=True)


class ProofView(APIView):
    @extend_schema(responses=ProofShape, operation_id="releases_proof")
    def get(self, request: Request, name: str, version: str) -> Response:
        """Row digests and old manifest of a withdrawn release, and what its successor was found to be."""
        withdrawal, kept = _kept(request, name, version)
        release: Release = withdrawal.release
        rows = {
            (table["name"], part["name"]): part["rows"]
            for table in release.manifest["tables"]
            for part in table["parts"]
        }
        digests = [
            {
                "table": table,
                "part": part,
                "path": f"{table}/{part}",
                "sha256": sha256,
                "bytes": rows[table, part] * ROW_DIGEST_BYTES,
            }
            for table, parts in kept.items()
            for part, sha256 in parts.items()
        ]
        return Response(
            {
                "name": name,
                "version": version,
                "successor": release.successor or None,
                "manifest_sha256": release.manifest_sha256,
                "digests": digests,
                "proof": withdrawal.proof,
            }
        )


class ProofFileView(APIView):
    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="releases_proof_file"
    )
    def get(self, request: Request, name: str, version: str, path: str) -> HttpResponseBase:
        """``manifest.json`` of the withdrawn release, or the row digests ``<table>/<part>``."""
        withdrawal, kept = _kept(request, name, version)
        http: HttpRequest = request._request  # noqa: SLF001
        if path == MANIFEST_NAME:
            return ranged_response(http, withdrawal.release.manifest_sha256, "application/json")
        table, _, part = path.partition("/")
        sha256 = kept.get(table, {}).get(part)
        if sha256 is None:
            raise Http404
        return ranged_response(http, sha256, "application/octet-stream")


def _kept(request: Request, name: str, version: str) -> tuple[Withdrawal, dict[str, dict[str, str]]]:
    """The withdrawal of a release, and where its row digests are: table -> part -> SHA-256."""
    release = release_of(request, name, version)
    if release.state != ReleaseState.WITHDRAWN:
        raise NotFound(f"{name}@{version} is not withdrawn; there is nothing to prove.", code="not_withdrawn")
    withdrawal: Withdrawal = release.withdrawal
    if withdrawal.digests is None:
        raise Conflict("The row digests are being made; ask again in a moment.", code="proof_not_ready")
    return withdrawal, withdrawal.digests
