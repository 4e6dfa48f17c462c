"""Gold rules of a recipe: where raters agree too little, no label and no gold trace is a legitimate outcome."""

import pytest

from affectory.errors import Invalid
from annotation.analysis.run import compute
from annotation.services.studies import create_study
from exports.recipe import checked_recipe
from tests import factories
from tests.exports.making import dataset, released
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)


def _labels(**gold):
    release = released(dataset(gold=gold))
    assert release.summary["gold"] == gold
    items = table_of(release, "items").sort_by("item_id").to_pydict()
    return items["emotion_label"], items["emotion_votes"]


def test_a_category_needs_the_share_that_the_recipe_asks_for():
    """Two of three raters say joy."""
    study = factories.study(items=1, per_item=3)
    for label in ("joy", "joy", "anger"):
        Rater.consented(study).rate({"emotion": {"labels": [label]}})
    plain, votes = _labels()
    assert plain == ["joy"]
    assert _labels(share_above=0.5) == (["joy"], votes)
    assert _labels(share_above=0.7) == ([None], votes)
    assert _labels(share_above=0.5, min_raters=4) == ([None], votes)


def test_a_label_of_several_needs_the_share_of_raters_instead_of_half():
    document = factories.protocol(raters={"per_item": 3})
    document["questions"][0]["options"] |= {"multiple": True}
    of = factories.corpus()
    factories.item("item-0", of, kind="dialogue", context=[{"speaker": "A", "text": "Hm.", "target": True}])
    study = create_study(
        organisation=of.organisation, slug="study", title="S", document=document,
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip
    for labels in (["joy", "fear"], ["joy"], ["joy"]):
        Rater.consented(study).rate({"emotion": {"labels": labels}})
    assert _several(study) == ["joy"]
    assert _several(study, share_above=0.3) == ["fear", "joy"]
    assert _several(study, share_above=0.3, min_raters=4) == []


def _several(study, **rules):
    labels = compute(study, gold_rules=rules).outcomes["emotion"].labels
    [voted] = [label for label in labels if label.method == "vote"]
    return sorted(voted.value["labels"])


def test_a_trace_needs_the_pairwise_ccc_that_the_recipe_asks_for():
    """Both raters follow valence; on arousal one goes up while the other goes down."""
    study = factories.study(items=1, preset="veatic", per_item=2)
    for sign in (1, -1):
        rater = Rater.consented(study)
        assignment = rater.next()
        values = [[0.1 * step, sign * (0.1 * step - 0.4)] for step in range(9)]
        rater.submit(assignment, {"affect": {"trace": rater.trace_values(assignment, "affect", values)}})
    kept = table_of(released(dataset()), "gold_traces").to_pylist()
    assert {row["method"] for row in kept} == {"mean", "ewe"}
    assert all(any(one is not None for one in row["arousal"]) for row in kept)
    asked = table_of(released(dataset(gold={"min_ccc": 0.3})), "gold_traces").to_pylist()
    for before, row in zip(kept, asked, strict=True):
        assert row["valence"] == before["valence"]
        assert set(row["arousal"]) == {None}
        assert row["n"] == before["n"]
    [gold, _] = compute(study, gold_rules={"min_ccc": 0.3}).gold_traces
    assert "arousal: no reliable gold: mean pairwise CCC" in gold.reason


@pytest.mark.parametrize(("field", "value"), [("share_above", 1), ("min_ccc", -2), ("min_cccc", 0)])
def test_a_wrong_gold_rule_is_refused_by_its_name(field, value):
    with pytest.raises(Invalid, match=rf"gold\.{field}"):
        checked_recipe({"collection": "c", "studies": ["s"], "gold": {field: value}})
