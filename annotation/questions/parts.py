"""What the questions about the parts of an item share."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from affectory.aggregation import majority_vote
from affectory.agreement import krippendorff_alpha, percent_agreement
from affectory.tables import RatingTable
from annotation.questions.answers import Answer
from annotation.questions.contract import INTERVAL, AgreementRow, GoldRule, LabelRow
from ingest.facade import Part

UNKNOWN = "is not a part of this item that can be chosen."


def candidates(parts: Sequence[Part]) -> list[Part]:
    """The parts that are asked about; fixed ones are only shown."""
    return [part for part in parts if not part.fixed]


def names(parts: Sequence[Part]) -> list[str]:
    return [part.name for part in candidates(parts)]


def lacks_candidates(parts: Sequence[Part], fewest: int, what: str) -> str | None:
    """Why an item has too few candidates for ``what``, such as "a ranking needs"; None where it has enough."""
    n = len(candidates(parts))
    return None if n >= fewest else f"{what} at least {fewest} candidates; it has {n}"


def wrong_order(value: Mapping[str, Any], parts: Sequence[Part]) -> dict[str, str]:
    """An answer records in which order the candidates stood; it must be the order in which they were shown."""
    shown = names(parts)
    return {} if value.get("order") == shown else {"order": f"must be the order shown: {', '.join(shown)}."}


def unknown_part(field: str, value: Mapping[str, Any], parts: Sequence[Part]) -> dict[str, str]:
    return {} if value[field] in names(parts) else {field: f"{value[field]!r} {UNKNOWN}"}


def foreign_fields(value: Mapping[str, Any], known: Iterable[str]) -> dict[str, str]:
    return dict.fromkeys(sorted(set(value) - set(known)), "is not asked here.")


def item_named(answer: Answer, name: str) -> UUID:
    return next(part.item for part in answer.parts if part.name == name)


def raters_per_part(answers: Sequence[Answer]) -> dict[UUID, int]:
    """How many raters (slots: answers) were asked about each part."""
    found: dict[UUID, set[Any]] = defaultdict(set)
    for number, answer in enumerate(answers):
        for part in candidates(answer.parts):
            found[part.item].add(("slot", number) if answer.rater is None else answer.rater)
    return {item: len(raters) for item, raters in found.items()}


def vote_table(choices: Sequence[tuple[Hashable, str]], offered: Sequence[str]) -> RatingTable:
    """Votes of each item for each name, in the order of ``offered``."""
    counts: dict[Hashable, list[int]] = {}
    for item, choice in choices:
        counts.setdefault(item, [0] * len(offered))[offered.index(choice)] += 1
    return RatingTable.from_counts(list(counts.values()), categories=list(offered), units=list(counts))


def vote_agreement(votes: RatingTable) -> list[AgreementRow]:
    return [
        AgreementRow("krippendorff_alpha_nominal", krippendorff_alpha(votes, level="nominal", **INTERVAL)),
        AgreementRow("percent_agreement", percent_agreement(votes, **INTERVAL)),
    ]


def vote_labels(votes: RatingTable, gold: GoldRule) -> list[LabelRow]:
    """The vote of each item, with all its shares."""
    won = majority_vote(votes, min_votes=gold.min_raters)
    spread = won.distribution
    offered = list(map(str, spread.categories))
    return [
        LabelRow(
            item,
            "vote",
            {
                "label": won.labels[index],
                "votes": dict(zip(offered, map(int, spread.counts[index]), strict=True)),
            },
            {"entropy_bits": float(spread.entropy[index])},
            int(spread.n[index]),
            won.reasons[index] or "",
            {"rule": won.convention},
        )
        for index, item in enumerate(spread.units or ())
    ]
