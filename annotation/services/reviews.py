"""Studies in which raters see something before they answer: a proposal to confirm or edit, or what all said before."""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.facade import Rater
from affectory.errors import Conflict, Invalid, NotFound
from annotation import questions
from annotation.analysis.disagreement import Criterion
from annotation.analysis.reading import responses_of
from annotation.analysis.responses import Judged
from annotation.models import Label, Participation, Study
from annotation.questions.answers import Answer
from annotation.questions.contract import Proposing, ProposingMarks, produces_items
from annotation.questions.extent import extent_of
from annotation.services.analyses import latest_analysis
from annotation.services.participation import join
from annotation.services.proposing import Proposed, can_be_shown, store_proposals
from annotation.services.studies import create_study


@dataclass(frozen=True)
class Round:
    """A consensus round, and the personal address of each rater in it, by pseudonym."""

    study: Study
    items: int
    addresses: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """What the next round would be: how many of the items met the criteria, and who could be in it."""

    slug: str
    number: int
    items: int
    of: int
    raters: list[str]


def study_of(organisation_id: int, slug: str) -> Study:
    rows = Study.objects.select_related("protocol", "collection", "organisation")
    study = rows.filter(organisation=organisation_id, slug=slug).first()
    if study is None:
        raise NotFound(f"There is no study {slug!r}.")
    return study


@transaction.atomic
def open_review(
    *, base: Study, slug: str, proposed: Sequence[Proposed], source: str, requested_by: str
) -> Study:
    """A study with the questions of another one, whose raters confirm or edit a proposal for each item.

    ``source`` says where the proposals come from. Items without a proposal are not in it, nor is practice.
    """
    if not proposed:
        raise Invalid("There is nothing to propose for any item.", code="no_proposals")
    review = {"kind": "proposal", "source": source}
    return _open(
        base, proposed, slug=slug, title=f"{base.title}, review", review=review, requested_by=requested_by
    )


@transaction.atomic
def open_round(
    *, base: Study, criteria: Sequence[Criterion], raters: Sequence[str], requested_by: str
) -> Round:
    """Give the items on which the raters of a study disagreed back to some of them, with the answers of all.

    The earlier answers stay as they are; the new ones are answers to another study, of the next round.
    """
    people = [_rater(base, pseudonym) for pseudonym in dict.fromkeys(raters)]
    if not people:
        raise Invalid("Name the raters of the round.", code="no_raters")
    proposed = list(_disagreed(base, criteria))
    if not proposed:
        raise Invalid(f"No item of {base.slug} meets {' or '.join(map(str, criteria))}.", code="no_items")
    number = base.round + 1
    review = {"kind": "consensus", "criteria": [str(one) for one in criteria]}
    title = f"{base.title.removesuffix(f', round {base.round}')}, round {number}"
    study = _open(
        base, proposed, slug=_next_slug(base), title=title, review=review, requested_by=requested_by,
        number=number, named=True,
    )  # fmt: skip
    for rater in people:
        join(study, rater, uuid.uuid4())
    return Round(study, _n_items(proposed), addresses_of(study))


def planned_round(base: Study, criteria: Sequence[Criterion]) -> Plan:
    """What `open_round` would make now; changes nothing."""
    return Plan(
        slug=_next_slug(base),
        number=base.round + 1,
        items=_n_items(_disagreed(base, criteria)),
        of=base.study_items.filter(practice=False).count(),
        raters=raters_of(base),
    )


def addresses_of(study: Study) -> dict[str, str]:
    """Where each rater of a round takes up her place, by pseudonym; of a study that anybody may join, nothing."""
    if not study.named:
        return {}
    places = study.participations.order_by("rater__pseudonym").values_list("rater__pseudonym", "arrival_id")
    return {pseudonym: f"/s/{study.invite_code}?rater={arrival_id}" for pseudonym, arrival_id in places}


def _open(
    base: Study, proposed: Sequence[Proposed], *, slug: str, title: str, review: dict[str, Any],
    requested_by: str, number: int = 1, named: bool = False,
) -> Study:  # fmt: skip
    """A study with the base's questions on those of its items for which something is proposed."""
    if Study.objects.filter(organisation=base.organisation_id, slug=slug).exists():
        raise Conflict(f"There is a study {slug!r} already.", code="study_exists")
    if any(produces_items(asked) == "dialogue" for asked in base.protocol.document["questions"]):
        # A proposal would tell of the item to whom it is hidden.
        raise Invalid(
            f"The raters of {base.slug} talk about items that not all of them see; review the dialogues instead.",
            code="review_of_talks",
        )
    study = create_study(
        organisation=base.organisation,
        slug=slug,
        title=title,
        document=base.protocol.document,
        collection=base.collection,
        requested_by=requested_by,
        only={one.item for one in proposed},
    )
    study.base, study.review, study.round, study.named = base, review, number, named
    study.save(update_fields=["base", "review", "round", "named"])
    store_proposals(study, proposed)
    return study


def _next_slug(base: Study) -> str:
    return f"{base.slug.removesuffix(f'-round-{base.round}')}-round-{base.round + 1}"


def _n_items(proposed: Iterable[Proposed]) -> int:
    return len({one.item for one in proposed})


def raters_of(base: Study) -> list[str]:
    """Everybody whose answers to a study count, by pseudonym."""
    return sorted(
        {row.rater.pseudonym for row in responses_of(base) if row.excluded is None and not row.rater.slot}
    )


def proposals_from_labels(base: Study) -> list[Proposed]:
    """The newest labels of a study as answers, where they can be; items without a label have no proposal."""
    analysis = latest_analysis(base)
    if analysis is None:
        raise Invalid(f"{base.slug} has not been analysed yet.", code="no_labels")
    found = []
    for question in base.protocol.document["questions"]:
        kind = questions.question_type(question["type"])
        if not isinstance(kind, Proposing | ProposingMarks):
            continue
        method = kind.proposal_method if isinstance(kind, Proposing) else kind.marks_method
        labels = analysis.labels.filter(question=question["key"], method=method)
        for label in labels.order_by("pk").select_related("item__asset"):
            value = _as_answer(kind, question["options"], label)
            if value is not None:
                found.append(Proposed(label.item_id, question["key"], ({"value": value, "response": None},)))
    return found


def _as_answer(
    kind: Proposing | ProposingMarks, options: dict[str, Any], label: Label
) -> dict[str, Any] | None:
    """The answer that says the same as a label; None where no answer does."""
    if label.value is None:
        return None
    if isinstance(kind, Proposing):
        return kind.proposal(options, label.value)
    extent = extent_of(label.item)
    value = kind.proposal_of(options, label.value["marks"], extent)
    # What most raters marked is not always what one rater may mark.
    wrong = value is None or kind.check(options, value) or kind.check_places(options, value, extent)
    return None if wrong else value


def proposals_from_lines(base: Study, text: str, name: str) -> list[Proposed]:
    """From JSON lines, as `proposals_from_rows`; ``name``: what errors call the text."""
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            rows += [json.loads(line)] if line.strip() else []
        except json.JSONDecodeError as error:
            raise Invalid(f"{name}, line {number}: {error.msg}.", code="invalid_proposal") from error
    return proposals_from_rows(base, rows)


def proposals_from_rows(base: Study, rows: Sequence[dict[str, Any]]) -> list[Proposed]:
    """From ``{item: key, question: key, value: answer}``, as a model's predictions are written."""
    items = {place.item.key: place.item_id for place in base.study_items.select_related("item")}
    found: dict[tuple[UUID, str], Proposed] = {}
    for number, row in enumerate(rows, start=1):
        lacking = next((name for name in ("item", "question", "value") if name not in row), None)
        if lacking:
            raise Invalid(f"line {number}: has no {lacking!r}.", code="invalid_proposal")
        if row["item"] not in items:
            raise Invalid(f"line {number}: {base.slug} has no item {row['item']!r}.", code="invalid_proposal")
        place = (items[row["item"]], row["question"])
        if place in found:
            raise Invalid(f"line {number}: a second proposal for {row['item']}.", code="invalid_proposal")
        found[place] = Proposed(*place, ({"value": row["value"], "response": None},))
    return list(found.values())


def _disagreed(base: Study, criteria: Sequence[Criterion]) -> Iterator[Proposed]:
    """For every item that meets one of the criteria, all answers to all questions that can be shown."""
    asked = {question["key"]: question for question in base.protocol.document["questions"]}
    unknown = next((one.question for one in criteria if one.question not in asked), None)
    if unknown is not None:
        raise Invalid(f"{base.slug} has no question {unknown!r}.", code="invalid_criterion")
    unfit = next(filter(None, (one.unfit(asked[one.question]) for one in criteria)), None)
    if unfit is not None:
        raise Invalid(unfit, code="invalid_criterion")
    given: dict[UUID, dict[str, list[Judged]]] = defaultdict(lambda: defaultdict(list))
    for row in responses_of(base):
        if row.excluded is None and can_be_shown(asked[row.question]):
            given[row.item.id][row.question].append(row)
    for item, by_question in given.items():
        if any(one.met(asked[one.question], _answers(by_question.get(one.question, []))) for one in criteria):
            for key, rows in by_question.items():
                values = tuple({"value": row.value, "response": row.id} for row in rows)
                yield Proposed(item, key, values, of_all=True)


def _answers(rows: Sequence[Judged]) -> list[Answer]:
    return [
        Answer(row.item.id, row.rater.id, row.item.condition, row.value, duration_s=row.item.duration_s)
        for row in rows
    ]


def _rater(base: Study, pseudonym: str) -> Rater:
    place = (
        Participation.objects.filter(study=base, rater__pseudonym=pseudonym).select_related("rater").first()
    )
    if place is None:
        raise NotFound(f"{base.slug} has no rater {pseudonym!r}.")
    return place.rater
