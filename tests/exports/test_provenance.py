"""A release says of each gold how it was made, so that whoever has it can make it again."""

import uuid

import numpy as np
import pytest

import affectory
from exports.models import Release
from exports.services.build import restore
from jobs.models import Job, JobState
from storage.facade import read_bytes
from tests import factories
from tests.annotation.test_calibration import STILL, rate, rated
from tests.exports.making import dataset, performed, released
from tests.exports.released import table_of

pytestmark = pytest.mark.django_db(transaction=True)

# What each did on the calibration clip, or her lag there; and her lag on the film.
LATE = ((0.4, 0.4), (1.2, 0.8), (STILL, 1.2))


def _released(**gold):
    return released(dataset(collection="all-traces", studies=["traces"], gold=gold))


def _made_again(rows, traces):
    """The weighted mean of the traces without their lags, from the release alone."""
    used = [row for row in rows if row["excluded"] is None]
    moved = []
    for row in used:
        trace = next(one for one in traces if one.rater_id == row["rater_id"])
        shift = round((row["lag_s"] or 0) * trace.rate_hz)
        moved.append(np.concatenate([trace.valence[shift:], np.full(shift, np.nan)]))
    weights = [1 / len(used) if row["valence_weight"] is None else row["valence_weight"] for row in used]
    together = np.isfinite(moved).all(axis=0)
    return np.where(together, np.asarray(weights) @ np.nan_to_num(moved), np.nan)


@pytest.mark.parametrize(
    ("protocol", "recipe", "lag_from"),
    [
        ("calibration", {"lag_from": "none"}, "none"),
        (None, {"lag_from": "calibration"}, "calibration"),
    ],
    ids=["the recipe switches it off", "the recipe switches it on"],
)
def test_gold_traces_can_be_made_again_from_what_the_release_says(protocol, recipe, lag_from, tmp_path):
    rated(*LATE, gold={} if protocol is None else {"lag_from": protocol})
    release = _released(**recipe)
    restore(release, tmp_path / "release")
    loaded = affectory.load(tmp_path / "release", table="gold_raters")
    rows = loaded.arrow.to_pylist()
    assert len(rows) == 2 * 3
    assert {row["lag_from"] for row in rows} - {None} == {lag_from} - {"none"}
    # Whose lag is not known went into nothing, and that is said.
    assert [row["excluded"] for row in rows].count("lag not known") == (0 if lag_from == "none" else 2)
    for gold in loaded.traces(gold=True):
        again = _made_again([row for row in rows if row["method"] == gold.method], loaded.traces())
        known = np.isfinite(again)
        assert known.sum() >= 10
        assert gold.valence[known] == pytest.approx(again[known], abs=1e-3)
    by_ewe = [row["valence_weight"] for row in rows if row["method"] == "ewe"]
    assert sum(by_ewe) == pytest.approx(1)
    assert {row["valence_weight"] for row in rows if row["method"] == "mean"} == {None}
    told = {one["method"]: one for one in release.manifest["facts"]["gold_made"]}
    assert (told["mean"]["gold"], told["ewe"]["gold"]) == (True, False)
    assert (told["ewe"]["items"], told["ewe"]["without"]) == (1, 0)
    assert told["ewe"]["rule"] == "evaluator-weighted estimator, weights: ccc"
    assert told["ewe"]["parameters"] == {"min_raters": 1, "resampling": "hold", "lag_from": lag_from}
    card = read_bytes(release.files.get(path="README.md").sha256).decode()
    assert "## How the gold was made" in card
    assert "evaluator-weighted estimator, weights: ccc" in card
    # Names of raters stand in tables only: the manifest outlives an erasure.
    assert not any(row["rater_id"] in str(release.manifest) for row in rows)


def test_calibrations_leave_with_the_release_and_go_with_an_erased_rater(tmp_path):
    study = rated(*LATE)
    release = _released()
    restore(release, tmp_path / "release")
    rows = affectory.load(tmp_path / "release", table="calibrations").to_pandas()
    assert [*rows["modality"], *rows["question"]] == ["visual"] * 3 + ["clip"] * 3
    assert sorted(rows["lag_s"].dropna()) == [0.4, 1.2]
    followed = rows[rows["reason"].isna()]
    assert followed[["gain", "offset", "noise", "r"]].to_numpy() == pytest.approx(
        np.tile([1, 0, 0, 1], (2, 1)), abs=1e-3
    )
    # Whoever never moved has no numbers, but a reason.
    [still] = rows[rows["r"].isna()].to_dict("records")
    assert still["reason"]
    gone, *_ = sorted(followed["rater_id"])
    plan = factories.signed_in().get("/api/erasures/plan/", {"rater": gone}).json()
    assert plan["releases"][0]["rows"] == {
        "raters": 1, "traces": 1, "traces_raw": 1, "gold_raters": 2, "calibrations": 1,
    }  # fmt: skip
    body = {"id": str(uuid.uuid4()), "reason": "asked for", "rater": gone}
    assert (
        factories.signed_in().post("/api/erasures/", body, content_type="application/json").status_code == 202
    )
    # Whoever comes between is not in the successor, with anything.
    rate(study, 0.6, 0.6)
    for job in Job.objects.filter(kind__in=["exports.erase", "exports.withdraw"]).order_by("kind"):
        assert performed(job).state == JobState.SUCCEEDED, job.error
    proof = factories.signed_in().get("/api/datasets/d/releases/1.0.0/proof/").json()["proof"]
    [told] = [one for one in proof if one["table"] == "calibrations"]
    assert (told["kept"], told["removed"], told["unknown"]) == (2, 1, 0)
    successor = table_of(Release.objects.get(version="2.0.0"), "calibrations")
    assert sorted(successor["rater_id"].to_pylist()) == sorted(set(rows["rater_id"]) - {gone})
