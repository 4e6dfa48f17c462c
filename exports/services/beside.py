"""What a release says beside its tables: facts of its manifest and page, and its card."""

from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from affectory.release.card import Card
from affectory.release.report import label_balance, label_distributions
from exports.services.card import agreement_by_split, card_of
from exports.services.datasheet import quality_facts
from exports.services.label_columns import columns_of
from exports.services.people import ToldRaters
from exports.services.source import Source
from exports.services.splitting import Splits


@dataclass(frozen=True)
class Beside:
    facts: dict[str, Any]
    card: Card


def told_beside(source: Source, splits: Splits, raters: ToldRaters, mappings: list[dict[str, Any]]) -> Beside:
    """Reads the database, so it belongs into the snapshot of the tables."""
    facts = {**_facts_of(source, splits), "mappings": mappings}
    return Beside(facts, card_of(source, splits, raters, facts))


def _facts_of(source: Source, splits: Splits) -> dict[str, Any]:
    """What the manifest and the release page say beside the tables."""
    return {
        "splits": splits.default.report.as_dict(),
        "default_split": splits.default_name,
        "schemes": splits.reports(),
        **balance_of(source, splits),
        "gold": source.dataset.recipe["gold"],
        **quality_facts(source),
        "studies": {slug: computed.made_from for slug, computed in sorted(source.computed.items())},
        "agreement": [
            {
                "study": question.study.slug,
                "question": question.name,
                "dimension": row.dimension,
                "condition": row.condition,
                "measure": row.measure,
                "exposed": row.exposed,
                **row.result.as_dict(),
            }
            for question in source.questions
            for row in source.computed[question.study.slug].outcomes[question.key].agreement
            if row.item is None
        ],
        "agreement_by_split": agreement_by_split(source, splits),
    }


def balance_of(source: Source, splits: Splits) -> dict[str, Any]:
    """Every label that raters gave in the parts: how far it is from that of all items, and how often each value."""
    columns = [column.record() for column in columns_of(source.questions)]
    roles = [splits.default.roles[item.key] for item in source.items]
    labels = pa.table(dict(source.labels))
    if not source.labels:
        return {"balance": {}, "distributions": []}
    return {
        "balance": label_balance(labels, columns, roles),
        "distributions": [asdict(one) for one in label_distributions(labels, columns, roles)],
    }
