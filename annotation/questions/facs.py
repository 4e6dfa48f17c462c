"""Facial action units: which are seen, how strong, on which side, and from when to when."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from rest_framework import serializers

from affectory.agreement import jaccard_distance, per_label_alpha, set_alpha
from annotation.questions.answers import Answer, by_item
from annotation.questions.contract import INTERVAL, AgreementRow, Cell, Extent, GoldRule, LabelRow, Outcome
from annotation.questions.marks import CLOSE, Number, Word, refusals, wrong_marks
from annotation.strict import StrictSerializer

INTENSITIES = ("A", "B", "C", "D", "E")
SIDES = ("left", "right", "both", "top", "bottom")
USUAL_SIDES = ("left", "right", "both")
TIMES = ("onset_s", "apex_s", "offset_s")
TIMINGS = {"none": (), "apex": ("apex_s",), "events": TIMES}


@cache
def all_units() -> dict[str, dict[str, Any]]:
    """Key -> {key, name, part, sides} of every unit and descriptor, by part of the face."""
    document = tomllib.loads(Path(__file__).with_name("facs_units.toml").read_text())
    return {
        key: {"key": key, "name": name, "part": part, "sides": units["sides"]}
        for part, units in document.items()
        for key, name in units.items()
        if key != "sides"
    }


class UnitField(serializers.Field):  # type: ignore[type-arg]
    """The key of a unit; a study keeps the whole record, so that pages need no list of their own."""

    def to_internal_value(self, given: Any) -> dict[str, Any]:
        key = given.get("key") if isinstance(given, dict) else given
        if not isinstance(key, str) or key not in all_units():
            raise serializers.ValidationError(f"{key!r} is no action unit or descriptor; write AU12 or AD19.")
        return all_units()[key]


class Options(StrictSerializer):
    units = serializers.ListField(
        child=UnitField(), default=list, help_text="keys of those to code; all when none are named"
    )
    intensity = serializers.BooleanField(default=True)
    sides = serializers.BooleanField(default=True)
    # Without a default: documents that were stored before there was a choice stay as they are.
    side_choices = serializers.ListField(
        child=serializers.ChoiceField(SIDES),
        required=False,
        allow_empty=False,
        help_text="which sides can be coded; left, right and both unless said",
    )
    timing = serializers.ChoiceField(
        list(TIMINGS), default="none", help_text="none; apex: one moment; events: onset, apex and offset"
    )
    neutral_s = serializers.FloatField(
        default=None, allow_null=True, min_value=0, help_text="time of a neutral frame, shown beside"
    )
    replay_frames = serializers.IntegerField(default=15, min_value=1, max_value=1000)
    threshold = serializers.FloatField(
        default=0.5, min_value=0, max_value=0.999, help_text="a unit is there above this share of coders"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        units = attrs["units"] or list(all_units().values())
        keys = [unit["key"] for unit in units]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise serializers.ValidationError({"units": f"{twice[0]!r} is named twice."})
        sides = attrs.get("side_choices", [])
        if sides and (not attrs["sides"] or len(set(sides)) < len(sides)):
            raise serializers.ValidationError({"side_choices": "are for sides = true, each named once."})
        return {**attrs, "units": units}


class UnitSerializer(StrictSerializer):
    unit = Word()
    intensity = Word(required=False)
    side = Word(required=False)
    onset_s = Number(minimum=0, required=False)
    apex_s = Number(minimum=0, required=False)
    offset_s = Number(minimum=0, required=False)


class Answered(StrictSerializer):
    units = UnitSerializer(many=True, allow_empty=True)


class Facs:
    name = "facs"
    continuous = False
    Options = Options
    marks_method = "unit_vote"

    def check(self, options: dict[str, Any], value: dict[str, Any]) -> dict[str, str]:
        wrong = refusals(Answered, value)
        if not wrong:
            wrong = wrong_marks("units", value["units"], None, partial(_wrong_unit, options))
        if not wrong:
            for later, earlier in _doubles(value["units"]):
                wrong.setdefault(f"units[{later}]", f"codes the same as units[{earlier}].")
        return wrong

    def unfit_extent(self, options: dict[str, Any], extent: Extent) -> str | None:
        timed = options["timing"] != "none" or options["neutral_s"] is not None
        if not timed:
            return None
        if extent.no_timeline:
            return extent.no_timeline
        if options["neutral_s"] is not None and options["neutral_s"] > (extent.duration_s or 0.0):
            return f"it ends before the neutral frame at {options['neutral_s']:g} s."
        return None

    def check_places(self, options: dict[str, Any], value: dict[str, Any], extent: Extent) -> dict[str, str]:  # noqa: ARG002
        duration_s = extent.duration_s or 0.0
        return {
            f"units[{index}].{field}": f"must not be beyond the end at {duration_s:g} s; it is {coded[field]:g}."
            for index, coded in enumerate(value["units"])
            for field in TIMES
            if field in coded and coded[field] > duration_s + CLOSE
        }

    def cells(self, options: dict[str, Any], value: dict[str, Any]) -> list[Cell]:  # noqa: ARG002
        """How many there are, and of each what it is: ``unit.000.unit``, ``unit.000.side`` and so on."""
        cells = [Cell("units", number=float(len(value["units"])))]
        for index, coded in enumerate(value["units"]):
            at = f"unit.{index:03d}"
            cells += [
                Cell(f"{at}.{field}", label=coded[field])
                for field in ("unit", "intensity", "side")
                if field in coded
            ]
            cells += [Cell(f"{at}.{field}", number=float(coded[field])) for field in TIMES if field in coded]
        return cells

    def analyse(self, options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Outcome:
        if not answers:
            return Outcome()
        return Outcome(list(_agreement(options, answers)), list(_labels(options, answers, gold)))

    def alike(self, options: dict[str, Any], first: Answer, second: Answer) -> float:  # noqa: ARG002
        """Jaccard similarity of the units seen, by side; strengths and times are not compared."""
        return 1 - jaccard_distance(_sided(first), _sided(second))

    def proposal_of(
        self,
        options: dict[str, Any],
        marks: Sequence[dict[str, Any]],
        extent: Extent,  # noqa: ARG002
    ) -> dict[str, Any] | None:
        """With the strength and the side that most coders gave; when it was, labels do not tell."""
        if options["timing"] != "none":
            return None
        told = (("intensity", "intensities"), ("side", "sides"))
        return {
            "units": [
                {"unit": mark["unit"], **{field: _most(mark[of]) for field, of in told if of in mark}}
                for mark in marks
            ]
        }

    def told(self, options: dict[str, Any], value: dict[str, Any]) -> str:  # noqa: ARG002
        """As coders write it: ``AU12C left, AU6B``; with its strongest moment ``AU12C left 1.2 s``."""
        return ", ".join(_told(coded) for coded in value["units"])


def _sided(answer: Answer) -> set[str]:
    """Unit and side; both sides are each of them."""
    found = set()
    for coded in answer.value["units"]:
        side = coded.get("side", "")
        found |= {f"{coded['unit']} {one}" for one in (("left", "right") if side == "both" else (side,))}
    return found


def _most(counts: Mapping[str, int]) -> str:
    """What was given most often; of equals the first by name."""
    return min(counts, key=lambda given: (-counts[given], given))


def _told(coded: Mapping[str, Any]) -> str:
    words = [coded["unit"] + coded.get("intensity", ""), coded.get("side", "")]
    words += [f"{coded['apex_s']:g} s"] if "apex_s" in coded else []
    return " ".join(filter(None, words))


def _wrong_unit(options: Mapping[str, Any], coded: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    units = {unit["key"]: unit for unit in options["units"]}
    if coded["unit"] not in units:
        yield "unit", f"{coded['unit']!r} is not a unit of this question."
        return
    sided = options["sides"] and units[coded["unit"]]["sides"]
    yield from _wrong_word(coded, "intensity", INTENSITIES if options["intensity"] else ())
    sides = options.get("side_choices", USUAL_SIDES)
    yield from _wrong_word(coded, "side", sides if sided else ())
    asked = TIMINGS[options["timing"]]
    for field in TIMES:
        if (field in coded) != (field in asked):
            yield field, "has not been answered." if field in asked else "is not asked here."
    if (
        all(field in coded for field in TIMES)
        and not coded["onset_s"] <= coded["apex_s"] <= coded["offset_s"]
    ):
        yield "apex_s", "must lie between onset_s and offset_s."


def _wrong_word(coded: Mapping[str, Any], field: str, allowed: Sequence[str]) -> Iterator[tuple[str, str]]:
    if field not in coded:
        if allowed:
            yield field, "has not been answered."
    elif not allowed:
        yield field, "is not asked here."
    elif coded[field] not in allowed:
        yield field, f"must be one of {', '.join(allowed)}; it is {coded[field]!r}."


def _doubles(units: Sequence[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """Pairs of one unit on one side at one time: both sides are each of them, no side is both."""
    for later, coded in enumerate(units):
        for earlier, other in enumerate(units[:later]):
            sides = {coded.get("side", "both"), other.get("side", "both")}
            if (
                coded["unit"] == other["unit"]
                and (len(sides) == 1 or "both" in sides)
                and _together(coded, other)
            ):
                yield later, earlier


def _together(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if "onset_s" in one:
        return bool(one["onset_s"] < other["offset_s"] and other["onset_s"] < one["offset_s"])
    return bool(abs(one.get("apex_s", 0.0) - other.get("apex_s", 0.0)) < CLOSE)


def _sets(answers: Sequence[Answer]) -> list[list[set[str] | None]]:
    """Which units each coder (row) saw in each item (column); None: she did not code it.

    Without names of coders a row is nobody in particular.
    """
    items = by_item(answers)
    named = all(answer.rater is not None for answer in answers)
    rows = (
        sorted({answer.rater for answer in answers if answer.rater is not None})
        if named
        else list(range(max(map(len, items.values()))))
    )
    table: list[list[set[str] | None]] = [[None] * len(items) for _ in rows]
    for column, own in enumerate(items.values()):
        for place, answer in enumerate(own):
            row = rows.index(answer.rater) if answer.rater is not None and named else place
            table[row][column] = {coded["unit"] for coded in answer.value["units"]}
    return table


def _agreement(options: dict[str, Any], answers: Sequence[Answer]) -> Iterator[AgreementRow]:
    """On the sets of units seen in an item, whatever side and time; and on each unit that anybody saw."""
    seen = _sets(answers)
    yield AgreementRow("set_alpha_masi", set_alpha(seen, **INTERVAL))
    met = {unit for row in seen for units in row if units for unit in units}
    labels = [unit["key"] for unit in options["units"] if unit["key"] in met]
    for unit, found in per_label_alpha(seen, labels, **INTERVAL).items():
        yield AgreementRow("krippendorff_alpha_nominal", found, unit)


def _labels(options: dict[str, Any], answers: Sequence[Answer], gold: GoldRule) -> Iterator[LabelRow]:
    """Units that more than the threshold of the coders saw, with the strengths and sides they gave."""
    rule = f"unit seen by more than {options['threshold']:g} of the coders"
    for item, own in by_item(answers).items():
        few = len(own) < gold.min_raters
        reason = f"{len(own)} of the {gold.min_raters} raters needed" if few else ""
        value = None if few else {"marks": _seen_by_most(options, own)}
        yield LabelRow(item, "unit_vote", value, None, len(own), reason, {"rule": rule})


def _seen_by_most(options: dict[str, Any], answers: Sequence[Answer]) -> list[dict[str, Any]]:
    marks = []
    for unit in (one["key"] for one in options["units"]):
        coded = [[one for one in answer.value["units"] if one["unit"] == unit] for answer in answers]
        share = sum(map(bool, coded)) / len(answers)
        if share > options["threshold"]:
            every = [one for own in coded for one in own]
            told = {
                name: dict(sorted(Counter(one[field] for one in every if field in one).items()))
                for name, field in (("intensities", "intensity"), ("sides", "side"))
            }
            marks.append(
                {"unit": unit, "share": round(share, 6), **{name: of for name, of in told.items() if of}}
            )
    return marks


QUESTION_TYPE = Facs()
