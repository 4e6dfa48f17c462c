"""Two raters talk about an item, each in a role; what they say becomes an item of the study's own corpus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from rest_framework import serializers

from annotation.questions.answers import Answers
from annotation.questions.contract import Cell, GoldRule, Outcome
from annotation.strict import StrictSerializer, check_unique

MOST_TURNS = 500
KEY = r"^[a-z][a-z0-9_]*$"


class RoleSerializer(StrictSerializer):
    """``name`` and ``text`` (what to do in this role) are for both to read, so neither may hold a secret.

    ``labels``: whoever has it says of each message which of ``turn_labels`` it is.
    """

    key = serializers.RegexField(KEY, max_length=60)
    name = serializers.CharField(max_length=80)
    text = serializers.CharField(default="", allow_blank=True)
    sees_item = serializers.BooleanField(default=True)
    labels = serializers.BooleanField(default=False)


class TurnLabelSerializer(StrictSerializer):
    key = serializers.RegexField(KEY, max_length=60)
    name = serializers.CharField(max_length=80)
    definition = serializers.CharField(default="", allow_blank=True)


class Options(StrictSerializer):
    """A turn is one message. With ``alternate`` the first role begins, and nobody speaks twice in a row.

    ``max_turns``: then it ends by itself; null: after 500. ``wait_s``: whoever has waited so long for a partner may go
    on without. ``silence_s``: a partner of whom nothing came for so long counts as gone. ``reveal``: when it is over
    the item is shown to the role that did not see it. ``assign``: who gets which role: the first role goes to whoever
    had it more rarely, of equals (or, with ``arrival``, always) to whoever came first.
    """

    roles = RoleSerializer(many=True)
    min_turns = serializers.IntegerField(default=2, min_value=2, max_value=MOST_TURNS)
    max_turns = serializers.IntegerField(default=None, allow_null=True, min_value=2, max_value=MOST_TURNS)
    max_chars = serializers.IntegerField(default=1000, min_value=1, max_value=5000)
    alternate = serializers.BooleanField(default=True)
    wait_s = serializers.IntegerField(default=300, min_value=10, max_value=7200)
    silence_s = serializers.IntegerField(default=180, min_value=30, max_value=7200)
    reveal = serializers.BooleanField(default=False)
    assign = serializers.ChoiceField(["balance", "arrival"], default="balance")
    turn_labels = TurnLabelSerializer(many=True, required=False, allow_empty=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        wrong = _wrong_roles(attrs["roles"])
        if attrs["max_turns"] is not None and attrs["max_turns"] < attrs["min_turns"]:
            wrong["max_turns"] = "must not be below min_turns."
        if attrs["reveal"] and all(role["sees_item"] for role in attrs["roles"]):
            wrong["reveal"] = "needs a role that does not see the item."
        check_unique(turn_labels=attrs.get("turn_labels", ()))
        if ("turn_labels" in attrs) != any(role["labels"] for role in attrs["roles"]):
            wrong["turn_labels"] = "are there if, and only if, a role has labels = true."
        if wrong:
            raise serializers.ValidationError(wrong)
        return attrs


def _wrong_roles(roles: Sequence[dict[str, Any]]) -> dict[str, str]:
    if len(roles) != 2 or any(roles[0][name] == roles[1][name] for name in ("key", "name")):
        return {"roles": "must be two, with different keys and names."}
    if not any(role["sees_item"] for role in roles):
        return {"roles": "One of both must see the item."}
    return {}


@dataclass(frozen=True)
class Rules:
    """Who may speak when; ``said`` is always the roles of the messages so far, in order."""

    roles: tuple[str, str]
    seeing: frozenset[str]
    labelling: frozenset[str]
    labels: frozenset[str]
    min_turns: int
    max_turns: int
    max_chars: int
    alternate: bool
    wait_s: int
    silence_s: int
    reveal: bool
    balance: bool

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> "Rules":
        first, second = options["roles"]
        return cls(
            roles=(first["key"], second["key"]),
            seeing=frozenset(role["key"] for role in (first, second) if role["sees_item"]),
            labelling=frozenset(role["key"] for role in (first, second) if role["labels"]),
            labels=frozenset(label["key"] for label in options.get("turn_labels", ())),
            min_turns=options["min_turns"],
            max_turns=options["max_turns"] or MOST_TURNS,
            max_chars=options["max_chars"],
            alternate=options["alternate"],
            wait_s=options["wait_s"],
            silence_s=options["silence_s"],
            reveal=options["reveal"],
            balance=options["assign"] == "balance",
        )

    def may_speak(self, role: str, said: Sequence[str]) -> bool:
        left = self.max_turns - len(said)
        # The last turn is kept for whoever has not spoken yet.
        if left <= 0 or (left == 1 and set(said) == {role}):
            return False
        if not self.alternate:
            return True
        return role != said[-1] if said else role == self.roles[0]

    def may_end(self, said: Sequence[str]) -> bool:
        return len(said) >= self.min_turns and len(set(said)) == 2


class LiveDialogue:
    """Answered with the dialogue, one's role and the number of turns, and the labels of one's own turns."""

    name = "live_dialogue"
    continuous = False
    Options = Options

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        """Which dialogue it is, and that it was so, the services know."""
        rules = Rules.of(options)
        wrong = {}
        if not _is_id(value.get("dialogue")):
            wrong["dialogue"] = "must be the id of a dialogue."
        if value.get("role") not in rules.roles:
            wrong["role"] = f"must be {' or '.join(rules.roles)}."
        turns = value.get("turns")
        if not isinstance(turns, int) or isinstance(turns, bool) or turns < rules.min_turns:
            wrong["turns"] = f"must be a whole number from {rules.min_turns}."
        expected = {"dialogue", "role", "turns"}
        if value.get("role") in rules.labelling:
            expected.add("labels")
        if set(value) != expected:
            wrong.setdefault("dialogue", f"must come with {', '.join(sorted(expected))} and nothing else.")
        return wrong

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        told = [
            Cell("dialogue", text=value["dialogue"]),
            Cell("role", label=value["role"]),
            Cell("turns", number=float(value["turns"])),
        ]
        return [*told, *(Cell(f"turn_{seq}", label=label) for seq, label in value.get("labels", {}).items())]

    def analyse(self, options: dict[str, Any], answers: Answers, gold: GoldRule) -> Outcome:  # noqa: ARG002
        return Outcome()

    def produces(self, options: dict[str, Any]) -> Literal["dialogue"]:  # noqa: ARG002
        return "dialogue"


def _is_id(given: Any) -> bool:
    try:
        return isinstance(given, str) and str(UUID(given)) == given
    except ValueError:
        return False


QUESTION_TYPE = LiveDialogue()
