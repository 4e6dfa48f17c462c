"""Several split schemes in one recipe, from the recipe to the tables of a published release."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from affectory.errors import Invalid
from annotation.models import Study
from exports.facade import request_release, save_dataset
from exports.models import Release, SplitAssignment
from exports.recipe import checked_recipe
from ingest.models import Asset, Item, ItemPart
from jobs.models import JobState
from jobs.services import perform
from tests import factories
from tests.exports.released import table_of
from tests.factories import Rater

pytestmark = pytest.mark.django_db(transaction=True)
RECIPE = {"collection": "all-study", "studies": ["study"]}
RATIO = {"name": "main", "kind": "ratio", "keys": ["speaker"]}


def add_item(n, of=None, *, kind="dialogue", **fields):
    said = [{"speaker": "A", "text": f"Hm, {n}.", "target": True}] if kind == "dialogue" else None
    groups = {"speaker": f"s{n // 2}", "film": f"f{n // 4}"}
    return factories.item(
        f"item-{n:02d}", of or factories.corpus("corpus-study"), kind=kind,
        **{"context": said, "groups": groups, **fields},
    )  # fmt: skip


def dataset_of(*splits, **more):
    """A dataset of the items that are there, and of a study on them."""
    if not Study.objects.exists():
        factories.study(items=0)
    recipe = {**RECIPE, "splits": list(splits), **more}
    return save_dataset(organisation=factories.lab(), name="d", title="D", description="", recipe=recipe)


def job_of(dataset):
    job = request_release(dataset=dataset, requested_by="test")
    perform(job.pk)
    job.refresh_from_db()
    return job


def release_of(dataset):
    job = job_of(dataset)
    assert job.state == JobState.SUCCEEDED, job.error
    return Release.objects.get(job=job.pk)


def places(release, scheme):
    rows = table_of(release, "splits").to_pylist()
    return {row["item_id"]: row["role"] for row in rows if row["scheme"] == scheme}


def test_each_kind_of_scheme_is_in_the_splits_table_and_the_default_makes_the_parts_of_items():
    of = factories.corpus("corpus-study")
    for n in range(12):
        add_item(n, of, metadata={"recorded": f"2024-{n + 1:02d}-01"})
    official = {f"item-{n:02d}": "train" if n < 10 else "test" for n in range(12)}
    release = release_of(
        dataset_of(
            {"name": "loso", "kind": "loso", "key": "speaker"},
            {"name": "folds", "kind": "kfold", "folds": 3, "keys": ["speaker", "film"]},
            {"name": "dated", "kind": "date", "field": "recorded", "cuts": [
                {"before": "2024-07-01", "role": "train"}, {"before": None, "role": "test"}]},
            {"name": "official", "kind": "official", "roles": official},
            default_split="official",
        )
    )  # fmt: skip
    assert places(release, "loso")["item-00"] == "speaker=s0"
    folds = places(release, "folds")
    assert set(folds.values()) == {"fold0", "fold1", "fold2"}
    assert all(folds[f"item-{n:02d}"] == folds[f"item-{n // 4 * 4:02d}"] for n in range(12))
    assert [n for n in range(12) if places(release, "dated")[f"item-{n:02d}"] == "train"] == list(range(6))
    assert places(release, "official") == official
    items = table_of(release, "items").to_pylist()
    assert {row["item_id"]: row["split"] for row in items} == official
    assert {file.path.split("-")[0] for file in release.files.filter(path__startswith="items/")} == {
        "items/train", "items/test",
    }  # fmt: skip
    assert [(one["name"], one["kind"], one["leaks"]) for one in release.summary["schemes"]] == [
        ("loso", "loso", []), ("folds", "kfold", []), ("dated", "date", []), ("official", "official", []),
    ]  # fmt: skip
    assert release.summary["splits"]["sizes"] == {"test": 2, "train": 10}


def test_adding_items_moves_no_old_group_of_any_scheme():
    for n in range(12):
        add_item(n)
    dataset = dataset_of(RATIO, {"name": "folds", "kind": "kfold", "folds": 3, "keys": ["speaker"]})
    first = release_of(dataset)
    for n in range(12, 30):
        add_item(n)
    second = release_of(dataset)
    assert second.version == "1.1.0"
    for scheme in ("main", "folds"):
        before, after = places(first, scheme), places(second, scheme)
        assert len(after) == 30
        assert {key: after[key] for key in before} == before
    assert set(SplitAssignment.objects.values_list("scheme", flat=True)) == {"main", "folds"}


def test_stratified_schemes_spread_labels_and_the_grid_of_scales():
    rater = Rater.consented(factories.study(items=8, preset="image-emotion", items_per_rater=8, per_item=1))
    for n in range(8):
        emotion = "anger" if n % 2 else "fear"
        assignment = rater.next()
        answers = {q["key"]: factories.some_value(q) for q in assignment["questions"]}
        rater.submit(assignment, {**answers, "emotion": {"labels": [emotion]}})
    release = release_of(
        dataset_of(
            {"name": "main", "kind": "ratio", "ratios": {"train": 0.5, "test": 0.5}, "categories": ["emotion_label"],
             "scales": ["vad_valence", "vad_arousal"]},
            gold={"min_raters": 1},
        )
    )  # fmt: skip
    rows = table_of(release, "items").to_pylist()
    per_part = {(row["split"], row["emotion_label"]) for row in rows}
    assert per_part == {(part, label) for part in ("train", "test") for label in ("anger", "fear")}
    assert release.summary["splits"]["total_variation"]["train"]["emotion_label"] == 0
    assert release.summary["gold"] == {"min_raters": 1}


def test_one_recording_is_cut_in_time_with_a_guard_gap():
    factories.study(items=2, preset="veatic")
    parts = [{"role": "train", "share": 0.7}, {"role": "test", "share": 0.3}]
    release = release_of(
        dataset_of(RATIO, {"name": "temporal", "kind": "temporal", "parts": parts, "guard_s": 0.5})
    )
    rows = [row for row in table_of(release, "splits").to_pylist() if row["scheme"] == "temporal"]
    assert [(row["item_id"], row["role"]) for row in rows] == [
        (f"item-{n}", role) for n in range(2) for role in ("test", "train")
    ]
    left_s = factories.DURATION_S - 0.5
    assert rows[1]["start_s"] == 0
    assert rows[1]["end_s"] == pytest.approx(0.7 * left_s)
    assert rows[0]["start_s"] == pytest.approx(0.7 * left_s + 0.5)
    assert rows[0]["end_s"] == pytest.approx(factories.DURATION_S)


PARTS = [{"role": "train", "share": 0.7}, {"role": "test", "share": 0.3}]


def film_with(*stretches, guard_s=1):
    """A dataset that is cut in time, of another film and these stretches (key, onset, offset) of 20 seconds."""
    factories.study(items=1, preset="veatic")
    of = factories.corpus("corpus-study")
    film = Asset.objects.create(
        corpus=of, sha256="ab" * 32, size=1, path="film", kind="video", media_type="video/x",
        facts={"duration_s": 20},
    )  # fmt: skip
    for key, onset_s, offset_s in stretches:
        Item.objects.create(
            corpus=of, key=key, kind="video", title=key, asset=film, onset_s=onset_s, offset_s=offset_s
        )
    return dataset_of(
        {"name": "main", "kind": "ratio"},
        {"name": "time", "kind": "temporal", "parts": PARTS, "guard_s": guard_s},
    )


@pytest.mark.parametrize(
    ("stretches", "guard_s", "told"),
    [
        # a is train to 6.3 s and test from 7.3 s, b train from 5 s.
        ([("a", 0, 10), ("b", 5, 15)], 1, "id=b in train and id=a in test overlap"),
        ([("a", 0, 10), ("b", 10, 20)], 1, "id=a in test and id=b in train overlap or are less than 1 s apart, 10 s"),
        ([("a", None, None), ("b", 2, None)], 0, "id=b in train and id=a in test overlap, 14 s into"),
        ([("a", 0, 20), ("b", 15, 18), ("c", 0, 6)], 1, "id=a in test and id=b in train"),
    ],
)  # fmt: skip
def test_stretches_of_one_film_that_bring_two_roles_together_are_not_published(stretches, guard_s, told):
    refused = job_of(film_with(*stretches, guard_s=guard_s))
    assert (refused.state, refused.error["code"]) == (JobState.FAILED, "split_leak")
    assert "time: " in refused.error["message"]
    assert told in refused.error["message"]
    assert "time: stretches follow from the items alone, under any name" in refused.error["message"]
    assert refused.error["details"]["schemes"][1]["leaks"]
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("stretches", "guard_s", "n_links"),
    [
        ([("a", None, None), ("b", 0, 20)], 1, 1),
        ([("a", 0.1, 9.3), ("b", 0.1, 9.3), ("c", 10.3, 20)], 1, 1),
        ([("a", 0, 10), ("b", 10, 20)], 0, 0),
    ],
)
def test_stretches_of_one_film_that_are_alike_or_apart_are_published(stretches, guard_s, n_links):
    release = release_of(film_with(*stretches, guard_s=guard_s))
    report = release.summary["schemes"][1]
    assert (report["leaks"], report["near_duplicate_links"]) == ([], n_links)
    assert report["sizes"] == {"train": len(stretches) + 1, "test": len(stretches) + 1}
    onsets_s = {row["item_id"]: row.get("media_onset_s") for row in table_of(release, "items").to_pylist()}
    assert {key: onsets_s[key] for key, *_ in stretches} == {
        key: onset or None for key, onset, _ in stretches
    }


def test_a_part_that_two_timed_items_show_is_not_cut_in_time():
    dataset = film_with(("clip", 0, 10))
    of = factories.corpus("corpus-study")
    clip = Item.objects.get(key="clip")
    for n in range(2):
        trial = Item.objects.create(
            corpus=of, key=f"trial-{n}", kind="trial", title="", onset_s=0, offset_s=20
        )
        ItemPart.objects.create(group=trial, item=clip, name="a", position=0, fixed=True, onset_s=n)
    refused = job_of(dataset)
    assert refused.error["code"] == "split_leak"
    assert "time: id=clip and id=trial-0 show the same part" in refused.error["message"]


def test_every_subject_and_every_film_of_a_crossed_scheme_is_unseen_in_the_other_roles():
    """Simulated as DEAP is: every subject sees every film."""
    seen = [(subject, film) for subject in range(8) for film in range(6)]
    for n, (subject, film) in enumerate(seen):
        add_item(n, groups={"subject": f"s{subject:02d}", "film": f"f{film:02d}"})
    crossed = {
        "name": "both",
        "kind": "crossed",
        "keys": ["subject", "film"],
        "ratios": {"train": 0.75, "test": 0.25},
    }
    dataset = dataset_of({**RATIO, "keys": ["subject"]}, crossed)
    release = release_of(dataset)
    first = places(release, "both")
    held = {
        role: [seen[int(item.removeprefix("item-"))] for item in first if first[item] == role]
        for role in ("train", "test")
    }
    for key in range(2):
        assert not {one[key] for one in held["train"]} & {one[key] for one in held["test"]}
    assert {role: len(some) for role, some in held.items()} in (
        {"train": 30, "test": 2},
        {"train": 24, "test": 4},
    )
    report = release.summary["schemes"][1]
    assert (report["kind"], report["leaks"]) == ("crossed", [])
    assert len(report["without_role"]) == len(seen) - len(first)
    for n in range(len(seen), len(seen) + 6):
        add_item(n, groups={"subject": "s99", "film": f"f{n - len(seen):02d}"})
    second = places(release_of(dataset), "both")
    assert {item: second.get(item) for item in first} == first


def test_leaving_out_one_speaker_who_also_speaks_with_another_is_a_leak():
    for n, speakers in enumerate((["s0", "s1"], ["s2", "s3"], "s0")):
        add_item(n, groups={"speaker": speakers})
    loso = {"name": "loso", "kind": "loso", "key": "speaker"}
    refused = job_of(dataset_of(RATIO, loso))
    assert "loso: speaker=s0 in speaker=s0, speaker=s0; s1" in refused.error["message"]
    Item.objects.filter(key="item-02").update(groups={"speaker": "s4"})
    assert places(release_of(dataset_of(RATIO, loso)), "loso") == {
        "item-00": "speaker=s0; s1", "item-01": "speaker=s2; s3", "item-02": "speaker=s4",
    }  # fmt: skip


def test_raters_are_split_in_a_table_of_their_own():
    study = factories.study(items=2, per_item=5)
    for _ in range(5):
        Rater.consented(study).rate()
    release = release_of(
        dataset_of(RATIO, {"name": "by-rater", "kind": "rater", "ratios": {"train": 0.6, "test": 0.4}})
    )
    rows = table_of(release, "rater_splits").to_pylist()
    assert [row["rater_id"] for row in rows] == [
        row["rater_id"] for row in table_of(release, "raters").to_pylist()
    ]
    assert sorted(row["role"] for row in rows) == ["test", "test", "train", "train", "train"]
    assert {row["scheme"] for row in table_of(release, "splits").to_pylist()} == {"main"}


def test_what_shows_the_same_stays_together():
    of = factories.corpus("corpus-study")
    for n in range(6):
        add_item(n, of, groups={})
    same = [{"speaker": "A", "text": "  HM, 0. ", "target": True}]
    add_item(6, of, groups={}, context=same)
    factories.study(items=0)
    clip = Asset.objects.create(
        corpus=of, sha256="ab" * 32, size=1, path="x", kind="video", media_type="video/x", facts={}
    )
    for key, onset_s, offset_s in (("a", 0, 10), ("b", 9, 20), ("c", 20, 30), ("d", 1, 2)):
        Item.objects.create(
            corpus=of, key=key, kind="video", title=key, asset=clip, onset_s=onset_s, offset_s=offset_s
        )
    release = release_of(dataset_of({"name": "main", "kind": "ratio"}))
    groups = {row["item_id"]: row["group_id"] for row in table_of(release, "splits").to_pylist()}
    assert groups["item-00"] == groups["item-06"]
    assert groups["a"] == groups["b"] == groups["d"] != groups["c"]
    assert len(set(groups.values())) == 8
    assert release.summary["schemes"][0]["near_duplicate_links"] == 3


def test_an_official_list_that_parts_what_shows_the_same_is_not_published_unless_the_recipe_says_so():
    said = [{"speaker": "A", "text": "Hm.", "target": True}]
    for n in range(2):
        add_item(n, groups={}, context=said)
    official = {"name": "official", "kind": "official", "roles": {"item-00": "train", "item-01": "test"}}
    refused = job_of(dataset_of(official))
    assert (refused.state, refused.error["code"]) == (JobState.FAILED, "split_leak")
    assert "official: id=item-00 in test, train" in refused.error["message"]
    assert not Release.objects.exists()
    assert not SplitAssignment.objects.exists()
    assert release_of(dataset_of({**official, "near_duplicates": False})).version == "1.0.0"


def test_a_list_that_is_edited_does_not_move_what_was_published():
    for n in range(2):
        add_item(n)
    official = {"name": "official", "kind": "official", "roles": {"item-00": "train", "item-01": "test"}}
    release_of(dataset_of(official))
    swapped = {**official, "roles": {"item-00": "test", "item-01": "train"}}
    refused = job_of(dataset_of(swapped))
    assert refused.error["code"] == "split_leak"
    assert "give the scheme another name" in refused.error["message"]
    renamed = release_of(dataset_of({**swapped, "name": "official2"}))
    assert renamed.version == "2.0.0"


def test_an_item_without_a_place_in_the_default_scheme_blocks_and_elsewhere_is_reported():
    for n in range(3):
        add_item(n)
    partial = {"name": "official", "kind": "official", "roles": {"item-00": "train", "item-01": "test"}}
    refused = job_of(dataset_of(partial))
    assert "official: id=item-02 has no role" in refused.error["message"]
    release = release_of(dataset_of(RATIO, partial))
    assert release.summary["schemes"][1]["without_role"] == ["id=item-02"]
    assert set(places(release, "official")) == {"item-00", "item-01"}


@pytest.mark.parametrize(
    ("splits", "reason"),
    [
        ([{"name": "a", "kind": "magic"}], r"splits\[0\].kind: is one of ratio"),
        ([RATIO, {"name": "b", "kind": "kfold", "folds": 1}], r"splits\[1\].folds"),
        ([RATIO, {"name": "b", "kind": "loso"}], r"splits\[1\].key"),
        ([RATIO, {"name": "b", "kind": "crossed", "keys": ["film"]}], r"splits\[1\].keys"),
        ([RATIO, {"name": "b", "kind": "crossed", "keys": ["film", "film"]}], r"splits\[1\].keys: names one key twice"),
        ([{"name": "b", "kind": "crossed", "keys": ["film", "speaker"]}], "default_split: must name a ratio"),
        ([RATIO, RATIO], "splits: two schemes have one name"),
        ([{**RATIO, "seeed": 1}], r"splits\[0\].seeed: is not known here"),
        ([{**RATIO, "ratios": {"dev": 1}}], r"splits\[0\].ratios: 'dev' cannot be a part of items"),
        ([{"name": "b", "kind": "kfold", "folds": 3}], "default_split: must name a ratio"),
        ([RATIO, {"name": "t", "kind": "temporal", "parts": [{"role": "train", "share": 1}], "guard_s": 1}],
         r"splits\[1\].parts"),
        ([{"name": "d", "kind": "date", "field": "at", "cuts": [{"before": "soon", "role": "train"}]}],
         r"splits\[0\].cuts\[0\].before: 'soon' is no ISO 8601 date"),
        ([{"name": "d", "kind": "date", "field": "at", "cuts": [
            {"before": None, "role": "train"}, {"before": "2024", "role": "test"}]}], r"splits\[0\].cuts"),
        ([{"name": "o", "kind": "official"}], r"splits\[0\]: needs either roles or field"),
    ],
)  # fmt: skip
def test_a_wrong_scheme_is_refused_with_its_place_in_the_recipe(splits, reason):
    with pytest.raises(Invalid, match=reason):
        checked_recipe({**RECIPE, "splits": splits})


@pytest.mark.parametrize(
    ("scheme", "reason"),
    [
        ({**RATIO, "categories": ["nothing"]}, r"splits[0].categories: no item has"),
        ({**RATIO, "scales": ["emotion_label"]}, "splits[0].scales: 'emotion_label' holds"),
        ({"name": "d", "kind": "date", "field": "at", "cuts": [{"before": None, "role": "train"}]},
         "splits[0].field: no item has"),
        ({"name": "o", "kind": "official", "roles": {"other": "train"}}, "splits[0].roles: names no item"),
    ],
)  # fmt: skip
def test_a_scheme_that_asks_for_what_is_not_there_fails_with_its_field(scheme, reason):
    study = factories.study(items=2, per_item=1)
    rater = Rater.consented(study)
    rater.rate()
    refused = job_of(dataset_of(scheme, gold={"min_raters": 1}))
    assert (refused.state, refused.error["code"]) == (JobState.FAILED, "invalid_recipe")
    assert reason in refused.error["message"]


def test_recipes_of_before_are_migrated():
    before = ("exports", "0003_wider_split_ledger")
    split = {"keys": ["film"], "ratios": {"train": 0.8, "validation": 0.1, "test": 0.1}, "seed": 7}
    old = {**RECIPE, "split": split, "media": "none", "licence": ""}
    add_item(0)
    dataset = dataset_of(RATIO)
    executor = MigrationExecutor(connection)
    executor.migrate([before])
    type(dataset).objects.filter(pk=dataset.pk).update(recipe=old)
    forward = MigrationExecutor(connection)
    forward.migrate(forward.loader.graph.leaf_nodes("exports"))
    dataset.refresh_from_db()
    checked = checked_recipe(dataset.recipe)
    assert {key: checked[key] for key in dataset.recipe} == dataset.recipe
    assert (
        dataset.recipe["splits"][0] | {"name": "default", "kind": "ratio", **split}
        == dataset.recipe["splits"][0]
    )
