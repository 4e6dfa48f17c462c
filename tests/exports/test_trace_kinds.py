"""A release with every kind of trace."""

import io
import json

import pandas as pd
import pytest

from exports.facade import request_release, save_dataset
from exports.models import Release
from jobs.models import JobState
from jobs.services import perform
from tests import factories
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = 21
RISING = [round(-1 + at / 10, 2) for at in range(SAMPLES)]


def _axis(key):
    return {"key": key, "name": key, "min": -1, "max": 1, "low_label": "low", "high_label": "high"}


def _direction(key):
    return {"key": key, "name": key, "low_label": "less", "high_label": "more"}


QUESTIONS = {
    "slider": {"type": "trace1d", "options": {"dimensions": [_axis("valence")]}},
    "vad": {"type": "trace3d", "options": {"dimensions": [_axis(k) for k in ("valence", "arousal", "dominance")]}},
    "rank": {"type": "trace_rank", "options": {"dimensions": [_direction("tension")]}},
    "change": {"type": "trace_change", "options": {"dimensions": [_direction("valence")]}},
    "held": {"type": "trace_category", "options": {"labels": [{"key": "joy", "name": "Joy"}], "key": "feeling"}},
    "clip": {"type": "calibration", "when": "first", "options": {"duration_s": 5}},
}  # fmt: skip
VALUES = {
    "slider": lambda at, rater: [RISING[at] * (1 - 0.1 * rater)],
    "vad": lambda at, rater: [RISING[at], -RISING[at], 0.1 * rater],
    "rank": lambda at, rater: [float(10 * rater + at * at)],
    "change": lambda at, rater: [float(at // (3 + rater))],
    "held": lambda at, rater: [float(at >= 10 + rater)],
    "clip": lambda at, rater: [0.5],
}


@pytest.fixture
def release():
    asked = [{"key": key, **question} for key, question in QUESTIONS.items()]
    study = factories.trace_study(*asked, gold={"rate_hz": 5, "min_raters": 1})
    for number in range(2):
        rater = Rater.consented(study)
        assignment = rater.next()
        answers = {
            key: {"trace": rater.trace_values(assignment, key, [value(at, number) for at in range(SAMPLES)])}
            for key, value in VALUES.items()
        }
        assert rater.submit(assignment, answers).status_code == 200
    recipe = {"collection": "all-traces", "studies": ["traces"]}
    dataset = save_dataset(organisation=factories.lab(), name="d", title="D", description="", recipe=recipe)
    job = request_release(dataset=dataset, requested_by="test")
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.error
    return Release.objects.get(job=job.pk)


def _file(release, path):
    answer = factories.signed_in().get(f"/api/datasets/d/releases/1.0.0/files/{path}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def _table(release, folder):
    paths = [file.path for file in release.files.all() if file.path.startswith(f"{folder}/")]
    return pd.concat(pd.read_parquet(io.BytesIO(_file(release, path))) for path in sorted(paths))


def test_every_kind_is_in_the_trace_tables_and_the_calibration_is_not(release):
    traces = _table(release, "traces")
    assert sorted(traces["question"]) == sorted(2 * [key for key in QUESTIONS if key != "clip"])
    assert {"valence", "arousal", "dominance", "tension", "feeling"} <= set(traces.columns)
    assert "level" not in traces.columns
    held = traces[traces["question"] == "held"].iloc[0]
    assert set(held["feeling"]) == {0.0, 1.0}
    assert held["valence"] is None
    gold = _table(release, "gold_traces")
    methods = gold.groupby("question")["method"].agg(set).to_dict()
    assert methods == {
        "slider": {"mean", "ewe"},
        "vad": {"mean", "ewe"},
        "rank": {"mean_relative"},
        "change": {"mean_relative"},
        "held": {"vote"},
    }
    scales = json.loads(_file(release, "schemes.json"))["scales"]
    assert scales["rank"][0]["min"] is None
    assert scales["held"][0]["labels"] == ["none of these", "joy"]
