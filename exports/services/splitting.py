"""Every split scheme of a recipe, worked out on the items and raters of one moment, with what it has settled before.

Where something was placed once it stays: a scheme that would now say otherwise (an official list that was edited, cuts
that were moved) is refused, as is one that tears apart what shares a key or is the same twice. Another name is another
scheme with a ledger of its own.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
from django.db.models import F
from rest_framework.exceptions import ValidationError

from affectory.errors import Conflict, Invalid
from affectory.release.manifest import SPLITS
from affectory.splits import (
    CutScheme,
    LeaveOneOutScheme,
    OfficialScheme,
    RatioScheme,
    SplitAssignment,
    assign_splits,
    kfold_scheme,
    temporal_slices,
)
from affectory.splits.schemes import Scheme
from annotation.facade import unpack
from exports.recipe import default_scheme
from exports.schemes import iso_instant
from exports.services.source import Source, SourceItem
from exports.services.tables import continuous, label_of, length_s
from ingest.facade import group_values

TOLD_AT_MOST = 5
Recipe = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where one item, or a stretch of it in seconds, stands."""

    item: str
    group: str | None
    role: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True)
class Placed:
    """One scheme, worked out. ``assignment`` is None for stretches of time, which need no ledger."""

    name: str
    kind: str
    report: Mapping[str, Any]
    problems: tuple[str, ...] = ()
    assignment: SplitAssignment | None = None
    slices: tuple[Place, ...] = ()
    settled: Mapping[str, str] = field(default_factory=dict)

    def places(self) -> Iterator[Place]:
        """Items by key, then role."""
        if self.assignment is None:
            yield from self.slices
            return
        for item, role in self.assignment.roles.items():
            if role is not None:
                yield Place(str(item), self.assignment.groups[item], role)

    def newly_settled(self) -> Iterator[tuple[str, str]]:
        """What the ledger does not hold yet: (group, role)."""
        ledger = self.assignment.ledger if self.assignment else {}
        return ((group, role) for group, role in ledger.items() if group not in self.settled)


@dataclass(frozen=True)
class Splits:
    """All schemes of a recipe in its order."""

    placed: tuple[Placed, ...]
    default: SplitAssignment
    default_name: str

    @property
    def roles(self) -> list[str]:
        """The parts of ``items``, in the order in which people name them."""
        return [role for role in SPLITS if role in self.default.report.sizes]

    @property
    def problems(self) -> list[str]:
        return [f"{one.name}: {problem}" for one in self.placed for problem in one.problems]

    def reports(self) -> list[dict[str, Any]]:
        return [{"name": one.name, "kind": one.kind, **one.report} for one in self.placed]

    def of_kind(self, *, rater: bool) -> list[Placed]:
        """Schemes by name that place raters, or those that place items."""
        return sorted(
            (one for one in self.placed if (one.kind == "rater") == rater), key=lambda one: one.name
        )

    def refuse_problems(self) -> None:
        """Raise Conflict when anything leaks or has no place: then nothing is published."""
        if self.problems:
            raise Conflict(
                "The splits leak; nothing was published: " + "; ".join(self.problems[:TOLD_AT_MOST]),
                code="split_leak",
                details={"problems": self.problems, "schemes": self.reports()},
            )


def place_all(source: Source, raters: Sequence[str]) -> Splits:
    """Work out every scheme; ``raters``: pseudonyms in order. Raises Invalid, naming the recipe's field."""
    schemes = source.dataset.recipe["splits"]
    chosen = default_scheme(source.dataset.recipe)["name"]
    table = _Table(source)
    same = duplicate_links(source) if any(one.get("near_duplicates") for one in schemes) else []
    links = _Links(same, tuple(part_links(source)))
    placed = []
    for at, scheme in enumerate(schemes):
        settled = dict(source.dataset.ledger.filter(scheme=scheme["name"]).values_list("group", "role"))
        asked = _Asked(f"splits[{at}]", scheme, settled, whole=scheme["name"] == chosen)
        placed.append(_placed(asked, table, links, raters))
    default = next(one.assignment for one in placed if one.name == chosen)
    assert default is not None  # noqa: S101  # the recipe lets no other kind be the default
    return Splits(tuple(placed), default, chosen)


@dataclass(frozen=True)
class _Asked:
    """A scheme of the recipe and where it stands there; ``whole``: every item must get a role."""

    where: str
    scheme: Recipe
    settled: Mapping[str, str]
    whole: bool


@dataclass(frozen=True)
class _Links:
    """Pairs of items that belong together: because they show the same, or because one is a part of the other."""

    same: Sequence[tuple[str, str]]
    parts: Sequence[tuple[str, str]]


def _placed(asked: _Asked, table: "_Table", links: _Links, raters: Sequence[str]) -> Placed:
    scheme = asked.scheme
    if scheme["kind"] == "temporal":
        return _in_time(asked, table.source)
    if scheme["kind"] == "rater":
        rows = pd.DataFrame({"id": list(raters)})
        same: Sequence[tuple[str, str]] = ()
        parts: Sequence[tuple[str, str]] = ()
        if not raters:
            raise Invalid(f"{asked.where}: nobody has rated yet.", code="invalid_recipe")
    else:
        rows = table.rows(asked)
        same, parts = links.same if scheme["near_duplicates"] else (), links.parts
    try:
        found = assign_splits(
            rows,
            scheme=_scheme_of(scheme),
            ledger=asked.settled,
            links=[*same, *parts],
            seed=scheme.get("seed", 0),
        )
    except ValueError as error:
        raise Invalid(f"{asked.where} ({scheme['name']}): {error}", code="invalid_recipe") from error
    without = found.report.without_role if asked.whole else ()
    problems = [*found.report.leaks, *(f"{item} has no role" for item in without), *_moved(asked, rows)]
    report = {**found.report.as_dict(), "near_duplicate_links": len(same), "guard_s": None}
    return Placed(scheme["name"], scheme["kind"], report, tuple(problems), found, settled=asked.settled)


def _scheme_of(scheme: Recipe) -> Scheme:
    keys = tuple(scheme.get("keys", ()))
    match scheme["kind"]:
        case "ratio" | "kfold":
            spread = {
                "keys": keys,
                "categories": tuple(scheme["categories"]),
                "scales": tuple(scheme["scales"]),
                "bins": scheme["bins"],
            }
            if scheme["kind"] == "kfold":
                return kfold_scheme(scheme["folds"], **spread)
            return RatioScheme(roles=in_order(scheme["ratios"]), **spread)
        case "rater":
            return RatioScheme(roles=in_order(scheme["ratios"]))
        case "loso":
            return LeaveOneOutScheme(scheme["key"])
        case "date":
            cuts = [
                (iso_instant(cut["before"]) if cut["before"] else None, cut["role"]) for cut in scheme["cuts"]
            ]
            return CutScheme("date of the item", tuple(cuts), keys)
        case _:
            return OfficialScheme("official role", keys)


def in_order(ratios: Mapping[str, float]) -> dict[str, float]:
    """Train, validation, test, then others by name: the order of a JSON object must not change what comes out."""
    usual = [role for role in SPLITS if role in ratios]
    return {role: ratios[role] for role in (*usual, *sorted(set(ratios) - set(usual)))}


def _moved(asked: _Asked, rows: pd.DataFrame) -> Iterator[str]:
    """Items whose rule now says another role than the one they have had since an earlier release."""
    rule = _scheme_of(asked.scheme)
    if isinstance(rule, RatioScheme) or not asked.settled:
        return
    for item, role in zip(rows["id"], rule.roles_of(rows), strict=True):
        had = asked.settled.get(f"id={item}", role)
        if had != role:
            yield (
                f"id={item} is in {had} since an earlier release and would now be in {role}; "
                "old items never move: give the scheme another name"
            )


# --- within recordings ---------------------------------------------------------------------------------------


def _in_time(asked: _Asked, source: Source) -> Placed:
    scheme = asked.scheme
    parts = [(part["role"], part["share"]) for part in scheme["parts"]]
    slices: list[Place] = []
    without: list[str] = []
    for key, onset_s, offset_s, duration_s in source.facts(
        "key", "onset_s", "offset_s", "asset__facts__duration_s"
    ):
        # Times count from the item's own beginning, as those of traces do.
        length = length_s(onset_s, offset_s, duration_s)
        if length is None or length <= scheme["guard_s"] * (len(parts) - 1):
            without.append(f"id={key}")
            continue
        cut = temporal_slices(0.0, length, parts, guard_s=scheme["guard_s"])
        slices += sorted(
            (Place(key, None, one.role, one.start_s, one.end_s) for one in cut), key=lambda one: one.role
        )
    sizes = {role: sum(one.role == role for one in slices) for role, _ in parts}
    lengths = {
        role: sum((one.end_s or 0) - (one.start_s or 0) for one in slices if one.role == role)
        for role, _ in parts
    }
    total_s, shares = sum(lengths.values()), sum(share for _, share in parts)
    report = {
        "sizes": sizes,
        "groups": sizes,
        "shares": {role: length / total_s if total_s else 0.0 for role, length in lengths.items()},
        "wanted": {role: share / shares for role, share in parts},
        "total_variation": {},
        "leaks": [],
        "without_role": without,
        "largest_group": 1,
        "near_duplicate_links": 0,
        "guard_s": scheme["guard_s"],
    }
    return Placed(scheme["name"], scheme["kind"], report, slices=tuple(slices))


# --- what a scheme reads ---------------------------------------------------------------------------------------


class _Table:
    """The fields that schemes name, one list each in the order of the items, read once and kept."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._told: dict[str, list[Any]] = {}

    def rows(self, asked: _Asked) -> pd.DataFrame:
        scheme = asked.scheme
        columns: dict[str, list[Any]] = {"id": [item.key for item in self.source.items]}
        for key in scheme.get("keys", ()):
            columns[key] = [group_values(value) or None for value in self._stated(key)]
        if "key" in scheme:
            values = (group_values(value) for value in self._stated(scheme["key"]))
            columns[scheme["key"]] = ["; ".join(several) or None for several in values]
        for name in (*scheme.get("categories", ()), *scheme.get("scales", ())):
            columns[name] = self._label(name, asked, numeric=name in scheme["scales"])
        if scheme["kind"] == "date":
            columns["date of the item"] = self._dates(asked)
        if scheme["kind"] == "official":
            columns["official role"] = self._official(asked)
        return pd.DataFrame(columns)

    def _stated(self, name: str) -> list[Any]:
        """What the items themselves say under this name: a group key, else a field of their metadata."""
        if name not in self._told:
            facts = self.source.facts("groups", "metadata")
            self._told[name] = [groups.get(name, metadata.get(name)) for groups, metadata in facts]
        return self._told[name]

    def _existing(self, name: str, asked: _Asked, field_: str) -> list[Any]:
        values = self._stated(name)
        if all(value is None for value in values):
            raise Invalid(
                f"{asked.where}.{field_}: no item has a group key or metadata field {name!r}.",
                code="invalid_recipe",
            )
        return values

    def _label(self, name: str, asked: _Asked, *, numeric: bool) -> list[Any]:
        value_of = _label_of(self.source, name)
        field_ = "scales" if numeric else "categories"
        if value_of is None:
            values = self._existing(name, asked, field_)
        else:
            values = [value_of(item) for item in self.source.items]
        wrong = next((one for one in values if one is not None and numeric != _is_number(one)), None)
        if wrong is not None:
            raise Invalid(
                f"{asked.where}.{field_}: {name!r} holds {wrong!r}, which is {'no' if numeric else 'a'} number.",
                code="invalid_recipe",
            )
        return values if not numeric else [np.nan if one is None else float(one) for one in values]

    def _dates(self, asked: _Asked) -> list[Any]:
        values = self._existing(asked.scheme["field"], asked, "field")
        found = []
        for item, value in zip(self.source.items, values, strict=True):
            try:
                found.append(None if value is None else iso_instant(value))
            except ValidationError as error:
                raise Invalid(
                    f"{asked.where}.field: item {item.key!r}: {value!r} is no ISO 8601 date.",
                    code="invalid_recipe",
                ) from error
        return found

    def _official(self, asked: _Asked) -> list[Any]:
        scheme = asked.scheme
        if "field" in scheme:
            values = self._existing(scheme["field"], asked, "field")
            strange = (
                next((one for one in values if one not in {None, *SPLITS}), None) if asked.whole else None
            )
            if strange is not None:
                raise Invalid(
                    f"{asked.where}.field: {strange!r} cannot be a part of items; there are {', '.join(SPLITS)}.",
                    code="invalid_recipe",
                )
            return values
        values = [scheme["roles"].get(item.key) for item in self.source.items]
        if all(value is None for value in values):
            raise Invalid(f"{asked.where}.roles: names no item of this dataset.", code="invalid_recipe")
        return values


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _label_of(source: Source, name: str) -> Callable[[SourceItem], Any] | None:
    """How an item's value of a label column of ``items``, or the mean of its gold trace, is found."""
    found = label_of(source, name)
    if found is not None:
        return found
    means = _trace_means(source, name)
    return (lambda item: means.get(item.pk)) if means else None


def _trace_means(source: Source, name: str) -> dict[UUID, float]:
    """The mean over time of ``<question>_<dimension>``, by item."""
    means: dict[UUID, float] = {}
    for question in continuous(source):
        for trace in source.computed[question.study.slug].gold_traces:
            names = [f"{question.name}_{dimension}" for dimension in trace.dimensions]
            if (trace.question, trace.method) != (question.key, "mean") or name not in names:
                continue
            series = unpack(bytes(trace.values), len(names))[:, names.index(name)]
            if not np.isnan(series).all():
                means[trace.item_id] = float(np.nanmean(series))
    return means


# --- rows of a release ----------------------------------------------------------------------------------------


def split_rows(splits: Splits) -> Iterator[Mapping[str, Any]]:
    """Rows of the ``splits`` table."""
    for one in splits.of_kind(rater=False):
        for place in one.places():
            yield {
                "scheme": one.name,
                "item_id": place.item,
                "group_id": place.group,
                "role": place.role,
                "start_s": place.start_s,
                "end_s": place.end_s,
            }


def rater_split_rows(splits: Splits) -> Iterator[Mapping[str, Any]]:
    """Rows of the ``rater_splits`` table."""
    for one in splits.of_kind(rater=True):
        for place in one.places():
            yield {"scheme": one.name, "rater_id": place.item, "role": place.role}


# --- what belongs together ------------------------------------------------------------------------------------


def part_links(source: Source) -> Iterator[tuple[str, str]]:
    """A group stands with its parts, and so with every other group that shows one of them."""
    own = {item.key for item in source.items}
    shown_in: dict[str, list[str]] = {}
    for item in source.items:
        for part in source.parts.get(item.pk, ()):
            shown_in.setdefault(part.key, [part.key] if part.key in own else []).append(item.key)
    for together in shown_in.values():
        yield from pairwise(together)


def duplicate_links(source: Source) -> list[tuple[str, str]]:
    """Pairs of items that show the same: overlapping stretches of the same bytes, or the same words."""
    return [*_same_bytes(source), *_same_words(source)]


def _same_bytes(source: Source) -> Iterator[tuple[str, str]]:
    """Read by content and time, so that what overlaps stands together."""
    of_assets = source.query().filter(asset__isnull=False)
    rows = of_assets.order_by("asset__sha256", F("onset_s").asc(nulls_first=True), "key", "pk")
    content, longest, reach_s = "", "", 0.0
    for sha256, onset_s, offset_s, key in rows.values_list(
        "asset__sha256", "onset_s", "offset_s", "key"
    ).iterator(chunk_size=5000):
        start_s, end_s = onset_s or 0.0, np.inf if offset_s is None else offset_s
        if sha256 == content and start_s < reach_s:
            yield longest, key
        if sha256 != content or end_s > reach_s:
            content, longest, reach_s = sha256, key, end_s


def _same_words(source: Source) -> Iterator[tuple[str, str]]:
    first: dict[bytes, str] = {}
    rows = (
        source.query().filter(asset__isnull=True).order_by("key", "pk").values_list("key", "text", "context")
    )
    for key, text, context in rows.iterator(chunk_size=5000):
        words = _words(text, context)
        if not words:
            continue
        digest = hashlib.blake2b(words.encode(), digest_size=16).digest()
        other = first.setdefault(digest, key)
        if other != key:
            yield other, key


def _words(text: str | None, context: Iterable[Mapping[str, Any]] | None) -> str:
    """The words shown, whatever their case and spacing; an utterance is its whole dialogue with its speakers."""
    if context:
        return json.dumps(
            [[one.get("speaker"), _plain(one.get("text")), one.get("target")] for one in context]
        )
    return _plain(text)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()
