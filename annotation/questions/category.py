"""One or several categories, of a taxonomy or the study's own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rest_framework import serializers

from affectory.aggregation import majority_vote
from affectory.agreement import krippendorff_alpha
from affectory.mapping import category_to_vad
from affectory.tables import RatingTable
from affectory.taxonomy import get_taxonomy
from annotation.analysis.cross_check import second_opinion
from annotation.questions.answers import Answers, RatedItems
from annotation.questions.contract import (
    INTERVAL,
    AgreementRow,
    Cell,
    Deciders,
    GoldRule,
    LabelRow,
    MadeLabels,
    Outcome,
)
from annotation.questions.labels import LabelSerializer, OfferSerializer, keys_of, texts
from annotation.questions.sets import Chosen, presence_agreement, set_agreement
from annotation.strict import StrictSerializer

AXES = ("valence", "arousal", "dominance")
MAX_RINGS = 5


class PlacedLabelSerializer(LabelSerializer):
    """``parent``: the label it stands below in a tree, or whose petal it shares on a wheel; ``ring``: 0 inside."""

    # Without defaults: documents that were stored before there were these stay as they are.
    parent = serializers.CharField(required=False)  # type: ignore[assignment]
    ring = serializers.IntegerField(required=False, min_value=0, max_value=MAX_RINGS - 1)


class Options(OfferSerializer):
    labels = PlacedLabelSerializer(many=True, allow_empty=False)
    multiple = serializers.BooleanField(default=False)
    max_labels = serializers.IntegerField(
        required=False, min_value=1, help_text="with `multiple`: no more labels than this"
    )
    layout = serializers.ChoiceField(
        ["tiles", "wheel", "tree", "menu"], required=False, help_text="the rule: tiles"
    )
    leaves_only = serializers.BooleanField(
        required=False, help_text="of a tree: a label with others below it is a heading, not an answer"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        roots = _roots(attrs["labels"])
        if "max_labels" in attrs and not attrs["multiple"]:
            raise serializers.ValidationError({"max_labels": "needs multiple = true."})
        if attrs.get("leaves_only") and attrs.get("layout") != "tree":
            raise serializers.ValidationError({"leaves_only": "needs layout = 'tree'."})
        if attrs.get("layout") == "menu" and attrs["multiple"]:
            raise serializers.ValidationError({"layout": "A menu gives one label; take tiles or a tree."})
        if attrs.get("layout") == "wheel":
            _check_wheel(attrs["labels"], roots)
        return attrs


def _roots(labels: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The label without a parent that each label descends from."""
    parents = {label["key"]: label.get("parent") for label in labels}
    roots = {}
    for key in parents:
        seen = [key]
        while (parent := parents[seen[-1]]) is not None:
            if parent not in parents:
                raise serializers.ValidationError(
                    {"labels": f"The parent {parent!r} of {seen[-1]!r} is no label."}
                )
            if parent in seen:
                raise serializers.ValidationError({"labels": f"{parent!r} stands below itself."})
            seen.append(parent)
        roots[key] = seen[-1]
    return roots


def _check_wheel(labels: Sequence[dict[str, Any]], roots: Mapping[str, str]) -> None:
    places = [(roots[label["key"]], label.get("ring", 0)) for label in labels]
    for label, place in zip(labels, places, strict=True):
        if places.count(place) > 1:
            reason = f"{label['key']!r} shares ring {place[1]} of the petal {place[0]!r} with another label."
            raise serializers.ValidationError({"labels": reason})
    if not 3 <= len(set(roots.values())) <= 16:
        raise serializers.ValidationError({"labels": "A wheel has 3 to 16 petals: labels without a parent."})


class Category:
    name = "category"
    continuous = False
    Options: type[StrictSerializer] = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        labels = value.get("labels")
        if set(value) != {"labels"} or not texts(labels):
            return {"labels": "must be a list with at least one label, and nothing else."}
        reason = _wrong_labels(options, labels)
        return {"labels": reason} if reason else {}

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        return [Cell("label", label=label) for label in value["labels"]]

    def analyse(self, options: dict[str, Any], answers: Answers, gold: GoldRule) -> Outcome:
        order = keys_of(options["labels"])
        counted = _counted(order, answers)
        if not counted:
            return Outcome()
        labels = _labels(options, _votes(order, counted), gold)
        return Outcome(list(_agreement(options, order, counted)), labels)

    def agreement(self, options: dict[str, Any], answers: Answers) -> Sequence[AgreementRow]:
        order = keys_of(options["labels"])
        counted = _counted(order, answers)
        return list(_agreement(options, order, counted)) if counted else ()

    proposal_method = "vote"

    def proposal(self, options: dict[str, Any], label: dict[str, Any]) -> dict[str, Any] | None:
        chosen = label.get("labels", []) if options.get("multiple") else [label["label"]]
        return {"labels": chosen} if texts(chosen) else None

    def votes(self, options: dict[str, Any]) -> list[str]:
        return keys_of(options["labels"])

    def deciders(self, options: dict[str, Any]) -> Deciders:
        return Deciders(labels=[*_choosable(options), *keys_of(options["escape"])])


def _wrong_labels(options: dict[str, Any], labels: Sequence[str]) -> str | None:
    """Why these labels are no answer, or None. An escape stands alone."""
    escapes = set(keys_of(options["escape"]))
    unknown = [label for label in labels if label not in escapes | set(_choosable(options))]
    if unknown:
        return f"{unknown[0]!r} is not a label of this question."
    if len(labels) > 1 and not options.get("multiple"):
        return "only one label may be chosen."
    if len(set(labels)) < len(labels):
        return "names a label twice."
    if len(labels) > 1 and escapes & set(labels):
        return f"{next(label for label in labels if label in escapes)!r} cannot stand beside another label."
    most = options.get("max_labels")
    return f"at most {most} labels may be chosen." if most and len(labels) > most else None


def _choosable(options: dict[str, Any]) -> list[str]:
    headings = {label.get("parent") for label in options["labels"]} if options.get("leaves_only") else set()
    return [key for key in keys_of(options["labels"]) if key not in headings]


def _counted(order: Sequence[str], answers: Answers) -> Answers:
    """The answers that name labels; escapes are none."""
    known = set(order)
    return answers.where(answers.flags(lambda value: known.issuperset(value["labels"])))


Numbers: TypeAlias = "npt.NDArray[np.signedinteger[Any]]"


@dataclass(frozen=True)
class _Votes:
    """What was chosen for each item: ``counts`` (items, labels) in the order of the labels, by ``n`` raters.

    ``place``: where each item stands among those that were ``rated``.
    """

    order: Sequence[str]
    rated: RatedItems
    place: Numbers
    counts: Numbers
    n: Numbers

    def table(self) -> RatingTable:
        return RatingTable.from_counts(self.counts, categories=self.order)

    def patterns(self) -> tuple["_Votes", Numbers]:
        """The different ways in which items were voted on, and which of them each item has: a crowd has few."""
        told = np.column_stack([self.n, self.counts])
        told = told.astype(np.min_scalar_type(told.max(initial=0)))
        rows, first, which = np.unique(told, axis=0, return_index=True, return_inverse=True)
        rows = rows.astype(np.int64)
        one_of_each = _Votes(self.order, self.rated, self.place[first], rows[:, 1:], rows[:, 0])
        return one_of_each, which.reshape(-1).astype(np.int32)

    def item(self, at: int) -> UUID:
        return self.rated.id(int(self.place[at]))


def _votes(order: Sequence[str], answers: Answers) -> _Votes:
    n_of_all = np.bincount(answers.item).astype(np.int32)
    places = np.flatnonzero(n_of_all).astype(np.int32)
    row = (np.cumsum(n_of_all > 0, dtype=np.int32) - 1)[answers.item]
    counts = np.empty((places.size, len(order)), dtype=np.int64)
    for column, label in enumerate(order):
        chosen = answers.flags(lambda value, label=label: label in value["labels"])  # type: ignore[misc]
        counts[:, column] = np.bincount(row[chosen], minlength=places.size)
    return _Votes(order, answers.items, places, counts, n_of_all[places])


def _agreement(options: dict[str, Any], order: Sequence[str], answers: Answers) -> Iterator[AgreementRow]:
    if options.get("multiple"):
        chosen = [Chosen(one.item, one.rater, frozenset(one.value["labels"])) for one in answers]
        yield from set_agreement(chosen)
        yield from presence_agreement(order, chosen)
    else:
        yield from _agreement_by_condition(order, answers)


def _agreement_by_condition(order: Sequence[str], answers: Answers) -> Iterator[AgreementRow]:
    """Over all conditions together, and in each where there are several."""
    conditions = answers.items.conditions_of(answers.item)
    for condition in ["", *(conditions if len(conditions) > 1 else [])]:
        within = answers.where(answers.items.of_condition(condition)[answers.item]) if condition else answers
        votes = _votes(order, within).table()
        found = krippendorff_alpha(votes, level="nominal", **INTERVAL)
        yield AgreementRow(
            "krippendorff_alpha_nominal",
            found,
            condition=condition,
            details=second_opinion(votes, "nominal", found),
        )


def _labels(options: dict[str, Any], votes: _Votes, gold: GoldRule) -> MadeLabels:
    """The vote of each item with all its shares, and what the shares mean on valence, arousal and dominance.

    Labels are made once for items that were voted on alike, and share their values.
    """
    different, which = votes.patterns()
    kinds = [list(_voted(options, different, gold)), list(_mapped(options, different))]
    told = [rows for rows in kinds if rows]

    def made(item: UUID, at: int, method: int) -> LabelRow:
        row = told[method][which[at]]
        return LabelRow(item, row.method, row.value, row.dispersion, row.n_raters, row.reason, row.provenance)

    return MadeLabels(votes.rated.ids.take(pa.array(votes.place)), [rows[0].method for rows in told], made)


def _voted(options: dict[str, Any], votes: _Votes, gold: GoldRule) -> Iterator[LabelRow]:
    """With several labels to a rater, ``labels`` names those that enough of the raters chose."""
    several = bool(options.get("multiple"))
    enough = 0.5 if gold.share_above is None else gold.share_above
    # There are more votes than raters then, so those are counted here.
    won = majority_vote(
        votes.table(),
        more_than=0.0 if several or gold.share_above is None else gold.share_above,
        min_votes=1 if several else gold.min_raters,
    )
    provenance = {
        "rule": won.convention,
        "min_raters": gold.min_raters,
        "taxonomy": options.get("taxonomy"),
        **({} if gold.share_above is None else {"share_above": gold.share_above}),
    }
    for index, n in enumerate(votes.n.tolist()):
        few = f"{n} vote(s), {gold.min_raters} needed" if n < gold.min_raters else ""
        counts = dict(zip(votes.order, votes.counts[index].tolist(), strict=True))
        value: dict[str, Any] = {"label": None if few else won.labels[index], "votes": counts}
        if several:
            value["labels"] = [] if few else [label for label, times in counts.items() if times > enough * n]
        dispersion = {"entropy_bits": float(won.distribution.entropy[index])}
        yield LabelRow(
            votes.item(index), "vote", value, dispersion, n, few or won.reasons[index] or "", provenance
        )


def _mapped(options: dict[str, Any], votes: _Votes) -> Iterator[LabelRow]:
    """Valence, arousal and dominance of each row of votes, with their spread and the source of each anchor."""
    if not options.get("taxonomy"):
        return
    taxonomy = get_taxonomy(options["taxonomy"])
    in_order = np.zeros((len(votes.counts), len(taxonomy.keys)))
    for column, label in enumerate(votes.order):
        in_order[:, taxonomy.keys.index(label)] = votes.counts[:, column]
    found = category_to_vad(in_order, taxonomy)
    provenance = {
        "mapping": "mean of the anchors of the votes",
        "taxonomy": found.taxonomy,
        "sources": dict(found.sources),
    }
    rows = zip(votes.n.tolist(), found.mean, found.covariance, found.reasons, strict=True)
    for index, (n, mean, covariance, reason) in enumerate(rows):
        yield LabelRow(
            votes.item(index),
            "mapped_vad",
            value=None if reason else dict(zip(AXES, mean.tolist(), strict=True)),
            dispersion=None if reason else {"covariance": covariance.tolist()},
            n_raters=n,
            reason=reason or "",
            provenance=provenance,
        )


QUESTION_TYPE = Category()
