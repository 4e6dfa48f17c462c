"""What the demo consists of, and what must be there after each of its steps."""

from dataclasses import dataclass

CORPUS, DATASET, VERSION, LAB = "demo-film", "demo-film", "1.0.0", "demo-lab"
EMAIL = "researcher@demo.example"
RATERS_PER_STUDY = 6
KINDS = frozenset({"audio", "dialogue", "eeg", "image", "video"})
BROKEN = frozenset({"broken/cut-short.mp4"})
GROUP_KEYS = ["film", "series", "composer", "subject"]
SPLITS = ("train", "validation", "test")
CARD = {
    "motivation": "To show what a release of this platform looks like.",
    "collection_process": "All media were made by script; nobody was recorded.",
    "intended_uses": "Trying the platform and its client.",
    "forbidden_uses": "Any statement about people: neither the media nor the ratings are theirs.",
    "limitations": "Simulated raters agree as they were programmed to.",
    "pay": "Nobody was paid; programs answered.",
}


@dataclass(frozen=True)
class DemoStudy:
    """``agreement`` and ``gold``: what an analysis must have given, named by question, dimension and method."""

    slug: str
    title: str
    protocol: str
    kind: str
    agreement: frozenset[str]
    gold: frozenset[str]


STUDIES = (
    DemoStudy(
        slug="film-trace",
        title="Valence and arousal over short films",
        protocol="veatic",
        kind="video",
        agreement=frozenset({"affect.valence ccc_pairwise_mean", "affect.arousal ccc_pairwise_mean"}),
        gold=frozenset({"affect mean", "affect ewe"}),
    ),
    DemoStudy(
        slug="image-emotion",
        title="Emotion in images",
        protocol="image-emotion",
        kind="image",
        agreement=frozenset(
            {
                "emotion krippendorff_alpha_nominal",
                *(f"vad.{axis} krippendorff_alpha_interval" for axis in ("valence", "arousal", "dominance")),
                *(f"vad.{axis} ICC1" for axis in ("valence", "arousal", "dominance")),
            }
        ),
        gold=frozenset({"emotion vote", "emotion mapped_vad", "vad mean"}),
    ),
    DemoStudy(
        slug="dialogue-emotion",
        title="Emotion in dialogue",
        protocol="meld",
        kind="dialogue",
        agreement=frozenset({"emotion krippendorff_alpha_nominal"}),
        gold=frozenset({"emotion vote", "emotion mapped_vad"}),
    ),
)


class DemoError(Exception):
    """A step did not do what it should; the message says which, and what is missing."""
