from rest_framework.routers import SimpleRouter

from ingest.api.views import CorpusViewSet

router = SimpleRouter()
router.register("corpora", CorpusViewSet, basename="corpus")
urlpatterns = router.urls
