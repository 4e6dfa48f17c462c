"""Agreement between raters. Undefined is None with a reason; every result names its convention."""

from affectory.agreement.alpha import IntervalSums, krippendorff_alpha
from affectory.agreement.concordance import ccc, pairwise_ccc, pairwise_pearson, pearson
from affectory.agreement.variance import cronbach_alpha, icc, icc_one_way

__all__ = [
    "IntervalSums",
    "ccc",
    "cronbach_alpha",
    "icc",
    "icc_one_way",
    "krippendorff_alpha",
    "pairwise_ccc",
    "pairwise_pearson",
    "pearson",
]
