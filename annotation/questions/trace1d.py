"""A continuous trace on one bounded dimension."""

from annotation.questions.continuous import ContinuousQuestion, TraceOptions


class Options(TraceOptions):
    count = 1


QUESTION_TYPE = ContinuousQuestion("trace1d", Options)
