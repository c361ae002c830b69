"""Counts in stacked bars, one bar a day, a month or a run, and the table behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from linyin.platform.parts.charts import Chart
from linyin.platform.parts.tables import Column, Row, Table

__all__ = ["BAD", "GOOD", "REST", "stacked_bars"]

# The colours of judgement that the reports have too.
GOOD: Final = "#15803d"
BAD: Final = "#b91c1c"
REST: Final = "#7d8694"
_MUTED: Final = "#5b6472"


def stacked_bars(
    name: str,
    title: str,
    over: tuple[str, Sequence[str]],
    series: Mapping[str, tuple[str, Sequence[float]]],
    unit: str,
    decimals: int = 0,
) -> Chart:
    """Draw values as bars on one another.

    Parameters
    ----------
    name
        Of the chart, unlike that of any other of the page.
    title
        What is drawn.
    over
        What stands below the bars: its heading, and one name a bar.
    series
        Name → colour and one value a bar, from the ground up.
    unit
        Of the values.
    decimals
        How many digits after the point they are worth.

    """
    heading, names = over
    axis = {"axisLine": {"lineStyle": {"color": REST}}, "axisLabel": {"color": _MUTED}}
    option: dict[str, Any] = {
        "grid": {"left": 8, "right": 8, "top": 36, "bottom": 4, "containLabel": True},
        "legend": {"left": 0, "top": 0, "icon": "rect", "textStyle": {"color": _MUTED}},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "category", "data": [*names], "axisTick": {"show": False}, **axis},
        "yAxis": {
            "type": "value",
            "minInterval": 0 if decimals else 1,
            "splitLine": {"lineStyle": {"color": "#d5dae1"}},
            **axis,
        },
        "series": [
            {
                "type": "bar",
                "stack": "all",
                "name": called,
                "data": [round(value, decimals) for value in values],
                "barMaxWidth": 48,
                "itemStyle": {"color": colour},
            }
            for called, (colour, values) in series.items()
        ],
    }
    rows = [
        Row([label, *(f"{values[at]:,.{decimals}f}" for _, values in series.values())])
        for at, label in enumerate(names)
    ]
    columns = [Column(heading), *(Column(called, unit, is_number=True) for called in series)]
    return Chart(name, title, option, Table(title, columns, rows, is_dense=True), unit)
