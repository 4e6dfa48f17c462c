"""One or several categories of a taxonomy."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeGuard

import numpy as np
from rest_framework import serializers

from affectory.aggregation import majority_vote
from affectory.agreement import krippendorff_alpha
from affectory.mapping import category_to_vad
from affectory.results import IntArray
from affectory.tables import RatingTable
from affectory.taxonomy import TAXONOMIES, get_taxonomy
from annotation.analysis.cross_check import second_opinion
from annotation.questions.contract import AgreementRow, Answer, Cell, GoldRule, LabelRow, Outcome
from annotation.strict import StrictSerializer

AXES = ("valence", "arousal", "dominance")


class LabelSerializer(StrictSerializer):
    key = serializers.CharField(max_length=60)
    name = serializers.CharField()
    definition = serializers.CharField(default="", allow_blank=True)


class Options(StrictSerializer):
    taxonomy = serializers.CharField(help_text="name of a taxonomy of affectory.taxonomy; maps labels to VAD")
    labels = LabelSerializer(many=True, allow_empty=False)
    multiple = serializers.BooleanField(default=False)
    escape = LabelSerializer(
        many=True, default=list, help_text="answers that are no label, such as 'cannot tell'"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["taxonomy"] not in TAXONOMIES:
            known = ", ".join(sorted(TAXONOMIES))
            raise serializers.ValidationError({"taxonomy": f"is not known; there are: {known}."})
        offered = [label["key"] for label in (*attrs["labels"], *attrs["escape"])]
        twice = [key for key in offered if offered.count(key) > 1]
        if twice:
            raise serializers.ValidationError({"labels": f"{twice[0]!r} is offered twice."})
        keys = get_taxonomy(attrs["taxonomy"]).keys
        foreign = [label["key"] for label in attrs["labels"] if label["key"] not in keys]
        if foreign:
            raise serializers.ValidationError(
                {"labels": f"{foreign[0]!r} is not a label of {attrs['taxonomy']}."}
            )
        return attrs


class Category:
    name = "category"
    continuous = False
    Options = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        labels = value.get("labels")
        if set(value) != {"labels"} or not _texts(labels):
            return {"labels": "must be a list with at least one label, and nothing else."}
        known = {label["key"] for label in (*options["labels"], *options["escape"])}
        unknown = [label for label in labels if label not in known]
        if unknown:
            return {"labels": f"{unknown[0]!r} is not a label of this question."}
        if len(labels) > 1 and not options["multiple"]:
            return {"labels": "only one label may be chosen."}
        return {"labels": "names a label twice."} if len(set(labels)) < len(labels) else {}

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        return [Cell("label", label=label) for label in value["labels"]]

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        order = [label["key"] for label in options["labels"]]
        counted = [answer for answer in answers if set(answer.value["labels"]) <= set(order)]
        if not counted:
            return Outcome()
        agreement = [] if options["multiple"] else list(_agreement(order, counted))
        return Outcome(agreement, list(_labels(options["taxonomy"], _votes(order, counted), gold)))


def _texts(labels: Any) -> TypeGuard[list[str]]:
    return isinstance(labels, list) and bool(labels) and all(isinstance(label, str) for label in labels)


def _votes(order: Sequence[str], answers: Sequence[Answer]) -> RatingTable:
    """Votes of each item for each label, in the taxonomy's order."""
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    for answer in answers:
        counts[answer.item].update(answer.value["labels"])
    votes = [[found[label] for label in order] for found in counts.values()]
    return RatingTable.from_counts(votes, categories=order, units=list(counts))


def _agreement(order: Sequence[str], answers: Sequence[Answer]) -> Iterator[AgreementRow]:
    """Over all conditions together, and in each where there are several."""
    conditions = sorted({answer.condition for answer in answers})
    for condition in ["", *(conditions if len(conditions) > 1 else [])]:
        votes = _votes(order, [answer for answer in answers if condition in {"", answer.condition}])
        found = krippendorff_alpha(votes, level="nominal", ci=0.95)
        yield AgreementRow(
            "krippendorff_alpha_nominal",
            found,
            condition=condition,
            details=second_opinion(votes, "nominal", found),
        )


def _labels(taxonomy_name: str, votes: RatingTable, gold: GoldRule) -> Iterator[LabelRow]:
    """The vote of each item with all its shares, and what the shares mean on valence, arousal and dominance."""
    won = majority_vote(votes, min_votes=gold.min_raters)
    spread = won.distribution
    order = list(map(str, spread.categories))
    provenance = {"rule": won.convention, "taxonomy": taxonomy_name}
    mapped = _mapped(taxonomy_name, order, spread.counts)
    for index, item in enumerate(spread.units or ()):
        n = int(spread.n[index])
        votes_of = dict(zip(order, map(int, spread.counts[index]), strict=True))
        value = {"label": won.labels[index], "votes": votes_of}
        dispersion = {"entropy_bits": float(spread.entropy[index])}
        yield LabelRow(item, "vote", value, dispersion, n, won.reasons[index] or "", provenance)
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
