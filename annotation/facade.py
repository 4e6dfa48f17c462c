"""What other rooms may use of annotation."""

from annotation.analysis.responses import Judged
from annotation.analysis.run import Computed
from annotation.analysis.series import unpack
from annotation.exported import ExportedStudy, ExportedTrace
from annotation.questions.contract import AgreementRow, LabelRow
from annotation.strict import StrictSerializer, error_lines

__all__ = [
    "AgreementRow",
    "Computed",
    "ExportedStudy",
    "ExportedTrace",
    "Judged",
    "LabelRow",
    "StrictSerializer",
    "error_lines",
    "unpack",
]
