"""The charts of a report as native ones of a workbook: made of the options that the PDF draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from linyin.inventory.charts import CLEAR
from linyin.inventory.report.palette import INK

if TYPE_CHECKING:
    from linyin.inventory.report.drawings import Drawing
    from linyin.inventory.report.xlsx import Workbook

__all__ = ["write_charts"]

WIDTH: Final = 760
ROW: Final = 20
BESIDE: Final = 5
GAP: Final = 3
HEAD: Final = 30
DIGITS: Final = 15
"""Significant digits that a cell keeps."""


def write_charts(writer: Workbook, sheet: Any, drawings: Mapping[str, Drawing]) -> None:
    """Write the figures of each chart, and the chart beside them."""
    sheet.write_string(0, 0, writer.context.texts("sheet.charts"), writer.format(bold=True))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, BESIDE - 1, 16)
    top = 2
    for drawing in drawings.values():
        names, bars = _names(drawing), list(_bars(drawing))
        _figures(writer, sheet, top, drawing, names, bars)
        chart = _chart(writer, sheet.get_name(), top, drawing, names, bars)
        height = max(drawing.height + 60, 260)
        chart.set_size({"width": WIDTH, "height": height})
        sheet.insert_chart(top, BESIDE, chart, {"description": drawing.alt})
        top += max(len(names) + 2, height // ROW + 1) + GAP


def _is_lying(drawing: Drawing) -> bool:
    return bool(drawing.option["yAxis"]["type"] == "category")


def _names(drawing: Drawing) -> list[str]:
    axis: Mapping[str, Any] = drawing.option["yAxis" if _is_lying(drawing) else "xAxis"]
    return list(axis["data"])


def _bars(drawing: Drawing) -> Iterator[Mapping[str, Any]]:
    """Yield the series whose bars say something or lift those that do."""
    for series in drawing.option["series"]:
        if series["type"] == "bar" and any(_value(one) for one in series["data"]):
            yield series


def _value(one: Any) -> float:
    return float(one["value"] if isinstance(one, Mapping) else one)


def _figures(
    writer: Workbook, sheet: Any, top: int, drawing: Drawing, names: Sequence[str],
    bars: Sequence[Mapping[str, Any]],
) -> None:  # fmt: skip
    head = writer.format(bold=True, bottom=1, bg_color=INK["tint"], text_wrap=True)
    sheet.set_row(top, HEAD)
    sheet.write_string(top, 0, drawing.caption, head)
    texts = writer.context.texts
    unit = f"[{drawing.option['title']['text']}]"
    for column, series in enumerate(bars, 1):
        name = series.get("name") or (texts("chart.foot") if _is_clear(series) else "")
        sheet.write_string(top, column, f"{name} {unit}".strip(), head)
        for row, one in enumerate(series["data"], top + 1):
            plain = writer.format(num_format="#,##0.000")
            sheet.write_number(row, column, float(f"{_value(one):.{DIGITS}g}"), plain)
    for row, name in enumerate(names, top + 1):
        if name.isdecimal():
            sheet.write_number(row, 0, int(name), writer.format(num_format="0", align="left"))
        else:
            sheet.write_string(row, 0, name, writer.format())


def _chart(
    writer: Workbook, sheet: str, top: int, drawing: Drawing, names: Sequence[str],
    bars: Sequence[Mapping[str, Any]],
) -> Any:  # fmt: skip
    is_stacked = any(series.get("stack") for series in bars)
    kind: dict[str, str] = {"type": "bar" if _is_lying(drawing) else "column"}
    chart = writer.book.add_chart(kind | ({"subtype": "stacked"} if is_stacked else {}))
    first, last = top + 1, top + len(names)
    for column, series in enumerate(bars, 1):
        chart.add_series(
            {
                "name": [sheet, top, column],
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, column, last, column],
                "gap": 50,
                **_look(series),
            }
        )
    chart.set_title({"name": drawing.caption, "name_font": {"size": 11}})
    named = [series for series in bars if series.get("name")]
    chart.set_legend({"position": "bottom"} if len(named) > 1 else {"none": True})
    values = {"num_format": "#,##0.0", "name": drawing.option["title"]["text"]}
    floor = _floor(drawing)
    category, value = (chart.set_y_axis, chart.set_x_axis) if _is_lying(drawing) else (
        chart.set_x_axis, chart.set_y_axis,
    )  # fmt: skip
    category({"reverse": _is_lying(drawing), "label_position": "low"})
    value(values | ({"min": floor} if floor else {}))
    return chart


def _floor(drawing: Drawing) -> float:
    """Return where the axis of values begins, if it is not zero."""
    axis = drawing.option["xAxis" if _is_lying(drawing) else "yAxis"]
    return float(axis.get("min", 0.0))


def _is_clear(series: Mapping[str, Any]) -> bool:
    """Whether its bars only lift those on them."""
    return bool(series.get("itemStyle", {}).get("color") == CLEAR)


def _look(series: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fill of a series, or of each of its bars."""
    whole = series.get("itemStyle", {}).get("color", "")
    if _is_clear(series):
        return {"fill": {"none": True}, "border": {"none": True}}
    if whole:
        return {"fill": {"color": whole}}
    own = [one["itemStyle"]["color"] for one in series["data"]]
    return {"points": [{"fill": {"color": colour}} for colour in own]}
