"""What the inventory tells webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from linyin.platform.hooks import declare_event, emit

if TYPE_CHECKING:
    from linyin.inventory.web.models import RunRecord
    from linyin.platform.actor import Actor

__all__ = [
    "ACTIVITIES_POSTED",
    "DATA_REQUEST_DUE",
    "RUN_APPROVED",
    "RUN_CALCULATED",
    "RUN_PUBLISHED",
    "tell_of_run",
]

RUN_CALCULATED: Final = declare_event("run.calculated")
RUN_APPROVED: Final = declare_event("run.approved")
RUN_PUBLISHED: Final = declare_event("run.published")
ACTIVITIES_POSTED: Final = declare_event("activities.posted")
DATA_REQUEST_DUE: Final = declare_event("data_request.due")


def tell_of_run(actor: Actor, event: str, run: RunRecord) -> None:
    """Tell that something happened to a run: which one it is, never its figures."""
    told: dict[str, Any] = {
        "run": run.pk, "name": run.name, "year": run.year, "state": run.state,
        "entries_hash": run.entries_hash, "self": f"/api/v1/runs/{run.pk}",
    }  # fmt: skip
    emit(actor, event, told, run.node.code)
