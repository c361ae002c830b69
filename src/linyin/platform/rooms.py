"""Rooms: Django apps whose declarations the platform finds when it starts."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Final

from django.apps import AppConfig

__all__ = ["DECLARATIONS", "RoomConfig"]

DECLARATIONS: Final = ("actions", "resources", "jobs", "home", "api")


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
