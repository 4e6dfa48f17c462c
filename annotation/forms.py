"""Questionnaires as structures: how many items, which are turned round, which belong together, how they are scored.

The wording of their items is not here, as most of it is under copyright: whoever may use a form puts the texts into
the protocol.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Subscale:
    """``bands``: name -> lowest score. ``mean``: the score is the mean of the items instead of their sum."""

    key: str
    name: str
    items: Sequence[str]
    mean: bool = False
    bands: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """``low``, ``high``: ends of every item's scale, whose steps are whole numbers."""

    title: str
    source: str
    low: int
    high: int
    items: Sequence[str]
    subscales: Sequence[Subscale]
    reverse: frozenset[str] = frozenset()


def _numbered(*numbers: int) -> tuple[str, ...]:
    return tuple(f"q{number}" for number in numbers)


def _five_traits(last_but_one: str) -> list[Subscale]:
    """Two items of ten for each trait, the second five places after the first; scored by their mean."""
    names = ("Extraversion", "Agreeableness", "Conscientiousness", last_but_one, "Openness")
    return [
        Subscale(name.lower().replace(" ", "_"), name, _numbered(place, place + 5), mean=True)
        for place, name in enumerate(names, 1)
    ]


SAM = Form(
    title="Self-Assessment Manikin",
    source="Bradley & Lang 1994; nine steps per dimension",
    low=1,
    high=9,
    items=("valence", "arousal", "dominance"),
    subscales=[
        Subscale("valence", "Valence", ("valence",)),
        Subscale("arousal", "Arousal", ("arousal",)),
        Subscale("dominance", "Dominance", ("dominance",)),
    ],
)
PANAS = Form(
    title="Positive and Negative Affect Schedule",
    source="Watson, Clark & Tellegen 1988; sums of ten items each, in the published order",
    low=1,
    high=5,
    items=_numbered(*range(1, 21)),
    subscales=[
        Subscale("positive", "Positive affect", _numbered(1, 3, 5, 9, 10, 12, 14, 16, 17, 19)),
        Subscale("negative", "Negative affect", _numbered(2, 4, 6, 7, 8, 11, 13, 15, 18, 20)),
    ],
)
PHQ8 = Form(
    title="Patient Health Questionnaire, eight items",
    source="Kroenke et al. 2009; sum, current depression from 10",
    low=0,
    high=3,
    items=_numbered(*range(1, 9)),
    subscales=[
        Subscale(
            "depression",
            "Depression",
            _numbered(*range(1, 9)),
            bands={"none": 0, "mild": 5, "moderate": 10, "moderately severe": 15, "severe": 20},
        )
    ],
)
BFI10 = Form(
    title="Big Five Inventory, ten items",
    source="Rammstedt & John 2007; means of two items each",
    low=1,
    high=5,
    items=_numbered(*range(1, 11)),
    subscales=_five_traits("Neuroticism"),
    reverse=frozenset(_numbered(1, 3, 4, 5, 7)),
)
TIPI = Form(
    title="Ten-Item Personality Inventory",
    source="Gosling, Rentfrow & Swann 2003; means of two items each",
    low=1,
    high=7,
    items=_numbered(*range(1, 11)),
    subscales=_five_traits("Emotional stability"),
    reverse=frozenset(_numbered(2, 4, 6, 8, 10)),
)
FORMS = {"sam": SAM, "panas": PANAS, "phq8": PHQ8, "bfi10": BFI10, "tipi": TIPI}
