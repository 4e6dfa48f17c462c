"""What raters said of themselves, as far as a release may tell it: in bands, and no row that fewer than k share."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from affectory.release.bands import banded, joint_bands
from annotation.facade import ExportedStudy, order_of
from exports.services.source import Source

Told = tuple[str | None, ...]


@dataclass(frozen=True)
class ToldRaters:
    """``columns``: name -> what was asked; ``rows``: pseudonym -> column -> band, None where it is not told.

    Only people who were asked are in ``rows``; each shares all of her row with at least ``k`` - 1 others.
    """

    columns: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str | None]]
    k: int

    def counts(self) -> dict[str, dict[str, int]]:
        """Column -> band -> people, as the table has them, so that they give no more away; ``not told`` last."""
        found = {}
        for column in self.columns:
            bands = Counter(row[column] for row in self.rows.values() if column in row)
            untold = bands.pop(None, 0)
            told = {
                str(band): n for band, n in sorted(bands.items(), key=lambda pair: (-pair[1], str(pair[0])))
            }
            found[column] = {**told, **({"not told": untold} if untold else {})}
        return found


def told_raters(source: Source, raters: Collection[str], k: int) -> ToldRaters:
    """Of these raters, in bands of at least k: first each question by itself, then all of a study's together."""
    columns: dict[str, str] = {}
    rows: dict[str, dict[str, str | None]] = {}
    for study in {question.study.slug: question.study for question in source.questions}.values():
        names = [f"about_{one['key']}" for one in study.about_you]
        for name, one in zip(names, study.about_you, strict=True):
            columns.setdefault(name, one["prompt"])
        said = {rater: told for rater, told in study.self_descriptions().items() if rater in raters}
        # Nobody hides among the people of another study: who was in which one can be seen.
        bands = joint_bands(_banded(study, list(said.values()), k), k)
        rows |= {rater: dict(zip(names, told, strict=True)) for rater, told in zip(said, bands, strict=True)}
    return ToldRaters(columns, rows, k)


def _banded(study: ExportedStudy, said: Sequence[Told], k: int) -> list[Told]:
    values = zip(*said, strict=True)
    by_question = [
        banded(given, k, order_of(asked)) for asked, given in zip(study.about_you, values, strict=False)
    ]
    return list(zip(*by_question, strict=True))
