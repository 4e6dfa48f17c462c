"""A release of a study in which an item came twice: the second answers are there, told apart, and make no label."""

import pytest

from annotation.analysis.run import compute
from annotation.services.studies import create_study
from tests import factories
from tests.exports.making import dataset, released
from tests.exports.released import table_of
from tests.factories import Rater

VALENCE = {"key": "valence", "name": "Valence", "min": -1, "max": 1, "low_label": "low", "high_label": "high"}
CALM = {"key": "calm", "type": "yes_no", "prompt": "Is it calm?", "options": {}}
FEEL = {
    "key": "feel", "type": "scale", "prompt": "How is it?",
    "options": {"dimensions": [{**VALENCE, "key": key, "step": 1, "max": 5} for key in ("arousal", "valence")]},
}  # fmt: skip
SLIDER = {"key": "slider", "type": "trace1d", "options": {"dimensions": [VALENCE]}}
RISING = [[round(-1 + at / 10, 2)] for at in range(21)]


@pytest.mark.django_db(transaction=True)
def test_second_answers_are_released_apart_and_make_no_label():
    of = factories.corpus()
    for number in range(2):
        factories.item(f"item-{number}", of)
    made = create_study(
        organisation=of.organisation, slug="study", title="Twice",
        document=factories.trace_document(
            SLIDER, CALM, FEEL, quality={"repeats": {"items": 1, "after": 1}},
            gold={"rate_hz": 5, "min_raters": 1}, raters={"items_per_rater": 2},
        ),
        collection=factories.collection(of, "all-study"), requested_by="test",
    )  # fmt: skip
    rater = Rater.consented(made)
    for values, calm in ((RISING, "yes"), (RISING, "yes"), (RISING[::-1], "no")):
        assignment = rater.next()
        trace = rater.trace_values(assignment, "slider", values)
        answers = {
            "slider": {"trace": trace},
            "calm": {"labels": [calm]},
            "feel": {"arousal": 1, "valence": 2},
        }
        assert rater.submit(assignment, answers).status_code == 200
    release = released(dataset())
    answers = table_of(release, "annotations").to_pandas()
    calm = answers[answers["question"] == "calm"].astype(object).fillna("")
    assert set(zip(calm["value_label"], calm["excluded"], strict=True)) == {("no", "repeat"), ("yes", "")}
    assert answers["question"].value_counts().to_dict() == {"feel": 6, "calm": 3}
    traces = table_of(release, "traces").to_pandas().set_index(["item_id", "take"])
    again = traces.index[traces["excluded"] == "repeat"]
    assert [take for _, take in again] == [1]
    assert sorted(take for _, take in traces.index) == [0, 0, 1]
    assert set(table_of(release, "traces_raw").to_pandas()["take"]) == {0, 1}
    assert [votes.tolist() for votes in table_of(release, "items").to_pandas()["calm_votes"]] == [[1, 0]] * 2
    gold = table_of(release, "gold_traces").to_pandas()
    assert all(values[0] == -1 for values in gold["valence"])
    told = {
        row.measure: row.result
        for outcome in compute(made).outcomes.values()
        for row in outcome.agreement
        if row.measure.startswith("retest")
    }
    # The reversed trace is held for a fifth of a second at each value, as the first one was.
    assert told["retest_ccc"].value == pytest.approx(-1, abs=0.02)
    assert told["retest_ccc"].reason == "one rater alone has no interval over raters"
    assert told["retest_kappa"].details["observed_agreement"] == 0
