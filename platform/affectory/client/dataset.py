"""A release, or a part of it, in memory: pandas, Arrow, NumPy views of traces."""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from affectory.client.answers import NEEDED, answer_rows, kinds_of
from affectory.client.conditions import fitting_ids
from affectory.client.errors import NotFoundError, UsageError
from affectory.client.extras import extra
from affectory.client.locate import Locate
from affectory.client.media import ONSET, MediaFiles
from affectory.client.pull import Selection
from affectory.client.targets import ANSWERS, find_targets, only_fitting, places
from affectory.client.traces import Traces, cut_traces
from affectory.release.folder import CARD_NAME, SCHEMES_NAME, read_files
from affectory.release.manifest import WHOLE, FileRecord, Manifest

if TYPE_CHECKING:
    from affectory.client.torch_data import ItemTargets, TraceTargets


class Dataset:
    """A release, seen through one split and one table (both can be chosen again in most calls)."""

    def __init__(
        self,
        manifest: Manifest,
        locate: Locate,
        *,
        split: str | None = None,
        table: str = "items",
        columns: Sequence[str] | None = None,
        where: Sequence[str] = (),
    ) -> None:
        selection = Selection(tables=(table,), split=split, where=tuple(where))
        selection.check(manifest)
        self.manifest = manifest
        self.where = tuple(where)
        self._conditions = selection.conditions(manifest)
        self.split = split
        self._locate = locate
        self._table = table
        self._columns = list(columns) if columns is not None else None

    def __repr__(self) -> str:
        part = f", split={self.split!r}" if self.split else ""
        return f"<Dataset {self.name}@{self.version}{part}, table={self._table!r}, {len(self):,} rows>"

    def __len__(self) -> int:
        parts = {part.name: part.rows for part in self.manifest.table(self._table).parts}
        if self._conditions or (self.split is not None and WHOLE in parts):
            return int(self.arrow.num_rows)
        return sum(parts.values()) if self.split is None else parts[self.split]

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def version(self) -> str:
        return self.manifest.version

    @property
    def digest(self) -> str:
        """The identity of the values of the whole release."""
        return self.manifest.digest

    @cached_property
    def arrow(self) -> pa.Table:
        """The chosen table as Arrow."""
        return self.table(self._table, columns=self._columns)

    def to_pandas(self) -> pd.DataFrame:
        """Return the chosen table as a data frame."""
        return self.arrow.to_pandas()

    def to_polars(self) -> Any:
        """Return the chosen table as a polars DataFrame (needs polars)."""
        return extra("polars").from_arrow(self.arrow)

    def to_hf(self) -> Any:
        """Return the chosen table as a Hugging Face Dataset (needs datasets)."""
        datasets = extra("datasets")
        return datasets.Dataset(datasets.table.InMemoryTable(self.arrow))

    def to_torch(
        self,
        target: Sequence[str],
        *,
        question: str | None = None,
        rater: str | None = None,
        method: str | None = None,
        step: int = 1,
        frame_size: tuple[int, int] | None = None,
    ) -> "ItemTargets | TraceTargets":
        """Return a dataset for torch, of rows or of traces, whichever have the `target`.

        `DataLoader(found, batch_size=8, collate_fn=found.collate)` makes batches of it. Rows and traces without a value
        in one of `target` are left out; `found.dropped` says how many.

        Parameters
        ----------
        target : sequence of str
            Columns of the chosen table (a list column, such as votes, gives as many numbers as it has members), or
            dimensions, such as ("valence", "arousal"): of the one question that has them in `items`, else of the gold
            traces, else of the traces of raters. With `table="traces"` or `"gold_traces"`, or with an option below that
            only traces have: dimensions of these. With `table="annotations"` or a `rater`: the same columns as of gold,
            with the answer of a single rater in each row, see `answers`.
        question : str, optional
            The question, where several have these dimensions.
        rater : str, optional
            Only the answers or traces of this rater, for a personal model.
        method : str, optional
            How gold traces were fused; without it as the recipe takes for the gold (the mean, if nothing is said).
        step : int
            Every how many samples of a trace one is taken.
        frame_size : (int, int), optional
            Width and height in pixels. With it each sample of a trace comes with the video frame that was on the screen
            at its time (needs av).

        Returns
        -------
        ItemTargets or TraceTargets
        """
        from affectory.client.torch_data import ItemTargets  # noqa: PLC0415  # torch is an extra

        moments = step != 1 or frame_size is not None
        among = places(self._table, rater=rater, method=method, moments=moments)
        held = {table.name: table.kinds for table in self.manifest.tables}
        kinds = {name: held[name] for name in among if name in held}
        answers = self._answers(rater) if ANSWERS in kinds else None
        if answers is not None:
            kinds[ANSWERS] = kinds_of(answers)
        found = find_targets(self.manifest.ref, target, among=kinds, question=question)
        if answers is not None and found.table == ANSWERS:
            return ItemTargets(answers, found.names)
        if not found.are_traces:
            return ItemTargets(self._with_columns(found.names), found.names)
        traces = self.traces(gold=found.are_gold, question=question, rater=rater, method=method)
        media = self.media_path if frame_size else None
        return only_fitting(traces, found).to_torch(
            found.names, step=step, media=media, frame_size=frame_size or (64, 64)
        )

    def _with_columns(self, names: Sequence[str]) -> pa.Table:
        if self._columns is None:
            return self.arrow
        return self.table(self._table, columns=list(dict.fromkeys([*self._columns, *names])))

    def table(self, name: str, *, columns: Sequence[str] | None = None) -> pa.Table:
        """Return any table of the release as Arrow, with the rows of the chosen split and items."""
        record = self.manifest.table(name)
        unknown = [column for column in columns or () if column not in record.kinds]
        if unknown:
            raise UsageError(
                f"table {name!r} has no column {unknown[0]!r}", f"it has: {', '.join(record.kinds)}"
            )
        paths = self._locate(self.manifest.table_files(name, self.split))
        chosen = list(columns) if columns is not None else None
        whole = self.split is not None and any(part.name == WHOLE for part in record.parts)
        if "item_id" not in record.kinds or not (whole or self._conditions):
            return read_files(paths, columns=chosen)
        asked = chosen if chosen is None or "item_id" in chosen else [*chosen, "item_id"]
        found = read_files(paths, columns=asked, item_ids=self._item_ids)
        return found if chosen is None else found.select(chosen)

    def annotations(
        self,
        *,
        question: str | None = None,
        perspective: str | None = None,
        rater: str | None = None,
        excluded: bool = False,
        simulated: bool = True,
    ) -> pd.DataFrame:
        """Return the answers of each rater, or of one, one row per item, rater, question and dimension.

        Answers that the quality policy left out are left out here too, unless `excluded` is true; their
        reason is in the column `excluded`. Answers of programs (column `simulated`) can be left out.
        """
        rows = self.table("annotations").to_pandas()
        keep = pd.Series(data=True, index=rows.index)
        if not excluded:
            keep &= rows["excluded"].isna()
        if not simulated:
            keep &= ~rows["simulated"].astype(bool)
        chosen = {"question": question, "perspective": perspective, "rater_id": rater}
        for column, wanted in chosen.items():
            if wanted is not None:
                keep &= rows[column] == wanted
        return rows[keep].reset_index(drop=True)

    def answers(self, *, rater: str | None = None) -> pd.DataFrame:
        """Return the answers that count with a row per item, rater and take, and the columns that gold has.

        `<question>_<dimension>` is a number as the rater gave it, `<question>_votes` a list with 1 for each of
        `labels(question)` that she chose; missing where she was not asked or gave no answer.
        """
        return self._answers(rater).to_pandas()

    def _answers(self, rater: str | None) -> pa.Table:
        rows = self.table(ANSWERS, columns=NEEDED)
        if rater is not None:
            rows = rows.filter(pc.equal(rows.column("rater_id"), rater))
        return answer_rows(rows, self.schemes.get("labels", {}))

    def labels(self, question: str) -> tuple[str, ...]:
        """Return what the members of the list column `<question>_votes` stand for, in their order."""
        known: Mapping[str, Sequence[str]] = self.schemes.get("labels", {})
        if question not in known:
            there = f"there are: {', '.join(known)}" if known else "it names no labels"
            raise UsageError(f"{self.manifest.ref} has no question {question!r} with labels", there)
        return tuple(known[question])

    def traces(
        self,
        *,
        gold: bool = False,
        question: str | None = None,
        rater: str | None = None,
        method: str | None = None,
        excluded: bool = False,
    ) -> Traces:
        """Return the traces of each rater, or of one, or with `gold` the fused ones, as NumPy views."""
        if gold and rater is not None:
            raise UsageError("fused traces are of no single rater", "leave gold or rater away")
        if method is not None and not gold:
            raise UsageError("traces of raters have no method", "ask for fused ones with: gold=True")
        table = self.table("gold_traces" if gold else "traces")
        for column, value in {"question": question, "rater_id": rater, "method": method}.items():
            if value is not None:
                table = table.filter(pc.equal(table.column(column), value))
        # Filtering copies all samples, so it is done only where there is something to leave out.
        if not gold and not excluded and table.column("excluded").null_count < table.num_rows:
            table = table.filter(pc.is_null(table.column("excluded")))
        return Traces(list(cut_traces(table.combine_chunks(), self._onsets_s)))

    @cached_property
    def schemes(self) -> Mapping[str, Any]:
        """Taxonomies, scales and mappings of the release."""
        schemes: Mapping[str, Any] = json.loads(self._document(SCHEMES_NAME))
        return schemes

    @property
    def card(self) -> str:
        """The datasheet of the release, in Markdown."""
        return self._document(CARD_NAME).decode()

    def _document(self, path: str) -> bytes:
        files = [file for file in self.manifest.files if file.path == path]
        return self._locate(files)[0].read_bytes()

    def media_path(self, item_id: str, *, part: str = "", original: bool = False) -> Path:
        """Return where a media file of an item, or of a part that it shows, is on this machine: see `media_files`."""
        file = self._media.files(original=original).get((item_id, part))
        if file is None:
            named = f"part {part!r} of item {item_id!r}" if part else f"item {item_id!r}"
            raise NotFoundError(f"{self.manifest.ref} holds no media file of {named}")
        return self._locate([file])[0]

    def media_paths(self, items: Sequence[str] | None = None, *, original: bool = False) -> dict[str, Path]:
        """Return where the media files of items (all of the split) are on this machine, by item_id."""
        files = self.media_files(original=original)
        if items is not None:
            files = {item_id: files[item_id] for item_id in items}
        return dict(zip(files, self._locate(list(files.values())), strict=True))

    def media_files(self, *, original: bool = False) -> dict[str, FileRecord]:
        """Return what the release holds of each item of the split: what raters saw or heard, else the original.

        With `original` the file that was taken in, which only a release with media `full` has.
        """
        found = self._media.files(original=original)
        return {item_id: file for (item_id, part), file in found.items() if not part}

    def part_files(self, *, original: bool = False) -> dict[tuple[str, str], FileRecord]:
        """Return the same of the parts that items show together, by item_id and name of the part."""
        return {place: file for place, file in self._media.files(original=original).items() if place[1]}

    @cached_property
    def _onsets_s(self) -> Mapping[str, float]:
        """Where in their media files those items begin that are stretches of them."""
        if ONSET not in self.manifest.table("items").kinds:
            return {}
        items = self._items_with(["item_id", ONSET]).drop_null()
        return dict(zip(*(column.to_pylist() for column in items.columns), strict=True))

    @cached_property
    def _media(self) -> MediaFiles:
        return MediaFiles(self.manifest, self._items_with)

    def _items_with(self, columns: list[str]) -> pa.Table:
        return self.table("items", columns=columns)

    @cached_property
    def _item_ids(self) -> pa.Array:
        columns = ["item_id", *(condition.column for condition in self._conditions)]
        files = self._locate(self.manifest.table_files("items", self.split))
        return fitting_ids(read_files(files, columns=list(dict.fromkeys(columns))), self._conditions)
