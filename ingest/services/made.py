"""What raters make themselves, offered like any other file: read in the sandbox, or quarantined with the reason."""

from pathlib import Path

from django.db import transaction

from accounts.facade import Organisation, Rater
from affectory.errors import Conflict
from audit.facade import record
from ingest.models import Corpus, Subject
from ingest.services.erasure import SUBJECT
from ingest.services.folders import check_name, offer_file

MAKER_KIND = "maker_kind"


@transaction.atomic
def corpus_for_made(
    *, organisation: Organisation, name: str, title: str, consent_terms: str, language: str, requested_by: str
) -> Corpus:
    """A new corpus; one that is there already belongs to others and is refused."""
    check_name(name)
    if Corpus.objects.filter(organisation=organisation, name=name).exists():
        raise Conflict(f"There is a corpus {name} already; give the study another name.", code="corpus_taken")
    corpus = Corpus.objects.create(
        organisation=organisation,
        name=name,
        title=title,
        consent_terms=consent_terms,
        languages=[language],
        source=f"made by the raters of the study {title!r}",
    )
    record(actor=requested_by, action="created", subject=f"corpus:{name}")
    return corpus


def offer_made(*, corpus: Corpus, path: Path, name: str, maker: Rater) -> int:
    """Queue the reading of a file that a rater made, within the caller's transaction; returns the entry's id.

    Its items name the rater as their subject, by pseudonym, so that erasing her finds them.
    """
    Subject.objects.get_or_create(corpus=corpus, code=maker.pseudonym)
    groups = {SUBJECT: maker.pseudonym, MAKER_KIND: str(maker.kind)}
    return offer_file(corpus, path, name, groups, requested_by=f"rater:{maker.pseudonym}").pk
