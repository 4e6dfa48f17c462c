"""The documents of a release for people: README.md, CHANGELOG.md, CITATION.cff.

What can be counted is generated; a researcher adds prose as sections of the `Card`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from affectory.release.difference import Difference
from affectory.release.manifest import SPLITS, ColumnRecord, FileRecord, TableRecord


@dataclass(frozen=True)
class Section:
    """A section of the datasheet, in Markdown."""

    title: str
    body: str


@dataclass(frozen=True)
class Card:
    """What a person has to say about a dataset. `rai` holds Croissant RAI terms (without prefix) to text."""

    title: str
    description: str
    licence: str
    licence_text: str = ""
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    url: str | None = None
    simulated: bool = False
    sections: tuple[Section, ...] = ()
    rai: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heading:
    """Which release the documents are of."""

    name: str
    version: str
    created_at: str
    digest: str


def readme(
    card: Card, heading: Heading, tables: tuple[TableRecord, ...], files: tuple[FileRecord, ...]
) -> str:
    """Return README.md: YAML that Hugging Face `datasets` reads, then the datasheet."""
    sections = [
        Section("Use it", _usage(heading)),
        Section("What is inside", _composition(tables)),
        *card.sections,
        Section("Columns", "\n\n".join(_columns(table) for table in tables)),
    ]
    warning = (
        "> **Simulated ratings.** Some or all raters of this release are programs, not people "
        "(column `simulated`).\n\n"
        if card.simulated
        else ""
    )
    body = "\n\n".join(f"## {section.title}\n\n{section.body.strip()}" for section in sections)
    return (
        f"{_front_matter(card, tables, files)}\n# {card.title}\n\n{warning}{card.description.strip()}\n\n"
        f"Release {heading.version} of `{heading.name}`, made {heading.created_at}. "
        f"Licence: {card.licence}.  \n"
        f"Identity of the values: `{heading.digest}`\n\n{body}\n"
    )


def changelog(heading: Heading, difference: Difference | None, notes: str, earlier: str) -> str:
    """Return CHANGELOG.md with the entry of this release on top of the `earlier` text."""
    reasons = difference.reasons if difference is not None else ("First release.",)
    lines = [f"- {reason}" for reason in reasons or ("The same values as before.",)]
    words = f"{notes.strip()}\n\n" if notes.strip() else ""
    entry = f"## {heading.version} ({heading.created_at[:10]})\n\n{words}" + "\n".join(lines) + "\n"
    older = earlier.removeprefix("# Changelog").strip()
    return f"# Changelog\n\n{entry}" + (f"\n{older}\n" if older else "")


def citation(card: Card, heading: Heading) -> str:
    """Return CITATION.cff (Citation File Format 1.2.0)."""
    authors = card.authors or (f"The makers of {card.title}",)
    lines = [
        "cff-version: 1.2.0",
        "type: dataset",
        "message: If you use this dataset, please cite it as below.",
        f"title: {_yaml(card.title)}",
        f"version: {_yaml(heading.version)}",
        f"date-released: {_yaml(heading.created_at[:10])}",
        f"license: {_yaml(card.licence)}",
        *([f"url: {_yaml(card.url)}"] if card.url else []),
        "authors:",
        *(f"  - name: {_yaml(author)}" for author in authors),
    ]
    return "\n".join(lines) + "\n"


def licence(card: Card) -> str:
    text = card.licence_text or f"This dataset is licensed under {card.licence}."
    return text.rstrip("\n") + "\n"


def _front_matter(card: Card, tables: tuple[TableRecord, ...], files: tuple[FileRecord, ...]) -> str:
    lines = ["---", f"pretty_name: {_yaml(card.title)}", f"license: {_yaml(card.licence.lower())}"]
    lines += _yaml_list("language", card.languages) + _yaml_list("tags", card.keywords) + ["configs:"]
    for table in tables:
        lines += [f"  - config_name: {_yaml(table.name)}"]
        lines += ["    default: true"] if table.name == "items" else []
        lines += ["    data_files:"]
        for part in _in_order(part.name for part in table.parts):
            folder = PurePosixPath(
                next(f.path for f in files if (f.table, f.part) == (table.name, part))
            ).parent
            lines += [f"      - split: {_yaml(part)}", f"        path: {_yaml(f'{folder}/{part}-*.parquet')}"]
    return "\n".join([*lines, "---", ""])


def _yaml(text: str) -> str:
    """Return `text` as a YAML string: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)


def _yaml_list(key: str, values: tuple[str, ...]) -> list[str]:
    return [f"{key}:", *(f"  - {_yaml(value)}" for value in values)] if values else []


def _in_order(parts: Iterable[str]) -> list[str]:
    return sorted(parts, key=lambda part: (SPLITS.index(part) if part in SPLITS else len(SPLITS), part))


def _usage(heading: Heading) -> str:
    ref = f"{heading.name}@{heading.version}"
    return (
        "```sh\npip install affectory\n"
        "affectory login URL  # of the server that publishes it\n"
        f"affectory add {ref}  # writes dataset.lock: commit it\n"
        "affectory sync --frozen  # in CI: exactly these values\n```\n\n"
        "```python\nimport affectory\n\n"
        f'train = affectory.load("{heading.name}", lock="dataset.lock", split="train").to_pandas()\n```\n\n'
        f"As a folder: `affectory pull {ref}`. "
        'Without the client: `pandas.read_parquet("items")`, '
        '`datasets.load_dataset("<this folder>", "annotations")`, '
        "DuckDB, polars and everything else that reads Parquet."
    )


def _composition(tables: tuple[TableRecord, ...]) -> str:
    parts = _in_order({part.name for table in tables for part in table.parts})
    rows = []
    for table in tables:
        counts = {part.name: f"{part.rows:,}" for part in table.parts}
        rows.append([f"`{table.name}`", table.description, *(counts.get(part, "") for part in parts)])
    return _table(["table", "a row is", *parts], rows, right=len(parts))


def _columns(table: TableRecord) -> str:
    key = ", ".join(f"`{name}`" for name in table.primary_key)
    rows = [
        [
            f"`{c.name}`",
            c.type.replace("element: ", "").replace("item: ", ""),
            c.description,
            _range(c),
            c.source or "",
        ]
        for c in table.columns
    ]
    header = ["column", "type", "meaning", "unit and limits", "source"]
    return f"### {table.name}\n\nPrimary key: {key}.\n\n" + _table(header, rows)


def _range(column: ColumnRecord) -> str:
    limits = ""
    if column.minimum is not None or column.maximum is not None:
        low = "" if column.minimum is None else f"{column.minimum:g}"
        high = "" if column.maximum is None else f"{column.maximum:g}"
        limits = f"{low} .. {high}".strip()
    return " ".join(part for part in (column.unit or "", limits) if part)


def _table(header: list[str], rows: list[list[str]], right: int = 0) -> str:
    rule = ["---"] * (len(header) - right) + ["---:"] * right
    return "\n".join(f"| {' | '.join(_cell(text) for text in row)} |" for row in [header, rule, *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
