"""The long work of the room: calculating runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from linyin.inventory.web.calculating import calculate
from linyin.platform.jobs import job

if TYPE_CHECKING:
    from linyin.platform.jobs import JobContext

__all__ = ["calculate_runs"]

STEPS: Final = ("read", "contexts", "factors", "supply", "entries", "bundle", "keep")


@job("inventory.calculate")
def calculate_runs(
    context: JobContext,
    *,
    node: str,
    years: list[int],
    approach: str = "",
    gwp: str = "",
    standard: str = "",
    reason: str = "",
    restates: int = 0,
) -> dict[str, Any]:
    """Calculate runs; taken up again after a crash, it begins anew and keeps one result."""

    def progress(step: str) -> None:
        context.step(f"step.{step}", STEPS.index(step) if step in STEPS else 0, len(STEPS))
        context.checkpoint()

    runs = calculate(
        context.actor, node, years, approach=approach, gwp=gwp, standard=standard, reason=reason,
        restates=restates, progress=progress,
    )  # fmt: skip
    return {"runs": [run.pk for run in runs]}
