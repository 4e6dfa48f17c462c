"""The science page names what exists, and names all of it."""

import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

from affectory.agreement.recommend import RECOMMENDED, recommended

PAGE = Path(__file__).resolve().parents[2] / "docs" / "science.md"
ROOMS = ("agreement", "fusion", "aggregation", "mapping", "taxonomy", "signals", "splits", "quality")
SHARED = ("tables", "vectors", "results")
PUBLIC = {room: importlib.import_module(f"affectory.{room}").__all__ for room in ROOMS}


def test_examples_of_the_page_are_true():
    parsed = doctest.DocTestParser().get_doctest(PAGE.read_text().replace("```", ""), {}, "science", None, 0)
    assert doctest.DocTestRunner().run(parsed).failed == 0


def test_functions_named_on_the_page_exist():
    named = set(re.findall(r"`([a-z_]+)\(", PAGE.read_text()))
    known = {name for names in PUBLIC.values() for name in names} | {"smooth", "resample"}
    assert named <= known


def test_the_page_recommends_what_programs_are_told():
    table = PAGE.read_text().split("## Which measure when")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z0-9_]+)`", table)) & set(PUBLIC["agreement"])
    assert named == {one.function for kind in RECOMMENDED for one in recommended(kind)}


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
    "fusion": {"compensate_lag", "consistency_order", "mean", "median", "trimmed"},
    "mapping": {"convert_scale", "nearest_category", "read_lexicon", "vad_to_categories"},
    "quality": {"at_bounds", "change_point", "flat_line", "speeding", "straight_lining", "within_band"},
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


@pytest.mark.parametrize("room", ["fusion", "mapping", "signals", "splits", "quality"])
def test_every_parameter_says_what_it_is(room):
    module = importlib.import_module(f"affectory.{room}")
    for name in PUBLIC[room]:
        thing = getattr(module, name)
        if callable(thing) and not isinstance(thing, type):
            listed = inspect.cleandoc(thing.__doc__).split("Parameters\n")[1].split("Returns\n")[0]
            bare = re.search(r"^[\w*, ]+( : .*)?\n(?! {4}\S|-)", listed, re.MULTILINE)
            assert bare is None, f"{room}.{name}: nothing is said of {bare.group().strip()}"


@pytest.mark.parametrize("room", [*ROOMS, *SHARED])
def test_examples_of_docstrings_are_true(room):
    top = importlib.import_module(f"affectory.{room}")
    inner = [found.name for found in pkgutil.iter_modules(getattr(top, "__path__", []))]
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    for module in (top, *(importlib.import_module(f"affectory.{room}.{name}") for name in inner)):
        assert doctest.testmod(module, optionflags=flags).failed == 0, module.__name__


def public_methods():
    """Methods of the public classes of the rooms, and what the modules that all rooms use have."""
    for name in (*ROOMS, *SHARED):
        room = importlib.import_module(f"affectory.{name}")
        for public in getattr(room, "__all__", None) or vars(room):
            thing = getattr(room, public)
            if public.startswith("_") or not getattr(thing, "__module__", "").startswith(room.__name__):
                continue
            if inspect.isfunction(thing):
                yield f"{name}.{public}", thing
            elif inspect.isclass(thing):
                methods = inspect.getmembers(
                    thing, lambda one: inspect.isfunction(one) or inspect.ismethod(one)
                )
                own = [one for one in methods if not one[0].startswith("_")]
                yield from ((f"{name}.{public}.{method}", function) for method, function in own)


METHODS = dict(public_methods())


@pytest.mark.parametrize("name", METHODS)
def test_every_public_method_says_what_it_takes_and_gives_and_has_an_example(name):
    text, parameters = METHODS[name].__doc__, inspect.signature(METHODS[name]).parameters
    for section in ("Returns", ">>>", *(["Parameters"] if set(parameters) - {"self"} else [])):
        assert section in text, f"{name} lacks {section}"
