"""Facial action coding: what the rater's API refuses, and what becomes of the codes."""

from uuid import UUID

import pytest

from annotation.facade import ExportedStudy
from annotation.models import StudyItem
from annotation.questions import question_type
from annotation.questions.answers import Answer
from annotation.questions.contract import Extent, GoldRule
from annotation.questions.facs import all_units
from tests import factories
from tests.annotation.test_timeline import ASKED, one, study
from tests.factories import Rater

pytestmark = pytest.mark.django_db
TIMES = {"onset_s": 0.5, "apex_s": 1.0, "offset_s": 2.0}


def code(unit="AU12", **more):
    return {"unit": unit, "intensity": "C", "side": "both", **TIMES, **more}


def without(field, **more):
    return {key: value for key, value in code(**more).items() if key != field}


@pytest.mark.parametrize(
    ("units", "wrong"),
    [
        ([code("AU99")], {"units[0].unit": "'AU99' is not a unit of this question."}),
        ([code("AU9")], {"units[0].unit": "'AU9' is not a unit of this question."}),
        ([code(unit=12)], {"units[0].unit": "must be a text."}),
        ([code(intensity="F")], {"units[0].intensity": "must be one of A, B, C, D, E; it is 'F'."}),
        ([without("intensity")], {"units[0].intensity": "has not been answered."}),
        ([code(side="top")], {"units[0].side": "must be one of left, right, both; it is 'top'."}),
        ([code("AU25")], {"units[0].side": "is not asked here."}),
        ([code(apex_s=3)], {"units[0].apex_s": "must lie between onset_s and offset_s."}),
        ([without("offset_s")], {"units[0].offset_s": "has not been answered."}),
        ([code(offset_s=4.5)], {"units[0].offset_s": "must not be beyond the end at 4 s; it is 4.5."}),
        ([code(side="left"), code(side="both")], {"units[1]": "codes the same as units[0]."}),
    ],
)
def test_a_wrong_code_is_refused_by_the_name_of_its_field(units, wrong):
    rater = Rater.consented(study())
    answers = {"doubt": {"segments": []}, "face": {"units": units}}
    answer = rater.submit(rater.next(), answers)
    assert answer.status_code == 400, answer.content
    assert answer.json()["details"] == {"face": wrong}


def test_other_sides_can_be_offered():
    facs = question_type("facs")
    checked = facs.Options(data={"units": ["AU12"], "side_choices": ["left", "right", "top", "bottom"]})
    assert checked.is_valid(), checked.errors
    top, both = ({"units": [{"unit": "AU12", "intensity": "C", "side": side}]} for side in ("top", "both"))
    assert facs.check(checked.validated_data, top) == {}
    assert facs.check(checked.validated_data, both) == {
        "units[0].side": "must be one of left, right, top, bottom; it is 'both'."
    }


def test_sides_and_later_times_are_codes_of_their_own():
    rater = Rater.consented(study())
    units = [
        code(side="left"), code(side="right", intensity="A"), code(onset_s=2, apex_s=3, offset_s=3.5),
        without("side", unit="AU25"),
    ]  # fmt: skip
    made = rater.submit(rater.next(), {"doubt": {"segments": [one(1, 2)]}, "face": {"units": units}})
    assert made.status_code == 200, made.content


def test_the_list_of_units_holds_the_manuals_numbers_and_a_study_keeps_their_names():
    assert len(all_units()) == 53
    assert {"AU1", "AU12", "AU28", "AD19", "AD37", "AU64"} <= set(all_units())
    assert ASKED["face"]["options"]["units"][4] == all_units()["AU12"]
    again = question_type("facs").Options(data=ASKED["face"]["options"])
    assert again.is_valid()
    assert again.validated_data == ASKED["face"]["options"]


@pytest.mark.parametrize(
    ("options", "wrong"),
    [({"units": ["AU3"]}, "units"), ({"units": ["AU1", "AU1"]}, "units"), ({"timing": "often"}, "timing"),
     ({"replay_frames": 0}, "replay_frames"), ({"side_choices": ["above"]}, "side_choices"),
     ({"side_choices": ["top"], "sides": False}, "side_choices")],
)  # fmt: skip
def test_wrong_options_are_refused_by_name(options, wrong):
    checked = question_type("facs").Options(data=options)
    assert not checked.is_valid()
    assert set(checked.errors) == {wrong}


def test_a_neutral_frame_must_be_in_the_film():
    facs, options = question_type("facs"), ASKED["face"]["options"]
    assert facs.unfit_extent(options, Extent("video", duration_s=4.0)) is None
    assert facs.unfit_extent(options, Extent("video", duration_s=0.1)) == (
        "it ends before the neutral frame at 0.2 s."
    )
    still = question_type("facs").Options(data={})
    assert still.is_valid()
    assert facs.unfit_extent(still.validated_data, Extent("image")) is None
    for kind, reason in (("video", "its duration is not known"),):
        assert facs.unfit_extent(options, Extent(kind)).startswith(reason)


def test_units_of_most_coders_are_the_label_and_sets_are_compared():
    made = study()
    codes = ([code(), code("AU6")], [code(intensity="D")], [code(side="left"), code("AU4")])
    film = StudyItem.objects.filter(study=made).first().item_id
    for units in codes:
        rater = Rater.consented(made)
        while shown := rater.next():
            seen = units if shown["item"]["id"] == str(film) else []
            answers = {"doubt": {"segments": []}, "face": {"units": seen}}
            assert rater.submit(shown, answers).status_code == 200
    exported = ExportedStudy(organisation_id=made.organisation_id, slug=made.slug)
    outcome = exported.compute().outcomes["face"]
    found = sorted((row.value["marks"] for row in outcome.labels), key=len)
    assert found == [
        [],
        [{"unit": "AU12", "share": 1, "intensities": {"C": 2, "D": 1}, "sides": {"both": 2, "left": 1}}],
    ]
    rows = {(row.measure, row.dimension): row.result for row in outcome.agreement}
    assert rows["krippendorff_alpha_nominal", "AU12"].value == 1
    assert 0 < rows["set_alpha_masi", ""].value < 1
    assert {key[1] for key in rows} == {"", "AU4", "AU6", "AU12"}
    cells = next(
        exported.cells(row) for row in exported.responses() if row.question == "face" and row.value["units"]
    )
    assert {cell.dimension for cell in cells} >= {
        "units",
        "unit.000.unit",
        "unit.000.side",
        "unit.000.apex_s",
    }


def test_two_coders_who_see_the_same_agree_wholly():
    facs, options = question_type("facs"), ASKED["face"]["options"]
    answers = factories.answers_of(
        Answer(UUID(int=item), rater, "", {"units": units})
        for item, units in ((1, [code()]), (2, [code("AU4")]))
        for rater in (7, 8)
    )
    outcome = facs.analyse(options, answers, GoldRule(min_raters=3, decimals=None, rate_hz=25))
    assert outcome.agreement[0].result.value == 1
    assert [(row.value, row.reason) for row in outcome.labels] == [(None, "2 of the 3 raters needed")] * 2
