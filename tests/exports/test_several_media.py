"""A release of items of several parts: their parts stand together, and the parts have the scores."""

import io
import json
import uuid

import pyarrow.parquet as pq
import pytest

from annotation.services.studies import create_study
from exports.facade import request_release, save_dataset
from exports.models import Release, SplitAssignment
from ingest.models import Item
from ingest.services.drafts import GroupRequest
from ingest.services.groups import make_groups
from jobs.models import Job, JobState
from jobs.services import perform
from storage.facade import as_file
from tests import factories
from tests.annotation.test_several_media import document, key_of, order
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _words():
    """Two films with five words each; tuples stay within a film, and film b shares its speaker with nobody."""
    of = factories.corpus()
    for film in "ab":
        for n in range(5):
            factories.item(
                f"{film}{n}", of, kind="text", text=f"{film}{n}", groups={"film": film, "page": str(n)}
            )
    factories.collection(of)
    made = make_groups(
        organisation_id=of.organisation_id, collection="all", requested_by="test",
        request=GroupRequest(design="tuples", name="made", factor=1, within="film"),
    )  # fmt: skip
    study = create_study(
        organisation=of.organisation, slug="study", title="S", collection=made.collection, requested_by="test",
        document=document(("best_worst", {}), ("ranking", {}), kinds=("terms",)),
    )  # fmt: skip
    rater = Rater.consented(study)
    while shown := rater.next():
        best_first = sorted(order(shown), key=lambda name: key_of(shown, name))
        ranks = {name: place + 1 for place, name in enumerate(best_first)}
        answers = {
            "best_worst": {"best": best_first[0], "worst": best_first[-1], "order": order(shown)},
            "ranking": {"ranks": ranks, "order": order(shown)},
        }
        assert rater.submit(shown, answers).status_code == 200


def _released(keys):
    dataset = save_dataset(
        organisation=factories.lab(), name="d", title="D", description="",
        recipe={"collection": "all", "studies": ["study"], "split": {"keys": keys}},
    )  # fmt: skip
    return release_of(dataset)


def release_of(dataset):
    job = request_release(dataset=dataset, requested_by="test")
    perform(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert job.state == JobState.SUCCEEDED, job.error
    return Release.objects.get(job=job.pk)


def rows_of(release, table):
    rows = []
    for file in release.files.filter(path__startswith=f"{table}/"):
        with as_file(file.sha256) as path:
            rows += pq.read_table(io.BytesIO(path.read_bytes())).to_pylist()
    return rows


@pytest.mark.usefixtures("_words")
def test_a_release_keeps_groups_with_their_parts_and_scores_the_parts():
    release = _released([])
    items = {row["item_id"]: row for row in rows_of(release, "items")}
    assert len(items) == 20
    for row in items.values():
        parts = json.loads(row["parts"]) if row["parts"] else {}
        assert len(parts) == (4 if row["kind"] == "terms" else 0)
        assert {items[key]["split"] for key in parts.values()} <= {row["split"]}
        assert {items[key]["group_id"] for key in parts.values()} <= {row["group_id"]}
    assert {row["group_id"] for row in items.values()} == {"id=a0", "id=b0"}
    assert items["a0"]["best_worst_score"] == 1
    assert items["b4"]["best_worst_score"] == -1
    assert items["a0"]["ranking_place"] == 1
    assert items["a0"]["ranking_place_sd"] == 0
    assert items["made/01"]["best_worst_score"] is None
    annotations = rows_of(release, "annotations")
    said = {(row["item_id"], row["question"], row["dimension"]): row for row in annotations}
    shown = json.loads(items["made/01"]["parts"])
    assert said["made/01", "best_worst", "best"]["value_label"] == min(shown.values())
    assert said["made/01", "ranking", f"rank:{max(shown.values())}"]["value_num"] == 4


@pytest.mark.usefixtures("_words")
def test_a_key_in_which_parts_differ_ties_the_group_to_all_its_values():
    release = _released(["page"])
    items = rows_of(release, "items")
    # Every page is in both films, so everything hangs together.
    assert len({row["group_id"] for row in items}) == 1
    group = Item.objects.filter(kind="terms").first()
    assert isinstance(group.groups["page"], list)
    row = next(row for row in items if row["item_id"] == group.key)
    assert row["page"] == "; ".join(group.groups["page"])


@pytest.mark.usefixtures("_words")
def test_whoever_is_erased_goes_with_what_showed_them_among_others():
    _released(["page"])
    groups = Item.objects.filter(kind="terms", groups__page__contains=["0"]).count()
    body = {"id": str(uuid.uuid4()), "reason": "asked", "corpus": "films", "group": "page", "value": "0"}
    factories.signed_in().post("/api/erasures/", body, content_type="application/json")
    for job in Job.objects.filter(kind__in=["exports.erase", "exports.withdraw"]).order_by("-created_at"):
        perform(job.pk)
    assert groups > 0
    assert not Item.objects.filter(kind="terms", groups__page__contains=["0"]).exists()
    left = rows_of(Release.objects.get(version="2.0.0"), "items")
    assert {row["item_id"] for row in left} == set(Item.objects.values_list("key", flat=True))
    places = SplitAssignment.objects.values_list("group", flat=True)
    assert not {"page=0", "id=a0", "id=b0"} & set(places)
