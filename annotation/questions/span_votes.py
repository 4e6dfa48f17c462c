"""How far raters agree on spans and relations, and which stretches of a text most of them marked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from affectory.aggregation import vote_segments
from affectory.agreement import relation_f1, span_f1
from affectory.results import Measurement
from annotation.questions.answers import Answer, by_item
from annotation.questions.contract import AgreementRow, GoldRule, LabelRow
from annotation.questions.marks import over_pairs

Marked = tuple[int, int, str]


def marked_in(answer: Answer, label: str | None = None) -> list[Marked]:
    """Spans with the part they are in as part of their label: parts share no places."""
    return [
        (span["start"], span["end"], f"{span['part']}/{span['label']}")
        for span in answer.value["spans"]
        if label in {None, span["label"]}
    ]


def span_agreement(options: dict[str, Any], answers: Sequence[Answer]) -> Iterator[AgreementRow]:
    """F1 over pairs of raters, of the same ends and of shared characters; of all labels, and of each."""
    for label in [None, *(one["key"] for one in options["labels"])]:

        def exact(first: Answer, second: Answer, label: str | None = label) -> Measurement:
            return span_f1(marked_in(first, label), marked_in(second, label), match="exact")

        def overlap(first: Answer, second: Answer, label: str | None = label) -> Measurement:
            return span_f1(marked_in(first, label), marked_in(second, label), match="overlap")

        for name, measure in (("span_f1_exact", exact), ("span_f1_overlap", overlap)):
            for row in over_pairs(answers, measure, name):
                yield AgreementRow(name, row.result, label or "", row.item)
    for key in [None, *(one["key"] for one in options["relations"])] if options["relations"] else ():

        def linked(first: Answer, second: Answer, key: str | None = key) -> Measurement:
            return relation_f1(linked_in(first, key), linked_in(second, key))

        for row in over_pairs(answers, linked, "relation_f1"):
            yield AgreementRow("relation_f1", row.result, f"relation:{key}" if key else "relations", row.item)


def linked_in(answer: Answer, key: str | None = None) -> list[tuple[str, Marked, Marked]]:
    """Relations as the stretches that they join; an utterance is a stretch of its own, with no label."""
    spans = marked_in(answer)

    def end(link: Mapping[str, Any], side: str) -> Marked:
        return spans[link[side]] if side in link else (0, 1, f"{link[f'{side}_part']}/")

    return [
        (link["relation"], end(link, "source"), end(link, "target"))
        for link in answer.value.get("relations", ())
        if key in {None, link["relation"]}
    ]


def voted_spans(options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Iterator[LabelRow]:
    """Stretches of each label that won character by character; relations are not voted on."""
    for item, own in by_item(answers).items():
        rows = [[(float(start), float(end), label) for start, end, label in marked_in(one)] for one in own]
        end = max((end for row in rows for _, end, _ in row), default=1.0)
        won = vote_segments(
            rows, continuum=(0.0, end), frame=1.0, threshold=options["threshold"], min_raters=gold.min_raters
        )
        marks = [
            {
                "part": int(one.label.partition("/")[0]),
                "label": one.label.partition("/")[2],
                "start": int(one.start),
                "end": int(one.end),
                "share": round(one.share, 6),
            }
            for one in won.segments or ()
        ]
        marks.sort(key=lambda one: (one["part"], one["start"], one["label"]))
        value = None if won.segments is None else {"marks": marks}
        provenance = {"rule": won.convention, "relations": "not voted on"}
        yield LabelRow(item, "character_vote", value, None, won.n_raters, won.reason or "", provenance)
