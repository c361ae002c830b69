"""Where a factor is used: the runs that stand on it, their lines, what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linyin.inventory.web.models import RunRecord
from linyin.platform.grants import visible_to

if TYPE_CHECKING:
    from linyin.platform.actor import Actor

__all__ = ["UsedLine", "runs_with"]


@dataclass(frozen=True, slots=True)
class UsedLine:
    """A line of a run that stands on a factor.

    Attributes
    ----------
    method
        Scope-2 method; '' outside scope 2.
    entries
        How many.
    co2e_mg
        What they come to. [mg CO2e]

    """

    run: RunRecord
    line: str
    method: str
    entries: int
    co2e_mg: int


def runs_with(actor: Actor, factor_id: str) -> list[UsedLine]:
    """Return the lines of the runs that an actor sees, the newest year first."""
    runs = (
        visible_to(actor, RunRecord, "inventory.view")
        .filter(totals__factors__has_key=factor_id)
        .select_related("node")
        .order_by("-year", "node__code", "-made_at")
    )
    return [
        UsedLine(run, line, method, entries, int(mg))
        for run in runs
        for line, method, entries, mg in run.totals["factor_lines"].get(factor_id, ())
    ]
