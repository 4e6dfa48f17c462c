"""Agreement of traces and their fusion into gold traces.

How values of different raters compare is the question type's to say (its ``reading``):

- interval: pairwise CCC; gold is the mean and the EWE.
- relative (unbounded traces, marked changes): only the ups and downs of one rater mean something, so raters are
  compared by the changes between windows of one second, and gold is the mean of the traces, each stretched to 0..1.
  CCC and EWE are left out: they compare levels, which unbounded raters do not share.
- nominal (categories): alpha over the samples; gold is the label that most raters hold. A fused category has no
  standard deviation.

Where the gold rule asks for more agreement than there is, there is no reliable gold: no value, and the reason. Where
it has the raters' lags taken out, that is done for gold alone: agreement is that of the traces as they were given.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np

from affectory import __version__, fusion
from affectory.aggregation import majority_vote
from affectory.agreement import (
    cluster_mean,
    krippendorff_alpha,
    pairwise_ccc,
    pairwise_pearson,
    sign_agreement,
)
from affectory.fusion import FusedTrace
from affectory.results import FloatArray, Measurement
from affectory.signals import gradient, relative
from affectory.tables import RatingTable
from annotation.analysis.calibrations import Calibrated
from annotation.analysis.lags import FIXED, Lag, lags_of, on_time
from annotation.analysis.series import SeriesRow, series_of
from annotation.models import GoldTrace
from annotation.questions.answers import Answer
from annotation.questions.continuous import Reading, continuous_type
from annotation.questions.contract import FUSIONS, AgreementRow, GoldRule

WINDOW_S = 1.0
NOTHING_VARIES = "no item has two raters whose traces vary together or apart"
NO_LAG = "no reliable gold: of no rater is it known how late she is"


@dataclass(frozen=True)
class _Item:
    """One item's traces: ``cube`` has shape (raters, samples, dimensions), NaN where not valid.

    ``lags``: what was taken out of each rater's traces, None of one whose lag is not known; no list: nothing was.
    """

    key: UUID
    rows: Sequence[SeriesRow]
    cube: FloatArray
    dimensions: Sequence[dict[str, Any]]
    gold: GoldRule
    lead_in_s: float
    lags: Sequence[Lag | None] | None = None

    @property
    def names(self) -> list[str]:
        return [one["key"] for one in self.dimensions]

    @property
    def raters(self) -> list[str]:
        return [row.pseudonym for row in self.rows]

    def on_time(self, calibrated: Mapping[str, Calibrated]) -> "_Item":
        """The same with the lags that the gold rule names taken out."""
        lags = lags_of(self.raters, self.gold, calibrated)
        if lags is None:
            return self
        cube = on_time(self.cube, lags, rate_hz=self.rows[0].rate_hz, from_s=self.lead_in_s)
        return replace(self, cube=cube, lags=lags)


def analyse(
    question: dict[str, Any],
    answers: Sequence[Answer],
    gold: GoldRule,
    lead_in_s: float,
    calibrated: Mapping[str, Calibrated],
) -> tuple[list[AgreementRow], list[GoldTrace]]:
    """Agreement of each item and dimension, its mean over items, and the gold of each item.

    The first ``lead_in_s`` of each trace enter nothing. ``calibrated``: by the raters' pseudonyms.
    """
    kind = continuous_type(question["type"])
    if not kind.of_item:
        return [], []
    dimensions = kind.dimensions(question["options"])
    compare, fuse = _READINGS[kind.reading]
    agreement: list[AgreementRow] = []
    fused: list[GoldTrace] = []
    for key, rows in _by_item(series_of(answers, question, gold.rate_hz, lead_in_s)).items():
        cube = np.stack([row.values for row in rows])
        item = _Item(key, rows, cube, dimensions, gold, lead_in_s)
        agreement += compare(item)
        item = item.on_time(calibrated)
        fused += [_gold(question["key"], item, method, columns) for method, columns in fuse(item).items()]
    return [*_over_items(agreement), *agreement], fused


def agreement_over(rows: Sequence[AgreementRow], items: Collection[UUID]) -> list[AgreementRow]:
    """The mean over some items, from the agreement of each item."""
    return _over_items([row for row in rows if row.item in items])


def _by_item(rows: Iterable[SeriesRow]) -> dict[UUID, list[SeriesRow]]:
    """Series of one item, all cut to the shortest: media ends are known to a frame or two only."""
    found: dict[UUID, list[SeriesRow]] = defaultdict(list)
    for row in rows:
        found[row.item].append(row)
    return {item: _same_length(same) for item, same in found.items()}


def _same_length(rows: list[SeriesRow]) -> list[SeriesRow]:
    samples = min(len(row.values) for row in rows)
    return [row.cut(samples) for row in rows]


# --- agreement ---------------------------------------------------------------------------------------------


def _by_level(item: _Item) -> list[AgreementRow]:
    found = []
    for i, name in enumerate(item.names):
        pairs = pairwise_ccc(item.cube[:, :, i])
        told = {**_told(item), "matrix": pairs.as_dict()["value"]}
        found.append(AgreementRow("ccc_pairwise_mean", pairs.mean, name, item.key, details=told))
    return found


def _by_change(item: _Item) -> list[AgreementRow]:
    """Correlation of the changes from second to second, and agreement on their signs."""
    rate_hz = item.rows[0].rate_hz
    window = max(1, round(WINDOW_S * rate_hz))
    found = []
    for i, name in enumerate(item.names):
        traces = item.cube[:, :, i]
        told = {**_told(item), "window_s": window / rate_hz}
        changes = [gradient(trace, window_samples=window, rate_hz=rate_hz) for trace in traces]
        pairs = pairwise_pearson(np.stack(changes))
        signs = sign_agreement(traces, window_samples=window, deadband=0.0)
        matrix = {**told, "matrix": pairs.as_dict()["value"]}
        found.append(AgreementRow("pearson_gradient_mean", pairs.mean, name, item.key, details=matrix))
        found.append(AgreementRow("sign_agreement", signs, name, item.key, details=told))
    return found


def _by_label(item: _Item) -> list[AgreementRow]:
    """Units are samples, which hang together, so there is no interval."""
    alpha = krippendorff_alpha(RatingTable.from_dense(item.cube[:, :, 0]), level="nominal")
    return [AgreementRow("krippendorff_alpha_nominal", alpha, item.names[0], item.key, details=_told(item))]


def _told(item: _Item) -> dict[str, Any]:
    lead_in = {"lead_in_s": item.lead_in_s} if item.lead_in_s else {}
    return {"raters": item.raters, **lead_in}


def _over_items(rows: Sequence[AgreementRow]) -> list[AgreementRow]:
    """The mean over items of each measure and dimension, in the order in which they first occur."""
    grouped: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
    for row in rows:
        grouped[row.measure, row.dimension].append(row.result)
    return [
        AgreementRow(measure, _mean_over_items(found), dimension)
        for (measure, dimension), found in grouped.items()
    ]


def _mean_over_items(found: Sequence[Measurement]) -> Measurement:
    """Items are what is drawn again for the interval, so it says nothing about other raters."""
    values = [np.nan if one.value is None else one.value for one in found]
    over = cluster_mean(values, range(len(values)), unit="item")
    return replace(
        over,
        n_raters=max((one.n_raters for one in found), default=0),
        convention=f"{over.convention}; each: {found[0].convention}; units are items",
        reason=NOTHING_VARIES if over.value is None else over.reason,
    )


# --- gold --------------------------------------------------------------------------------------------------

Fused = dict[str, list[FusedTrace]]


def _fused_levels(item: _Item) -> Fused:
    columns = [item.cube[:, :, i] for i in range(len(item.names))]
    least, floor = item.gold.min_raters, item.gold.min_ccc
    if floor is not None:
        reliable = {
            "mean": fusion.Recipe("mean", min_raters=least, min_mean_ccc=floor),
            "ewe": fusion.Recipe("ewe_ccc", min_raters=least, min_mean_ccc=floor),
        }
        return {name: [fusion.fuse(column, rule) for column in columns] for name, rule in reliable.items()}
    return {
        "mean": [fusion.mean(column, min_raters=least) for column in columns],
        "ewe": [fusion.ewe(column, weights="ccc", min_raters=least) for column in columns],
    }


def _fused_ranks(item: _Item) -> Fused:
    """The mean of the traces, each stretched to its own range; a rater who never moved has no range."""
    columns = [np.stack([relative(trace) for trace in item.cube[:, :, i]]) for i in range(len(item.names))]
    return {"mean_relative": [fusion.mean(column, min_raters=item.gold.min_raters) for column in columns]}


def _fused_labels(item: _Item) -> Fused:
    held = item.cube[:, :, 0]
    places = list(range(int(item.dimensions[0]["max"]) + 1))
    counts = [[int((column == place).sum()) for place in places] for column in held.T]
    won = majority_vote(
        RatingTable.from_counts(counts, categories=places),
        more_than=item.gold.share_above or 0.0,
        min_votes=item.gold.min_raters,
    )
    values = np.array([np.nan if label is None else float(label) for label in won.labels])
    n = np.sum(counts, axis=1)
    no_spread = np.full(len(values), np.nan)
    reason = None if np.isfinite(values).any() else "no moment at which one label has most votes"
    return {"vote": [FusedTrace(values, no_spread, n, None, None, won.convention, reason)]}


def _gold(key: str, item: _Item, method: str, fused: Sequence[FusedTrace]) -> GoldTrace:
    rows, names, raters = item.rows, item.names, item.raters
    weights = {
        name: dict(zip(raters, one.weights.tolist(), strict=True))
        for name, one in zip(names, fused, strict=True)
        if one.weights is not None
    }
    unknown = list(item.lags or ()).count(None)
    return GoldTrace(
        item_id=item.key,
        question=key,
        method=method,
        rate_hz=rows[0].rate_hz,
        t0_s=rows[0].t0_s,
        dimensions=list(names),
        values=_stacked([one.values for one in fused]),
        sd=_stacked([one.sd for one in fused]),
        n=np.min([one.n for one in fused], axis=0).astype("<i4").tobytes(),
        n_raters=len(rows) - unknown,
        weights=weights,
        reason=NO_LAG if unknown == len(rows) else _reasons(names, fused),
        provenance={
            "convention": fused[0].convention,
            "resampling": ", ".join(sorted({row.rule for row in rows})),
            "code_version": __version__,
            "raters": list(raters),
            **_rule_told(item, method),
            **_lags_told(item),
        },
    )


def _rule_told(item: _Item, method: str) -> dict[str, Any]:
    """What was asked of the gold of every item."""
    gold = item.gold
    asked = {
        "min_ccc": gold.min_ccc if method in FUSIONS else None,
        "lag_s": gold.lag_s,
        "lead_in_dropped_s": item.lead_in_s or None,
    }
    return {
        "min_raters": gold.min_raters,
        "lag_from": gold.lag_from or ("none" if gold.lag_s is None else FIXED),
        **{name: one for name, one in asked.items() if one is not None},
    }


def _lags_told(item: _Item) -> dict[str, Any]:
    """By rater: seconds that were taken out of her trace, and who says so; None where her lag is not known."""
    if item.lags is None:
        return {}
    lags = dict(zip(item.raters, item.lags, strict=True))
    return {
        "lags_s": {rater: lag and lag.lag_s for rater, lag in lags.items()},
        "lags_from": {rater: lag and lag.source for rater, lag in lags.items()},
    }


def _reasons(names: Sequence[str], fused: Sequence[FusedTrace]) -> str:
    return "; ".join(f"{name}: {one.reason}" for name, one in zip(names, fused, strict=True) if one.reason)


def _stacked(columns: Sequence[FloatArray]) -> bytes:
    return np.column_stack(columns).astype("<f8").tobytes()


_READINGS: dict[Reading, tuple[Callable[[_Item], list[AgreementRow]], Callable[[_Item], Fused]]] = {
    "interval": (_by_level, _fused_levels),
    "relative": (_by_change, _fused_ranks),
    "nominal": (_by_label, _fused_labels),
}
