"""Files of records by the API: the body is the file, the answer what it would do, or did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import ConfigDict, Field

from linyin.lake import BadInput
from linyin.platform.api.answers import answer
from linyin.platform.api.documents import FileName
from linyin.platform.api.idempotency import answered, writes
from linyin.platform.api.problems import ApiProblem, FindingOut, findings_out, findings_response
from linyin.platform.api.schemas import Text
from linyin.platform.api.spooling import spooled, upload_of
from linyin.platform.receiving import uploaded
from linyin.platform.resources.intake import (
    KINDS,
    LIMITS,
    ChangedSince,
    Intake,
    as_told,
    commit,
    read_records,
    weigh,
)

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.resources.resource import Resource

__all__ = ["IntakeAsked", "IntakeOut", "bring_in"]


class IntakeAsked(Schema):
    """What is asked with a file of records."""

    model_config = ConfigDict(extra="forbid")

    name: FileName
    dry_run: bool = Field(False, description="Only tell what it would do; nothing is written.")
    seen: str = Field(
        "",
        description="`digest` of a dry run: if the file would do anything else by now, nothing is "
        "written and the answer is 409.",
        max_length=64,
        pattern="^[0-9a-f]*$",
    )
    reason: Text = Field("", description="Why; kept in the audit trail.")


class IntakeChange(Schema):
    """A field that a row states anew."""

    field: str
    before: Any = Field(description="As it was; null in a new record.")
    after: Any


class IntakeRow(Schema):
    """What a row of the file does."""

    sheet: str
    row: int = Field(description="As a spreadsheet numbers it: the header is row 1.")
    act: Literal["new", "changed", "unchanged"]
    id: str | None = Field(description="Key of the record; null of one that is not there yet.")
    changes: list[IntakeChange]


class IntakeOut(Schema):
    """What a file of records would do, or did."""

    is_dry_run: bool
    digest: str = Field(description="Names what is told here, for `seen`.")
    counts: dict[str, int] = Field(description="rows, new, changed, unchanged, errors.")
    rows: list[IntakeRow] = Field(description="Rows without errors, in the order of the file.")
    left_out: list[str] = Field(description="Headers of columns that nobody states.")
    findings: list[FindingOut] = Field(description="By row and column; an error stops all of it.")


def bring_in(
    request: HttpRequest, actor: Actor, resource: Resource, asked: IntakeAsked
) -> HttpResponse:
    """Tell what the body would do to the records of a resource, or do it.

    It is read and weighed before a transaction is opened; a request that came before is given its
    answer first.
    """
    with spooled(request):
        kept_once = None if asked.dry_run else answered(request)
        if kept_once is not None:
            return kept_once
        try:
            with uploaded(upload_of(request, asked.name), LIMITS, KINDS) as kept:
                file = read_records(resource, kept)
        except BadInput as bad:
            return findings_response(bad.findings, 422)
        found = weigh(actor, resource, file)
        if asked.dry_run:
            return answer(_told(found, is_dry_run=True))

        def keep(_: HttpRequest) -> HttpResponse:
            try:
                done = commit(actor, resource, found, seen=asked.seen, reason=asked.reason)
            except ChangedSince as changed:
                preview = _told(changed.intake, is_dry_run=True)
                raise ApiProblem(409, "preview-changed", "seen", preview=preview) from changed
            return answer(_told(done, is_dry_run=False))

        done_now: HttpResponse = writes(keep)(request)
        return done_now


def _told(intake: Intake, *, is_dry_run: bool) -> dict[str, Any]:
    return {
        "is_dry_run": is_dry_run,
        "digest": intake.digest,
        "counts": {**intake.counts, "errors": len(intake.errors)},
        "rows": [
            {
                "sheet": row.sheet,
                "row": row.row,
                "act": row.act,
                "id": str(row.record.pk) if row.record.pk else None,
                "changes": [
                    {"field": c.field, "before": as_told(c.before), "after": as_told(c.after)}
                    for c in row.changes
                ],
            }
            for row in intake.rows
        ],
        "left_out": list(intake.left_out),
        "findings": findings_out(intake.findings),
    }
