"""Boxes on pictures: what the rater's API refuses, and what becomes of them."""

from pathlib import Path

import pytest

from affectory.errors import Invalid
from annotation.facade import ExportedStudy
from annotation.protocol import read_protocol
from annotation.services.studies import create_study
from tests import factories
from tests.factories import Rater

DOCUMENT = read_protocol(Path(__file__).parent / "protocols" / "regions.toml")
pytestmark = pytest.mark.django_db


def study(kind="image", document=DOCUMENT):
    of = factories.corpus("regions")
    factories.item("one", of, kind=kind)
    return create_study(
        organisation=of.organisation, slug="regions", title="R", document=document,
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip


def box(x=0.1, y=0.2, width=0.3, height=0.4, label="face", **more):
    return {"label": label, "x": x, "y": y, "width": width, "height": height, **more}


@pytest.mark.parametrize(
    ("boxes", "wrong"),
    [
        ([box(label="cloud")], {"boxes[0].label": "'cloud' is not a label of this question."}),
        ([box(x=-0.1)], {"boxes[0].x": "must not be below 0; it is -0.1."}),
        ([box(y=1.5)], {"boxes[0].y": "must not be above 1; it is 1.5."}),
        ([box(width="0.3")], {"boxes[0].width": "must be a number."}),
        ([box(x=0.8)], {"boxes[0].width": "goes beyond the right edge: x and width together are above 1."}),
        ([box(y=0.7)], {"boxes[0].height": "goes beyond the lower edge: y and height together are above 1."}),
        ([box(height=0.01)], {"boxes[0].height": "must not be below 0.05; it is 0.01."}),
        ([box()] * 4, {"boxes": "at most 3 may be drawn; there are 4."}),
        ([box(at_s=1)], {"boxes[0].at_s": "is for videos only."}),
        ([{"label": "face"}], dict.fromkeys(
            ("boxes[0].x", "boxes[0].y", "boxes[0].width", "boxes[0].height"), "This field is required."
        )),
    ],
)  # fmt: skip
def test_a_wrong_box_is_refused_by_the_name_of_its_field(boxes, wrong):
    rater = Rater.consented(study())
    answer = rater.submit(rater.next(), {"where": {"boxes": boxes}})
    assert answer.status_code == 400, answer.content
    assert answer.json()["details"]["where"] == wrong


def test_a_box_of_a_video_says_on_which_frame_it_is():
    rater = Rater.consented(study("video"))
    assignment = rater.next()

    def told(**more):
        return rater.submit(assignment, {"where": {"boxes": [box(**more)]}})

    assert told().json()["details"]["where"] == {"boxes[0].at_s": "has not been answered."}
    late = {"boxes[0].at_s": "must not be beyond the end at 4 s; it is 4.5."}
    assert told(at_s=4.5).json()["details"]["where"] == late
    assert told(at_s=2.5).status_code == 200


def test_a_sound_is_no_item_for_boxes():
    with pytest.raises(Invalid, match="one is no item for the question where: boxes are drawn on images"):
        study("audio", {**DOCUMENT, "item_kinds": ["audio"]})


def test_boxes_are_compared_and_not_merged():
    made = study()
    for boxes in ([box()], [box(x=0.15)], [box(x=0.6), box(label="thing")]):
        Rater.consented(made).rate({"where": {"boxes": boxes}})
    exported = ExportedStudy(organisation_id=made.organisation_id, slug=made.slug)
    outcome = exported.compute().outcomes["where"]
    overall = next(row.result for row in outcome.agreement if row.item is None)
    # The first two share 0.25 of 0.35 of the width and are the same; the third shares nothing with either.
    assert overall.value == pytest.approx(1 / 3)
    assert overall.details["lowest"] == 0
    assert [(row.value, row.n_raters) for row in outcome.labels] == [(None, 3)]
    assert "not merged" in outcome.labels[0].reason
    cells = {cell.dimension: cell for cell in exported.cells(next(iter(exported.responses())))}
    assert cells["boxes"].number in {1, 2}
    assert (cells["box.000.label"].label, cells["box.000.height"].number) == ("face", 0.4)


def test_boxes_of_other_frames_are_others():
    made = study("video")
    for at_s in (1.0, 1.01, 2.0):
        Rater.consented(made).rate({"where": {"boxes": [box(at_s=at_s)]}})
    exported = ExportedStudy(organisation_id=made.organisation_id, slug=made.slug)
    rows = exported.compute().outcomes["where"].agreement
    assert next(row.result.value for row in rows if row.item is None) == pytest.approx(1 / 3)
