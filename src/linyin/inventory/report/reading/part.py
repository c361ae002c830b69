"""A part of an inventory: the same bundle with only some of its reported lines."""

from __future__ import annotations

from collections.abc import Sequence

from linyin.inventory.inventory import Inventory

__all__ = ["PartOfInventory"]


class PartOfInventory(Inventory):
    """An inventory that holds only some lines, so that whatever works on one works on it.

    Parameters
    ----------
    whole
        The inventory.
    lines
        Codes of the lines that stay.

    """

    def __init__(self, whole: Inventory, lines: Sequence[str]) -> None:
        super().__init__(whole.path)
        self.lines = tuple(lines)
        quoted = ", ".join(f"'{line}'" for line in self.lines)
        self._connection.execute("ALTER VIEW entries RENAME TO all_entries")
        self._connection.execute(
            f"CREATE VIEW entries AS SELECT * FROM all_entries WHERE line IN ({quoted})"
        )
