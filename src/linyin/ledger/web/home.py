"""The home of who enters data: what is in, what is missing, what came back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from django.urls import reverse

from linyin.ledger.web.grid_models import SiteMonth
from linyin.ledger.web.grid_months import month_name, month_short, month_spans
from linyin.ledger.web.grid_overview import SiteMonthTold, current_month, months_told
from linyin.ledger.web.grid_rows import standing_of_year, year_to_enter
from linyin.platform.home import Home, home_of
from linyin.platform.parts import (
    Chart,
    Column,
    Empty,
    Figure,
    Figures,
    Link,
    Notice,
    Row,
    Table,
    stacked_bars,
)
from linyin.platform.parts.bars import GOOD, REST
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from datetime import date

    from linyin.platform.shell import Page

__all__ = ["entry_home", "missing_months"]

# States of a site-month whose data are still with who enters them.
_WITH_OWNER = ("open", "draft", "returned")
_SHOWN = 24
_MISSING = 8


@home_of("data_owner")
def entry_home(page: Page) -> Home:
    """Show how many sources of the month are in, and every month that is not."""
    reach = page.actor.nodes("activities.edit")
    year = page.scope.year or year_to_enter()
    page.shows(year)
    told = [one for months in months_told(reach, year).values() for one in months.values()]
    if not told:
        return Home(notices=[Notice(say("grid.no_sites"), say("grid.no_sites.text"))])
    month = current_month(told)
    now = [one for one in told if one.month == month]
    count, of = sum(one.count for one in now), sum(one.of for one in now)
    figures = [
        Figure(
            say("home.entry.in"), f"{count} / {of}", say("home.entry.sources"),
            month_name(month, lang()), "",
            is_headline=True, href=now[0].href if len(now) == 1 else _overview(year),
            note=say("home.entry.missing", count=of - count) if count < of else "",
        )
    ]  # fmt: skip
    for state in ("returned", "submitted"):
        months = _months_in(state, reach, page.scope.year)
        years = "–".join(dict.fromkeys(str(m.year) for m in (*months[:1], *months[-1:])))
        label, unit = say(f"home.entry.{state}"), say("home.entry.months")
        figures.append(Figure(label, str(len(months)), unit, years or str(year), ""))
    to_enter = _months(told)
    return Home(
        figures=Figures(figures),
        main=_chart(told, year),
        trust=list(_trust(told, reach, year)),
        below=[(to_enter.caption, to_enter)],
    )


def _months_in(state: str, sites: Collection[str], year: int | None) -> list[date]:
    """Return the months of sites in a state, the oldest first: of a year, else of all."""
    found = SiteMonth.objects.filter(site__code__in=sites, state=state)
    found = found.filter(month__year=year) if year else found
    return list(found.order_by("month").values_list("month", flat=True))


def _trust(
    told: Collection[SiteMonthTold], sites: Collection[str], year: int
) -> Iterator[tuple[str, str]]:
    """Yield what the rows of the year, or of the one before, rest on."""
    approved = sum(one.state == "approved" for one in told)
    of_months = say("home.entry.of", count=approved, of=len(told))
    yield say("home.entry.approved", year=year), of_months
    for last in (year, year - 1):
        here = [counts for site, counts in standing_of_year(last).items() if site in sites]
        rows, estimated, proven = (sum(counts[n] for counts in here) for n in range(3))
        if rows:
            yield say("home.entry.proven", year=last), say("home.entry.of", count=proven, of=rows)
            told_of = say("home.entry.of", count=estimated, of=rows)
            yield say("home.entry.estimated", year=last), told_of
            return


def _chart(told: Collection[SiteMonthTold], year: int) -> Chart:
    """Draw how many sources are in and how many are not, month by month."""
    months = sorted({one.month for one in told})
    here = {m: [one for one in told if one.month == m] for m in months}
    filled = [sum(one.count for one in here[m]) for m in months]
    lacking = [sum(one.of - one.count for one in here[m]) for m in months]
    series = {
        say("home.entry.chart.in"): (GOOD, filled),
        say("home.entry.chart.open"): (REST, lacking),
    }
    names = [month_short(month, lang()) for month in months]
    return stacked_bars(
        "months", say("home.entry.chart", year=year), (say("home.entry.month"), names), series,
        say("home.entry.sources"),
    )  # fmt: skip


def _months(told: Collection[SiteMonthTold]) -> Table:
    """Return the site-months that are not in, first those that came back, then the oldest."""
    open_ = [one for one in told if one.state in _WITH_OWNER and _is_due(one)]
    open_.sort(key=lambda one: (one.state != "returned", one.month, one.site.code))
    rows = [
        Row(
            [
                Link(one.site.name(lang())),
                month_name(one.month, lang()),
                f"{one.count} / {one.of}",
                one.badge,
            ],
            one.href,
            "warning" if one.state == "returned" else "",
        )
        for one in open_[:_SHOWN]
    ]
    columns = [
        Column(say("grid.site"), is_wide=True),
        Column(say("home.entry.month")),
        Column(say("home.entry.in"), is_number=True),
        Column(say("home.entry.state")),
    ]
    empty = Empty(say("home.entry.all_in"), icon="circle-check")
    return Table(say("home.entry.to_enter"), columns, rows, empty=empty)


def missing_months(nodes: Collection[str], year: int) -> Table | None:
    """Return the sites with months that are not all in, most first; None where nobody enters."""
    told = months_told(nodes, year)
    if not told:
        return None
    lacking = {site: [m for m in months.values() if _is_due(m)] for site, months in told.items()}
    ranked = sorted(
        ((site, months) for site, months in lacking.items() if months),
        key=lambda pair: (-len(pair[1]), pair[0].code),
    )
    rows = [
        Row(
            [
                Link(site.name(lang())),
                str(len(months)),
                month_spans([one.month for one in months], lang()),
            ],
            months[0].href,
        )
        for site, months in ranked[:_MISSING]
    ]
    if len(ranked) > _MISSING:
        further = ranked[_MISSING:]
        told_of = say("home.missing.more", count=len(further))
        count = sum(len(months) for _, months in further)
        rows.append(Row([Link(told_of), str(count), ""], _overview(year)))
    columns = [
        Column(say("grid.site"), is_wide=True),
        Column(say("home.entry.months"), is_number=True),
        Column(say("home.entry.which")),
    ]
    empty = Empty(say("home.entry.all_in"), icon="circle-check")
    return Table(say("home.missing", year=year), columns, rows, empty=empty, is_dense=True)


def _is_due(one: SiteMonthTold) -> bool:
    """Whether a month waits for who enters it: a source is not in, or it is not submitted yet."""
    return one.count < one.of or one.state in ("draft", "returned")


def _overview(year: int) -> str:
    return f"{reverse('enter')}?year={year}"
