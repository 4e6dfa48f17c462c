"""The protocol document: one declarative file that describes a whole annotation procedure.

Reading it checks everything that can be wrong with it; errors name the file, the line, the key and the reason.
"""

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

from rest_framework import serializers

from affectory.errors import Conflict, NotFound
from annotation.about_you import AboutYouSerializer
from annotation.asked import AskedSerializer
from annotation.attention import AttentionSerializer
from annotation.branching import ConditionSerializer
from annotation.coherence import check_coherence
from annotation.dialogue_context import DialogueContextSerializer
from annotation.mistakes import mistake, not_toml, refused, unstorable
from annotation.models import Protocol
from annotation.played import MustPlaySerializer
from annotation.questions.contract import FUSIONS, produces_items
from annotation.repeats import RepeatsSerializer
from annotation.strict import StrictSerializer, check_unique, error_paths, nested
from annotation.toml_lines import key_lines, line_of
from annotation.translations import (
    ConsentSerializer,
    TextSerializer,
    TranslationSerializer,
    translation_errors,
)

PRESETS = Path(__file__).parent / "protocols"
_SEMVER = re.compile(r"\A\d+\.\d+\.\d+\Z")

PERSPECTIVES = ("self", "partner", "observer", "writer", "reader", "parent")
MINUTES_PER_YEAR = 366 * 24 * 60
ITEM_KINDS = ("video", "audio", "image", "eeg", "text", "dialogue", "group", "terms", "sequence", "trial")
BYTE_ORDER_MARK = "\ufeff"  # with which editors on Windows begin a text


class QuestionSerializer(AskedSerializer):
    """One thing asked about an item."""

    required = serializers.BooleanField(default=True)  # type: ignore[assignment]
    when = serializers.ChoiceField(
        ["always", "practice", "first"],
        default="always",
        help_text="with every item, with practice items only, or once, with the rater's first item",
    )
    # Without defaults: documents that were stored before there were these stay as they are.
    asked_if = ConditionSerializer(
        required=False, help_text="only with items for which an earlier answer says so"
    )
    required_if = ConditionSerializer(
        required=False,
        help_text="to be answered where an earlier answer says so, and free to answer elsewhere",
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
    dialogue_context = DialogueContextSerializer(
        required=False, help_text="how much of a dialogue is shown beside the utterance that is rated"
    )
    must_play = MustPlaySerializer(
        required=False, help_text="an answer is taken only after each medium has been played so long"
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
    lease_minutes = serializers.IntegerField(default=60, min_value=1, max_value=MINUTES_PER_YEAR)
    # Without a default: documents that were stored before there was a choice stay as they are.
    own_items = serializers.BooleanField(
        required=False, help_text="each gets only what she made herself in an earlier study"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("own_items") and attrs["practice_items"]:
            reason = "must be 0 with own_items: nobody may see what another one made."
            raise serializers.ValidationError({"practice_items": reason})
        return attrs


class ExclusionSerializer(StrictSerializer):
    """A rule under which responses do not count. They stay stored; the rule's name is their reason."""

    name = serializers.CharField(max_length=60)
    question = serializers.CharField()
    all_dimensions_equal = serializers.FloatField()


class QualitySerializer(StrictSerializer):
    exclude = ExclusionSerializer(many=True, default=list)
    # Without defaults, as above.
    attention = AttentionSerializer(
        many=True,
        required=False,
        allow_empty=False,
        help_text="items whose right answer is known; every rater gets them among the others, beyond `items_per_rater`",
    )
    most_misses = serializers.IntegerField(
        required=False, min_value=0, help_text="wrong answers that are forgiven; left out: none"
    )
    repeats = RepeatsSerializer(
        required=False,
        help_text="items that come to a rater twice, beyond `items_per_rater`; left out: none",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "most_misses" in attrs and "attention" not in attrs:
            raise serializers.ValidationError({"most_misses": "needs items in attention."})
        return attrs


class GoldChoicesSerializer(StrictSerializer):
    """What a protocol or a recipe may ask of gold. Without defaults, so that what was stored before stays as it is."""

    share_above = serializers.FloatField(
        required=False,
        min_value=0,
        max_value=0.99,
        help_text="a category is the label where more than this share of the raters chose it",
    )
    min_ccc = serializers.FloatField(
        required=False,
        min_value=-1,
        max_value=1,
        help_text="a trace of levels has gold where the mean pairwise CCC of its raters is at least this",
    )
    lag_from = serializers.ChoiceField(
        ["calibration"],
        required=False,
        help_text="take out of each rater's traces the lag that her calibration shows; left out: no lag of her own",
    )
    lag_s = serializers.FloatField(
        required=False,
        min_value=0,
        max_value=20,
        help_text="seconds to take out of every trace; with lag_from, of those whose raters' lag is not known",
    )


class GoldSerializer(GoldChoicesSerializer):
    """How answers become labels."""

    min_raters = serializers.IntegerField(default=1, min_value=1)
    decimals = serializers.IntegerField(default=None, allow_null=True, min_value=0, max_value=12)
    rate_hz = serializers.FloatField(default=25.0, min_value=1, max_value=250)
    fusion = serializers.ChoiceField(
        FUSIONS,
        required=False,
        help_text="which fusion of traces of levels is the gold (mean); releases have all",
    )


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
    item_kinds = serializers.ListField(child=serializers.ChoiceField(ITEM_KINDS), allow_empty=False)
    estimated_minutes = serializers.IntegerField(min_value=1)
    consent = ConsentSerializer()
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
        keys = {question["key"] for question in attrs["questions"]}
        check_unique(questions=attrs["questions"])
        check_unique(about_you=attrs.get("about_you", ()))
        unknown = [
            ((place, "question"), f"no question is called {rule['question']!r}.")
            for place, rule in enumerate(attrs["quality"]["exclude"])
            if rule["question"] not in keys
        ]
        if unknown:
            raise serializers.ValidationError({"quality": {"exclude": nested(unknown)}})
        made = [question["key"] for question in attrs["questions"] if produces_items(question)]
        if made and "produced" not in attrs["consent"]:
            reason = f"is missing: what is made of the answers to {made[0]!r} must be agreed to."
            raise serializers.ValidationError({"consent": {"produced": reason}})
        check_coherence(attrs)
        if untranslatable := nested(translation_errors(attrs)):
            raise serializers.ValidationError({"translations": untranslatable})
        return attrs


def _defaults(kind: type[StrictSerializer]) -> dict[str, Any]:
    filled = kind(data={})
    filled.is_valid(raise_exception=True)
    return dict(filled.validated_data)


def read_protocol(path: Path) -> dict[str, Any]:
    """The checked document of a protocol file, with every default filled in."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError as error:
        raise NotFound(f"There is no protocol file {path}.") from error
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n") + 1
        raise refused(path.name, [mistake(line, (), f"is not written in UTF-8: {error.reason}.")]) from error
    return parse_protocol(text, path.name)


def parse_protocol(text: str, name: str) -> dict[str, Any]:
    """The checked document of a protocol's text, which errors call ``name``.

    Raises
    ------
    Invalid
        Its ``details["errors"]`` lists ``{line, key, reason}`` of every mistake; line null: of the whole text.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    try:
        raw = tomllib.loads(text)
        paths = list(unstorable(raw))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise refused(name, [not_toml(error, text)]) from error
    if not paths:
        checked = ProtocolSerializer(data=raw)
        if checked.is_valid():
            return _document(checked)
        paths = list(error_paths(checked.errors))
    lines = key_lines(text)
    # The line of a missing key is that of the table that lacks it.
    raise refused(name, [mistake(line_of(lines, at), at, reason) for at, reason in paths])


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
    digest = _digest(document)
    row, _ = Protocol.objects.get_or_create(
        name=document["name"], version=document["version"], defaults={"digest": digest, "document": document}
    )
    if row.digest != digest and not _same_as_read_today(row, digest):
        raise Conflict(_changed(document), code="protocol_changed")
    return row


def version_errors(document: dict[str, Any], text: str) -> list[dict[str, Any]]:
    """Why a study could not run this document although it is right: its version is stored otherwise."""
    known = Protocol.objects.filter(name=document["name"], version=document["version"]).first()
    digest = _digest(document)
    if known is None or known.digest == digest or _same_as_read_today(known, digest):
        return []
    return [{"line": line_of(key_lines(text), ("version",)), "key": "version", "reason": _changed(document)}]


def _changed(document: dict[str, Any]) -> str:
    name, version = document["name"], document["version"]
    return f"Protocol {name} {version} is stored with another content; raise its version."


def _digest(document: dict[str, Any]) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _same_as_read_today(stored: Protocol, digest: str) -> bool:
    """With the defaults of options that came after it was stored: its file has not changed, the reader has."""
    checked = ProtocolSerializer(data=stored.document)
    return checked.is_valid() and _digest(_document(checked)) == digest


def _document(checked: ProtocolSerializer) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(checked.validated_data))
    return document
