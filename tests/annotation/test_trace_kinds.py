"""Every kind of trace: what its values may be, what raters are shown, how it is compared, fused and scored."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from annotation.analysis.run import compute
from annotation.models import Assignment, Trace, TraceSeries
from annotation.protocol import ProtocolSerializer
from annotation.questions import question_types
from tests import factories
from tests.factories import Chunk, Rater

DOCS = Path(__file__).resolve().parents[2] / "docs" / "traces.md"
pytestmark = pytest.mark.django_db


def axis(key="valence", low=-1.0, high=1.0, **more):
    ends = {"low_label": "low", "high_label": "high"}
    return {"key": key, "name": key, "min": low, "max": high, **ends, **more}


def direction(key="tension"):
    return {"key": key, "name": key, "low_label": "less", "high_label": "more"}


def asked(kind, key=None, when="always", **options):
    return {"key": key or kind, "type": kind, "when": when, "options": options}


LABELS = [{"key": key, "name": key.title()} for key in ("joy", "fear")]
ONE = asked("trace1d", dimensions=[axis()])
THREE = asked("trace3d", dimensions=[axis("valence"), axis("arousal"), axis("dominance")])
RANK = asked("trace_rank", dimensions=[direction()])
CHANGE = asked("trace_change", dimensions=[direction("valence"), direction("arousal")])
HELD = asked("trace_category", labels=LABELS)


@pytest.mark.parametrize(
    ("question", "good", "bad", "reason"),
    [
        (ONE, [0.5], [1.2], "is not between"),
        (THREE, [0, 0, 1], [0, 0], "2 values for 3 dimensions"),
        (RANK, [-812.5], [0, 0], "2 values for 1 dimensions"),
        (CHANGE, [3, -2], [0.5, 0], None),
        (HELD, [2], [3], "is not between"),
        (HELD, [0], [1.5], "is not the place of a label"),
    ],
)
def test_each_kind_takes_its_own_values_and_names_what_is_wrong(question, good, bad, reason):
    rater = Rater.consented(factories.trace_study(question))
    trace = rater.open_trace(rater.next(), question=question["key"]).json()
    assert rater.send(trace, Chunk.of(0, [("sample", 0, good)])).status_code == 200
    refused = rater.send(trace, Chunk.of(1, [("sample", 0, bad)]))
    if reason is None:
        assert refused.status_code == 200
    else:
        assert refused.status_code == 400
        assert reason in refused.json()["message"]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (asked("trace1d", dimensions=[axis()], along="horizontal", history_s=5), "needs a vertical slider"),
        (asked("trace1d", dimensions=[axis()], flip=["arousal"]), "'arousal' is not a dimension"),
        (asked("trace_rank", dimensions=[direction(), direction("b")]), "needs exactly 1"),
        (asked("trace_change", dimensions=[direction(), direction()]), "'tension' is there twice"),
        (asked("trace_category", labels=[LABELS[0], LABELS[0]]), "'joy' is there twice"),
        (
            asked(
                "trace1d",
                dimensions=[axis()],
                targets=[{"item": "a", "band": 0.1, "points": [{"time_s": 0, "value": [2]}]}],
            ),
            "must lie between -1 and 1",
        ),
    ],
)
def test_options_that_cannot_be_are_refused_with_the_reason(question, reason):
    raw = {**factories.protocol("veatic"), "questions": [{"prompt": "?", **question}]}
    checked = ProtocolSerializer(data=raw)
    assert not checked.is_valid()
    assert reason in str(checked.errors)


def _rated(question, *traces, **changes):
    """The study after one rater for each list of values, on its one item."""
    study = factories.trace_study(question, gold={"rate_hz": 5, "min_raters": 1}, **changes)
    for values in traces:
        rater = Rater.consented(study)
        assignment = rater.next()
        trace = rater.trace_values(assignment, question["key"], values)
        assert rater.submit(assignment, {question["key"]: {"trace": trace}}).status_code == 200
    return study


def _measures(study, key):
    rows = compute(study).outcomes[key].agreement
    return {(row.measure, row.dimension): row.result for row in rows if row.item is None}


def test_unbounded_traces_are_compared_by_their_changes_and_fused_by_shape():
    ramp = np.repeat(np.array([0, 1, 3, 2]), 5)
    study = _rated(RANK, [[float(v)] for v in ramp], [[float(100 + 7 * v)] for v in ramp])
    found = _measures(study, "trace_rank")
    assert found["pearson_gradient_mean", "tension"].value == pytest.approx(1)
    assert found["sign_agreement", "tension"].value == pytest.approx(1)
    assert not any("ccc" in measure for measure, _ in found)
    [gold] = compute(study).gold_traces
    values = np.frombuffer(gold.values)
    assert (gold.method, values.min(), values.max()) == ("mean_relative", 0, 1)


def test_categories_are_compared_by_name_and_ties_are_no_gold():
    joy, fear = [[1.0]] * 10 + [[0.0]] * 11, [[1.0]] * 10 + [[2.0]] * 11
    study = _rated(HELD, joy, fear)
    assert _measures(study, "trace_category")["krippendorff_alpha_nominal", "category"].value < 1
    [gold] = compute(study).gold_traces
    values = np.frombuffer(gold.values)
    assert gold.method == "vote"
    assert values[0] == 1
    assert np.isnan(values[-2])
    assert np.isnan(np.frombuffer(gold.sd)).all()


def test_the_lead_in_enters_no_analysis_and_says_so():
    early = [[-1.0]] * 10 + [[float(v)] for v in np.linspace(0, 1, 11)]
    other = [[1.0]] * 10 + [[float(v)] for v in np.linspace(0, 1, 11)]
    study = _rated(ONE, early, other, presentation={"lead_in_s": 2.0})
    factories.keep_series(study)
    computed = compute(study)
    assert _measures(study, "trace1d")["ccc_pairwise_mean", "valence"].value == pytest.approx(1)
    gold = computed.gold_traces[0]
    values = np.frombuffer(gold.values)
    assert np.isnan(values[:10]).all()
    assert not np.isnan(values[10])
    assert gold.provenance["lead_in_dropped_s"] == 2.0
    # Raw is for ever: the stored series still has the beginning.
    assert np.frombuffer(bytes(TraceSeries.objects.first().values))[0] in {-1.0, 1.0}


def test_a_report_of_an_earlier_version_is_made_anew_and_the_values_stay():
    study = _rated(ONE, [[float(v)] for v in np.linspace(-1, 1, 21)])
    factories.analyse(study)
    [item] = study.study_items.all()
    address = f"/api/studies/{study.slug}/items/{item.item_id}/traces/"
    client = factories.signed_in()
    told = client.get(address).json()
    assert told["raters"][0]["validity"]["at_bounds"] > 0
    TraceSeries.objects.update(validity={"coverage": 0.5})
    assert client.get(address).json() == told
    # Looking at it stores nothing; the next analysis does.
    assert TraceSeries.objects.get().validity == {"coverage": 0.5}
    factories.analyse(study)
    assert TraceSeries.objects.get().validity == told["raters"][0]["validity"]
    # What was imported has no log to tell more from.
    TraceSeries.objects.update(validity={"coverage": 0.5}, rule="imported")
    assert client.get(address).json()["raters"][0]["validity"] == {"coverage": 0.5}


def test_passes_go_round_and_axes_are_flipped_evenly_and_recorded():
    valence = asked("trace1d", "valence", dimensions=[axis("valence")], flip=["valence"])
    arousal = asked("trace1d", "arousal", dimensions=[axis("arousal")])
    study = factories.trace_study(
        valence, arousal, presentation={"counterbalance": True}, raters={"per_item": 4}
    )
    seen = []
    for _ in range(4):
        assignment = Rater.consented(study).next()
        told = {question["key"]: question["options"]["flipped"] for question in assignment["questions"]}
        seen.append((list(told), told["valence"]))
        kept = Assignment.objects.get(pk=assignment["id"]).presented
        assert (kept["questions"], kept["flipped"].get("valence", [])) == seen[-1]
    assert [order[0] for order, _ in seen] == ["valence", "arousal", "valence", "arousal"]
    assert [flipped for _, flipped in seen] == [[], [], ["valence"], ["valence"]]


CURVE = [{"time_s": float(t), "value": [float(v)]} for t, v in enumerate([0.0, 0.6, -0.6, 0.4, 0.0])]


def test_a_practice_item_shows_its_curve_and_the_reply_tells_the_score():
    target = {"item": "item-0", "band": 0.2, "points": CURVE}
    hidden = {"item": "item-1", "band": 0.2, "points": CURVE}
    question = asked("trace1d", dimensions=[axis()], targets=[target, hidden])
    study = factories.trace_study(question, items=2, raters={"practice_items": 1})
    rater = Rater.consented(study)
    assignment = rater.next()
    options = assignment["questions"][0]["options"]
    assert (options["target_points"], options["target_band"]) == (CURVE, 0.2)
    assert "targets" not in options
    exact = np.interp(np.arange(21) / 5, range(5), [0, 0.6, -0.6, 0.4, 0])
    trace = rater.trace_values(assignment, "trace1d", [[float(v)] for v in exact])
    [score] = rater.submit(assignment, {"trace1d": {"trace": trace}}).json()["scores"]
    assert score["dimension"] == "valence"
    assert score["share_in_band"] > 0.9
    assert score["distance"] < 0.2
    # The curve of an item that counts stays with the server.
    options = rater.next()["questions"][0]["options"]
    assert not {"targets", "target_points"} & set(options)


def test_the_calibration_is_asked_once_and_gives_lag_gain_and_noise():
    study = factories.trace_study(asked("calibration", "clip", "first", duration_s=20), ONE, items=2)
    rater = Rater.consented(study)
    assignment = rater.next()
    assert [question["key"] for question in assignment["questions"]] == ["clip", "trace1d"]
    curve = assignment["questions"][0]["options"]["curve"]
    times = np.arange(0, 20.01, 0.1)
    truth = np.interp(times - 0.8, [p["time_s"] for p in curve], [p["value"][0] for p in curve])
    values = [[float(0.1 + 0.5 * level)] for level in truth]
    clip = rater.trace_values(assignment, "clip", values, step_us=100_000)
    trace = rater.trace_values(assignment, "trace1d", [[0.0]] * 21)
    answers = {"clip": {"trace": clip}, "trace1d": {"trace": trace}}
    assert rater.submit(assignment, answers).status_code == 200
    assert [question["key"] for question in rater.next()["questions"]] == ["trace1d"]

    factories.keep_series(study)
    computed = compute(study)
    assert (computed.made_from["responses"], computed.made_from["excluded"]) == (1, {"practice": 1})
    shown = factories.signed_in().get(f"/api/studies/traces/items/{assignment['item']['id']}/traces/").json()
    assert shown["question"] == "trace1d"
    [score] = TraceSeries.objects.get(trace=clip).validity["target"]
    assert score["lag_s"] == pytest.approx(0.8, abs=0.05)
    assert score["gain"] == pytest.approx(0.5, abs=0.02)
    assert score["noise"] < 0.02


def test_who_is_rated_is_told_before_the_start():
    study = factories.trace_study(ONE, presentation={"target": "character"})
    assert Rater.consented(study).next()["item"]["target"] == "figure 0"


def test_a_question_of_another_assignment_cannot_be_answered():
    study = factories.trace_study(asked("calibration", "clip", "practice", duration_s=20), ONE)
    rater = Rater.consented(study)
    assignment = rater.next()
    refused = rater.open_trace(assignment, question="clip")
    assert refused.status_code == 400
    assert not Trace.objects.exists()


@pytest.mark.parametrize(
    ("kind", "text", "lasts_s"), [("text", "five words make no poem", 3.0), ("image", None, 6.0)]
)
def test_a_still_item_is_traced_for_the_time_that_the_protocol_gives_it(kind, text, lasts_s):
    rules = {"presentation": {"words_per_minute": 100, "still_s": 6}, "gold": {"rate_hz": 5}}
    study = factories.trace_study(ONE, kind=kind, text=text, **rules)
    rater = Rater.consented(study)
    assignment = rater.next()
    assert assignment["item"]["duration_s"] == lasts_s
    values = [[0.5]] * int(5 * lasts_s + 1)
    trace = rater.trace_values(assignment, "trace1d", values)
    assert rater.submit(assignment, {"trace1d": {"trace": trace}}).status_code == 200
    factories.keep_series(study)
    series = TraceSeries.objects.get(trace=trace)
    assert series.validity["coverage"] == 1.0
    assert len(bytes(series.values)) // 8 == pytest.approx(5 * lasts_s, abs=1)


def test_the_documented_example_is_a_protocol_and_every_kind_is_documented():
    page = DOCS.read_text(encoding="utf-8")
    example = tomllib.loads(re.search(r"```toml\n(.*?)```", page, re.DOTALL)[1])
    raw = factories.protocol("veatic")
    raw |= {**example, "presentation": {**raw["presentation"], **example["presentation"]}}
    checked = ProtocolSerializer(data=raw)
    assert checked.is_valid(), checked.errors
    kinds = {name for name, kind in question_types().items() if kind.continuous}
    assert {name for name in kinds if f"| `{name}` |" not in page} == set()
