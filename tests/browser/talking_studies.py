"""Studies in a running platform in which raters talk to each other."""

from pathlib import Path

from tests.browser.studies import study_on_texts

PRESET = Path(__file__).resolve().parents[2] / "annotation" / "protocols" / "live-dialogue-empathy.toml"
LISTENER = "sees_item = false },"
LABELLED = """sees_item = false, labels = true },"""
TURN_LABELS = """
turn_labels = [
  { key = "question", name = "Question", definition = "Asks for more." },
  { key = "comfort", name = "Comfort", definition = "Says that it will be well." },
]
reveal = true
wait_s = 10
"""


def talking_study(folder: Path, slug: str, tmp_path: Path, situations: list[str]) -> str:
    """The preset, with labels for what the listener writes, and the situation told at the end; returns the path."""
    text = PRESET.read_text().replace('name = "live-dialogue-empathy"', f'name = "{slug}"')
    text = text.replace(LISTENER, LABELLED).replace("max_chars = 1000\n", f"max_chars = 1000{TURN_LABELS}")
    assert LABELLED in text
    path = tmp_path / f"{slug}.toml"
    path.write_text(text)
    return f"/s/{study_on_texts(folder, slug, path, situations)}"
