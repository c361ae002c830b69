"""What a page tells beside its content: notices, findings, that there is nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from linyin.platform.parts.badges import Badge
from linyin.platform.parts.base import Part
from linyin.platform.parts.cells import Button

__all__ = ["Empty", "Finding", "Notice"]


@dataclass(frozen=True, slots=True)
class Empty(Part):
    """Nothing here yet: what belongs here, and the one button that starts it."""

    title: str
    text: str = ""
    icon: str = "leaf"
    button: Button | None = None

    template = "empty"


@dataclass(frozen=True, slots=True)
class Notice(Part):
    """A message to the reader: what happened, what is expected, how to mend it."""

    title: str
    text: str = ""
    tone: Literal["good", "warning", "bad", "question", "neutral"] = "question"
    button: Button | None = None

    template = "notice"

    @property
    def icon(self) -> str:
        """Return the icon of its tone."""
        icons = {"good": "circle-check", "warning": "alert-triangle", "bad": "alert-circle"}
        return icons.get(self.tone, "info-circle")


@dataclass(frozen=True, slots=True)
class Finding(Part):
    """What a check found: where, what, how to mend it.

    Attributes
    ----------
    severity
        `error`, `warning` or `question`.
    at, href
        Where it was found, and where that opens.
    status
        How far it has been worked off; empty = it is mended elsewhere.
    code
        Name of the check, for those who look it up.
    badge
        What is said of it instead of its severity, which gives its colour.

    """

    severity: str
    title: str
    text: str = ""
    at: str = ""
    href: str = ""
    status: str = "open"
    code: str = ""
    button: Button | None = None
    badge: Badge | None = None

    template = "finding"

    @property
    def weight(self) -> Badge:
        """Return its badge; that of its severity if it has none of its own."""
        return self.badge or Badge("severity", self.severity)

    @property
    def status_badge(self) -> Badge:
        """Return how far it is."""
        return Badge("status", self.status)
