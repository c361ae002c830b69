"""A verification in the demonstration: a run is locked, a verifier engaged, a sample drawn."""

from __future__ import annotations

from decimal import Decimal

from linyin.inventory.web.actions import lock_run
from linyin.inventory.web.models import Engagement, RunRecord
from linyin.inventory.web.verification.actions import open_engagement
from linyin.inventory.web.verification.draws import draw_sample
from linyin.platform.actor import Actor
from linyin.platform.demo import add_demo
from linyin.platform.models import Person

__all__ = ["engage_verifier"]


@add_demo
def engage_verifier() -> None:
    """Engage the verifier of the demonstration on the last two years; the earlier is locked.

    By the second carbon officer, so that the first can approve it.
    """
    people = {
        role: Person.objects.filter(is_demo=True, grants__role=role).first()
        for role in ("carbon_office", "verifier")
    }
    office, verifier = people["carbon_office"], people["verifier"]
    second = Person.objects.filter(is_demo=True, grants__role="carbon_office").last()
    runs = list(RunRecord.objects.filter(node__code="LINYIN", state="draft").order_by("year"))
    if Engagement.objects.exists() or None in (office, verifier, second) or len(runs) < 2:
        return
    earlier, last = runs[-2:]
    if earlier.findings.filter(severity="error", state="open").exists():
        return
    manager = Actor(office, "web")
    lock_run(Actor(second, "web"), earlier)
    engagement = open_engagement(
        manager,
        node=earlier.node,
        values={
            "name": f"Verification {earlier.year}–{last.year}",
            "firm": "Meyer & Partner Assurance",
            "level": "limited",
            "materiality_pct": Decimal(5),
            "scope": "ISO 14064-3:2019, against ISO 14064-1:2018",
        },
        verifiers=[verifier],
        runs=[earlier, last],
    )
    draw_sample(
        Actor(verifier, "web"), engagement, run=earlier, method="pps",
        seed=f"{earlier.year}-{last.year}", size=12,
    )  # fmt: skip
