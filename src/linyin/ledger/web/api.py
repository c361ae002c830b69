"""Routes of the month grid and of data requests: what their pages do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Path, Schema
from pydantic import ConfigDict, Field

from linyin.lake import RevisedMeanwhile
from linyin.ledger.monthly import later_month
from linyin.ledger.web import months_api as _months_api  # noqa: F401 - adds its route
from linyin.ledger.web.correcting import (
    PostedRow,
    correct_activity,
    posted_row,
    remove_activity,
)
from linyin.ledger.web.grid_actions import (
    add_evidence,
    approve_month,
    remove_evidence,
    reopen_month,
    return_cell,
    submit_month,
)
from linyin.ledger.web.grid_cells import Cell, Grid, Month, load_grid
from linyin.ledger.web.grid_drafts import Saved, TypedCell, save_cells
from linyin.ledger.web.grid_lines import derive_lines
from linyin.ledger.web.grid_models import CellEvidence, SiteMonth, SourceLine
from linyin.ledger.web.grid_resources import requests
from linyin.ledger.web.requests import request_data
from linyin.ledger.web.row_posting import stated_of
from linyin.organization.web.models import Node
from linyin.platform.api import (
    ApiProblem,
    Key,
    Text,
    actor_of,
    answer,
    made_answer,
    node_of,
    routes,
    routes_of,
    row_schema,
    writes,
)
from linyin.platform.audit import plain
from linyin.platform.findings import finding_text_in_codes
from linyin.platform.grants import visible_to
from linyin.platform.jobs import enqueue
from linyin.platform.models import Document, Person

__all__: list[str] = []

MonthText = Annotated[str, Field(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]
_Month = Annotated[MonthText, Path(description="Month: `2024-10`.")]
_Year = Annotated[int, Path(ge=1990, le=2200)]
type Quality = Literal["measured", "invoiced", "estimated", "default"]


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class MonthOut(Schema):
    """A month of a site on its way from data owner to approver."""

    month: str
    state: Literal["open", "draft", "submitted", "returned", "approved", "recorded"]
    sources: int = Field(description="How many sources report it.")
    sources_in: int = Field(description="How many of them are in.")
    signature: str = Field(description="Of what stands in its cells: state it when submitting.")
    submitted_by: str | None
    submitted_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None


class CellOut(Schema):
    """A source's month."""

    line: str = Field(description="Code of the source line.")
    month: str
    quantity: float | None = Field(description="Typed, else posted; in the line's unit.")
    unit: str
    posted: float | None = Field(description="What the ledger has.")
    before: float | None = Field(description="The same month last year.")
    deviation: float | None = Field(
        description="From last year, else the month before: 0.3 = 30 %."
    )
    text: str = Field(description="As typed and not yet submitted.")
    status: str = Field(description="How the quantity is known.")
    reason: str
    lock: str = Field(description="Why it is not typed into: state, several …; '' = it is.")
    need: str = Field(description="What it lacks before it can be submitted; '' = nothing.")
    problem: str = Field(description="What is wrong with what was typed, in the caller's language.")
    comment: str = Field(description="With which an approver returned it.")
    documents: list[str] = Field(description="sha256 of its evidence.")
    token: str = Field(
        description="Of its content: a change that states it overwrites nothing else."
    )


class GridOut(Schema):
    """The month grid of a site and year."""

    site: str
    year: int
    months: list[MonthOut]
    cells: list[CellOut]


class CellIn(_Strict):
    """What is typed into a cell; what is left out stays as it is."""

    line: Key
    month: MonthText
    text: Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")] | None = Field(
        None, description="A quantity, with its unit if it is not the line's: `12.5 MWh`."
    )
    status: Quality | None = None
    reason: Text | None = None
    token: Text | None = Field(None, description="Of the content that is changed; null = any.")


class CellsIn(_Strict):
    """Cells of one year."""

    cells: Annotated[list[CellIn], Field(min_length=1, max_length=2000)]


class SavedOut(CellOut):
    """What became of a cell."""

    outcome: Literal["saved", "stale", "locked", "stands"] = Field(
        description="`stale`: somebody else has changed it meanwhile; `locked`: its month is not "
        "open; neither kept anything. `stands`: emptied, so what is posted stands."
    )
    theirs: str = Field(description="At `stale`: what stands there now.")
    by: str = Field(description="At `stale`: who wrote it.")


class SavedCells(Schema):
    """What became of every cell, in order; cells that the grid does not have are left out."""

    cells: list[SavedOut]


class Submitting(_Strict):
    """How a month is submitted."""

    signature: Text = Field("", description="Of the month as it was seen; '' = as it is.")


class Approving(_Strict):
    """How a month is approved."""

    comment: Text = ""
    signature: Text = Field("", description="Of the month as it was seen; '' = as it is.")


class Returning(_Strict):
    """Which cell is returned, and why."""

    line: Key
    comment: Annotated[Text, Field(min_length=1)]


class Reopening(_Strict):
    """Why a month is taken back."""

    reason: Annotated[Text, Field(min_length=1)]


class Showing(_Strict):
    """A document as evidence of a cell."""

    line: Key
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Asking(_Strict):
    """Whom months of a site are asked of, by when."""

    site: Key
    first: MonthText
    last: MonthText
    due: date
    assignee: Annotated[Text, Field(min_length=3)] = Field(description="Mail address.")
    lines: Annotated[list[Key], Field(max_length=500)] = Field(
        [], description="Codes of source lines; none = all of the site."
    )
    note: Text = ""


class Correcting(_Strict):
    """What a row of activities says from now on."""

    revision: int = Field(ge=1, description="Of the row as it was seen.")
    values: dict[str, Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]] = Field(
        description="Texts by column, as files have them: site, begin, end, quantity, unit, "
        "status, item, technology, method, counterparty, place, description, and the inputs that "
        "the row states. What is left out stays.",
    )
    reason: Annotated[Text, Field(min_length=1)]


class Removing(_Strict):
    """Why a row of activities counts no more."""

    revision: int = Field(ge=1, description="Of the row as it was seen.")
    reason: Annotated[Text, Field(min_length=1)]


class RevisionOut(Schema):
    """What a row of activities said at a time."""

    revision: int
    recorded_at: datetime
    batch: str
    is_removed: bool
    reason: str
    row: dict[str, Any] = Field(description="Its columns and inputs.")


class RevisionsOut(Schema):
    """The revisions of a row of activities, the first first."""

    revisions: list[RevisionOut]


class Derived(Schema):
    """How many source lines were made."""

    made: int


@routes.get("/grid/{site}/{year}", response=GridOut, tags=["grid"], operation_id="grid-get",
            summary="The month grid of a site and year")  # fmt: skip
def grid(request: HttpRequest, site: Key, year: _Year) -> HttpResponse:
    """Tell every cell of a site and year: its value, what it lacks, how its month stands."""
    return answer(_grid_out(load_grid(_site(request, site), year)))


@routes.patch("/grid/{site}/{year}", response=SavedCells, tags=["grid"], operation_id="grid-update",
              summary="Type into the month grid")  # fmt: skip
@writes
def type_cells(request: HttpRequest, site: Key, year: _Year, stated: CellsIn) -> HttpResponse:
    """Keep what is typed into cells, right or wrong; nothing is posted until its month is."""
    node = _site(request, site, "activities.edit")
    codes = dict(SourceLine.objects.filter(site=node).values_list("code", "pk"))
    for number, cell in enumerate(stated.cells):
        if cell.line not in codes:
            raise ApiProblem(422, "record-unknown", f"cells.{number}.line", value=cell.line)
        if _first_day(cell.month).year != year:
            raise ApiProblem(422, "record-unknown", f"cells.{number}.month", value=cell.month)
    typed = [
        TypedCell(codes[c.line], _first_day(c.month), c.token, c.text, c.status, c.reason)
        for c in stated.cells
    ]
    _, saved = save_cells(actor_of(request), node, year, typed)
    return answer({"cells": [_saved_out(one) for one in saved]})


@routes.post("/grid/{site}/{month}/submit", response=MonthOut, tags=["grid"],
             operation_id="grid-submit", summary="Submit a month")  # fmt: skip
@writes(lake=True)
def submit(
    request: HttpRequest, site: Key, month: _Month, stated: Submitting | None = None
) -> HttpResponse:
    """Post a month's cells as one batch and ask for approval; tells what each still lacks."""
    node = _site(request, site, "activities.edit")
    signature = stated.signature if stated else ""
    submit_month(actor_of(request), site=node, month=_first_day(month), signature=signature)
    return _month_answer(node, month)


@routes.post("/grid/{site}/{month}/approve", response=MonthOut, tags=["grid"],
             operation_id="grid-approve", summary="Approve a month")  # fmt: skip
@writes
def approve(
    request: HttpRequest, site: Key, month: _Month, stated: Approving | None = None
) -> HttpResponse:
    """Approve a submitted month as it was seen; who typed or submitted it can't."""
    node = _site(request, site, "activities.approve")
    comment, signature = (stated.comment, stated.signature) if stated else ("", "")
    approve_month(actor_of(request), _record(node, month), comment=comment, signature=signature)
    return _month_answer(node, month)


@routes.post("/grid/{site}/{month}/return", response=MonthOut, tags=["grid"],
             operation_id="grid-return", summary="Return a cell")  # fmt: skip
@writes
def return_(request: HttpRequest, site: Key, month: _Month, stated: Returning) -> HttpResponse:
    """Return a cell of a submitted month with a comment."""
    node = _site(request, site, "activities.approve")
    line = _line(node, stated.line)
    record = _record(node, month)
    return_cell(actor_of(request), record, line=line.pk, comment=stated.comment)
    return _month_answer(node, month)


@routes.post("/grid/{site}/{month}/reopen", response=MonthOut, tags=["grid"],
             operation_id="grid-reopen", summary="Take a month back")  # fmt: skip
@writes
def reopen(request: HttpRequest, site: Key, month: _Month, stated: Reopening) -> HttpResponse:
    """Take a submitted or approved month back to correct it."""
    node = _site(request, site, "activities.edit")
    reopen_month(actor_of(request), _record(node, month), reason=stated.reason)
    return _month_answer(node, month)


@routes.post("/grid/{site}/{month}/evidence", response=CellOut, tags=["grid"],
             operation_id="grid-evidence-add", summary="Show a document as evidence")  # fmt: skip
@writes
def show(request: HttpRequest, site: Key, month: _Month, stated: Showing) -> HttpResponse:
    """Show a document, kept before by `POST /documents`, as evidence of a cell."""
    actor, node = actor_of(request), _site(request, site, "activities.edit")
    line, first = _line(node, stated.line), _first_day(month)
    known = visible_to(actor, Document, "documents.view").filter(sha256=stated.sha256).first()
    if known is None:
        raise ApiProblem(422, "record-unknown", "sha256", value=stated.sha256)
    add_evidence(actor, site=node, month=first, line=line, document=known)
    return _cell_answer(node, line, first)


@routes.delete("/grid/{site}/{month}/evidence/{line}/{sha256}", response=CellOut, tags=["grid"],
               operation_id="grid-evidence-remove",
               summary="No longer show a document")  # fmt: skip
@writes
def hide(request: HttpRequest, site: Key, month: _Month, line: Key, sha256: Key) -> HttpResponse:
    """No longer show a document as evidence of a cell; the document stays."""
    actor, node = actor_of(request), _site(request, site, "activities.edit")
    first = _first_day(month)
    shown = CellEvidence.objects.filter(
        line__site=node, line__code=line, month=first, document__sha256=sha256
    ).first()
    if shown is None:
        raise Http404
    of = shown.line
    remove_evidence(actor, site=node, shown=shown)
    return _cell_answer(node, of, first)


@routes.get("/activities/{key}/revisions", response=RevisionsOut, tags=["activities"],
            operation_id="activities-revisions", summary="What a row said before")  # fmt: skip
def revisions(request: HttpRequest, key: Key) -> HttpResponse:
    """Tell how a row of activities came to what it says, of one that was removed too."""
    return answer(_revisions_out(_row(request, key)))


@routes.post("/activities/{key}/correct", response=RevisionsOut, tags=["activities"],
             operation_id="activities-correct", summary="Correct a row")  # fmt: skip
@writes(lake=True)
def correct(request: HttpRequest, key: Key, stated: Correcting) -> HttpResponse:
    """Post another revision of a row; one that was removed counts again."""
    row = _row(request, key, "activities.edit")
    _at_revision(
        row, stated.revision,
        lambda: correct_activity(
            actor_of(request), node=Node.objects.get(code=row.site), row=row, stated=stated.values,
            reason=stated.reason,
        ),
    )  # fmt: skip
    return answer(_revisions_out(_row(request, key)))


@routes.post("/activities/{key}/remove", response=RevisionsOut, tags=["activities"],
             operation_id="activities-remove", summary="Remove a row")  # fmt: skip
@writes(lake=True)
def remove(request: HttpRequest, key: Key, stated: Removing) -> HttpResponse:
    """Let a row count no more; its revisions stay, and correcting it brings it back."""
    row = _row(request, key, "activities.edit")
    _at_revision(
        row, stated.revision,
        lambda: remove_activity(
            actor_of(request), node=Node.objects.get(code=row.site), row=row, reason=stated.reason
        ),
    )  # fmt: skip
    return answer(_revisions_out(_row(request, key)))


@routes.post("/lines/derive", response=Derived, tags=["lines"], operation_id="lines-derive",
             summary="Source lines from what is there")  # fmt: skip
@writes(lake=True)
def derive(request: HttpRequest) -> HttpResponse:
    """Make a source line of every monthly series that has none, on the sites in reach."""
    return answer({"made": derive_lines(actor_of(request))})


@routes_of("requests").post("", response={201: row_schema(requests)}, summary="Ask for data",
                            operation_id="requests-create")  # fmt: skip
@writes
def ask(request: HttpRequest, stated: Asking) -> HttpResponse:
    """Ask somebody for months of a site; a mail tells them, and reminds them."""
    actor = actor_of(request)
    if not actor.may("activities.approve"):
        raise ApiProblem(403, "not-permitted")
    node = node_of(actor, stated.site, "activities.approve", "site")
    person = Person.objects.filter(email__iexact=stated.assignee, is_active=True).first()
    if person is None:
        raise ApiProblem(422, "record-unknown", "assignee", value=stated.assignee)
    made = request_data(
        actor, site=node, begin=_first_day(stated.first), end=later_month(_first_day(stated.last)),
        due=stated.due, assignee=person, lines=[_line(node, code) for code in stated.lines],
        note=stated.note,
    )  # fmt: skip
    enqueue(actor, "ledger.remind", {}, key=f"request-{made.pk}")
    return made_answer(requests, actor, made.pk)


def _row(request: HttpRequest, key: str, permission: str = "activities.view") -> PostedRow:
    """Return a row of the address: 404 if it is not seen, 403 if it may only be seen."""
    actor = actor_of(request)
    if not (actor.may("activities.view") and actor.may(permission)):
        raise ApiProblem(403, "not-permitted")
    row = posted_row(actor, key)
    if row is None:
        raise Http404
    if not actor.may(permission, row.site):
        raise ApiProblem(403, "not-permitted")
    return row


def _at_revision(row: PostedRow, revision: int, act: Callable[[], object]) -> None:
    """Do something to a row if its revision is the one that was seen."""
    if row.version != revision:
        raise ApiProblem(409, "row-stale", "revision")
    try:
        act()
    except RevisedMeanwhile as revised:
        raise ApiProblem(409, "row-stale", "revision") from revised


def _revisions_out(row: PostedRow) -> dict[str, Any]:
    return {
        "revisions": [
            {
                "revision": revision["_revision"],
                "recorded_at": revision["_recorded_at"],
                "batch": revision["_batch"],
                "is_removed": revision["_removed"],
                "reason": revision["_reason"] or "",
                "row": {n: plain(v) for part in stated_of(revision) for n, v in part.items()},
            }
            for revision in row.revisions
        ]
    }


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _site(request: HttpRequest, code: str, permission: str = "activities.view") -> Node:
    """Return a site of the address: 404 if it is not seen, 403 if it may only be seen."""
    actor = actor_of(request)
    if not (actor.may("activities.view") and actor.may(permission)):
        raise ApiProblem(403, "not-permitted")
    node = visible_to(actor, Node, "activities.view").filter(code=code).first()
    if node is None:
        raise Http404
    if not actor.may(permission, node.code):
        raise ApiProblem(403, "not-permitted")
    return node


def _line(site: Node, code: str) -> SourceLine:
    found = SourceLine.objects.filter(site=site, code=code).first()
    if found is None:
        raise ApiProblem(422, "record-unknown", "line", value=code)
    return found


def _record(site: Node, month: str) -> SiteMonth:
    found = SiteMonth.objects.filter(site=site, month=_first_day(month)).first()
    if found is None:
        raise Http404
    return found


def _month_answer(site: Node, month: str) -> HttpResponse:
    first = _first_day(month)
    return answer(_month_out(load_grid(site, first.year).month(first)))


def _cell_answer(site: Node, line: SourceLine, month: date) -> HttpResponse:
    cell = load_grid(site, month.year, lines=[line]).cell(line.pk, month)
    if cell is None:
        raise Http404
    return answer(_cell_out(cell))


def _grid_out(grid: Grid) -> dict[str, Any]:
    return {
        "site": grid.site.code,
        "year": grid.year,
        "months": [_month_out(month) for month in grid.all_months],
        "cells": [_cell_out(cell) for line in grid.lines for cell in grid.row(line)],
    }


def _month_out(month: Month) -> dict[str, Any]:
    made: dict[str, Any] = {
        "month": f"{month.month:%Y-%m}",
        "state": month.state,
        "sources": month.of,
        "sources_in": month.count,
        "signature": month.signature,
    }
    record = month.record
    for name in ("submitted", "approved"):
        by, at = (getattr(record, f"{name}_by", None), getattr(record, f"{name}_at", None))
        made |= {f"{name}_by": by and by.name, f"{name}_at": at and at.isoformat()}
    return made


def _cell_out(cell: Cell) -> dict[str, Any]:
    draft = cell.draft
    return {
        "line": cell.line.code,
        "month": f"{cell.month:%Y-%m}",
        "quantity": cell.quantity,
        "unit": cell.line.unit,
        "posted": cell.posted,
        "before": cell.before,
        "deviation": cell.deviation,
        "text": draft.text if draft else "",
        "status": cell.status,
        "reason": draft.reason if draft else "",
        "lock": cell.lock,
        "need": cell.need,
        "problem": finding_text_in_codes(cell.fault) if cell.fault else "",
        "comment": cell.note.comment if cell.note else "",
        "documents": list(_documents(cell)),
        "token": cell.token,
    }


def _documents(cell: Cell) -> Iterator[str]:
    known = [shown.document.sha256 for shown in cell.evidence]
    yield from known
    yield from sorted({r.evidence_sha256 for r in cell.rows if r.evidence_sha256} - set(known))


def _saved_out(saved: Saved) -> dict[str, Any]:
    told = {"outcome": saved.outcome, "theirs": saved.theirs, "by": saved.by}
    return _cell_out(saved.cell) | told
