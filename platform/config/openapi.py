"""The OpenAPI schema as the server gives it out."""

from threading import Lock
from typing import Any, ClassVar

from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request


class SharedSchemaGenerator(SchemaGenerator):
    """Makes the schema once in a process, as it is the same for everybody.

    Each view class has one inspector that all threads share: two that make the schema at once would
    read each other's views (drf-spectacular issue 1123).
    """

    making = Lock()
    made: ClassVar[dict[str, Any]] = {}

    def get_schema(
        self,
        request: Request | None = None,  # noqa: ARG002
        public: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> dict[str, Any]:
        with self.making:
            if not self.made:
                self.made.update(super().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]
            return self.made
