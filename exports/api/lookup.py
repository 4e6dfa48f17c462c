"""The one place where it is decided whose datasets and releases somebody may see."""

from rest_framework.generics import get_object_or_404
from rest_framework.request import Request

from accounts.facade import researcher
from exports.models import Dataset, Release


def dataset_of(request: Request, name: str) -> Dataset:
    return get_object_or_404(Dataset, organisation=researcher(request).organisation_id, name=name)


def release_of(request: Request, name: str, version: str) -> Release:
    """A release that was published, whatever became of it; `exports.services.states.in_use` refuses withdrawn ones."""
    releases = dataset_of(request, name).releases.published().select_related("dataset", "withdrawal")
    return get_object_or_404(releases, version=version)
