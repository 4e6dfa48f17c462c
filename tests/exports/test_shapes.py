"""The shapes that the API names for stored documents are those of the code that makes the documents."""

from dataclasses import fields

from affectory.results import Measurement
from affectory.splits.assign import SplitReport
from exports.api.shapes import ReleaseAgreementShape, SplitReportShape

ADDED_BY_RELEASE = {"study", "question", "dimension", "condition", "measure", "exposed"}


def test_split_report_has_every_field_that_the_api_names():
    assert set(SplitReportShape().fields) <= {field.name for field in fields(SplitReport)}


def test_measurement_has_every_field_that_the_api_names():
    named = set(ReleaseAgreementShape().fields) - ADDED_BY_RELEASE
    assert named <= {field.name for field in fields(Measurement)}
