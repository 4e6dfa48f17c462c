"""A continuous trace of three dimensions: a plane, and a slider for the third, such as dominance."""

from annotation.questions.continuous import ContinuousQuestion, TraceOptions


class Options(TraceOptions):
    count = 3


QUESTION_TYPE = ContinuousQuestion("trace3d", Options)
