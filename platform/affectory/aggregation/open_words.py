"""Free-vocabulary labels as sets: synonyms joined, and one set compared with another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetScore:
    """How two sets of free labels overlap.

    Attributes
    ----------
    precision, recall, f1 : float or None
        0 to 1 after joining synonyms; None where the set divided by is empty.
    reason : str or None
        Which set is empty.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WordTally:
    """Free labels of one unit, joined and counted.

    Attributes
    ----------
    raters_per_word : mapping of str to int
        How many raters used the word or a synonym, most used first.
    kept : frozenset of str
        Words that at least `min_raters` raters used.
    n_raters : int
    """

    raters_per_word: Mapping[str, int]
    kept: frozenset[str]
    n_raters: int


def canonical(words: Iterable[str], synonyms: Mapping[str, str]) -> frozenset[str]:
    """Join synonyms.

    Parameters
    ----------
    words : iterable of str
        Upper and lower case and outer blanks do not matter; empty words are left out.
    synonyms : mapping of str to str
        Word to the word that stands for it, both in lower case.

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> sorted(canonical(["Glad ", "happy", "tense"], {"glad": "happy"}))
    ['happy', 'tense']
    """
    plain = (word.strip().casefold() for word in words)
    return frozenset(synonyms.get(word, word) for word in plain if word)


def tally_words(
    answers: Iterable[Iterable[str]], *, synonyms: Mapping[str, str], min_raters: int = 1
) -> WordTally:
    """Count by how many raters each word was used; a rater counts once per word.

    Parameters
    ----------
    answers : iterable of iterables of str
        The words of each rater for one unit.
    synonyms : mapping of str to str
    min_raters : int

    Returns
    -------
    WordTally

    Examples
    --------
    >>> tally_words([["glad", "happy"], ["happy"], ["tense"]], synonyms={"glad": "happy"}, min_raters=2).kept
    frozenset({'happy'})
    """
    if min_raters < 1:
        raise ValueError(f"min_raters: at least 1, not {min_raters}")
    sets = [canonical(words, synonyms) for words in answers]
    counts: dict[str, int] = {}
    for chosen in sets:
        for word in chosen:
            counts[word] = counts.get(word, 0) + 1
    ordered = dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
    kept = frozenset(word for word, times in ordered.items() if times >= min_raters)
    return WordTally(ordered, kept, len(sets))


def compare_words(found: Iterable[str], wanted: Iterable[str], *, synonyms: Mapping[str, str]) -> SetScore:
    """Compare two sets of free labels.

    Parameters
    ----------
    found : iterable of str
        What is judged (a model's or a rater's words).
    wanted : iterable of str
        What it is judged against.
    synonyms : mapping of str to str

    Returns
    -------
    SetScore

    Examples
    --------
    >>> compare_words(["glad", "calm"], ["happy"], synonyms={"glad": "happy"})
    SetScore(precision=0.5, recall=1.0, f1=0.6666666666666666, reason=None)
    """
    first, second = canonical(found, synonyms), canonical(wanted, synonyms)
    both = len(first & second)
    empty = [name for name, words in (("found", first), ("wanted", second)) if not words]
    return SetScore(
        precision=both / len(first) if first else None,
        recall=both / len(second) if second else None,
        f1=2 * both / (len(first) + len(second)) if first or second else None,
        reason=f"no words: {', '.join(empty)}" if empty else None,
    )
