"""A release in the layout of another tool.

A view is one file here with a ``VIEW`` (see `views.contract`); adding the file adds the format. Views read a
release and give the files of the layout, `views.rendering` writes them. Same release and options: same bytes.

======================  ===================================================================================
`views.contract`        what a view is: name, needs, options, `render`
`views.source`          what a view can read of a release
`views.answers`         answers of raters, cell by cell
`views.marks`           marks, read back from their cells: label, start, end and what else was said
`views.naming`          file names for items and raters
`views.texts`           numbers, CSV and XML as text, the same on every machine
`views.rendering`       check the needs, write beside the target, show it when all of it is there
======================  ===================================================================================
"""

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from affectory.client.errors import UsageError

if TYPE_CHECKING:
    from affectory.views.contract import View


@cache
def views() -> dict[str, "View"]:
    """Return the formats by name."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    ]
    found = [module.VIEW for module in modules if hasattr(module, "VIEW")]
    return {view.name: view for view in sorted(found, key=lambda view: view.name)}


def view_named(name: str) -> "View":
    """Return one format, or say which there are."""
    try:
        return views()[name]
    except KeyError:
        raise UsageError(f"there is no format {name!r}", f"there are: {', '.join(views())}") from None
