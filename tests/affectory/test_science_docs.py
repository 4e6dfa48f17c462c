"""The science page names what exists, and names all of it."""

import doctest
import importlib
import inspect
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "science.md"
ROOMS = ("agreement", "fusion", "aggregation", "mapping", "taxonomy", "signals", "splits", "quality")
PUBLIC = {room: importlib.import_module(f"affectory.{room}").__all__ for room in ROOMS}


def test_examples_of_the_page_are_true():
    parsed = doctest.DocTestParser().get_doctest(PAGE.read_text().replace("```", ""), {}, "science", None, 0)
    assert doctest.DocTestRunner().run(parsed).failed == 0


def test_functions_named_on_the_page_exist():
    named = set(re.findall(r"`([a-z_]+)\(", PAGE.read_text()))
    known = {name for names in PUBLIC.values() for name in names} | {"smooth", "resample"}
    assert named <= known


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_has_a_runnable_example(room):
    module = importlib.import_module(f"affectory.{room}")
    for name in PUBLIC[room]:
        thing = getattr(module, name)
        if callable(thing) and not isinstance(thing, type):
            for section in ("Parameters", "Returns", ">>>"):
                assert section in thing.__doc__, f"{room}.{name} lacks {section}"


# What needs no source: errors of the textbook, plain counts and lists, and advice.
PLAIN = {
    "agreement": {"boundary_f1", "category_rater_reports", "mae", "rater_reports", "recommended",
                  "retest_correlation", "rmse"},
    "aggregation": {"canonical", "compare_words", "majority_vote", "merge_means", "score_questionnaire",
                    "summarise_scale", "tally_words", "vote_distribution", "vote_segments"},
}  # fmt: skip


@pytest.mark.parametrize("room", sorted(PLAIN))
def test_docstrings_name_parameters_shapes_missing_values_and_sources(room):
    module = importlib.import_module(f"affectory.{room}")
    for name in PUBLIC[room]:
        function = getattr(module, name)
        if not inspect.isfunction(function):
            continue
        text, parameters = function.__doc__, inspect.signature(function).parameters
        for parameter in parameters:
            described = rf"^ +(\w+, )*{parameter}(, \w+)*( :|$)"
            assert re.search(described, text, re.MULTILINE), f"{room}.{name} does not describe {parameter}"
        if any(re.search("Ratings|ArrayLike", str(one.annotation)) for one in parameters.values()):
            assert "shape" in text, f"{room}.{name} gives no shape"
            assert re.search("NaN|None|missing", text), f"{room}.{name} does not say what missing is"
        assert "References" in text or name in PLAIN[room], f"{room}.{name} names no source"
