"""The API does what its OpenAPI document says, whatever it is sent (schemathesis)."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import (
    negative_data_rejection,
    not_a_server_error,
)
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
)
for media in ("application/vnd.apache.parquet", "application/vnd.apache.arrow.stream"):
    schemathesis.openapi.media_type(media, st.binary(max_size=200))
SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
OPERATIONS = {
    f"{o.method.upper()} {o.path}": o for o in (r.ok() for r in SCHEMA.get_all_operations())
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_as_it_is_described(name, office):
    operation = OPERATIONS[name]
    known = keys_of(operation.path)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), known_key=st.sampled_from(known) | st.none())
    def conforms(case, known_key):
        if known_key is not None and "key" in case.path_parameters:
            case.path_parameters["key"] = known_key
        if known_key is not None and "site" in case.path_parameters:
            case.path_parameters["site"] = known_key
        response = case.call(headers=office.headers)
        assert response.status_code != 401
        case.validate_response(response, checks=CHECKS)

    conforms()


def keys_of(path: str) -> list[str | None]:
    """Return keys of records that are there, for the resource of a path."""
    from linyin.platform.actor import Actor
    from linyin.platform.models import Person
    from linyin.platform.resources import RESOURCES, Query

    resource = RESOURCES.get(path.removeprefix("/api/v1/").partition("/")[0])
    if resource is None:
        return ["S", "T"] if path.startswith("/api/v1/grid/") else [None]
    actor = Actor(Person.objects.get(email="everything@company.example"), "web")
    rows = resource.rows.page(resource.reach(actor), Query(size=3)).rows
    return [row["pk"] for row in rows] or [None]
