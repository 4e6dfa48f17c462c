"""A quality policy as a recipe writes it, checked, and its identity."""

import hashlib
import json
from typing import Any

from rest_framework import serializers

from annotation.policy.checks import CHECKS
from annotation.strict import StrictSerializer

LEAST_ANSWERS = 5
# Reasons of the platform itself.
RESERVED = ("practice", "withdrawn", "repeat", "model", "attention", "failed_attention")


class RuleSerializer(StrictSerializer):
    """One rule; `name` is the reason in `excluded` and in the counts (left out: the check)."""

    check = serializers.ChoiceField(sorted(CHECKS))
    of = serializers.ChoiceField(
        ["response", "rater"], help_text="rater: all answers of whoever is beyond the limit"
    )
    limit = serializers.FloatField(min_value=-1, max_value=1)
    question = serializers.CharField(required=False, help_text="key of a question; left out: every question")
    name = serializers.RegexField(r"^[a-z][a-z0-9_-]*$", max_length=60, required=False)
    min_answers = serializers.IntegerField(
        required=False,
        min_value=2,
        help_text=f"raters with fewer answers are not judged; for `rater` only, {LEAST_ANSWERS} unless given",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        measures = CHECKS[attrs["check"]]
        if attrs["of"] not in measures:
            raise serializers.ValidationError(
                {"of": f"{attrs['check']} judges each {', '.join(measures)} only."}
            )
        if attrs["of"] == "response" and "min_answers" in attrs:
            raise serializers.ValidationError({"min_answers": "is for rules about raters."})
        if attrs.setdefault("name", attrs["check"]) in RESERVED:
            raise serializers.ValidationError(
                {"name": f"{attrs['name']!r} is a reason of the platform's own."}
            )
        return attrs


class PolicySerializer(StrictSerializer):
    """Beside what the protocols exclude. Of several rules that fit, the first one gives the reason."""

    exclude = RuleSerializer(many=True)

    def validate_exclude(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = [rule["name"] for rule in value]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise serializers.ValidationError(f"two rules are called {twice!r}; give one another name.")
        return value


def rule_in_words(rule: dict[str, Any]) -> str:
    """A rule in words, as cards have it."""
    measure = CHECKS[rule["check"]][rule["of"]]
    side = "below" if measure.excluded_below else "above"
    where = f", question {rule['question']}" if "question" in rule else ""
    least = f", from {rule.get('min_answers', LEAST_ANSWERS)} answers on" if rule["of"] == "rater" else ""
    return f"{rule['name']}: each {rule['of']} {side} {rule['limit']:g} ({measure.told}{where}{least})"


def policy_digest(policy: Any) -> str:
    """Identity of rules about which answers count: of a dataset, or of a protocol."""
    canonical = json.dumps(policy, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
