"""Sources that report every month and never did: gaps that no row tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils.timezone import localdate

from linyin.lake import Finding, Where
from linyin.ledger.monthly import months_between
from linyin.ledger.web.called import GRID
from linyin.ledger.web.grid_models import CellDraft, SourceLine
from linyin.ledger.web.grid_rows import series_of_all_years

if TYPE_CHECKING:
    from collections.abc import Collection

    from linyin.lake import Value

__all__ = ["UNREPORTED", "never_reported"]

UNREPORTED: Final = "source-unreported"


def never_reported(sites: Collection[str], begin: date, end: date) -> Iterator[Finding]:
    """Yield the sources of sites that were to report in [begin, end) and never had a row.

    No row of a run knows of them. One that has rows of other times is found by its rows.
    """
    lines = SourceLine.objects.filter(
        Q(begin=None) | Q(begin__lt=end), Q(end=None) | Q(end__gt=begin), site__code__in=sites
    ).select_related("site")
    posted = series_of_all_years()
    until = min(end, localdate().replace(day=1))
    for line in lines:
        months = [month for month in months_between(begin, until) if line.is_active(month)]
        if not months or any((line.site.code, name) in posted for name in line.names):
            continue
        typed = CellDraft.objects.filter(line=line, month__in=months).exclude(text="").count()
        fields: dict[str, Value] = {
            "source": " · ".join([line.site.code, line.source_type, line.item]),
            "begin": str(months[0]),
            "months": len(months),
            "typed": typed,
        }
        yield Finding(UNREPORTED, "warning", Where(GRID, line.code), fields)
