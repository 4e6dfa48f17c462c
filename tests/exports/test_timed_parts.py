"""Traces over images in a row and over recordings beside their stimulus, from the rater's page to a release."""

import json

import pytest

from annotation.models import TraceSeries
from annotation.services.studies import create_study
from exports.facade import save_dataset
from ingest.models import Item
from ingest.services.drafts import GroupRequest
from ingest.services.groups import make_groups
from tests import factories
from tests.annotation.test_trace_kinds import ONE
from tests.exports.test_several_media import release_of, rows_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_images_of_a_sequence_reach_rater_and_release_with_their_times():
    of = factories.corpus()
    for place in range(3):
        factories.item(f"walk/{place}.png", of, kind="image", groups={"walk": "w"})
    factories.collection(of)
    made = make_groups(
        organisation_id=of.organisation_id, collection="all", requested_by="test",
        request=GroupRequest(design="sequence", name="walks", within="folder", still_s=2),
    )  # fmt: skip
    study = create_study(
        organisation=of.organisation, slug="study", title="S", collection=made.collection, requested_by="test",
        document=factories.trace_document(ONE, gold={"rate_hz": 5}) | {"item_kinds": ["sequence"]},
    )  # fmt: skip
    rater = Rater.consented(study)
    shown = rater.next()
    assert (shown["item"]["kind"], shown["item"]["duration_s"]) == ("sequence", 6.0)
    assert [part["onset_s"] for part in shown["item"]["parts"]] == [0.0, 2.0, 4.0]
    trace = rater.trace_values(shown, "trace1d", [[0.5]] * 31)
    assert rater.submit(shown, {"trace1d": {"trace": trace}}).status_code == 200
    factories.analyse(study)
    assert TraceSeries.objects.get(trace=trace).validity["coverage"] == 1.0

    dataset = save_dataset(
        organisation=of.organisation, name="d", title="D", description="",
        recipe={"collection": "walks", "studies": ["study"], "split": {"keys": ["walk"]}},
    )  # fmt: skip
    [row] = rows_of(release_of(dataset), "items")
    assert json.loads(row["parts"]) == {str(n + 1): f"walk/{n}.png" for n in range(3)}
    assert json.loads(row["part_onsets_s"]) == {"1": 0.0, "2": 2.0, "3": 4.0}
    assert row["duration_s"] == 6.0


def test_a_trial_lasts_as_long_as_its_stimulus():
    of = factories.corpus()
    factories.item("x.mp4", of)
    factories.item("x.edf", of, kind="eeg", metadata={"film_at": 3})
    factories.collection(of)
    made = make_groups(
        organisation_id=of.organisation_id, collection="all", requested_by="test",
        request=GroupRequest(design="trial", name="trials", other_kind="video", timed_by="film_at"),
    )  # fmt: skip
    study = create_study(
        organisation=of.organisation, slug="study", title="S", collection=made.collection, requested_by="test",
        document=factories.trace_document(ONE) | {"item_kinds": ["trial"]},
    )  # fmt: skip
    item = Rater.consented(study).next()["item"]
    told = [(part["name"], part["item"]["kind"], part["onset_s"]) for part in item["parts"]]
    assert told == [("recording", "eeg", -3.0), ("stimulus", "video", 0.0)]
    assert item["duration_s"] == factories.DURATION_S
    assert Item.objects.get(kind="trial").key == "trials/1"
