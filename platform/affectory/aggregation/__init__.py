"""Aggregation of categorical votes and scale ratings into labels."""

from affectory.aggregation.votes import (
    MajorityVote,
    ScaleSummary,
    VoteDistribution,
    majority_vote,
    summarise_scale,
    vote_distribution,
)

__all__ = [
    "MajorityVote",
    "ScaleSummary",
    "VoteDistribution",
    "majority_vote",
    "summarise_scale",
    "vote_distribution",
]
