"""What verifiers have stated on a run, for its page and its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linyin.inventory import ReportLabel
from linyin.inventory.web.verification.models import Opinion
from linyin.platform.grants import visible_to
from linyin.platform.numbers import percent
from linyin.platform.parts import Badge, Link
from linyin.platform.times import moment
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.actor import Actor
    from linyin.platform.words import Lang

__all__ = ["stated_on", "verification_of"]


def verification_of(actor: Actor, run: RunRecord) -> list[tuple[Badge, str, list[tuple[str, Any]]]]:
    """Return the statements on a run: kind, words, facts.

    Whoever sees the run on its node sees all of them; verifiers their own.
    """
    from django.urls import reverse

    of_run = Opinion.objects.filter(run=run).select_related("engagement", "stated_by")
    own = visible_to(actor, Opinion, "verification.view").filter(run=run)
    opened = set(own.values_list("pk", flat=True))
    is_inside = actor.may("inventory.view", run.node.code)
    found = []
    for one in of_run:
        if not is_inside and one.pk not in opened:
            continue
        by = one.engagement.firm or str(one.stated_by)
        href = reverse("opinions-record", args=[one.pk]) if one.pk in opened else ""
        facts: list[tuple[str, Any]] = [
            (say("opinions.stated_by"), Link(by, href)),
            (say("opinions.stated_at"), moment(one.stated_at)),
            (say("opinions.level"), say(f"engagements.level.{one.level}")),
            (say("opinions.materiality_pct"), f"{one.materiality_pct.normalize():f} %"),
            (say("opinions.coverage"), percent(float(one.coverage))),
        ]
        found.append((Badge("opinion", one.kind), one.text, facts))
    return found


def stated_on(run: RunRecord) -> ReportLabel | None:
    """Return what its report says of a run's verification, None while nothing was stated."""
    opinions = list(run.opinions.select_related("engagement", "stated_by").order_by("pk"))
    if not opinions:
        return None
    return ReportLabel(
        " ".join(_sentence(one, "en") for one in opinions),
        "".join(_sentence(one, "zh") for one in opinions),
    )


def _sentence(one: Opinion, language: Lang) -> str:
    return say(
        "opinions.sentence",
        language,
        by=one.engagement.firm or str(one.stated_by),
        day=one.stated_at.date().isoformat(),
        level=say(f"engagements.level.{one.level}", language),
        percent=f"{one.materiality_pct.normalize():f}",
        kind=say(f"opinions.kind.{one.kind}", language),
        text=one.text,
    )
