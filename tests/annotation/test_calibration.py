"""What a calibration is good for: each rater's own lag taken out of gold, and raters who did not follow left out."""

import numpy as np
import pytest

from annotation.analysis.run import compute
from annotation.facade import ExportedStudy
from annotation.protocol import ProtocolSerializer
from tests import factories
from tests.annotation.test_trace_kinds import CURVE, ONE, asked
from tests.factories import Rater

pytestmark = pytest.mark.django_db

CLIP = asked("calibration", "clip", "first", duration_s=20)
STILL = [[0.5]] * 201
ANYHOW = [[float(value)] for value in np.random.default_rng(7).uniform(0, 1, 201)]
UNKNOWN = "no reliable gold: of no rater is it known how late she is"


def late(lag_s, points, rate_hz):
    """Values of somebody who follows a curve so late, for as long as it goes."""
    times = np.arange(0, points[-1]["time_s"] + 0.01, 1 / rate_hz) - lag_s
    levels = np.interp(times, [p["time_s"] for p in points], [p["value"][0] for p in points])
    return [[float(level)] for level in levels]


def rated(*raters, gold=None, **changes):
    """One film, rated at 5 Hz by raters of (what they did on the clip, or their lag there; their lag on the film)."""
    rules = {"gold": {"rate_hz": 5, "min_raters": 1, **(gold or {})}, "raters": {"per_item": 4}}
    study = factories.trace_study(CLIP, ONE, **rules, **changes)
    for did, lag_s in raters:
        rate(study, did, lag_s)
    return study


def rate(study, did, lag_s):
    rater = Rater.consented(study)
    assignment = rater.next()
    curve = assignment["questions"][0]["options"]["curve"]
    on_clip = did if isinstance(did, list) else late(did, curve, 10)
    clip = rater.trace_values(assignment, "clip", on_clip, step_us=100_000)
    film = rater.trace_values(assignment, "trace1d", late(lag_s, CURVE, 5))
    answers = {"clip": {"trace": clip}, "trace1d": {"trace": film}}
    assert rater.submit(assignment, answers).status_code == 200


def gold_of(study, **rules):
    return compute(study, gold_rules=rules).gold_traces[0]


def test_each_raters_own_lag_is_taken_out_of_gold_where_the_rule_says_so():
    study = rated((0.4, 0.4), (1.2, 1.2), (STILL, 1.2))
    truth = np.array(late(0, CURVE, 5))[:15, 0]
    plain, own = gold_of(study), gold_of(study, lag_from="calibration")
    filled = gold_of(study, lag_from="calibration", lag_s=1.2)
    assert np.abs(np.frombuffer(plain.values)[:15] - truth).max() > 0.2
    for gold in (own, filled):
        assert np.frombuffer(gold.values)[:15] == pytest.approx(truth)
    # Whose calibration shows no lag is left out, unless the rule says how late such raters are.
    assert (own.n_raters, sorted(own.provenance["lags_s"].values(), key=str)) == (2, [0.4, 1.2, None])
    assert (filled.n_raters, sorted(filled.provenance["lags_s"].values())) == (3, [0.4, 1.2, 1.2])
    assert "lags_s" not in plain.provenance
    # Agreement is that of the traces as they were given.
    first, second = (
        [row.result.value for row in compute(study, gold_rules=rules).outcomes["trace1d"].agreement]
        for rules in ({}, {"lag_from": "calibration"})
    )
    assert first == second


def test_researchers_see_how_each_rater_followed():
    study = rated((0.4, 0), (STILL, 0), gold={"fusion": "ewe", "lag_from": "calibration"})
    factories.analyse(study)
    [item] = study.study_items.all()
    shown = factories.signed_in().get(f"/api/studies/{study.slug}/items/{item.item_id}/traces/").json()
    followed, still = sorted(
        (one["calibration"] for one in shown["raters"]), key=lambda one: one["lag_s"] or 9
    )
    assert followed == pytest.approx({"lag_s": 0.4, "gain": 1, "noise": 0, "r": 1}, abs=1e-6)
    assert still == dict.fromkeys(followed)
    # The gold is what the protocol takes for it, and its lags are those that the protocol takes out.
    told = {one["method"]: (one["is_gold"], one["lag_from"]) for one in shown["gold"]}
    assert told == {"ewe": (True, "calibration"), "mean": (False, "calibration")}


def test_one_lag_for_all_leaves_the_lead_in_and_the_end_without_gold():
    study = rated((0.4, 0.4), presentation={"lead_in_s": 1.0})
    values = np.frombuffer(gold_of(study, lag_s=0.4).values)
    known = np.isfinite(values)
    assert (known[:5].any(), known[5:18].all(), known[18:].any()) == (False, True, False)


def test_without_anybodys_lag_there_is_no_gold_and_the_reason_is_told():
    gold = gold_of(rated((STILL, 0)), lag_from="calibration")
    assert np.isnan(np.frombuffer(gold.values)).all()
    assert (gold.n_raters, gold.reason) == (0, UNKNOWN)


def test_a_lag_from_calibration_needs_one():
    checked = ProtocolSerializer(data={**factories.protocol("veatic"), "gold": {"lag_from": "calibration"}})
    assert not checked.is_valid()
    assert "needs a question that calibrates" in str(checked.errors["gold"]["lag_from"])


def test_a_policy_leaves_out_whoever_did_not_follow_the_calibration():
    study = rated((0.4, 0), (ANYHOW, 0), (STILL, 0))
    rule = {"check": "calibration", "of": "response", "limit": 0.5, "name": "lost"}
    told = ExportedStudy(organisation_id=study.organisation_id, slug=study.slug, rules=[rule]).responses()
    # Of somebody who never moved nothing is known: another rule is for that.
    assert [row.excluded for row in sorted(told, key=lambda row: row.rater.id)] == [None, "lost", None]
