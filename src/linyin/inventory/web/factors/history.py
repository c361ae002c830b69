"""A factor through the years and by source: what others say of the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from linyin.inventory.charts import lines_over_years
from linyin.inventory.web.factors.catalogue import SHOWN_GWP
from linyin.inventory.web.factors.facts import state_badge
from linyin.inventory.web.factors.rows import name_of, publisher_name
from linyin.ledger import factor_co2e_kg
from linyin.ledger.web.called import unit_called
from linyin.platform.numbers import number
from linyin.platform.parts import Chart, Column, Link, Row, Table
from linyin.platform.parts.cells import Printed
from linyin.platform.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from linyin.inventory.web.factors.catalogue import Listed
    from linyin.ledger import Factor

__all__ = ["comparable", "history_chart", "relatives"]

_SAME: Final = (
    "item", "use", "technology", "boundary", "basis", "place", "supplier", "product",
)  # fmt: skip
_LINES: Final = 6
_OFFERED: Final = 200


def relatives(one: Listed, known: Sequence[Listed]) -> list[Listed]:
    """Return a factor and those for the same thing at the same place, in order of their years.

    They agree in item, use, technology, boundary, basis, place, supplier and product, and their
    units convert into each other.
    """
    same = [other for other in known if _agree(one.factor, other.factor, _SAME)]
    return sorted(same, key=lambda o: (o.factor.data_year, o.factor.published, o.factor.factor_id))


def comparable(one: Listed, known: Sequence[Listed]) -> list[Listed]:
    """Return those for the same item, use and boundary: of the same place first, then by year."""
    asked = one.factor
    found = [o for o in known if _agree(asked, o.factor, ("item", "use", "boundary"))]
    found.sort(key=lambda o: (o.factor.place != asked.place, o.factor.place, -o.factor.data_year))
    return found[:_OFFERED]


def _agree(asked: Factor, other: Factor, names: Sequence[str]) -> bool:
    return (
        all(getattr(other, name) == getattr(asked, name) for name in names)
        and other.unit.dimensions == asked.unit.dimensions
        and other.unit.basis == asked.unit.basis
    )


def history_chart(one: Listed, same: Sequence[Listed], href: Callable[[str], str]) -> Chart:
    """Draw what each source says for each year, per the unit of the factor."""
    years = [str(y) for y in range(same[0].factor.data_year, same[-1].factor.data_year + 1)]
    series: dict[str, list[float | None]] = {}
    for other in same:
        value = _per(other.factor, one.factor)
        line = series.setdefault(_source(other), [None] * len(years))
        line[other.factor.data_year - int(years[0])] = value
    drawn = dict(list(series.items())[:_LINES])
    unit = f"kg CO₂e/{unit_called(one.factor.unit_text)}"
    title = say("factors.history")
    rows = [
        Row(
            [
                str(other.factor.data_year),
                Link(_source(other), hint=name_of(other.factor.row)),
                other.factor.row.get("release") or "",
                Printed(_printed(_per(other.factor, one.factor))),
                state_badge(other),
            ],
            href(other.factor.factor_id),
            "total" if other is one else "",
        )
        for other in reversed(same)
    ]
    columns = [
        Column(say("factors.data_year")),
        Column(say("factors.publisher"), is_wide=True),
        Column(say("factors.release"), is_minor=True),
        Column(say("factors.total_kg"), unit, is_number=True),
        Column(say("factors.state")),
    ]
    note = say("factors.history.note", gwp=SHOWN_GWP)
    return Chart(
        "history", title, lines_over_years(years, drawn, unit),
        Table(title, columns, rows, is_dense=True), unit, note,
    )  # fmt: skip


def _source(one: Listed) -> str:
    return publisher_name(one.factor.row.get("publisher") or "") or one.factor.pack


def _per(factor: Factor, asked: Factor) -> float | None:
    """Return a factor's CO2e per the unit of another. [kg CO2e/unit]"""
    value = factor_co2e_kg(factor, SHOWN_GWP)
    if value is None:
        return None
    return float(f"{value * float(asked.unit.factor / factor.unit.factor):.6g}")


def _printed(value: float | None) -> str:
    return "" if value is None else number(value)
