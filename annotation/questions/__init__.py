"""The question types, found by themselves: every module here with a ``QUESTION_TYPE`` is one."""

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from affectory.errors import NotFound

if TYPE_CHECKING:
    from annotation.questions.contract import QuestionType


@cache
def question_types() -> dict[str, "QuestionType"]:
    modules = [
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    ]
    types = [module.QUESTION_TYPE for module in modules if hasattr(module, "QUESTION_TYPE")]
    return {kind.name: kind for kind in types}


def question_type(name: str) -> "QuestionType":
    try:
        return question_types()[name]
    except KeyError:
        known = ", ".join(sorted(question_types()))
        raise NotFound(f"There is no question type {name!r}; there are: {known}.") from None
