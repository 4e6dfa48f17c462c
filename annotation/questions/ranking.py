"""The parts of an item in an order, the first having most of what is asked."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from rest_framework import serializers

from affectory.agreement import ranking_agreement
from affectory.results import FloatArray
from annotation.questions.answers import Answer, by_item
from annotation.questions.contract import AgreementRow, Cell, GoldColumn, GoldRule, LabelRow, Outcome
from annotation.questions.parts import (
    UNKNOWN,
    candidates,
    foreign_fields,
    lacks_candidates,
    names,
    wrong_order,
)
from annotation.strict import StrictSerializer
from ingest.facade import Part


class Options(StrictSerializer):
    ties = serializers.BooleanField(default=False)
    first_label = serializers.CharField(default="Most")
    last_label = serializers.CharField(default="Least")


class Ranking:
    name = "ranking"
    continuous = False
    Options = Options

    def unfit(self, options: dict[str, Any], parts: Sequence[Part]) -> str | None:  # noqa: ARG002
        return lacks_candidates(parts, 2, "a ranking needs")

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        """Ranks count from 1 without a gap, also where some are tied: 1, 2, 2, 3."""
        wrong = foreign_fields(value, ("ranks", "order"))
        ranks = value.get("ranks")
        if not isinstance(ranks, dict) or not all(type(rank) is int for rank in ranks.values()):
            return {**wrong, "ranks": "must give each part a whole number, 1 for the first."}
        given = sorted(ranks.values())
        if len(set(given)) < len(given) and not options["ties"]:
            wrong["ranks"] = "two parts have the same rank; ties are not offered here."
        elif sorted(set(given)) != list(range(1, len(set(given)) + 1)):
            wrong["ranks"] = "must count from 1 without a gap."
        return wrong

    def check_parts(
        self,
        options: dict[str, Any],  # noqa: ARG002
        value: dict[str, Any],
        parts: Sequence[Part],
    ) -> dict[str, str]:
        ranks, offered = value["ranks"], names(parts)
        strange = sorted(set(ranks) - set(offered))
        lacking = [name for name in offered if name not in ranks]
        wrong = wrong_order(value, parts)
        if strange:
            wrong["ranks"] = f"{strange[0]!r} {UNKNOWN}"
        elif lacking:
            wrong["ranks"] = f"the ranking is not complete: {', '.join(lacking)} has no rank."
        return wrong

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        return [Cell("rank", number=rank, part=name) for name, rank in value["ranks"].items()]

    def gold(self, options: dict[str, Any]) -> tuple[str, Sequence[GoldColumn]]:  # noqa: ARG002
        return "mean_place", [GoldColumn("place", 0, 1)]

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:  # noqa: ARG002
        if not answers:
            return Outcome()
        tables = [_table(some) for some in by_item(answers).values()]
        agreement = [
            AgreementRow("kendall_tau_b_pairs", ranking_agreement(tables, correlation="kendall", ci=0.95)),
            AgreementRow("spearman_rho_pairs", ranking_agreement(tables, correlation="spearman", ci=0.95)),
        ]
        return Outcome(agreement, _places(answers, gold))


def _table(answers: Sequence[Answer]) -> FloatArray:
    """Ranks (raters, candidates) of one item."""
    order = sorted(names(answers[0].parts))
    return np.array([[answer.value["ranks"][name] for name in order] for answer in answers], dtype=np.float64)


def _places(answers: Sequence[Answer], gold: GoldRule) -> list[LabelRow]:
    """Mean place of each ranked item over all rankings that it stands in: 1 was put first, 0 last, ties halfway."""
    found: dict[UUID, list[float]] = defaultdict(list)
    for answer in answers:
        ranks = answer.value["ranks"]
        for part in candidates(answer.parts):
            own = ranks[part.name]
            behind = sum(rank > own for rank in ranks.values())
            level = sum(rank == own for rank in ranks.values()) - 1
            found[part.item].append((behind + level / 2) / (len(ranks) - 1))
    provenance = {"rule": "share of the others that it was ranked before, ties half; mean over rankings"}
    rows = []
    for item, places in found.items():
        few = len(places) < gold.min_raters
        rows.append(
            LabelRow(
                item,
                "mean_place",
                None if few else {"place": float(np.mean(places))},
                None if few else {"place": float(np.std(places))},
                len(places),
                f"{len(places)} ranking(s), {gold.min_raters} needed" if few else "",
                provenance,
            )
        )
    return rows


QUESTION_TYPE = Ranking()
