"""Linyin: the carbon ledger of an enterprise.

A folder of plain files (or frames) in, a replayable greenhouse gas inventory out:

>>> import linyin
>>> inventory = linyin.calculate("my-folder", year=2023)  # doctest: +SKIP
>>> inventory.total("location")  # mg CO2e  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linyin.inventory.dryrun import check
    from linyin.inventory.frames import calculate
    from linyin.inventory.inventory import Inventory
    from linyin.inventory.publish import publish
    from linyin.inventory.replay import replay
    from linyin.inventory.trace import trace
    from linyin.lake.findings import BadInput, Finding

__all__ = [
    "BadInput",
    "Finding",
    "Inventory",
    "calculate",
    "check",
    "publish",
    "replay",
    "trace",
]

_HOMES = {
    "BadInput": "linyin.lake.findings",
    "Finding": "linyin.lake.findings",
    "Inventory": "linyin.inventory.inventory",
    "calculate": "linyin.inventory.frames",
    "check": "linyin.inventory.dryrun",
    "publish": "linyin.inventory.publish",
    "replay": "linyin.inventory.replay",
    "trace": "linyin.inventory.trace",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
