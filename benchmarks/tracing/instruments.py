"""Every kind of trace, and how a hand that never rests moves it."""

from dataclasses import dataclass
from typing import Any, Literal

# What is done to the page before each frame: the pointer goes round, the wheel turns, a key is held for a while.
Hand = Literal["point", "turn", "press"]

VALENCE = {"key": "valence", "name": "Valence", "low_label": "unpleasant", "high_label": "pleasant"}
AROUSAL = {"key": "arousal", "name": "Arousal", "low_label": "calm", "high_label": "excited"}
DOMINANCE = {"key": "dominance", "name": "Dominance", "low_label": "controlled", "high_label": "in control"}
ENDS = {"min": -1, "max": 1}
LABELS = [{"key": key, "name": key.title()} for key in ("joy", "anger", "sadness", "fear", "surprise")]


@dataclass(frozen=True)
class Drawn:
    """``surface``: the element that is moved in."""

    called: str
    surface: str
    hand: Hand
    question: dict[str, Any]


def _asked(kind: str, **options: Any) -> dict[str, Any]:
    return {"key": "drawn", "type": kind, "prompt": "What is it now?", "options": options}


INSTRUMENTS = {
    "pad": Drawn("pad", ".pad", "point", _asked("trace2d", dimensions=[VALENCE | ENDS, AROUSAL | ENDS])),
    "slider": Drawn(
        "slider with 20 s of its past",
        ".track",
        "point",
        _asked("trace1d", dimensions=[VALENCE | ENDS], history_s=20),
    ),
    "rank": Drawn("unbounded, 20 s", ".track", "turn", _asked("trace_rank", dimensions=[AROUSAL])),
    "vad": Drawn(
        "three dimensions",
        ".pad",
        "point",
        _asked("trace3d", dimensions=[one | ENDS for one in (VALENCE, AROUSAL, DOMINANCE)]),
    ),
    "held": Drawn("categories", ".held", "press", _asked("trace_category", labels=LABELS)),
    "change": Drawn("changes", ".press", "press", _asked("trace_change", dimensions=[AROUSAL])),
}
