"""What a release says beside its tables: facts of its manifest and page, and its card."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from affectory.release.card import Card
from affectory.release.report import label_balance, label_distributions
from affectory.splits.told import OfItems
from exports.services.card import agreement_by_split, card_of
from exports.services.datasheet import quality_facts
from exports.services.label_columns import columns_of
from exports.services.made import Made
from exports.services.people import ToldRaters
from exports.services.source import Source
from exports.services.splitting import Splits
from exports.services.trace_tables import gold_made

# Bars of more parts than this cannot be told apart, and leave-one-out schemes may have hundreds.
ROLES_PLOTTED = 12


@dataclass(frozen=True)
class Beside:
    facts: dict[str, Any]
    card: Card


def told_beside(source: Source, splits: Splits, raters: ToldRaters, mappings: list[dict[str, Any]]) -> Beside:
    """Reads the database, so it belongs into the snapshot of the tables."""
    made = gold_made(source)
    facts = {**_facts_of(source, splits, made), "mappings": mappings}
    return Beside(facts, card_of(source, splits, raters, facts, made))


def _facts_of(source: Source, splits: Splits, made: Sequence[Made]) -> dict[str, Any]:
    """What the manifest and the release page say beside the tables."""
    return {
        "splits": splits.default.report.as_dict(),
        "default_split": splits.default_name,
        "schemes": splits.reports(),
        **balance_of(source, splits),
        "gold": source.dataset.recipe["gold"],
        "gold_made": [asdict(one) for one in made],
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
    """Every label that raters gave in the parts: how far it is from that of all items, and how often each value.

    How often, for other schemes too.
    """
    columns = [column.record() for column in columns_of(source.questions)]
    roles = {name: list(of.in_order()) for name, of in _plotted(splits).items()}
    if not source.labels:
        return {"balance": {}, "distributions": [], "other_distributions": []}
    counted = {
        name: [asdict(one) for one in found]
        for name, found in label_distributions(source.labels, columns, roles).items()
    }
    return {
        "balance": label_balance(source.labels, columns, roles[splits.default_name]),
        "distributions": counted.pop(splits.default_name),
        "other_distributions": [{"scheme": name, "distributions": found} for name, found in counted.items()],
    }


def _plotted(splits: Splits) -> dict[str, OfItems[str | None]]:
    """Roles of the items in the default scheme, and in all others with few roles that place whole items."""
    others = {
        one.name: one.assignment.roles
        for one in splits.of_kind(rater=False)
        if one.assignment and len(one.report["sizes"]) <= ROLES_PLOTTED
    }
    return {**others, splits.default_name: splits.default.roles}
