from django.urls import include, path
from rest_framework.routers import SimpleRouter

from exports.api import views

router = SimpleRouter()
router.register("datasets", views.DatasetViewSet, basename="dataset")
urlpatterns = [
    path("", include(router.urls)),
    path("datasets/<str:name>/check/", views.CheckView.as_view()),
    path("datasets/<str:name>/releases/", views.ReleasesView.as_view()),
    path("datasets/<str:name>/releases/<str:version>/", views.ReleaseView.as_view()),
    path("datasets/<str:name>/releases/<str:version>/files/<path:path>", views.ReleaseFileView.as_view()),
]
