from django.urls import include, path
from rest_framework.routers import SimpleRouter

from exports.api import drafts, erasures, proofs, views

router = SimpleRouter()
router.register("datasets", views.DatasetViewSet, basename="dataset")
urlpatterns = [
    path("", include(router.urls)),
    path("datasets/<str:name>/check/", views.CheckView.as_view()),
    path("datasets/<str:name>/releases/", views.ReleasesView.as_view()),
    path("datasets/<str:name>/releases/<str:version>/", views.ReleaseView.as_view()),
    path("datasets/<str:name>/releases/<str:version>/files/<path:path>", views.ReleaseFileView.as_view()),
    path("datasets/<str:name>/releases/<str:version>/state/", views.ReleaseStateView.as_view()),
    path("datasets/<str:name>/releases/<str:version>/difference/", views.DifferenceView.as_view()),
    path("datasets/<str:name>/releases/<str:version>/proof/", proofs.ProofView.as_view()),
    path(
        "datasets/<str:name>/releases/<str:version>/proof/files/<path:path>", proofs.ProofFileView.as_view()
    ),
    path("datasets/<str:name>/drafts/", drafts.DraftsView.as_view()),
    path("datasets/<str:name>/drafts/<uuid:draft>/", drafts.DraftView.as_view()),
    path("datasets/<str:name>/drafts/<uuid:draft>/publish/", drafts.DraftPublishView.as_view()),
    path("datasets/<str:name>/drafts/<uuid:draft>/difference/", drafts.DraftDifferenceView.as_view()),
    path("datasets/<str:name>/drafts/<uuid:draft>/files/<path:path>", drafts.DraftFileView.as_view()),
    path("erasures/", erasures.ErasuresView.as_view()),
    path("erasures/plan/", erasures.ErasurePlanView.as_view()),
    path("erasures/pending/", erasures.PendingErasuresView.as_view()),
    path("erasures/<uuid:erasure_id>/", erasures.ErasureView.as_view()),
    path("erasures/<uuid:erasure_id>/resume/", erasures.ErasureResumeView.as_view()),
]
