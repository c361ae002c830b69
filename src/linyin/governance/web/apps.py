"""The Django app of the room `governance`."""

from __future__ import annotations

from linyin.platform import rooms

__all__ = ["GovernanceConfig"]


class GovernanceConfig(rooms.RoomConfig):
    """The room `governance`."""

    name = "linyin.governance.web"
    label = "governance"
    declarations = (*rooms.DECLARATIONS, "tasks", "pages.overview", "pages.calendar")
