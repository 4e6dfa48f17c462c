"""Raters record themselves by camera or microphone; what they hand in becomes an item of the study's own corpus."""

from typing import Any, Literal
from uuid import UUID

from rest_framework import serializers

from annotation.questions.answers import Answers
from annotation.questions.contract import Cell, GoldRule, Outcome
from annotation.strict import StrictSerializer

LONGEST_S = 3600
# A browser stops a recorder late, and counts from when it was asked to start.
TOLERANCE_S = 1.0


class Options(StrictSerializer):
    """``retakes``: how often it may be recorded anew before handing in; null: as often as she likes.

    ``max_mb``: largest file in MiB. A take that is not handed in never leaves the rater's device.
    """

    medium = serializers.ChoiceField(["audio", "video"])
    min_s = serializers.FloatField(default=1.0, min_value=0.5, max_value=LONGEST_S)
    max_s = serializers.FloatField(default=120.0, min_value=1, max_value=LONGEST_S)
    retakes = serializers.IntegerField(default=None, allow_null=True, min_value=0, max_value=99)
    countdown_s = serializers.IntegerField(default=3, min_value=0, max_value=10)
    max_mb = serializers.IntegerField(default=200, min_value=1, max_value=1000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["min_s"] >= attrs["max_s"]:
            raise serializers.ValidationError({"min_s": "must be below max_s."})
        return attrs


class Recording:
    """Answered with the id of a finished upload and how many takes it needed."""

    name = "recording"
    continuous = False
    Options = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        if set(value) != {"recording", "takes"}:
            return {"recording": "must be {recording: id of the upload, takes: number}."}
        wrong = {}
        if not _is_id(value["recording"]):
            wrong["recording"] = "must be the id of an upload."
        takes, most = value["takes"], options["retakes"]
        if not isinstance(takes, int) or isinstance(takes, bool) or takes < 1:
            wrong["takes"] = "must be a whole number from 1."
        elif most is not None and takes > most + 1:
            wrong["takes"] = f"must be at most {most + 1}."
        return wrong

    def check_upload(
        self, options: dict[str, Any], *, media_type: str, size: int, duration_s: float
    ) -> dict[str, str]:
        """Field -> reason for everything wrong with what a browser announces."""
        wrong = {}
        if media_type.partition("/")[0] != options["medium"]:
            wrong["media_type"] = f"must be {options['medium']}."
        if size > options["max_mb"] * 2**20:
            wrong["size"] = f"must be at most {options['max_mb']} MiB."
        shortest, longest = options["min_s"] - TOLERANCE_S, options["max_s"] + TOLERANCE_S
        if not shortest <= duration_s <= longest:
            wrong["duration_s"] = f"must be {options['min_s']:g} to {options['max_s']:g} seconds."
        return wrong

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        return [Cell("recording", text=value["recording"]), Cell("takes", number=float(value["takes"]))]

    def analyse(self, options: dict[str, Any], answers: Answers, gold: GoldRule) -> Outcome:  # noqa: ARG002
        return Outcome()

    def produces(self, options: dict[str, Any]) -> Literal["recording"]:  # noqa: ARG002
        return "recording"


def _is_id(given: Any) -> bool:
    try:
        return isinstance(given, str) and str(UUID(given)) == given
    except ValueError:
        return False


QUESTION_TYPE = Recording()
