"""The kinds of split schemes that a recipe may name, checked. docs/releases.md has an example of each."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from affectory.release.manifest import SPLITS
from affectory.release.tables import items_table
from annotation.facade import StrictSerializer
from exports.kinds import KindField

KEY = r"^[a-z][a-z0-9_]{0,59}$"
ROLE = r"^[a-z][a-z0-9_]{0,59}$"
RATIOS = {"train": 0.7, "validation": 0.15, "test": 0.15}
_TAKEN = frozenset(column.name for column in items_table(()).columns)


class KeyField(serializers.RegexField):
    """A group key of the items; it becomes a column of the release."""

    def __init__(self, **more: Any) -> None:
        super().__init__(KEY, **more)
        self.error_messages["invalid"] = "cannot be a column name: use a-z, 0-9 and _, a letter first."

    def to_internal_value(self, data: Any) -> str:
        key: str = super().to_internal_value(data)
        if key in _TAKEN:
            raise serializers.ValidationError(f"{key!r} is a column that every release has.")
        return key


class RatiosField(serializers.DictField):
    """Role -> share; scaled to sum 1."""

    def __init__(self, **more: Any) -> None:
        super().__init__(child=serializers.FloatField(min_value=0), allow_empty=False, **more)

    def to_internal_value(self, data: Any) -> dict[str, float]:
        shares: dict[str, float] = super().to_internal_value(data)
        _check_roles(shares)
        if not sum(shares.values()):
            raise serializers.ValidationError("needs a share above 0.")
        return shares


def _check_roles(roles: Mapping[str, Any]) -> None:
    field = serializers.RegexField(ROLE)
    for role in roles:
        try:
            field.run_validation(role)
        except serializers.ValidationError:
            raise serializers.ValidationError(f"{role!r} is no role: use a-z, 0-9 and _.") from None


def _near_duplicates() -> serializers.BooleanField:
    return serializers.BooleanField(
        default=True,
        help_text="whether items that show the same (bytes, overlapping time, words, near-duplicates) share a role",
    )


class SchemeSerializer(StrictSerializer):
    name = serializers.RegexField(r"^[a-z][a-z0-9_-]{0,59}$", help_text="its ledger goes by this name")


class GroupedSerializer(SchemeSerializer):
    """``keys``: group keys of which no two roles may share a value, all at once."""

    keys = serializers.ListField(child=KeyField(), default=list)
    near_duplicates = _near_duplicates()


class StratifiedSerializer(GroupedSerializer):
    """``categories``: label columns to spread evenly. ``scales``: numeric columns whose joint grid is spread."""

    categories = serializers.ListField(child=serializers.CharField(max_length=200), default=list)
    scales = serializers.ListField(child=serializers.CharField(max_length=200), default=list, max_length=3)
    bins = serializers.IntegerField(default=3, min_value=2, max_value=10, help_text="grid cells per scale")
    seed = serializers.IntegerField(default=0, min_value=0)


class RatioSchemeSerializer(StratifiedSerializer):
    kind = serializers.ChoiceField(["ratio"])
    ratios = RatiosField(default=lambda: dict(RATIOS))


class CrossedSchemeSerializer(StratifiedSerializer):
    """Where every subject saw every film: values of each key by share; items between the roles have none."""

    kind = serializers.ChoiceField(["crossed"])
    keys = serializers.ListField(child=KeyField(), min_length=2)
    ratios = RatiosField(default=lambda: dict(RATIOS))

    def validate_keys(self, keys: list[str]) -> list[str]:
        if len(set(keys)) < len(keys):
            raise serializers.ValidationError("names one key twice.")
        return keys


class KFoldSchemeSerializer(StratifiedSerializer):
    kind = serializers.ChoiceField(["kfold"])
    folds = serializers.IntegerField(min_value=2, max_value=100)


class LosoSchemeSerializer(SchemeSerializer):
    """One role per value of ``key``: each serves as the test set in turn."""

    kind = serializers.ChoiceField(["loso"])
    key = KeyField()
    near_duplicates = _near_duplicates()


class StretchSerializer(StrictSerializer):
    role = serializers.RegexField(ROLE)
    share = serializers.FloatField(min_value=0.001)


class TemporalSchemeSerializer(SchemeSerializer):
    """Consecutive ``parts`` of every recording with ``guard_s`` unused seconds between them."""

    kind = serializers.ChoiceField(["temporal"])
    parts = StretchSerializer(many=True)
    guard_s = serializers.FloatField(min_value=0)

    def validate_parts(self, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        roles = [part["role"] for part in parts]
        if len(roles) < 2 or len(set(roles)) < len(roles):
            raise serializers.ValidationError("needs two parts or more, each with a role of its own.")
        return parts


class CutSerializer(StrictSerializer):
    before = serializers.CharField(allow_null=True, help_text="ISO 8601 date or time; null: all that is left")
    role = serializers.RegexField(ROLE)

    def validate_before(self, value: str | None) -> str | None:
        if value is not None:
            iso_instant(value)
        return value


class DateSchemeSerializer(GroupedSerializer):
    """By ``field`` of the items (a group key or a field of their metadata), which holds ISO 8601 dates."""

    kind = serializers.ChoiceField(["date"])
    field = serializers.CharField(max_length=200)
    cuts = CutSerializer(many=True, allow_empty=False)

    def validate_cuts(self, cuts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        bounds = [cut["before"] for cut in cuts]
        dated = [iso_instant(bound) for bound in bounds if bound is not None]
        if None in bounds[:-1] or dated != sorted(set(dated)):
            raise serializers.ValidationError("must rise; only the last may have no date.")
        return cuts


class RaterSchemeSerializer(SchemeSerializer):
    """Raters instead of items get roles, so that nobody who rated for training rates for the test."""

    kind = serializers.ChoiceField(["rater"])
    ratios = RatiosField(default=lambda: dict(RATIOS))
    seed = serializers.IntegerField(default=0, min_value=0)


class OfficialSchemeSerializer(GroupedSerializer):
    """A published list: ``roles`` (item key -> role), or the ``field`` of the items that says it."""

    kind = serializers.ChoiceField(["official"])
    roles = serializers.DictField(child=serializers.RegexField(ROLE), required=False, allow_empty=False)
    field = serializers.CharField(max_length=200, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("roles" in attrs) == ("field" in attrs):
            raise serializers.ValidationError("needs either roles or field.")
        return attrs


KINDS: dict[str, type[SchemeSerializer]] = {
    "ratio": RatioSchemeSerializer,
    "crossed": CrossedSchemeSerializer,
    "kfold": KFoldSchemeSerializer,
    "loso": LosoSchemeSerializer,
    "temporal": TemporalSchemeSerializer,
    "date": DateSchemeSerializer,
    "rater": RaterSchemeSerializer,
    "official": OfficialSchemeSerializer,
}


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="SplitScheme", serializers={**KINDS}, resource_type_field_name="kind"
    )
)
class SchemeField(KindField):
    """One scheme of any kind."""

    kinds = KINDS


def iso_instant(value: Any) -> datetime:
    """The moment that an ISO 8601 date or time names, for comparing; a date is its first moment, no zone is UTC."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise serializers.ValidationError(f"{value!r} is no ISO 8601 date.") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def group_keys(splits: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every key that a scheme keeps apart, in order of first mention: they are columns of the release."""
    named = [key for scheme in splits for key in (*scheme.get("keys", ()), *_own_key(scheme))]
    return list(dict.fromkeys(named))


def _own_key(scheme: Mapping[str, Any]) -> list[str]:
    return [scheme["key"]] if "key" in scheme else []


def roles_named(scheme: dict[str, Any]) -> set[str] | None:
    """The roles that a scheme can give to whole items; None where it gives none, or names them itself."""
    kind = scheme["kind"]
    if kind == "ratio":
        return set(scheme["ratios"])
    if kind == "date":
        return {cut["role"] for cut in scheme["cuts"]}
    if kind == "official":
        return set(scheme["roles"].values()) if "roles" in scheme else set(SPLITS)
    return None
