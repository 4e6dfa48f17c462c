"""A stricter check of croissant.json than the public validator's.

That one accepts misspelt terms (unknown ones are ignored, so the text is lost), columns that the files do not have,
and a dataset without a name. Each of them is a problem here, named with its place in the document.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from affectory.release.errors import VersionError
from affectory.release.manifest import FileRecord, TableRecord
from affectory.release.versions import Version

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
RAI_CONFORMS_TO = "http://mlcommons.org/croissant/RAI/1.0"
# The vocabulary of Croissant RAI 1.0.
RAI_TERMS = frozenset(
    {
        "annotationsPerItem",
        "annotatorDemographics",
        "dataAnnotationAnalysis",
        "dataAnnotationPlatform",
        "dataAnnotationProtocol",
        "dataBiases",
        "dataCollection",
        "dataCollectionMissingData",
        "dataCollectionRawData",
        "dataCollectionTimeframe",
        "dataCollectionType",
        "dataImputationProtocol",
        "dataLimitations",
        "dataManipulationProtocol",
        "dataPreprocessingProtocol",
        "dataReleaseMaintenancePlan",
        "dataSocialImpact",
        "dataUseCases",
        "machineAnnotationTools",
        "personalSensitiveInformation",
    }
)
# The terms of Croissant 1.1 and schema.org that may stand in each kind of node beside those of every node.
_TERMS = {
    "sc:Dataset": (
        "@context alternateName citeAs conformsTo creator dateCreated dateModified datePublished distribution "
        "inLanguage isLiveDataset keywords license publisher recordSet sameAs sdLicense sdVersion url usageInfo "
        "version"
    ),
    "cr:FileObject": "containedIn contentSize contentUrl encodingFormat md5 sameAs sha256",
    "cr:FileSet": "containedIn encodingFormat excludes includes",
    "cr:RecordSet": "annotation data dataType examples field key",
    "cr:Field": (
        "annotation arrayShape dataType equivalentProperty isArray parentField references repeated source "
        "subField value"
    ),
    "sc:Person": "affiliation email url",
    "sc:Organization": "email url",
}
_ALLOWED = {kind: {"@type", "@id", "name", "description", *terms.split()} for kind, terms in _TERMS.items()}
_ALLOWED["sc:Dataset"] |= {f"rai:{term}" for term in RAI_TERMS}
_REQUIRED = {
    "sc:Dataset": (
        "name",
        "description",
        "conformsTo",
        "license",
        "url",
        "version",
        "datePublished",
    ),
    "cr:FileObject": ("@id", "name", "contentUrl", "encodingFormat", "sha256"),
    "cr:FileSet": ("@id", "name", "encodingFormat", "includes"),
    "cr:RecordSet": ("@id", "name", "field"),
    "cr:Field": ("@id", "name", "dataType"),
    "sc:Person": ("name",),
    "sc:Organization": ("name",),
}
_MEMBERS = ("creator", "publisher", "distribution", "recordSet", "field", "subField", "annotation")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# The public reader opens Parquet under this name only.
_PARQUET = "application/x-parquet"


def croissant_problems(
    document: Mapping[str, Any], tables: Sequence[TableRecord], files: Sequence[FileRecord]
) -> list[str]:
    """Say what is wrong with croissant.json of a release.

    Parameters
    ----------
    document : mapping
        The parsed croissant.json.
    tables, files : sequences
        Those of the manifest.

    Returns
    -------
    list of str
        One sentence for each problem with its place; empty when there is none.
    """
    return [
        *_terms(document, "dataset"),
        *_dataset(document),
        *_file_objects(document, files),
        *_record_sets(document, tables, files),
    ]


def _terms(node: Mapping[str, Any], where: str) -> Iterator[str]:
    """Check type, terms and required terms of a node and of the nodes in it."""
    kind = node.get("@type")
    if kind not in _ALLOWED:
        yield f"{where}: @type {kind!r} is none of {', '.join(_ALLOWED)}"
        return
    for term in node:
        if term not in _ALLOWED[kind]:
            close = get_close_matches(term, _ALLOWED[kind], n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            yield f"{where}: {term!r} is not a term of {kind}{hint}"
    for term in _REQUIRED[kind]:
        if node.get(term) in (None, "", []):
            yield f"{where}: {term} is missing"
    for member in _MEMBERS:
        for inner in _nodes(node.get(member)):
            yield from _terms(inner, f"{where} > {inner.get('@id') or inner.get('name') or member}")


def _nodes(value: Any) -> list[Mapping[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    return [node for node in listed if isinstance(node, Mapping) and set(node) != {"@id"}]


def _dataset(document: Mapping[str, Any]) -> Iterator[str]:
    for profile in (CONFORMS_TO, RAI_CONFORMS_TO):
        if profile not in (document.get("conformsTo") or ()):
            yield f"dataset: conformsTo does not name {profile}"
    try:
        Version.parse(str(document.get("version")))
    except VersionError as error:
        yield f"dataset: version: {error}"
    for term, value in document.items():
        texts = value if isinstance(value, list) else [value]
        if term.startswith("rai:") and not all(isinstance(text, str) and text.strip() for text in texts):
            yield f"dataset: {term} is not text; RAI terms have no structure"


def _file_objects(document: Mapping[str, Any], files: Sequence[FileRecord]) -> Iterator[str]:
    known = {file.path: file for file in files}
    for node in _nodes(document.get("distribution")):
        where, url, sha256 = f"dataset > {node.get('@id')}", node.get("contentUrl"), str(node.get("sha256"))
        if node.get("@type") != "cr:FileObject":
            continue
        if url not in known:
            yield f"{where}: the release has no file {url!r}"
        elif known[url].sha256 != sha256:
            yield f"{where}: sha256 is not that of {url}"
        if not _SHA256.fullmatch(sha256):
            yield f"{where}: {sha256!r} is not a SHA-256"
        if str(url).endswith(".parquet") and node.get("encodingFormat") != _PARQUET:
            yield f"{where}: encodingFormat of Parquet is {_PARQUET}"


def _record_sets(
    document: Mapping[str, Any], tables: Sequence[TableRecord], files: Sequence[FileRecord]
) -> Iterator[str]:
    table_of = {file.path: file.table for file in files}
    columns = {table.name: set(table.kinds) for table in tables}
    objects = {node.get("@id"): node.get("contentUrl") for node in _nodes(document.get("distribution"))}
    described: dict[str, set[str]] = {}
    for record_set in _nodes(document.get("recordSet")):
        fields = _nodes(record_set.get("field"))
        ids = {field.get("@id") for field in fields}
        for key in record_set.get("key") or ():
            if key.get("@id") not in ids:
                yield f"dataset > {record_set.get('@id')}: key {key.get('@id')!r} is none of its fields"
        for field in [inner for outer in fields for inner in (outer, *_nodes(outer.get("annotation")))]:
            where = f"dataset > {record_set.get('@id')} > {field.get('@id')}"
            object_id, column = _source(field)
            if object_id not in objects:
                yield f"{where}: {object_id!r} is none of the files of the distribution"
                continue
            table = table_of.get(str(objects[object_id])) or ""
            described.setdefault(table, set()).add(str(column))
            if column not in columns.get(table, ()):
                yield f"{where}: {objects[object_id]} has no column {column!r}"
    with_rows = {file.table for file in files if file.table and file.rows}
    for table in sorted(with_rows):
        for column in sorted(columns.get(table, set()) - described.get(table, set())):
            yield f"dataset: column {column!r} of table {table} is not described"


def _source(field: Mapping[str, Any]) -> tuple[Any, Any]:
    source = field.get("source") or {}
    return (source.get("fileObject") or {}).get("@id"), (source.get("extract") or {}).get("column")
