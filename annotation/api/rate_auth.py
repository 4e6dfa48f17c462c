"""A rater's token stands for one participation and nothing else."""

from typing import cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.facade import hash_secret
from annotation.models import Participation


class ParticipationAuthentication(BaseAuthentication):
    """``Authorization: Participation <token>``; ``request.auth`` is the participation, there is no user."""

    keyword = "participation"

    def authenticate(self, request: Request) -> tuple[None, Participation] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if len(words) != 2 or words[0].lower() != self.keyword:
            return None
        rows = Participation.objects.select_related("study__protocol", "rater")
        participation = rows.filter(token_sha256=hash_secret(words[1])).first()
        if participation is None:
            raise AuthenticationFailed("This link is no longer valid. Please open your invitation again.")
        return None, participation

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        return "Participation"


class IsRater(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002
        return isinstance(request.auth, Participation)


def participation_of(request: Request) -> Participation:
    return cast("Participation", request.auth)


class ParticipationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "annotation.api.rate_auth.ParticipationAuthentication"
    name = "participation"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Participation <token>",
        }
