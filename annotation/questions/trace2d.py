"""A continuous trace on a plane of two dimensions, such as valence and arousal."""

from annotation.questions.continuous import ContinuousQuestion, TraceOptions


class Options(TraceOptions):
    count = 2


QUESTION_TYPE = ContinuousQuestion("trace2d", Options)
