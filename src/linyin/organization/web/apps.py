"""The Django app of the room `organization`."""

from __future__ import annotations

from linyin.platform import rooms

__all__ = ["OrganizationConfig"]


class OrganizationConfig(rooms.RoomConfig):
    """The room `organization`."""

    name = "linyin.organization.web"
    label = "organization"
