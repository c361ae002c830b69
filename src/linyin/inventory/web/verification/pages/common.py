"""What the pages of a verification share: the record asked for, names, the way back, the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.urls import reverse

from linyin.inventory.web.pages.common import with_scope
from linyin.platform.actor import who_asks
from linyin.platform.grants import visible_to
from linyin.platform.numbers import MassScale
from linyin.platform.parts import Step, Steps
from linyin.platform.words import lang, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model

    from linyin.inventory.web.models import RunRecord
    from linyin.inventory.web.verification.models import Engagement
    from linyin.inventory.web.verification.progress import RunProgress

__all__ = ["at", "crumbs_of", "mass_text", "run_name", "seen", "steps_of"]


def seen[M: Model](request: HttpRequest, model: type[M], key: str) -> M:
    """Return a record of a verification that the reader may see.

    Raises
    ------
    Http404
        If there is none, or it is out of reach.

    """
    actor = who_asks(request)
    records = visible_to(actor, model, "verification.view")
    found = records.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    if found is None:
        raise Http404
    return found


def at(request: HttpRequest, route: str, *keys: object, **more: str) -> str:
    """Return the address of a route with the page's context."""
    return with_scope(request, reverse(route, args=keys), **more)


def crumbs_of(request: HttpRequest, engagement: Engagement | None = None) -> list[tuple[str, str]]:
    """Return the way back: all engagements, then this one."""
    crumbs = [(say("engagements.title"), at(request, "engagements-list"))]
    if engagement is not None:
        crumbs.append((engagement.name, at(request, "engagements-record", engagement.pk)))
    return crumbs


def run_name(run: RunRecord) -> str:
    """Return a run as it is called in a line of text."""
    return say("run.title", node=run.node.name(lang()), year=run.year)


def mass_text(mass_mg: int | None) -> str:
    """Return a mass with its unit, '' for none."""
    if mass_mg is None:
        return ""
    scale = MassScale.of([mass_mg])
    return f"{scale.text(mass_mg)} {scale.unit}"


def steps_of(progress: Sequence[RunProgress], now: str) -> Steps:
    """Return how far a verification is, with the step that a page is of."""
    is_drawn = any(p.samples for p in progress)
    is_followed = is_drawn and not any(p.open_items for p in progress)
    done = {
        "draw": is_drawn,
        "follow": is_followed,
        "settle": is_followed and not any(p.open_findings for p in progress),
        "state": bool(progress) and all(p.opinion for p in progress),
    }
    return Steps(
        [
            Step(
                say(f"verification.step.{name}"),
                "now" if name == now else "done" if holds else "next",
            )
            for name, holds in done.items()
        ]
    )
