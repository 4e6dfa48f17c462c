"""Label sets of emotions and polarities.

Maps join labels of the same meaning; GoEmotions' are its authors' (goemotions/data/ekman_mapping.json), and so
are its polarities (sentiment_mapping.json).
"""

from affectory.taxonomy.building import NO_TERMS, TERM_OF, many_to_one, same_names, taxonomy
from affectory.taxonomy.model import Taxonomy

_EKMAN = {
    "anger": "angry",
    "disgust": "disgusted",
    "fear": "fearful",
    "happiness": "joyful",
    "sadness": "sad",
}
_EKMAN6 = "anger disgust fear happiness sadness surprise"
# Words for one of the six under another name; a label without a counterpart there maps to None.
_TO_EKMAN6 = {
    "angry": "anger",
    "disgusted": "disgust",
    "happy": "happiness",
    "joy": "happiness",
    "sad": "sadness",
}
_GOEMOTIONS_TO_EKMAN6 = {
    "anger": "anger annoyance disapproval",
    "disgust": "disgust",
    "fear": "fear nervousness",
    "happiness": "joy amusement approval excitement gratitude love optimism relief pride admiration desire caring",
    "sadness": "sadness disappointment embarrassment grief remorse",
    "surprise": "surprise realization confusion curiosity",
}
_CREMA = {"A": "anger", "D": "disgust", "F": "fear", "H": "happy", "N": "neutral", "S": "sad"}
_MIKELS = {
    "amusement": "enjoyment",
    "awe": "awed",
    "contentment": "relaxed",
    "excitement": "excited",
    "anger": "angry",
    "disgust": "disgusted",
    "fear": "fearful",
    "sadness": "sad",
}
_MIKELS_POLARITY = {
    key: "positive" if key in {"amusement", "awe", "contentment", "excitement"} else "negative"
    for key in _MIKELS
}
_FERPLUS = "neutral happiness surprise sadness anger disgust fear contempt"
_PLUTCHIK = {
    "joy": "joyful",
    "sadness": "sad",
    "anticipation": "interested",
    "surprise": "surprised",
    "anger": "angry",
    "fear": "fearful",
    "disgust": "disgusted",
    "trust": "respectful",
}
_GOEMOTIONS = (
    "admiration amusement anger annoyance approval caring confusion curiosity desire disappointment "
    "disapproval disgust embarrassment excitement fear gratitude grief joy love nervousness "
    "optimism pride realization relief remorse sadness surprise neutral"
)
_GOEMOTIONS_POLARITY = many_to_one(
    _GOEMOTIONS,
    {
        "positive": "amusement excitement joy love desire optimism caring pride admiration gratitude relief approval",
        "negative": "fear nervousness remorse embarrassment disappointment sadness grief disgust anger annoyance "
        "disapproval",
        "ambiguous": "realization surprise curiosity confusion",
        "neutral": "neutral",
    },
)
_PARROTT6 = "love joy surprise anger sadness fear"
# Two secondary emotions bear the name of their primary one; their keys say which they are.
_PARROTT_TREE = {
    "love": "affection lust longing",
    "joy": "cheerfulness zest contentment pride optimism enthrallment relief",
    "surprise": "surprise.surprise",
    "anger": "irritation exasperation rage disgust envy torment",
    "sadness": "suffering sadness.sadness disappointment shame neglect sympathy",
    "fear": "horror nervousness",
}
_PARROTT_PARENTS = {child: parent for parent, children in _PARROTT_TREE.items() for child in children.split()}
_COWEN27 = (
    "Admiration Adoration Aesthetic_Appreciation Amusement Anger Anxiety Awe Awkwardness Boredom Calmness "
    "Confusion Craving Disgust Empathic_Pain Entrancement Excitement Fear Horror Interest Joy Nostalgia "
    "Relief Romance Sadness Satisfaction Sexual_Desire Surprise"
)
_POLARITY5 = {"-2": "negative", "-1": "negative", "0": "neutral", "1": "positive", "2": "positive"}
_CPED_POLARITY = {
    **dict.fromkeys(["happy", "grateful", "relaxed", "other-positive"], "positive"),
    "neutral": "neutral",
    **dict.fromkeys(
        ["angry", "sad", "feared", "depressed", "disgusted", "astonished", "worried", "other-negative"],
        "negative",
    ),
}
_STUDYFORREST = (
    "ADMIRATION ANGERRAGE COMPASSION CONTEMPT DISAPPOINTMENT FEAR FEARCONFIRMED GLOATING GRATIFICATION "
    "GRATITUDE HAPPINESS HAPPYFOR HATE HOPE LOVE PRIDE RELIEF REMORSE RESENTMENT SADNESS SATISFACTION SHAME"
)


def _with_ekman6(name: str, keys: str, source: str) -> Taxonomy:
    """Give a set that shares labels with Ekman's six its map to them."""
    return taxonomy(name, keys, source, maps={"ekman6": same_names(keys.split(), _EKMAN6, _TO_EKMAN6)})


EMOTIONS = (
    taxonomy(
        "ekman6",
        _EKMAN6,
        "Ekman's six basic emotions",
        terms=_EKMAN | {"surprise": "surprised"},
    ),
    _with_ekman6("meld7", "anger disgust sadness joy neutral surprise fear", "MELD"),
    _with_ekman6("emotiontalk7", "happy surprise sad disgust anger fear neutral", "EmotionTalk"),
    taxonomy("sentiment3", "negative neutral positive", "three-way sentiment", terms=NO_TERMS),
    taxonomy(
        "sentiment5",
        "negative weakly_negative neutral weakly_positive positive",
        "five-way sentiment",
        terms=NO_TERMS,
        maps={
            "sentiment3": {
                "negative": "negative",
                "weakly_negative": "negative",
                "neutral": "neutral",
                "weakly_positive": "positive",
                "positive": "positive",
            }
        },
    ),
    taxonomy(
        "mikels8",
        _MIKELS,
        "Mikels et al.; EmoSet, FI",
        terms=_MIKELS,
        polarity=_MIKELS_POLARITY,
        maps={"mikels2": _MIKELS_POLARITY},
    ),
    taxonomy(
        "artemis9",
        [*_MIKELS, "something_else"],
        "ArtEmis",
        terms=_MIKELS,
        polarity=_MIKELS_POLARITY,
        maps={"mikels8": {key: key for key in _MIKELS} | {"something_else": None}},
    ),
    taxonomy(
        "plutchik8",
        _PLUTCHIK,
        "Plutchik's eight primary emotions",
        terms=_PLUTCHIK,
        maps={"ekman6": same_names(_PLUTCHIK, _EKMAN6, _TO_EKMAN6)},
    ),
    _with_ekman6("ferplus8", _FERPLUS, "FERPlus, the eight emotions"),
    taxonomy(
        "ferplus10",
        f"{_FERPLUS} unknown NF",
        "FERPlus with its two escapes",
        names={"NF": "no face"},
        maps={"ferplus8": {key: key for key in _FERPLUS.split()} | {"unknown": None, "NF": None}},
    ),
    taxonomy(
        "crema_d",
        _CREMA,
        "CREMA-D",
        names=_CREMA,
        terms={key: TERM_OF[name] for key, name in _CREMA.items()},
        maps={
            "ekman6": {"A": "anger", "D": "disgust", "F": "fear", "H": "happiness", "N": None, "S": "sadness"}
        },
    ),
    taxonomy(
        "goemotions28",
        _GOEMOTIONS,
        "GoEmotions",
        terms=NO_TERMS,
        polarity=_GOEMOTIONS_POLARITY,
        maps={"ekman6": many_to_one(_GOEMOTIONS, _GOEMOTIONS_TO_EKMAN6)},
    ),
    taxonomy(
        "goemotions27",
        _GOEMOTIONS.removesuffix(" neutral"),
        "GoEmotions without neutral",
        terms=NO_TERMS,
        polarity=_GOEMOTIONS_POLARITY,
        maps={"ekman6": many_to_one(_GOEMOTIONS.removesuffix(" neutral"), _GOEMOTIONS_TO_EKMAN6)},
    ),
    _with_ekman6(
        "mafw11",
        "anger disgust fear happiness neutral sadness surprise contempt anxiety helplessness disappointment",
        "MAFW",
    ),
    _with_ekman6("brighter6", "joy sadness fear anger surprise disgust", "BRIGHTER, intensities 0 to 3"),
    taxonomy(
        "cped13",
        "happy grateful relaxed other-positive neutral angry sad feared depressed disgusted astonished "
        "worried other-negative",
        "CPED",
        terms={
            **TERM_OF,
            "grateful": "grateful",
            "relaxed": "relaxed",
            "feared": "fearful",
            "depressed": "depressed",
            "astonished": "astonished",
        },
        polarity=_CPED_POLARITY,
        maps={"sentiment3": _CPED_POLARITY},
    ),
    _with_ekman6("leia5", "happiness affection sadness anger fear", "LEIA"),
    _with_ekman6("nemo6", "anger fear happiness sadness surprise neutral", "nEMO"),
    _with_ekman6("zed4", "neutral happy angry sad", "Zaion Emotion Dataset"),
    taxonomy("studyforrest22", _STUDYFORREST, "studyforrest portrayed emotions", terms=NO_TERMS),
    taxonomy("mikels2", "positive negative", "polarity of Mikels' eight emotions", terms=NO_TERMS),
    taxonomy(
        "wrime_polarity", _POLARITY5, "WRIME, version 2", terms=NO_TERMS, maps={"sentiment3": _POLARITY5}
    ),
    taxonomy(
        "parrott6",
        _PARROTT6,
        "Parrott (2001), primary emotions, after public transcriptions: not checked against the book",
        maps={"ekman6": same_names(_PARROTT6.split(), _EKMAN6, _TO_EKMAN6)},
    ),
    taxonomy(
        "parrott31",
        [*_PARROTT6.split(), *_PARROTT_PARENTS],
        "Parrott (2001) after Shaver et al. (1987): primary and secondary emotions, after public transcriptions:"
        " not checked against the book",
        terms={key: term for key, term in TERM_OF.items() if key in _PARROTT6.split()},
        names={key: key.partition(".")[2] for key in _PARROTT_PARENTS if "." in key},
        parents=_PARROTT_PARENTS,
        maps={"parrott6": {key: key for key in _PARROTT6.split()} | _PARROTT_PARENTS},
    ),
    taxonomy(
        "cowen27",
        _COWEN27,
        "Cowen & Keltner (2017), as in VCE",
        terms=NO_TERMS,
        names={"Awe": "Awe (or Wonder)"},
    ),
    taxonomy(
        "cexpr7",
        "Fearfully_Surprised Happily_Surprised Sadly_Surprised Disgustedly_Surprised Angrily_Surprised "
        "Sadly_Fearful Sadly_Angry",
        "C-EXPR-DB, compound expressions",
        terms=NO_TERMS,
    ),
    taxonomy(
        "rafdb_compound11",
        "Happily_Surprised Happily_Disgusted Sadly_Fearful Sadly_Angry Sadly_Surprised Sadly_Disgusted "
        "Fearfully_Angry Fearfully_Surprised Angrily_Surprised Angrily_Disgusted Disgustedly_Surprised",
        "RAF-DB, compound expressions",
        terms=NO_TERMS,
    ),
    taxonomy(
        "music_quadrants4",
        "Q1 Q2 Q3 Q4",
        "EMOPIA, quadrants of the valence-arousal plane",
        terms=NO_TERMS,
        names={"Q1": "Q1 +V+A", "Q2": "Q2 -V+A", "Q3": "Q3 -V-A", "Q4": "Q4 +V-A"},
    ),
)
