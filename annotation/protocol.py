"""The protocol document: one declarative file that describes a whole annotation procedure.

Reading it checks everything that can be wrong with it; errors name the file, the line, the key and the reason.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rest_framework import serializers

from affectory.errors import Conflict, Invalid, NotFound
from annotation.about_you import AboutYouSerializer
from annotation.asked import AskedSerializer
from annotation.models import Protocol
from annotation.strict import StrictSerializer, error_paths, written
from annotation.toml_lines import key_lines, line_of
from annotation.translations import TextSerializer, TranslationSerializer, translation_errors

PRESETS = Path(__file__).parent / "protocols"
_SEMVER = re.compile(r"\A\d+\.\d+\.\d+\Z")

PERSPECTIVES = ("self", "partner", "observer", "writer", "reader", "parent")


class QuestionSerializer(AskedSerializer):
    """One thing asked about an item."""

    required = serializers.BooleanField(default=True)  # type: ignore[assignment]
    when = serializers.ChoiceField(
        ["always", "practice", "first"],
        default="always",
        help_text="with every item, with practice items only, or once, with the rater's first item",
    )


class PresentationSerializer(StrictSerializer):
    """How items are shown."""

    order = serializers.ChoiceField(["random", "fixed"], default="random")
    pause = serializers.BooleanField(default=True)
    rewind = serializers.BooleanField(default=False)
    sound = serializers.BooleanField(default=True)
    # Without a default: documents that were stored before there were parts stay as they are.
    shuffle_parts = serializers.BooleanField(
        required=False,
        help_text="candidates of an item stand in another order for each rater (the rule) or not",
    )
    lead_in_s = serializers.FloatField(
        default=0.0, min_value=0, help_text="the beginning of each trace that no analysis uses"
    )
    counterbalance = serializers.BooleanField(
        default=False, help_text="the order of the continuous questions goes round from rater to rater"
    )
    words_per_minute = serializers.FloatField(
        default=180.0, min_value=20, max_value=1000, help_text="pace of a text under a continuous question"
    )
    still_s = serializers.FloatField(
        default=10.0, min_value=1, help_text="how long a picture is shown under a continuous question"
    )
    target = serializers.CharField(
        default="",
        allow_blank=True,
        help_text="group key or metadata of the item that names who is rated; shown before the start",
    )
    # Without defaults, as above.
    warning = serializers.CharField(
        required=False, help_text="what in the items may disturb; shown before the first one"
    )
    blur = serializers.BooleanField(
        required=False, help_text="each medium is hidden until its rater shows it; kept in `played`"
    )
    choose_target = serializers.BooleanField(
        required=False,
        help_text="where several people are marked in an item, the rater picks whom she rates before she begins",
    )
    skip = serializers.BooleanField(
        required=False, help_text="raters may skip items without losing anything, saying why or not"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("choose_target") and attrs["target"]:
            raise serializers.ValidationError({"choose_target": "cannot be, as `target` says who is rated."})
        return attrs


class RatersSerializer(StrictSerializer):
    """How many rate what."""

    per_item = serializers.IntegerField(default=5, min_value=1)
    items_per_rater = serializers.IntegerField(default=10, min_value=1)
    practice_items = serializers.IntegerField(default=1, min_value=0)
    lease_minutes = serializers.IntegerField(default=60, min_value=1)


class ExclusionSerializer(StrictSerializer):
    """A rule under which responses do not count. They stay stored; the rule's name is their reason."""

    name = serializers.CharField(max_length=60)
    question = serializers.CharField()
    all_dimensions_equal = serializers.FloatField()


class QualitySerializer(StrictSerializer):
    exclude = ExclusionSerializer(many=True, default=list)


class GoldSerializer(StrictSerializer):
    """How answers become labels."""

    min_raters = serializers.IntegerField(default=1, min_value=1)
    decimals = serializers.IntegerField(default=None, allow_null=True, min_value=0, max_value=12)
    rate_hz = serializers.FloatField(default=25.0, min_value=1, max_value=250)


class ProtocolSerializer(StrictSerializer):
    name = serializers.RegexField(r"^[a-z][a-z0-9-]*$", max_length=60)
    version = serializers.RegexField(_SEMVER, max_length=20)
    title = serializers.CharField(max_length=200)
    description = serializers.CharField()
    source = serializers.CharField(  # type: ignore[assignment]
        help_text="the published procedure it follows, and where it departs from it"
    )
    perspective = serializers.ChoiceField(PERSPECTIVES)
    language = serializers.CharField(default="en")
    item_kinds = serializers.ListField(child=serializers.CharField(), allow_empty=False)
    estimated_minutes = serializers.IntegerField(min_value=1)
    consent = TextSerializer()
    instructions = TextSerializer()
    questions = QuestionSerializer(many=True, allow_empty=False)
    presentation = PresentationSerializer(default=lambda: _defaults(PresentationSerializer))
    raters = RatersSerializer(default=lambda: _defaults(RatersSerializer))
    quality = QualitySerializer(default=lambda: _defaults(QualitySerializer))
    gold = GoldSerializer(default=lambda: _defaults(GoldSerializer))
    # Without defaults, as above.
    about_you = AboutYouSerializer(
        many=True,
        required=False,
        help_text="asked about the rater, once, after consent; always with 'I would rather not say'",
    )
    # Language -> the rater's texts in it.
    translations = serializers.DictField(child=TranslationSerializer(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        keys = [question["key"] for question in attrs["questions"]]
        if len(set(keys)) < len(keys):
            raise serializers.ValidationError({"questions": "Two questions have the same key."})
        about = [question["key"] for question in attrs.get("about_you", ())]
        if len(set(about)) < len(about):
            raise serializers.ValidationError({"about_you": "Two questions have the same key."})
        for rule in attrs["quality"]["exclude"]:
            if rule["question"] not in keys:
                raise serializers.ValidationError({"quality": f"No question is called {rule['question']!r}."})
        wrong = translation_errors(attrs)
        if wrong:
            raise serializers.ValidationError({"translations": wrong})
        return attrs


def _defaults(kind: type[StrictSerializer]) -> dict[str, Any]:
    filled = kind(data={})
    filled.is_valid(raise_exception=True)
    return dict(filled.validated_data)


def read_protocol(path: Path) -> dict[str, Any]:
    """The checked document of a protocol file, with every default filled in."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError as error:
        raise NotFound(f"There is no protocol file {path}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path.name} is not TOML: {error}", code="invalid_protocol") from error
    checked = ProtocolSerializer(data=raw)
    if not checked.is_valid():
        wrong = list(_wrong(text, checked.errors))
        reasons = " ".join(f"{_place(one)}{one['key']}: {one['reason']}" for one in wrong)
        details = {"errors": wrong}
        raise Invalid(f"{path.name}: {reasons}", code="invalid_protocol", details=details)
    document: dict[str, Any] = json.loads(json.dumps(checked.validated_data))
    return document


def _wrong(text: str, errors: Any) -> Iterator[dict[str, Any]]:
    """Line, key and reason of each mistake; the line of a missing key is that of the table that lacks it."""
    lines = key_lines(text)
    for path, reason in error_paths(errors):
        yield {"line": line_of(lines, path), "key": written(path), "reason": reason}


def _place(wrong: Mapping[str, Any]) -> str:
    return "" if wrong["line"] is None else f"line {wrong['line']}, "


def preset_names() -> list[str]:
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def preset(name: str) -> dict[str, Any]:
    """The document of a protocol that ships with the platform."""
    return read_protocol(_preset_path(name))


def preset_text(name: str) -> str:
    """Its file as it is written, comments included."""
    return _preset_path(name).read_text(encoding="utf-8")


def _preset_path(name: str) -> Path:
    names = preset_names()
    if name not in names:
        raise NotFound(f"There is no preset called {name!r}; there are: {', '.join(names)}.")
    return PRESETS / f"{name}.toml"


def store_protocol(document: dict[str, Any]) -> Protocol:
    """Find or add this version. The same version with another content is refused."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    row, _ = Protocol.objects.get_or_create(
        name=document["name"], version=document["version"], defaults={"digest": digest, "document": document}
    )
    if row.digest != digest:
        raise Conflict(
            f"Protocol {row.name} {row.version} is stored with another content; raise its version.",
            code="protocol_changed",
        )
    return row
