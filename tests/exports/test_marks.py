"""Marks in a release: `<question>_marks` and `<question>_n` of items, each rater's own in annotations, and as COCO."""

import json
from pathlib import Path

import pytest
from PIL import Image

from affectory.client.loading import load
from affectory.views import views
from affectory.views.rendering import render
from affectory.views.source import Source
from annotation.protocol import read_protocol
from annotation.services.studies import create_study
from ingest.models import Corpus
from ingest.services.folders import offer_folder
from jobs.models import Job, JobState
from jobs.services import perform
from storage.facade import copy_to
from tests import factories
from tests.exports.making import dataset, released
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)
PROTOCOLS = Path(__file__).parents[1] / "annotation" / "protocols"


def study_of(protocol, of):
    return create_study(
        organisation=of.organisation, slug="study", title="S", document=read_protocol(PROTOCOLS / protocol),
        collection=factories.collection(of, "all-study"), requested_by="test",
    )  # fmt: skip


def doubt(start_s, end_s):
    return {"label": "doubt", "start_s": start_s, "end_s": end_s, "attributes": {"cue": "face"}}


def pulled(release, folder):
    for file in release.files.all():
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_to(file.sha256, target)
    return Source(load(folder))


def test_what_was_marked_together_is_json_with_the_number_of_answers():
    of = factories.corpus("films", licence="CC0-1.0")
    keys = {str(factories.item(name, of).pk): name for name in ("clip-0", "clip-1")}
    made = study_of("timeline.toml", of)
    for marks in (doubt(1, 2), doubt(1, 2.5), doubt(1.5, 2.5)):
        rater = Rater.consented(made)
        while (assignment := rater.next()) is not None:
            seen = [marks] if keys[assignment["item"]["id"]] == "clip-0" else []
            assert rater.submit(assignment, {"doubt": {"segments": seen}}).status_code == 200
    items = table_of(released(dataset()), "items").to_pandas().set_index("item_id")
    assert json.loads(items["doubt_marks"]["clip-0"]) == [
        {"label": "doubt", "start_s": 1.0, "end_s": 2.5, "share": pytest.approx(7 / 9)}
    ]
    assert items["doubt_marks"]["clip-1"] == "[]"  # three people saw nothing
    assert list(items["doubt_n"]) == [3, 3]
    # Nobody was asked to see units of the face and did: there is no label, and none who answered.
    assert items["face_marks"].isna().all()
    assert list(items["face_n"]) == [0, 0]
    fewer = table_of(released(dataset(gold={"min_raters": 4})), "items").to_pandas()
    assert fewer["doubt_marks"].isna().all()
    assert list(fewer["doubt_n"]) == [3, 3]


def test_what_people_in_a_clip_feel_is_told_by_their_names():
    of = factories.corpus("scenes", licence="CC0-1.0")
    frame = [[0, 0.1, 0.2, 0.2, 0.5], [4, 0.1, 0.2, 0.2, 0.5]]
    factories.item("scene", of, metadata={"people": {"Ann Lee": frame, "Bob": frame}})
    labels = [{"key": "joy", "name": "Joy"}, {"key": "fear", "name": "Fear"}]
    document = factories.trace_document(
        {"key": "felt", "type": "people_labels", "options": {"labels": labels}}, gold={"min_raters": 2}
    )
    made = create_study(
        organisation=of.organisation, slug="study", title="S", document=document,
        collection=factories.collection(of, "all-study"), requested_by="test",
    )  # fmt: skip
    for bob in ("joy", "fear"):
        Rater.consented(made).rate({"felt": {"people": {"Ann Lee": ["joy"], "Bob": [bob]}}})
    release = released(dataset())
    items = table_of(release, "items").to_pandas()
    assert json.loads(items["felt_marks"][0]) == [{"label": "joy", "person": "Ann Lee", "share": 1}]
    told = table_of(release, "annotations").to_pandas()
    assert sorted(zip(told["dimension"], told["value_label"], strict=True)) == [
        ("Ann Lee", "joy"), ("Ann Lee", "joy"), ("Bob", "fear"), ("Bob", "joy"),
    ]  # fmt: skip


def test_segments_go_from_the_server_to_tools_as_intervals(tmp_path):
    of = factories.corpus("films", licence="CC0-1.0")
    factories.item("clip-0", of)
    made = study_of("timeline.toml", of)
    for marks in ([doubt(1, 2.5)], [doubt(1, 2), doubt(3, 3.5)], []):
        Rater.consented(made).rate({"doubt": {"segments": marks}})
    source = pulled(released(dataset()), tmp_path / "release")
    render(views()["mne"], source, tmp_path / "mne")
    (file,) = (tmp_path / "mne").glob("*-annot.txt")
    lines = [line.split(",") for line in file.read_text().splitlines() if "doubt/" in line]
    found = sorted((float(onset), float(length), told.rsplit("/", 1)[0]) for onset, length, told in lines)
    assert found == [
        (1, 1, "doubt/doubt/cue=face"),
        (1, 1, "doubt/doubt/share=0.666667"),
        (1, 1.5, "doubt/doubt/cue=face"),
        (3, 0.5, "doubt/doubt/cue=face"),
    ]
    assert sorted({marking.who == "gold" for marking in source.markings}) == [False, True]
    assert sorted(len(marking.marks) for marking in source.markings if marking.rater_id) == [0, 1, 2]


def test_boxes_go_from_the_server_to_coco_merged_and_of_each_rater(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "corpus.toml").write_text('licence = "CC0-1.0"\n')
    Image.new("RGB", (80, 40), "red").save(folder / "red.png")
    lab = factories.lab()
    list(offer_folder(folder=folder, corpus_name="pictures", organisation=lab, requested_by="test"))
    for job in Job.objects.filter(kind="ingest.file", state=JobState.QUEUED):
        perform(job.pk)
    made = study_of("regions.toml", Corpus.objects.get())
    for width in (0.5, 0.25):
        box = {"label": "face", "x": 0.25, "y": 0.5, "width": width, "height": 0.25}
        Rater.consented(made).rate({"where": {"boxes": [box]}})
    release = released(dataset(media="proxy"))
    items = table_of(release, "items").to_pandas()
    # One box is half of the other: they are of one place, and each edge lies in the middle of theirs.
    assert json.loads(items["where_marks"][0]) == [
        {"label": "face", "x": 0.25, "y": 0.5, "width": 0.375, "height": 0.25, "share": 1,
         "mean_iou": pytest.approx((0.25 / 0.375 + 0.375 / 0.5) / 2, abs=1e-6)},
    ]  # fmt: skip
    assert list(items["where_n"]) == [2]
    render(views()["coco"], pulled(release, tmp_path / "release"), tmp_path / "coco")
    truth, told = (
        json.loads((tmp_path / "coco" / f"{name}_train.json").read_text()) for name in ("instances", "raters")
    )
    assert [one["bbox"] for one in truth["annotations"]] == [[20, 20, 30, 10]]
    (image,) = told["images"]
    with Image.open(tmp_path / "coco" / "images" / image["file_name"]) as picture:
        assert picture.size == (image["width"], image["height"]) == (80, 40)
    assert sorted(one["bbox"] for one in told["annotations"]) == [[20, 20, 20, 10], [20, 20, 40, 10]]
