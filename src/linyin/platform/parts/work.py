"""Work over time: progress of a job, what the audit trail tells, evidence to drop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linyin.platform.parts.badges import Badge
from linyin.platform.parts.base import Part

__all__ = ["Event", "FileDrop", "Progress", "Timeline"]


@dataclass(frozen=True, slots=True)
class Progress(Part):
    """How a job stands.

    Attributes
    ----------
    state
        `waiting`, `running`, `done`, `failed` or `cancelled`.
    step
        What it is at.
    done, total
        How far it is; `total` 0 = not known.
    poll_url
        Where its newest state is fetched while it is not over.
    cancel_url
        Where it is cancelled.
    message
        What it made, or why it failed.
    href
        Where its result is.

    """

    title: str
    state: str
    step: str = ""
    done: int = 0
    total: int = 0
    message: str = ""
    poll_url: str = ""
    cancel_url: str = ""
    href: str = ""
    link_label: str = ""

    template = "progress"

    @property
    def badge(self) -> Badge:
        """Return its state."""
        return Badge("status", self.state)

    @property
    def percent(self) -> int | None:
        """Return how far it is, None if that is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: who, what, why, and what it changed (field, before, after)."""

    at: datetime
    who: str
    what: str
    why: str = ""
    changes: Sequence[tuple[str, str, str]] = ()
    icon: str = "circle-dot"


@dataclass(frozen=True, slots=True)
class Timeline(Part):
    """Events, the newest first."""

    events: Sequence[Event]

    template = "timeline"


@dataclass(frozen=True, slots=True)
class FileDrop(Part):
    """A place to drop files, which is a file field to keyboards and screen readers."""

    name: str
    label: str
    help: str = ""
    accept: str = ""
    error: str = ""
    is_multiple: bool = False
    is_required: bool = False

    template = "filedrop"
