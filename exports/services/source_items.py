"""The items of a release as columns, since there may be a million of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import QuerySet

from affectory.lazy import LazySequence
from affectory.results import IntArray
from annotation.facade import ID, ID_TEXT, NAMED, TEXT, RatedItems, ids_of, stored_tables
from ingest.facade import Corpus, Item

ITEMS_AT_ONCE = 4_096
_READ = {"pk": ID_TEXT, "key": TEXT, "kind": NAMED, "corpus": pa.int64()}


@dataclass(frozen=True, slots=True)
class SourceItem:
    """As much of an item as is held for all of them at once; the rest is read in passing by `Source.facts`."""

    pk: UUID
    key: str
    kind: str
    corpus: Corpus


@dataclass(frozen=True, eq=False)
class SourceItems(LazySequence[SourceItem]):
    """Items in the order of a release; a single `SourceItem` is made when it is asked for.

    ``ids``: 16 bytes of each; ``all_keys``, ``kinds``: text; ``corpus_ids``: numbers, with what they stand for.
    """

    ids: pa.FixedSizeBinaryArray
    all_keys: pa.StringArray
    kinds: pa.DictionaryArray
    corpus_ids: pa.DictionaryArray
    by_id: Mapping[int, Corpus]

    @classmethod
    def read(cls, items: QuerySet[Item], rated: Sequence[RatedItems]) -> "SourceItems":
        """Those of a query, in its order; the ids and keys that the answers hold are shared."""
        nothing = [pa.array([], type_) for type_ in _READ.values()]
        tables = [pa.table(nothing, names=list(_READ)), *stored_tables(items.values_list(*_READ), _READ)]
        stored = pa.concat_tables(tables).unify_dictionaries()
        ids, keys, kinds, corpora = (column.combine_chunks() for column in stored.columns)
        ids = ids_of(ids)
        for one in rated:
            if one.ids.equals(ids) and one.keys.equals(keys):
                ids, keys = one.ids, one.keys
        return cls(ids, keys, kinds, corpora.dictionary_encode(), Corpus.objects.in_bulk())

    @property
    def keys(self) -> Iterator[str]:
        """The key of each, made as it is asked for."""
        starts = range(0, len(self), ITEMS_AT_ONCE)
        return chain.from_iterable(self.all_keys.slice(at, ITEMS_AT_ONCE).to_pylist() for at in starts)

    def keys_of(self, some: Collection[UUID]) -> dict[UUID, str]:
        """The keys of some items, by id; those that are not among these are left out."""
        wanted = list(some)
        places = pc.index_in(pa.array([one.bytes for one in wanted], ID), value_set=self.ids).to_pylist()
        return {
            one: self.all_keys[at].as_py() for one, at in zip(wanted, places, strict=True) if at is not None
        }

    def at(self, places: IntArray) -> list[SourceItem]:
        """Those at some places, faster than one by one."""
        chosen = pa.array(places)
        columns = (self.ids, self.all_keys, self.kinds, self.corpus_ids)
        rows = zip(*(column.take(chosen).to_pylist() for column in columns), strict=True)
        return [SourceItem(UUID(bytes=pk), key, kind, self.by_id[corpus]) for pk, key, kind, corpus in rows]

    @cached_property
    def corpora(self) -> list[Corpus]:
        """The different corpora that they are of, by name."""
        some = [self.by_id[one] for one in self.corpus_ids.dictionary.to_pylist()]
        return sorted(some, key=lambda corpus: corpus.name)

    @property
    def different_kinds(self) -> list[str]:
        return sorted(self.kinds.unique().to_pylist())

    def __len__(self) -> int:
        return len(self.ids)

    def made(self, place: int) -> SourceItem:
        return self.at(np.array([place]))[0]

    def __iter__(self) -> Iterator[SourceItem]:
        places = np.arange(len(self))
        starts = range(0, len(self), ITEMS_AT_ONCE)
        return chain.from_iterable(self.at(places[at : at + ITEMS_AT_ONCE]) for at in starts)
