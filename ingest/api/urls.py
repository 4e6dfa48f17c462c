from django.urls import path
from rest_framework.routers import SimpleRouter

from ingest.api.groups import GroupsView
from ingest.api.selections import CollectionsView
from ingest.api.views import CorpusViewSet

router = SimpleRouter()
router.register("corpora", CorpusViewSet, basename="corpus")
urlpatterns = [
    *router.urls,
    path("collections/", CollectionsView.as_view(), name="collections"),
    path("collections/<slug:name>/groups/", GroupsView.as_view(), name="groups"),
]
