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


# Who asks → how often: somebody who reaches everything, and who enters the data of one part.
ASKED = {"everything": 14, "data_owner": 4}


@pytest.mark.parametrize("who", ASKED)
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_as_it_is_described(name, who, caller_of):
    operation, caller = OPERATIONS[name], caller_of(who)
    known = {part: st.sampled_from(values) for part, values in known_of(operation.path).items()}

    @settings(max_examples=ASKED[who], deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        case=operation.as_strategy(),
        named=st.fixed_dictionaries({}, optional=known) | st.fixed_dictionaries(known),
    )
    def conforms(case, named):
        case.path_parameters |= {p: v for p, v in named.items() if p in case.path_parameters}
        response = case.call(headers=caller.headers)
        assert response.status_code != 401
        case.validate_response(response, checks=CHECKS)

    conforms()


def known_of(path: str) -> dict[str, list[str]]:
    """Return what may stand in an address, part by part: names of what is there."""
    from linyin.ledger.web.grid_models import SourceLine
    from linyin.platform.models import Document

    lines = SourceLine.objects.values_list("code", flat=True)
    documents = Document.objects.values_list("sha256", flat=True)
    known = {
        "key": keys_of(path.removeprefix("/api/v1/").partition("/")[0]),
        "other": keys_of("runs"),
        "site": ["S", "T"],
        "year": [2023, 2024],
        "month": ["2023-01", "2023-10"],
        "line": list(lines) or ["none"],
        "sha256": list(documents) or ["0" * 64],
    }
    return {part: values for part, values in known.items() if values and f"{{{part}}}" in path}


def keys_of(name: str) -> list[str]:
    """Return keys of records of a resource that are there."""
    from linyin.platform.actor import Actor
    from linyin.platform.models import Person
    from linyin.platform.resources import RESOURCES, Query

    if name not in RESOURCES:
        return []
    actor = Actor(Person.objects.get(email="everything@company.example"), "web")
    rows = RESOURCES[name].rows.page(RESOURCES[name].reach(actor), Query(size=3)).rows
    return [row["pk"] for row in rows]
