"""Making studies."""

from collections.abc import Collection as SomeOf
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.facade import Organisation
from affectory.errors import Conflict, Invalid
from annotation import questions
from annotation.attention import attention_keys
from annotation.models import Study, StudyItem
from annotation.protocol import store_protocol
from annotation.questions.contract import PartsQuestion, PlacedQuestion, produces_items
from annotation.questions.extent import extents_of
from annotation.services.participation import consent_of
from audit.facade import record
from ingest.facade import Collection, Item, corpus_for_made, items_of, parts_of

MADE = "made"


@transaction.atomic
def create_study(
    *, organisation: Organisation, slug: str, title: str, document: dict[str, Any], collection: Collection,
    requested_by: str, imported: bool = False, only: SomeOf[UUID] | None = None,
) -> Study:  # fmt: skip
    """Run a protocol on a collection. The items are fixed now; the first ones are for practice.

    ``only``: just these of its items, without practice. Asking again for the same study gives it back; with another
    protocol or collection it is refused.
    """
    protocol = store_protocol(document)
    known = Study.objects.filter(organisation=organisation, slug=slug).first()
    if known:
        if known.protocol_id != protocol.pk:
            raise Conflict(f"The study {slug} runs another protocol.", code="study_differs")
        if known.collection_id != collection.pk:
            raise Conflict(f"The study {slug} runs on another collection.", code="study_differs")
        return known
    study = Study.objects.create(
        organisation=organisation,
        slug=slug,
        title=title,
        protocol=protocol,
        collection=collection,
        imported=imported,
    )
    if not imported and any(produces_items(question) for question in document["questions"]):
        _make_room(study, requested_by)
    practised = not imported and only is None
    _fix_items(study, document, practice=document["raters"]["practice_items"] if practised else 0, only=only)
    record(
        actor=requested_by,
        action="created",
        subject=f"study:{slug}",
        protocol=f"{protocol.name} {protocol.version}",
    )
    return study


def _make_room(study: Study, requested_by: str) -> None:
    """The corpus into which goes what the raters make themselves."""
    language = study.protocol.document["language"]
    study.produces = corpus_for_made(
        organisation=study.organisation,
        name=f"{study.slug}-{MADE}",
        title=study.title,
        consent_terms=consent_of(study, language)[0],
        language=language,
        requested_by=requested_by,
    )
    study.save(update_fields=["produces"])


def _fix_items(study: Study, document: dict[str, Any], *, practice: int, only: SomeOf[UUID] | None) -> None:
    items = list(items_of(study.collection).select_related("asset"))
    if only is not None:
        items = [item for item in items if item.pk in only]
    unfit = [item.key for item in items if item.kind not in document["item_kinds"]]
    if unfit:
        kinds = ", ".join(document["item_kinds"])
        raise Invalid(f"{unfit[0]} is no item for this protocol, which takes {kinds}.", code="unfit_item")
    _check_parts(items, document)
    _check_extents(items, document)
    checking = attention_keys(document)
    if not study.imported and only is None:
        _check_attention(items, checking)
    # Nobody practises on what she is to be held to.
    items.sort(key=lambda item: item.key in checking)
    if len(items) - sum(item.key in checking for item in items) <= practice:
        raise Invalid(
            f"The collection has {len(items)} items, of which {practice} are for practice.", code="no_items"
        )
    StudyItem.objects.bulk_create(
        StudyItem(study=study, item=item, position=position, practice=position < practice)
        for position, item in enumerate(items)
    )


def _check_attention(items: Sequence[Item], checking: set[str]) -> None:
    missing = sorted(checking - {item.key for item in items})
    if missing:
        message = f"{missing[0]} is among the attention items of the protocol, and not in the collection."
        raise Invalid(message, code="unfit_item")


def _check_parts(items: Sequence[Item], document: dict[str, Any]) -> None:
    """Questions about parts need items that have them."""
    kinds = [(question, questions.question_type(question["type"])) for question in document["questions"]]
    asking = [(question, kind) for question, kind in kinds if isinstance(kind, PartsQuestion)]
    if not asking:
        return
    parts = parts_of([item.pk for item in items])
    for item in items:
        for question, kind in asking:
            reason = kind.unfit(question["options"], parts.get(item.pk, ()))
            if reason:
                message = f"{item.key} is no item for the question {question['key']}: {reason}."
                raise Invalid(message, code="unfit_item")


def _check_extents(items: Sequence[Item], document: dict[str, Any]) -> None:
    """Questions about places need items that have them."""
    kinds = [(question, questions.question_type(question["type"])) for question in document["questions"]]
    asking = [(question, kind) for question, kind in kinds if isinstance(kind, PlacedQuestion)]
    if not asking:
        return
    for item, extent in zip(items, extents_of(items), strict=True):
        for question, kind in asking:
            reason = kind.unfit_extent(question["options"], extent)
            if reason:
                message = f"{item.key} is no item for the question {question['key']}: {reason}"
                raise Invalid(message, code="unfit_item")
