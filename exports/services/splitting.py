"""Every split scheme of a recipe, worked out on the items and raters of one moment, with what it has settled before.

Where something was placed once it stays: a scheme that would now say otherwise (an official list that was edited, cuts
that were moved) is refused, as is one that tears apart what shares a key or is the same twice. Another name is another
scheme with a ledger of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from affectory.errors import Conflict, Invalid
from affectory.release.manifest import SPLITS
from affectory.splits import (
    CrossedScheme,
    CutScheme,
    LeaveOneOutScheme,
    OfficialScheme,
    RatioScheme,
    SplitAssignment,
    assign_splits,
    kfold_scheme,
)
from affectory.splits.schemes import Scheme
from exports.recipe import default_scheme
from exports.schemes import iso_instant
from exports.services.ledger import packed, settled
from exports.services.source import Source
from exports.services.split_fields import Asked, FieldTable, Recipe
from exports.services.split_links import NearDuplicates, looks_for_copies, near_duplicates, part_links
from exports.services.split_times import cut_items

TOLD_AT_MOST = 5
#: Kinds whose roles follow from their ledger first; those of the others follow from their rule under any name.
BY_SHARE = ("ratio", "kfold", "crossed", "rater")
AFRESH = "what earlier releases placed never moves; under another name the scheme begins afresh"
COPIES_APART = '"near_duplicates": false in the scheme lets them stand apart'
OUT_OF_TIME = (
    "stretches follow from the items alone, under any name; leave the scheme out of the recipe (a key such as the film "
    "keeps files whole), or items of the same file out of the collection"
)


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
    """One scheme, worked out. ``assignment`` is None for stretches of time, which need no ledger.

    ``new_places``: what it settles that was not settled before, packed.
    ``way_out``: what helps against its problems, where that is not plain from them.
    """

    name: str
    kind: str
    report: Mapping[str, Any]
    problems: tuple[str, ...] = ()
    assignment: SplitAssignment | None = None
    slices: tuple[Place, ...] = ()
    new_places: bytes | None = None
    way_out: str = ""

    def places(self) -> Iterator[Place]:
        """Items by key, then role."""
        if self.assignment is None:
            yield from self.slices
            return
        roles, groups = self.assignment.roles, self.assignment.groups
        for item, role, group in zip(roles, roles.in_order(), groups.in_order(), strict=True):
            if role is not None:
                yield Place(str(item), group, role)


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

    @property
    def ways_out(self) -> list[str]:
        return [f"{one.name}: {one.way_out}" for one in self.placed if one.problems and one.way_out]

    def reports(self) -> list[dict[str, Any]]:
        return [{"name": one.name, "kind": one.kind, **one.report} for one in self.placed]

    def new_places(self) -> dict[str, bytes]:
        """What each scheme that has a ledger settles anew, by its name."""
        return {one.name: one.new_places for one in self.placed if one.new_places is not None}

    def of_kind(self, *, rater: bool) -> list[Placed]:
        """Schemes by name that place raters, or those that place items."""
        return sorted(
            (one for one in self.placed if (one.kind == "rater") == rater), key=lambda one: one.name
        )

    def refuse_problems(self) -> None:
        """Raise Conflict when anything leaks or has no place: then nothing is published."""
        if self.problems:
            raise Conflict(
                "The splits leak; nothing was published: "
                + "; ".join([*self.problems[:TOLD_AT_MOST], *self.ways_out]),
                code="split_leak",
                details={"problems": self.problems, "schemes": self.reports()},
            )


def place_all(source: Source, raters: Sequence[str]) -> Splits:
    """Work out every scheme; ``raters``: pseudonyms in order. Raises Invalid, naming the recipe's field."""
    schemes = source.dataset.recipe["splits"]
    chosen = default_scheme(source.dataset.recipe)["name"]
    table = FieldTable(source)
    same = near_duplicates(source) if looks_for_copies(source.dataset.recipe) else NearDuplicates()
    links = _Links(same, tuple(part_links(source)))
    placed = []
    for at, scheme in enumerate(schemes):
        known = settled(source.dataset, scheme["name"])
        asked = Asked(f"splits[{at}]", scheme, known, whole=scheme["name"] == chosen)
        placed.append(_placed(asked, table, links, raters))
    default = next(one.assignment for one in placed if one.name == chosen)
    assert default is not None  # noqa: S101  # the recipe lets no other kind be the default
    return Splits(tuple(placed), default, chosen)


@dataclass(frozen=True)
class _Links:
    """Pairs of items that belong together: because they show the same, or because one is a part of the other."""

    same: NearDuplicates
    parts: Sequence[tuple[str, str]]


def _placed(asked: Asked, table: FieldTable, links: _Links, raters: Sequence[str]) -> Placed:
    scheme = asked.scheme
    if scheme["kind"] == "temporal":
        return _in_time(asked, table.source, links)
    if scheme["kind"] == "rater":
        rows = pd.DataFrame({"id": list(raters)})
        same = NearDuplicates()
        parts: Sequence[tuple[str, str]] = ()
        if not raters:
            raise Invalid(f"{asked.where}: nobody has rated yet.", code="invalid_recipe")
    else:
        rows = table.rows(asked)
        same, parts = links.same if scheme["near_duplicates"] else NearDuplicates(), links.parts
    try:
        found = assign_splits(
            rows,
            scheme=_scheme_of(scheme),
            ledger=asked.settled,
            links=[*same.pairs, *parts],
            seed=scheme.get("seed", 0),
        )
    except ValueError as error:
        raise Invalid(f"{asked.where} ({scheme['name']}): {error}", code="invalid_recipe") from error
    without = found.report.without_role if asked.whole else ()
    leaks = [*same.parted(found.roles), *found.report.leaks]
    problems = [*leaks, *_without_role(without, same.placed_twins(found.roles)), *_moved(asked, rows)]
    report = {**found.report.as_dict(), **same.report(), "leaks": leaks, "guard_s": None}
    new_places = packed(found.ledger.new())
    return Placed(
        scheme["name"],
        scheme["kind"],
        report,
        tuple(problems),
        found,
        new_places=new_places,
        way_out="; ".join(_ways_out(asked, found, apart=len(leaks) > len(found.report.leaks))),
    )


def _without_role(items: Sequence[str], twins: Mapping[str, list[str]]) -> Iterator[str]:
    """``twins``: of an item, the near-duplicates that have a role; where they have two, it can have none."""
    for item in items:
        shows = f": it shows the same as {' and '.join(twins[item])}" if item in twins else ""
        yield f"{item} has no role{shows}"


def _ways_out(asked: Asked, found: SplitAssignment, *, apart: bool) -> Iterator[str]:
    if apart:
        yield COPIES_APART
    if found.report.leaks and asked.settled and asked.scheme["kind"] in BY_SHARE:
        yield AFRESH


def _scheme_of(scheme: Recipe) -> Scheme:
    keys = tuple(scheme.get("keys", ()))
    match scheme["kind"]:
        case "ratio" | "kfold" | "crossed":
            spread = {
                "keys": keys,
                "categories": tuple(scheme["categories"]),
                "scales": tuple(scheme["scales"]),
                "bins": scheme["bins"],
            }
            if scheme["kind"] == "kfold":
                return kfold_scheme(scheme["folds"], **spread)
            by_share = CrossedScheme if scheme["kind"] == "crossed" else RatioScheme
            return by_share(roles=in_order(scheme["ratios"]), **spread)
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


def _moved(asked: Asked, rows: pd.DataFrame) -> Iterator[str]:
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


def _in_time(asked: Asked, source: Source, links: _Links) -> Placed:
    scheme = asked.scheme
    cut = cut_items(source, scheme, links.parts)
    wanted = {part["role"]: part["share"] for part in scheme["parts"]}
    sizes = {role: sum(one.role == role for one in cut.stretches) for role in wanted}
    lengths = {role: sum(one.length_s for one in cut.stretches if one.role == role) for role in wanted}
    total_s = sum(lengths.values())
    report = {
        "sizes": sizes,
        "groups": sizes,
        "shares": {role: length / total_s if total_s else 0.0 for role, length in lengths.items()},
        "wanted": {role: share / sum(wanted.values()) for role, share in wanted.items()},
        "total_variation": {},
        "leaks": list(cut.leaks),
        "without_role": list(cut.without_role),
        "largest_group": 1,
        **links.same.report(),
        "guard_s": scheme["guard_s"],
    }
    slices = tuple(Place(one.item, None, one.role, one.start_s, one.end_s) for one in cut.stretches)
    return Placed(scheme["name"], scheme["kind"], report, cut.leaks, slices=slices, way_out=OUT_OF_TIME)


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
