"""Reading what was published, from the store."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

from exports.models import Release
from storage.facade import read_bytes


def table_of(release: Release, name: str) -> pa.Table:
    files = release.files.filter(path__startswith=f"{name}/").order_by("path")
    return pa.concat_tables([pq.read_table(io.BytesIO(read_bytes(file.sha256))) for file in files])
