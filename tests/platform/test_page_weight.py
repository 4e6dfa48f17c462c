"""What a rater waits for before the first medium, whatever her protocol shows and asks."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from annotation import questions
from annotation.protocol import PRESETS, read_protocol

DIST = Path(__file__).parents[2] / "frontend" / "dist"
MANIFEST = DIST / ".vite" / "manifest.json"
MOST_BYTES = 150_000
# Words of the page and of what is loaded later; of questions whose answer is made, and whose answer is marks.
WORDS = ("src/words/{}.json", "src/words/later/{}.json")
MAKING = {"recording", "live_dialogue"}
MARKS = {"boxes", "facs", "segments", "spans"}
WORDS_OF = {"src/words/making/{}.json": MAKING, "src/words/marks/{}.json": MARKS}
MARKING = {"segments", "facs"}
STRETCH = "src/desk/stretch.ts"
LIVE_SCORE = "src/desk/practice/LiveScore.tsx"
PLAY_BAR = "src/presenters/parts/PlayBar.tsx"

pytestmark = pytest.mark.skipif(
    not MANIFEST.exists(), reason="the pages are not built (frontend: npm run build)"
)

Files = frozenset[str]


@cache
def manifest() -> dict[str, Any]:
    return json.loads(MANIFEST.read_text())


@cache
def at_once(entry: str) -> Files:
    """The chunk's file, its styles, and those of all that it imports at once."""
    part = manifest()[entry]
    own = {part["file"], *part.get("css", ())}
    return frozenset(own.union(*(at_once(other) for other in part.get("imports", ()))))


@cache
def with_views(entry: str) -> Files:
    """The same with what it loads when it is shown; which layout is chosen decides between some of them."""
    views = manifest()[entry].get("dynamicImports", ())
    return at_once(entry).union(*(with_views(view) for view in views))


@cache
def bytes_of(name: str) -> int:
    """As it is sent to whoever takes gzip only, over plain HTTP; whoever takes Brotli gets less."""
    sent = DIST / f"{name}.gz"
    return (sent if sent.exists() else DIST / name).stat().st_size


def weight_of(files: Files) -> int:
    return sum(map(bytes_of, files))


def question(name: str) -> str:
    return f"src/questions/{name}.tsx"


@cache
def asked() -> tuple[str, ...]:
    found = sorted(Path(name).stem for name in manifest() if question(Path(name).stem) == name)
    assert found
    return tuple(found)


def continuous(name: str) -> bool:
    return questions.question_type(name).continuous


def in_time(name: str) -> bool:
    return continuous(name) or name in MARKING


@cache
def stages() -> dict[str, Files]:
    """Kind of item -> what shows it beside the page, which has the view of films."""
    found: dict[str, Files] = {"video": frozenset()}
    for name in manifest():
        folder = Path(name).parent
        if folder.parent == Path("src/presenters") and name.endswith("View.tsx"):
            found[folder.name] = with_views(name)
    group = found.pop("group")
    # Of parts of all kinds, two are shown together; more kinds in one item are another copy of these.
    pairs = combinations(found.items(), 2)
    return found | {f"group of {a} and {b}": group | of_a | of_b for (a, of_a), (b, of_b) in pairs}


def said(catalogue: str, language: str) -> Files:
    words = catalogue.format(language)
    return at_once(words) if words in manifest() else frozenset()


def page_in(language: str) -> Files:
    return at_once("rate.html").union({"rate.html"}, *(said(words, language) for words in WORDS))


def shown(name: str, language: str) -> Files:
    """What is loaded when a question is shown."""
    words = (said(of, language) for of, asking in WORDS_OF.items() if name in asking)
    score = with_views(LIVE_SCORE) if continuous(name) else frozenset()
    return with_views(question(name)).union(score, *words)


def loaded(language: str, stage: Files, *types: str) -> int:
    """Bytes before the medium of an item that is asked these: first what is done while it plays, alone."""
    page = page_in(language) | stage | with_views(STRETCH)
    alone = [shown(name, language) for name in types if continuous(name) or name in MAKING]
    if alone:
        page = page.union(max(alone, key=weight_of), *(at_once(question(name)) for name in types))
    else:
        page = page.union(with_views(PLAY_BAR), *(shown(name, language) for name in types))
    return weight_of(page)


def every_combination() -> Iterator[tuple[str, Files, tuple[str, ...]]]:
    """Kinds of items by one question and by two; a group has no time of its own to ask about."""
    for kind, stage in stages().items():
        for types in [*((one,) for one in asked()), *combinations(asked(), 2)]:
            if not (kind.startswith("group") and any(map(in_time, types))):
                yield kind, stage, types


@pytest.mark.parametrize("language", ["en", "ar", "es", "zh"])
def test_no_combination_of_an_item_with_one_or_two_questions_exceeds_150_kb(language):
    weights = {(kind, types): loaded(language, stage, *types) for kind, stage, types in every_combination()}
    heaviest = max(weights, key=weights.__getitem__)
    assert weights[heaviest] <= MOST_BYTES, f"{weights[heaviest]} bytes: {heaviest}"


@pytest.mark.parametrize("preset", sorted(PRESETS.glob("*.toml")), ids=lambda path: path.stem)
def test_no_preset_exceeds_150_kb_in_the_longest_language(preset):
    document = read_protocol(preset)
    types = tuple(dict.fromkeys(one["type"] for one in document["questions"]))
    # What is in no piece of its own is in the page.
    kinds = {kind: stages().get(kind, frozenset()) for kind in document["item_kinds"] if kind != "group"}
    weights = {kind: loaded("ar", stage, *types) for kind, stage in kinds.items()}
    if "group" in document["item_kinds"]:
        groups = {kind: stage for kind, stage in stages().items() if kind.startswith("group")}
        weights |= {kind: loaded("ar", stage, *types) for kind, stage in groups.items()}
    heaviest = max(weights, key=weights.__getitem__)
    assert weights[heaviest] <= MOST_BYTES, f"{weights[heaviest]} bytes: {heaviest}"


@pytest.mark.django_db  # the end of a request looks after the connection
@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_pages_are_sent_compressed(client, encoding):
    plain = manifest()["rate.html"]["file"]
    sent = client.get(f"/static/app/{plain}", headers={"accept-encoding": encoding})
    assert sent.headers["Content-Encoding"] == encoding
    assert int(sent.headers["Content-Length"]) < (DIST / plain).stat().st_size
    assert "Accept-Encoding" in sent.headers["Vary"]
    sent.close()
