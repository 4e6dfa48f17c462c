"""The label sets that ship are those of the reference, whole and in order, and their trees and maps hold."""

import json

import pytest

from affectory.taxonomy import TAXONOMIES, Label, Taxonomy, get_taxonomy
from tests.affectory.reference import document

# Our name -> the name in the reference, where they differ.
NAMES = {
    "crema_d": "crema_d6",
    "brighter6": "brighter6_intensity0_3",
    "cowen27": "cowen_video27_vce",
    "parrott6": "parrott_primary6_u",
}
SPELLING = {"happiness/joy": "happiness"}
# Sets that are made from others: FERPlus without its escapes, GoEmotions without neutral, Parrott's tree.
DERIVED = {"ferplus8", "goemotions27", "parrott31"}


def verified():
    """Label sets of the reference that were checked; what is marked (u) there, whole or in part, was not."""
    listed = document("protocols")["taxonomies"]
    return {name: keys for name, keys in listed.items() if "_u" not in name and "(u)" not in str(keys)}


def expected(listed):
    names = list(listed.values()) if isinstance(listed, dict) else [str(one) for one in listed]
    return [SPELLING.get(name, name) for name in names]


def flat(name, listed):
    """The reference has three of its sets in shapes of their own."""
    if name == "studyforrest_cues":
        return [*listed, *(cue for cues in listed.values() for cue in cues)]
    return list(listed) if name in {"mikels2_map", "epitome"} else expected(listed)


def plain(text):
    return text.replace("_", " ").split(" (")[0]


@pytest.mark.parametrize("name", sorted(set(TAXONOMIES) - DERIVED))
def test_shipped_labels_are_those_of_the_reference(name):
    listed = document("protocols")["taxonomies"]
    wanted = NAMES.get(name, name + "_map" if name == "mikels2" else name)
    labels = get_taxonomy(name).labels
    for label, one in zip(labels, flat(wanted, listed[wanted]), strict=True):
        assert plain(one) in {plain(label.name), plain(label.key)}


def test_every_checked_label_set_of_the_reference_ships():
    ours = {NAMES.get(name, name) for name in TAXONOMIES}
    assert set(verified()) - ours - {"mikels2_map"} == set()
    assert "mikels2" in TAXONOMIES


def test_derived_sets_are_parts_of_their_wholes():
    assert get_taxonomy("ferplus10").keys[:8] == get_taxonomy("ferplus8").keys
    assert get_taxonomy("goemotions28").keys[:27] == get_taxonomy("goemotions27").keys
    listed = document("taxonomies")
    assert list(get_taxonomy("goemotions27").keys) == listed["taxonomies"]["goemotions27"]
    assert list(get_taxonomy("parrott6").keys) == listed["parrott_primary"]
    assert get_taxonomy("parrott31").children() == get_taxonomy("parrott6").keys


@pytest.mark.parametrize("name", sorted(TAXONOMIES))
def test_maps_take_every_label_to_a_set_that_ships(name):
    taxonomy = get_taxonomy(name)
    for target, pairs in taxonomy.maps.items():
        assert set(pairs) == set(taxonomy.keys)
        assert set(pairs.values()) - {None} <= set(get_taxonomy(target).keys)
    assert json.loads(json.dumps(taxonomy.as_dict()))["version"]


def test_polarity_of_mikels_emotions_is_that_of_the_reference():
    for polarity, keys in document("protocols")["taxonomies"]["mikels2_map"].items():
        assert set(get_taxonomy("mikels8").map_to("mikels2", keys)) == {polarity}


def test_maps_are_many_to_one_and_have_gaps():
    assert get_taxonomy("goemotions28").map_to("ekman6", ["annoyance", "love", "neutral"]) == [
        "anger", "happiness", None,
    ]  # fmt: skip
    assert get_taxonomy("meld7").map_to("ekman6", ["joy", "neutral"]) == ["happiness", None]
    with pytest.raises(KeyError, match="no map to"):
        get_taxonomy("ekman6").map_to("plutchik8", ["fear"])


def test_a_tree_is_walked_down_and_up():
    parrott = get_taxonomy("parrott31")
    assert parrott.children("love") == ("affection", "lust", "longing")
    assert parrott.path("sadness.sadness") == ("sadness", "sadness.sadness")
    assert parrott.label("sadness.sadness").name == "sadness"
    assert parrott.raised(["zest", "joy"], 1) == ["joy", "joy"]
    assert parrott.raised(["zest"], 5) == ["zest"]
    assert sum(len(parrott.children(key)) for key in parrott.children()) == 25
    assert get_taxonomy("studyforrest_cues").path("FACE") == ("onset", "FACE")
    assert get_taxonomy("ekman6").children() == get_taxonomy("ekman6").keys


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        ([Label("a", "a"), Label("a", "a")], "stands twice"),
        ([Label("a", "a", parent="b")], "stands under 'b', no label of it"),
        ([Label("a", "a", parent="b"), Label("b", "b", parent="a")], "stands under itself"),
    ],
)
def test_a_broken_set_is_refused(labels, complaint):
    with pytest.raises(ValueError, match=complaint):
        Taxonomy("broken", "1", tuple(labels), "nobody")


def test_every_emotion_with_a_name_in_one_further_language_has_it_in_all():
    for taxonomy in TAXONOMIES.values():
        for label in taxonomy.labels:
            assert set(label.names) in (set(), {"es", "zh", "ar"}), (taxonomy.name, label.key)
            assert label.name_in("tlh") == label.name


def test_a_corpus_code_is_named_by_what_it_stands_for():
    assert get_taxonomy("crema_d").label("A").name_in("es") == "ira"


def test_polarities_follow_from_the_source():
    of = {label.key: label.polarity for label in get_taxonomy("goemotions28").labels}
    assert (of["joy"], of["remorse"], of["surprise"], of["neutral"]) == (
        "positive",
        "negative",
        "ambiguous",
        "neutral",
    )
    assert get_taxonomy("ekman6").label("fear").polarity is None  # nobody grouped them


def test_a_polarity_that_is_none_is_refused():
    with pytest.raises(ValueError, match="polarity 'good' is none of positive"):
        Label("joy", "joy", polarity="good")
