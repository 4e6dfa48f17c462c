"""Test and retest: how far raters say the same of items that came to them twice.

What is compared follows from the answers. Numbers correlate over all pairs of answers, labels have Cohen's kappa; of
marks, sets of labels and traces the mean likeness of the two answers is told, whose interval is over raters.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np

from affectory.agreement import (
    ccc,
    cluster_mean,
    cohen_kappa,
    jaccard_distance,
    percent_agreement,
    retest_correlation,
)
from affectory.results import FloatArray, Measurement
from annotation import questions
from annotation.analysis.responses import AskedTwice
from annotation.analysis.series import series_for, unpack
from annotation.models import Trace
from annotation.questions.answers import Answer
from annotation.questions.continuous import ContinuousQuestion, Reading, continuous_type
from annotation.questions.contract import AgreementRow, Cell, Marking, PartsQuestion, Worded

TRACES_AT_ONCE = 25
Pairs = list[tuple[Answer, Answer]]


def retest(
    question: dict[str, Any], twice: AskedTwice, rate_hz: float, lead_in_s: float
) -> Sequence[AgreementRow]:
    """One row for each thing that can be compared; none where nothing was answered twice.

    ``rate_hz``, ``lead_in_s``: of traces, the rate at which they are compared and the beginning that is not.
    """
    pairs = list(zip(twice.first, twice.again, strict=True))
    if not pairs:
        return ()
    kind, options = questions.question_type(question["type"]), question["options"]
    if isinstance(kind, ContinuousQuestion):
        found = _traces(question, pairs, rate_hz, lead_in_s)
    elif isinstance(kind, Marking):
        likeness = [kind.alike(options, first, again) for first, again in pairs]
        found = iter([AgreementRow("retest_likeness", _mean(likeness, pairs, "likeness of marks"))])
    elif options.get("multiple") or isinstance(kind, Worded):
        found = iter([AgreementRow("retest_jaccard", _sets(question, pairs))])
    else:
        found = _cells(question, pairs)
    return [_told(row, pairs, twice.dropped) for row in found]


def _told(row: AgreementRow, pairs: Pairs, dropped: int) -> AgreementRow:
    """Whose answers they were, and how many second answers have no first one to be compared with."""
    found = row.result
    alone = "too few pairs of answers for an interval" if found.value is not None and not found.ci else None
    result = replace(
        found,
        reason=found.reason or alone,
        n_raters=len({first.rater for first, _ in pairs}),
        n_units_dropped=found.n_units_dropped + dropped,
        convention=f"{found.convention}; first and second answer of the same rater to an item, all raters together",
    )
    return replace(row, result=result)


def _mean(values: Sequence[float], pairs: Pairs, what: str) -> Measurement:
    """Over pairs of answers; what one rater says hangs together, so raters are what is drawn for the interval."""
    over = cluster_mean(values, [str(first.rater) for first, _ in pairs], unit="rater")
    used = int(np.isfinite(values).sum())
    convention = f"{what}, mean over pairs of answers"
    return replace(over, convention=convention, n_units_used=used, n_units_dropped=len(pairs) - used)


def _sets(question: dict[str, Any], pairs: Pairs) -> Measurement:
    def chosen(answer: Answer) -> frozenset[str]:
        return frozenset(cell.label for cell in _cells_of(question, answer) if cell.label is not None)

    values = [1 - jaccard_distance(chosen(first), chosen(again)) for first, again in pairs]
    return _mean(values, pairs, "Jaccard similarity of the sets of labels")


@dataclass
class _Told:
    """What was said the first and the second time about one thing: a number, or a label or a part."""

    first: list[Any]
    again: list[Any]


def _cells(question: dict[str, Any], pairs: Pairs) -> Iterator[AgreementRow]:
    numbers: dict[str, _Told] = defaultdict(lambda: _Told([], []))
    labels: dict[str, _Told] = defaultdict(lambda: _Told([], []))
    for first, again in pairs:
        before, after = _by_place(question, first), _by_place(question, again)
        for place in {**before, **after}:
            one, two = before.get(place), after.get(place)
            told = (numbers if _numbered(one or two) else labels)[place[0]]
            told.first.append(_said(one))
            told.again.append(_said(two))
    for dimension, told in sorted(numbers.items()):
        found = retest_correlation(np.array(told.first, dtype=float), np.array(told.again, dtype=float))
        yield AgreementRow("retest_correlation", found, dimension)
    for dimension, told in sorted(labels.items()):
        name = "" if dimension == "label" else dimension
        yield AgreementRow("retest_kappa", cohen_kappa(told.first, told.again), name)


def _by_place(question: dict[str, Any], answer: Answer) -> Mapping[tuple[str, str | None], Cell]:
    """Dimension, and of a number about a part its name -> cell."""
    about_parts = isinstance(questions.question_type(question["type"]), PartsQuestion)
    return {
        (cell.dimension, cell.part if cell.number is not None else None): cell
        for cell in _cells_of(question, answer)
        # Texts are not compared, nor is where on the page a part stood.
        if cell.label is not None or cell.part or (cell.number is not None and not about_parts)
    }


def _cells_of(question: dict[str, Any], answer: Answer) -> list[Cell]:
    return questions.question_type(question["type"]).cells(question["options"], answer.value)


def _numbered(cell: Cell | None) -> bool:
    return cell is not None and cell.number is not None


def _said(cell: Cell | None) -> float | str | None:
    if cell is None:
        return None
    return cell.number if cell.number is not None else cell.label or cell.part


# --- traces ------------------------------------------------------------------------------------------------


def _same_label(first: FloatArray, again: FloatArray) -> Measurement:
    return percent_agreement(np.stack([first, again]))


_LIKENESS: Mapping[Reading, tuple[str, str, Callable[[FloatArray, FloatArray], Measurement]]] = {
    "interval": ("retest_ccc", "CCC of the two traces", ccc),
    # Only the ups and downs of an unbounded trace mean something.
    "relative": ("retest_trace_correlation", "Pearson r of the two traces", retest_correlation),
    "nominal": ("retest_same", "share of samples with the same label", _same_label),
}


def _traces(
    question: dict[str, Any], pairs: Pairs, rate_hz: float, lead_in_s: float
) -> Iterator[AgreementRow]:
    kind = continuous_type(question["type"])
    measure, what, compare = _LIKENESS[kind.reading]
    names = [one["key"] for one in kind.dimensions(question["options"])]
    values: dict[str, list[float]] = {name: [] for name in names}
    for first, again in _curves(question, pairs, rate_hz, lead_in_s):
        for place, name in enumerate(names):
            found = compare(first[:, place], again[:, place]).value
            values[name].append(np.nan if found is None else found)
    for name in names:
        yield AgreementRow(measure, _mean(values[name], pairs, what), name)


def _curves(
    question: dict[str, Any], pairs: Pairs, rate_hz: float, lead_in_s: float
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """The two series of each pair, shape (samples, dimensions) each, cut to the shorter."""
    for start in range(0, len(pairs), TRACES_AT_ONCE):
        some = pairs[start : start + TRACES_AT_ONCE]
        ids = [(UUID(first.value["trace"]), UUID(again.value["trace"])) for first, again in some]
        stored = Trace.objects.select_related("series").in_bulk([one for both in ids for one in both])
        for both in ids:
            first, again = (_settled(stored[one], question, rate_hz, lead_in_s) for one in both)
            samples = min(len(first), len(again))
            yield first[:samples], again[:samples]


def _settled(trace: Trace, question: dict[str, Any], rate_hz: float, lead_in_s: float) -> FloatArray:
    """The series of a trace without its first ``lead_in_s`` seconds."""
    found = series_for(trace, question, rate_hz)
    values = unpack(bytes(found.values), len(found.dimensions))
    early = found.t0_s + np.arange(len(values)) / found.rate_hz < lead_in_s
    return np.where(early[:, None], np.nan, values)
