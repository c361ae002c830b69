"""Drawing a sample from a run's bundle, and drawing it again."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from linyin.inventory import Inventory, SamplingError, draw_sample, sample_candidates
from linyin.inventory.web.verification.models import Sample, SampleItem
from linyin.platform.actions import refused, require

if TYPE_CHECKING:
    from linyin.inventory import Sample as Drawn
    from linyin.inventory import SampleCandidate, SamplingMethod, Scope2Method

__all__ = ["drawn_from", "is_same", "items_of", "population_of"]

METHODS: Final[dict[str, SamplingMethod]] = {
    "pps": "probability proportional to size",
    "stratified": "stratified",
    "simple": "simple",
}


def population_of(plan: Sample) -> dict[str, SampleCandidate]:
    """Return what a plan draws from, by id: entries of zero and above, or those below.

    Raises
    ------
    BadInput
        If the run's bundle no longer holds the entries of the plan's hash.

    """
    inventory = Inventory(plan.run.path)
    same = inventory.manifest.content == plan.run_hash
    require(same, "verification-run-changed", run=plan.run.name)
    method: Scope2Method = "market" if plan.scope2_method == "market" else "location"
    wants_reversals = plan.population == "reversals"
    found = sample_candidates(inventory, method)
    return {one.id: one for one in found if (one.weight < 0) == wants_reversals}


def drawn_from(plan: Sample, known: Mapping[str, SampleCandidate]) -> Drawn:
    """Draw what a plan asks for: by its size, else by its materiality and confidence.

    Raises
    ------
    BadInput
        If the plan does not fit the population.

    """
    strata = _strata(plan, known)
    if plan.size is not None:
        least, most = len(set(strata.values())) if strata else 1, _drawable(plan, known)
        require(most, "verification-nothing-to-draw", run=plan.run.name)
        fits = least <= plan.size <= most
        require(fits, "verification-size", size=plan.size, least=least, most=most)
    try:
        return draw_sample(
            {name: abs(one.weight) for name, one in known.items()},
            seed=plan.seed,
            method=METHODS[plan.method],
            size=plan.size,
            materiality=None if plan.materiality_mg is None else int(plan.materiality_mg),
            confidence=float(plan.confidence or 0.95),
            strata=strata,
        )
    except SamplingError as error:
        raise refused("verification-cannot-draw", problem=str(error)) from error


def _strata(plan: Sample, known: Mapping[str, SampleCandidate]) -> dict[str, str] | None:
    if plan.method != "stratified":
        return None
    return {n: one.site if plan.strata == "site" else one.line for n, one in known.items()}


def _drawable(plan: Sample, known: Mapping[str, SampleCandidate]) -> int:
    """Count the entries that can be drawn: in proportion to size, only those of some weight."""
    return sum(1 for one in known.values() if one.weight or plan.method != "pps")


def items_of(plan: Sample, drawn: Drawn, known: Mapping[str, SampleCandidate]) -> list[SampleItem]:
    """Return the drawn items as records of a sample."""
    return [
        SampleItem(
            sample=plan,
            entry=item.id,
            line=known[item.id].line,
            site=known[item.id].site,
            stratum=item.stratum,
            weight_mg=known[item.id].weight,
            probability=str(item.probability),
            is_certain=item.certain,
        )
        for item in drawn.items
    ]


def is_same(sample: Sample) -> bool:
    """Draw a kept sample again from its seed, and say whether every item and chance is the same."""
    drawn = drawn_from(sample, population_of(sample))
    kept = {item.entry: Fraction(item.probability) for item in sample.items.all()}
    return kept == {item.id: item.probability for item in drawn.items}
