"""Releases on disk: manifest, digests, Parquet writer, differences, version rule, verification, lock file.

The modules, in the order in which a release meets them:

======================  =====================================================================================
`release.tables`        what a table is: columns with their meaning, primary key; the standard tables
`release.encoding`      the canonical bytes of a row, from which every value digest is made
`release.digests`       row digests, part and table digests
`release.parquet`       one table part to Parquet files with reproducible bytes
`release.writer`        a whole release folder
`release.bands`         demographics in bands of at least k people
`release.card`          README.md, CHANGELOG.md, CITATION.cff
`release.croissant`     croissant.json
`release.croissant_check`  what the public validator lets pass: misspelt terms, unknown columns, no name
`release.manifest`      manifest.json as frozen dataclasses (imports no pyarrow)
`release.folder`        open a release folder and read its tables
`release.difference`    what changed between two releases, and the smallest legal version bump
`release.versions`      semantic versions and ranges
`release.verify`        does a folder hold what its manifest says
`release.merging`       the rows that only one of two versions of a table has
`release.proof`         a successor is a withdrawn release minus rows
`release.report`        balance and leaks of the splits
`release.lock`          dataset.lock
======================  =====================================================================================
"""
