"""A release folder: its bytes, its documents, and what it refuses."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from affectory.release.card import Card
from affectory.release.errors import ManifestError, ReleaseError, TableError
from affectory.release.folder import open_contents, open_manifest
from affectory.release.parquet import PartWriter
from affectory.release.tables import Column, TableSpec, raters_table, splits_table, traces_table
from affectory.release.writer import ReleaseWriter
from tests.affectory.release.samples import CARD, CREATED_AT, fill, trace_rows, write_release

# Manifest and tables of `write_release`. Whoever changes these changes the format: a new `PROFILE` for the bytes, a new
# `SCHEMA` for the digest.
GOLDEN = Path(__file__).parent / "golden"


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_folder_is_as_the_design_says(tmp_path: Path) -> None:
    write_release(tmp_path / "r", media=True)
    held = tree(tmp_path / "r")
    documents = {"manifest.json", "README.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "SHA256SUMS"}
    assert documents | {"croissant.json", "schemes.json"} <= set(held)
    assert {path.split("/")[0] for path in held if "/" in path} == {
        *("items", "annotations", "traces", "gold_traces", "raters", "splits", "media")
    }
    assert {path for path in held if path.startswith("items/")} == {
        f"items/{split}-00000-of-00001.parquet" for split in ("train", "validation", "test")
    }
    assert len(pd.read_parquet(tmp_path / "r" / "items")) == 10


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from tests.affectory.release.samples import write_release; import sys;"
        "write_release(Path(sys.argv[1]), media=True)"
    )
    for name, seed in {"a": "1", "b": "2"}.items():
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        subprocess.run([sys.executable, "-c", script, str(tmp_path / name)], check=True, env=environment)
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_a_full_disk_is_told_by_whoever_writes_and_leaves_no_release(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path;"
        "from tests.affectory.release.samples import write_release;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "write_release(Path(sys.argv[1]))"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "r")], capture_output=True, text=True, env=environment,
        check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "_write_bytes" in done.stderr
    assert "OSError" in done.stderr
    assert not (tmp_path / "r" / "manifest.json").exists()


@pytest.mark.skipif(pa.__version__ != "26.0.1", reason="bytes are promised for the pinned writer only")
def test_golden_bytes_of_the_pinned_writer(tmp_path: Path) -> None:
    write_release(tmp_path / "r")
    written, golden = tree(tmp_path / "r"), tree(GOLDEN)
    tables = {path for path in golden if path.endswith(".parquet")}
    assert {path: written[path] for path in tables} == {path: golden[path] for path in tables}


def test_golden_digests_of_values(tmp_path: Path) -> None:
    manifest, golden = write_release(tmp_path / "r"), open_manifest(GOLDEN)
    assert manifest.tables == golden.tables
    assert manifest.digest == golden.digest


@pytest.mark.parametrize("cut", [1, 7, 64])
def test_bytes_do_not_depend_on_how_batches_are_cut(tmp_path: Path, cut: int) -> None:
    spec = traces_table(("valence", "arousal"))
    small = TableSpec(spec.name, spec.description, spec.columns, spec.primary_key, row_group_rows=13)
    table = pa.Table.from_pylist(list(trace_rows(20)), schema=spec.schema)
    batches = [table.slice(at, cut) for at in range(0, table.num_rows, cut)]
    digests = set()
    for name, rows in {"rows": trace_rows(20), "batches": iter(batches)}.items():
        with PartWriter(tmp_path / name, small, "full") as writer:
            writer.write(rows)
            record, files = writer.finish()
        digests.add((record.digest, *(file.sha256 for file in files)))
    assert len(digests) == 1


def test_long_parts_are_cut_into_numbered_files(tmp_path: Path) -> None:
    spec = TableSpec("raters", "x", raters_table().columns, ("rater_id",), row_group_rows=4)
    rows = [
        {"rater_id": f"r{n:02d}", "kind": "crowd", "simulated": True, "n_responses": n} for n in range(10)
    ]
    with PartWriter(tmp_path, spec, "full", file_rows=5) as writer:
        writer.write(rows)
        record, files = writer.finish()
    assert [file.path for file in files] == [f"raters/full-{n:05d}-of-00003.parquet" for n in range(3)]
    assert [file.rows for file in files] == [4, 4, 2]
    assert record.rows == 10
    assert pd.read_parquet(tmp_path / "raters")["rater_id"].tolist() == [row["rater_id"] for row in rows]


def test_row_groups_of_long_traces_hold_a_limited_number_of_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("affectory.release.parquet._GROUP_MEMBERS", 400)
    with PartWriter(tmp_path, traces_table(("valence", "arousal")), "full") as writer:
        writer.write(trace_rows(4))
        _, files = writer.finish()
    metadata = pq.read_metadata(tmp_path / files[0].path)
    rows = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    assert sum(rows) == 12
    assert max(rows) == 3  # 150 members a row (valence, arousal, mask): the third reaches 400


def test_traces_are_rounded_without_dictionary_and_metadata(tmp_path: Path) -> None:
    rows = [
        {**row, "valence": [None, 0.123456789], "arousal": [None, 1.0], "mask": [False, True]}
        for row in trace_rows(1)
    ]
    with PartWriter(tmp_path, traces_table(("valence", "arousal")), "full") as writer:
        writer.write(rows)
        _, files = writer.finish()
    parquet = pq.ParquetFile(tmp_path / files[0].path)
    assert parquet.metadata.metadata is None
    columns = [parquet.metadata.row_group(0).column(i) for i in range(parquet.metadata.num_columns)]
    valence = next(column for column in columns if column.path_in_schema.startswith("valence"))
    assert "DICTIONARY" not in "".join(valence.encodings)
    read = parquet.read().column("valence").to_pylist()[0]
    assert read[0] is None
    assert read[1] == pytest.approx(0.1235, abs=1e-7)


def test_sums_are_those_that_sha256sum_reads(tmp_path: Path) -> None:
    write_release(tmp_path / "r")
    listed = dict(
        reversed(line.split("  ", 1)) for line in (tmp_path / "r" / "SHA256SUMS").read_text().splitlines()
    )
    held = tree(tmp_path / "r")
    del held["SHA256SUMS"]
    assert listed == held


def test_manifest_survives_reading(tmp_path: Path) -> None:
    manifest = write_release(tmp_path / "r")
    assert open_manifest(tmp_path / "r") == manifest
    contents = open_contents(tmp_path / "r")
    assert contents.digest == manifest.digest
    assert contents.read("items", part="test").num_rows == 2
    assert manifest.writer.pyarrow == pa.__version__


def test_identity_is_of_values_not_of_words_or_names(tmp_path: Path) -> None:
    first = write_release(tmp_path / "a")
    writer = ReleaseWriter(tmp_path / "b")
    fill(writer)
    other = Card(title="Other words", description="!", licence="CC0-1.0")
    second = writer.finish(name="other", version="7.0.0", created_at="2027-01-01T00:00:00Z", card=other)
    assert second.digest == first.digest
    assert write_release(tmp_path / "c", items=11).digest != first.digest
    assert write_release(tmp_path / "d", media=True).digest != first.digest


def test_card_names_every_column_and_says_simulated(tmp_path: Path) -> None:
    manifest = write_release(tmp_path / "r")
    text = (tmp_path / "r" / "README.md").read_text()
    missing = [c.name for table in manifest.tables for c in table.columns if f"`{c.name}`" not in text]
    assert missing == []
    assert "Simulated ratings" in text
    assert "## Motivation" in text
    assert manifest.digest in text


def test_croissant_describes_every_parquet_file_and_column(tmp_path: Path) -> None:
    manifest = write_release(tmp_path / "r")
    described = json.loads((tmp_path / "r" / "croissant.json").read_text())
    objects = {entry["@id"]: entry["sha256"] for entry in described["distribution"]}
    assert objects == {file.path: file.sha256 for file in manifest.files if file.table}
    for record_set in described["recordSet"]:
        table = record_set["name"].split("-")[0]
        assert [field["name"] for field in record_set["field"]] == list(manifest.table(table).kinds)
    assert described["rai:dataBiases"] == "Simulated raters only."
    assert "http://mlcommons.org/croissant/1.1" in described["conformsTo"]


def test_misspelt_rai_term_is_refused(tmp_path: Path) -> None:
    writer = ReleaseWriter(tmp_path / "r")
    fill(writer)
    card = Card(title="t", description="d", licence="CC0-1.0", rai={"annotatorsDemographics": "x"})
    with pytest.raises(ReleaseError, match="annotatorsDemographics"):
        writer.finish(name="demo", version="1.0.0", created_at=CREATED_AT, card=card)


def test_media_are_hard_links_and_the_same_content_is_one_file(tmp_path: Path) -> None:
    source = tmp_path / "clip.mp4"
    source.write_bytes(b"frames")
    writer = ReleaseWriter(tmp_path / "r")
    first = writer.add_media(source, suffix=".mp4")
    assert writer.add_media(source, suffix=".mp4", sha256=first.sha256) == first
    assert (tmp_path / "r" / first.path).samefile(source)
    assert first.path == f"media/{first.sha256[:2]}/{first.sha256}.mp4"
    with pytest.raises(ReleaseError, match="suffix"):
        writer.add_media(source, suffix="/../x")


def test_media_that_are_referred_to_are_in_the_manifest_and_not_in_the_folder(tmp_path: Path) -> None:
    source = tmp_path / "clip.mp4"
    source.write_bytes(b"frames")
    added, referring = (ReleaseWriter(tmp_path / name) for name in ("added", "referring"))
    record = added.add_media(source, suffix=".mp4")
    assert referring.refer_media(record.sha256, suffix=".mp4", size_bytes=record.bytes) == record
    assert added.contents().digest == referring.contents().digest
    assert not (tmp_path / "referring" / record.path).exists()
    assert referring.add_media(source, suffix=".mp4") == record
    assert (tmp_path / "referring" / record.path).samefile(source)
    with pytest.raises(ReleaseError, match="suffix"):
        referring.refer_media(record.sha256, suffix="mp4", size_bytes=record.bytes)


ROW = {"scheme": "s", "item_id": "b", "group_id": "g", "role": "train"}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([ROW, {**ROW, "item_id": "a"}], "comes after"),
        ([ROW, ROW], "comes after"),
        ([{**ROW, "rolle": "x"}], "rolle"),
        ([{**ROW, "role": None}], "role"),
        ([{**ROW, "item_id": None}], "item_id"),
        ([{**ROW, "role": 3}], "role"),
    ],
)
def test_rows_that_do_not_fit_are_refused_by_name(tmp_path: Path, rows: list[dict], message: str) -> None:
    with pytest.raises(TableError, match=message):
        ReleaseWriter(tmp_path / "r").write(splits_table(), rows)


def test_order_is_checked_across_batches(tmp_path: Path) -> None:
    schema = splits_table().schema
    batches = [
        pa.RecordBatch.from_pylist([{**ROW, "item_id": name}], schema=schema) for name in ("a", "c", "b")
    ]
    with pytest.raises(TableError, match=r"'b'.*comes after.*'c'"):
        ReleaseWriter(tmp_path / "r").write(splits_table(), batches)


def test_nan_is_refused_missing_is_null(tmp_path: Path) -> None:
    spec = TableSpec("x", "x", (Column("k", pa.int64(), "k"), Column("v", pa.float64(), "v")), ("k",))
    with pytest.raises(TableError, match="column v: NaN"):
        ReleaseWriter(tmp_path / "a").write(spec, [{"k": 1, "v": float("nan")}])
    lists = TableSpec("x", "x", (spec.columns[0], Column("v", pa.list_(pa.float32()), "v")), ("k",))
    with pytest.raises(TableError, match="column v: NaN"):
        ReleaseWriter(tmp_path / "b").write(lists, [{"k": 1, "v": [1.0, float("inf")]}])
    ReleaseWriter(tmp_path / "c").write(lists, [{"k": 1, "v": [1.0, None]}, {"k": 2, "v": None}])


def test_writer_refuses_a_used_folder_a_part_twice_and_bad_names(tmp_path: Path) -> None:
    writer = ReleaseWriter(tmp_path / "r")
    writer.write(splits_table(), [ROW])
    with pytest.raises(TableError, match="already"):
        writer.write(splits_table(), [ROW])
    with pytest.raises(ReleaseError, match="not empty"):
        ReleaseWriter(tmp_path / "r")
    with pytest.raises(TableError, match="part"):
        writer.write(splits_table(), [ROW], part="../x")
    with pytest.raises(ManifestError, match="dataset name"):
        writer.finish(name="Demo Film", version="1.0.0", created_at=CREATED_AT, card=CARD)


def test_empty_part_is_a_file_that_opens(tmp_path: Path) -> None:
    writer = ReleaseWriter(tmp_path / "r")
    writer.write(splits_table(), [])
    assert pd.read_parquet(tmp_path / "r" / "splits").empty
