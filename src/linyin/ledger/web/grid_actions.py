"""The way of a site-month: submitted by its data owner, approved or returned by somebody else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from linyin.lake import BadInput, Finding, Where
from linyin.ledger.monthly import later_month
from linyin.ledger.web.grid_cells import Cell, Month, load_grid
from linyin.ledger.web.grid_models import (
    CellDraft,
    CellEvidence,
    CellNote,
    DataRequest,
    SiteMonth,
    SourceLine,
)
from linyin.ledger.web.grid_posting import post_entries
from linyin.organization.web.models import Node
from linyin.platform.actions import action, refused, require, the_person
from linyin.platform.audit import record_event
from linyin.platform.models import Approval, Document
from linyin.platform.words import lang

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = [
    "add_evidence",
    "approve_month",
    "blockers_of",
    "remove_evidence",
    "reopen_month",
    "return_cell",
    "submit_month",
]

_LACKING: Final = {
    "value": "grid-needs-value",
    "deviation": "grid-needs-deviation",
    "revision": "grid-needs-revision",
    "answer": "grid-needs-answer",
    "evidence": "grid-needs-evidence",
}


@action("activities.edit", writes="lake")
def submit_month(actor: Actor, *, site: Node, month: date, signature: str = "") -> SiteMonth:
    """Post a month's cells as one batch and ask for approval.

    Parameters
    ----------
    actor, site, month
        Whose month, by its first day.
    signature
        Of the cells as the submitter saw them (:attr:`Month.signature`); '' = as they are.

    Raises
    ------
    BadInput
        With what each cell still lacks; nothing is posted.
    LakeError
        If the lake cannot be written; nothing is posted.

    """
    grid = load_grid(site, month.year)
    told = grid.month(month)
    require(told.is_open, "grid-month-not-open", state=told.state)
    require(told.cells, "grid-month-without-lines")
    require(signature in ("", told.signature), "grid-month-changed")
    if blockers := blockers_of(told):
        raise BadInput(blockers)
    changed = [cell for cell in told.cells if _is_news(cell)]
    batch = None
    if changed:
        entries = [cell.entry() for cell in changed]
        posted = post_entries(actor, site, entries, reason="entered in the month grid")
        batch = posted.batch
    with transaction.atomic():
        record, _ = SiteMonth.objects.get_or_create(site=site, month=month)
        record = SiteMonth.objects.select_for_update().get(pk=record.pk)
        require(record.is_open, "grid-month-not-open", state=record.state)
        before = record.state
        typed = {cell.draft.person_id for cell in told.cells if cell.draft is not None}
        record.typed_by = sorted({*record.typed_by, *typed} - {None})
        record.state, record.submitted_by = "submitted", actor.person
        record.submitted_at, record.approved_by, record.approved_at = timezone.now(), None, None
        record.version += 1
        record.save()
        _settle(record, told)
        record_event(
            actor, "ledger.submit_month", subject="ledger.sitemonth", key=str(record.pk),
            node=site.code, before={"state": before},
            after={"state": "submitted", "month": f"{month:%Y-%m}", "batch": batch or "",
                   "cells": {cell.line.code: cell.quantity for cell in changed}},
            reason="; ".join(c.draft.reason for c in changed if c.draft and c.draft.reason),
        )  # fmt: skip
    return record


@action("activities.approve")
def approve_month(
    actor: Actor, record: SiteMonth, *, comment: str = "", signature: str = ""
) -> SiteMonth:
    """Approve a submitted month as it was seen; who typed or submitted it can't.

    Parameters
    ----------
    actor, record, comment
    signature
        Of the cells as the approver saw them (:attr:`Month.signature`); '' = as they are.

    """
    _require_four_eyes(actor, record)
    require(record.state == "submitted", "grid-month-not-submitted", state=record.state)
    if signature:
        told = load_grid(record.site, record.month.year).month(record.month)
        require(signature == told.signature, "grid-month-changed")
    record.state, record.approved_by, record.approved_at = "approved", actor.person, timezone.now()
    record.typed_by = []
    record.version += 1
    record.save()
    _decide(actor, record, comment, is_granted=True)
    return record


@action("activities.approve")
def return_cell(actor: Actor, record: SiteMonth, *, line: int, comment: str) -> SiteMonth:
    """Return a cell of a submitted month with a comment; the month waits to be submitted again."""
    _require_four_eyes(actor, record)
    require(
        record.state in ("submitted", "returned"), "grid-month-not-submitted", state=record.state
    )
    require(comment.strip(), "grid-return-without-comment")
    returned = SourceLine.objects.filter(site=record.site, pk=line).first()
    if returned is None:
        raise refused("grid-line-unknown")
    if record.state == "submitted":
        _decide(actor, record, comment, is_granted=False)
    record.state = "returned"
    record.version += 1
    record.save()
    CellNote.objects.create(
        site_month=record, line=returned, comment=comment.strip(), person=actor.person
    )
    return record


@action("activities.edit")
def reopen_month(actor: Actor, record: SiteMonth, *, reason: str) -> SiteMonth:  # noqa: ARG001
    """Take a month back to correct it, and say why; an approval of it no longer holds."""
    require(record.state in ("submitted", "approved"), "grid-month-is-open")
    require(reason.strip(), "grid-reopen-without-reason")
    record.state, record.approved_by, record.approved_at = "draft", None, None
    record.version += 1
    record.save()
    return record


@action("activities.edit")
def add_evidence(
    actor: Actor, *, site: Node, month: date, line: SourceLine, document: Document
) -> CellEvidence:
    """Show a document as evidence of a cell; the first becomes the activity's when submitted."""
    _require_typing(site, month, line)
    shown, _ = CellEvidence.objects.get_or_create(
        line=line, month=month, document=document, defaults={"person": actor.person}
    )
    return shown


@action("activities.edit")
def remove_evidence(actor: Actor, *, site: Node, shown: CellEvidence) -> None:  # noqa: ARG001
    """No longer show a document as evidence of a cell; the document stays."""
    _require_typing(site, shown.month, shown.line)
    shown.delete()


def blockers_of(month: Month) -> list[Finding]:
    """Return what keeps a month from being submitted: a finding for each cell that lacks it."""
    return [_blocker(cell) for cell in month.needy]


def _blocker(cell: Cell) -> Finding:
    at = Where(file=cell.line.label(lang()))
    if cell.fault is not None:
        return Finding(cell.fault.code, "error", at, cell.fault.fields)
    return Finding(_LACKING[cell.need], "error", at)


def _is_news(cell: Cell) -> bool:
    """Whether a cell has anything that its row of the lake does not have."""
    row = cell.row
    if cell.lock == "several":
        return False
    if row is None or cell.is_changed or cell.status != row.status:
        return True
    return bool(cell.evidence) and cell.evidence[0].document.sha256 != row.evidence_sha256


def _settle(record: SiteMonth, told: Month) -> None:
    """Put away what was submitted: drafts as they were read, comments, requests that are done."""
    for cell in told.cells:
        if cell.draft is not None:
            CellDraft.objects.filter(pk=cell.draft.pk, version=cell.draft.version).delete()
    record.notes.filter(settled_at=None).update(settled_at=timezone.now())
    asked = DataRequest.objects.filter(
        site=record.site, state="open", begin__lte=record.month, end__gt=record.month
    )
    for request in asked:
        months = SiteMonth.objects.filter(
            site=record.site, month__gte=request.begin, month__lt=request.end,
            state__in=("submitted", "approved"),
        ).count()  # fmt: skip
        if later_month(request.begin, months) >= request.end:
            DataRequest.objects.filter(pk=request.pk).update(state="done")


def _require_four_eyes(actor: Actor, record: SiteMonth) -> None:
    person = the_person(actor)
    require(not record.is_of(person), "approval-four-eyes", person=str(person))


def _require_typing(site: Node, month: date, line: SourceLine) -> None:
    require(line.site_id == site.pk, "grid-line-unknown")
    record = SiteMonth.objects.filter(site=site, month=month).first()
    require(record is None or record.is_open, "grid-month-not-open", state=record and record.state)


def _decide(actor: Actor, record: SiteMonth, comment: str, *, is_granted: bool) -> None:
    Approval.objects.create(
        subject=record._meta.label_lower, key=str(record.pk), level="month",
        person=the_person(actor), is_granted=is_granted, comment=comment,
    )  # fmt: skip
