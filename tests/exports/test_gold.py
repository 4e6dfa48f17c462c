"""Gold rules of a recipe: where raters agree too little, no label and no gold trace is a legitimate outcome."""

import numpy as np
import pytest

import affectory
from affectory.errors import Invalid
from affectory.views.contract import Options
from affectory.views.source import Source
from annotation.analysis.run import compute
from annotation.services.studies import create_study
from exports.facade import request_release
from exports.recipe import checked_recipe
from exports.services.build import restore
from tests import factories
from tests.exports.making import dataset, performed, released
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


def _labels(**gold):
    release = released(dataset(gold=gold))
    assert release.summary["gold"] == gold
    [made] = release.manifest["facts"]["gold_made"]
    assert (made["question"], made["method"], made["items"] + made["without"]) == ("emotion", "vote", 1)
    assert made["parameters"] == {"min_raters": 2, "taxonomy": "meld7", **gold}
    items = table_of(release, "items").sort_by("item_id").to_pydict()
    return items["emotion_label"], items["emotion_votes"], items["emotion_reason"]


def test_a_category_needs_the_share_that_the_recipe_asks_for():
    """Two of three raters say joy."""
    study = factories.study(items=1, per_item=3)
    for label in ("joy", "joy", "anger"):
        Rater.consented(study).rate({"emotion": {"labels": [label]}})
    plain, votes, _ = _labels()
    assert plain == ["joy"]
    assert _labels(share_above=0.5) == (["joy"], votes, [None])
    for rules, why in (
        ({"share_above": 0.7}, "share 0.667 of the most frequent category is not above 0.7"),
        ({"share_above": 0.5, "min_raters": 4}, "3 vote(s), 4 needed"),
    ):
        label, same_votes, [reason] = _labels(**rules)
        assert (label, same_votes) == ([None], votes)
        assert why in reason


def test_a_label_of_several_needs_the_share_of_raters_instead_of_half():
    document = factories.protocol(raters={"per_item": 3})
    document["questions"][0]["options"] |= {"multiple": True}
    of = factories.corpus()
    factories.item("item-0", of, kind="dialogue", context=[{"speaker": "A", "text": "Hm.", "target": True}])
    study = create_study(
        organisation=of.organisation, slug="study", title="S", document=document,
        collection=factories.collection(of, "all-study"), requested_by="test",
    )  # fmt: skip
    for labels in (["joy", "fear"], ["joy"], ["joy"]):
        Rater.consented(study).rate({"emotion": {"labels": labels}})
    assert _several(study) == ["joy"]
    assert _several(study, share_above=0.3) == ["fear", "joy"]
    assert _several(study, share_above=0.3, min_raters=4) == []
    for rules, expected in (({"share_above": 0.3}, ["fear", "joy"]), ({"min_raters": 4}, None)):
        items = table_of(released(dataset(gold=rules)), "items").to_pydict()
        told = items["emotion_labels"][0]
        assert (told if told is None else sorted(told)) == expected
        assert (items["emotion_reason"] == [None]) == (expected is not None)


def _several(study, **rules):
    labels = compute(study, gold_rules=rules).outcomes["emotion"].labels
    [voted] = [label for label in labels if label.method == "vote"]
    return sorted(voted.value["labels"])


def _traced(signs=(1, -1), **gold):
    """All raters follow valence; on arousal they go up or down."""
    document = factories.protocol("veatic", raters={"per_item": len(signs)}, gold=gold)
    of = factories.corpus()
    factories.item("item-0", of)
    study = create_study(
        organisation=of.organisation, slug="study", title="S", document=document,
        collection=factories.collection(of, "all-study"), requested_by="test",
    )  # fmt: skip
    for sign in signs:
        rater = Rater.consented(study)
        assignment = rater.next()
        values = [[0.1 * step, sign * (0.1 * step - 0.4)] for step in range(9)]
        rater.submit(assignment, {"affect": {"trace": rater.trace_values(assignment, "affect", values)}})
    return study


def test_a_trace_needs_the_pairwise_ccc_that_the_recipe_asks_for():
    study = _traced()
    kept = table_of(released(dataset()), "gold_traces").to_pylist()
    assert {row["method"] for row in kept} == {"mean", "ewe"}
    assert all(any(one is not None for one in row["arousal"]) for row in kept)
    asked = table_of(released(dataset(gold={"min_ccc": 0.3})), "gold_traces").to_pylist()
    for before, row in zip(kept, asked, strict=True):
        assert row["valence"] == before["valence"]
        assert set(row["arousal"]) == {None}
        assert row["n"] == before["n"]
        if row["method"] == "mean":
            assert before["reason"] is None
        assert row["reason"].startswith("arousal: no reliable gold: mean pairwise CCC")
    [gold, _] = compute(study, gold_rules={"min_ccc": 0.3}).gold_traces
    assert "arousal: no reliable gold: mean pairwise CCC" in gold.reason


@pytest.mark.parametrize(("field", "value"), [("share_above", 1), ("min_ccc", -2), ("min_cccc", 0)])
def test_a_wrong_gold_rule_is_refused_by_its_name(field, value):
    with pytest.raises(Invalid, match=rf"gold\.{field}"):
        checked_recipe({"collection": "c", "studies": ["s"], "gold": {field: value}})


def test_a_lag_beside_none_is_refused():
    with pytest.raises(Invalid, match=r"gold\.lag_s: cannot be"):
        checked_recipe({"collection": "c", "studies": ["s"], "gold": {"lag_from": "none", "lag_s": 1}})


@pytest.mark.torch
@pytest.mark.parametrize(
    ("protocol", "recipe", "expected"),
    [({}, {}, "mean"), ({"fusion": "ewe"}, {}, "ewe"), ({"fusion": "ewe"}, {"affect": "mean"}, "mean")],
    ids=["by default", "as the protocol says", "as the recipe says"],
)
def test_one_fusion_is_the_gold_and_is_what_is_trained_on(protocol, recipe, expected, tmp_path):
    _traced(signs=(1, 1, -1), **protocol)
    release = released(dataset(gold={"fusion": recipe}))
    rows = table_of(release, "gold_traces").to_pylist()
    assert {row["method"]: row["gold"] for row in rows} == {
        "mean": expected == "mean",
        "ewe": expected == "ewe",
    }
    restore(release, tmp_path / "release")
    loaded = affectory.load(tmp_path / "release")
    fused = {trace.method: trace for trace in loaded.traces(gold=True)}
    assert not np.array_equal(fused["mean"].arousal, fused["ewe"].arousal, equal_nan=True)
    [shown] = loaded.to_torch(target=("arousal",))
    assert shown["values"][:, 0].tolist() == np.nan_to_num(fused[expected].arousal).tolist()
    [viewed] = Source(loaded).gold_traces(Options({"question": "", "method": ""}))
    assert viewed.method == expected


def test_a_question_without_a_choice_of_fusions_is_refused_by_its_name():
    _traced()
    job = performed(request_release(dataset=dataset(gold={"fusion": {"clip": "ewe"}}), requested_by="test"))
    assert job.error["code"] == "invalid_recipe"
    assert "gold.fusion: no question 'clip' has traces of levels; these have: affect" in job.error["message"]
