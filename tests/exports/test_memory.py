"""What a build holds of each item and answer: the rest lies in files, however large a release is."""

import tracemalloc

import pyarrow as pa
import pytest

from accounts.models import Rater
from annotation.models import Response
from exports.services.source import read_source
from exports.services.splitting import place_all
from ingest.models import Item
from tests import factories
from tests.exports.making import dataset

RATERS = 3
#: Of each item with three answers; it is about 340 for so few.
MOST_BYTES = 500


def _rated(study, corpus, items):
    """So many more items, each with an answer of every rater."""
    first = Item.objects.count()
    made = Item.objects.bulk_create(
        Item(
            corpus=corpus,
            key=f"item-{n:06}",
            kind="text",
            text=f"Words {n}",
            groups={"film": f"film-{n // 500}"},
        )
        for n in range(first, first + items)
    )
    raters = Rater.objects.filter(pseudonym__startswith="r-")
    Response.objects.bulk_create(
        Response(
            study=study, item=item, rater=rater, question="emotion", value={"labels": [label]},
            perspective="observer",
        )
        for n, item in enumerate(made)
        for rater, label in zip(raters, ("joy", "joy", "anger" if n % 3 else "joy"), strict=True)
    )  # fmt: skip


def _held(of):
    """Bytes that are held once everything has been read and placed."""
    tracemalloc.start()
    try:
        source = read_source(of)
        splits = place_all(source, source.answered.raters)
        held = tracemalloc.get_traced_memory()[0] + pa.total_allocated_bytes()
    finally:
        tracemalloc.stop()
    assert len(splits.default.roles) == len(source.items)
    return held


@pytest.mark.django_db
def test_a_build_holds_little_of_each_further_item():
    study = factories.study(items=1)
    corpus = Item.objects.get().corpus
    Rater.objects.bulk_create(
        Rater(organisation=corpus.organisation, pseudonym=f"r-{n}", kind="simulated") for n in range(RATERS)
    )
    of = dataset(split={"keys": ["film"]})
    _rated(study, corpus, 500)
    _held(of)  # whatever is loaded once
    few = _held(of)
    _rated(study, corpus, 1500)
    each = (_held(of) - few) / 1500
    assert each < MOST_BYTES
