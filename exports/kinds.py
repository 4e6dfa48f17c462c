"""Fields of a recipe that come in kinds, each with options of its own."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from annotation.facade import StrictSerializer


class KindField(serializers.Field[dict[str, Any], Any, Any, Any]):
    """An object whose ``kind`` says which of ``kinds`` checks it."""

    kinds: ClassVar[Mapping[str, type[StrictSerializer]]]

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        kind = data.get("kind") if isinstance(data, Mapping) else None
        if not isinstance(kind, str) or kind not in self.kinds:
            raise serializers.ValidationError({"kind": [f"is one of {', '.join(self.kinds)}."]})
        given: dict[str, Any] = self.kinds[kind](data=data).run_validation(data)
        return dict(given)

    def to_representation(self, value: Any) -> Any:
        return value
