"""Labelled spans of a text or of a dialogue's utterances, and relations between them, such as emotion to cause."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from rest_framework import serializers

from affectory.agreement import relation_f1, span_f1
from annotation.questions.answers import Answer
from annotation.questions.contract import Cell, Extent, GoldRule, Outcome
from annotation.questions.marks import (
    OVERLAPS,
    MarkLabelSerializer,
    Whole,
    Word,
    as_float,
    foreign_label,
    meeting,
    names_of,
    refusals,
    wrong_marks,
)
from annotation.questions.span_votes import linked_in, marked_in, span_agreement, voted_spans
from annotation.strict import StrictSerializer, check_unique

Span = dict[str, Any]
ENDS = ("source", "source_part", "target", "target_part")


class RelationSerializer(StrictSerializer):
    key = serializers.RegexField(r"^[a-z][a-z0-9_]*$", max_length=60)
    name = serializers.CharField()
    # Without defaults: documents that were stored before there were turns stay as they are.
    from_labels = serializers.ListField(child=serializers.CharField(), allow_empty=False, required=False)
    to_labels = serializers.ListField(child=serializers.CharField(), allow_empty=False, required=False)
    from_turns = serializers.BooleanField(required=False, help_text="it may begin at a whole utterance")
    to_turns = serializers.BooleanField(required=False, help_text="it may end at a whole utterance")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for end in ("from", "to"):
            if not attrs.get(f"{end}_labels") and not attrs.get(f"{end}_turns"):
                raise serializers.ValidationError(
                    {f"{end}_labels": f"is missing; or say {end}_turns = true."}
                )
        return attrs


class Options(StrictSerializer):
    labels = MarkLabelSerializer(many=True, allow_empty=False)
    relations = RelationSerializer(many=True, default=list)
    overlap = serializers.ChoiceField(
        OVERLAPS, default="none", help_text="none; labels: of different labels only; any"
    )
    max_spans = serializers.IntegerField(default=None, allow_null=True, min_value=1)
    threshold = serializers.FloatField(
        default=0.5, min_value=0, max_value=0.999, help_text="a character is won above this share of raters"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_unique(labels=attrs["labels"])
        check_unique(relations=attrs["relations"])
        keys = {label["key"] for label in attrs["labels"]}
        for relation in attrs["relations"]:
            named = (*relation.get("from_labels", ()), *relation.get("to_labels", ()))
            foreign = [key for key in named if key not in keys]
            if foreign:
                reason = f"{relation['key']}: {foreign[0]!r} is not a label of this question."
                raise serializers.ValidationError({"relations": reason})
        return attrs


class SpanSerializer(StrictSerializer):
    label = Word()  # type: ignore[assignment]
    part = Whole(minimum=0)
    start = Whole(minimum=0)
    end = Whole(minimum=0)
    text = Word()


class LinkSerializer(StrictSerializer):
    relation = Word()
    source = Whole(minimum=0, required=False)  # type: ignore[assignment]
    target = Whole(minimum=0, required=False)
    source_part = Whole(minimum=0, required=False)
    target_part = Whole(minimum=0, required=False)


class Answered(StrictSerializer):
    spans = SpanSerializer(many=True, allow_empty=True)
    relations = LinkSerializer(many=True, allow_empty=True, required=False)


class Spans:
    """Places are code points: ``part`` 0 is the text or the first utterance, ``end`` is behind the last one.

    A relation has at each end the place of a span in the list, or as ``_part`` a whole utterance. ``text`` repeats what
    stands there, so that a page that counts in other units is found out.
    """

    name = "spans"
    continuous = False
    Options = Options
    marks_method = "character_vote"

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        wrong = refusals(Answered, value)
        if wrong:
            return wrong
        spans = value["spans"]
        wrong = wrong_marks("spans", spans, options["max_spans"], partial(_wrong_span, options))
        return {**wrong, **_overlaps(options, spans), **dict(_wrong_relations(options, value))}

    def unfit_extent(self, options: dict[str, Any], extent: Extent) -> str | None:  # noqa: ARG002
        return None if extent.texts else "it has no text."

    def check_places(self, options: dict[str, Any], value: dict[str, Any], extent: Extent) -> dict[str, str]:  # noqa: ARG002
        wrong: dict[str, str] = {}
        for index, span in enumerate(value["spans"]):
            for field, reason in _misplaced(span, extent.texts):
                wrong[f"spans[{index}].{field}"] = reason
        for index, link in enumerate(value.get("relations", ())):
            for field in ("source_part", "target_part"):
                if link.get(field, 0) >= len(extent.texts):
                    reason = f"must be below {len(extent.texts)}; it is {link[field]}."
                    wrong[f"relations[{index}].{field}"] = reason
        return wrong

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        """How many there are, and of each what it is: ``span.000.label``, ``relation.000.source`` and so on."""
        cells = [Cell("spans", number=float(len(value["spans"])))]
        for index, span in enumerate(value["spans"]):
            at = f"span.{index:03d}"
            cells += [Cell(f"{at}.label", label=span["label"]), Cell(f"{at}.text", text=span["text"])]
            cells += [Cell(f"{at}.{field}", number=float(span[field])) for field in ("part", "start", "end")]
        for index, link in enumerate(value.get("relations", ())):
            at = f"relation.{index:03d}"
            cells.append(Cell(f"{at}.relation", label=link["relation"]))
            cells += [Cell(f"{at}.{field}", number=float(link[field])) for field in ENDS if field in link]
        return cells

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        if not answers:
            return Outcome()
        return Outcome(list(span_agreement(options, answers)), list(voted_spans(options, answers, gold)))

    def alike(self, options: dict[str, Any], first: Answer, second: Answer) -> float:
        """Of shared characters and, where relations are asked, of shared relations the lower."""
        spans = as_float(span_f1(marked_in(first), marked_in(second), match="overlap"))
        if not options["relations"]:
            return spans
        return min(spans, as_float(relation_f1(linked_in(first), linked_in(second))))

    def proposal_of(
        self,
        options: dict[str, Any],  # noqa: ARG002
        marks: Sequence[dict[str, Any]],
        extent: Extent,
    ) -> dict[str, Any] | None:
        """Without relations, which labels do not have."""
        fields = ("label", "part", "start", "end")
        return {
            "spans": [
                {
                    **{field: mark[field] for field in fields},
                    "text": extent.texts[mark["part"]][mark["start"] : mark["end"]],
                }
                for mark in marks
            ]
        }

    def told(self, options: dict[str, Any], value: dict[str, Any]) -> str:
        """``Cause: he left; Feeling: sad; he left - causes - sad``; a whole utterance is its number, ``[1]``."""
        names = names_of(options["labels"], options["relations"])
        spans = value["spans"]

        def end(link: Mapping[str, Any], side: str) -> str:
            return str(spans[link[side]]["text"]) if side in link else f"[{link[f'{side}_part'] + 1}]"

        links = (
            f"{end(link, 'source')} - {names[link['relation']]} - {end(link, 'target')}"
            for link in value.get("relations", ())
        )
        return "; ".join([*(f"{names[span['label']]}: {span['text']}" for span in spans), *links])


def _wrong_span(options: Mapping[str, Any], span: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from foreign_label(options, span)
    if span["end"] <= span["start"]:
        yield "end", f"must be behind start ({span['start']}); it is {span['end']}."


def _overlaps(options: dict[str, Any], spans: Sequence[Span]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for later, earlier in meeting([(s["start"], s["end"], s["label"]) for s in spans], options["overlap"]):
        if spans[later]["part"] == spans[earlier]["part"]:
            wrong.setdefault(f"spans[{later}]", f"overlaps spans[{earlier}], which is not allowed here.")
    return wrong


def _wrong_relations(options: dict[str, Any], value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    known = {relation["key"]: relation for relation in options["relations"]}
    spans, links = value["spans"], value.get("relations", [])
    for index, link in enumerate(links):
        at, relation = f"relations[{index}]", known.get(link["relation"])
        if relation is None:
            yield f"{at}.relation", f"{link['relation']!r} is not a relation of this question."
            continue
        for side, end in (("source", "from"), ("target", "to")):
            reason = _wrong_end(relation, spans, link, side, end)
            if reason:
                yield f"{at}.{side}", reason
        if "source" in link and link["source"] == link.get("target"):
            yield f"{at}.target", "is the span that the relation begins at."
        if "source_part" in link and link["source_part"] == link.get("target_part"):
            yield f"{at}.target_part", "is the utterance that the relation begins at."
        if link in links[:index]:
            yield at, f"says the same as relations[{links.index(link)}]."


def _wrong_end(
    relation: Mapping[str, Any], spans: Sequence[Span], link: Mapping[str, Any], side: str, end: str
) -> str | None:
    """What is wrong with one end of a relation: a span of one of its labels, or an utterance where it takes those."""
    labels, turns = relation.get(f"{end}_labels", ()), relation.get(f"{end}_turns", False)
    if (side in link) == (f"{side}_part" in link):
        return f"must be a span, or an utterance as {side}_part." if turns else "has not been answered."
    if side not in link:
        return None if turns else "must be a span, not an utterance."
    if link[side] >= len(spans):
        return f"must be the place of a span, from 0 on; there are {len(spans)} spans."
    if spans[link[side]]["label"] not in labels:
        return f"must be a span of {' or '.join(labels)}." if labels else "must be an utterance, not a span."
    return None


def _misplaced(span: Span, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    if span["part"] >= len(texts):
        yield "part", f"must be below {len(texts)}; it is {span['part']}."
        return
    text = texts[span["part"]]
    if span["end"] > len(text):
        yield "end", f"must not be beyond the end at {len(text)}; it is {span['end']}."
    elif text[span["start"] : span["end"]] != span["text"]:
        yield "text", "is not what stands there; places are counted in code points."


QUESTION_TYPE = Spans()
