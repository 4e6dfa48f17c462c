"""What a view does not write, and that nothing half-made is seen."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import affectory.views
from affectory.client.errors import NotFoundError, UsageError
from affectory.client.loading import load
from affectory.release.errors import ManifestError
from affectory.release.tables import (
    annotations_table,
    gold_traces_table,
    items_table,
    raters_table,
    traces_table,
)
from affectory.views import view_named, views
from affectory.views.contract import Entry, Options, View, ViewRefusedError
from affectory.views.rendering import PROVENANCE_NAME, render
from affectory.views.source import Source
from tests.affectory.views import samples

REFUSED = {
    "no traces": ("dialogue", "muse", "muse needs gold traces, and views-dialogue@1.0.0 has none"),
    "no media": ("dialogue", "eeg-bids", "needs media files, and views-dialogue@1.0.0 was published without"),
    "no recordings": ("film", "eeg-bids", "needs original recordings in EDF or BDF"),
    "no boxes": ("film", "coco", "needs answers to a question of type boxes on images"),
    "no dialogues": ("film", "meld", "have no group key 'dialogue'"),
    "nothing with a duration": ("dialogue", "elan", "on media with a duration"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_release_without_what_the_format_needs_is_refused(case: str, releases: Path, tmp_path: Path) -> None:
    release, format_, reason = REFUSED[case]
    with pytest.raises(ViewRefusedError, match=re.escape(reason)):
        render(views()[format_], Source(load(releases / release)), tmp_path / "view")
    assert list(tmp_path.iterdir()) == []


def made(folder: Path, change: Callable[[list[Any]], None]) -> Source:
    """Write the film release with changed tables: items, answers, traces, gold, raters, splits."""
    tables = samples.film_tables()
    change([rows for _, rows in tables])
    samples.write(folder, tables, name="changed", schemes=samples.FILM_SCHEMES)
    return Source(load(folder))


def test_values_beyond_the_scale_are_refused(tmp_path: Path) -> None:
    def change(rows: list[Any]) -> None:
        rows[3][0]["valence"] = [1, 2, 3, 4, 5, 9]

    source = made(tmp_path / "release", change)
    for format_ in ("abaw", "veatic"):
        with pytest.raises(ViewRefusedError, match=r"from -1 to 1; the trace of 'films/fog\.mp4' goes"):
            render(views()[format_], source, tmp_path / "view")


def test_several_questions_or_methods_must_be_chosen(tmp_path: Path) -> None:
    def change(rows: list[Any]) -> None:
        rows[3].append(samples.gold_trace("films/fog.mp4", [0.9, 0.9], question="tension"))
        rows[3].append(samples.gold_trace("films/fog.mp4", [0.8, 0.8], method="ewe"))

    source = made(tmp_path / "release", change)
    with pytest.raises(ViewRefusedError, match="more than one question: affect, tension"):
        render(views()["muse"], source, tmp_path / "view")
    render(views()["muse"], source, tmp_path / "view", {"question": "affect", "method": "ewe"})
    written = (tmp_path / "view/label_segments/valence/1.csv").read_text()
    assert written == "timestamp,value,segment_id\n0,0.8,1\n250,0.8,1\n"
    render(views()["audformat"], source, tmp_path / "audformat")
    gold = (tmp_path / "audformat/db.affect_valence.train.gold_standard.csv").read_text().splitlines()
    assert gold[0] == "file,start,end,ewe,mean"
    assert gold[2] == "films/fog.mp4,0 days 00:00:00.250000,0 days 00:00:00.500000,0.8,0.1"
    with pytest.raises(ViewRefusedError, match="no gold traces with the method 'dba'"):
        render(views()["muse"], source, tmp_path / "other", {"question": "affect", "method": "dba"})


def test_traces_on_different_grids_do_not_share_rows(tmp_path: Path) -> None:
    def change(rows: list[Any]) -> None:
        rows[2][1]["rate_hz"] = 5.0

    source = made(tmp_path / "release", change)
    with pytest.raises(ViewRefusedError, match=r"4.0 Hz from 0.0 s \(r1\), 5.0 Hz from 0.0 s \(r2\)"):
        render(views()["muse"], source, tmp_path / "view")
    render(views()["csv"], source, tmp_path / "view")


def test_eeg_without_subjects_is_refused(tmp_path: Path) -> None:
    samples.eeg_release(tmp_path / "release", subject=None)
    source = Source(load(tmp_path / "release"))
    with pytest.raises(ViewRefusedError, match=r"item 'eeg/p1-a.edf' has no subject"):
        render(views()["eeg-bids"], source, tmp_path / "view")
    with pytest.raises(ViewRefusedError, match="no group key 'person'"):
        render(views()["eeg-bids"], source, tmp_path / "view", {"subject": "person"})


def test_more_raters_than_columns_can_hold_become_rows(releases: Path, tmp_path: Path) -> None:
    render(views()["audformat"], Source(load(releases / "crowd")), tmp_path / "view")
    table = (tmp_path / "view/db.emotion.train.csv").read_text().splitlines()
    assert table[0] == "file,rater,number,emotion"
    assert len(table) == 52


def test_an_empty_release_is_refused(tmp_path: Path) -> None:
    empty = [
        (items_table([]), []),
        (annotations_table(), []),
        (traces_table(("valence",)), []),
        (gold_traces_table(("valence",)), []),
        (raters_table(), []),
    ]
    samples.write(tmp_path / "release", empty, name="empty", schemes={})
    for view in views().values():
        if view.name not in {"csv", "jsonl"}:  # they have the columns to show
            with pytest.raises(ViewRefusedError):
                render(view, Source(load(tmp_path / "release")), tmp_path / view.name)


def test_a_split_without_traces_is_refused(releases: Path, tmp_path: Path) -> None:
    source = Source(load(releases / "film", split="test"))
    with pytest.raises(ViewRefusedError, match=r"no item in split 'test' of views-film@1\.0\.0 has a"):
        render(views()["muse"], source, tmp_path / "view")
    render(views()["webdataset"], source, tmp_path / "shards")


def test_a_table_that_is_not_there_is_named(film: Source, tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="has no table 'labels'; it has items, annotations"):
        render(views()["csv"], film, tmp_path / "view", {"tables": "labels"})
    assert list(tmp_path.iterdir()) == []


def test_media_that_were_not_pulled_are_missed(releases: Path, tmp_path: Path) -> None:
    samples.film_release(tmp_path / "release")
    for file in (tmp_path / "release/media").rglob("*.mp4"):
        file.unlink()
    with pytest.raises(NotFoundError, match="is not here"):
        render(views()["webdataset"], Source(load(tmp_path / "release")), tmp_path / "view")
    render(views()["webdataset"], Source(load(tmp_path / "release")), tmp_path / "view", {"media": "no"})


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"colour": "red"}, "format webdataset has no option 'colour'"),
        ({"media": "some"}, "option media: 'some' is none of its values"),
        ({"shard_items": "2.5"}, "'2.5' is not a whole number"),
        ({"shard_items": "-1"}, "'-1' is not a number above 0"),
    ],
)
def test_wrong_options_are_named(given: dict[str, str], reason: str, film: Source, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=re.escape(reason)):
        render(views()["webdataset"], film, tmp_path / "view", given)


def test_unknown_format_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="there are: abaw, audformat, coco, csv"):
        view_named("yaml")


# --- nothing half-made is seen ---------------------------------------------------------------------------------


def own_view(render_: Callable[[Source, Options], Iterator[Entry]]) -> View:
    return View("own", "", "", "", render_)


def test_a_view_that_breaks_leaves_nothing(film: Source, tmp_path: Path) -> None:
    def breaks(source: Source, options: Options) -> Iterator[Entry]:
        yield Entry("first.txt", b"here")
        assert list(tmp_path.iterdir())  # written beside the target
        assert not (tmp_path / "view").exists()
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        render(own_view(breaks), film, tmp_path / "view")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(film: Source, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not an empty folder"):
        render(views()["csv"], film, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("paths", [("a.txt", "A.txt"), ("../a.txt",), ("/a.txt",)])
def test_paths_that_would_overwrite_are_refused(paths: tuple[str, ...], film: Source, tmp_path: Path) -> None:
    def doubles(source: Source, options: Options) -> Iterator[Entry]:
        yield from (Entry(path, b"x") for path in paths)

    with pytest.raises((ViewRefusedError, ManifestError)):
        render(own_view(doubles), film, tmp_path / "view")
    assert list(tmp_path.iterdir()) == []


# --- what holds of all formats -----------------------------------------------------------------------------------


def test_adding_a_file_adds_a_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, film: Source) -> None:
    (tmp_path / "shouting.py").write_text(
        "from affectory.views.contract import Entry, View\n"
        "def render(source, options):\n"
        "    yield Entry('items.txt', ' '.join(source.names.values()).upper().encode())\n"
        "VIEW = View('shouting', 'capitals', 'everything else', 'ears', render)\n"
    )
    monkeypatch.setattr(affectory.views, "__path__", [*affectory.views.__path__, str(tmp_path)])
    views.cache_clear()
    try:
        render(view_named("shouting"), film, tmp_path / "view")
    finally:
        monkeypatch.undo()
        views.cache_clear()
    assert (tmp_path / "view/items.txt").read_text() == "FILMS_FOG_MP4 FILMS_SUN_MP4 FILMS_TRAM_MP4"


def test_a_view_says_which_release_it_was_made_from(film: Source, tmp_path: Path) -> None:
    render(views()["veatic"], film, tmp_path / "view", {"fps": "8"})
    told = (tmp_path / "view" / PROVENANCE_NAME).read_text()
    assert film.manifest.digest in told
    assert '"fps": "8"' in told


def test_one_split_holds_its_items_only(releases: Path, tmp_path: Path) -> None:
    source = Source(load(releases / "film", split="train"))
    for view in views().values():
        if view.name in {"meld", "eeg-bids", "coco"}:
            continue
        rendered = render(view, source, tmp_path / view.name)
        shown = "".join(file.path for file in rendered.files)
        texts = [
            (tmp_path / view.name / file.path).read_bytes()
            for file in rendered.files
            if not file.path.endswith(("raters.csv", "raters.jsonl"))
        ]
        assert "sun" not in shown, view.name
        assert b"tram" not in b"".join(texts), view.name


def test_excluded_answers_stay_in_the_tidy_formats_only(film: Source, tmp_path: Path) -> None:
    holds = {}
    for name in ("csv", "jsonl", "label-studio", "nova", "audformat", "elan"):
        rendered = render(views()[name], film, tmp_path / name)
        text = b"".join((tmp_path / name / file.path).read_bytes() for file in rendered.files)
        holds[name] = b"too fast" in text or b"0.9" in text
    assert holds == dict.fromkeys(holds, False) | {"csv": True, "jsonl": True}


def test_frames_hold_the_value_of_the_sample_before(film: Source, tmp_path: Path) -> None:
    """Samples at 0, 0.25, 0.5 ... s; at 6 frames/s frames begin at 0, 0.167, 0.333, 0.5 ... s for 1.5 s."""
    render(views()["veatic"], film, tmp_path / "view", {"fps": "6"})
    lines = (tmp_path / "view/rating_averaged/0_valence.csv").read_text().splitlines()
    assert [line.split(",")[1] for line in lines] == [
        "nan",
        "nan",
        "0.1",
        "nan",
        "nan",
        "0.4",
        "0.2",
        "0.2",
        "-0.5",
    ]
