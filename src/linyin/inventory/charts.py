"""Charts of an inventory as ECharts option dictionaries: data only, no functions.

The same dictionary draws in a browser and, through :mod:`linyin.inventory.report.svg`, on
paper. Values are in the unit that the caller formats with; every bar carries its printed value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from linyin.inventory.report.palette import CHANGE, INK, SCOPE2, SCOPES

__all__ = [
    "Bar",
    "Interval",
    "Option",
    "StackedYear",
    "Step",
    "intervals",
    "lines_over_years",
    "ranked_bars",
    "scope2_pairs",
    "scopes_over_years",
    "waterfall",
]

type Option = dict[str, Any]

FONT = "Noto Sans SC"
SIZE = 12
CLEAR = "rgba(0,0,0,0)"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its value, how the value prints, and its colour."""

    name: str
    value: float
    printed: str
    colour: str


@dataclass(frozen=True, slots=True)
class StackedYear:
    """One year's scopes and its total as printed."""

    year: str
    scopes: Mapping[int, float]
    printed: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a waterfall: a level (start, end) or a change."""

    name: str
    value: float
    printed: str
    level: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval around a figure, in percent of it; `low` is negative."""

    name: str
    low: float
    high: float
    printed: str


def _text(colour: str = INK["text"], size: int = SIZE, *, bold: bool = False) -> Option:
    return {
        "fontFamily": FONT,
        "fontSize": size,
        "color": colour,
        "fontWeight": "bold" if bold else "normal",
    }


def _base(unit: str) -> Option:
    return {
        "animation": False,
        "backgroundColor": "transparent",
        "textStyle": {"fontFamily": FONT, "color": INK["text"]},
        "aria": {"enabled": True},
        "grid": {"left": 12, "right": 24, "top": 36, "bottom": 8, "containLabel": True},
        "title": {
            "text": unit,
            "left": 0,
            "top": 0,
            "textStyle": _text(INK["muted"], SIZE - 1),
        },
    }


def _value_axis(*, shown: bool = True) -> Option:
    return {
        "type": "value",
        "axisLabel": {"show": shown, **_text(INK["muted"], SIZE - 1)},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"show": shown, "lineStyle": {"color": INK["line"], "width": 0.6}},
        "splitNumber": 4,
    }


def _name_axis(names: Sequence[str], *, inverse: bool = False, width: int = 190) -> Option:
    axis: Option = {
        "type": "category",
        "data": list(names),
        "inverse": inverse,
        "axisLabel": {"interval": 0, **_text()},
        "axisLine": {"lineStyle": {"color": INK["muted"], "width": 0.8}},
        "axisTick": {"show": False},
    }
    if inverse:
        axis["axisLabel"] |= {"width": width, "overflow": "break", "lineHeight": SIZE + 3}
    return axis


def scopes_over_years(years: Sequence[StackedYear], names: Mapping[int, str], unit: str) -> Option:
    """Stacked bars of the named scopes, one bar a year, the total above it."""
    option = _base(unit)
    option["grid"]["top"] = 62
    option["legend"] = {
        "top": 18,
        "left": 0,
        "itemWidth": 11,
        "itemHeight": 11,
        "icon": "rect",
        "textStyle": _text(),
        "data": list(names.values()),
    }
    option["xAxis"] = _name_axis([year.year for year in years])
    option["yAxis"] = _value_axis()
    option["series"] = [
        {
            "type": "bar",
            "stack": "scopes",
            "name": names[scope],
            "barMaxWidth": 64,
            "itemStyle": {"color": colour, "borderColor": INK["paper"], "borderWidth": 0.6},
            "data": [year.scopes.get(scope, 0.0) for year in years],
        }
        for scope, colour in SCOPES.items()
        if scope in names
    ]
    option["series"].append(
        {
            "type": "bar",
            "stack": "scopes",
            "name": "",
            "silent": True,
            "itemStyle": {"color": CLEAR},
            "data": [{"value": 0, "label": {"formatter": year.printed}} for year in years],
            "label": {"show": True, "position": "top", **_text(bold=True)},
        }
    )
    return option


def ranked_bars(bars: Sequence[Bar], unit: str, *, name_width: int = 190) -> Option:
    """Horizontal bars in the given order from the top, the printed value at each end."""
    option = _base(unit)
    option["grid"] |= {"top": 22, "right": 108}
    option["yAxis"] = _name_axis([bar.name for bar in bars], inverse=True, width=name_width)
    option["xAxis"] = _value_axis(shown=False)
    option["series"] = [
        {
            "type": "bar",
            "barMaxWidth": 16,
            "barCategoryGap": "38%",
            "data": [
                {
                    "value": bar.value,
                    "itemStyle": {"color": bar.colour},
                    "label": {"formatter": bar.printed},
                }
                for bar in bars
            ],
            "label": {"show": True, "position": "right", **_text()},
        }
    ]
    return option


def _waterfall_bars(steps: Sequence[Step]) -> Iterator[tuple[float, float, str]]:
    """Lower end, height and colour of each bar of a waterfall that stays above zero."""
    level = 0.0
    for step in steps:
        if step.level:
            level = step.value
            yield 0.0, step.value, CHANGE["level"]
            continue
        after = level + step.value
        colour = CHANGE["up"] if step.value > 0 else CHANGE["down"]
        yield min(level, after), abs(step.value), colour
        level = after


def waterfall(steps: Sequence[Step], unit: str) -> Option:
    """Bars from a first level over its changes to a last level.

    The axis starts a little below the lowest step, so that changes show beside big levels; the
    bars of the levels say so by their printed values.
    """
    bars = list(_waterfall_bars(steps))
    changes = [lower for step, (lower, _, _) in zip(steps, bars, strict=True) if not step.level]
    levels = [step.value for step in steps if step.level]
    highest = max(lower + height for lower, height, _ in bars)
    lowest = min([*changes, *levels])
    floor = max(0.0, lowest - (highest - lowest) * 0.6)
    option = _base(unit)
    option["xAxis"] = _name_axis([step.name for step in steps])
    option["xAxis"]["axisLabel"] |= {"width": 84, "overflow": "break", "lineHeight": SIZE + 3}
    option["yAxis"] = _value_axis(shown=False) | {"min": floor}
    option["series"] = [
        {
            "type": "bar",
            "stack": "steps",
            "silent": True,
            "itemStyle": {"color": CLEAR},
            "data": [max(lower, floor) for lower, _, _ in bars],
        },
        {
            "type": "bar",
            "stack": "steps",
            "barMaxWidth": 46,
            "data": [
                {
                    "value": lower + height - max(lower, floor),
                    "itemStyle": {"color": colour},
                    "label": {"formatter": step.printed},
                }
                for step, (lower, height, colour) in zip(steps, bars, strict=True)
            ],
            "label": {"show": True, "position": "top", **_text(bold=True)},
        },
    ]
    return option


def intervals(rows: Sequence[Interval], unit: str) -> Option:
    """Bars to both sides of each figure, as wide as its 95 % interval in percent."""
    reach = max((max(-row.low, row.high) for row in rows), default=1.0) * 1.08
    option = _base(unit)
    option["grid"] |= {"top": 22, "right": 120}
    option["yAxis"] = _name_axis([row.name for row in rows], inverse=True)
    option["yAxis"]["axisLine"]["onZero"] = False
    option["xAxis"] = _value_axis() | {"min": -reach, "max": reach}
    option["xAxis"]["axisLabel"]["show"] = False
    option["series"] = [
        {
            "type": "bar",
            "stack": "interval",
            "barMaxWidth": 12,
            "itemStyle": {"color": SCOPES[2]},
            "data": [row.low for row in rows],
        },
        {
            "type": "bar",
            "stack": "interval",
            "barMaxWidth": 12,
            "itemStyle": {"color": SCOPES[2]},
            "data": [row.high for row in rows],
            "markLine": {
                "symbol": "none",
                "label": {"show": False},
                "lineStyle": {"color": INK["text"], "width": 1, "type": "solid"},
                "data": [{"xAxis": 0}],
            },
        },
        {
            "type": "scatter",
            "symbolSize": 0.01,
            "data": [
                {"value": [reach, index], "label": {"formatter": row.printed}}
                for index, row in enumerate(rows)
            ],
            "label": {"show": True, "position": "right", **_text()},
        },
    ]
    return option


def scope2_pairs(
    markets: Sequence[str],
    location: Sequence[Bar],
    market: Sequence[Bar],
    names: tuple[str, str],
    unit: str,
) -> Option:
    """Two bars a market, by location and by market; they are never added."""
    option = _base(unit)
    option["grid"] |= {"top": 56, "right": 84}
    option["legend"] = {
        "top": 16,
        "left": 0,
        "itemWidth": 11,
        "itemHeight": 11,
        "icon": "rect",
        "textStyle": _text(),
        "data": list(names),
    }
    option["yAxis"] = _name_axis(markets, inverse=True)
    option["xAxis"] = _value_axis(shown=False)
    option["series"] = [
        {
            "type": "bar",
            "name": name,
            "barMaxWidth": 13,
            "barGap": "12%",
            "itemStyle": {"color": colour},
            "data": [{"value": bar.value, "label": {"formatter": bar.printed}} for bar in bars],
            "label": {"show": True, "position": "right", **_text()},
        }
        for name, bars, colour in zip(
            names, (location, market), (SCOPE2["location"], SCOPE2["market"]), strict=True
        )
    ]
    return option


def lines_over_years(
    years: Sequence[str], series: Mapping[str, Sequence[float | None]], unit: str
) -> Option:
    """Lines over the years, one a name, a point where it has a value; gaps are bridged."""
    option = _base(unit)
    option["grid"]["top"] = 40 + 22 * ((len(series) + 1) // 2)
    option["legend"] = {
        "top": 18,
        "left": 0,
        "itemWidth": 16,
        "itemHeight": 8,
        "textStyle": _text() | {"width": 210, "overflow": "truncate"},
        "data": list(series),
    }
    option["xAxis"] = _name_axis(years)
    option["xAxis"]["axisLabel"]["interval"] = "auto"
    option["yAxis"] = _value_axis() | {"min": 0}
    colours = [SCOPES[3], SCOPES[2], SCOPES[1], SCOPE2["market"], CHANGE["down"], INK["rest"]]
    option["series"] = [
        {
            "type": "line",
            "name": name,
            "connectNulls": True,
            "symbol": "circle",
            "symbolSize": 8,
            "lineStyle": {"width": 2, "color": colour},
            "itemStyle": {"color": colour},
            "data": list(values),
        }
        for (name, values), colour in zip(series.items(), cycle(colours), strict=False)
    ]
    return option
