"""The pages' types come from the OpenAPI schema; `npm run check` compares the types with the committed schema."""

import json

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator


def test_committed_schema_is_the_schema_of_this_code():
    committed = settings.REPOSITORY / "frontend" / "openapi.json"
    current = SchemaGenerator().get_schema(request=None, public=True)
    same = json.loads(committed.read_text(encoding="utf-8")) == json.loads(json.dumps(current))
    assert same, "The API has changed: run `make api-types` and commit what it wrote."
