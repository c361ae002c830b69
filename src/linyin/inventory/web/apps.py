"""The Django app of the room `inventory`."""

from __future__ import annotations

from linyin.platform import rooms

__all__ = ["InventoryConfig"]


class InventoryConfig(rooms.RoomConfig):
    """The room `inventory`."""

    name = "linyin.inventory.web"
    label = "inventory"
    declarations = (
        *rooms.DECLARATIONS,
        "called",
        "factors.of_source",
        "imports.api",
        "rules.api",
        "milestones",
        "choosers",
        *(f"verification.{name}" for name in (*rooms.DECLARATIONS, "access", "demo")),
    )

    def ready(self) -> None:
        """Put the overview into the section's row."""
        super().ready()
        from linyin.platform.sections import MenuPage, add_page

        add_page(
            MenuPage(
                "inventory",
                "inventory.overview",
                "inventory-overview",
                "inventory.view",
                1,
                needs_node=True,
            )
        )
