"""The Django app of the room `inventory`."""

from __future__ import annotations

from linyin.platform import rooms

__all__ = ["InventoryConfig"]


class InventoryConfig(rooms.RoomConfig):
    """The room `inventory`."""

    name = "linyin.inventory.web"
    label = "inventory"
