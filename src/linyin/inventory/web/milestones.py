"""How the calendar's steps of an inventory stand, seen from its runs."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse

from linyin.governance.web.models import Milestone
from linyin.governance.web.watching import Seen, watches
from linyin.inventory.web.models import RunRecord
from linyin.platform.models import Approval
from linyin.platform.words import say

__all__ = ["approved", "calculated", "published"]


@watches("calculation")
def calculated(milestone: Milestone) -> Seen | None:
    """Whether there is a locked run of the year."""
    runs = _runs(milestone)
    return _seen(runs, runs.exclude(state="draft"), "locked")


@watches("entity_approval", "committee_approval")
def approved(milestone: Milestone) -> Seen | None:
    """Whether a run of the year is approved at the step's level, or at all levels that it has."""
    runs = _runs(milestone)
    granted = Approval.objects.filter(
        subject=RunRecord._meta.label_lower,
        level=milestone.kind.removesuffix("_approval"),
        is_granted=True,
        key__in=[str(key) for key in runs.values_list("pk", flat=True)],
    )
    keys = [int(key) for key in granted.values_list("key", flat=True)]
    reached = runs.filter(Q(pk__in=keys) | Q(state__in=("approved", "published")))
    return _seen(runs, reached, "approved")


@watches("publication")
def published(milestone: Milestone) -> Seen | None:
    """Whether a run of the year is published."""
    runs = _runs(milestone)
    return _seen(runs, runs.filter(state="published"), "published")


def _runs(milestone: Milestone) -> QuerySet[RunRecord]:
    return RunRecord.objects.filter(node=milestone.node, year=milestone.year).exclude(
        state="superseded"
    )


def _seen(runs: QuerySet[RunRecord], reached: QuerySet[RunRecord], kind: str) -> Seen | None:
    """Return the newest run that got there, else the newest there is; one run is enough."""
    found = reached.order_by("-made_at").first()
    run = found or runs.order_by("-made_at").first()
    if run is None:
        return None
    href = reverse("runs-record", args=[run.pk])
    label = say(f"milestones.runs.{kind}")
    return Seen(1 if found else 0, 1, label, href, "inventory.view")
