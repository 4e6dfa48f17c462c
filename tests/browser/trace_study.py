"""Makes a study with every kind of trace on one short clip; run inside the demo's server by `test_instruments`."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from django.core.management import call_command

from accounts.facade import User
from annotation.facade import create_study, preset
from annotation.protocol import ProtocolSerializer
from config.demo import EMAIL, LAB
from ingest.facade import save_collection
from ingest.models import Item

CLIP_S = 6
VALENCE = {"key": "valence", "name": "Valence", "low_label": "unpleasant", "high_label": "pleasant"}
AROUSAL = {"key": "arousal", "name": "Arousal", "low_label": "calm", "high_label": "excited"}
DOMINANCE = {"key": "dominance", "name": "Dominance", "low_label": "controlled", "high_label": "in control"}
ENDS = {"min": -1, "max": 1}
LABELS = [{"key": key, "name": key.title()} for key in ("joy", "anger", "sadness", "fear")]
CURVE = [{"time_s": at, "value": [value]} for at, value in ((0, 0), (2, 0.8), (4, -0.8), (6, 0))]

QUESTIONS: list[dict[str, Any]] = [
    {
        "key": "slider",
        "type": "trace1d",
        "options": {
            "dimensions": [{**VALENCE, **ENDS}],
            "history_s": 10,
            "targets": [{"item": "clip-0.mp4", "band": 0.25, "points": CURVE}],
        },
    },
    {
        "key": "lying",
        "type": "trace1d",
        "options": {"dimensions": [{**AROUSAL, **ENDS}], "along": "horizontal"},
    },
    {
        "key": "pad",
        "type": "trace2d",
        "options": {"dimensions": [{**VALENCE, **ENDS}, {**AROUSAL, **ENDS}], "flip": ["valence"]},
    },
    {
        "key": "vad",
        "type": "trace3d",
        "options": {"dimensions": [{**one, **ENDS} for one in (VALENCE, AROUSAL, DOMINANCE)]},
    },
    {"key": "rank", "type": "trace_rank", "options": {"dimensions": [{**AROUSAL, "key": "tension"}]}},
    {"key": "change", "type": "trace_change", "options": {"dimensions": [VALENCE, AROUSAL]}},
    {"key": "held", "type": "trace_category", "options": {"labels": LABELS}},
    {"key": "clip", "type": "calibration", "when": "first", "options": {"duration_s": 5}},
    {
        "key": "tone",
        "type": "calibration",
        "when": "first",
        "options": {"duration_s": 5, "modality": "auditory"},
    },
]


def clip(path: Path) -> None:
    """A few seconds of a moving test picture with a tone."""
    source = ["-f", "lavfi", "-i", f"testsrc2=size=320x180:rate=25:duration={CLIP_S}"]
    sound = ["-f", "lavfi", "-i", f"sine=frequency=330:duration={CLIP_S}"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *source, *sound]
    subprocess.run([*command, "-pix_fmt", "yuv420p", "-shortest", str(path)], check=True)


def make(folder: str) -> None:
    """Ingest a clip, open the study about it and one that shows the same, and print its invite code."""
    clips = Path(folder)
    clips.mkdir(parents=True, exist_ok=True)
    clip(clips / "clip-0.mp4")
    call_command("ingest", str(clips), corpus="trace-clips", organisation=LAB, stdout=sys.stderr)
    made = Item.objects.get(corpus__name="trace-clips")
    # The first one is for practice; nobody comes as far as this one.
    Item.objects.create(
        corpus=made.corpus, key="clip-1.mp4", kind=made.kind, title=made.title, asset=made.asset,
        condition=made.condition,
    )  # fmt: skip
    researcher = User.objects.select_related("organisation").get(email=EMAIL)
    collection = save_collection(
        name="trace-clips", organisation_id=researcher.organisation_id, filters={"corpus": "trace-clips"}
    )
    document = preset("veatic")
    document["questions"] = [{"prompt": f"What is it now? ({one['key']})", **one} for one in QUESTIONS]
    document["name"] = "every-trace"
    document["presentation"] |= {"rewind": True, "lead_in_s": 1.0}
    document["raters"] |= {"practice_items": 1, "items_per_rater": 1}
    checked = ProtocolSerializer(data=document)
    checked.is_valid(raise_exception=True)
    study = create_study(
        organisation=researcher.organisation,
        slug="every-trace",
        title="Every kind of trace",
        document=dict(checked.validated_data),
        collection=collection,
        requested_by=EMAIL,
    )
    sys.stdout.write(f"invite {study.invite_code}\n")
