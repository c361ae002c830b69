"""The charts of the inventory's pages: the library's options, and the tables behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from linyin.inventory import charts
from linyin.platform.numbers import MassScale, percent
from linyin.platform.parts import Chart, Column, Row, Table
from linyin.platform.parts.cells import Printed
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.inventory.web.figures import Figures

__all__ = ["largest_bars", "scopes_chart", "signed", "waterfall_chart"]

SCOPES = (1, 2, 3)
# Width of names beside bars, where a chart may stand in a narrow column. [px]
NAMES = 120


def scopes_chart(years: Mapping[int, Figures], scale: MassScale) -> Chart:
    """Draw the scopes of several years, one bar a year."""
    names = {scope: say(f"scope.{scope}") for scope in SCOPES}
    bars = [
        charts.StackedYear(
            str(year),
            {scope: scale.value(figures.scope(scope)) for scope in SCOPES},
            scale.text(figures.total),
        )
        for year, figures in years.items()
    ]
    rows = [
        Row(
            [
                str(year),
                *(Printed(scale.text(f.scope(s))) for s in SCOPES),
                Printed(scale.text(f.total)),
            ]
        )
        for year, f in years.items()
    ]
    columns = [
        Column(say("inventory.year")),
        *(Column(name, is_number=True) for name in names.values()),
        Column(say("inventory.total"), is_number=True),
    ]
    title = say("inventory.chart.scopes")
    return Chart(
        "scopes", title, charts.scopes_over_years(bars, names, scale.unit),
        Table(title, columns, rows, is_dense=True), scale.unit,
    )  # fmt: skip


def largest_bars(
    name: str, title: str, parts: Sequence[tuple[str, int, str]], scale: MassScale, total: int
) -> Chart:
    """Draw parts of a total, the largest first: name, mass, colour."""
    bars = [
        charts.Bar(label, scale.value(mass), _share(mass, total, scale), colour)
        for label, mass, colour in parts
    ]
    rows = [
        Row([label, Printed(scale.text(mass)), Printed(percent(mass / total) if total else "")])
        for label, mass, _ in parts
    ]
    columns = [
        Column(title),
        Column(say("inventory.emissions"), scale.unit, is_number=True),
        Column(say("inventory.share"), is_number=True),
    ]
    table = Table(title, columns, rows, is_dense=True)
    return Chart(
        name,
        title,
        charts.ranked_bars(bars, scale.unit, name_width=NAMES),
        table,
        scale.unit,
        size="l" if len(parts) > 8 else "m",
    )


def waterfall_chart(steps: Sequence[tuple[str, int, bool]], scale: MassScale, title: str) -> Chart:
    """Draw a change as steps: name, mass, whether it is a level."""
    drawn = [
        charts.Step(
            name, scale.value(mass), scale.text(mass) if level else signed(mass, scale), level
        )
        for name, mass, level in steps
    ]
    rows = [
        Row([n, Printed(scale.text(m) if lv else signed(m, scale))], tone="total" if lv else "")
        for n, m, lv in steps
    ]
    columns = [Column(title), Column(say("inventory.emissions"), scale.unit, is_number=True)]
    table = Table(title, columns, rows, is_dense=True)
    option = charts.waterfall(drawn, scale.unit)
    for step, bar in zip(drawn, option["series"][1]["data"], strict=True):  # drawn from its foot
        bar["tooltip"] = {"formatter": f"{step.name}\n{step.printed} {scale.unit}"}
    note = say("inventory.chart.cut") if option["yAxis"]["min"] else ""
    return Chart("waterfall", title, option, table, scale.unit, note, size="l")


def signed(mass: int, scale: MassScale) -> str:
    """Return a change without its unit, with its sign."""
    text = scale.text(mass)
    return f"+{text}" if mass > 0 and not text.startswith("<") else text


def _share(mass: int, total: int, scale: MassScale) -> str:
    return f"{scale.text(mass)} ({percent(mass / total)})" if total else scale.text(mass)
