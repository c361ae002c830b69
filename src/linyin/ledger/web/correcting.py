"""A row of activities that was posted: corrected, removed, brought back; its past stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction

from linyin.lake import (
    BadInput,
    Finding,
    Where,
    errors_in,
    remove_revisions,
    revision_history,
)
from linyin.ledger.contexts import inputs
from linyin.ledger.posting import ACTIVITIES
from linyin.ledger.web.called import row_called
from linyin.ledger.web.grid_cells import load_grid
from linyin.ledger.web.grid_models import SiteMonth
from linyin.ledger.web.grid_rows import activities_now
from linyin.ledger.web.row_posting import post_rows, prepare_rows, stated_of, texts_of
from linyin.organization.web.models import Node
from linyin.platform.actions import action, refused, require
from linyin.platform.audit import plain, record_event
from linyin.platform.lake import workspace_lake
from linyin.platform.resources.lake_keys import joined, parted

if TYPE_CHECKING:
    from linyin.lake import Posted
    from linyin.platform.actor import Actor

__all__ = [
    "CORRECTED",
    "PostedRow",
    "correct_activity",
    "posted_row",
    "remove_activity",
    "revisions_of",
]

CORRECTED: Final = (
    "site", "begin", "end", "quantity", "unit", "status", "item", "technology", "method",
    "counterparty", "place", "description",
)  # fmt: skip
"""Columns that a correction may state, beside the inputs that the row has."""


@dataclass(frozen=True, slots=True)
class PostedRow:
    """A row of activities with all its revisions, the first first."""

    revisions: Sequence[Mapping[str, Any]]

    def __str__(self) -> str:
        return row_called(self.now)

    @property
    def now(self) -> Mapping[str, Any]:
        """Its last revision."""
        return self.revisions[-1]

    @property
    def pk(self) -> str:
        """Its key in addresses."""
        return joined(self.key)

    @property
    def version(self) -> int:
        """Number of its last revision."""
        return int(self.now["_revision"])

    @property
    def is_removed(self) -> bool:
        """Whether it counts no more."""
        return bool(self.now["_removed"])

    @property
    def site(self) -> str:
        """Code of the site that it is of."""
        return str(self.now["site"])

    @property
    def named(self) -> list[str]:
        """Inputs that it states."""
        return [name for name in inputs() if self.now.get(name) is not None]

    @property
    def key(self) -> tuple[str, str]:
        """Its source and external id."""
        return self.now["source"], self.now["external_id"]


def posted_row(actor: Actor, key: str, permission: str = "activities.view") -> PostedRow | None:
    """Return a row that an actor reaches, be it removed; None if there is no such."""
    lake = workspace_lake()
    parts = parted(key)
    if ACTIVITIES not in lake.tables() or len(parts) != len(("source", "external_id")):
        return None
    row = PostedRow(revision_history(lake, ACTIVITIES, *parts).to_pylist())
    return row if row.revisions and actor.may(permission, row.site) else None


def revisions_of(actor: Actor, key: str, site: str) -> Sequence[Mapping[str, Any]]:
    """Return the revisions of a current row of a site, the first first.

    Most rows have one, which stands in the file of current rows; only for others the lake's whole
    table is read.
    """
    with activities_now() as activities:
        found = [] if activities is None else activities.fetch(
            f"SELECT * FROM ({activities.rows}) "
            "WHERE site = $site AND source = $source AND external_id = $external_id",
            site=site, **dict(zip(("source", "external_id"), parted(key), strict=True)),
        )  # fmt: skip
    if found and found[0]["_revision"] == 1:
        return found
    row = posted_row(actor, key)
    return [] if row is None else row.revisions


@action("activities.edit", writes="lake")
def correct_activity(
    actor: Actor, *, node: Node, row: PostedRow, stated: Mapping[str, str], reason: str
) -> Posted:
    """Post another revision of a row as it was seen; one that was removed counts again.

    Parameters
    ----------
    actor, node
        Who, and the site that the row is of.
    row
        As it was seen.
    stated
        Texts of columns (`CORRECTED`) and inputs, as files have them; what is left out stays.
    reason
        Why: it is kept with the revision.

    Raises
    ------
    BadInput
        With what is wrong in each column; nothing is posted.
    RevisedMeanwhile
        If somebody else has changed the row; nothing is posted.
    LakeError
        If the lake cannot be written; nothing is posted.

    """
    _require_free(node, row, reason)
    columns, named = stated_of(row.now)
    unknown = next((n for n in stated if n not in CORRECTED and n not in named), "")
    if unknown:
        raise BadInput([Finding("column-not-corrected", "error", Where(column=unknown))])
    texts = texts_of(
        {**columns, "reason": reason, **{n: t for n, t in stated.items() if n in CORRECTED}},
        {**named, **{n: t for n, t in stated.items() if n in named}},
    )
    prepared = prepare_rows([texts], row.key[0], node.code, sites=actor.nodes("activities.edit"))
    if errors_in(prepared.findings):
        raise BadInput([_of_column(finding) for finding in prepared.findings])
    kept = prepared.table.to_pylist()[0]
    if (kept["site"], kept["begin"]) != (row.site, row.now["begin"]):
        _require_open(Node.objects.get(code=kept["site"]), row, kept["begin"])
    posted = post_rows(
        workspace_lake(actor), prepared, row.key[0], reason=reason, seen={row.key: row.version}
    )
    if posted.batch is not None:
        names = [n for n in (*CORRECTED, *named) if row.is_removed or kept[n] != row.now[n]]
        _tell(
            actor, "ledger.correct_activity", row, node, reason,
            {} if row.is_removed else {n: row.now[n] for n in names}, {n: kept[n] for n in names},
        )  # fmt: skip
    return posted


@action("activities.edit", writes="lake", takes_away=True)
def remove_activity(actor: Actor, *, node: Node, row: PostedRow, reason: str) -> Posted:
    """Let a row count no more, as it was seen; its revisions stay, and it can be brought back.

    Raises
    ------
    BadInput
        Without a reason, or while its month is being approved.
    RevisedMeanwhile
        If somebody else has changed the row; nothing is removed.
    LakeError
        If the lake cannot be written; nothing is removed.

    """
    _require_free(node, row, reason)
    require(not row.is_removed, "row-removed", row=str(row))
    removed = remove_revisions(
        workspace_lake(actor), ACTIVITIES, {row.key: row.version}, reason=reason, who=actor.who
    )
    before = {n: row.now[n] for n in (*CORRECTED, *row.named)}
    _tell(actor, "ledger.remove_activity", row, node, reason, before, {})
    return removed


def _require_free(node: Node, row: PostedRow, reason: str) -> None:
    if node.code != row.site:
        raise PermissionDenied("ledger.correct_activity")
    require(reason.strip(), "row-without-reason")
    _require_open(node, row, row.now["begin"])


def _require_open(site: Node, row: PostedRow, begin: date) -> None:
    """Refuse what stands in a month of the grid that was submitted or approved."""
    month = begin.replace(day=1)
    closed = SiteMonth.objects.filter(site=site, month=month).exclude(state__in=SiteMonth.OPEN)
    if not closed.exists():
        return
    cells = load_grid(site, month.year, check=False).month(month).cells
    if any((r.source, r.external_id) == row.key for cell in cells for r in cell.rows):
        raise refused("row-in-closed-month", site=site.code, state=closed.get().state)


def _of_column(finding: Finding) -> Finding:
    """Name the column without its unit; the row is the one that is corrected."""
    column = (finding.at.column or "").partition(" [")[0]
    return Finding(finding.code, finding.severity, Where(column=column), finding.fields)


@transaction.atomic
def _tell(
    actor: Actor,
    name: str,
    row: PostedRow,
    node: Node,
    reason: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    record_event(
        actor, name, subject="activities", key=row.pk, node=node.code,
        before={n: plain(v) for n, v in before.items()},
        after={n: plain(v) for n, v in after.items()}, reason=reason,
    )  # fmt: skip
