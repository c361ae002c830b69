"""Months whose figures count although nobody has approved them yet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from linyin.lake import Finding, Where
from linyin.ledger.web.called import GRID
from linyin.ledger.web.grid_models import SiteMonth

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

__all__ = ["UNAPPROVED", "not_approved"]

UNAPPROVED: Final = "months-unapproved"


def not_approved(sites: Collection[str], begin: date, end: date) -> Iterator[Finding]:
    """Yield the sites with months in [begin, end) that are submitted and not approved."""
    waiting = SiteMonth.objects.filter(
        site__code__in=sites, month__gte=begin, month__lt=end, state="submitted"
    )
    months: defaultdict[str, list[date]] = defaultdict(list)
    for site, month in waiting.order_by("month").values_list("site__code", "month"):
        months[site].append(month)
    for site in sorted(months):
        listed = ", ".join(f"{month:%Y-%m}" for month in months[site])
        yield Finding(
            UNAPPROVED, "warning", Where(GRID),
            {"site": site, "months": len(months[site]), "begin": str(months[site][0]),
             "listed": listed},
        )  # fmt: skip
