"""Why a total moved from one run to another; worked out once for two runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from linyin.inventory import Inventory, diff_inventories
from linyin.inventory.web.charts import waterfall_chart
from linyin.inventory.web.figures import best_beside, settled_before
from linyin.inventory.web.models import RunRecord
from linyin.inventory.web.pages.common import texts
from linyin.platform.numbers import MassScale
from linyin.platform.parts import Chart
from linyin.platform.words import say

__all__ = ["Causes", "causes_chart", "causes_of", "foresee_causes"]


_KEPT_SECONDS: Final = 90 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Causes:
    """A change by cause and by line.

    Attributes
    ----------
    steps
        `before`, every cause that moved, `after`. [mg CO2e]
    lines
        Change by line of the inventory, the largest first. [mg CO2e]

    """

    steps: tuple[tuple[str, int], ...]
    lines: tuple[tuple[str, int], ...]


def causes_of(before: RunRecord, after: RunRecord, method: str) -> Causes:
    """Return what moved the total; kept under the hashes of both runs, which never change."""
    key = f"causes:{before.entries_hash[:32]}:{after.entries_hash[:32]}:{method}"
    kept = cache.get(key)
    if kept is None:
        found = diff_inventories(
            Inventory(before.path),
            Inventory(after.path),
            scope2_method="market" if method == "market" else "location",
        )
        moved = {line: sum(parts.values()) for line, parts in found.lines.items()}
        ranked = sorted(moved.items(), key=lambda pair: -abs(pair[1]))
        kept = tuple(found.waterfall()), tuple(ranked)
        cache.set(key, kept, timeout=_KEPT_SECONDS)
    return Causes(*kept)


def foresee_causes(run: RunRecord) -> None:
    """Work out what moved the total as homes will ask for a new run, so that nobody waits."""
    before, after = best_beside(run)
    for earlier in dict.fromkeys((before, settled_before(run))):
        if earlier is not None:
            causes_of(earlier, run, "location")
    if after is not None:
        causes_of(run, after, "location")


def causes_chart(causes: Causes, before: RunRecord, after: RunRecord) -> Chart:
    """Draw a change as a waterfall from one run to the other."""
    names = {"before": str(before.year), "after": str(after.year)}
    if before.year == after.year:
        names = {"before": before.name, "after": after.name}
    scale = MassScale.of([mass for name, mass in causes.steps if name in names])
    vocabulary = texts()
    steps = [
        (names.get(name) or vocabulary.known("cause_short", name), mass, name in names)
        for name, mass in causes.steps
    ]
    return waterfall_chart(steps, scale, say("run.compare.causes"))
