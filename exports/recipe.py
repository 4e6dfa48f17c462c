"""What a dataset is made of, checked."""

from typing import Any

from rest_framework import serializers

from affectory.errors import Invalid
from annotation.facade import StrictSerializer, error_lines
from exports.prose import CardSerializer

ROLES = ("train", "validation", "test")


class SplitSerializer(StrictSerializer):
    """``keys``: group keys of items that no two roles may share. ``ratios``: shares of train, validation, test."""

    keys = serializers.ListField(child=serializers.CharField(), default=list)
    ratios = serializers.DictField(
        child=serializers.FloatField(min_value=0),
        default=lambda: {"train": 0.7, "validation": 0.15, "test": 0.15},
    )
    seed = serializers.IntegerField(default=0)

    def validate_ratios(self, value: dict[str, float]) -> dict[str, float]:
        if set(value) != set(ROLES) or not sum(value.values()):
            raise serializers.ValidationError(f"needs a share for each of {', '.join(ROLES)}.")
        return {role: value[role] for role in ROLES}


class RecipeSerializer(StrictSerializer):
    collection = serializers.CharField()
    studies = serializers.ListField(child=serializers.CharField(), allow_empty=False)
    split = SplitSerializer(default=lambda: SplitSerializer(data={}).run_validation({}))
    media = serializers.ChoiceField(["none", "proxy"], default="none")
    licence = serializers.CharField(default="")
    card = CardSerializer(default=lambda: CardSerializer(data={}).run_validation({}))


def checked_recipe(recipe: dict[str, Any]) -> dict[str, Any]:
    """The recipe with its defaults filled in; raises Invalid with every reason."""
    given = RecipeSerializer(data=recipe)
    if not given.is_valid():
        lines = error_lines(given.errors)
        raise Invalid(
            "The recipe is not right: " + " ".join(lines), code="invalid_recipe", details={"errors": lines}
        )
    return dict(given.validated_data)
