from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from accounts.api import SessionView, TokenViewSet
from config import pages
from jobs.api import JobViewSet
from storage.links import media
from webhooks.api import WebhookViewSet

router = SimpleRouter()
router.register("tokens", TokenViewSet, basename="token")
router.register("jobs", JobViewSet, basename="job")
router.register("webhooks", WebhookViewSet, basename="webhook")

api: list[URLPattern | URLResolver] = [
    path("server/", pages.ServerView.as_view(), name="server"),
    path("session/", SessionView.as_view(), name="session"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api-docs"),
    path("", include(router.urls)),
    path("", include("ingest.api.urls")),
    path("", include("annotation.api.urls")),
    path("", include("exports.api.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
urlpatterns = [
    path("api/", include(api)),
    path("media/<str:token>", media, name="media"),
    path("s/<str:code>", pages.rater_page, name="rate"),
    path("preview", pages.preview_page, name="preview"),
    path("", pages.researcher_page, name="research"),
    re_path(r"^(?:corpora|studies|datasets|erasures|jobs|account)(?:/.*)?$", pages.researcher_page),
]
