"""Releases with marks: segments, action units, boxes, spans of texts; and a trial during a recording."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from affectory.release.manifest import Manifest
from affectory.release.tables import annotations_table, items_table, mark_columns, raters_table, splits_table
from tests.affectory.views.samples import Row, answer, eeg_release, raters, splits, trace, write


def marks(item_id: str, rater: str, question: str, kind: str, told: Sequence[Row], **more: Any) -> list[Row]:
    """Rows of one answer of marks: how many there are, then `<kind>.000.<field>` and so on."""
    rows = [answer(item_id, rater, question, float(len(told)), dimension=f"{kind}s", **more)]
    for number, mark in enumerate(told):
        for field, value in mark.items():
            cell = answer(item_id, rater, question, value, dimension=f"{kind}.{number:03d}.{field}", **more)
            rows.append(cell)
    return rows


LAUGH = {"label": "laughter", "start_s": 0.5, "end_s": 2.25, "apex_s": 1.0, "strength": "high"}
SOB = {"label": "sobbing", "start_s": 2.0, "strength": "low"}  # goes on beyond the end
SMILE = {"unit": "AU12", "intensity": "C", "side": "left", "onset_s": 1.0, "apex_s": 1.5, "offset_s": 3.0}
BROW = {"unit": "AU4", "intensity": "A", "onset_s": 2.5, "apex_s": 2.75, "offset_s": 3.5}
CAT = {"label": "cat", "x": 0.25, "y": 0.5, "width": 0.5, "height": 0.25}
CAKE = {"label": "cause", "text": "cake", "part": 0.0, "start": 4.0, "end": 8.0}
GOLD_SOUNDS = '[{"end_s":2.0,"label":"laughter","share":0.75,"start_s":0.5}]'
GOLD_FACE = '[{"intensities":{"B":1,"C":2},"share":1.0,"unit":"AU12"}]'

GOLD_THING = '[{"height":0.25,"label":"cat","mean_iou":0.9,"share":1.0,"width":0.5,"x":0.25,"y":0.5}]'
GOLD_FRAME = '[{"at_s":1.5,"height":0.25,"label":"cat","share":1.0,"width":0.5,"x":0.25,"y":0.5}]'
GOLD_WORDS = '[{"end":8,"label":"cause","part":0,"share":1.0,"start":4}]'


def marks_release(folder: Path, *, onset_s: float | None = None) -> Manifest:
    """A film with sounds and action units, a recording of sounds, a picture with units and a box, a text with spans.

    The second rater heard nothing in the film. With `onset_s` film and recording are stretches of their files, which
    are in the release.
    """
    film, tape, face, said = "clips/ana.mp4", "clips/tape.wav", "faces/ana.png", "texts/ana.txt"
    items = [
        {
            "item_id": item_id,
            "kind": kind,
            "split": "train",
            "group_id": "ana",
            "n_raters": 2,
            "duration_s": {film: 4.0, tape: 3.0}.get(item_id),
            **({"media_onset_s": onset_s if item_id in {film, tape} else None} if onset_s else {}),
            "text": "The cake fell." if item_id == said else None,
            "sounds_marks": {film: GOLD_SOUNDS, tape: "[]"}.get(item_id),
            "sounds_n": 2,
            "face_marks": GOLD_FACE if item_id == film else None,
            "face_n": 1,
            "things_marks": {face: GOLD_THING, film: GOLD_FRAME}.get(item_id),
            "things_n": 1,
            "words_marks": GOLD_WORDS if item_id == said else None,
            "words_n": 1,
        }
        for item_id, kind in ((film, "video"), (tape, "audio"), (face, "image"), (said, "text"))
    ]
    answers = [
        answer(film, "r1", "liking", 7.0),
        *marks(film, "r1", "sounds", "segment", [LAUGH, SOB]),
        *marks(film, "r2", "sounds", "segment", []),
        *marks(film, "r3", "sounds", "segment", [LAUGH], excluded="too fast"),
        *marks(film, "r1", "face", "unit", [SMILE, BROW]),
        *marks(film, "r1", "things", "box", [{**CAT, "at_s": 1.5}]),
        *marks(tape, "r1", "sounds", "segment", [LAUGH]),
        *marks(face, "r1", "face", "unit", [{"unit": "AU12", "intensity": "C"}]),
        *marks(face, "r1", "things", "box", [CAT]),
        *marks(said, "r1", "words", "span", [CAKE]),
    ]
    answers.append(answer(said, "r1", "words", "by", dimension="relation.000.relation"))
    answers += [
        answer(said, "r1", "words", 0.0, dimension=f"relation.000.{end}") for end in ("source", "target")
    ]
    columns = [
        column
        for question in ("sounds", "face", "things", "words")
        for column in mark_columns(question, source="marks")
    ]
    return write(
        folder,
        [
            (
                items_table(columns, with_stretches=onset_s is not None),
                sorted(items, key=lambda row: row["item_id"]),
            ),
            (annotations_table(), answers),
            (raters_table(), raters(["r1", "r2", "r3"])),
            (splits_table(), splits(items)),
        ],
        name="views-marks",
        schemes={"taxonomies": {}, "scales": {}},
        media={film: b"film", tape: b"tape"} if onset_s else None,
        media_policy="proxy" if onset_s else "none",
    )


FIRST = "eeg/p1-a.edf"
TRIAL = {
    "item_id": "trials/1",
    "kind": "trial",
    "split": "train",
    "group_id": "p-1",
    "subject": "p-1",
    "n_raters": 1,
    "emotion_label": "fear",
    "duration_s": 1.25,
    "parts": '{"recording": "eeg/p1-a.edf", "stimulus": "films/fog.mp4"}',
    "part_onsets_s": '{"recording": -0.5, "stimulus": 0.0}',
}


def eeg_marks_release(folder: Path) -> Manifest:
    """The recordings, with action units that were seen while the first was made."""
    seen = [{**SMILE, "offset_s": 1.75}, {"unit": "AU4", "intensity": "A", "apex_s": 0.5}]
    return eeg_release(folder, more_answers=marks(FIRST, "r1", "face", "unit", seen))


def eeg_trial_release(folder: Path) -> Manifest:
    """The recordings, and a film that began half a second after the first of them."""
    heard = marks(TRIAL["item_id"], "r1", "sounds", "segment", [{**LAUGH, "end_s": 1.0, "apex_s": 0.75}])
    liked = answer(TRIAL["item_id"], "r1", "liking", 7.0)
    traced = trace(TRIAL["item_id"], "r1", [0.0, 0.25], t0_s=0.25)
    return eeg_release(folder, more_items=[TRIAL], more_answers=[liked, *heard], more_traces=[traced])
