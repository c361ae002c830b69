"""Rooms: Django apps whose declarations the platform finds when it starts."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from django.apps import AppConfig

__all__ = ["DECLARATIONS", "RoomConfig", "added_rooms", "folder_of"]

DECLARATIONS: Final = ("actions", "resources", "jobs", "home", "api")


def added_rooms() -> list[str]:
    """Return the packages that `LINYIN_ROOMS` names: rooms that do not come with Linyin."""
    return [name.strip() for name in os.environ.get("LINYIN_ROOMS", "").split(",") if name.strip()]


def folder_of(room: str) -> Path:
    """Return the folder of a room's package, without importing it.

    Raises
    ------
    ModuleNotFoundError
        If there is no such package.

    """
    found = find_spec(room)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"LINYIN_ROOMS names {room}, which is no package", name=room)
    return Path(found.submodule_search_locations[0])


class RoomConfig(AppConfig):
    """An app that declares actions, resources, pages, jobs and routes in modules of these names."""

    default_auto_field = "django.db.models.BigAutoField"
    declarations: tuple[str, ...] = DECLARATIONS

    def ready(self) -> None:
        """Import the declarations."""
        for module in self.declarations:
            name = f"{self.name}.{module}"
            if find_spec(name) is not None:
                import_module(name)
