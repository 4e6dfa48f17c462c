"""A protocol's texts in further languages: what a translation may hold, and the document as one language reads."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rest_framework import serializers

from affectory.taxonomy import get_taxonomy
from annotation.strict import Path, StrictSerializer

LANGUAGE = re.compile(r"\A[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
# What of an option's entries is text that a rater reads; ``points`` is a list of such texts.
ENTRY_TEXTS = ("name", "definition", "low_label", "high_label", "text")
OPTION_TEXTS = ("none", "tie_label", "none_label", "first_label", "last_label", "best_label", "worst_label")
# Lists of questions in a document.
ASKED = ("questions", "about_you")
OPTION_LISTS = ("level_names", "grades", "corners", "points")


class TextSerializer(StrictSerializer):
    text = serializers.CharField()


class ConsentSerializer(TextSerializer):
    """``produced``: agreed to apart from the rest, where raters record themselves or write what others will see."""

    produced = serializers.CharField(
        required=False, help_text="what is kept of what they make, who gets it, how it is deleted"
    )


class QuestionTextSerializer(StrictSerializer):
    """What is said of one question.

    ``options``: an option's text; a list of texts; or of a list of keyed entries ``{key: name}`` or
    ``{key: {name, definition, low_label, high_label, text, points}}``.
    """

    prompt = serializers.CharField(required=False)
    help = serializers.CharField(required=False)
    options = serializers.DictField(required=False)


class TranslationSerializer(StrictSerializer):
    """All of it may be left out: what is not translated is shown as the protocol says it."""

    title = serializers.CharField(required=False, max_length=200)
    description = serializers.CharField(required=False)
    consent = ConsentSerializer(required=False)
    instructions = TextSerializer(required=False)
    warning = serializers.CharField(required=False)
    questions = serializers.DictField(child=QuestionTextSerializer(), required=False)
    about_you = serializers.DictField(child=QuestionTextSerializer(), required=False)


def languages_of(document: Mapping[str, Any]) -> list[str]:
    """The protocol's own language, then those that it is translated into."""
    return [document["language"], *document.get("translations", {})]


def spoken(document: Mapping[str, Any], wanted: Sequence[str]) -> str:
    """The first wanted language that the protocol has, regions aside; its own language else."""
    offered = languages_of(document)
    for wish in wanted:
        for matches in (str.casefold, _base):
            found = [language for language in offered if matches(language) == matches(wish)]
            if found:
                return found[0]
    return offered[0]


def translated(document: dict[str, Any], language: str) -> dict[str, Any]:
    """The document with the texts of this language where it has them."""
    said = document.get("translations", {}).get(language)
    if not said:
        return document
    texts = {key: said[key] for key in ("title", "description", "consent", "instructions") if key in said}
    warned = {"warning": said["warning"]} if "warning" in said else {}
    asked = {
        part: [
            _question(_labels_named(one, language), said.get(part, {}).get(one["key"], {}))
            for one in document[part]
        ]
        for part in ASKED
        if part in document
    }
    return {**document, **texts, "presentation": {**document["presentation"], **warned}, **asked}


def translation_errors(document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """``(path, reason)`` of everything in the translations that the document has no place for."""
    for language, said in document.get("translations", {}).items():
        if not LANGUAGE.match(language):
            yield (language,), "is no language tag such as es or pt-BR."
        if language == document["language"]:
            yield (language,), "is the protocol's own language."
        if "warning" in said and "warning" not in document["presentation"]:
            yield (language, "warning"), "translates a warning that the protocol does not give."
        if "consent" in said and ("produced" in said["consent"]) != ("produced" in document["consent"]):
            yield (
                (language, "consent", "produced"),
                "must be there where the protocol has it, and only there.",
            )
        for part in ASKED:
            yield from _question_errors((language, part), said.get(part, {}), document.get(part, ()))


def _question_errors(
    at: Path, said: Mapping[str, Any], asked: Sequence[dict[str, Any]]
) -> Iterator[tuple[Path, str]]:
    by_key = {question["key"]: question for question in asked}
    for key, question in said.items():
        if key not in by_key:
            yield (*at, key), f"is no question here; known: {', '.join(by_key)}."
            continue
        for option, given in question.get("options", {}).items():
            yield from _option_errors((*at, key, "options", option), given, by_key[key]["options"])


def _base(language: str) -> str:
    return language.casefold().split("-")[0]


def _question(question: dict[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    texts = {key: said[key] for key in ("prompt", "help") if key in said}
    options = {
        option: _option(question["options"][option], given)
        for option, given in said.get("options", {}).items()
    }
    return {**question, **texts, "options": {**question["options"], **options}}


def _labels_named(question: dict[str, Any], language: str) -> dict[str, Any]:
    """Labels of a taxonomy in this language, but for those that the protocol has given words of its own."""
    options = question["options"]
    if not options.get("taxonomy"):
        return question
    taxonomy = get_taxonomy(options["taxonomy"])

    def named(entry: dict[str, Any]) -> dict[str, Any]:
        label = taxonomy.label(entry["key"])
        if entry["name"].casefold() != label.name.casefold():
            return entry
        name = label.name_in(language)
        return {**entry, "name": name.capitalize() if entry["name"][0].isupper() else name}

    return {**question, "options": {**options, "labels": [named(entry) for entry in options["labels"]]}}


def _option(value: Any, said: Any) -> Any:
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        return [_relabelled(one, text) for one, text in zip(value, said, strict=True)]
    return [{**entry, **_texts(said.get(entry["key"], {}))} for entry in value]


def _relabelled(one: Any, text: str) -> Any:
    return {**one, "label": text} if isinstance(one, dict) else text


def _texts(said: Any) -> dict[str, Any]:
    return {"name": said} if isinstance(said, str) else dict(said)


def _option_errors(at: Path, said: Any, options: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    option = str(at[-1])
    value = options.get(option)
    if isinstance(said, str):
        if option not in OPTION_TEXTS or not isinstance(value, str):
            yield at, "is no text of this question."
    elif isinstance(said, list):
        yield from _list_errors(at, said, value)
    elif isinstance(said, dict) and isinstance(value, list):
        entries = {one.get("key"): one for one in value if isinstance(one, dict)}
        for key, texts in said.items():
            if key not in entries:
                yield (*at, key), f"is not known here; known: {', '.join(map(str, entries))}."
            elif not isinstance(texts, str | dict):
                yield (*at, key), "must be a text, or a table of texts."
            else:
                yield from _entry_errors((*at, key), _texts(texts), entries[key])
    else:
        yield at, "is no list of this question's options."


def _list_errors(at: Path, said: list[Any], value: Any) -> Iterator[tuple[Path, str]]:
    if at[-1] not in OPTION_LISTS or not isinstance(value, list):
        yield at, "is no list of texts of this question."
    elif len(said) != len(value) or not all(isinstance(text, str) for text in said):
        yield at, f"must be {len(value)} texts."


def _entry_errors(at: Path, texts: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for name, text in texts.items():
        if name == "points":
            points = entry.get("points") or []
            if not isinstance(text, list) or len(text) != len(points) or not all(map(_is_text, text)):
                yield (*at, "points"), f"must be {len(points)} texts."
        elif name not in ENTRY_TEXTS:
            yield (*at, name), f"is no text here; known: {', '.join((*ENTRY_TEXTS, 'points'))}."
        elif not _is_text(text):
            yield (*at, name), "must be a text."


def _is_text(given: Any) -> bool:
    return isinstance(given, str) and bool(given)
