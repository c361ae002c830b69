"""The ledger's long and scheduled work."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from linyin.ledger.web.reminding import remind
from linyin.platform.jobs import job

if TYPE_CHECKING:
    from linyin.platform.jobs import JobContext

__all__ = ["remind_people"]


@job("ledger.remind", every=timedelta(hours=6))
def remind_people(context: JobContext) -> dict[str, int]:
    """Mail what is due of data requests and of the calendar, each mail once."""
    return {"sent": remind(context)}
