"""Pleasure, arousal and dominance of 48 terms of Russell & Mehrabian (1977), on -1 to 1.

Group means of self-ratings; their standard deviations are around .2 to .4 per axis. Taken from public
transcriptions of table 1; the terms in `SEEN_TWICE` stand equally in two of them. Traps of secondary
sources: rows named "anger" often carry the row of cold anger; sadness is sometimes printed with its arousal
sign lost; "anxious" is really +.01 on pleasure here, unlike in every later lexicon, so that it makes a poor
anchor for anxiety.
"""

from types import MappingProxyType

SOURCE = "russell_mehrabian_1977"
CITATION = (
    "Russell, J. A. & Mehrabian, A. (1977). Evidence for a three-factor theory of emotions. "
    "Journal of Research in Personality 11, 273-294. Table 1, public transcriptions."
)

#: term -> (pleasure, arousal, dominance)
PAD = MappingProxyType(
    {
        "angry": (-0.51, 0.59, 0.25),
        "enraged": (-0.44, 0.72, 0.32),
        "irritated": (-0.58, 0.4, 0.01),
        "frustrated": (-0.64, 0.52, -0.35),
        "hostile": (-0.42, 0.53, 0.3),
        "hate": (-0.56, 0.59, 0.13),
        "contempt": (-0.23, 0.31, 0.18),
        "disgusted": (-0.6, 0.35, 0.11),
        "fearful": (-0.64, 0.6, -0.43),
        "terrified": (-0.62, 0.82, -0.43),
        "anxious": (0.01, 0.59, -0.15),
        "tense": (-0.33, 0.58, -0.11),
        "distressed": (-0.61, 0.28, -0.36),
        "sad": (-0.63, -0.27, -0.33),
        "depressed": (-0.72, -0.29, -0.41),
        "lonely": (-0.66, -0.43, -0.32),
        "bored": (-0.65, -0.62, -0.33),
        "fatigued": (-0.18, -0.57, -0.29),
        "shamed": (-0.57, 0.01, -0.34),
        "guilty": (-0.57, 0.28, -0.34),
        "embarrassed": (-0.46, 0.54, -0.24),
        "humiliated": (-0.63, 0.43, -0.38),
        "regretful": (-0.52, 0.02, -0.21),
        "confused": (-0.53, 0.27, -0.32),
        "helpless": (-0.71, 0.42, -0.51),
        "surprised": (0.4, 0.67, -0.13),
        "astonished": (0.16, 0.88, -0.15),
        "awed": (0.18, 0.4, -0.38),
        "curious": (0.22, 0.62, -0.01),
        "interested": (0.64, 0.51, 0.17),
        "happy": (0.81, 0.51, 0.46),
        "joyful": (0.76, 0.48, 0.35),
        "excited": (0.62, 0.75, 0.38),
        "elated": (0.5, 0.42, 0.23),
        "enjoyment": (0.77, 0.44, 0.42),
        "hopeful": (0.51, 0.23, 0.14),
        "proud": (0.77, 0.38, 0.65),
        "loved": (0.87, 0.54, -0.18),
        "in love": (0.82, 0.65, -0.05),
        "affectionate": (0.64, 0.35, 0.24),
        "grateful": (0.64, 0.16, -0.21),
        "thankful": (0.61, 0.1, -0.13),
        "relaxed": (0.68, -0.46, 0.06),
        "secure": (0.74, -0.13, 0.03),
        "untroubled": (0.79, -0.01, 0.33),
        "dignified": (0.55, 0.22, 0.61),
        "triumphant": (0.69, 0.57, 0.63),
        "respectful": (0.38, 0.13, -0.08),
    }
)

SEEN_TWICE = frozenset(
    {
        "angry",
        "disgusted",
        "fearful",
        "sad",
        "shamed",
        "humiliated",
        "regretful",
        "surprised",
        "interested",
        "happy",
        "hopeful",
        "in love",
        "thankful",
        "untroubled",
        "respectful",
    }
)
