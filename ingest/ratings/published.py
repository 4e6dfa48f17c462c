"""How the rating files of published corpora are to be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

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


@dataclass(frozen=True, kw_only=True)
class RatingOptions:
    """What a person says of her own files; what a format does not need may be left out."""

    format: str | None = None
    unit: str | None = None
    rater: str | None = None
    columns: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    folders: Literal["raters", "dimensions"] = "raters"
    rate_hz: float | None = None
    groups: str | None = None


def spec_from_options(given: RatingOptions) -> PublishedRatings:
    """How the files are to be read.

    Raises
    ------
    Invalid
        When something that the format needs was not said.
    """
    if given.format is None:
        raise Invalid("Say --like CORPUS, or --format and what its columns are.")
    return PublishedRatings(given.format, _SPECS[given.format](given), given.groups or "")


def _trace_spec(given: RatingOptions) -> TraceFolderSpec:
    if given.rate_hz is not None and given.rate_hz <= 0:
        raise Invalid("--rate-hz must be above 0.")
    columns: Literal["raters", "dimensions"] = "dimensions" if given.folders == "raters" else "raters"
    return TraceFolderSpec(rate_hz=given.rate_hz, columns=columns)


def _votes_spec(given: RatingOptions) -> VoteCountSpec:
    if not given.unit or not given.columns:
        raise Invalid("The format vote_counts needs --unit and --columns.")
    return VoteCountSpec(unit=given.unit, labels={name: name for name in given.columns})


def _tidy_spec(given: RatingOptions) -> TidySpec:
    if not given.unit or not (given.columns or given.labels):
        raise Invalid("The format tidy_csv needs --unit, and --columns or --labels.")
    return TidySpec(unit=given.unit, rater=given.rater, numbers=given.columns, labels=given.labels)


_SPECS: Mapping[str, Callable[[RatingOptions], Any]] = {
    "tidy_csv": _tidy_spec,
    "vote_counts": _votes_spec,
    "trace_folder": _trace_spec,
}
