"""What other rooms may use of annotation."""

from annotation.analysis.responses import COUNTS, Judged, Responses
from annotation.analysis.run import Computed
from annotation.analysis.series import unpack
from annotation.exported import ExportedStudy, ExportedTrace
from annotation.protocol import preset
from annotation.questions.answers import RatedItem
from annotation.questions.contract import AgreementRow, GoldColumn, LabelRow
from annotation.services.erasure import (
    WithdrawnRater,
    erase_answers_about,
    erase_answers_of,
    withdrawn_raters,
)
from annotation.services.studies import create_study
from annotation.simulation.feeling import Truth
from annotation.simulation.rater import SimulatedRater
from annotation.strict import StrictSerializer, error_lines

__all__ = [
    "COUNTS",
    "AgreementRow",
    "Computed",
    "ExportedStudy",
    "ExportedTrace",
    "GoldColumn",
    "Judged",
    "LabelRow",
    "RatedItem",
    "Responses",
    "SimulatedRater",
    "StrictSerializer",
    "Truth",
    "WithdrawnRater",
    "create_study",
    "erase_answers_about",
    "erase_answers_of",
    "error_lines",
    "preset",
    "unpack",
    "withdrawn_raters",
]
