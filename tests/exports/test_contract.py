"""Every procedure that people can follow, from the invite link to a loaded release, through public doors only."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import affectory
from accounts.facade import new_token
from affectory.views import views
from affectory.views.contract import ViewRefusedError
from affectory.views.rendering import render
from affectory.views.source import Source
from annotation.facade import SimulatedRater, Truth
from annotation.protocol import PRESETS, preset
from annotation.services.studies import create_study
from exports.facade import request_release, save_dataset
from ingest.models import Item
from ingest.services.drafts import GroupRequest
from ingest.services.groups import make_groups
from jobs.models import Job, JobState
from jobs.services import perform
from tests import factories

RATERS = 3
MAPPED = ("valence", "arousal", "dominance")


def voted(*questions):
    return {f"{question}_{what}" for question in questions for what in ("label", "votes", "reason")}


def mapped(question):
    return voted(question) | {f"{question}_{axis}_mapped" for axis in MAPPED}


def scored(question, *keys):
    return {f"{question}_{key}{ending}" for key in keys for ending in ("", "_sd", "_n")} | {
        f"{question}_reason"
    }


def worded(*questions):
    return {
        f"{question}_{what}" for question in questions for what in ("words", "word_raters", "n", "reason")
    }


def marked(question):
    return {f"{question}_marks", f"{question}_n", f"{question}_reason"}


ITEM_COLUMNS = {
    "item_id", "kind", "split", "group_id", "condition", "n_raters", "media_path", "media_sha256", "duration_s", "text",
}  # fmt: skip
PARTS = {"parts"}
SAM = ("valence", "arousal", "dominance")
PAQ = ("pleasant", "eventful", "chaotic", "vibrant", "uneventful", "calm", "annoying", "monotonous")
#: What each preset adds to the items of a release; how the published corpus calls it stands in the preset's file.
LABELS = {
    "artemis": mapped("emotion"),
    "bah": marked("segment") | voted("present"),
    "crema-d": mapped("emotion") | scored("level", "level"),
    "deam": scored("song", "valence", "arousal"),
    "deap": scored("felt", *SAM, "liking") | scored("known", "familiarity"),
    "dreamer": scored("felt", *SAM),
    "emid": PARTS | voted("match", "feeling") | {"feeling_labels"},
    "emobank-reader": scored("vad", "v", "a", "d"),
    "emobank-writer": scored("vad", "v", "a", "d"),
    "emoset": mapped("emotion") | scored("look", "brightness", "colorfulness")
    | worded("scene", "object", "facial_expression", "human_action"),
    "emotionlines": mapped("emotion"),
    "emotx": voted("scene") | {"scene_labels"} | marked("character"),
    "ferplus": mapped("emotion"),
    "findingemo": voted("keep", "emotion") | scored("affect", "valence", "arousal"),
    "hugging-rain-man": marked("face") | scored("atypicality", "atypical"),
    "image-emotion": mapped("emotion") | scored("vad", *SAM),
    "iso12913-soundscape": scored("paq", *PAQ) | scored("place", "appropriate"),
    "live-dialogue-artwork": mapped("emotion"),
    "live-dialogue-empathy": voted("emotion") | scored("felt", "understood"),
    "liris-accede": PARTS | voted("valence", "arousal") | scored("valence", "log_strength")
    | scored("arousal", "log_strength"),
    "mc-eiu": mapped("emotion") | voted("intent"),
    "meld": mapped("emotion") | voted("sentiment"),
    "msp-podcast": scored("attributes", *SAM) | voted("primary", "secondary") | {"secondary_labels"},
    "nrc-vad": PARTS | {name for axis in SAM for name in scored(axis, "score")},
    "omg-empathy": set(),
    "omg-empathy-self": set(),
    "pagan-ranktrace": set(),
    "recola": set(),
    "self-annotation": set(),
    "self-recording": scored("felt", "valence", "arousal"),
    "sewa": set(),
    "socratis": PARTS | worded("reaction"),
    "veatic": scored("clip", "familiarity", "enjoyment"),
    "zed": marked("emotion"),
}  # fmt: skip
#: Dimensions of the traces of each preset that has some, and their rate in a release.
TRACED = {
    "deam": ({"valence", "arousal"}, 2),
    "omg-empathy": ({"valence"}, 25),
    "omg-empathy-self": ({"valence"}, 25),
    "pagan-ranktrace": ({"arousal"}, 25),
    "recola": ({"arousal", "valence"}, 25),
    "self-annotation": ({"valence"}, 25),
    "sewa": ({"valence", "arousal", "liking"}, 25),
    "veatic": ({"valence", "arousal"}, 25),
}
#: A lead-in that is longer than the usual clip of the tests; what simulated raters record, and their encoder adds.
DURATION_S = {"deam": 18.0, "self-annotation": 5.52}
#: Who is marked in the items of a preset that asks about everybody.
MARKED = {"emotx": ("Ann", "Bob")}
METHODS = {"trace_rank": {"mean_relative"}}
UNTOLD = ("_label", "_labels", "_reason", "_mapped", "_strength_sd", "_score_sd")
#: An agreement that each question type must tell, whatever its value; free texts are not compared.
MEASURES = {
    "best_worst": "best_worst_split_half",
    "category": "krippendorff_alpha_nominal",
    "comparison": "krippendorff_alpha_nominal",
    "facs": "set_alpha_masi",
    "live_dialogue": None,
    "matching": "krippendorff_alpha_nominal",
    "open_words": "krippendorff_alpha_masi",
    "recording": None,
    "scale": "krippendorff_alpha_interval",
    "segments": "frame_iou",
    "text": None,
    "trace1d": "ccc_pairwise_mean",
    "trace2d": "ccc_pairwise_mean",
    "trace_rank": "pearson_gradient_mean",
    "yes_no": "krippendorff_alpha_nominal",
}
#: For items of several parts: the kinds they are made of, and how.
MADE_OF = {
    "emid": (("audio", "image"), {"design": "matching", "fixed_kind": "audio", "other_kind": "image"}),
    "liris-accede": (("video",), {"design": "all_pairs"}),
    "nrc-vad": (("text",), {"design": "tuples", "factor": 1.0}),
    "socratis": (("image", "text"), {"design": "captions"}),
}
#: Formats that can show the release of a preset of each kind; all other formats refuse it with a reason.
SHOWN = {
    "veatic": {
        "abaw", "audformat", "csv", "elan", "jsonl", "label-studio", "mne", "muse", "nova", "veatic", "webdataset",
    },
    "image-emotion": {"audformat", "csv", "jsonl", "label-studio", "webdataset"},
    "meld": {"audformat", "csv", "jsonl", "label-studio", "webdataset"},
}  # fmt: skip


def test_every_preset_keeps_the_contract():
    assert set(LABELS) == {path.stem for path in PRESETS.glob("*.toml")}


def _done(job):
    Job.objects.filter(pk=job.pk).update(not_before=job.created_at)
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.error
    return job.result


# Their votes are for parts, which answers name by what they are.
OF_PARTS = {"comparison", "matching"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(LABELS))
def test_a_preset_runs_from_arrival_to_a_loaded_release(name, live_server, tmp_path, monkeypatch, client):
    document = preset(name)
    n_raters = min(RATERS, document["raters"]["per_item"])
    of = factories.corpus("c", synthetic=True, licence="CC0-1.0")
    own = document["raters"].get("own_items")
    earlier, collection = _made(live_server) if own else ("", _items(name, document, of))
    study = create_study(
        organisation=of.organisation, slug="s", title="S", document=document,
        collection=collection, requested_by="test",
    )  # fmt: skip
    _take_part(study, live_server, n_raters, earlier)

    client.force_login(factories.researcher())
    asked = client.post("/api/studies/s/analyse/")
    assert asked.status_code == 202
    made_from = _done(Job.objects.get(pk=asked.json()["id"]))
    rated = {row.item.key for row in study.study_items.select_related("item") if not row.practice}
    answers = n_raters * len(rated) * len(document["questions"])
    assert made_from["responses"] == answers
    assert made_from["raters"] == {"simulated": n_raters}
    _check_agreement(client, document)

    dataset = save_dataset(
        organisation=of.organisation,
        name="d",
        title="D",
        description="",
        recipe={"collection": "all", "studies": ["s"]},
    )
    published = _done(request_release(dataset=dataset, requested_by="test"))
    assert published["version"] == "1.0.0"

    loaded = _pulled(live_server, tmp_path, monkeypatch)
    assert loaded.digest == published["digest"]
    table = loaded.to_pandas()
    assert set(table.columns) == ITEM_COLUMNS | LABELS[name]
    # Nobody's practice makes a label.
    assert set(table.loc[table["n_raters"] > 0, "item_id"]) == rated
    assert set(table.loc[table["item_id"].isin(rated), "n_raters"]) == {n_raters}
    # A label may be missing where votes are tied, and a score made of choices has no spread; all else is told.
    told = table[sorted(column for column in LABELS[name] if not column.endswith(UNTOLD))]
    assert told.columns[told.isna().all()].empty
    raters = loaded.table("raters").to_pandas()
    assert len(raters) == n_raters
    assert raters["simulated"].all()
    once = len([question for question in document["questions"] if not _is_traced(question)])
    annotations = loaded.table("annotations").to_pandas()
    assert annotations["response_id"].nunique() == n_raters * len(rated) * once
    assert annotations["simulated"].all()
    assert annotations["duration_ms"].gt(0).all()
    _check_answers(loaded, table.set_index("item_id"), document["questions"])
    if name in TRACED:
        _check_traces(loaded, name, document, n_raters * len(rated))
    if name in SHOWN:
        _check_views(loaded, SHOWN[name], tmp_path, n_items=len(table))
    if name == "image-emotion":
        assert table.loc[table["n_raters"] > 0, "vad_valence"].between(-3, 3).all()


def _items(name, document, of):
    """The fewest items that leave two to be rated; returns their collection."""
    n = 2 + document["raters"]["practice_items"]
    kinds, design = MADE_OF.get(name, ((document["item_kinds"][0],), None))
    for index in range({"tuples": 5}.get(design["design"], 3) if design else n):
        for kind in kinds:
            more = (
                {"context": [{"speaker": "A", "text": "Hm.", "target": True}]} if kind == "dialogue" else {}
            )
            if name in MARKED:
                more["metadata"] = {"people": {who: [[0, 0.1, 0.1, 0.3, 0.5]] for who in MARKED[name]}}
            made = factories.item(f"{index}.{kind}", of, kind=kind, **more)
            if name in DURATION_S:
                made.asset.facts["duration_s"] = DURATION_S[name]
                made.asset.save()
    every = factories.collection(of)
    if design is None:
        return every
    return make_groups(
        organisation_id=of.organisation_id, collection="all", requested_by="test",
        request=GroupRequest(name="made", **design),
    ).collection  # fmt: skip


def _made(live_server):
    """Two recordings of one rater; returns her token and the collection of them."""
    prompts = factories.corpus("prompts", synthetic=True, licence="CC0-1.0")
    for index in range(2):
        factories.item(f"{index}.text", prompts, kind="text", text="How was your day?")
    study = create_study(
        organisation=prompts.organisation, slug="tell", title="Tell", document=preset("self-recording"),
        collection=factories.collection(prompts, "prompts"), requested_by="test",
    )  # fmt: skip
    rater = SimulatedRater(server=live_server.url, invite_code=study.invite_code, seed=0, truths={})
    assert rater.take_part()
    for kind in ("annotation.hand_over", "ingest.file"):
        for job in Job.objects.filter(kind=kind):
            _done(job)
    return rater.token, factories.collection(study.produces)


def _take_part(study, live_server, n_raters, earlier):
    truths = {str(item.pk): _truth(n) for n, item in enumerate(Item.objects.order_by("key"))}
    about = {
        "server": live_server.url,
        "invite_code": study.invite_code,
        "truths": truths,
        "earlier": earlier,
    }
    # All at once, as some of them talk to each other.
    raters = [SimulatedRater(seed=seed, **about) for seed in range(n_raters)]
    with ThreadPoolExecutor(n_raters) as pool:
        codes = list(pool.map(SimulatedRater.take_part, raters))
    assert all(codes)
    # A repeated run adds nobody and nothing.
    assert SimulatedRater(seed=0, **about).take_part() == codes[0]


def _truth(n):
    point = {"valence": 0.5 * (n % 4) - 0.7, "arousal": 0.3, "dominance": 0.0}
    angle = np.linspace(0, 2 * np.pi, 100)
    curve = np.column_stack([np.sin(angle + n), np.cos(angle + n)])
    return Truth(curve=curve, point=point, emotion=("fear", "anger", "sadness", "anger")[n % 4])


def _is_traced(question):
    return question["type"].startswith("trace")


def _check_agreement(client, document):
    rows = client.get("/api/studies/s/agreement/").json()["results"]
    assert all(row["convention"] and (row["value"] is not None or row["reason"]) for row in rows)
    # What a card says of all items has an interval, or says why it has none.
    assert [row for row in rows if not (row["item"] or row["ci_low"] is not None or row["reason"])] == []
    found = {(row["question"], row["measure"]) for row in rows}
    for question in document["questions"]:
        several = question["options"].get("multiple")
        measure = "krippendorff_alpha_masi" if several else MEASURES[question["type"]]
        assert measure is None or (question["key"], measure) in found


def _pulled(live_server, tmp_path, monkeypatch):
    _, secret = new_token(user=factories.researcher(), name="test")
    monkeypatch.setenv("AFFECTORY_SERVER", live_server.url)
    monkeypatch.setenv("AFFECTORY_TOKEN", secret)
    monkeypatch.setenv("AFFECTORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AFFECTORY_CONFIG", str(tmp_path / "login.json"))
    return affectory.load("d@1.0.0")


def _check_answers(loaded, items, questions):
    """What single raters said adds up to what is told of the items."""
    answers = loaded.answers()
    told = items[[column for column in items if column in answers]]
    voted = {f"{one['key']}_votes" for one in questions if one["type"] not in OF_PARTS}
    assert voted & set(items) <= set(told)
    for item_id, own in answers.groupby("item_id"):
        for column in told:
            given = own[column].dropna()
            if column.endswith("_votes"):
                assert list(given.sum()) == list(told.loc[item_id, column]), column
            else:
                assert len(given) == items.loc[item_id, f"{column}_n"], column


def _check_views(loaded, expected, folder, *, n_items):
    shown = set()
    for view in views().values():
        try:
            rendered = render(view, Source(loaded), folder / view.name)
        except ViewRefusedError:
            continue
        shown.add(view.name)
        assert sum(file.bytes for file in rendered.files) > 0
    assert shown == expected
    assert len(pd.read_csv(folder / "csv" / "items.csv")) == n_items


def _check_traces(loaded, name, document, n_each):
    dimensions, rate_hz = TRACED[name]
    traced = {question["key"]: question for question in document["questions"] if _is_traced(question)}
    traces = loaded.traces()
    assert len(traces) == n_each * len(traced)
    for trace in traces:
        own = [one["key"] for one in traced[trace.question]["options"]["dimensions"]]
        values = trace.values(own)
        assert values.shape == (int(DURATION_S.get(name, factories.DURATION_S) * rate_hz), len(own))
        assert np.isfinite(values).all()
    _check_logs(loaded, dimensions)
    gold = loaded.table("gold_traces").to_pandas()
    assert set(gold.loc[gold["gold"], "item_id"]) == set(gold["item_id"])
    assert not gold.loc[gold["gold"]].duplicated(["item_id", "question"]).any()
    assert {f"{one}{ending}" for one in dimensions for ending in ("", "_sd")} <= set(gold.columns)
    assert {"n", "rate_hz"} <= set(gold.columns)
    for key, question in traced.items():
        methods = METHODS.get(question["type"], {"mean", "ewe"})
        assert set(gold.loc[gold["question"] == key, "method"]) == methods


def _check_logs(loaded, dimensions):
    """The event log of every trace is there, whole and in order."""
    logs = loaded.table("traces_raw").to_pandas()
    assert sorted(logs["response_id"]) == sorted(loaded.table("traces").to_pandas()["response_id"])
    for log in logs.itertuples():
        assert list(log.seq) == list(range(len(log.seq)))
        assert {"sample", "play", "end"} & set(log.event)
        columns = [getattr(log, name) for name in ("page", "t_event_us", "t_media_us", *dimensions)]
        assert {len(column) for column in columns if column is not None} == {len(log.seq)}
