"""Gaps as the workspace knows them: sources that report every month and never did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from linyin.inventory import GAP_CHECKS
from linyin.lake import Finding, Where
from linyin.ledger.monthly import months_between
from linyin.ledger.web.called import GRID
from linyin.ledger.web.grid_models import CellDraft, SourceLine
from linyin.ledger.web.grid_rows import series_of_all_years

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from linyin.lake import Value
    from linyin.platform.actor import Actor

__all__ = ["GAPS", "never_reported", "where_entered"]

UNREPORTED: Final = "source-unreported"
GAPS: Final = (*GAP_CHECKS, UNREPORTED)
"""Findings of sources without data of days that they should have."""
_ENTERED: Final = ("months-missing", "source-begins", UNREPORTED)


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


def where_entered(actor: Actor, finding: Mapping[str, Any]) -> str:
    """Return the address at which what a finding misses is entered; '' of any other finding."""
    if finding["code"] not in _ENTERED:
        return ""
    site = str(finding["fields"]["source"]).partition(" · ")[0]
    if site not in actor.nodes("activities.view"):
        return ""
    begin = date.fromisoformat(finding["fields"]["begin"])
    asked = urlencode({"year": begin.year, "month": f"{begin:%Y-%m}"})
    return f"{reverse('grid', args=[site])}?{asked}"
