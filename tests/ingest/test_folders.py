"""From a folder to items: the Django half of ingest, with the readers as they are."""

import hashlib
import os
import uuid

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from affectory.errors import Invalid, NotFound
from ingest import sandbox
from ingest.models import Asset, Collection, Corpus, IngestEntry, Item, Rendition
from ingest.services import files
from ingest.services.collections import items_of, save_collection
from ingest.services.folders import offer_folder
from jobs.models import Job, JobState
from jobs.services import perform
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr("jobs.services.nudge", lambda *_args, **_more: None)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "corpus"
    made.mkdir()
    (made / "hello.txt").write_text("Hello there.")
    return made


def _offer(folder, name="texts"):
    return list(
        offer_folder(folder=folder, corpus_name=name, organisation=factories.lab(), requested_by="test")
    )


def _read(folder, name="texts"):
    """Offer a folder and do all its work; path -> entry."""
    _offer(folder, name)
    for job in Job.objects.filter(kind="ingest.file", state=JobState.QUEUED):
        perform(job.pk)
    return {entry.path: entry for entry in IngestEntry.objects.filter(corpus__name=name)}


def test_a_folder_becomes_items_and_offering_it_again_changes_nothing(folder):
    Image.new("RGB", (40, 30), "red").save(folder / "red.png")
    entries = _read(folder)
    assert {path: entry.state for path, entry in entries.items()} == {
        "hello.txt": "ready",
        "red.png": "ready",
    }
    before = _counts()
    _read(folder)
    assert _counts() == before
    assert Item.objects.get(key="hello.txt").text == "Hello there."
    assert Item.objects.get(key="red.png").asset.renditions.exists()


def _counts():
    return [model.objects.count() for model in (Corpus, IngestEntry, Asset, Rendition, Item, Job)]


def test_a_wrong_file_is_quarantined_with_the_reason_and_the_rest_goes_on(folder):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "text.mp4").write_text("not a film")
    (folder / "latin.txt").write_bytes(b"one\ncaf\xe9 noir")
    (folder / "caf\u00e9 \U0001f600\nline.txt").write_text("A name like this is fine.")
    entries = _read(folder)
    told = {path: (entry.state, entry.code) for path, entry in entries.items()}
    assert told == {
        "hello.txt": ("ready", ""),
        "caf\u00e9 \U0001f600\nline.txt": ("ready", ""),
        "empty.txt": ("quarantined", "empty_file"),
        "text.mp4": ("quarantined", "type_mismatch"),
        "latin.txt": ("quarantined", "bad_content"),
    }
    assert entries["latin.txt"].field == "line 2"
    assert all(entry.reason for entry in entries.values() if entry.state == "quarantined")
    assert Item.objects.count() == 2


def test_a_name_in_no_encoding_is_shown_as_bytes(folder):
    (folder / os.fsdecode(b"bad-\xff.txt")).write_text("words")
    assert _read(folder)["bad-\\xff.txt"].state == "ready"


def test_a_very_long_name_is_taken_or_refused_with_a_reason(folder):
    (folder / ("n" * 250 + ".txt")).write_text("words")
    deep = folder / ("d" * 200) / ("e" * 200)
    deep.mkdir(parents=True)
    (deep / "deep.txt").write_text("words")
    (folder / os.fsdecode(b"\xff" * 90 + b".txt")).write_text("words")
    states = {path[:3]: (entry.state, entry.code) for path, entry in _read(folder).items()}
    assert states["nnn"] == ("ready", "")
    assert states["ddd"] == ("quarantined", "name_too_long")
    assert states["\\xf"] == ("ready", "")


def test_a_file_that_cannot_be_read_does_not_stop_the_others(folder, monkeypatch):
    (folder / "a-locked.txt").write_text("secret")
    from ingest.services import folders

    real = folders.put

    def refuse(path):
        if path.name == "a-locked.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(folders, "put", refuse)
        for _ in range(2):
            entries = _read(folder)
    assert (entries["a-locked.txt"].code, entries["a-locked.txt"].reason) == (
        "unreadable",
        "Permission denied",
    )
    assert entries["hello.txt"].state == "ready"
    assert _read(folder)["a-locked.txt"].state == "ready"
    assert IngestEntry.objects.count() == 2


def test_other_bytes_under_the_name_of_an_item_do_not_replace_it(folder):
    _read(folder)
    (folder / "hello.txt").write_text("Something else.")
    _read(folder)
    refused = IngestEntry.objects.get(state="quarantined")
    assert (refused.path, refused.code) == ("hello.txt", "name_taken")
    assert Item.objects.get().text == "Hello there."


def test_the_same_bytes_under_two_names_are_one_asset_and_two_items(folder):
    (folder / "copy.txt").write_text("Hello there.")
    _read(folder)
    assert (Asset.objects.count(), Item.objects.count()) == (1, 2)


def test_offering_again_tries_a_file_again_that_was_given_up(folder, monkeypatch):
    def fail(*_args):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "read", fail)
        _offer(folder)
        for _ in range(5):
            Job.objects.update(not_before=Job.objects.get().created_at)
            perform(Job.objects.get().pk)
    assert Job.objects.get().state == JobState.FAILED
    assert IngestEntry.objects.get().state == "pending"
    assert _read(folder)["hello.txt"].state == "ready"
    assert (Job.objects.get().state, Job.objects.count()) == (JobState.SUCCEEDED, 1)


def test_hidden_things_and_links_are_left_alone(folder, tmp_path):
    (tmp_path / "outside.txt").write_text("outside")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / ".hidden.txt").write_text("x")
    for name in (".git", "_truth"):
        (folder / name).mkdir()
        (folder / name / "inside.txt").write_text("x")
    assert list(_read(folder)) == ["hello.txt"]


def test_a_description_gives_the_corpus_its_words_and_items_their_groups(folder):
    (folder / "corpus.toml").write_text(
        'title = "Letters"\nlicence = "CC0-1.0"\nlanguages = ["en"]\nsynthetic = true\n'
        '[subjects]\nann = { age_band = "30-39" }\n[groups]\n"hel*" = { speaker = "ann" }\n'
    )
    _read(folder)
    corpus = Corpus.objects.get()
    assert (corpus.title, corpus.licence, corpus.languages, corpus.synthetic) == (
        "Letters",
        "CC0-1.0",
        ["en"],
        True,
    )
    assert corpus.subjects.get().attributes == {"age_band": "30-39"}
    assert Item.objects.get().groups["speaker"] == "ann"


def test_marked_people_come_with_the_item_and_changes_are_taken_over(folder):
    marks = {"Ann": [[0, 0.1, 0.2, 0.3, 0.4]], "Bob": [[0, 0.6, 0.2, 0.3, 0.4]]}
    listed = "\n".join(f"{name} = {boxes}" for name, boxes in marks.items())
    (folder / "corpus.toml").write_text(f'[people."hel*"]\n{listed}\n')
    _read(folder)
    assert Item.objects.get().metadata == {"people": marks}
    (folder / "corpus.toml").write_text('[people."hello.txt"]\nAnn = [[0, 0, 0, 1, 1], [2.5, 0, 0, 1, 1]]\n')
    _read(folder)
    assert Item.objects.get().metadata == {"people": {"Ann": [[0, 0, 0, 1, 1], [2.5, 0, 0, 1, 1]]}}
    (folder / "corpus.toml").write_text("")
    _read(folder)
    assert Item.objects.get().metadata == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title = ", "corpus.toml is not TOML"),
        ("titel = 'x'", "corpus.toml: titel: is not known here"),
        ("title = ['x']", "corpus.toml: title: "),
        ("languages = 'en'", "corpus.toml: languages: "),
        ("[groups]\n'*' = 'x'", "corpus.toml: groups: "),
        ("[people.'*']\nAnn = 'left'", r"people: \*: Ann: must be a list of boxes"),
        ("[people.'*']\nAnn = [[0, 0, 0, 1]]", "Ann: box 1: must be five numbers"),
        ("[people.'*']\nAnn = [[0, 12, 0, 1, 1]]", "Ann: box 1: left, top, width and height are parts"),
        ("[people.'*']\nAnn = [[1, 0, 0, 1, 1], [0, 0, 0, 1, 1]]", "Ann: the seconds of the boxes must rise"),
    ],
)
def test_a_wrong_description_names_file_key_and_reason(folder, text, reason):
    (folder / "corpus.toml").write_text(text)
    with pytest.raises(Invalid, match=reason):
        _offer(folder)
    assert not Corpus.objects.exists()


def test_a_folder_or_a_corpus_that_cannot_be_is_named(folder, tmp_path):
    with pytest.raises(NotFound, match="no folder"):
        _offer(tmp_path / "none")
    with pytest.raises(Invalid, match="no name for a corpus"):
        _offer(folder, "no/name")
    with pytest.raises(CommandError, match="no name for a corpus"):
        call_command("ingest", str(folder), corpus="a b")


def test_the_command_offers_and_tells(folder, capsys):
    call_command("ingest", str(folder), corpus="texts", no_wait=True)
    assert "1 files offered to the corpus texts." in capsys.readouterr().out
    assert Job.objects.filter(kind="ingest.file").count() == 1


def test_the_command_does_not_wait_for_ever_where_no_worker_runs(folder):
    with pytest.raises(CommandError, match="No worker has done anything for 0 s"):
        call_command("ingest", str(folder), corpus="texts", patience=0)


class Killed(BaseException):
    """What SIGKILL looks like from inside."""


@pytest.mark.parametrize("step", ["_renditions", "_asset", "_items", "_settle"])
def test_a_crash_at_any_step_leaves_nothing_half_made(folder, step, monkeypatch):
    Image.new("RGB", (40, 30), "red").save(folder / "hello.png")
    (folder / "hello.txt").unlink()
    _offer(folder)
    job = Job.objects.get()

    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(files, step, die)
        with pytest.raises(Killed):
            perform(job.pk)
    assert not Asset.objects.exists()
    assert not Item.objects.exists()
    assert IngestEntry.objects.get().state == "pending"
    Job.objects.update(lease_until=job.created_at)
    perform(job.pk)
    assert IngestEntry.objects.get().state == "ready"
    assert (Asset.objects.count(), Item.objects.count()) == (1, 1)


def test_a_worker_that_was_taken_over_writes_nothing(folder, monkeypatch):
    from jobs.services import claim

    _offer(folder)
    job = Job.objects.get()
    real = sandbox.read

    def slow(path, name):
        Job.objects.update(lease_until=job.created_at)
        claim(job.pk)
        return real(path, name)

    monkeypatch.setattr(sandbox, "read", slow)
    perform(job.pk)
    assert not Item.objects.exists()
    assert IngestEntry.objects.get().state == "pending"


def test_collections_select_again_what_fits_now():
    of = factories.corpus()
    factories.item("a/1", of, kind="text", text="x")
    factories.item("b/1", of)
    selected = {
        (): ["a/1", "b/1"],
        (("kind", ("video",)),): ["b/1"],
        (("key_prefix", "a/"),): ["a/1"],
    }
    for filters, keys in selected.items():
        given = {name: list(value) if isinstance(value, tuple) else value for name, value in filters}
        found = save_collection(
            name="c", organisation_id=of.organisation_id, filters={"corpus": of.name, **given}
        )
        assert [item.key for item in items_of(found)] == keys
    assert Collection.objects.count() == 1


def test_a_collection_of_another_organisations_corpus_is_not_made():
    of = factories.corpus(organisation=factories.lab("other"))
    with pytest.raises(NotFound, match="no corpus"):
        save_collection(name="c", organisation_id=factories.lab().pk, filters={"corpus": of.name})


@pytest.mark.parametrize("filters", [{"kind": "video"}, {"colour": ["red"]}, {"corpus__organisation": [1]}])
def test_a_wrong_filter_is_named(filters):
    of = factories.corpus()
    with pytest.raises(Invalid):
        save_collection(name="c", organisation_id=of.organisation_id, filters={"corpus": of.name, **filters})


def test_researchers_see_their_corpora_items_and_what_was_refused(folder):
    (folder / "empty.txt").write_bytes(b"")
    _read(folder)
    client = factories.signed_in()
    shown = client.get("/api/corpora/texts/").json()
    assert (shown["files"], shown["items"]) == ({"pending": 0, "ready": 1, "quarantined": 1}, {"text": 1})
    assert [item["key"] for item in client.get("/api/corpora/texts/items/").json()["results"]] == [
        "hello.txt"
    ]
    assert client.get("/api/corpora/texts/items/?kind=video").json()["results"] == []
    refused = client.get("/api/corpora/texts/entries/?state=quarantined").json()["results"]
    assert [(entry["path"], entry["code"]) for entry in refused] == [("empty.txt", "empty_file")]
    stranger = factories.signed_in("eve@other.example", "other")
    for path in ("", "items/", "entries/"):
        assert stranger.get(f"/api/corpora/texts/{path}").status_code == 404


def test_a_corpus_shows_a_few_pictures():
    of = factories.corpus()
    for n in range(20):
        item = factories.item(f"clip-{n:02}", of)
        digest = hashlib.sha256(uuid.uuid4().bytes).hexdigest()
        Rendition.objects.create(
            asset=item.asset, name="poster", recipe="1", sha256=digest, size=1, media_type="image/webp"
        )
    assert len(factories.signed_in().get("/api/corpora/films/").json()["cover"]) == 3
