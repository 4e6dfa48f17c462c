"""The best and the worst of a tuple: which part has most and which has least of what is asked."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from rest_framework import serializers

from affectory.aggregation import best_worst_scores
from affectory.agreement import best_worst_split_half
from annotation.questions.answers import Answer
from annotation.questions.contract import AgreementRow, Cell, GoldColumn, GoldRule, LabelRow, Outcome
from annotation.questions.parts import (
    candidates,
    foreign_fields,
    item_named,
    lacks_candidates,
    raters_per_part,
    unknown_part,
    wrong_order,
)
from annotation.strict import StrictSerializer
from ingest.facade import Part


class Options(StrictSerializer):
    best_label = serializers.CharField(default="Most")
    worst_label = serializers.CharField(default="Least")


class BestWorst:
    name = "best_worst"
    continuous = False
    Options = Options

    def unfit(self, options: dict[str, Any], parts: Sequence[Part]) -> str | None:  # noqa: ARG002
        return lacks_candidates(parts, 3, "best and worst need")

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:  # noqa: ARG002
        wrong = foreign_fields(value, ("best", "worst", "order"))
        for end in ("best", "worst"):
            if not isinstance(value.get(end), str):
                wrong[end] = "must name a part."
        if not wrong and value["best"] == value["worst"]:
            wrong["worst"] = "must be another part than the best."
        return wrong

    def check_parts(
        self,
        options: dict[str, Any],  # noqa: ARG002
        value: dict[str, Any],
        parts: Sequence[Part],
    ) -> dict[str, str]:
        return {
            **unknown_part("best", value, parts),
            **unknown_part("worst", value, parts),
            **wrong_order(value, parts),
        }

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        return [Cell("best", part=value["best"]), Cell("worst", part=value["worst"])]

    def gold(self, options: dict[str, Any]) -> tuple[str, Sequence[GoldColumn]]:  # noqa: ARG002
        return "best_worst", [GoldColumn("score", -1, 1)]

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:  # noqa: ARG002
        if not answers:
            return Outcome()
        told = [_told(answer) for answer in answers]
        return Outcome(
            [AgreementRow("best_worst_split_half", best_worst_split_half(told))], _scores(answers, told, gold)
        )


def _told(answer: Answer) -> dict[str, Any]:
    """One answer with the items in place of the parts' names."""
    shown = [part.item for part in candidates(answer.parts)]
    return {"items": shown, **{end: item_named(answer, answer.value[end]) for end in ("best", "worst")}}


def _scores(answers: Sequence[Answer], told: Sequence[dict[str, Any]], gold: GoldRule) -> list[LabelRow]:
    raters = raters_per_part(answers)
    shown: Counter[UUID] = Counter(item for one in told for item in one["items"])
    best, worst = (Counter(one[end] for one in told) for end in ("best", "worst"))
    provenance = {"rule": "(times best - times worst) / times shown"}
    rows = []
    for item, score in best_worst_scores(told).items():
        few = raters[item] < gold.min_raters
        counts = {"best": best[item], "worst": worst[item], "shown": shown[item]}
        why = f"{raters[item]} rater(s), {gold.min_raters} needed" if few else ""
        value = None if few else {"score": score}
        rows.append(LabelRow(item, "best_worst", value, counts, raters[item], why, provenance))
    return rows


QUESTION_TYPE = BestWorst()
