"""Aggregation of votes, ratings and comparisons into labels and scores."""

from affectory.aggregation.boxes import BoxConsensus, ConsensusBox, consensus_boxes
from affectory.aggregation.comparisons import BradleyTerry, best_worst_scores, bradley_terry
from affectory.aggregation.open_words import SetScore, WordTally, canonical, compare_words, tally_words
from affectory.aggregation.scoring import (
    MergedMean,
    Questionnaire,
    SubscaleScore,
    merge_means,
    score_questionnaire,
)
from affectory.aggregation.segments import SegmentVote, VotedSegment, vote_segments
from affectory.aggregation.votes import (
    MajorityVote,
    ScaleSummary,
    VoteDistribution,
    majority_vote,
    summarise_scale,
    vote_distribution,
)
from affectory.aggregation.workers import WorkerModel, dawid_skene, mace, one_coin

__all__ = [
    "BoxConsensus",
    "BradleyTerry",
    "ConsensusBox",
    "MajorityVote",
    "MergedMean",
    "Questionnaire",
    "ScaleSummary",
    "SegmentVote",
    "SetScore",
    "SubscaleScore",
    "VoteDistribution",
    "VotedSegment",
    "WordTally",
    "WorkerModel",
    "best_worst_scores",
    "bradley_terry",
    "canonical",
    "compare_words",
    "consensus_boxes",
    "dawid_skene",
    "mace",
    "majority_vote",
    "merge_means",
    "one_coin",
    "score_questionnaire",
    "summarise_scale",
    "tally_words",
    "vote_distribution",
    "vote_segments",
]
