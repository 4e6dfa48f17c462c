"""What other rooms may use of annotation."""

from annotation.about_you import order_of
from annotation.analysis.responses import COUNTS, Judged, Responses
from annotation.analysis.run import Computed
from annotation.analysis.series import unpack
from annotation.analysis.stored import ID_TEXT, NAMED, TEXT, ids_of, stored_tables
from annotation.exported import ExportedStudy, ExportedTrace
from annotation.models import GoldTrace
from annotation.policy.rules import PolicySerializer, policy_digest, rule_in_words
from annotation.protocol import GoldChoicesSerializer, preset
from annotation.questions.answers import ID, RatedItems
from annotation.questions.contract import FUSIONS, AgreementRow, GoldColumn, LabelRow, MadeLabels
from annotation.services.erasure import (
    WithdrawnRater,
    erase_answers_about,
    erase_answers_of,
    withdrawn_participations,
    withdrawn_rater,
    withdrawn_raters,
)
from annotation.services.makers import corpora_with
from annotation.services.studies import create_study
from annotation.simulation.feeling import Truth
from annotation.simulation.rater import SimulatedRater
from annotation.strict import StrictSerializer, error_lines

__all__ = [
    "COUNTS",
    "FUSIONS",
    "ID",
    "ID_TEXT",
    "NAMED",
    "TEXT",
    "AgreementRow",
    "Computed",
    "ExportedStudy",
    "ExportedTrace",
    "GoldChoicesSerializer",
    "GoldColumn",
    "GoldTrace",
    "Judged",
    "LabelRow",
    "MadeLabels",
    "PolicySerializer",
    "RatedItems",
    "Responses",
    "SimulatedRater",
    "StrictSerializer",
    "Truth",
    "WithdrawnRater",
    "corpora_with",
    "create_study",
    "erase_answers_about",
    "erase_answers_of",
    "error_lines",
    "ids_of",
    "order_of",
    "policy_digest",
    "preset",
    "rule_in_words",
    "stored_tables",
    "unpack",
    "withdrawn_participations",
    "withdrawn_rater",
    "withdrawn_raters",
]
