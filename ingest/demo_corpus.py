"""Makes the demo corpus: small films, melodies, pictures, EEG and dialogues, all by script.

The same call gives the same bytes. What each file is meant to carry is written below ``_truth``, which ingest
leaves alone: simulated raters read it, nothing else does.

By hand: ``python -m ingest.demo_corpus FOLDER``.
"""

import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ingest.demo import brainwaves, dialogues, films, pictures, sounds

TRUTH = "_truth"
DESCRIPTION = "corpus.toml"
_COMPLETE = f"{TRUTH}/complete.json"
_VERSION = 1


@dataclass(frozen=True)
class Tune:
    name: str
    composer: str
    valence: float
    arousal: float
    duration_s: int
    extension: str
    options: tuple[str, ...]


TUNES = (
    Tune("skipping-stones", "box-one", 0.8, 0.6, 12, "flac", ("-c:a", "flac")),
    Tune("slow-tide", "box-one", 0.5, -0.7, 14, "mp3", ("-c:a", "libmp3lame", "-b:a", "128k")),
    Tune("empty-house", "box-two", -0.7, -0.5, 14, "m4a", ("-c:a", "aac", "-b:a", "128k")),
    Tune("chased", "box-two", -0.6, 0.8, 12, "wav", ("-c:a", "pcm_s16le")),
)


def make_demo_corpus(folder: Path, on_file: Callable[[str, int, int], None] | None = None) -> Path:
    """Fill ``folder`` and return it; a folder that is complete already is left as it is.

    ``on_file`` is told the path, and how many of how many files are done.
    """
    if _is_complete(folder):
        return folder
    for name in ("films", "audio", "pictures", "eeg", "dialogues", "broken", TRUTH):
        (folder / name).mkdir(parents=True, exist_ok=True)
    makers = list(_makers(folder))
    # A fresh interpreter per worker: the caller may have threads and database connections.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(4, os.cpu_count() or 1), mp_context=context) as pool:
        waiting = {pool.submit(_atomically, make, what, path): path for make, what, path in makers}
        for done, future in enumerate(as_completed(waiting), start=1):
            future.result()
            if on_file:
                on_file(str(waiting[future].relative_to(folder)), done, len(makers))
    _make_broken(folder / "films" / f"{films.FILMS[0].name}.mp4", folder / "broken" / "cut-short.mp4")
    _write_json(folder / TRUTH / "stills.json", _stills_truth())
    (folder / DESCRIPTION).write_text(_description(), encoding="utf-8")
    _write_json(folder / _COMPLETE, {"version": _VERSION})
    return folder


def read_truth(folder: Path) -> dict[str, dict[str, Any]]:
    """Give what each item is meant to carry, by item key.

    Films: ``{"rate_hz", "valence": [...], "arousal": [...]}``, a value per frame. Pictures and tunes: values,
    pictures also ``emotion``. Utterances: ``emotion``. Values are in -1..1.
    """
    truth: dict[str, dict[str, Any]] = json.loads(
        (folder / TRUTH / "stills.json").read_text(encoding="utf-8")
    )
    for path in sorted((folder / TRUTH / "films").glob("*.json")):
        truth[f"films/{path.stem}.mp4"] = json.loads(path.read_text(encoding="utf-8"))
    return truth


def _makers(folder: Path) -> Iterator[tuple[Callable[[Any, Path], None], Any, Path]]:
    """Longest work first, so that all processors are busy to the end."""
    for film in sorted(films.FILMS, key=lambda film: -film.duration_s * film.rate_hz):
        yield films.make_film, film, folder / "films" / f"{film.name}.mp4"
        yield _write_film_truth, film, folder / TRUTH / "films" / f"{film.name}.json"
    for picture in pictures.PICTURES:
        yield pictures.make_picture, picture, folder / "pictures" / f"{picture.name}.jpg"
    for tune in TUNES:
        yield _make_tune, tune, folder / "audio" / f"{tune.name}.{tune.extension}"
    for session in brainwaves.SESSIONS:
        yield brainwaves.make_recording, session, folder / "eeg" / f"{session.subject}-rest.edf"
    for file in dialogues.files():
        yield dialogues.make_dialogues, file, folder / "dialogues" / file


def _atomically(make: Callable[[Any, Path], None], what: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=path.parent) as folder:
        draft = Path(folder) / path.name
        make(what, draft)
        draft.replace(path)


def _make_tune(tune: Tune, out: Path) -> None:
    rng = np.random.default_rng(len(tune.name))
    wav = out.with_suffix(".tone.wav")
    sounds.write_wav(wav, sounds.melody(tune.valence, tune.arousal, tune.duration_s, rng))
    sounds.encode(wav, out, *tune.options)


def _write_film_truth(film: films.Film, out: Path) -> None:
    valence, arousal = films.curves(film)
    curves = {"valence": valence.round(4).tolist(), "arousal": arousal.round(4).tolist()}
    _write_json(out, {"synthetic": True, "rate_hz": film.rate_hz, **curves})


def _make_broken(film: Path, out: Path) -> None:
    """Cut a film in half: its header still promises everything."""
    whole = film.read_bytes()
    out.write_bytes(whole[: len(whole) // 2])


def _stills_truth() -> dict[str, dict[str, Any]]:
    truth: dict[str, dict[str, Any]] = {}
    for picture in pictures.PICTURES:
        values = asdict(picture)
        kept = ("emotion", "valence", "arousal", "dominance")
        truth[f"pictures/{picture.name}.jpg"] = {key: values[key] for key in kept}
    for tune in TUNES:
        truth[f"audio/{tune.name}.{tune.extension}"] = {"valence": tune.valence, "arousal": tune.arousal}
    for file in dialogues.files():
        for key, emotion in dialogues.emotions(file).items():
            truth[f"dialogues/{file}#{key}"] = {"emotion": emotion}
    return truth


def _description() -> str:
    groups = {
        **{f"films/{one.name}.mp4": {"film": one.series, "character": one.character} for one in films.FILMS},
        **{f"pictures/{one.name}.jpg": {"series": one.series} for one in pictures.PICTURES},
        **{f"audio/{one.name}.{one.extension}": {"composer": one.composer} for one in TUNES},
        **{f"eeg/{one.subject}-*": {"subject": one.subject} for one in brainwaves.SESSIONS},
        **{f"dialogues/{file}": {"series": Path(file).stem} for file in dialogues.files()},
    }
    lines = [
        'title = "Demo corpus (synthetic)"',
        'licence = "CC0-1.0"',
        'languages = ["en"]',
        'source = "synthetic, made by script"',
        "synthetic = true",
        'consent_terms = "Nobody was recorded: everything here was drawn, computed or written for the demo."',
        "",
        "[subjects]",
        *(f'{one.subject} = {{ simulated = true, note = "no person" }}' for one in brainwaves.SESSIONS),
        "",
        "[groups]",
        *(f"{json.dumps(pattern)} = {{ {_toml_pairs(keys)} }}" for pattern, keys in groups.items()),
    ]
    return "\n".join(lines) + "\n"


def _toml_pairs(keys: dict[str, str]) -> str:
    return ", ".join(f"{key} = {json.dumps(value)}" for key, value in keys.items())


def _write_json(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document) + "\n", encoding="utf-8")


def _is_complete(folder: Path) -> bool:
    mark = folder / _COMPLETE
    return mark.exists() and json.loads(mark.read_text(encoding="utf-8")) == {"version": _VERSION}


if __name__ == "__main__":
    make_demo_corpus(Path(sys.argv[1]), lambda path, done, total: print(f"{done}/{total} {path}"))  # noqa: T201
