"""Simulated raters can answer everything that can be asked; here about parts and forms, through the public API."""

from dataclasses import asdict

import numpy as np
import pytest

from annotation.facade import SimulatedRater, Truth
from annotation.models import Response
from annotation.questions import question_types
from annotation.questions.contract import Extent, Samples
from annotation.simulation.answers import ANSWERS
from annotation.simulation.feeling import Feeling, Temper
from ingest.models import Item
from tests.annotation.test_several_media import BFI, document, labels, matching_study, study_of

RATERS = 4
SAMPLES = Samples(rate_hz=250.0, first_s=-0.0013)
BEGINNINGS_S = (0.0, 0.9, 2.1, 3.0)


def test_every_question_that_is_not_continuous_has_an_answer():
    made = {"recording", "live_dialogue"}
    others = {kind.name for kind in question_types().values() if not kind.continuous}
    assert set(ANSWERS) == others - made


@pytest.mark.parametrize("kind", ["video", "image", "text", "sequence", "eeg"])
def test_marks_of_a_simulated_rater_lie_within_the_item(kind):
    item = {
        "id": "i",
        "kind": kind,
        "duration_s": 4.0,
        "frame_rate_hz": 25.0,
        "context": None,
        "text": "It rained.",
        "parts": [{"onset_s": begins_s} for begins_s in BEGINNINGS_S],
        "samples": asdict(SAMPLES),
        "frames_s": [],
    }
    pictures_s = BEGINNINGS_S if kind == "sequence" else ()
    extent = Extent(kind, 4.0, 25.0, ("It rained.",), pictures_s, SAMPLES)
    one = [{"key": "one", "name": "One"}]
    asked = {
        "boxes": {"labels": one, "min_size": 0.7},
        "facs": {"timing": "events"},
        "segments": {"labels": one, "snap": "samples" if kind == "eeg" else "frames", "apex": "required"},
        "spans": {"labels": one},
    }
    names = {"text": ("spans",), "sequence": ("facs", "segments"), "eeg": ("segments",)}
    for name in names.get(kind, ("boxes", "facs", "segments")):
        type_ = question_types()[name]
        checked = type_.Options(data=asked[name])
        assert checked.is_valid(), checked.errors
        options = checked.validated_data
        for seed in range(20):
            feeling = Feeling(Temper.draw(seed), np.random.default_rng(seed), {}, item)
            answer = ANSWERS[name](options, feeling)
            assert type_.check(options, answer) == {}
            assert type_.check_places(options, answer, extent) == {}


def _take_part(study, server):
    parts = Item.objects.exclude(kind__in=["group", "terms"]).order_by("key")
    step = 2 / (len(parts) - 1)
    truths = {str(item.pk): Truth(point={"valence": n * step - 1}) for n, item in enumerate(parts)}
    for seed in range(RATERS):
        rater = SimulatedRater(server=server.url, invite_code=study.invite_code, seed=seed, truths=truths)
        assert rater.take_part()


@pytest.mark.django_db(transaction=True)
def test_simulated_raters_find_the_order_that_words_were_made_with(live_server):
    questions = (("best_worst", {}), ("ranking", {}), ("questionnaire", BFI))
    study = study_of(document(*questions, kinds=("terms",)), "tuples", n=8, kind="text", factor=1)
    _take_part(study, live_server)
    for question, method, key in (("best_worst", "best_worst", "score"), ("ranking", "mean_place", "place")):
        found = {name: row.value[key] for name, row in labels(study, question, method).items()}
        assert found["i7"] > found["i4"] > found["i0"]
    assert Response.objects.filter(question="questionnaire").count() == RATERS * 8


@pytest.mark.django_db(transaction=True)
def test_simulated_raters_compare_match_and_write(live_server):
    options = {"tie": True, "grades": ["slightly", "clearly"]}
    fields = {"fields": [{"key": "cause", "name": "Cause"}, {"key": "note", "name": "Note"}]}
    study = study_of(document(("comparison", options), ("text", fields)), "all_pairs", n=4)
    _take_part(study, live_server)
    strengths = labels(study, "comparison", "bradley_terry")
    assert strengths["i3"].value["share"] > strengths["i0"].value["share"]
    grades = Response.objects.filter(question="comparison").values_list("value__grade", flat=True)
    assert {1, 2} <= set(grades)


@pytest.mark.django_db(transaction=True)
def test_simulated_raters_match_what_feels_alike(live_server):
    study = matching_study(document(("matching", {})))
    _take_part(study, live_server)
    assert Response.objects.count() == RATERS * 3
