"""Agreement of traces and their fusion into gold traces."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np

from affectory import __version__, fusion
from affectory.agreement import pairwise_ccc
from affectory.fusion import FusedTrace
from affectory.results import FloatArray, Measurement
from annotation.analysis.series import SeriesRow, series_of
from annotation.models import GoldTrace
from annotation.questions.contract import AgreementRow, Answer, GoldRule


def analyse(
    question: dict[str, Any], answers: Sequence[Answer], gold: GoldRule
) -> tuple[list[AgreementRow], list[GoldTrace]]:
    """Pairwise CCC of each item and dimension, its mean over items; mean and EWE gold of each item."""
    names = [dimension["key"] for dimension in question["options"]["dimensions"]]
    agreement: list[AgreementRow] = []
    fused: list[GoldTrace] = []
    for item, rows in _by_item(series_of(answers, names, gold.rate_hz)).items():
        cube = np.stack([row.values for row in rows])  # (raters, samples, dimensions)
        agreement += [_pairwise(item, name, cube[:, :, i], rows) for i, name in enumerate(names)]
        fused += _gold(question["key"], names, cube, rows, gold)
    return [*_over_items(names, agreement), *agreement], fused


def agreement_over(
    rows: Sequence[AgreementRow], part_of: Mapping[UUID, str], part: str
) -> list[AgreementRow]:
    """The mean over the items of one part, from the agreement of each item."""
    inside = [row for row in rows if row.item is not None and part_of.get(row.item) == part]
    return _over_items(sorted({row.dimension for row in inside}), inside)


def _by_item(rows: Iterable[SeriesRow]) -> dict[UUID, list[SeriesRow]]:
    """Series of one item, all cut to the shortest: media ends are known to a frame or two only."""
    found: dict[UUID, list[SeriesRow]] = defaultdict(list)
    for row in rows:
        found[row.item].append(row)
    return {item: _same_length(same) for item, same in found.items()}


def _same_length(rows: list[SeriesRow]) -> list[SeriesRow]:
    samples = min(len(row.values) for row in rows)
    return [row.cut(samples) for row in rows]


def _pairwise(item: UUID, dimension: str, traces: FloatArray, rows: Sequence[SeriesRow]) -> AgreementRow:
    pairs = pairwise_ccc(traces)
    told = {"raters": [row.pseudonym for row in rows], "matrix": pairs.as_dict()["value"]}
    return AgreementRow("ccc_pairwise_mean", pairs.mean, dimension, item, details=told)


def _over_items(names: Sequence[str], rows: Sequence[AgreementRow]) -> list[AgreementRow]:
    return [
        AgreementRow(
            "ccc_pairwise_mean", _mean_over_items([r.result for r in rows if r.dimension == name]), name
        )
        for name in names
        if rows
    ]


def _mean_over_items(found: Sequence[Measurement]) -> Measurement:
    values = [one.value for one in found if one.value is not None]
    return Measurement(
        value=float(np.mean(values)) if values else None,
        ci=None,
        n_units_used=len(values),
        n_units_dropped=len(found) - len(values),
        n_raters=max((one.n_raters for one in found), default=0),
        convention="mean over items of the mean pairwise CCC (moments divided by n); units are items",
        reason=None if values else "no item has two raters whose traces vary together or apart",
    )


def _gold(
    key: str, names: Sequence[str], cube: FloatArray, rows: Sequence[SeriesRow], gold: GoldRule
) -> list[GoldTrace]:
    """Gold of the one item that all rows are of."""
    by_method: dict[str, list[FusedTrace]] = {
        "mean": [fusion.mean(cube[:, :, i], min_raters=gold.min_raters) for i in range(len(names))],
        "ewe": [
            fusion.ewe(cube[:, :, i], weights="ccc", min_raters=gold.min_raters) for i in range(len(names))
        ],
    }
    return [_row(key, names, method, fused, rows) for method, fused in by_method.items()]


def _row(
    key: str,
    names: Sequence[str],
    method: str,
    fused: Sequence[FusedTrace],
    rows: Sequence[SeriesRow],
) -> GoldTrace:
    raters = [row.pseudonym for row in rows]
    weights = {
        name: dict(zip(raters, one.weights.tolist(), strict=True))
        for name, one in zip(names, fused, strict=True)
        if one.weights is not None
    }
    return GoldTrace(
        item_id=rows[0].item,
        question=key,
        method=method,
        rate_hz=rows[0].rate_hz,
        t0_s=rows[0].t0_s,
        dimensions=list(names),
        values=_stacked([one.values for one in fused]),
        sd=_stacked([one.sd for one in fused]),
        n=np.min([one.n for one in fused], axis=0).astype("<i4").tobytes(),
        n_raters=len(rows),
        weights=weights,
        reason="; ".join(
            f"{name}: {one.reason}" for name, one in zip(names, fused, strict=True) if one.reason
        ),
        provenance={
            "convention": fused[0].convention,
            "resampling": rows[0].rule,
            "code_version": __version__,
        },
    )


def _stacked(columns: Sequence[FloatArray]) -> bytes:
    return np.column_stack(columns).astype("<f8").tobytes()
