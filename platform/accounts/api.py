"""Signing in and out, and API tokens."""

from django.contrib.auth import authenticate, login, logout
from django.db.models import QuerySet
from django.middleware.csrf import get_token
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from accounts.authentication import new_token
from accounts.models import ApiToken, User


class SignInSerializer(serializers.Serializer[User]):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False)


class SessionSerializer(serializers.Serializer[User]):
    """Who is asking; ``email`` is null for nobody. ``csrf_token`` goes into the X-CSRFToken header."""

    email = serializers.EmailField(allow_null=True)
    organisation = serializers.CharField(allow_null=True)
    csrf_token = serializers.CharField()


class SessionView(APIView):
    permission_classes = (AllowAny,)
    throttle_scope = "sign_in"

    def get_throttles(self) -> list[ScopedRateThrottle]:  # type: ignore[override]
        return [ScopedRateThrottle()] if self.request.method == "POST" else []

    @extend_schema(responses=SessionSerializer, operation_id="session_read")
    def get(self, request: Request) -> Response:
        """Tell who is asking."""
        user = request.user if request.user.is_authenticated else None
        return Response(
            {
                "email": user.email if user else None,
                "organisation": user.organisation.title if user else None,
                "csrf_token": get_token(request),
            }
        )

    @extend_schema(request=SignInSerializer, responses=SessionSerializer, operation_id="session_create")
    def post(self, request: Request) -> Response:
        """Sign in."""
        given = SignInSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        email, password = given.validated_data["email"].lower(), given.validated_data["password"]
        user = authenticate(request._request, username=email, password=password)  # noqa: SLF001
        if user is None:
            raise AuthenticationFailed("The e-mail address and the password do not belong together.")
        login(request._request, user)  # noqa: SLF001
        request.user = user
        return self.get(request)

    @extend_schema(responses={204: None}, operation_id="session_delete")
    def delete(self, request: Request) -> Response:
        """Sign out."""
        logout(request._request)  # noqa: SLF001
        return Response(status=status.HTTP_204_NO_CONTENT)


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    class Meta:
        model = ApiToken
        fields: tuple[str, ...] = ("id", "name", "created_at", "last_used_at")
        read_only_fields = ("id", "created_at", "last_used_at")


class NewTokenSerializer(TokenSerializer):
    secret = serializers.CharField(read_only=True, help_text="Shown this once.")

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "secret")


class NewestFirst(CursorPagination):
    ordering = ("-created_at", "-id")
    page_size = 50


class TokenViewSet(mixins.ListModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet[ApiToken]):
    serializer_class = TokenSerializer
    pagination_class = NewestFirst
    queryset = ApiToken.objects.none()

    def get_queryset(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.filter(user=self.request.user.pk, revoked_at=None)

    @extend_schema(request=TokenSerializer, responses={201: NewTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token; its secret is in this answer and nowhere else."""
        given = TokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        token, secret = new_token(user=request.user, name=given.validated_data["name"])  # type: ignore[arg-type]
        return Response({**TokenSerializer(token).data, "secret": secret}, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: ApiToken) -> None:
        instance.revoked_at = timezone.now()
        instance.save(update_fields=["revoked_at"])
