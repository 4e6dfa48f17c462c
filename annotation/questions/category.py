"""One or several categories of a taxonomy."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from rest_framework import serializers

from affectory.aggregation import majority_vote
from affectory.agreement import krippendorff_alpha
from affectory.tables import RatingTable
from annotation.questions.contract import AgreementRow, Answer, Cell, GoldRule, LabelRow, Outcome
from annotation.strict import StrictSerializer


class LabelSerializer(StrictSerializer):
    key = serializers.CharField(max_length=60)
    name = serializers.CharField()
    definition = serializers.CharField(default="", allow_blank=True)


class Options(StrictSerializer):
    taxonomy = serializers.CharField(help_text="name of a taxonomy of affectory.taxonomy; maps labels to VAD")
    labels = LabelSerializer(many=True, allow_empty=False)
    multiple = serializers.BooleanField(default=False)
    escape = LabelSerializer(many=True, default=list, help_text="answers that are no label, such as 'cannot tell'")


class Category:
    name = "category"
    continuous = False
    Options = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        labels = value.get("labels")
        if set(value) != {"labels"} or not isinstance(labels, list) or not labels:
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
        yield AgreementRow("krippendorff_alpha_nominal", found, condition=condition)


def _labels(taxonomy: str, votes: RatingTable, gold: GoldRule) -> Iterator[LabelRow]:
    """The vote of each item with all its shares, and what the shares mean on valence, arousal and dominance."""
    won = majority_vote(votes, min_votes=gold.min_raters)
    spread = won.distribution
    provenance = {"rule": won.convention, "taxonomy": taxonomy}
    for index, item in enumerate(spread.units or ()):
        shares = dict(zip(map(str, spread.categories), map(float, spread.shares[index]), strict=True))
        n, label = int(spread.n[index]), won.labels[index]
        value = {"label": label, "shares": shares}
        dispersion = {"entropy_bits": float(spread.entropy[index])}
        yield LabelRow(item, "vote", value, dispersion, n, won.reasons[index] or "", provenance)
        yield _mapped(item, shares, taxonomy, n)


QUESTION_TYPE = Category()
