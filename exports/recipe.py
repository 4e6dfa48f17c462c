"""What a dataset is made of, checked."""

from typing import Any

from rest_framework import serializers

from affectory.errors import Invalid
from affectory.release.manifest import SPLITS
from annotation.facade import FUSIONS, GoldChoicesSerializer, PolicySerializer, StrictSerializer, error_lines
from exports.mappings import MappingField
from exports.prose import CardSerializer
from exports.schemes import KeyField, RatiosField, SchemeField, group_keys, roles_named

DEFAULT_SCHEME = "default"
NO_LAG = "none"


class SplitSerializer(StrictSerializer):
    """Short for one ratio scheme, named ``default``."""

    keys = serializers.ListField(child=KeyField(), required=False)
    ratios = RatiosField(required=False)
    seed = serializers.IntegerField(required=False, min_value=0)

    def validate_ratios(self, value: dict[str, float]) -> dict[str, float]:
        if set(value) - set(SPLITS):
            raise serializers.ValidationError(f"has roles among {', '.join(SPLITS)} only.")
        return value


class GoldSerializer(GoldChoicesSerializer):
    """What this dataset does otherwise than the protocols of its studies."""

    min_raters = serializers.IntegerField(
        required=False, min_value=1, help_text="fewer answers than this make no label"
    )
    lag_from = serializers.ChoiceField(
        ["calibration", NO_LAG],
        required=False,
        help_text="calibration: take out of each rater's traces the lag that her calibration shows; none: take nothing "
        "out, also where a protocol does; left out: as the protocols say",
    )
    # Without a default for the same reason as below.
    fusion = serializers.DictField(
        child=serializers.ChoiceField(FUSIONS),
        required=False,
        help_text="question -> which fusion of its traces is the gold; others as their protocol says",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("lag_from") == NO_LAG and "lag_s" in attrs:
            raise serializers.ValidationError(
                {"lag_s": "cannot be: lag_from is none, so nothing is taken out."}
            )
        return attrs


class RecipeSerializer(StrictSerializer):
    """``splits``: named schemes; ``default_split`` names the one that decides the parts of ``items``."""

    collection = serializers.CharField()
    studies = serializers.ListField(child=serializers.CharField(), allow_empty=False)
    split = SplitSerializer(required=False, write_only=True)
    splits = serializers.ListField(child=SchemeField(), required=False)
    default_split = serializers.CharField(required=False)
    gold = GoldSerializer(default=dict)
    # Without a default, so that recipes that were stored before there was one stay as they are.
    quality = PolicySerializer(required=False)
    # Without a default for the same reason.
    mappings = serializers.ListField(child=MappingField(), required=False)
    media = serializers.ChoiceField(
        ["none", "proxy", "full"],
        default="none",
        help_text="proxy: what raters saw or heard; full: the originals, too",
    )
    licence = serializers.CharField(default="", allow_blank=True)
    card = CardSerializer(default=lambda: CardSerializer(data={}).run_validation({}))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        short = attrs.pop("split", None)
        if short is not None and "splits" in attrs:
            raise serializers.ValidationError({"split": "is short for a list of one; splits is given, too."})
        usual = SchemeField().run_validation({"name": DEFAULT_SCHEME, "kind": "ratio", **(short or {})})
        attrs.setdefault("splits", [usual])
        _check_names("splits", "schemes", attrs["splits"])
        _check_names("mappings", "mappings", attrs.get("mappings", []))
        able = [scheme["name"] for scheme in attrs["splits"] if roles_named(scheme)]
        attrs.setdefault("default_split", able[0] if able else "")
        _check_default(attrs)
        return attrs


def _check_names(field: str, what: str, named: list[dict[str, Any]]) -> None:
    names = [one["name"] for one in named]
    if len(set(names)) < len(names):
        raise serializers.ValidationError({field: f"two {what} have one name."})


def _check_default(attrs: dict[str, Any]) -> None:
    """The parts of ``items`` are known to every loader by these three names only."""
    chosen = next((one for one in attrs["splits"] if one["name"] == attrs["default_split"]), None)
    roles = roles_named(chosen) if chosen else None
    usual = ", ".join(SPLITS)
    if not chosen or not roles:
        raise serializers.ValidationError(
            {"default_split": f"must name a ratio, date or official scheme with roles among {usual}."}
        )
    if roles - set(SPLITS):
        at = attrs["splits"].index(chosen)
        field = {"ratio": "ratios", "date": "cuts", "official": "roles"}[chosen["kind"]]
        raise serializers.ValidationError(
            {
                f"splits[{at}].{field}": f"{min(roles - set(SPLITS))!r} cannot be a part of items; "
                f"the default scheme has roles among {usual}."
            }
        )


def checked_recipe(recipe: dict[str, Any]) -> dict[str, Any]:
    """The recipe with its defaults filled in; raises Invalid with every reason."""
    given = RecipeSerializer(data=recipe)
    if not given.is_valid():
        lines = error_lines(given.errors)
        raise Invalid(
            "The recipe is not right: " + " ".join(lines), code="invalid_recipe", details={"errors": lines}
        )
    return dict(given.validated_data)


def default_scheme(recipe: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(
        scheme for scheme in recipe["splits"] if scheme["name"] == recipe["default_split"]
    )
    return found


def quality_rules(recipe: dict[str, Any]) -> list[dict[str, Any]]:
    """Which answers do not count, beside those that the protocols leave out; by default none."""
    rules: list[dict[str, Any]] = recipe.get("quality", {}).get("exclude", [])
    return rules


def gold_rules(recipe: dict[str, Any]) -> dict[str, Any]:
    """What holds for all questions instead of what the protocols say."""
    rules = {name: rule for name, rule in recipe["gold"].items() if name != "fusion"}
    return rules | {"lag_from": None, "lag_s": None} if rules.get("lag_from") == NO_LAG else rules


def fusions_of(recipe: dict[str, Any]) -> dict[str, str]:
    """Question -> the fusion of its traces that is the gold, where it is not the protocol's to say."""
    found: dict[str, str] = recipe["gold"].get("fusion", {})
    return found


def mappings_of(recipe: dict[str, Any]) -> list[dict[str, Any]]:
    """The mappings that the recipe adds to those of the questions' taxonomies; by default none."""
    found: list[dict[str, Any]] = recipe.get("mappings", [])
    return found


def columns_of_keys(recipe: dict[str, Any]) -> list[str]:
    """The group keys that are columns of ``items``."""
    return group_keys(recipe["splits"])
