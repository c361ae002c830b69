"""Webhooks: what happened is told to the destinations that an administrator has listed.

Actions call :func:`emit` in their transaction; jobs deliver.
"""

from linyin.platform.hooks import delivering as _delivering  # noqa: F401 - its jobs
from linyin.platform.hooks import resources as _resources  # noqa: F401 - its resources
from linyin.platform.hooks.events import EVENTS, declare_event, emit

__all__ = ["EVENTS", "declare_event", "emit"]
