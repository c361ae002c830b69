"""Jobs that are asked for by themselves, every so often."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from linyin.platform.actor import Actor
from linyin.platform.models import Job
from linyin.platform.work.kinds import kinds
from linyin.platform.work.queue import enqueue

__all__ = ["ask_for_due"]


def ask_for_due() -> list[Job]:
    """Ask for every scheduled job that was not asked for in its current span of time.

    Spans are counted from 1970, so that several supervisors mean the same one.
    """
    now = timezone.now()
    asked = []
    for kind in kinds().values():
        if kind.every is None:
            continue
        span = f"every:{int(now.timestamp() // kind.every.total_seconds())}"
        if Job.objects.filter(kind=kind.name, key=span).exists():
            continue
        with transaction.atomic():
            if not Job.objects.filter(kind=kind.name, key=span).exists():
                operator = Actor(None, "job", is_operator=True)
                asked.append(enqueue(operator, kind.name, {}, key=span))
    return asked
