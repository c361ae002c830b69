"""Linyin: the carbon ledger of an enterprise.

A folder of plain files (or frames) in, a replayable greenhouse gas inventory out:

>>> import linyin
>>> inventory = linyin.calculate("my-folder", year=2023)  # doctest: +SKIP
>>> inventory.total("location")  # mg CO2e  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linyin.lazy import lazy_face

if TYPE_CHECKING:
    from linyin.inventory import Inventory
    from linyin.inventory import calculate_inventory as calculate
    from linyin.inventory import check_inventory as check
    from linyin.inventory import diff_inventories as diff
    from linyin.inventory import estimate_folder as estimate
    from linyin.inventory import publish_bundle as publish
    from linyin.inventory import replay_bundle as replay
    from linyin.inventory import trace_entry as trace
    from linyin.inventory import write_report as report
    from linyin.lake import BadInput, Finding
else:
    __getattr__, __dir__ = lazy_face(__name__)

__all__ = [
    "BadInput",
    "Finding",
    "Inventory",
    "calculate",
    "check",
    "diff",
    "estimate",
    "publish",
    "replay",
    "report",
    "trace",
]
