"""Every procedure that people can follow, from the invite link to a loaded release, through public doors only."""

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
from annotation.protocol import preset
from annotation.services.studies import create_study
from exports.facade import request_release, save_dataset
from jobs.models import Job, JobState
from jobs.services import perform
from tests import factories

RATERS = 4
ITEMS = 4  # the first one is for practice
ITEM_COLUMNS = {
    "item_id", "kind", "split", "group_id", "condition", "n_raters", "media_path", "media_sha256", "duration_s", "text",
}  # fmt: skip
LABELS = {
    "veatic": set(),
    "image-emotion": {
        "emotion_label", "emotion_votes", "emotion_valence_mapped", "emotion_arousal_mapped",
        "emotion_dominance_mapped", "vad_valence", "vad_valence_sd", "vad_valence_n", "vad_arousal",
        "vad_arousal_sd", "vad_arousal_n", "vad_dominance", "vad_dominance_sd", "vad_dominance_n",
    },
    "meld": {
        "emotion_label", "emotion_votes", "emotion_valence_mapped", "emotion_arousal_mapped",
        "emotion_dominance_mapped",
    },
}  # fmt: skip
MEASURES = {
    "veatic": {"ccc_pairwise_mean"},
    "image-emotion": {
        "krippendorff_alpha_nominal",
        "krippendorff_alpha_interval",
        "krippendorff_alpha_ordinal",
    },
    "meld": {"krippendorff_alpha_nominal"},
}

# Formats that can show the release of each preset; all other formats refuse it with a reason.
SHOWN = {
    "veatic": {
        "abaw", "audformat", "csv", "elan", "jsonl", "mne", "muse", "nova", "veatic", "webdataset",
    },
    "image-emotion": {"audformat", "csv", "jsonl", "label-studio", "webdataset"},
    "meld": {"audformat", "csv", "jsonl", "label-studio", "webdataset"},
}  # fmt: skip


def _done(job):
    Job.objects.filter(pk=job.pk).update(not_before=job.created_at)
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED, job.error
    return job.result


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(LABELS))
def test_a_preset_runs_from_arrival_to_a_loaded_release(name, live_server, tmp_path, monkeypatch, client):
    document = preset(name)
    kind = document["item_kinds"][0]
    of = factories.corpus("c", synthetic=True, licence="CC0-1.0")
    context = [{"speaker": "A", "text": "Hm.", "target": True}] if kind == "dialogue" else None
    items = [factories.item(f"i{n}", of, kind=kind, context=context) for n in range(ITEMS)]
    study = create_study(
        organisation=of.organisation, slug="s", title="S", document=document,
        collection=factories.collection(of), requested_by="test",
    )  # fmt: skip
    truths = {str(item.pk): _truth(n) for n, item in enumerate(items)}
    codes = [
        SimulatedRater(
            server=live_server.url, invite_code=study.invite_code, seed=seed, truths=truths
        ).take_part()
        for seed in range(RATERS)
    ]
    assert all(codes)
    # A repeated run adds nobody and nothing.
    again = SimulatedRater(server=live_server.url, invite_code=study.invite_code, seed=0, truths=truths)
    assert again.take_part() == codes[0]

    client.force_login(factories.researcher())
    asked = client.post("/api/studies/s/analyse/")
    assert asked.status_code == 202
    made_from = _done(Job.objects.get(pk=asked.json()["id"]))
    answers = RATERS * (ITEMS - 1) * len(document["questions"])
    assert made_from["responses"] == answers
    assert made_from["raters"] == {"simulated": RATERS}
    agreement = client.get("/api/studies/s/agreement/").json()["results"]
    assert MEASURES[name] <= {row["measure"] for row in agreement}
    assert all(row["convention"] and (row["value"] is not None or row["reason"]) for row in agreement)

    dataset = save_dataset(
        organisation=of.organisation,
        name="d",
        title="D",
        description="",
        recipe={"collection": "all", "studies": ["s"]},
    )
    published = _done(request_release(dataset=dataset, requested_by="test"))
    assert published["version"] == "1.0.0"

    _, secret = new_token(user=factories.researcher(), name="test")
    monkeypatch.setenv("AFFECTORY_SERVER", live_server.url)
    monkeypatch.setenv("AFFECTORY_TOKEN", secret)
    monkeypatch.setenv("AFFECTORY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AFFECTORY_CONFIG", str(tmp_path / "login.json"))
    loaded = affectory.load("d@1.0.0")
    assert loaded.digest == published["digest"]
    table = loaded.to_pandas()
    assert set(table.columns) == ITEM_COLUMNS | LABELS[name]
    assert sorted(table["item_id"]) == ["i0", "i1", "i2", "i3"]
    # Nobody's practice makes a label.
    assert dict(zip(table["item_id"], table["n_raters"], strict=True)) == {
        "i0": 0,
        **{f"i{n}": RATERS for n in (1, 2, 3)},
    }
    raters = loaded.table("raters").to_pandas()
    assert len(raters) == RATERS
    assert raters["simulated"].all()
    if name == "veatic":
        _check_traces(loaded)
    else:
        annotations = loaded.table("annotations").to_pandas()
        assert set(annotations["simulated"]) == {True}
        assert annotations["response_id"].nunique() == answers
        assert annotations["duration_ms"].gt(0).all()
    _check_views(loaded, SHOWN[name], tmp_path)
    if name == "image-emotion":
        rated = table[table["item_id"] != "i0"]
        assert rated["vad_valence"].between(-3, 3).all()
        assert rated["emotion_votes"].map(sum).le(RATERS).all()


def _check_views(loaded, expected, folder):
    shown = set()
    for view in views().values():
        try:
            rendered = render(view, Source(loaded), folder / view.name)
        except ViewRefusedError:
            continue
        shown.add(view.name)
        assert sum(file.bytes for file in rendered.files) > 0
    assert shown == expected
    assert len(pd.read_csv(folder / "csv" / "items.csv")) == ITEMS


def _truth(n):
    point = {"valence": 0.5 * n - 0.7, "arousal": 0.3, "dominance": 0.0}
    angle = np.linspace(0, 2 * np.pi, 100)
    curve = np.column_stack([np.sin(angle + n), np.cos(angle + n)])
    return Truth(curve=curve, point=point, emotion=("fear", "anger", "sadness", "anger")[n])


def _check_traces(loaded):
    traces = loaded.traces()
    assert len(traces) == RATERS * (ITEMS - 1)
    values = traces[0].values(["valence", "arousal"])
    assert values.shape == (int(factories.DURATION_S * 25), 2)
    assert np.isfinite(values).all()
    logs = loaded.table("traces_raw").to_pandas()
    assert sorted(logs["response_id"]) == sorted(loaded.table("traces").to_pandas()["response_id"])
    for log in logs.itertuples():
        assert list(log.seq) == list(range(len(log.seq)))
        assert {"sample", "play", "end"} & set(log.event)
        assert (
            len(
                {
                    len(getattr(log, name))
                    for name in ("page", "t_event_us", "t_media_us", "valence", "arousal")
                }
            )
            == 1
        )
        moved = [n for n, kind in enumerate(log.event) if kind == "sample"]
        assert all(-1 <= log.valence[n] <= 1 for n in moved)
    gold = loaded.table("gold_traces").to_pandas()
    assert sorted(set(gold["method"])) == ["ewe", "mean"]
    assert {"valence", "valence_sd", "arousal", "arousal_sd", "n", "rate_hz"} <= set(gold.columns)
    assert all(np.max(n) == RATERS for n in gold["n"])
