"""Label sets that describe something else than emotions: faces, acts, scenes, cues, soundscapes, change."""

from affectory.taxonomy.building import NO_TERMS, taxonomy

_AUS22 = (
    "AU1 AU2 AU4 AU6 AU7 AU9 AU10 AU12 AU14 AU15 AU16 AU17 AU18 AD19 AU20 AU23 AU24 AU25 AU2X AU28 AD32 AU43E"
)
_AUS17 = "AU1 AU2 AU4 AU6 AU7 AU9 AU10 AU12 AU14 AU15 AU16 AU17 AU20 AU23 AU24 AU25 AU2X"
_AU_NAMES = {"AU2X": "AU2X (26/27)"}
_ACTS = {
    "g": "greeting",
    "q": "question",
    "ans": "answer",
    "sv": "statement-opinion",
    "sd": "statement-non-opinion",
    "fa": "apology",
    "c": "command",
    "aa": "agreement/acceptance",
    "dag": "disagreement",
    "a": "acknowledge",
    "ba": "appreciation",
    "ij": "interjection",
    "fc": "conventional-closing",
    "ft": "thanking",
    "^q": "quotation",
    "rj": "reject",
    "ir": "irony",
    "cf": "comfort",
    "oth": "other",
}
_CUES = {
    "onset": "AUDIO CONTEXT FACE GESTURE NARRATOR VERBAL",
    "offset": "CHARLEFT EMOCHANGE EMOFADED SCENEEND",
}
_CUE_PARENTS = {cue: side for side, cues in _CUES.items() for cue in cues.split()}

DESCRIPTIONS = (
    taxonomy(
        "hrm_aus22",
        _AUS22,
        "HRM, facial action units and descriptors",
        terms=NO_TERMS,
        names=_AU_NAMES,
        maps={"hrm_aus17": {key: key if key in _AUS17.split() else None for key in _AUS22.split()}},
    ),
    taxonomy(
        "hrm_aus17", _AUS17, "HRM, the action units that are evaluated", terms=NO_TERMS, names=_AU_NAMES
    ),
    taxonomy("cped_dialogue_acts19", _ACTS, "CPED, dialogue acts", terms=NO_TERMS, names=_ACTS),
    taxonomy(
        "cped_scenes11",
        "home office school mall hospital restaurant sports-venue entertainment-venue car outdoor "
        "other-scene",
        "CPED, scenes",
        terms=NO_TERMS,
    ),
    taxonomy(
        "esconv_strategies8",
        "Questions Restatement_or_Paraphrasing Reflection_of_feelings Self-disclosure "
        "Affirmation_and_Reassurance Providing_Suggestions Information Other",
        "ESConv, strategies of support",
        terms=NO_TERMS,
    ),
    taxonomy(
        "epitome",
        "emotional_reactions interpretations explorations",
        "EPITOME, mechanisms of empathy, each from 0 to 2",
        terms=NO_TERMS,
    ),
    taxonomy(
        "surgical_feedback5",
        "Anatomic Technical Procedural Praise Visual_Aid",
        "feedback in the operating room",
        terms=NO_TERMS,
    ),
    taxonomy(
        "iso12913_paq8",
        "pleasant eventful chaotic vibrant uneventful calm annoying monotonous",
        "ISO/TS 12913-2, perceived affective quality of soundscapes",
        terms=NO_TERMS,
    ),
    taxonomy(
        "studyforrest_cues",
        [*_CUES, *_CUE_PARENTS],
        "studyforrest, cues of the onset and the offset of an episode",
        terms=NO_TERMS,
        parents=_CUE_PARENTS,
    ),
    taxonomy(
        "cpm_components4",
        "behavior feeling thinking territory",
        "French guided narratives, components after the component process model",
        terms=NO_TERMS,
    ),
    taxonomy(
        "turning_point_types4",
        "emotion behaviour perspective decision",
        "MTP, kinds of turning points",
        terms=NO_TERMS,
    ),
)
