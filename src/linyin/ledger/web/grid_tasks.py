"""What the month grid gives people to do: requests, months to approve, cells that came back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import localdate

from linyin.ledger.web.grid_models import DataRequest, SiteMonth
from linyin.ledger.web.grid_months import month_name, month_spans
from linyin.ledger.web.grid_overview import months_told
from linyin.ledger.web.grid_rows import year_to_enter
from linyin.ledger.web.requests import addresses_of, months_in_words
from linyin.platform.tasks import Task, add_tasks
from linyin.platform.words import enumerated, lang, say

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["months_to_approve", "months_to_enter", "months_to_mend", "requests_to_answer"]


@add_tasks
def requests_to_answer(actor: Actor) -> Iterable[Task]:
    """Yield the open data requests of the actor."""
    asked = DataRequest.objects.filter(assignee=actor.person, state="open")
    requests = list(asked.select_related("site", "made_by"))
    addresses = addresses_of(requests)
    for request in requests:
        yield Task(
            "requests",
            f"{request.site.name(lang())} · {months_in_words(request, lang())}",
            addresses[request.pk],
            request.note or say("tasks.requests.by", who=request.made_by or "–"),
            request.due,
        )


@add_tasks
def months_to_approve(actor: Actor) -> Iterable[Task]:
    """Yield the submitted months that the actor may approve, of each site as one task."""
    reach = actor.nodes("activities.approve")
    waiting = SiteMonth.objects.filter(state="submitted", site__code__in=reach)
    found = waiting.select_related("site", "submitted_by").order_by("site__code", "month")
    others = (record for record in found if not record.is_of(actor.person))
    for site, records in groupby(others, lambda one: one.site):
        first, *more = records
        who = dict.fromkeys(str(one.submitted_by or "–") for one in (first, *more))
        by = say("tasks.approve.by", who=enumerated(who))
        if not more:
            yield _task("approve", first, by)
            continue
        months = [one.month for one in (first, *more)]
        title = say("tasks.approve.site", site=site.name(lang()), count=len(months))
        spans = month_spans(months, lang())
        yield Task("approve", title, _address(first), f"{spans} · {by}")


@add_tasks
def months_to_mend(actor: Actor) -> Iterable[Task]:
    """Yield the returned months that the actor submitted, or may enter where nobody else can."""
    reach = actor.nodes("activities.edit")
    returned = (
        SiteMonth.objects.filter(state="returned", site__code__in=reach)
        .filter(Q(submitted_by=actor.person) | Q(submitted_by__is_active=False))
        .annotate(cells=Count("notes", filter=Q(notes__settled_at=None)))
    )
    for record in returned.select_related("site"):
        yield _task("mend", record, say("tasks.mend.cells", count=record.cells))


@add_tasks
def months_to_enter(actor: Actor) -> Iterable[Task]:
    """Yield the sites with months over that are not all in, for who enters and does not approve."""
    sites = actor.nodes("activities.edit") - actor.nodes("activities.approve")
    if not sites:
        return
    year, this_month = year_to_enter(), localdate().replace(day=1)
    for site, months in months_told(sites, year).items():
        lacking = [one for one in months.values() if one.is_lacking and one.month < this_month]
        if lacking:
            title = say("tasks.enter.site", site=site.name(lang()), count=len(lacking), year=year)
            spans = month_spans([one.month for one in lacking], lang())
            yield Task("enter", title, lacking[0].href, spans)


def _task(kind: str, record: SiteMonth, detail: str) -> Task:
    title = f"{record.site.name(lang())} · {month_name(record.month, lang())}"
    return Task(kind, title, _address(record), detail)


def _address(record: SiteMonth) -> str:
    return f"{reverse('grid', args=[record.site.code])}?month={record.month:%Y-%m}"
