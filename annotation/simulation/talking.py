"""How a simulated rater talks to another one: as little as is asked for, and nothing that means anything."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from annotation.questions.live_dialogue import Rules
from annotation.simulation.feeling import Options

ASK_AGAIN_S = 0.1

#: Method, path below the rater's API, body; the answer, or None where the server refused or had nothing to say.
Call = Callable[[str, str, Any], dict[str, Any] | None]


class NobodyCameError(Exception):
    """She has waited for a partner as long as the protocol asks for."""


def converse(call: Call, assignment: str, options: Options) -> dict[str, Any]:
    """Find somebody, talk until it may end; returns the answer to hand in."""
    rules = Rules.of(options)
    told = _met(call, assignment, rules)
    own = f"dialogues/{told['id']}/"
    while told["answer"] is None:
        if told["may_end"]:
            call("POST", f"{own}end/", {})
        elif told["partner"] in {"left", "gone"}:
            call("POST", f"{own}leave/", {})
            return converse(call, assignment, options)
        elif told["my_turn"]:
            label = min(rules.labels) if told["role"] in rules.labelling else ""
            text = f"A simulated rater says this, as turn {told['turns'] + 1}."
            call("PUT", f"{own}messages/{uuid4()}/", {"text": text[: rules.max_chars], "label": label})
        else:
            time.sleep(ASK_AGAIN_S)
        told = call("GET", own, None) or told
    return dict(told["answer"])


def _met(call: Call, assignment: str, rules: Rules) -> dict[str, Any]:
    while True:
        told = call("POST", f"seats/{assignment}/", {})
        if told is not None and told["state"] != "waiting":
            return told
        if told is not None and told["waited_s"] >= rules.wait_s:
            raise NobodyCameError
        time.sleep(ASK_AGAIN_S)
