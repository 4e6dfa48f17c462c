"""What shows or says the same in another file: fingerprints, and the search for those that agree."""

from affectory.alike.films import film_print
from affectory.alike.pictures import SamePicture, picture_print, same_pictures
from affectory.alike.sequences import SameStretch, same_stretches
from affectory.alike.sounds import sound_print
from affectory.alike.words import SameWords, phrases_of, same_words

__all__ = [
    "SamePicture",
    "SameStretch",
    "SameWords",
    "film_print",
    "phrases_of",
    "picture_print",
    "same_pictures",
    "same_stretches",
    "same_words",
    "sound_print",
]
