"""The API: routes of every resource, and those that rooms add.

A room adds routes in `web/api.py` with :data:`routes`; what changes something is wrapped in
:func:`writes`, answers with :func:`answer`, and fails with :class:`ApiProblem` or as actions do.
"""

from linyin.platform.api.answers import answer, job_answer
from linyin.platform.api.idempotency import writes
from linyin.platform.api.listing import Rows, page_answer
from linyin.platform.api.problems import ApiProblem
from linyin.platform.api.resource_routes import action_view
from linyin.platform.api.routes import actor_of, routes
from linyin.platform.api.schemas import (
    JobOut,
    Key,
    Mass,
    Text,
    page_schema,
    query_schema,
    row_schema,
)
from linyin.platform.api.spooling import spool

__all__ = [
    "ApiProblem",
    "JobOut",
    "Key",
    "Mass",
    "Rows",
    "Text",
    "action_view",
    "actor_of",
    "answer",
    "job_answer",
    "page_answer",
    "page_schema",
    "query_schema",
    "routes",
    "row_schema",
    "spool",
    "writes",
]
