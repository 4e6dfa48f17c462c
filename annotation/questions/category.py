"""One or several categories, of a taxonomy or the study's own."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from rest_framework import serializers

from affectory.aggregation import majority_vote
from affectory.agreement import krippendorff_alpha
from affectory.mapping import category_to_vad
from affectory.results import IntArray
from affectory.tables import RatingTable
from affectory.taxonomy import get_taxonomy
from annotation.analysis.cross_check import second_opinion
from annotation.questions.contract import AgreementRow, Answer, Cell, GoldRule, LabelRow, Outcome
from annotation.questions.labels import LabelSerializer, OfferSerializer, keys_of, texts
from annotation.questions.sets import Chosen, by_item, presence_agreement, set_agreement
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
    layout = serializers.ChoiceField(["tiles", "wheel", "tree"], required=False, help_text="the rule: tiles")
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

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        order = keys_of(options["labels"])
        counted = [answer for answer in answers if set(answer.value["labels"]) <= set(order)]
        if not counted:
            return Outcome()
        chosen = [_chosen(answer) for answer in counted]
        if options.get("multiple"):
            agreement = [*set_agreement(chosen), *presence_agreement(order, chosen)]
        else:
            agreement = list(_agreement(order, counted))
        return Outcome(agreement, list(_labels(options, order, chosen, gold)))

    def votes(self, options: dict[str, Any]) -> list[str]:
        return keys_of(options["labels"])


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


def _chosen(answer: Answer) -> Chosen:
    return Chosen(answer.item, answer.rater, frozenset(answer.value["labels"]))


def _votes(order: Sequence[str], chosen: Sequence[Chosen]) -> RatingTable:
    """Votes of each item for each label, in the order in which they are offered."""
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    for one in chosen:
        counts[one.item].update(one.labels)
    votes = [[found[label] for label in order] for found in counts.values()]
    return RatingTable.from_counts(votes, categories=order, units=list(counts))


def _agreement(order: Sequence[str], answers: Sequence[Answer]) -> Iterator[AgreementRow]:
    """Over all conditions together, and in each where there are several."""
    conditions = sorted({answer.condition for answer in answers})
    for condition in ["", *(conditions if len(conditions) > 1 else [])]:
        votes = _votes(order, [_chosen(answer) for answer in answers if condition in {"", answer.condition}])
        found = krippendorff_alpha(votes, level="nominal", ci=0.95)
        yield AgreementRow(
            "krippendorff_alpha_nominal",
            found,
            condition=condition,
            details=second_opinion(votes, "nominal", found),
        )


def _labels(
    options: dict[str, Any], order: Sequence[str], chosen: Sequence[Chosen], gold: GoldRule
) -> Iterator[LabelRow]:
    """The vote of each item with all its shares, and what the shares mean on valence, arousal and dominance.

    With several labels to a rater, ``labels`` names those that more than half of the raters chose.
    """
    taxonomy = options.get("taxonomy")
    sets = by_item(chosen)
    # With several labels to a rater there are more votes than raters, so those are counted here.
    won = majority_vote(_votes(order, chosen), min_votes=1 if options.get("multiple") else gold.min_raters)
    spread = won.distribution
    provenance = {"rule": won.convention, "min_raters": gold.min_raters, "taxonomy": taxonomy}
    mapped = _mapped(taxonomy, order, spread.counts) if taxonomy else None
    for index, item in enumerate(spread.units or ()):
        n = len(sets[item])
        few = f"{n} vote(s), {gold.min_raters} needed" if n < gold.min_raters else ""
        votes = dict(zip(order, map(int, spread.counts[index]), strict=True))
        value: dict[str, Any] = {"label": None if few else won.labels[index], "votes": votes}
        if options.get("multiple"):
            value["labels"] = [] if few else [label for label, times in votes.items() if 2 * times > n]
        dispersion = {"entropy_bits": float(spread.entropy[index])}
        yield LabelRow(item, "vote", value, dispersion, n, few or won.reasons[index] or "", provenance)
        if mapped:
            yield LabelRow(item, "mapped_vad", n_raters=n, **mapped[index])


def _mapped(taxonomy_name: str, order: Sequence[str], counts: IntArray) -> list[dict[str, Any]]:
    """Valence, arousal and dominance of each row of votes, with their spread and the source of each anchor."""
    taxonomy = get_taxonomy(taxonomy_name)
    in_order = np.zeros((len(counts), len(taxonomy.keys)))
    for column, label in enumerate(order):
        in_order[:, taxonomy.keys.index(label)] = counts[:, column]
    found = category_to_vad(in_order, taxonomy)
    provenance = {
        "mapping": "mean of the anchors of the votes",
        "taxonomy": found.taxonomy,
        "sources": dict(found.sources),
    }
    return [
        {
            "value": None if reason else dict(zip(AXES, map(float, mean), strict=True)),
            "dispersion": None if reason else {"covariance": covariance.tolist()},
            "reason": reason or "",
            "provenance": provenance,
        }
        for mean, covariance, reason in zip(found.mean, found.covariance, found.reasons, strict=True)
    ]


QUESTION_TYPE = Category()
