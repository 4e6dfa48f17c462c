"""Scale conversion, taxonomies and coordinates."""

import numpy as np
import pytest

from affectory.mapping import (
    Scale,
    category_to_vad,
    convert_scale,
    fit_mapping,
    nearest_category,
    read_lexicon,
    vad_to_categories,
)
from affectory.taxonomy import SOURCES, TAXONOMIES, get_taxonomy
from affectory.taxonomy.pad import PAD
from tests.affectory.reference import document


def test_scale_conversions_match_reference_and_round_trip():
    for conversion in document("scale_conversions")["conversions"]:
        given, wanted = np.array(conversion["cases"]).T
        source, target = tuple(conversion["from"]), tuple(conversion["to"])
        found = convert_scale(given, source, target)
        np.testing.assert_allclose(found.values, wanted, atol=1e-12)
        np.testing.assert_allclose(convert_scale(found.values, target, source).values, given, atol=1e-12)
        np.testing.assert_allclose(found.intercept + found.slope * given, wanted, atol=1e-12)


def test_values_outside_a_scale_are_reported_and_not_clipped():
    found = convert_scale([0, 5, 10, np.nan], (1, 9), (-1, 1))
    np.testing.assert_allclose(found.values, [-1.25, 0, 1.25, np.nan])
    assert found.out_of_range.tolist() == [True, False, True, False]
    assert found.reason == "2 value(s) outside 1 to 9"


def test_converted_values_name_the_scales_that_they_come_from():
    likert = Scale(5, 1, name="agreement")
    assert convert_scale([1], likert, (0, 1)).source == "straight line from agreement 5 to 1 onto 0 to 1"


def test_missing_codes_become_missing_before_conversion():
    found = convert_scale([-2, 1], Scale(-1, 1, missing_codes=(-2,)), (0, 1))
    np.testing.assert_allclose(found.values, [np.nan, 1])
    assert found.reason is None


def test_a_descending_scale_turns_round():
    np.testing.assert_allclose(convert_scale([1, 9], Scale(9, 1), (-1, 1)).values, [1, -1])


def test_pad_terms_are_those_of_the_reference():
    rows = document("pad_russell_mehrabian_1977")["rows"]
    assert {row["term"]: (row["pleasure"], row["arousal"], row["dominance"]) for row in rows} == dict(PAD)


@pytest.mark.parametrize("name", ["ekman6", "crema_d", "ferplus8", "plutchik8", "mikels8"])
def test_anchor_terms_are_those_of_the_reference(name):
    terms = document("taxonomies")["taxonomies"][name]
    taxonomy = get_taxonomy(name)
    assert set(terms) == set(taxonomy.keys)
    for key, term in terms.items():
        assert taxonomy.label(key).anchor.vad == (PAD[term] if term else (0, 0, 0))


def test_every_coordinate_names_a_known_source():
    for taxonomy in TAXONOMIES.values():
        for label in taxonomy.anchored():
            assert label.anchor.source.split(":")[0] in SOURCES


def test_one_category_maps_to_its_own_coordinates_without_spread():
    crema = get_taxonomy("crema_d")
    found = category_to_vad(np.eye(6), crema)
    np.testing.assert_allclose(found.mean, crema.coordinates())
    np.testing.assert_allclose(found.covariance, 0, atol=1e-15)
    assert found.sources["A"] == "russell_mehrabian_1977:angry"
    assert nearest_category(found.mean, crema).labels == crema.keys


def test_mixed_votes_keep_their_ambiguity():
    found = category_to_vad({"H": 5, "S": 5}, get_taxonomy("crema_d"))
    happy, sad = np.array(PAD["happy"]), np.array(PAD["sad"])
    np.testing.assert_allclose(found.mean[0], (happy + sad) / 2)
    np.testing.assert_allclose(found.covariance[0], np.outer(happy - sad, happy - sad) / 4)


def test_weight_on_a_label_without_coordinates_is_undefined_and_named():
    found = category_to_vad({"unknown": 1, "anger": 9}, get_taxonomy("ferplus10"))
    assert np.isnan(found.mean).all()
    assert found.reasons == ("no coordinates for unknown",)
    assert category_to_vad({}, get_taxonomy("crema_d")).reasons == ("no category has any weight",)


def test_nearest_category_ties_and_gaps_have_no_label():
    found = nearest_category([[np.nan, 0, 0], [0, 0, 0]], get_taxonomy("crema_d"))
    assert found.labels == (None, "N")
    assert found.reasons == ("a coordinate is missing", None)
    assert nearest_category([0.8, 0.5], get_taxonomy("ekman6")).labels == ("happiness",)


def test_points_become_soft_labels_that_agree_with_the_nearest_category():
    ekman = get_taxonomy("ekman6")
    points = np.random.default_rng(0).uniform(-1, 1, (50, 3))
    for spread in (0.01, 0.3, 5.0):
        found = vad_to_categories(points, ekman, spread=spread)
        np.testing.assert_allclose(found.shares.sum(axis=1), 1)
        best = tuple(ekman.keys[i] for i in found.shares.argmax(axis=1))
        assert best == nearest_category(points, ekman).labels
    np.testing.assert_allclose(found.shares, 1 / 6, atol=0.1)  # very soft is nearly even
    assert found.sources["anger"].startswith("russell_mehrabian_1977:")


def test_soft_labels_say_what_they_could_not_place():
    found = vad_to_categories([[0.1, 0.1, np.nan], [0, 0, 0]], get_taxonomy("ferplus10"))
    assert np.isnan(found.shares[0]).all()
    assert found.reasons == ("a coordinate is missing", None)
    homeless = [label.anchor is None for label in get_taxonomy("ferplus10").labels]
    np.testing.assert_array_equal(found.shares[1][homeless], 0)
    with pytest.raises(ValueError, match="spread"):
        vad_to_categories([0, 0, 0], "ekman6", spread=0)


def test_unknown_labels_are_refused_by_name():
    with pytest.raises(KeyError, match="rage"):
        category_to_vad({"rage": 1}, get_taxonomy("ekman6"))
    with pytest.raises(KeyError, match="no taxonomy"):
        get_taxonomy("emotions")


@pytest.mark.parametrize("kind", ["ridge", "knn"])
def test_fitted_mapping_reports_what_it_does_on_unseen_groups(kind):
    rng = np.random.default_rng(0)
    x = rng.random((600, 5))
    y = x @ rng.normal(size=(5, 3)) + 0.3 * rng.normal(size=(600, 3))
    fitted = fit_mapping(x, y, kind=kind, groups=np.arange(600) // 4)
    for axis in fitted.report:
        assert 0.5 < axis.r.value < 1
        assert axis.ccc.value <= axis.r.value
        assert 0 < axis.slope < 1
    assert fitted.parameters["n_groups"] == 150
    assert fitted.predict(x[:7]).values.shape == (7, 3)
    again = fit_mapping(x, y, kind=kind, groups=np.arange(600) // 4)
    np.testing.assert_array_equal(fitted.predict(x).values, again.predict(x).values)


def test_predictions_name_their_source_and_the_reference_number_of_neighbours():
    x = np.random.default_rng(0).random((60, 2))
    fitted = fit_mapping(x, x, kind="knn", groups=range(60), name="EmoBank 1.0")
    assert fitted.source.startswith("knn fitted on EmoBank 1.0, sha256 ")
    assert fitted.predict(x).source == fitted.source
    assert fitted.source == fit_mapping(x, x, kind="knn", groups=range(60), name="EmoBank 1.0", seed=4).source
    assert fitted.source != fit_mapping(x, x + 1, kind="knn", groups=range(60), name="EmoBank 1.0").source
    assert fitted.parameters["neighbours"] == document("mapping_anchors")["knn_k"]


@pytest.mark.parametrize("kind", ["ridge", "knn"])
def test_what_is_only_memorised_within_a_group_does_not_count(kind):
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(60), 10)
    x = rng.normal(size=(60, 4))[group] + 0.01 * rng.normal(size=(600, 4))
    y = rng.normal(size=60)[group]
    report = fit_mapping(x, y, kind=kind, groups=group, neighbours=5).report[0]
    assert report.r.value < 0.4


def test_fitted_mapping_leaves_incomplete_items_out_and_predicts_nan_for_them():
    rng = np.random.default_rng(0)
    x, y = rng.random((50, 2)), rng.random((50, 1))
    x[0, 0] = y[1, 0] = np.nan
    for kind in ("ridge", "knn"):
        fitted = fit_mapping(x, y, kind=kind, groups=range(50))
        assert fitted.parameters["n_items_dropped"] == 2
        assert np.isnan(fitted.predict(x).values[0]).all()
    with pytest.raises(ValueError, match="two groups"):
        fit_mapping(x, y, kind="ridge", groups=[1] * 50)


@pytest.mark.parametrize("kind", ["ridge", "knn"])
def test_infinite_values_are_refused_with_their_place(kind):
    x = np.random.default_rng(0).random((40, 2))
    broken = x.copy()
    broken[3, 1] = np.inf
    with pytest.raises(ValueError, match="x: infinite value in item 3, column 1"):
        fit_mapping(broken, x, kind=kind, groups=range(40))
    with pytest.raises(ValueError, match="y: infinite value in item 3, column 1"):
        fit_mapping(x, -broken, kind=kind, groups=range(40))
    with pytest.raises(ValueError, match="x: infinite value in item 3, column 1"):
        fit_mapping(x, x, kind=kind, groups=range(40)).predict(broken)
    with pytest.raises(ValueError, match="vad: infinite value at point 3"):
        nearest_category(broken, "ekman6")


@pytest.mark.parametrize("kind", ["ridge", "knn"])
def test_a_target_that_never_varies_has_no_r_and_says_why(kind):
    x = np.random.default_rng(0).random((40, 2))
    axis = fit_mapping(x, np.full(40, 0.25), kind=kind, groups=range(40)).report[0]
    assert axis.r.value is None
    assert axis.r.reason
    assert axis.slope is None
    assert axis.rmse == pytest.approx(0, abs=1e-12)


def test_a_mapping_keeps_its_fit_when_features_change_their_unit():
    rng = np.random.default_rng(0)
    x = rng.random((80, 3))
    y = x @ [1.0, 2.0, -1.0] + 0.1 * rng.normal(size=80)
    plain = fit_mapping(x, y, kind="ridge", groups=range(80))
    moved = fit_mapping(1000 * x + 1e6, y, kind="ridge", groups=range(80))
    after = moved.predict(1000 * x + 1e6).values
    np.testing.assert_allclose(plain.predict(x).values, after, atol=1e-6)
    assert moved.report[0].r.value == pytest.approx(plain.report[0].r.value, abs=1e-9)


LEXICA = {
    "nrc_vad_1": ["Word\tValence\tArousal\tDominance", "joy\t1.0\t0.5\t0.75"],
    "nrc_vad_2": ["term\tvalence\tarousal\tdominance", "joy\t1.0\t0\t0.5"],
    "warriner_2013": [",Word,V.Mean.Sum,V.SD.Sum,A.Mean.Sum,D.Mean.Sum", "1,joy,9,0.1,5,7"],
    "glasgow_2019": [
        "Words,Length,AROU,,,VAL,,,DOM,,",
        "word,length,M,SD,N,M,SD,N,M,SD,N",
        "joy,3,5,1,30,9,1,30,7,1,30",
    ],
}


@pytest.mark.parametrize("kind", sorted(LEXICA))
def test_lexica_are_read_to_one_scale_with_a_source_per_word(kind):
    found = read_lexicon(LEXICA[kind], kind=kind)
    assert found.anchors["joy"].vad == pytest.approx((1, 0, 0.5))
    assert found.anchors["joy"].source == f"{kind}:joy"
    assert found.citation


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a,b"], "line 1: no column word"),
        (["Word,V.Mean.Sum,A.Mean.Sum,D.Mean.Sum", "joy,9,5,11"], "line 2: 'joy'"),
        (["Word,V.Mean.Sum,A.Mean.Sum,D.Mean.Sum", "joy,9,5,7", "joy,9,5,7"], "line 3: 'joy' stands twice"),
        (["Word,V.Mean.Sum,A.Mean.Sum,D.Mean.Sum", "joy,9,x,7"], "no number"),
        (["Word,V.Mean.Sum,A.Mean.Sum,D.Mean.Sum", "joy,nan,5,7"], "does not lie"),
    ],
)
def test_broken_lexica_are_refused_with_the_line(lines, message):
    with pytest.raises(ValueError, match=message):
        read_lexicon(lines, kind="warriner_2013")
