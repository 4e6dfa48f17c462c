"""Mappings between categories, valence-arousal-dominance and rating scales.

Every answer names its source: `sources` per label, `source` of a converted scale and of predictions.
"""

from affectory.mapping.anchors import (
    CategoryShares,
    NearestCategory,
    VadEstimate,
    category_to_vad,
    nearest_category,
    vad_to_categories,
)
from affectory.mapping.fitted import AxisFit, FittedMapping, Predictions, fit_mapping
from affectory.mapping.lexica import Lexicon, read_lexicon
from affectory.mapping.scales import UNIT, ConvertedScale, Scale, convert_scale

__all__ = [
    "UNIT",
    "AxisFit",
    "CategoryShares",
    "ConvertedScale",
    "FittedMapping",
    "Lexicon",
    "NearestCategory",
    "Predictions",
    "Scale",
    "VadEstimate",
    "category_to_vad",
    "convert_scale",
    "fit_mapping",
    "nearest_category",
    "read_lexicon",
    "vad_to_categories",
]
