"""What raters make themselves, offered like any other file: read in the sandbox, or quarantined with the reason."""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from accounts.facade import Organisation, Rater
from affectory.errors import Conflict
from audit.facade import record
from ingest.models import Corpus, Subject
from ingest.services.erasure import SUBJECT
from ingest.services.folders import check_name, offer_file
from ingest.services.groups import united_groups

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


def offer_made(*, corpus: Corpus, path: Path, name: str, makers: Sequence[Rater]) -> int:
    """Queue the reading of a file that raters made, within the caller's transaction; returns the entry's id.

    Its items name each of them as their subject, by pseudonym, so that erasing one finds them.
    """
    for maker in makers:
        Subject.objects.get_or_create(corpus=corpus, code=maker.pseudonym)
    groups = united_groups([{SUBJECT: one.pseudonym, MAKER_KIND: str(one.kind)} for one in makers])
    return offer_file(corpus, path, name, groups, requested_by=f"rater:{makers[0].pseudonym}").pk
