"""Charts: an ECharts option, drawn by `charts.js`, and the table that says the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from linyin.platform.parts.base import Part
from linyin.platform.parts.notices import Empty
from linyin.platform.parts.tables import Table

__all__ = ["Chart"]


@dataclass(frozen=True, slots=True)
class Chart(Part):
    """A chart and the table behind it.

    Attributes
    ----------
    name
        Unlike that of any other chart of the page; [a-z0-9-].
    title, unit, note
        What is drawn, in which unit, and what there is to know about it.
    option
        The option dictionary of ECharts: data only. Its colours are those of the reports
        (inventory/report/palette.py); a dark page draws their dark values.
    table
        The same figures as rows.
    size
        Height: `s` 200 px, `m` 300 px, `l` 420 px.
    empty
        Shown where there is nothing to draw.
    error
        Why it can't be drawn.

    """

    name: str
    title: str
    option: Mapping[str, Any]
    table: Table
    unit: str = ""
    note: str = ""
    size: Literal["s", "m", "l"] = "m"
    empty: Empty | None = None
    error: str = ""
    is_loading: bool = False

    template = "chart"

    @property
    def data_id(self) -> str:
        """Return the id of the element that holds the option."""
        return f"chart-{self.name}-option"
