"""The API: routes of every resource, and those that rooms add.

A room adds routes in `web/api.py` with :data:`routes`; what changes something is wrapped in
:func:`writes`, answers with :func:`answer`, and fails with :class:`ApiProblem` or as actions do.
What reads a file before that asks :func:`answered` first.
"""

from linyin.platform.api.answers import answer, job_answer, made_answer, row_answer
from linyin.platform.api.documents import FileName
from linyin.platform.api.idempotency import answered, writes
from linyin.platform.api.listing import Rows, page_answer, require_known
from linyin.platform.api.problems import ApiProblem, FindingOut, findings_out
from linyin.platform.api.resource_routes import action_view
from linyin.platform.api.routes import actor_of, routes, routes_of
from linyin.platform.api.schemas import (
    JobOut,
    Key,
    Mass,
    Text,
    Version,
    new_schema,
    page_schema,
    query_schema,
    row_schema,
)
from linyin.platform.api.spooling import FILE_BODY, spool, spooled, upload_of
from linyin.platform.api.stated import form_values, node_of, record_values

__all__ = [
    "FILE_BODY",
    "ApiProblem",
    "FileName",
    "FindingOut",
    "JobOut",
    "Key",
    "Mass",
    "Rows",
    "Text",
    "Version",
    "action_view",
    "actor_of",
    "answer",
    "answered",
    "findings_out",
    "form_values",
    "job_answer",
    "made_answer",
    "new_schema",
    "node_of",
    "page_answer",
    "page_schema",
    "query_schema",
    "record_values",
    "require_known",
    "routes",
    "routes_of",
    "row_answer",
    "row_schema",
    "spool",
    "spooled",
    "upload_of",
    "writes",
]
