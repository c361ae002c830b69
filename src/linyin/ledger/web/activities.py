"""Activities as a resource over the lake: the current rows, by site, kind, period, source."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from linyin.ledger.web.called import (
    item_called,
    items_called,
    place_called,
    row_called,
    technology_called,
    unit_after,
    unit_called,
)
from linyin.ledger.web.correcting_pages import buttons_of, gone_of, past_of
from linyin.organization.web.called import nodes_called
from linyin.platform.derived import current_activities
from linyin.platform.reading import reading
from linyin.platform.resources import Column, Filter, Resource
from linyin.platform.resources.lake import LakeSource

__all__ = ["activities"]

COLUMNS: Final = (
    Column("external_id", "code"),
    Column("source", "code", listed=False),
    Column("site", "node", finds=nodes_called),
    Column("source_type", "choice"),
    Column("item", "code", says=item_called, finds=items_called),
    Column("technology", "code", says=technology_called, listed=False),
    Column("begin", "date"),
    Column("end", "date", listed=False),
    Column("quantity", "number", unit="unit", unit_says=unit_after),
    Column("unit", "code", says=unit_called, listed=False),
    Column("status", "choice", badge="evidence"),
    Column("relation", "choice", listed=False),
    Column("counterparty", "code"),
    Column("place", "code", says=place_called, listed=False),
    Column("method", "code", listed=False),
    Column("flow", "choice", listed=False),
    Column("description", listed=False),
    Column("evidence_file", "code"),
    Column("evidence_sha256", "code", listed=False),
    Column("supersedes", "code", listed=False),
    Column("file", "code", "_file", listed=False),
    Column("file_row", "integer", "_row", listed=False),
)


@lru_cache(maxsize=8)
def _years(relation: str) -> tuple[str, ...]:
    """Return the years in which rows of a file began, the newest first."""
    if not relation:
        return ()
    asked = f"SELECT DISTINCT year(begin) FROM {relation} ORDER BY 1 DESC"
    with reading() as lake:
        return tuple(str(year) for (year,) in lake.execute(asked).fetchall())


FILTERS: Final = (
    Filter("node", "node", "site"),
    Filter("source_type"),
    Filter("item"),
    Filter("status"),
    Filter("source"),
    Filter("year", "year", "begin", choices=lambda: _years(_relation() or "")),
)
SEARCH: Final = ("external_id", "source", "site", "item", "counterparty", "description")


def _relation() -> str | None:
    file = current_activities()
    return None if file is None else f"read_parquet('{str(file).replace(chr(39), chr(39) * 2)}')"


activities = Resource(
    name="activities",
    section="inventory",
    columns=COLUMNS,
    view="activities.view",
    source=LakeSource(
        _relation,
        key=("source", "external_id"),
        node="site",
        columns=COLUMNS,
        filters=FILTERS,
        search=SEARCH,
        order="begin",
    ),
    filters=FILTERS,
    search=SEARCH,
    order="-begin",
    title="external_id",
    called=row_called,
    rank=20,
    group="activities",
    buttons=buttons_of,
    past=past_of,
    gone=gone_of,
)
