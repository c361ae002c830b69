"""What is typed into cells: kept on the server at once, right or wrong, and never over another's.

Drafts are scratch: the audit trail begins when a month is submitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linyin.ledger.faults import LedgerError
from linyin.ledger.typed import TypedQuantity, read_quantity
from linyin.ledger.web.grid_cells import Cell, Grid, load_grid
from linyin.ledger.web.grid_models import CellDraft, SiteMonth, SourceLine
from linyin.ledger.web.grid_rows import rows_of_years
from linyin.organization.web.models import Node

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["Saved", "TypedCell", "save_cells"]


@dataclass(frozen=True, slots=True)
class TypedCell:
    """What somebody typed into a cell.

    Attributes
    ----------
    line, month
        The cell.
    token
        That of the content over which it was typed; None = whatever stands there.
    text, status, reason
        None = as it is.

    """

    line: int
    month: date
    token: str | None
    text: str | None = None
    status: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of it.

    Attributes
    ----------
    outcome
        `saved`; `stale`: somebody else has changed the cell, nothing was kept; `locked`: the
        month is not open, nothing was kept; `stands`: emptied, so what is posted stands.
    converted
        The unit that was typed, where the quantity was converted from it.
    theirs
        What stands in the cell, where it is stale, and who wrote it.

    """

    cell: Cell
    outcome: str
    converted: str = ""
    theirs: str = ""
    by: str = ""


def save_cells(
    actor: Actor, site: Node, year: int, typed: Sequence[TypedCell]
) -> tuple[Grid, list[Saved]]:
    """Keep what was typed into cells of a site and year.

    Returns
    -------
    (Grid, list of Saved)
        The grid of the lines concerned as it now is, and what became of each cell, in order;
        cells that are not of the grid are left out.

    Raises
    ------
    django.core.exceptions.PermissionDenied
        If the actor may not enter data of the site.

    """
    if not actor.may("activities.edit", site.code):
        raise PermissionDenied("activities.edit")
    lines = list(SourceLine.objects.filter(site=site, pk__in={cell.line for cell in typed}))
    rows_of_years(site.code, year)  # what has to be read is read before the transaction
    with transaction.atomic():
        list(SiteMonth.objects.select_for_update().filter(site=site, month__year=year))
        grid = load_grid(site, year, lines=lines, check=False)
        kept = [told for told in typed if grid.cell(told.line, told.month) is not None]
        outcomes = [_save(actor, grid.cells[told.line, told.month], told) for told in kept]
    grid = load_grid(site, year, lines=lines)
    _keep_faults(grid.cells[told.line, told.month] for told in kept)
    return grid, [
        Saved(grid.cells[told.line, told.month], *outcome)
        for told, outcome in zip(kept, outcomes, strict=True)
    ]


def _keep_faults(cells: Iterable[Cell]) -> None:
    """Keep with each draft whether the ledger refuses it, for those who count what is in."""
    for cell in cells:
        if cell.draft is not None and cell.draft.is_refused != (cell.fault is not None):
            cell.draft.is_refused = cell.fault is not None
            same = CellDraft.objects.filter(pk=cell.draft.pk, version=cell.draft.version)
            same.update(is_refused=cell.draft.is_refused)


def shown_text(cell: Cell) -> str:
    """Return what stands in a cell, as text."""
    if cell.draft and cell.draft.text:
        return cell.draft.text
    if cell.abroad is not None:
        return f"{cell.abroad.quantity:.15g} {cell.abroad.unit}"
    return "" if cell.posted is None else format(cell.posted, ".15g")


def _save(actor: Actor, cell: Cell, told: TypedCell) -> tuple[str, ...]:
    if cell.lock:
        return ("locked",)
    read = _read(told.text, cell)
    if told.token is not None and told.token != cell.token and not _is_same(cell, told, read):
        by = cell.draft.person.name if cell.draft and cell.draft.person else ""
        return ("stale", "", shown_text(cell), by)
    draft = cell.draft or CellDraft(line=cell.line, month=cell.month, version=0)
    if told.status is not None:
        draft.status = "" if told.status == _posted_status(cell) else told.status
    if told.reason is not None:
        draft.reason = told.reason.strip()
    if told.text is not None:
        draft.text = told.text.strip()[:80]
        draft.quantity = read.quantity if read else None
        if cell.rows and (read.quantity == cell.posted if read else _is_abroad(told.text, cell)):
            draft.text, draft.quantity = "", None
    return _keep(actor, cell, draft, told, read)


def _keep(
    actor: Actor, cell: Cell, draft: CellDraft, told: TypedCell, read: TypedQuantity | None
) -> tuple[str, ...]:
    emptied = told.text is not None and not told.text.strip() and bool(cell.rows)
    if draft.text or draft.reason or draft.status:
        draft.person = actor.person
        draft.version += 1
        draft.save()
        cell.draft = draft
    elif draft.pk is not None:
        draft.delete()
        cell.draft = None
    return ("stands",) if emptied else ("saved", read.stated if read else "")


def _read(text: str | None, cell: Cell) -> TypedQuantity | None:
    if text is None or not text.strip():
        return None
    try:
        return read_quantity(text, cell.line.unit)
    except LedgerError:
        return None


def _is_abroad(text: str, cell: Cell) -> bool:
    """Whether a text says what a row says whose unit does not become the line's."""
    if cell.abroad is None:
        return False
    try:
        return read_quantity(text, cell.abroad.unit).quantity == cell.abroad.quantity
    except LedgerError:
        return False


def _is_same(cell: Cell, told: TypedCell, read: TypedQuantity | None) -> bool:
    """Whether two people have written the same, which is no conflict."""
    if told.text is None or told.status is not None or told.reason is not None:
        return False
    if read is None:
        return told.text.strip() == shown_text(cell)
    return cell.quantity is not None and read.quantity == cell.quantity


def _posted_status(cell: Cell) -> str:
    return cell.row.status if cell.row else cell.line.status
