"""Starting a study on a collection, or on all of a corpus that its protocol takes."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.facade import Organisation
from affectory.errors import Invalid
from annotation.models import Study
from annotation.services.studies import create_study
from ingest.facade import Collection, collection_named, collection_of_corpus


@dataclass(frozen=True)
class Source:
    """Where the items of a study come from: the name of a collection, or of a corpus."""

    collection: str | None = None
    corpus: str | None = None

    def collection_for(self, document: dict[str, Any], *, name: str, organisation_id: int) -> Collection:
        """The collection; of a corpus it is made under ``name``, in the caller's transaction."""
        if self.collection is not None:
            return collection_named(self.collection, organisation_id)
        if self.corpus is None:
            raise Invalid("Choose a collection or a corpus as the study's items.", code="no_items")
        return collection_of_corpus(
            name=name,
            corpus=self.corpus,
            kinds=document["item_kinds"],
            organisation_id=organisation_id,
        )


@transaction.atomic
def start_study(
    *, organisation: Organisation, slug: str, title: str, document: dict[str, Any], source: Source,
    requested_by: str,
) -> Study:  # fmt: skip
    """Run a protocol on a collection or a corpus; see `create_study`."""
    return create_study(
        organisation=organisation,
        slug=slug,
        title=title,
        document=document,
        collection=source.collection_for(document, name=slug, organisation_id=organisation.pk),
        requested_by=requested_by,
    )
