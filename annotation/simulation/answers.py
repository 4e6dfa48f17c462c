"""How a simulated rater answers, by the type of the question. A new type is one entry here."""

from collections.abc import Callable, Mapping
from typing import Any

from annotation.simulation import choices, forms, marks, parts
from annotation.simulation.feeling import Feeling, Options

#: What is not made of an item alone is missing here: see `annotation.simulation.traces`, `recordings` and `talking`.
ANSWERS: Mapping[str, Callable[[Options, Feeling], dict[str, Any]]] = {
    "affect_grid": choices.set_numbers,
    "affective_slider": choices.set_numbers,
    "best_worst": parts.best_and_worst,
    "boxes": marks.draw_boxes,
    "category": choices.choose,
    "comparison": parts.compare,
    "facs": marks.code_units,
    "label_intensity": choices.set_levels,
    "matching": parts.match,
    "open_words": choices.find_words,
    "people_labels": choices.label_people,
    "questionnaire": forms.fill_in,
    "ranking": parts.rank,
    "scale": choices.set_numbers,
    "segments": marks.mark_segments,
    "spans": marks.mark_spans,
    "text": forms.write,
    "yes_no": choices.choose,
}
