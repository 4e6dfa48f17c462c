"""Whatever the server refuses a rater, her page has a sentence for it, which the catalogues then translate."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from affectory import errors

ROOT = Path(__file__).parents[2]
SENTENCES = ROOT / "frontend" / "src" / "api" / "refusals.ts"
RATERS_API = [f"annotation.api.{name}" for name in ("rate", "rate_auth", "rate_shapes", "shown_items")]
#: Codes of refusals that no service makes: of the framework, and of what stands before the views.
BEFORE_THE_VIEWS = {"invalid", "not_authenticated", "parse_error", "too_large", "internal_error"}
REFUSALS = {kind.__name__: kind.code for kind in errors.AffectoryError.__subclasses__()}
FRAMEWORK = {"AuthenticationFailed": "authentication_failed", "ValidationError": "invalid"}


def reached(modules: list[str]) -> Iterator[ast.Module]:
    """These modules, and every service that they come to use."""
    seen: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        path = ROOT / f"{name.replace('.', '/')}.py"
        if name in seen or not path.exists():
            continue
        seen.add(name)
        tree = ast.parse(path.read_text())
        yield tree
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("annotation.services"):
                waiting += [node.module, *(f"{node.module}.{one.name}" for one in node.names)]


def refused(tree: ast.Module) -> Iterator[str]:
    """The code of each error that a module makes."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in FRAMEWORK or name in REFUSALS:
            codes = [one.value.value for one in node.keywords if one.arg == "code"]
            yield codes[0] if codes else FRAMEWORK.get(name) or REFUSALS[name]


def test_every_refusal_that_a_rater_can_meet_has_words():
    said = set(re.findall(r"^  (\w+): ", SENTENCES.read_text(), flags=re.MULTILINE))
    codes = {code for tree in reached(RATERS_API) for code in refused(tree)} | BEFORE_THE_VIEWS
    assert {"consent_missing", "stale_writer", "invalid_answer"} <= codes
    assert sorted(codes - said) == [], "frontend/src/api/refusals.ts lacks words for these"
    assert sorted(said - codes) == [], "nothing refuses with these any more"
