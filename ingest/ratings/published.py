"""How the rating files of published corpora are to be read."""

from dataclasses import dataclass
from typing import Any

from affectory.errors import Invalid
from ingest.ratings.tidy_csv import TidySpec
from ingest.ratings.trace_folder import TraceFolderSpec
from ingest.ratings.vote_counts import ConditionRule, VoteCountSpec


@dataclass(frozen=True)
class PublishedRatings:
    """A format and its spec; the path is a file or folder of the corpus as it is published."""

    format: str
    spec: Any
    groups: str = ""
    """Regular expression on the unit; its named groups become the item's group keys."""


PUBLISHED = {
    # One answer per row without rater ids, 1 to 5 on the SAM scales (Buechel & Hahn 2017).
    "emobank": PublishedRatings(
        "tidy_csv",
        TidySpec(unit="id", numbers=("V", "A", "D"), bounds=(1, 5)),
        groups=r"^(?P<document>.+?)_\d+(?:_\d+)?$",
    ),
    # tabulatedVotes.csv: the first column has no name; its first digit is the modality (Cao et al. 2014).
    "crema-d": PublishedRatings(
        "vote_counts",
        VoteCountSpec(
            unit="fileName",
            labels={label: label for label in "ADFHNS"},
            condition=ConditionRule(
                column="", prefixes={"1": "audio-only", "2": "video-only", "3": "audio-visual"}
            ),
        ),
        groups=r"^(?P<subject>\d{4})_(?P<sentence>[A-Z]{3})",
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


def spec_from_options(
    format_name: str | None,
    unit: str | None,
    rater: str | None,
    columns: list[str],
    rate_hz: float | None,
    groups: str | None,
) -> PublishedRatings:
    """What a person says of her own files.

    Raises
    ------
    Invalid
        When something that the format needs was not said.
    """
    if format_name is None:
        raise Invalid("Say --like CORPUS, or --format and what its columns are.")
    if format_name == "trace_folder":
        return PublishedRatings(format_name, TraceFolderSpec(rate_hz=rate_hz), groups or "")
    if not unit or not columns:
        raise Invalid(f"The format {format_name} needs --unit and --columns.")
    if format_name == "vote_counts":
        return PublishedRatings(
            format_name, VoteCountSpec(unit=unit, labels={name: name for name in columns}), groups or ""
        )
    return PublishedRatings(
        format_name, TidySpec(unit=unit, rater=rater, numbers=tuple(columns)), groups or ""
    )
