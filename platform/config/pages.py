"""The two pages, the server's own description, and what a browser may load."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from affectory import __version__

API_VERSION = 1
POLICY = (
    "default-src 'self'; img-src 'self' blob: data: {media}; media-src 'self' blob: {media}; "
    "connect-src 'self' {media}; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors {frame_ancestors}"
)


def policy(frame_ancestors: str = "'none'") -> str:
    filled = POLICY.format(media=settings.S3["public_url"], frame_ancestors=frame_ancestors)
    return re.sub(r" +(?=[ ;])", "", filled)


class ContentSecurityPolicyMiddleware:
    """Our own scripts only; media also from the object store that links lead to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class ServerShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    version = serializers.CharField()
    api = serializers.IntegerField()
    instance = serializers.CharField(allow_blank=True)


class ServerView(APIView):
    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(responses=ServerShape, operation_id="server")
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """What is running here."""
        return Response(
            {"name": "affectory", "version": __version__, "api": API_VERSION, "instance": settings.INSTANCE}
        )


def _page(name: str) -> HttpResponseBase:
    path = settings.FRONTEND_FOLDER / name
    if not path.is_file():
        return HttpResponse(
            "The pages have not been built; run `make setup`.", status=503, content_type="text/plain"
        )
    response = FileResponse(path.open("rb"), content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def rater_page(request: HttpRequest, code: str) -> HttpResponseBase:  # noqa: ARG001
    return _page("rate.html")


@xframe_options_sameorigin
def preview_page(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001
    """The rater's page inside a researcher's: the one page that may stand in a frame, and only in one of ours."""
    response = _page("preview.html")
    response["Content-Security-Policy"] = policy(frame_ancestors="'self'")
    return response


@ensure_csrf_cookie
def researcher_page(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001
    return _page("research.html")
