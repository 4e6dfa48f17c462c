"""Consensus rounds of marks: what raters marked otherwise goes back to them, with the marks of all."""

from pathlib import Path

import pytest

from affectory.errors import Invalid
from annotation.analysis.disagreement import Criterion
from annotation.models import Response, Study
from annotation.protocol import read_protocol
from annotation.questions import question_type
from annotation.questions.contract import Extent
from annotation.services.reviews import (
    open_review,
    open_round,
    planned_round,
    proposals_from_labels,
    proposals_from_rows,
    raters_of,
)
from annotation.services.studies import create_study
from ingest.models import Item
from tests import factories
from tests.annotation.test_research import _analysed as analysed
from tests.factories import Rater

pytestmark = pytest.mark.django_db

PROTOCOLS = Path(__file__).parent / "protocols"
TEXT = "I am sad because he left."
ALIKE, APART = "item-0", "item-1"


def _segments(start_s, end_s, **more):
    segment = {"label": "doubt", "start_s": start_s, "end_s": end_s, "attributes": {"cue": "face"}, **more}
    return {"segments": [segment]}


def _units(*coded):
    times = {"onset_s": 1, "apex_s": 1.5, "offset_s": 2}
    units = [{"unit": unit, "intensity": strength, "side": side, **times} for unit, strength, side in coded]
    return {"units": units}


def _words(start, end, *, tied=True):
    spans = [
        {"label": "emotion", "part": 0, "start": 5, "end": 8, "text": "sad"},
        {"label": "cause", "part": 0, "start": start, "end": end, "text": TEXT[start:end]},
    ]
    links = [{"relation": "caused_by", "source": 0, "target": 1}] if tied else []
    return {"spans": spans, "relations": links}


def _box(x, label="face"):
    return {"boxes": [{"label": label, "x": x, "y": 0.2, "width": 0.3, "height": 0.4}]}


NO_SEGMENTS: dict = {"segments": []}
# Of each: kind of item, question, two answers that are alike, two that are not, and what is said of these.
CASES = {
    "segments": (
        "timeline", "video", "doubt",
        (_segments(1, 2), _segments(1, 2.1)),
        (_segments(0, 1, apex_s=0.5), _segments(3, None)),
        {"Hesitates 0-1 s (^ 0.5 s, Face)", "Hesitates 3 s - (Face)"},
    ),
    "nothing": (
        "timeline", "video", "doubt", (NO_SEGMENTS, NO_SEGMENTS), (_segments(1, 2), NO_SEGMENTS),
        {"Hesitates 1-2 s (Face)", ""},
    ),
    "facs": (
        "timeline", "video", "face",
        (_units(("AU12", "A", "both")), _units(("AU12", "C", "both"))),
        (_units(("AU12", "B", "left")), _units(("AU12", "B", "right"))),
        {"AU12B left 1.5 s", "AU12B right 1.5 s"},
    ),
    "spans": (
        "causes", "text", "words",
        (_words(17, 24), _words(17, 25)),
        (_words(17, 24), _words(17, 24, tied=False)),
        {"Emotion: sad; Cause: he left; sad - is caused by - he left", "Emotion: sad; Cause: he left"},
    ),
    "boxes": (
        "regions", "image", "where", (_box(0.1), _box(0.11)), (_box(0.1), _box(0.6)),
        {"Face 30 x 40 % at 10, 20 %", "Face 30 x 40 % at 60, 20 %"},
    ),
}  # fmt: skip


def _base(name: str, kind: str, question: str) -> Study:
    document = read_protocol(PROTOCOLS / f"{name}.toml")
    asked = [one for one in document["questions"] if one["key"] == question]
    of = factories.corpus(name)
    for key in (ALIKE, APART):
        factories.item(key, of, kind=kind, text=TEXT if kind == "text" else None)
    return create_study(
        organisation=of.organisation, slug="base", title="Base", collection=factories.collection(of),
        document={**document, "questions": asked}, requested_by="test",
    )  # fmt: skip


def _rated_by_two(study: Study, question: str, alike, apart) -> None:
    for mine, other in zip(alike, apart, strict=True):
        rater = Rater.consented(study)
        for _ in range(2):
            assignment = rater.next()
            key = Item.objects.get(pk=assignment["item"]["id"]).key
            answer = rater.submit(assignment, {question: mine if key == ALIKE else other})
            assert answer.status_code == 200, answer.content


@pytest.mark.parametrize(("name", "kind", "question", "alike", "apart", "said"), CASES.values(), ids=CASES)
def test_what_was_marked_otherwise_goes_back_with_the_marks_of_all(name, kind, question, alike, apart, said):
    base = _base(name, kind, question)
    _rated_by_two(base, question, alike, apart)
    criterion = Criterion.read(f"{question}.agreement_below=0.5")
    made = open_round(base=base, criteria=[criterion], raters=raters_of(base), requested_by="test")
    assert made.items == 1
    again = Rater(made.study, arrival_id=next(iter(made.addresses.values())).split("rater=")[1])
    again.arrive()
    again.consent()
    assignment = again.next()
    assert Item.objects.get(pk=assignment["item"]["id"]).key == APART
    (shown,) = assignment["proposals"]
    assert shown["value"] is None
    assert {one["text"]: one["times"] for one in shown["said"]} == dict.fromkeys(said, 1)
    taken = shown["said"][0]["value"]
    assert taken in apart
    assert again.submit(assignment, {question: taken}).status_code == 200
    kept = Response.objects.get(study=made.study)
    assert (kept.value, kept.exposed) == (taken, True)


def test_marks_are_proposed_in_words_and_as_an_answer():
    base = _base("timeline", "video", "face")
    marked = _units(("AU12", "C", "left"), ("AU4", "B", "both"))
    rows = proposals_from_rows(base, [{"item": ALIKE, "question": "face", "value": marked}])
    study = open_review(base=base, slug="checked", proposed=rows, source="model M", requested_by="test")
    (shown,) = Rater.consented(study).next()["proposals"]
    assert shown["value"] == marked
    assert shown["said"] == [{"text": "AU12C left 1.5 s, AU4B both 1.5 s", "times": 1, "value": None}]


def _asked(question: str, options: dict, **more) -> Study:
    """A study of one item that asks one question about marks."""
    item = {"kind": "video", **more}
    of = factories.corpus("proposed")
    factories.item("one", of, **item)
    document = factories.trace_document(
        {"key": "marked", "type": question, "options": options},
        raters={"per_item": 9},
        gold={"min_raters": 2},
    )
    return create_study(
        organisation=of.organisation, slug="study", title="Base", collection=factories.collection(of),
        document=document | {"item_kinds": [item["kind"]]}, requested_by="test",
    )  # fmt: skip


JOY = [{"key": "joy", "name": "Joy"}]
UNIT = {"unit": "AU12", "intensity": "B", "side": "left"}
SAD = {"label": "joy", "part": 0, "start": 5, "end": 8, "text": "sad"}
PROPOSED = {
    # Kept frame by frame, the vote is put on the steps that raters may mark.
    "segments": (
        {"labels": JOY, "snap": "step", "step_s": 0.25}, {},
        [{"segments": [{"label": "joy", "start_s": 0.25, "end_s": 2}]}] * 2,
        {"segments": [{"label": "joy", "start_s": 0.25, "end_s": 2}]},
    ),
    "facs": (
        {"units": ["AU12"]}, {},
        [{"units": [{**UNIT, "intensity": strength}]} for strength in "BCC"],
        {"units": [{**UNIT, "intensity": "C"}]},
    ),
    "spans": ({"labels": JOY}, {"kind": "text", "text": TEXT}, [{"spans": [SAD]}] * 2, {"spans": [SAD]}),
    "people_labels": (
        {"labels": JOY}, {"metadata": {"people": {"Ann": [[0, 0.1, 0.2, 0.2, 0.5]]}}},
        [{"people": {"Ann": ["joy"]}}] * 2,
        {"people": {"Ann": ["joy"]}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", PROPOSED)
def test_marks_of_most_raters_are_proposed_as_an_answer(kind):
    options, item, given, proposed = PROPOSED[kind]
    base = _asked(kind, options, **item)
    for value in given:
        Rater.consented(base).rate({"marked": value})
    analysed(factories.signed_in())
    (found,) = proposals_from_labels(base)
    assert [dict(one["value"]) for one in found.values] == [proposed]


@pytest.mark.parametrize(
    ("kind", "options", "mark"),
    [
        ("facs", {"timing": "apex"}, {"unit": "AU12", "intensities": {"B": 2}, "sides": {"left": 2}}),
        ("segments", {"labels": JOY, "apex": "required"}, {"label": "joy", "start_s": 1, "end_s": 2}),
    ],
)
def test_labels_that_lack_what_is_asked_are_not_proposed(kind, options, mark):
    asked = question_type(kind).Options(data=options)
    assert asked.is_valid(), asked.errors
    assert question_type(kind).proposal_of(asked.validated_data, [mark], Extent("video", 4.0)) is None


def test_a_proposal_beyond_the_end_of_its_item_is_refused():
    base = _base("timeline", "video", "doubt")
    rows = proposals_from_rows(base, [{"item": APART, "question": "doubt", "value": _segments(3, 9)}])
    with pytest.raises(Invalid, match=r"item-1, doubt: .* must not be beyond the end at 4 s; it is 9"):
        open_review(base=base, slug="checked", proposed=rows, source="model M", requested_by="test")


def test_a_criterion_of_marks_is_refused_for_other_questions():
    base = factories.study(items=1)
    with pytest.raises(Invalid, match="is for questions about marks; 'emotion' is of the type 'category'"):
        planned_round(base, [Criterion.read("emotion.agreement_below=0.5")])
