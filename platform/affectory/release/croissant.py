"""croissant.json: Croissant 1.1 with the RAI vocabulary.

One FileObject per Parquet file and one RecordSet for each (readers do not join several files to one
RecordSet). Columns of the annotations and traces tables carry the rater as a `prov:wasAttributedTo`
annotation, so a reader knows whose answer each value is.
"""

import json
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from affectory.release.card import Card, Heading
from affectory.release.croissant_check import CONFORMS_TO, RAI_CONFORMS_TO, RAI_TERMS, croissant_problems
from affectory.release.errors import ReleaseError
from affectory.release.manifest import ColumnRecord, FileRecord, TableRecord

# As in appendix 1 of the specification (with the https form of schema.org and the four terms of 1.0 that
# mlcroissant insists on), and the provenance vocabulary that our annotations use.
_PLAIN_TERMS = (
    "annotation arrayShape citeAs column containedIn equivalentProperty excludes extract field fileProperty "
    "fileObject fileSet format includes isArray isLiveDataset jsonPath key md5 parentField path recordSet "
    "references regex repeated replace readLines samplingRate sdVersion separator source subField transform "
    "unArchive value"
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _PLAIN_TERMS.split()},
}
_DATA_TYPES = {
    "bool": "sc:Boolean",
    "int": "sc:Integer",
    "float": "sc:Float",
    "text": "sc:Text",
    "instant": "sc:DateTime",
    "local time": "sc:DateTime",
    "date": "sc:Date",
}


def croissant(
    card: Card, heading: Heading, tables: tuple[TableRecord, ...], files: tuple[FileRecord, ...]
) -> str:
    """Return croissant.json."""
    misspelt = sorted(set(card.rai) - RAI_TERMS)
    if misspelt:
        raise ReleaseError(
            f"{misspelt[0]!r} is not a term of Croissant RAI 1.0; it has {', '.join(sorted(RAI_TERMS))}"
        )
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": heading.name,
        "alternateName": card.title,
        "description": card.description or card.title or heading.name,
        "conformsTo": [CONFORMS_TO, RAI_CONFORMS_TO],
        "license": card.licence,
        "url": card.url or f"urn:affectory:{heading.name}",
        "version": heading.version,
        "datePublished": heading.created_at,
        "citeAs": _citation(card, heading),
        "isLiveDataset": False,
        **(
            {"creator": [{"@type": "sc:Person", "name": name} for name in card.authors]}
            if card.authors
            else {}
        ),
        **({"keywords": list(card.keywords)} if card.keywords else {}),
        **({"inLanguage": list(card.languages)} if card.languages else {}),
        **{f"rai:{term}": text for term, text in sorted(card.rai.items())},
        "distribution": [
            _file_object(file) for file in sorted(files, key=lambda file: file.path) if file.table
        ],
        "recordSet": [
            _record_set(table, file, id_) for table in tables for id_, file in _record_files(table, files)
        ],
    }
    problems = croissant_problems(described, tables, files)
    if problems:
        raise ReleaseError(f"croissant.json would be wrong: {'; '.join(problems)}")
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def _citation(card: Card, heading: Heading) -> str:
    authors = ", ".join(card.authors) or card.title
    return f"{authors}: {card.title}, version {heading.version}, {heading.digest}"


def _file_object(file: FileRecord) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": "application/x-parquet",
        "sha256": file.sha256,
    }


def _record_files(table: TableRecord, files: tuple[FileRecord, ...]) -> Iterable[tuple[str, FileRecord]]:
    """Give the files of a table with the id of their RecordSet: its name, or `<table>-<file stem>`."""
    own = sorted(
        (file for file in files if file.table == table.name and file.rows), key=lambda file: file.path
    )
    for file in own:
        stem = PurePosixPath(file.path).stem.removesuffix("-00000-of-00001")
        yield (table.name if len(own) == 1 else f"{table.name}-{stem}"), file


def _record_set(table: TableRecord, file: FileRecord, id_: str) -> dict[str, Any]:
    source = {"fileObject": {"@id": file.path}}
    by_rater = "rater_id" in table.primary_key and len(table.primary_key) > 1
    return {
        "@type": "cr:RecordSet",
        "@id": id_,
        "name": id_,
        "description": table.description,
        "key": [{"@id": f"{id_}/{name}"} for name in table.primary_key],
        "field": [_field(id_, column, source, by_rater=by_rater) for column in table.columns],
    }


def _field(
    record_set: str, column: ColumnRecord, source: dict[str, Any], *, by_rater: bool
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{record_set}/{column.name}",
        "name": column.name,
        "description": column.description,
        **_data_type(column.kind),
        "source": {**source, "extract": {"column": column.name}},
    }
    if by_rater and column.source is None and column.name.startswith("value"):
        described["annotation"] = {
            "@type": "cr:Field",
            "@id": f"{record_set}/{column.name}/rater",
            "name": f"{column.name}/rater",
            "description": "Pseudonym of the rater who gave the value",
            "dataType": "sc:Text",
            "equivalentProperty": "prov:wasAttributedTo",
            "source": {**source, "extract": {"column": "rater_id"}},
        }
    return described


def _data_type(kind: str) -> dict[str, Any]:
    member = kind.removeprefix("list<").removesuffix(">")
    if member != kind:
        return {"dataType": _DATA_TYPES.get(member, "sc:Text"), "isArray": True, "arrayShape": "-1"}
    return {"dataType": _DATA_TYPES.get(kind, "sc:Text")}
