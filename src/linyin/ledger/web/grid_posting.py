"""Cells as activities: checked by the ledger's own rules, posted as one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from linyin.lake import BadInput, Finding, Posted, errors_in
from linyin.ledger.faults import LedgerError
from linyin.ledger.monthly import STATED, whole_rows
from linyin.ledger.typed import read_quantity
from linyin.ledger.web.called import GRID
from linyin.ledger.web.grid_models import SourceLine
from linyin.ledger.web.grid_rows import activities_now
from linyin.ledger.web.row_posting import post_rows, prepare_rows, stated_of, texts_of
from linyin.organization.web.models import Node
from linyin.platform.lake import workspace_lake
from linyin.platform.models import Document

if TYPE_CHECKING:
    from linyin.ledger.posting import Prepared
    from linyin.platform.actor import Actor

__all__ = ["CARRIED", "Entry", "faults_of", "post_entries"]

CARRIED: Final = tuple(name for name in STATED if name != "unit")
"""What a source says of its rows beside their unit."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell that becomes an activity.

    Attributes
    ----------
    quantity
        In the line's unit; None = as the row has it, in its own.
    document
        Its evidence; None = as the row has it.
    key
        Source and external id of the row that it revises; None = a new row of the grid.

    """

    line: SourceLine
    month: date
    quantity: float | None
    status: str
    document: Document | None
    reason: str
    key: tuple[str, str] | None


def faults_of(site: Node, typed: Sequence[tuple[Entry, str]]) -> list[Finding | None]:
    """Return what is wrong with each cell, None where nothing is.

    Parameters
    ----------
    site : Node
    typed
        Each cell, and its text where that could not be read.

    """
    faults: list[Finding | None] = [_unreadable(entry, text) for entry, text in typed]
    readable = [at for at, (entry, _) in enumerate(typed) if entry.quantity is not None]
    prepared = _prepared(site, [typed[at][0] for at in readable], {})
    for finding in errors_in(prepared.findings):
        if finding.at.row is not None:
            faults[readable[finding.at.row - 1]] = Finding(
                finding.code, finding.severity, fields=finding.fields
            )
    return faults


def post_entries(actor: Actor, site: Node, entries: Sequence[Entry], *, reason: str) -> Posted:
    """Post cells as one batch: new rows of the grid, revisions of rows that are there.

    Raises
    ------
    BadInput
        If the ledger refuses a row; nothing is posted.
    LakeError
        If the lake cannot be written; nothing is posted.

    """
    lake = workspace_lake(actor)
    keys = [entry.key for entry in entries if entry.key is not None]
    with activities_now() as activities:
        rows = {} if activities is None else whole_rows(activities, keys)
    prepared = _prepared(site, entries, rows)
    if errors_in(prepared.findings):
        raise BadInput(prepared.findings)
    return post_rows(lake, prepared, GRID, reason=reason)


def _unreadable(entry: Entry, text: str) -> Finding | None:
    if not text:
        return None
    try:
        read_quantity(text, entry.line.unit)
    except LedgerError as fault:
        return fault.finding()
    return None


def _prepared(site: Node, entries: Sequence[Entry], rows: dict[tuple[str, str], Any]) -> Prepared:
    """Bring cells through the schema and the ledger's checks, as the rows of a file."""
    texts = [_texts(site, entry, rows.get(entry.key) if entry.key else None) for entry in entries]
    return prepare_rows(texts, GRID, site.code, sites={site.code})


def _texts(site: Node, entry: Entry, row: dict[str, Any] | None) -> dict[str, str]:
    """Return the columns of an activity as the texts of a file."""
    line = entry.line
    stated: dict[str, Any]
    if row is None:
        stated = {
            "source": entry.key[0] if entry.key else GRID,
            "external_id": entry.key[1] if entry.key else line.external_id(entry.month),
            "kind": "normal",
            **{name: getattr(line, name) for name in (*CARRIED, "profile", "description")},
        }  # fmt: skip
        named = line.named_inputs
    else:
        stated, named = stated_of(row)
        if line.named_by_what_it_states:
            stated |= {name: getattr(line, name) for name in CARRIED}
    if entry.quantity is not None:
        stated |= {"quantity": entry.quantity, "unit": line.unit}
    stated |= {
        "site": site.code,
        "period": f"{entry.month:%Y-%m}",
        "begin": "",
        "end": "",
        "status": entry.status,
        "reason": entry.reason,
    }
    if entry.document is not None:
        stated["evidence_file"] = entry.document.name
        stated["evidence_sha256"] = entry.document.sha256
        stated["evidence_page"] = ""
    return texts_of(stated, named)
