"""What each step of the demo promises. A promise that was not kept is a DemoError that names what is missing."""

from collections.abc import Iterable, Mapping, Sequence

from config.demo.plan import BROKEN, KINDS, RATERS_PER_STUDY, SPLITS, DemoError, DemoStudy


def check_ingested(*, kinds: Iterable[str], lost: Iterable[str], quarantined: Iterable[str]) -> None:
    """``kinds``: of the items; ``lost``: what was made and is no item; ``quarantined``: of the files made."""
    _nothing_missing("The corpus has no items of the kinds", KINDS - set(kinds))
    _nothing_missing("Made, but not among the items:", set(lost))
    _nothing_missing("Quarantined, although it is a good file:", set(quarantined) - BROKEN)
    _nothing_missing("Not quarantined, although it is broken:", BROKEN - set(quarantined))


def check_rated(study: DemoStudy, codes: Sequence[str | None]) -> None:
    """``codes``: the completion code of each rater."""
    given = sum(map(bool, codes))
    if given < RATERS_PER_STUDY:
        raise DemoError(
            f"{study.slug}: {given} of {RATERS_PER_STUDY} simulated raters have a completion code."
        )


def check_analysed(study: DemoStudy, agreement: Iterable[str], gold: Iterable[str]) -> None:
    """``agreement`` and ``gold``: what has a value, in the words of the plan."""
    _nothing_missing(f"{study.slug}: no agreement", study.agreement - set(agreement))
    _nothing_missing(f"{study.slug}: no gold", study.gold - set(gold))


def check_released(sizes: Mapping[str, int]) -> None:
    """``sizes``: items per split."""
    _nothing_missing("No items in the splits", {split for split in SPLITS if not sizes.get(split)})


def check_loaded(*, published: Mapping[str, int], loaded: Mapping[str, int]) -> None:
    """Rows by table: as the server says, and as read from the files."""
    wrong = {
        f"{table} ({loaded.get(table, 0)} rows of {rows})"
        for table, rows in published.items()
        if loaded.get(table, 0) != rows or not rows
    }
    _nothing_missing("Not loaded as published:", wrong)


def _nothing_missing(what: str, missing: Iterable[str]) -> None:
    named = sorted(missing)
    if named:
        raise DemoError(f"{what} {', '.join(named)}.")
