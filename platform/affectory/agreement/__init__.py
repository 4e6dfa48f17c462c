"""Agreement between raters. Undefined is None with a reason; every result names its convention."""

from affectory.agreement.alpha import UnitSums, alpha_from_sums, krippendorff_alpha, unit_sums
from affectory.agreement.best_worst import best_worst_split_half
from affectory.agreement.clusters import cluster_mean
from affectory.agreement.coefficients import (
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    weighted_alpha,
)
from affectory.agreement.concordance import ccc, pairwise_ccc, pairwise_pearson, pearson
from affectory.agreement.gamma import gamma
from affectory.agreement.kappa import cohen_kappa, percent_agreement
from affectory.agreement.multilabel import jaccard_distance, masi_distance, per_label_alpha, set_alpha
from affectory.agreement.one_way import icc_one_way
from affectory.agreement.places import box_f1, box_iou, relation_f1, span_f1
from affectory.agreement.rankings import ranking_agreement
from affectory.agreement.ranks import kendall, mae, rmse, sign_agreement, spearman
from affectory.agreement.raters import (
    CategoryRaterReport,
    RaterReport,
    category_rater_reports,
    rater_reports,
)
from affectory.agreement.recommend import Recommendation, recommended
from affectory.agreement.reliability import item_total, retest_correlation, spearman_brown, split_half
from affectory.agreement.segments import boundary_f1, frame_iou
from affectory.agreement.unitizing import UnitizingAgreement, unit_distance, unitizing_alpha
from affectory.agreement.variance import cronbach_alpha, icc

__all__ = [
    "CategoryRaterReport",
    "RaterReport",
    "Recommendation",
    "UnitSums",
    "UnitizingAgreement",
    "alpha_from_sums",
    "best_worst_split_half",
    "boundary_f1",
    "box_f1",
    "box_iou",
    "brennan_prediger",
    "category_rater_reports",
    "ccc",
    "cluster_mean",
    "cohen_kappa",
    "conger_kappa",
    "cronbach_alpha",
    "fleiss_kappa",
    "frame_iou",
    "gamma",
    "gwet_ac",
    "icc",
    "icc_one_way",
    "item_total",
    "jaccard_distance",
    "kendall",
    "krippendorff_alpha",
    "mae",
    "masi_distance",
    "pairwise_ccc",
    "pairwise_pearson",
    "pearson",
    "per_label_alpha",
    "percent_agreement",
    "ranking_agreement",
    "rater_reports",
    "recommended",
    "relation_f1",
    "retest_correlation",
    "rmse",
    "set_alpha",
    "sign_agreement",
    "span_f1",
    "spearman",
    "spearman_brown",
    "split_half",
    "unit_distance",
    "unit_sums",
    "unitizing_alpha",
    "weighted_alpha",
]
