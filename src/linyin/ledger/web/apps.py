"""The Django app of the room `ledger`."""

from __future__ import annotations

from linyin.platform import rooms

__all__ = ["LedgerConfig"]


class LedgerConfig(rooms.RoomConfig):
    """The room `ledger`."""

    name = "linyin.ledger.web"
    label = "ledger"
    declarations = (
        *rooms.DECLARATIONS,
        "grid_resources",
        "grid_tasks",
        "grid_overview",
        "grid_finding",
        "milestones",
        "node_rows",
        "offered",
    )
