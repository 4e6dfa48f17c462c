"""Boxes on pictures: what the rater's API refuses, and what becomes of them."""

from pathlib import Path

import pytest

from affectory.errors import Invalid
from annotation.facade import ExportedStudy
from annotation.protocol import read_protocol
from annotation.questions import question_type
from annotation.questions.contract import Extent
from annotation.services.studies import create_study
from tests import factories
from tests.factories import Rater

DOCUMENT = read_protocol(Path(__file__).parent / "protocols" / "regions.toml")
pytestmark = pytest.mark.django_db


def study(kind="image", document=DOCUMENT, slug="regions"):
    of = factories.corpus(slug)
    factories.item("one", of, kind=kind)
    return create_study(
        organisation=of.organisation, slug=slug, title="R", document=document,
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


def analysed(made):
    return ExportedStudy(organisation_id=made.organisation_id, slug=made.slug).compute().outcomes["where"]


def test_boxes_are_compared_and_those_that_most_drew_are_merged():
    made = study()
    for boxes in ([box()], [box(x=0.15)], [box(x=0.6), box(label="thing")]):
        Rater.consented(made).rate({"where": {"boxes": boxes}})
    outcome = analysed(made)
    overall = next(row.result for row in outcome.agreement if row.item is None)
    # The first two share 0.25 of 0.35 of the width and are the same; the third called that place something else.
    assert overall.value == pytest.approx(1 / 3)
    assert overall.details["lowest"] == 0
    (label,) = outcome.labels
    assert label.value == {
        "marks": [
            {
                "label": "face", "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4, "share": 1,
                "mean_iou": pytest.approx((1 + 1 + 0.25 / 0.35) / 3, abs=1e-6),
            }
        ]
    }  # fmt: skip
    assert (label.n_raters, label.reason, label.provenance["left_out"]) == (3, "", 1)
    assert label.dispersion == {"mean_iou": label.value["marks"][0]["mean_iou"]}
    exported = ExportedStudy(organisation_id=made.organisation_id, slug=made.slug)
    cells = {cell.dimension: cell for cell in exported.cells(next(iter(exported.responses())))}
    assert cells["boxes"].number in {1, 2}
    assert (cells["box.000.label"].label, cells["box.000.height"].number) == ("face", 0.4)


def test_raters_who_drew_different_places_have_no_gold_and_those_who_saw_nothing_have():
    apart = study()
    for x in (0.0, 0.35, 0.7):
        Rater.consented(apart).rate({"where": {"boxes": [box(x=x)]}})
    (label,) = analysed(apart).labels
    assert (label.value, label.n_raters) == (None, 3)
    assert label.reason == "no place was drawn by 2 of the 3 raters, nor did as many draw nothing"
    share = {**DOCUMENT["questions"][0]["options"], "min_share": 1.0}
    asked = {**DOCUMENT["questions"][0], "options": share}
    nothing = study(document={**DOCUMENT, "version": "1.1.0", "questions": [asked]}, slug="strict")
    for _ in range(2):
        Rater.consented(nothing).rate({"where": {"boxes": []}})
    (label,) = analysed(nothing).labels
    assert (label.value, label.provenance["min_share"]) == ({"marks": []}, 1.0)


def test_boxes_of_other_frames_are_others():
    made = study("video")
    for at_s in (1.0, 1.01, 2.0):
        Rater.consented(made).rate({"where": {"boxes": [box(at_s=at_s)]}})
    outcome = analysed(made)
    assert next(row.result.value for row in outcome.agreement if row.item is None) == pytest.approx(1 / 3)
    (mark,) = outcome.labels[0].value["marks"]
    assert (mark["at_s"], mark["share"]) == (1.0, pytest.approx(2 / 3))


def test_what_raters_drew_together_can_be_proposed():
    kind = question_type("boxes")
    mark = {**box(), "share": 1, "mean_iou": 0.9}
    assert kind.proposal_of({}, [mark], Extent("image")) == {"boxes": [box()]}
    assert (
        kind.proposal_of({}, [{**mark, "label": None, "reason": "tie: face, thing"}], Extent("image")) is None
    )
