"""Words of the rater's own, helped by suggestions; each with a reason where the study asks for one."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from rest_framework import serializers

from affectory.aggregation import canonical, tally_words
from annotation.questions.answers import Answer
from annotation.questions.contract import Cell, GoldRule, LabelRow, Outcome
from annotation.questions.labels import texts
from annotation.questions.sets import Chosen, by_item, set_agreement
from annotation.strict import StrictSerializer

MAX_REASON = 1000


class Options(StrictSerializer):
    suggestions = serializers.ListField(child=serializers.CharField(max_length=60), default=list)
    min_words = serializers.IntegerField(default=1, min_value=1, max_value=20)
    max_words = serializers.IntegerField(default=5, min_value=1, max_value=20)
    max_length = serializers.IntegerField(default=40, min_value=1, max_value=60, help_text="of one word")
    reason_min_length = serializers.IntegerField(
        default=None, allow_null=True, min_value=1, max_value=MAX_REASON,
        help_text="asks why for each word, with at least so many characters; null: no reasons",
    )  # fmt: skip
    synonyms = serializers.DictField(
        child=serializers.CharField(),
        default=dict,
        help_text="word -> the word it counts as; used for labels only, answers stay as they were given",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["min_words"] > attrs["max_words"]:
            raise serializers.ValidationError({"min_words": "must not be above max_words."})
        long = [word for word in attrs["suggestions"] if len(word) > attrs["max_length"]]
        if long:
            raise serializers.ValidationError({"suggestions": f"{long[0]!r} is longer than max_length."})
        plain = {_plain(word): _plain(target) for word, target in attrs["synonyms"].items()}
        return {**attrs, "synonyms": plain}


class OpenWords:
    """``{"words": [...]}`` in the order given, and ``"reasons": {word: text}`` where they are asked for."""

    name = "open_words"
    continuous = False
    Options: type[StrictSerializer] = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        asked = {"words"} if options["reason_min_length"] is None else {"words", "reasons"}
        wrong = dict.fromkeys(sorted(set(value) - asked), "is not asked here.")
        reason = _wrong_words(options, value.get("words"))
        if reason:
            wrong["words"] = reason
        elif "reasons" in asked:
            reason = _wrong_reasons(options, value["words"], value.get("reasons"))
            wrong |= {"reasons": reason} if reason else {}
        return wrong

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        reasons = value.get("reasons", {})
        return [
            Cell(f"word_{place:02}", label=word, text=reasons.get(word))
            for place, word in enumerate(value["words"], start=1)
        ]

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        if not answers:
            return Outcome()
        synonyms = options["synonyms"]
        chosen = [Chosen(one.item, one.rater, canonical(one.value["words"], synonyms)) for one in answers]
        return Outcome(list(set_agreement(chosen)), list(_labels(chosen, gold)))

    def synonyms(self, options: dict[str, Any]) -> dict[str, str]:
        return dict(options["synonyms"])


def _plain(word: str) -> str:
    return word.strip().casefold()


def _wrong_words(options: dict[str, Any], words: Any) -> str | None:
    if not texts(words):
        return "must be a list with at least one word."
    if not options["min_words"] <= len(words) <= options["max_words"]:
        return f"must have {options['min_words']} to {options['max_words']} words; it has {len(words)}."
    plain = [_plain(word) for word in words]
    for word, form in zip(words, plain, strict=True):
        if not form or word != word.strip():
            return f"{word!r} is empty or has blanks around it."
        if len(word) > options["max_length"]:
            return f"{word!r} is longer than {options['max_length']} characters."
        if plain.count(form) > 1:
            return f"{word!r} is named twice."
    return None


def _wrong_reasons(options: dict[str, Any], words: Sequence[str], reasons: Any) -> str | None:
    if not isinstance(reasons, dict) or set(reasons) != set(words):
        return "must give a text for each word, and nothing else."
    least = options["reason_min_length"]
    for word, reason in reasons.items():
        if not isinstance(reason, str) or not least <= len(reason.strip()) <= MAX_REASON:
            return f"of {word!r} must have {least} to {MAX_REASON} characters."
    return None


def _labels(chosen: Sequence[Chosen[UUID]], gold: GoldRule) -> Iterator[LabelRow]:
    """The words that enough raters gave, most used first, with the number of raters of every word."""
    rule = f"words given by at least {gold.min_raters} rater(s), synonyms joined"
    for item, sets in by_item(chosen).items():
        tally = tally_words(sets, synonyms={}, min_raters=gold.min_raters)
        kept = [word for word in tally.raters_per_word if word in tally.kept]
        reason = "" if kept else f"no word was given by {gold.min_raters} raters"
        yield LabelRow(
            item,
            "words",
            {"words": kept, "raters": dict(tally.raters_per_word)} if kept else None,
            {"different_words": len(tally.raters_per_word)},
            tally.n_raters,
            reason,
            {"rule": rule},
        )


QUESTION_TYPE = OpenWords()
