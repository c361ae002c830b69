"""What Django checks of the queue before anything starts."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core import checks, mail

__all__ = ["check_queue"]

_IN_THE_REQUEST: Final = ("ImmediateBackend", "DummyBackend")


@checks.register
def check_queue(**_: Any) -> list[checks.CheckMessage]:
    """Refuse back ends that run a job inside the request, or never, outside tests."""
    if hasattr(mail, "outbox"):  # Django's test environment is up
        return []
    return [
        checks.Error(
            f"TASKS[{name!r}] runs jobs inside the request, or never.",
            hint="Set BACKEND to django_tasks_db.DatabaseBackend.",
            id="linyin.E001",
        )
        for name, queue in settings.TASKS.items()
        if queue["BACKEND"].endswith(_IN_THE_REQUEST)
    ]
