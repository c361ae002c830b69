"""Single rows of activities: brought through the checks that the rows of a file go through."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from linyin.lake import Lake, Posted, create_revision_table, post_revisions, sheet_from_arrow
from linyin.ledger.contexts import inputs
from linyin.ledger.posting import ACTIVITIES, Prepared, input_header, lake_schema, prepare, schema
from linyin.ledger.tables import item_aliases, place_parents
from linyin.organization import FiscalCalendar
from linyin.organization.web.models import Allocation, Profile

__all__ = ["post_rows", "prepare_rows", "stated_of", "texts_of"]


def stated_of(row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a row of the lake states as users write it: its columns, its named inputs."""
    columns = {c.name: row[c.name] for c in schema().columns if c.name in row}
    return columns, {name: row[name] for name in inputs() if row.get(name) is not None}


def texts_of(columns: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, str]:
    """Return a row as the texts of a file; inputs stand under headers with their units."""
    headed = {
        name if inputs()[name].unit.code == "1" else f"{name} [{inputs()[name].unit.code}]": value
        for name, value in named.items()
    }
    return {name: _text(value) for name, value in {**columns, **headed}.items()}


def prepare_rows(
    texts: Sequence[Mapping[str, str]], source: str, name: str, *, sites: Collection[str]
) -> Prepared:
    """Check rows as those of a file are checked.

    Parameters
    ----------
    texts
        Each row's columns, as :func:`texts_of` writes them.
    source
        Of rows that state none.
    name
        Where findings say that they stand.
    sites
        Codes of the sites that they may be of.

    """
    if not texts:
        return Prepared(lake_schema(()).empty_table())
    names = list(dict.fromkeys(name for row in texts for name in row))
    table = pa.table({n: pa.array([row.get(n, "") for row in texts], pa.string()) for n in names})
    validated, findings = schema().validate(sheet_from_arrow(table, source, name), input_header)
    prepared = prepare(
        validated,
        source=source,
        sites=sites,
        places=place_parents(),
        calendar=FiscalCalendar(),
        aliases=item_aliases(),
        meters=_meters({row["site"] for row in texts}),
        profiles=set(Profile.objects.values_list("profile", flat=True)),
    )
    return Prepared(prepared.table, [*findings, *prepared.findings])


def post_rows(
    lake: Lake,
    prepared: Prepared,
    source: str,
    *,
    reason: str,
    seen: Mapping[tuple[str, str], int] | None = None,
) -> Posted:
    """Post checked rows as one batch, into columns that are made where they lack.

    What is typed stands in no sheet: its place is its own id, which findings then name.

    Raises
    ------
    RevisedMeanwhile
        If a row has another revision than was `seen`.
    LakeError
        If the lake cannot be written; nothing is posted.

    """
    plain = set(lake_schema(()).names)
    table = prepared.table
    sheet = table.column_names.index("_sheet")
    table = table.set_column(sheet, table.schema.field(sheet), table["external_id"])
    named = {n for n in table.column_names if n not in plain and not n.startswith("_")}
    is_there = ACTIVITIES in lake.tables()
    known = {n for n in lake.schema(ACTIVITIES).names if n in inputs()} if is_there else set()
    if not is_there or named - known:
        create_revision_table(lake, ACTIVITIES, lake_schema(named | known))
    return post_revisions(lake, ACTIVITIES, source, table, reason=reason, full=False, seen=seen)


def _meters(sites: set[str]) -> dict[str, list[str]]:
    """Return the patterns by which sites tell their shared supplies apart."""
    shared = Allocation.objects.filter(site__code__in=sites).exclude(meter="")
    meters: dict[str, set[str]] = {}
    for site, meter in shared.values_list("site__code", "meter"):
        meters.setdefault(site, set()).add(meter)
    return {site: sorted(patterns) for site, patterns in meters.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)
