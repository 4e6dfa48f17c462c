"""Each instrument takes a right answer, and refuses an unknown label, a value out of range, and who has no lease."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from annotation.models import Response
from annotation.questions import question_types
from annotation.services.studies import create_study
from annotation.simulation.answers import ANSWERS
from annotation.simulation.feeling import Feeling, Temper
from tests import factories
from tests.annotation.test_several_media import FORM_ITEMS, POINTS, document, matching_study, study_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db

LABELS = [{"key": "joy", "name": "Joy"}, {"key": "fear", "name": "Fear"}]
AXES = [
    {"key": key, "name": key, "min": 1, "max": 5, "step": 1, "low_label": "low", "high_label": "high"}
    for key in ("valence", "arousal")
]
FRAME = [[0, 0.1, 0.2, 0.2, 0.5], [4, 0.1, 0.2, 0.2, 0.5]]
Wrong = Callable[[Any], None]
"""Makes a right answer wrong in one place."""


def put(value: Any, *path: str | int) -> Wrong:
    def change(answer: Any) -> None:
        for step in path[:-1]:
            answer = answer[step]
        answer[path[-1]] = value

    return change


# Of each type its options and what makes a right answer wrong: unknown labels and parts, then values out of range.
OF_FILMS: dict[str, tuple[dict[str, Any], list[Wrong]]] = {
    "category": ({"labels": LABELS}, [put("bliss", "labels", 0), put([], "labels")]),
    "yes_no": ({}, [put("maybe", "labels", 0)]),
    "open_words": ({"max_length": 40}, [put("x" * 41, "words", 0)]),
    "label_intensity": ({"labels": LABELS}, [put(1, "levels", "bliss"), put(9, "levels", "joy")]),
    "scale": ({"dimensions": AXES}, [put(1, "mood"), put(6, "valence"), put(1.5, "valence")]),
    "affective_slider": ({}, [put(1, "mood"), put(1.1, "valence")]),
    "affect_grid": ({"dimensions": AXES}, [put(1, "mood"), put(0, "arousal")]),
    "questionnaire": (
        {"form": "bfi10", "items": FORM_ITEMS, "points": POINTS},
        [put(1, "q11"), put(6, "q1")],
    ),
    "text": ({"min_length": 3}, [put("x", "note"), put("so", "text")]),
    "segments": ({"labels": LABELS}, [put("bliss", "segments", 0, "label"), put(9, "segments", 0, "end_s")]),
    "facs": (
        {"units": ["AU12"]},
        [put("AU1", "units", 0, "unit"), put("F", "units", 0, "intensity"), put("top", "units", 0, "side")],
    ),
    "boxes": (
        {"labels": LABELS},
        [put("bliss", "boxes", 0, "label"), put(1.2, "boxes", 0, "x"), put(9, "boxes", 0, "at_s")],
    ),
    "people_labels": ({"labels": LABELS}, [put(["bliss"], "people", "Ann"), put(["joy"], "people", "Eve")]),
}
OF_TEXTS = {
    "spans": ({"labels": LABELS}, [put("bliss", "spans", 0, "label"), put(999, "spans", 0, "end")]),
}
OF_PAIRS = {"comparison": ({"grades": ["a little", "much"]}, [put("z", "choice"), put(3, "grade")])}
OF_TUPLES = {
    "ranking": ({}, [put(1, "ranks", "z"), put(9, "ranks", "a")]),
    "best_worst": ({}, [put("z", "best"), put([], "order")]),
}
OF_MATCHES = {"matching": ({"candidates": 3}, [put("z", "match"), put([], "order")])}
TUPLES = {"design": "tuples", "n": 5, "size": 3, "factor": 1}


def _document(asked, kind="group"):
    return document(*((name, options) for name, (options, _) in asked.items()), kinds=[kind])


def _alone(asked, kind, **fields):
    """A study on one item."""
    of = factories.corpus()
    factories.item("one", of, kind=kind, **fields)
    return create_study(
        organisation=of.organisation, slug="study", title="S", document=_document(asked, kind),
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip


STUDIES = {
    "films": (OF_FILMS, lambda: _alone(OF_FILMS, "video", metadata={"people": {"Ann": FRAME}})),
    "texts": (OF_TEXTS, lambda: _alone(OF_TEXTS, "text", text="She smiled as the rain stopped.")),
    "pairs": (OF_PAIRS, lambda: study_of(_document(OF_PAIRS))),
    "tuples": (OF_TUPLES, lambda: study_of(_document(OF_TUPLES), **TUPLES)),
    "matches": (OF_MATCHES, lambda: matching_study(_document(OF_MATCHES))),
}


def right_answers(assignment):
    feeling = Feeling(Temper.draw(1), np.random.default_rng(1), {}, assignment["item"])
    return {one["key"]: ANSWERS[one["type"]](one["options"], feeling) for one in assignment["questions"]}


def spoiled(answer, change: Wrong):
    other = copy.deepcopy(answer)
    change(other)
    return other


def test_every_instrument_is_here_or_has_tests_of_its_own():
    # Traces: test_trace_kinds and test_trace; the others: test_recordings and test_dialogues.
    elsewhere = {kind.name for kind in question_types().values() if kind.continuous} | {
        "recording",
        "live_dialogue",
    }
    assert {name for asked, _ in STUDIES.values() for name in asked} == set(question_types()) - elsewhere


@pytest.mark.parametrize(("asked", "study"), STUDIES.values(), ids=STUDIES)
def test_wrong_answers_and_strangers_are_refused_and_right_answers_taken(asked, study):
    made = study()
    rater, stranger = Rater.consented(made), Rater.consented(made)
    assignment = rater.next()
    right = right_answers(assignment)
    for name, (_, changes) in asked.items():
        for change in changes:
            refused = rater.submit(assignment, {**right, name: spoiled(right[name], change)})
            assert (refused.status_code, list(refused.json()["details"])) == (400, [name]), refused.content
    # The item is leased to the first of them only.
    assert stranger.submit(assignment, right).status_code == 404
    assert not Response.objects.exists()
    assert rater.submit(assignment, right).status_code == 200
    assert dict(Response.objects.values_list("question", "value")) == right
