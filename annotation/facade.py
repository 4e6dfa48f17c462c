"""What other rooms may use of annotation."""

from annotation.analysis.responses import Judged
from annotation.analysis.run import Computed
from annotation.analysis.series import unpack
from annotation.exported import ExportedStudy, ExportedTrace
from annotation.protocol import preset
from annotation.questions.contract import AgreementRow, GoldColumn, LabelRow
from annotation.services.studies import create_study
from annotation.simulated import SimulatedRater, Truth
from annotation.strict import StrictSerializer, error_lines

__all__ = [
    "AgreementRow",
    "Computed",
    "ExportedStudy",
    "ExportedTrace",
    "GoldColumn",
    "Judged",
    "LabelRow",
    "SimulatedRater",
    "StrictSerializer",
    "Truth",
    "create_study",
    "error_lines",
    "preset",
    "unpack",
]
