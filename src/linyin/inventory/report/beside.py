"""Inventories of earlier years that lie beside one, in the same folder of runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from linyin.inventory.inventory import Inventory
from linyin.ledger import BundleError

__all__ = ["earlier_beside"]

BOUNDARY: Final = ("entity", "approach", "gwp", "standard")
"""Fields of a run that two years must share to be compared."""


def earlier_beside(inventory: Inventory) -> list[Inventory]:
    """Find the inventories of earlier years of the same boundary beside one.

    Of several runs of one year the one counts that was restated to the latest boundary, then the
    one made last. Folders that hold no bundle, or one of another format, are passed over.

    Parameters
    ----------
    inventory : Inventory

    Returns
    -------
    list of Inventory
        One a year, the earliest first.

    Raises
    ------
    OSError
        If the folder cannot be read.

    """
    found: dict[int, tuple[tuple[str, str], Path]] = {}
    here = inventory.path.resolve()
    for path in sorted(here.parent.iterdir()):
        run = _run(path)
        if path == here or run is None or not _comparable(run, inventory.run):
            continue
        year = int(run["year"])
        rank = (str(run.get("restated_to") or ""), str(run.get("created", "")))
        if year not in found or rank > found[year][0]:
            found[year] = (rank, path)
    read = (_read(path) for _, (_, path) in sorted(found.items()))
    return [one for one in read if one is not None]


def _run(path: Path) -> Mapping[str, Any] | None:
    try:
        fields = json.loads((path / "run.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return fields if isinstance(fields, dict) and "year" in fields else None


def _comparable(run: Mapping[str, Any], to: Mapping[str, Any]) -> bool:
    same = all(run.get(name) == to[name] for name in BOUNDARY)
    return same and int(run["year"]) < int(to["year"])


def _read(path: Path) -> Inventory | None:
    try:
        return Inventory(path)
    except (BundleError, FileNotFoundError):
        return None
