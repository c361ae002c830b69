"""Drawing a sample of a run: at once, or by a job where there is much to draw from."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.urls import reverse

from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.verification.access import require_verifier
from linyin.inventory.web.verification.drawing import drawn_from, items_of, population_of
from linyin.inventory.web.verification.models import (
    VERIFIABLE,
    Engagement,
    Sample,
    SampleItem,
)
from linyin.inventory.web.verification.stated import one_of, stated, wrong
from linyin.platform.actions import action, refused, require, snapshot
from linyin.platform.audit import record_event
from linyin.platform.jobs import enqueue, job
from linyin.platform.jobs_pages import ASKERS_OWN, RESULTS

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.jobs import JobContext
    from linyin.platform.models import Job

__all__ = ["draw_sample", "draw_sample_of"]

AT_ONCE: Final = 50_000  # entries of a run; half a second


@action("inventory.verify", writes="lake")
def draw_sample(
    actor: Actor,
    engagement: Engagement,
    *,
    run: RunRecord,
    method: str,
    seed: str,
    size: int | None = None,
    confidence: Decimal | None = None,
    scope2_method: str = "location",
    population: str = "emissions",
    strata: str = "",
) -> Sample | Job:
    """Draw entries of a locked run; without a size the engagement's materiality sets it.

    A job draws from a run of more than `AT_ONCE` entries.
    """
    plan: dict[str, Any] = {
        "run": run.pk, "method": method, "seed": seed, "size": size,
        "confidence": None if confidence is None else str(confidence),
        "scope2_method": scope2_method, "population": population, "strata": strata,
    }  # fmt: skip
    planned = _planned(actor, engagement, **plan)
    if run.entries <= AT_ONCE:
        return _kept(actor, planned, _drawn(planned))
    asked = {"engagement": engagement.pk, "plan": plan}
    key = f"{actor.who}-{engagement.pk}-{sorted((k, str(v)) for k, v in plan.items())}"
    return enqueue(actor, "inventory.draw", asked, key=key, node=engagement.node.code)


@job("inventory.draw", is_awaited=True)
def draw_sample_of(context: JobContext, *, engagement: int, plan: dict[str, Any]) -> dict[str, Any]:
    """Draw a sample as it was planned; taken up again after a crash, it is kept once."""
    found = Engagement.objects.get(pk=engagement)
    context.step("step.draw", 0, 2)
    planned = _planned(context.actor, found, **plan)
    items = _drawn(planned)
    context.step("step.draw", 1, 2)
    made = context.once("sample", lambda: _kept(context.actor, planned, items).pk)
    return {"sample": made}


def _sample_page(done: Job) -> str:
    """Return where the drawn sample opens."""
    return reverse("samples-record", args=[(done.result or {})["sample"]])


RESULTS["inventory.draw"] = _sample_page
ASKERS_OWN.add("inventory.draw")


def _planned(
    actor: Actor,
    engagement: Engagement,
    *,
    run: int,
    method: str,
    seed: str,
    size: int | None,
    confidence: str | None,
    scope2_method: str,
    population: str,
    strata: str,
) -> Sample:
    """Return a sample that says what is to be drawn, with nothing drawn."""
    of = RunRecord.objects.filter(pk=run).first()
    if of is None:
        raise refused("verification-run-gone")
    person = require_verifier(actor, engagement, of)
    one_of("method", method, Sample.METHODS)
    one_of("scope2_method", scope2_method, ("location", "market"))
    one_of("population", population, Sample.POPULATIONS)
    one_of("strata", strata, ("", *Sample.STRATA))
    stated("seed", seed)
    require(of.state in VERIFIABLE, "verification-run-open", run=of.name, state=of.state)
    if size is None and method != "pps":
        raise wrong("size", "verification-size-missing")
    sure = None if confidence is None else Decimal(confidence)
    if sure is not None and not 0 < sure < 1:
        raise wrong("confidence", "verification-confidence")
    return Sample(
        engagement=engagement, run=of, method=method, seed=seed.strip(), size=size,
        confidence=None if size is not None else sure or Decimal("0.95"),
        scope2_method=scope2_method, population=population,
        strata=strata or "line" if method == "stratified" else "",
        run_hash=of.entries_hash, drawn_by=person,
    )  # fmt: skip


def _drawn(plan: Sample) -> list[SampleItem]:
    """Draw what a plan asks for, from the run's bundle, and note in the plan from how much."""
    known = population_of(plan)
    plan.population_count = len(known)
    plan.population_mg = Decimal(sum(abs(one.weight) for one in known.values()))
    if plan.size is None:
        share = plan.engagement.materiality_pct / 100
        plan.materiality_mg = (plan.population_mg * share).to_integral_value()
    drawn = drawn_from(plan, known)
    plan.described_en, plan.described_zh = drawn.describe("en"), drawn.describe("zh")
    return items_of(plan, drawn, known)


def _kept(actor: Actor, sample: Sample, items: list[SampleItem]) -> Sample:
    """Keep a sample that was drawn, unless the run was unlocked or calculated anew meanwhile."""
    with transaction.atomic():
        engagement = Engagement.objects.select_for_update().get(pk=sample.engagement_id)
        run = RunRecord.objects.select_for_update().filter(pk=sample.run_id).first()
        if run is None:
            raise refused("verification-run-gone")
        require_verifier(actor, engagement, run)
        require(run.state in VERIFIABLE, "verification-run-open", run=run.name, state=run.state)
        require(run.entries_hash == sample.run_hash, "verification-run-changed", run=run.name)
        sample.save()
        SampleItem.objects.bulk_create(items)
        record_event(
            actor, "inventory.draw_sample", subject=sample._meta.label_lower, key=str(sample.pk),
            node=sample.engagement.node.code, after=snapshot(sample),
        )  # fmt: skip
    return sample
