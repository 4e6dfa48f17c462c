"""One analysis: all agreement, labels and gold traces of a study, stored together or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from affectory import __version__
from annotation import questions
from annotation.analysis import traces
from annotation.analysis.calibrations import Calibrated, calibrations_of
from annotation.analysis.exposure import agreement_apart, analysed_apart
from annotation.analysis.lags import asks_for_calibrations
from annotation.analysis.reading import responses_of
from annotation.analysis.responses import Responses
from annotation.analysis.retest import retest
from annotation.analysis.series import keep_series
from annotation.models import AgreementResult, Analysis, GoldTrace, Label, Study
from annotation.questions.answers import Answers
from annotation.questions.contract import Agreeing, AgreementRow, GoldRule, LabelRow, Outcome
from jobs.facade import Job, Running

BATCH = 2000


@dataclass(frozen=True)
class Computed:
    """Everything that follows from a study's responses; by question, nothing stored yet."""

    outcomes: dict[str, Outcome]
    gold_traces: list[GoldTrace]
    made_from: dict[str, Any]

    def without_labels(self) -> "Computed":
        """The same without its labels, of which there are as many as items."""
        return replace(self, outcomes={key: replace(one, labels=()) for key, one in self.outcomes.items()})


def compute(
    study: Study,
    responses: Responses | None = None,
    *,
    gold_rules: Mapping[str, Any] | None = None,
    read_calibrated: Callable[[], Mapping[str, Calibrated]] | None = None,
) -> Computed:
    """Agreement, labels and gold traces of all questions, from the responses that count.

    ``responses``: those of the study, where they have been read. ``gold_rules``: fields of a `GoldRule` that hold
    instead of what the protocol says. ``read_calibrated``: by the raters' pseudonyms, where not all calibrations of
    the study are to be looked at; asked only if a rule needs them.
    """
    document = study.protocol.document
    gold = GoldRule(**{**document["gold"], **(gold_rules or {})})
    lead_in_s = document["presentation"]["lead_in_s"]
    read_calibrated = read_calibrated or partial(calibrations_of, study)
    calibrated = read_calibrated() if asks_for_calibrations(gold) else {}
    responses = responses_of(study) if responses is None else responses
    outcomes: dict[str, Outcome] = {}
    gold_traces: list[GoldTrace] = []
    for question in document["questions"]:
        key, kind = question["key"], questions.question_type(question["type"])
        answers = responses.answers(key)
        if kind.continuous:
            agreement, fused = traces.analyse(question, answers, gold, lead_in_s, calibrated)
            outcomes[key] = Outcome(agreement=agreement)
            gold_traces += fused
        else:
            outcomes[key] = analysed_apart(answers, partial(kind.analyse, question["options"], gold=gold))
        again = retest(question, responses.asked_twice(key), gold.rate_hz, lead_in_s)
        outcomes[key] = replace(outcomes[key], agreement=[*outcomes[key].agreement, *again])
    protocol = study.protocol
    told = {"name": protocol.name, "version": protocol.version, "digest": protocol.digest}
    return Computed(outcomes, gold_traces, {**responses.made_from(), "protocol": told})


def agreement_by_part(
    study: Study, responses: Responses, computed: Computed, part_of: Sequence[str | None]
) -> Iterator[tuple[str, str, AgreementRow]]:
    """(question, part, agreement) over the items of each part, such as the splits of a release.

    ``part_of``: of each of the responses' items.
    """
    document = study.protocol.document
    gold = GoldRule(**document["gold"])
    parts = sorted({part for part in part_of if part})
    part_of_item = np.array([parts.index(part) if part else -1 for part in part_of])
    for question in document["questions"]:
        key, kind = question["key"], questions.question_type(question["type"])
        for at, part in enumerate(parts):
            inside = part_of_item == at
            if kind.continuous:
                items = {responses.items.id(one) for one in np.flatnonzero(inside).tolist()}
                rows: Sequence[AgreementRow] = traces.agreement_over(computed.outcomes[key].agreement, items)
            else:
                rows = _told_alone(question, responses.answers(key, inside), gold)
            yield from ((key, part, row) for row in rows if row.item is None)


def _told_alone(question: dict[str, Any], answers: Answers, gold: GoldRule) -> Sequence[AgreementRow]:
    kind = questions.question_type(question["type"])
    if isinstance(kind, Agreeing):
        return agreement_apart(answers, partial(kind.agreement, question["options"]))
    return analysed_apart(answers, partial(kind.analyse, question["options"], gold=gold)).agreement


def analyse(study: Study, running: Running) -> dict[str, Any]:
    """Compute and store everything; the result replaces the study's older one. Returns what it was made from."""
    running.progress(0, 2, "computing")
    responses = responses_of(study)
    _keep_series(study, responses)
    computed = compute(study, responses)
    running.progress(1, 2, "storing")
    with running.commit():
        Study.objects.select_for_update(no_key=True).get(pk=study.pk)
        if _superseded(study, running):
            return computed.made_from
        analysis = Analysis.objects.create(
            study=study, job=running.row.pk, made_from=computed.made_from, code_version=__version__
        )
        _store(analysis, computed)
        # Responses stay, so an older result can be computed again.
        Analysis.objects.filter(study=study, pk__lt=analysis.pk).delete()
    running.progress(2, 2)
    return computed.made_from


def _keep_series(study: Study, responses: Responses) -> None:
    document = study.protocol.document
    for question in document["questions"]:
        if questions.question_type(question["type"]).continuous:
            answers = [*responses.answers(question["key"]), *responses.asked_twice(question["key"]).again]
            keep_series((one.value["trace"] for one in answers), question, document["gold"]["rate_hz"])


def _superseded(study: Study, running: Running) -> bool:
    """Whether a run that began after this one, and so read more, has been stored before it."""
    stored = study.analyses.values_list("job", flat=True)
    return Job.objects.filter(pk__in=stored, started_at__gt=running.row.started_at).exists()


def _store(analysis: Analysis, computed: Computed) -> None:
    agreement = [
        _agreement(analysis, key, row) for key, found in computed.outcomes.items() for row in found.agreement
    ]
    labels = [_label(analysis, key, row) for key, found in computed.outcomes.items() for row in found.labels]
    for trace in computed.gold_traces:
        trace.analysis = analysis
    AgreementResult.objects.bulk_create(agreement, batch_size=BATCH)
    Label.objects.bulk_create(labels, batch_size=BATCH)
    GoldTrace.objects.bulk_create(computed.gold_traces, batch_size=50)


def _agreement(analysis: Analysis, question: str, row: AgreementRow) -> AgreementResult:
    found = row.result
    low, high = found.ci or (None, None)
    return AgreementResult(
        analysis=analysis,
        question=question,
        dimension=row.dimension,
        item_id=row.item,
        condition=row.condition,
        measure=row.measure,
        value=found.value,
        ci_low=low,
        ci_high=high,
        n_units_used=found.n_units_used,
        n_units_dropped=found.n_units_dropped,
        n_raters=found.n_raters,
        convention=found.convention,
        reason=found.reason or "",
        details={**found.details, **row.details},
        exposed=row.exposed,
    )


def _label(analysis: Analysis, question: str, row: LabelRow) -> Label:
    return Label(
        analysis=analysis,
        item_id=row.item,
        question=question,
        method=row.method,
        value=row.value,
        dispersion=row.dispersion,
        n_raters=row.n_raters,
        reason=row.reason,
        provenance=row.provenance,
    )
