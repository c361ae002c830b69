"""What went wrong, in one form (RFC 9457) and in the caller's language."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Unreadable
from pydantic import Field

from linyin.lake import Finding
from linyin.platform.audit import plain
from linyin.platform.findings import finding_text_in_codes
from linyin.platform.history import field_words
from linyin.platform.models.record import Record
from linyin.platform.stale import Stale
from linyin.platform.words import say, words
from linyin.platform.work.errors import findings_of, may_pass
from linyin.platform.work.storage import storage_finding

__all__ = ["MEDIA_TYPE", "ApiProblem", "Problem", "problem_of", "problem_response"]

MEDIA_TYPE: Final = "application/problem+json"
_log: Final = logging.getLogger("linyin.api")


class Place(Schema):
    """Where in the caller's input something is wrong; empty = not known."""

    file: str = ""
    sheet: str = ""
    row: int | None = Field(None, description="Row of the table; in Parquet and Arrow from 1.")
    column: str = Field("", description="Field or column.")


class FindingOut(Schema):
    """One of several things that are wrong."""

    code: str
    severity: str = Field(description="`error` stops, `warning` is told, `question` asks.")
    detail: str = Field(description="In the caller's language.")
    where: Place


class Difference(Schema):
    """A field that somebody else has changed meanwhile."""

    field: str
    stated: Any = Field(
        description="What the request states; of a removal, what was there at its version."
    )
    there: Any = Field(description="What is there now.")
    label: str = Field(description="What the pages call the field, in the caller's language.")
    stated_text: str = Field(description="What is stated, as the pages write it.")
    there_text: str = Field(description="What is there now, as the pages write it.")


class Problem(Schema):
    """Why a request was not done (RFC 9457)."""

    type: str = Field("about:blank", description="Always `about:blank`: `code` tells them apart.")
    title: str = Field(description="The status in words, in English.")
    status: int
    code: str = Field(description="Stable name of what went wrong.")
    detail: str = Field(description="For people, in the language of `Accept-Language`.")
    where: str = Field("", description="The field that is wrong, if it is one.")
    findings: list[FindingOut] = Field([], description="Everything that is wrong, row by row.")
    version: int | None = Field(None, description="At `stale`: the version that is there now.")
    differences: list[Difference] = Field([], description="At `stale`: field by field.")
    preview: Any = Field(
        None,
        description="At `preview-needed` and `preview-changed`: what would happen, as a dry run "
        "tells it.",
    )


class ApiProblem(Exception):
    """A refusal by the API itself; its text is `problem.<code>` of the words.

    Parameters
    ----------
    status
        HTTP status.
    code
        Stable name.
    where
        The field that is wrong.
    headers
        Of the answer.
    preview
        What would happen, where the caller has to see that first.
    fields
        What the text is filled with.

    """

    def __init__(
        self,
        status: int,
        code: str,
        where: str = "",
        headers: Mapping[str, str] | None = None,
        preview: Any = None,
        **fields: object,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.where = status, code, where
        self.headers = dict(headers or {})
        self.preview, self.fields = preview, dict[str, Any](fields)


def problem_response(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> HttpResponse:
    """Return a problem as an answer."""
    from http.client import responses

    body = {
        "type": "about:blank", "title": responses.get(status, ""), "status": status,
        "code": code, "detail": detail, "where": "", "findings": [], "version": None,
        "differences": [], "preview": None,
    } | more  # fmt: skip
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        content_type=MEDIA_TYPE,
        status=status,
        headers=dict(headers or {}),
    )


def problem_of(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: C901 - a table
    """Return the answer to a request that failed."""
    match error:
        case ApiProblem():
            detail = say(f"problem.{error.code}", **error.fields)
            return problem_response(
                error.status, error.code, detail, where=error.where, headers=error.headers,
                preview=error.preview,
            )  # fmt: skip
        case Unreadable():
            return _unreadable(error.errors)
        case AuthenticationError():
            return problem_of(request, ApiProblem(401, "not-signed-in", headers=_CHALLENGE))
        case PermissionDenied():
            return problem_of(request, ApiProblem(403, "not-permitted"))
        case Http404():
            return problem_of(request, ApiProblem(404, "not-found"))
        case Stale():
            return _stale(error)
        case RequestDataTooBig():
            return problem_of(request, ApiProblem(413, "too-large"))
        case HttpError() if error.status_code == 403:
            return problem_of(request, ApiProblem(403, "csrf"))
        case HttpError():
            return problem_of(request, ApiProblem(error.status_code, "unreadable"))
        case ValidationError():
            return _invalid(error)
        case IntegrityError():
            return problem_of(request, ApiProblem(409, "conflict"))
    if may_pass(error):
        return problem_of(request, ApiProblem(503, "busy", headers={"Retry-After": "5"}))
    stuck = storage_finding(error)
    if stuck is not None:
        _log.error("%s %s: %s", request.method, request.path, error)
        return problem_response(507, stuck.code, finding_text_in_codes(stuck))
    found = findings_of(error)
    if found is not None:
        return findings_response(found)
    _log.exception("%s %s broke", request.method, request.path)
    return problem_of(request, ApiProblem(500, "broken"))


_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="linyin"'}


def findings_response(findings: Iterable[Finding], status: int = 0) -> HttpResponse:
    """Return findings: 422 if one points at the caller's input, else 409, a rule of the state."""
    found = list(findings)
    first = next((f for f in found if f.severity == "error"), found[0])
    points = any(f.at.column or f.at.row is not None or f.at.file for f in found)
    return problem_response(
        status or (422 if points else 409),
        first.code,
        finding_text_in_codes(first),
        where=first.at.column,
        findings=findings_out(found),
    )


def findings_out(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as the API gives them."""
    return [
        {
            "code": f.code,
            "severity": f.severity,
            "detail": finding_text_in_codes(f),
            "where": f.at.to_dict(),
        }
        for f in findings
    ]


def _stale(error: Stale) -> HttpResponse:
    stated = error.stated
    record = error.record
    differences = [
        _difference(record, name, value)
        for name, value in stated.items()
        if _shown(value) != _shown(getattr(record, name))
    ]
    return problem_response(
        409, "stale", say("record.stale"), version=error.record.version, differences=differences
    )


def _difference(record: Record, name: str, stated: Any) -> dict[str, Any]:
    there = _listed(getattr(record, name))
    label, stated_text = field_words(record, name, stated)
    return {
        "field": name, "stated": _shown(stated), "there": _shown(there),
        "label": label, "stated_text": stated_text,
        "there_text": field_words(record, name, there)[1],
    }  # fmt: skip


def _listed(value: Any) -> Any:
    """Return the records that a field leads to, where it leads to several."""
    from django.db.models import Manager

    return value.all() if isinstance(value, Manager) else value


def _shown(value: Any) -> Any:
    from django.db.models import Model, QuerySet

    value = _listed(value)
    if isinstance(value, QuerySet | list | tuple):
        return sorted(str(_shown(one)) for one in value)
    if isinstance(value, Model):
        return getattr(value, "code", value.pk)
    return plain(value)


def _invalid(error: ValidationError) -> HttpResponse:
    """Return what a form found wrong, field by field."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    found = [
        _found("field-invalid", "" if name == "__all__" else name, text)
        for name, texts in by_field.items()
        for text in texts
    ]
    first = found[0]
    return problem_response(
        422, first["code"], first["detail"], where=first["where"]["column"], findings=found
    )


def _unreadable(errors: Iterable[Mapping[str, Any]]) -> HttpResponse:
    found = [_found(*_misread(error)) for error in errors]
    first = found[0]
    return problem_response(
        422, first["code"], first["detail"], where=first["where"]["column"], findings=found
    )


def _found(code: str, field: str, detail: str) -> dict[str, Any]:
    where = {"file": "", "sheet": "", "row": None, "column": field}
    return {"code": code, "severity": "error", "detail": detail, "where": where}


_KINDS: Final = {
    "missing": "missing", "extra_forbidden": "unknown", "literal_error": "choice", "enum": "choice",
    "string_pattern_mismatch": "pattern", "string_too_long": "long", "string_too_short": "short",
    "too_long": "long", "too_short": "short", "greater_than_equal": "small",
    "less_than_equal": "large", "greater_than": "small", "less_than": "large",
    "json_invalid": "json",
}  # fmt: skip


def _misread(error: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return code, field and text of one of pydantic's errors."""
    kind = str(error["type"])
    name = _KINDS.get(kind) or (kind.partition("_")[0] if kind.endswith(_TYPED) else "wrong")
    key = f"field.{name}"
    if key not in words():
        name, key = "wrong", "field.wrong"
    context = {k: str(v) for k, v in (error.get("ctx") or {}).items()}
    bounds = ("ge", "le", "gt", "lt", "max_length", "min_length", "expected", "pattern")
    limit = next((context[b] for b in bounds if b in context), "")
    place = [str(part) for part in error["loc"][1:]]
    if place and place[0] in ("stated", "asked"):
        place = place[1:]
    return f"field-{name}", ".".join(place), say(key, limit=limit)


_TYPED: Final = ("_type", "_parsing", "_parsing_size", "_from_datetime_inexact", "_not_finite")
