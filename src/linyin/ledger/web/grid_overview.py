"""The overview of data entry: sites down, months across, each with its state and what is in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from linyin.ledger.monthly import months_between
from linyin.ledger.web.grid_lines import derive_lines
from linyin.ledger.web.grid_models import CellDraft, SiteMonth, SourceLine
from linyin.ledger.web.grid_months import month_name, month_short, read_month, read_year
from linyin.ledger.web.grid_rows import series_of_year, year_to_enter
from linyin.organization.web.models import Node
from linyin.platform.actor import who_asks
from linyin.platform.parts import Badge, Button, Empty
from linyin.platform.sections import MenuPage, add_page
from linyin.platform.shell import Page
from linyin.platform.signin import signed_in, takes
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["SiteMonthTold", "current_month", "derive", "months_told", "months_typed", "overview"]

add_page(MenuPage("inventory", "grid.title", "enter", "activities.view", 5, "entry"))


@dataclass(slots=True)
class SiteMonthTold:
    """How a month of a site stands.

    Attributes
    ----------
    count, of
        Sources that are in, and that report the month.

    """

    site: Node
    month: date
    count: int
    of: int
    state: str

    @property
    def badge(self) -> Badge:
        """Its state."""
        return Badge("month", self.state)

    @property
    def is_lacking(self) -> bool:
        """Whether a source is not in, and it is still with who enters it."""
        return self.count < self.of and self.state in ("open", "draft", "recorded")

    @property
    def href(self) -> str:
        """Where it is entered."""
        return f"{reverse('grid', args=[self.site.code])}?month={self.month:%Y-%m}"


@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """Show how the months of the sites in reach stand."""
    actor = who_asks(request)
    reach = actor.nodes("activities.view")
    if not reach:
        raise PermissionDenied("activities.view")
    year = read_year(request.GET.get("year", "")) or year_to_enter()
    Page.of(request).shows(year)
    node = request.GET.get("node", "")
    below = actor.tree.subtree(node) if node else None
    codes = reach if below is None else reach & below
    months = list(months_between(date(year, 1, 1), date(year + 1, 1, 1)))
    told = months_told(codes, year)
    every = [one for rows in told.values() for one in rows.values()]
    chosen = read_month(request.GET.get("month", ""))
    if chosen is None and request.GET.get("month"):
        raise Page.of(request).unknown(say("grid.month.unknown"))
    if chosen is None or chosen not in months:
        chosen = current_month(every) if every else months[-1]
    of_month = [one for one in every if one.month == chosen]
    counted = sum(one.count for one in of_month), sum(one.of for one in of_month)
    context = {
        "title": say("grid.title"),
        "year": year,
        "months": [
            (month, month_short(month, lang()), month_name(month, lang())) for month in months
        ],
        "rows": [
            (
                site,
                site.name(lang()),
                [(month_short(month, lang()), rows.get(month)) for month in months],
            )
            for site, rows in told.items()
        ],
        "lead": say(
            "grid.of_month", count=counted[0], of=counted[1], month=month_name(chosen, lang())
        )
        if counted[1]
        else "",
        "node": node,
        "nodes": actor.tree.options(reach, lang()),
        "states": [
            Badge("month", state)
            for state in ("open", "draft", "submitted", "returned", "approved", "recorded")
        ],
        "may_derive": actor.may("activities.edit"),
        "may_ask": actor.may("activities.approve"),
        "empty": Empty(
            say("grid.no_sites"), say("grid.no_sites.text"), "table", button=_first(actor)
        ),
    }
    return render(request, "ledger/grid_overview.html", context)


def _first(actor: Actor) -> Button | None:
    """Return the button that adds the first source, for whoever may."""
    if not actor.may("activities.edit"):
        return None
    return Button(say("lines.new"), reverse("lines-create"), "plus", "plain")


@signed_in
@takes("POST")
def derive(request: HttpRequest) -> HttpResponse:
    """Make the source lines that the activities show."""
    made = derive_lines(who_asks(request))
    messages.success(request, say("grid.derived", count=made))
    return HttpResponseRedirect(reverse("enter"))


def months_typed(codes: Any, years: Iterable[int]) -> int:
    """Return how many site-months hold what is typed and not submitted: no run counts that."""
    typed = CellDraft.objects.filter(line__site__code__in=codes, month__year__in=list(years))
    return typed.exclude(text="").values("line__site", "month").distinct().count()


def months_told(codes: Any, year: int) -> dict[Node, dict[date, SiteMonthTold]]:
    """Return, for every site that has source lines, how its months of a year stand."""
    begin, end = date(year, 1, 1), date(year + 1, 1, 1)
    this_month = localdate().replace(day=1)
    lines = list(SourceLine.objects.filter(site__code__in=codes).select_related("site"))
    rows = series_of_year(year)
    drafts = defaultdict(set)
    asked = {"month__gte": begin, "month__lt": end, "line__in": lines}
    for key, month, quantity, is_refused in (
        CellDraft.objects.filter(**asked)
        .exclude(text="")
        .values_list("line_id", "month", "quantity", "is_refused")
    ):
        drafts[month].add((key, quantity is not None and not is_refused))
    records = {
        (record.site_id, record.month): record.state
        for record in SiteMonth.objects.filter(
            site__code__in=codes, month__gte=begin, month__lt=end
        )
    }
    told: dict[Node, dict[date, SiteMonthTold]] = {}
    typed: set[tuple[int, date]] = set()
    for month in months_between(begin, end):
        here = {key for key, _ in drafts[month]}
        filled = {key for key, is_taken in drafts[month] if is_taken}
        for line in lines:
            is_in = any((line.site.code, name, month) in rows for name in line.names)
            if not is_in and (not line.is_active(month) or month > this_month):
                continue
            of_site = told.setdefault(line.site, {})
            one = of_site.setdefault(month, SiteMonthTold(line.site, month, 0, 0, ""))
            one.of += 1
            one.count += is_in or line.pk in filled
            if line.pk in here:
                typed.add((line.site_id, month))
    for site, of_site in told.items():
        for month, one in of_site.items():
            one.state = _state(one, records.get((site.pk, month)), (site.pk, month) in typed)
    return dict(sorted(told.items(), key=lambda item: item[0].code))


def _state(one: SiteMonthTold, record: str | None, is_typed: bool) -> str:
    if record is not None and record != "draft":
        return record
    if record is not None or is_typed:
        return "draft"
    return "recorded" if one.count else "open"


def current_month(told: Iterable[SiteMonthTold]) -> date:
    """Return the first month that is not all in, else the last that has sources.

    Raises
    ------
    ValueError
        If there is none.

    """
    several = list(told)
    lacking = [one.month for one in several if one.count < one.of]
    return min(lacking) if lacking else max(one.month for one in several)
