"""Segments: what the rater's API refuses, what is stored, and what becomes of it."""

from pathlib import Path

import pytest

from affectory.errors import Invalid
from annotation.facade import ExportedStudy
from annotation.protocol import read_protocol
from annotation.questions import question_type
from annotation.services.studies import create_study
from tests import factories
from tests.factories import Rater

DOCUMENT = read_protocol(Path(__file__).parent / "protocols" / "timeline.toml")
ASKED = {question["key"]: question for question in DOCUMENT["questions"]}
pytestmark = pytest.mark.django_db


def study(slug="timeline", **changes):
    of = factories.corpus(slug)
    factories.item("clip-0", of)
    factories.item("clip-1", of)
    return create_study(
        organisation=of.organisation, slug=slug, title=slug, document={**DOCUMENT, **changes},
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip


def one(start_s, end_s, label="doubt", **more):
    return {"label": label, "start_s": start_s, "end_s": end_s, "attributes": {"cue": "face"}, **more}


def refused(rater, segments):
    answer = rater.submit(rater.next(), {"doubt": {"segments": segments}})
    assert answer.status_code == 400, answer.content
    return answer.json()["details"]["doubt"]


WHO = {"key": "who", "name": "Who", "people": True, "required": False}


def with_people(people):
    """A study whose segments say who in the film it is."""
    of = factories.corpus("cast")
    factories.item("scene", of, metadata={"people": people})
    asked = ASKED["doubt"]
    options = {**asked["options"], "attributes": [*asked["options"]["attributes"], WHO]}
    document = {**DOCUMENT, "questions": [{**asked, "options": options}]}
    return create_study(
        organisation=of.organisation, slug="cast", title="Cast", document=document,
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip


def test_a_segment_is_of_somebody_who_is_marked_in_the_film():
    rater = Rater.consented(with_people({"Ann": [[0, 0.1, 0.2, 0.2, 0.5]]}))
    assert refused(rater, [one(1, 2, attributes={"cue": "face", "who": "Eve"})]) == {
        "segments[0].attributes.who": "is not marked in this item."
    }
    told = rater.rate({"doubt": {"segments": [one(1, 2, attributes={"cue": "face", "who": "Ann"})]}})
    assert told["item"]["people"][0]["name"] == "Ann"


def test_a_film_in_which_nobody_is_marked_has_nobody_to_name():
    with pytest.raises(Invalid, match="scene is no item for the question doubt: nobody is marked in it"):
        with_people({})


def test_an_attribute_has_choices_or_people():
    for attribute in ({**WHO, "people": False}, {**WHO, "choices": [{"key": "a", "name": "A"}]}):
        checked = question_type("segments").Options(
            data={**ASKED["doubt"]["options"], "attributes": [attribute]}
        )
        assert not checked.is_valid()


@pytest.mark.parametrize(
    ("segments", "wrong"),
    [
        ("none", {"segments": 'Expected a list of items but got type "str".'}),
        ([one(1, 2, "joy")], {"segments[0].label": "'joy' is not a label of this question."}),
        ([one("1", 2)], {"segments[0].start_s": "must be a number."}),
        ([one(-1, 2)], {"segments[0].start_s": "must not be below 0; it is -1."}),
        ([one(2, 2)], {"segments[0].end_s": "must be after start_s (2); it is 2."}),
        ([one(2, 2.1)], {"segments[0].end_s": "must be at least 0.2 s after start_s."}),
        ([one(1, 4.2)], {"segments[0].end_s": "must not be beyond the end at 4 s; it is 4.2."}),
        ([one(1.04, 2)], {"segments[0].start_s": "must lie on a step of 0.1 s; it is 1.04."}),
        ([one(1, 2, apex_s=2.5)], {"segments[0].apex_s": "must lie within the segment; it is 2.5."}),
        ([one(1, 2), one(1.5, 3)], {"segments[1]": "overlaps segments[0], which is not allowed here."}),
        ([one(1, None), one(3, 4)], {"segments[1]": "overlaps segments[0], which is not allowed here."}),
        ([one(1, 2, attributes={})], {"segments[0].attributes.cue": "has not been answered."}),
        ([one(1, 2, attributes={"cue": "smell"})], {"segments[0].attributes.cue": "'smell' is not offered here."}),
        (
            [one(1, 2, colour="red")],
            {"segments[0].colour": "is not known here; known: label, start_s, end_s, apex_s, attributes."},
        ),
        ([one(n * 0.3, n * 0.3 + 0.2) for n in range(13)],
         {"segments": "at most 12 may be marked; there are 13."}),
    ],
)  # fmt: skip
def test_a_wrong_segment_is_refused_by_the_name_of_its_field(segments, wrong):
    assert refused(Rater.consented(study()), segments) == wrong


def test_segments_of_other_labels_may_overlap_and_the_end_of_the_film_is_always_a_place():
    rater = Rater.consented(study())
    segments = [one(1, None), one(1.5, 4.0, "refusal", apex_s=2), one(0.3, 0.7)]
    assert rater.submit(rater.next(), {"doubt": {"segments": segments}}).status_code == 200


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"labels": []}, "labels"),
        ({"snap": "step"}, "step_s"),
        ({"step_s": 0.1}, "step_s"),
        ({"overlap": "often"}, "overlap"),
        ({"labels": [{"key": "a", "name": "A"}] * 2}, "labels"),
        (
            {"attributes": [{"key": "start_s", "name": "S", "choices": [{"key": "a", "name": "A"}]}]},
            "attributes",
        ),
        ({"threshold": 1}, "threshold"),
    ],
)
def test_wrong_options_are_refused_by_name(options, wrong):
    checked = question_type("segments").Options(data={"labels": [{"key": "a", "name": "A"}], **options})
    assert not checked.is_valid()
    assert set(checked.errors) == {wrong}


def test_an_item_without_a_duration_is_no_item_for_segments():
    of = factories.corpus("stills")
    clip = factories.item("clip", of)
    clip.asset.facts = {}
    clip.asset.save()
    with pytest.raises(Invalid, match="clip is no item for the question doubt: its duration is not known"):
        create_study(
            organisation=of.organisation, slug="s", title="s", document=DOCUMENT,
            collection=factories.collection(of), requested_by="test",
        )  # fmt: skip


@pytest.fixture
def rated():
    """Three raters mark 1-2, 1-2.5 and 1.5-2.5 s of each film; one of them also refuses at 3 s."""
    made = study()
    for marks in ([one(1, 2)], [one(1, 2.5)], [one(1.5, 2.5), one(3, None, "refusal", apex_s=3.5)]):
        rater = Rater.consented(made)
        for _ in range(2):
            rater.rate({"doubt": {"segments": marks}})
    return ExportedStudy(organisation_id=made.organisation_id, slug=made.slug)


def test_segments_are_voted_frame_by_frame(rated):
    labels = rated.compute().outcomes["doubt"].labels
    assert [row.value["marks"] for row in labels] == [
        [{"label": "doubt", "start_s": 1.0, "end_s": 2.5, "share": pytest.approx(7 / 9)}]
    ] * 2
    assert {(row.method, row.n_raters, row.reason) for row in labels} == {("frame_vote", 3, "")}


def test_agreement_is_shared_time_and_shared_boundaries(rated):
    rows = rated.compute().outcomes["doubt"].agreement
    overall = {(row.measure, row.dimension): row.result for row in rows if row.item is None}
    # Pairs: 1.0 of 1.5 s, 0.5 of 1.5 s, 1.0 of 1.5 s are shared.
    assert overall["frame_iou", "doubt"].value == pytest.approx((2 / 3 + 1 / 3 + 2 / 3) / 3)
    assert overall["frame_iou", "doubt"].n_units_used == 6
    # Every pair of "doubt" segments begins and ends within half a second of each other.
    assert overall["boundary_f1", "doubt"].value == pytest.approx(1)
    # Two pairs per film know of a refusal, of which the other rater has none; the third says nothing of it.
    assert overall["frame_iou", "refusal"].value == 0
    assert (
        overall["frame_iou", "refusal"].n_units_used,
        overall["frame_iou", "refusal"].n_units_dropped,
    ) == (4, 2)
    alpha = [row.result for row in rows if row.measure == "unitizing_alpha"]
    assert len(alpha) == 2
    assert all(-1 < found.value < 1 for found in alpha)


def test_a_release_tells_each_part_of_each_segment(rated):
    rows = [row for row in rated.responses() if len(row.value["segments"]) == 2]
    cells = {
        cell.dimension: cell.label if cell.number is None else cell.number for cell in rated.cells(rows[0])
    }
    assert cells == {
        "segments": 2,
        "segment.000.label": "doubt", "segment.000.start_s": 1.5, "segment.000.end_s": 2.5,
        "segment.000.cue": "face",
        "segment.001.label": "refusal", "segment.001.start_s": 3, "segment.001.apex_s": 3.5,
        "segment.001.cue": "face",
    }  # fmt: skip


def test_too_few_raters_give_a_reason_and_no_segments():
    made = study()
    Rater.consented(made).rate({"doubt": {"segments": [one(1, 2)]}})
    outcome = ExportedStudy(organisation_id=made.organisation_id, slug=made.slug).compute().outcomes["doubt"]
    assert [(row.value, row.reason) for row in outcome.labels] == [(None, "1 of the 2 raters needed")]
    assert {row.result.reason for row in outcome.agreement} == {"no item has two raters", "needs two raters"}
