"""The pages of the month grid: a site and year, a month's actions, a cell with its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse

from linyin.lake import BadInput, Finding, LakeError
from linyin.ledger.web.correcting_pages import past_of
from linyin.ledger.web.grid_actions import (
    add_evidence,
    approve_month,
    remove_evidence,
    reopen_month,
    return_cell,
    submit_month,
)
from linyin.ledger.web.grid_cells import Cell, load_grid
from linyin.ledger.web.grid_display import (
    ShownGrid,
    blockers_told,
    checksum,
    told_of,
)
from linyin.ledger.web.grid_drafts import Saved, TypedCell, save_cells
from linyin.ledger.web.grid_models import STATUSES, CellEvidence, SiteMonth, SourceLine
from linyin.ledger.web.grid_months import month_name, read_month, read_year
from linyin.ledger.web.grid_rows import year_to_enter
from linyin.organization.web.models import Node
from linyin.platform.actor import who_asks
from linyin.platform.documents import KINDS, upload_document
from linyin.platform.findings import finding_text
from linyin.platform.models import Document
from linyin.platform.parts import Empty, FileDrop, Timeline
from linyin.platform.resources.lake_keys import joined
from linyin.platform.resources.models import key_of
from linyin.platform.shell import Page
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["cell_page", "cell_post", "document", "grid_page", "month_post"]


@signed_in
@takes("GET", "POST")
def grid_page(request: HttpRequest, site: str) -> HttpResponse:
    """Show the grid of a site and year, and keep what is typed into it."""
    actor, node = _reached(request, site)
    if request.method == "POST":
        return _save(request, actor, node)
    return _grid(request, actor, node)


@signed_in
@takes("POST")
def month_post(request: HttpRequest, site: str, month: date, verb: str) -> HttpResponse:
    """Submit, approve or take back a month."""
    actor, node = _reached(request, site)
    try:
        if verb == "submit":
            submit_month(actor, site=node, month=month, signature=request.POST.get("signature", ""))
        elif verb == "approve":
            approve_month(
                actor, _record(node, month), comment=request.POST.get("comment", ""),
                signature=request.POST.get("signature", ""),
            )  # fmt: skip
        elif verb == "reopen":
            reopen_month(actor, _record(node, month), reason=request.POST.get("reason", ""))
        else:
            raise Http404
    except BadInput as bad:
        told = [finding_text(finding) for finding in bad.findings]
        return _grid(request, actor, node, chosen=month, refused=told, status=422)
    except LakeError as error:
        plain = Finding(error.finding.code, "error", fields=error.finding.fields)
        told = [finding_text(plain)]
        return _grid(request, actor, node, chosen=month, refused=told, status=503)
    name = month_name(month, lang())
    messages.success(request, say(f"grid.done.{verb}", month=name, site=node.name(lang())))
    shown = _next_to_approve(actor, node, month) if verb == "approve" else month
    return HttpResponseRedirect(
        f"{reverse('grid', args=[site])}?year={shown.year}&month={shown:%Y-%m}"
    )


def _next_to_approve(actor: Actor, site: Node, approved: date) -> date:
    """Return the site's oldest month that waits for the actor, else the one just approved."""
    waiting = SiteMonth.objects.filter(site=site, state="submitted").order_by("month")
    return next((one.month for one in waiting if not one.is_of(actor.person)), approved)


@signed_in
def cell_page(request: HttpRequest, site: str, month: date, line: int) -> HttpResponse:
    """Show a cell: how its quantity is known, why it deviates, evidence, comments, its past."""
    actor, node = _reached(request, site)
    cell = _cell(node, month, line)
    is_part = request.headers.get("HX-Request")
    return _shown_cell(request, actor, node, cell, is_part=bool(is_part))


@signed_in
@takes("POST")
def cell_post(request: HttpRequest, site: str, month: date, line: int, verb: str) -> HttpResponse:
    """Keep the details of a cell, add or take away evidence, or return the cell."""
    actor, node = _reached(request, site)
    cell = _cell(node, month, line)
    error, saved = "", Saved(cell, "saved")
    try:
        if verb == "details":
            saved = _details(request, actor, node, cell)
        elif verb == "evidence":
            _add_files(request, actor, node, cell)
        elif verb == "remove":
            key = request.POST.get("shown", "")
            shown = CellEvidence.objects.filter(
                pk=key_of(CellEvidence, key), line=cell.line, month=month
            ).first()
            if shown is None:
                raise Http404
            remove_evidence(actor, site=node, shown=shown)
        elif verb == "return":
            comment = request.POST.get("comment", "")
            return_cell(actor, _record(node, month), line=line, comment=comment)
        else:
            raise Http404
    except BadInput as bad:
        error = " ".join(finding_text(finding) for finding in bad.findings)
    fresh = _cell(node, month, line)
    status = 409 if saved.outcome == "stale" else 422 if error else 200
    if "application/json" in request.headers.get("Accept", ""):
        shown_grid = ShownGrid(load_grid(node, month.year), actor, month)
        told = told_of(
            shown_grid, [Saved(fresh, saved.outcome, "", saved.theirs, saved.by)], request
        )
        told["error"] = error
        told["panel"] = _panel(request, actor, node, fresh, error)
        return JsonResponse(told, status=status)
    if status == 200:
        messages.success(request, say(f"grid.cell_done.{verb}"))
        return HttpResponseRedirect(reverse("grid-cell", args=[site, month, line]))
    if saved.outcome == "stale":
        error = say("grid.stale", by=saved.by or "–", theirs=saved.theirs)
    return _shown_cell(request, actor, node, fresh, error=error, status=status)


@signed_in
def document(request: HttpRequest, site: str, month: date, line: int, sha256: str) -> FileResponse:
    """Give a document that a cell shows as its evidence."""
    actor, node = _reached(request, site)
    if not actor.may("documents.view", node.code):
        raise PermissionDenied("documents.view")
    cell = _cell(node, month, line)
    own = {shown.document.sha256: shown.document for shown in cell.evidence}
    found = own.get(sha256)
    if found is None and sha256 in {row.evidence_sha256 for row in cell.rows}:
        found = Document.objects.filter(sha256=sha256).first()
    if found is None or not found.path.exists():
        raise Http404
    return FileResponse(
        found.path.open("rb"),
        as_attachment=True,
        filename=found.name.rpartition("/")[2],
        content_type=found.media_type,
    )


def _reached(request: HttpRequest, site: str) -> tuple[Actor, Node]:
    actor = who_asks(request)
    node = Node.objects.filter(code=site).first()
    if node is None or not actor.may("activities.view", site):
        raise Http404
    return actor, node


def _record(node: Node, month: date) -> SiteMonth:
    record = SiteMonth.objects.filter(site=node, month=month).first()
    if record is None:
        raise Http404
    return record


def _cell(node: Node, month: date, line: int) -> Cell:
    lines = list(SourceLine.objects.filter(site=node, pk=line))
    cell = load_grid(node, month.year, lines=lines).cell(line, month) if lines else None
    if cell is None:
        raise Http404
    return cell


def _grid(
    request: HttpRequest,
    actor: Actor,
    node: Node,
    *,
    chosen: date | None = None,
    refused: Iterable[str] = (),
    conflicts: Iterable[Saved] = (),
    status: int = 200,
) -> HttpResponse:
    asked = chosen or read_month(request.GET.get("month", ""))
    if asked is None and request.GET.get("month"):
        raise Page.of(request).unknown(say("grid.month.unknown"))
    stated = read_year(request.GET.get("year", ""))
    year = asked.year if asked else stated or year_to_enter()
    Page.of(request).shows(year, node.code)
    grid = load_grid(node, year)
    month = asked if asked in grid.months else grid.next_to_fill()
    shown = ShownGrid(grid, actor, month, focus=asked is not None and not refused)
    context = {
        "title": node.name(lang()),
        "site": node,
        "year": year,
        "shown": shown,
        "refused": list(refused),
        "blockers": blockers_told(grid.month(month)) if refused else [],
        "conflicts": [(one, shown.shown(one.cell)) for one in conflicts],
        "crumbs": [(say("grid.title"), f"{reverse('enter')}?year={year}")],
        "empty": Empty(say("grid.no_lines"), say("grid.no_lines.text"), "table"),
    }
    return render(request, "ledger/grid.html", context, status=status)


def _save(request: HttpRequest, actor: Actor, node: Node) -> HttpResponse:
    typed, year = _typed(request)
    _, saved = save_cells(actor, node, year, typed)
    stale = [one for one in saved if one.outcome == "stale"]
    month = read_month(request.POST.get("month", "")) or date(year, 1, 1)
    if "application/json" in request.headers.get("Accept", ""):
        shown = ShownGrid(load_grid(node, year, check=False), actor, month)
        told = told_of(shown, saved, request)
        return JsonResponse(told, status=409 if stale else 200)
    if not stale:
        messages.success(request, say("grid.saved"))
    bad = any(one.cell.fault for one in saved)
    status = 409 if stale else 422 if bad else 200
    return _grid(request, actor, node, chosen=month, conflicts=stale, status=status)


def _typed(request: HttpRequest) -> tuple[list[TypedCell], int]:
    """Read the cells of a form (:attr:`ShownCell.name` = text); unchanged ones are left out."""
    typed = []
    for name, text in request.POST.items():
        parts = name.split(".")
        if len(parts) != 5 or parts[0] != "c" or key_of(SourceLine, parts[1]) is None:
            continue
        month = read_month(parts[2])
        if month is not None and parts[4] != checksum(str(text)):
            typed.append(TypedCell(int(parts[1]), month, parts[3], str(text)))
    years = {cell.month.year for cell in typed}
    year = read_year(request.POST.get("year", "")) or max(years, default=year_to_enter())
    return [cell for cell in typed if cell.month.year == year], year


def _details(request: HttpRequest, actor: Actor, node: Node, cell: Cell) -> Saved:
    status, text = request.POST.get("status"), request.POST.get("text")
    is_as_shown = text is not None and text == request.POST.get("shown")
    typed = TypedCell(
        cell.line.pk,
        cell.month,
        request.POST.get("token"),
        None if is_as_shown else text,
        status if status in STATUSES else None,
        request.POST.get("reason"),
    )
    _, saved = save_cells(actor, node, cell.month.year, [typed])
    return saved[0]


def _add_files(request: HttpRequest, actor: Actor, node: Node, cell: Cell) -> None:
    if not actor.may("activities.edit", node.code):
        raise PermissionDenied("activities.edit")
    for upload in request.FILES.getlist("files"):
        kept = upload_document(actor, node=node, upload=upload)
        add_evidence(actor, site=node, month=cell.month, line=cell.line, document=kept)


def _cell_context(actor: Actor, node: Node, cell: Cell, error: str) -> dict[str, Any]:
    shown = ShownGrid(load_grid(node, cell.month.year, lines=[cell.line]), actor, cell.month)
    record = SiteMonth.objects.filter(site=node, month=cell.month).first()
    may_return = (
        record is not None
        and record.state in ("submitted", "returned")
        and shown.may_approve
        and record.submitted_by != actor.person
    )
    hashes = {one.document.sha256 for one in cell.evidence}
    of_row = [r for r in cell.rows if r.evidence_file and r.evidence_sha256 not in hashes]
    known = Document.objects.filter(sha256__in=[row.evidence_sha256 for row in of_row])
    return {
        "cell": shown.shown(cell),
        "site": node,
        "label": cell.line.label(lang()),
        "month_name": month_name(cell.month, lang()),
        "statuses": [(value, say(f"lines.status.{value}")) for value in STATUSES],
        "rows_evidence": of_row,
        "known_hashes": {found.sha256 for found in known},
        "may_see_documents": actor.may("documents.view", node.code),
        "may_return": may_return,
        "error": error,
        "drop": FileDrop(
            "files",
            say("grid.evidence.add"),
            say("grid.evidence.help"),
            ",".join(KINDS),
            is_multiple=True,
        ),
    }


def _panel(request: HttpRequest, actor: Actor, node: Node, cell: Cell, error: str) -> str:
    from django.template.loader import render_to_string

    context = _cell_context(actor, node, cell, error)
    return render_to_string("ledger/grid_panel.html", context, request)


def _shown_cell(
    request: HttpRequest,
    actor: Actor,
    node: Node,
    cell: Cell,
    *,
    error: str = "",
    status: int = 200,
    is_part: bool = False,
) -> HttpResponse:
    context = _cell_context(actor, node, cell, error)
    if is_part:
        return render(request, "ledger/grid_panel.html", context, status=status)
    back = f"{reverse('grid', args=[node.code])}?month={cell.month:%Y-%m}"
    context["crumbs"] = [
        (say("grid.title"), f"{reverse('enter')}?year={cell.month.year}"),
        (node.name(lang()), back),
    ]
    context["history"] = _history(actor, node, cell)
    context["back"] = back
    return render(request, "ledger/grid_cell.html", context, status=status)


def _history(actor: Actor, node: Node, cell: Cell) -> Timeline | None:
    """Return how the posted row of a cell came to what it says."""
    if cell.row is None:
        return None
    key = joined((cell.row.source, cell.row.external_id))
    return past_of(actor, {"pk": key, "site": node.code})
