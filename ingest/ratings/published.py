"""How the rating files of published corpora are to be read."""

from dataclasses import dataclass
from typing import Any

from ingest.ratings.tidy_csv import TidySpec
from ingest.ratings.trace_folder import TraceFolderSpec
from ingest.ratings.vote_counts import ConditionRule, VoteCountSpec


@dataclass(frozen=True)
class PublishedRatings:
    """A format and its spec; the path is a file or folder of the corpus as it is published."""

    format: str
    spec: Any


PUBLISHED = {
    # One answer per row without rater ids, 1 to 5 on the SAM scales (Buechel & Hahn 2017).
    "emobank": PublishedRatings("tidy_csv", TidySpec(unit="id", numbers=("V", "A", "D"), bounds=(1, 5))),
    # tabulatedVotes.csv: the first column has no name; its first digit is the modality (Cao et al. 2014).
    "crema-d": PublishedRatings(
        "vote_counts",
        VoteCountSpec(
            unit="fileName",
            labels={
                "A": "anger",
                "D": "disgust",
                "F": "fear",
                "H": "happiness",
                "N": "neutral",
                "S": "sadness",
            },
            condition=ConditionRule(
                column="", prefixes={"1": "audio-only", "2": "video-only", "3": "audio-visual"}
            ),
        ),
    ),
    # fer2013new.csv: ten taggers; pictures with no face have no name: reported (Barsoum et al. 2016).
    "ferplus": PublishedRatings(
        "vote_counts",
        VoteCountSpec(
            unit="Image name",
            labels={
                name: name.lower()
                for name in (
                    *("neutral", "happiness", "surprise", "sadness", "anger"),
                    *("disgust", "fear", "contempt", "unknown", "NF"),
                )
            },
        ),
    ),
    # One value per frame of 25 Hz video; the listener rated himself, others watched him or the speaker.
    "omg-empathy": PublishedRatings(
        "trace_folder",
        TraceFolderSpec(
            rate_hz=25.0,
            raters={
                "SelfAnnotations": "listener",
                "listener_ThirdParty": "observer-of-listener",
                "speaker_thirdParty": "observer-of-speaker",
            },
            perspectives={
                "SelfAnnotations": "self",
                "listener_ThirdParty": "observer",
                "speaker_thirdParty": "observer",
            },
        ),
    ),
    # raw/<dimension>/<item>.csv: seconds, then one column per rater.
    "muse": PublishedRatings("trace_folder", TraceFolderSpec(columns="raters")),
}
