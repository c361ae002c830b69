# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Quantities that stand out of their source: jumps, and slips of the unit by their ratio.

Each row is compared on the logarithmic scale, x = ln(quantity) or x = ln(quantity a day), with

- the same month of the year before, once six months have one: d = x − x₋₁ − median(x − x₋₁);
- else the other rows of its source in the period: d = x − median(x).

The months of a year differ by up to 10.7 % in length. A fee, a quota or a machine that runs
whatever the month is even by the quantity, other consumption by the day, so each source takes the
x of the two that is more even: whose rows lie nearer to the median on average, none of them
counted as farther off than the length of months can bring it.

The spread is 1.4826 × the median absolute deviation of the same differences, which equals the
standard deviation of normal noise and is not moved by the outliers themselves [1]_. Whole years
are compared by their medians; by the day where the rows of one are longer than those of the other.

References
----------
.. [1] Iglewicz, B., Hoaglin, D. C. (1993), How to Detect and Handle Outliers, ASQC, ch. 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from linyin.inventory.checks.months import name_of
from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.lake import Finding

__all__ = ["JUMP", "SLIPS", "Slip", "slip_of"]


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake of the unit that multiplies or divides a quantity.

    Attributes
    ----------
    code
        Of the finding.
    factor
        By which the quantity is wrong, or one over it. [-]
    closest, widest
        Bounds of the tolerance on the logarithmic scale. [-]
    spreads
        How many spreads a deviation must at least be.
    kind
        Only for quantities of this kind; '' = any.

    """

    code: str
    factor: float
    closest: float
    widest: float
    spreads: float
    kind: str = ""


def _wide(code: str, factor: float) -> Slip:
    return Slip(code, factor, math.log(1.3), math.log(3), 6.0)


GAS: Final = Slip("slip-gas-temperature", 293.15 / 273.15, 0.008, 0.012, 5.0, "gas_volume")
HEAT: Final = Slip("slip-kwh-mj", 3.6, math.log(1.03), math.log(1.15), 8.0, "energy")
SLIPS: Final = (
    _wide("slip-thousand", 1e3),
    _wide("slip-ten-thousand", 1e4),
    _wide("slip-million", 1e6),
    HEAT,
    GAS,
)
JUMP: Final = {"last-year": math.log(2), "peers": math.log(3)}
JUMP_SPREADS: Final = 6.0
_LEAST_ROWS: Final = 4
_LEAST_MONTHS: Final = 6
_FLOOR: Final = 0.005
_LONE: Final = 0.3
_LENGTHS: Final = math.log(31 / 28)

_STATISTICS: Final = f"""
WITH usable AS (
    SELECT *, ln(base) AS whole, ln(base / CASE WHEN monthly THEN days ELSE 1 END) AS rate
    FROM points
    WHERE kind = 'normal' AND base > 0 AND days > 0 AND NOT later AND isfinite(base)
), centres AS (
    SELECT source_id, median(whole) AS whole_centre, median(rate) AS rate_centre
    FROM usable WHERE NOT past GROUP BY source_id
), scales AS (
    SELECT source_id, avg(least(abs(rate - rate_centre), {_LENGTHS}))
        <= avg(least(abs(whole - whole_centre), {_LENGTHS})) AS by_day
    FROM usable JOIN centres USING (source_id) WHERE NOT past GROUP BY source_id
), scaled AS (
    SELECT u.*, s.by_day, CASE WHEN s.by_day THEN u.rate ELSE u.whole END AS x
    FROM usable AS u JOIN scales AS s USING (source_id)
), before AS (
    SELECT source_id, month, ln(sum(base) / CASE WHEN any_value(by_day) THEN sum(days) ELSE 1 END)
        AS x FROM scaled WHERE past AND monthly GROUP BY source_id, month
), compared AS (
    SELECT u.*, u.x - b.x AS r FROM scaled AS u LEFT JOIN before AS b
    ON b.source_id = u.source_id AND b.month = u.month - INTERVAL 1 YEAR AND NOT u.past
), middles AS (
    SELECT source_id, any_value(by_day) AS by_day,
        count(*) FILTER (NOT past) AS n, count(*) FILTER (past) AS n_past,
        median(x) FILTER (NOT past) AS x_middle, median(x) FILTER (past) AS x_past,
        median(days) FILTER (NOT past) AS length, median(days) FILTER (past) AS length_past,
        median(ln(base / days)) FILTER (NOT past) AS day_middle,
        median(ln(base / days)) FILTER (past) AS day_past,
        count(r) AS n_r, median(r) AS r_middle
    FROM compared GROUP BY source_id
)
SELECT source_id, middles.by_day, n, n_past, n_r, x_middle, x_past, r_middle,
    length, length_past, day_middle, day_past,
    greatest({_FLOOR}, 1.4826 * median(abs(x - x_middle)) FILTER (NOT past)) AS x_spread,
    greatest({_FLOOR}, 1.4826 * median(abs(r - r_middle))) AS r_spread
FROM compared JOIN middles USING (source_id)
GROUP BY ALL
"""

_STANDING_OUT: Final = f"""
WITH told AS (
    SELECT p.*, s.meter, t.n, t.n_r, t.x_middle, t.r_middle, t.n_r >= {_LEAST_MONTHS} AS by_month,
        ln(p.base / CASE WHEN t.by_day AND p.monthly THEN p.days ELSE 1 END) AS x_now,
        x_now - t.x_middle AS d_peers,
        x_now - CASE WHEN t.by_day THEN b.rate_then ELSE b.whole_then END - t.r_middle AS d_month,
        t.x_spread, t.r_spread
    FROM points AS p JOIN statistics AS t USING (source_id) JOIN sources AS s USING (source_id)
    LEFT JOIN (
        SELECT source_id, month, ln(sum(base)) AS whole_then,
            ln(sum(base) / sum(days)) AS rate_then FROM points
        WHERE past AND monthly AND kind = 'normal' AND base > 0 AND days > 0 GROUP BY ALL
    ) AS b ON b.source_id = p.source_id AND b.month = p.month - INTERVAL 1 YEAR
    WHERE p.kind = 'normal' AND p.base > 0 AND p.days > 0 AND NOT p.past AND NOT p.later
        AND isfinite(p.base)
), compared AS (
    SELECT *, by_month AND d_month IS NOT NULL AS month_known,
        CASE WHEN month_known THEN d_month ELSE d_peers END AS d,
        CASE WHEN month_known THEN r_spread ELSE x_spread END AS spread
    FROM told WHERE by_month OR n >= {_LEAST_ROWS}
), judged AS (SELECT * FROM compared WHERE abs(d) > 0.05 AND abs(d) > 3 * spread)
SELECT *, count(*) FILTER (abs(d) > greatest(0.25, 3 * spread)) OVER (PARTITION BY source_id)
    AS outliers
FROM judged QUALIFY abs(d) > CASE WHEN unit_kind = 'gas_volume' THEN 0.05 ELSE 0.6 END
    AND abs(d) > 4 * spread
ORDER BY _file, _sheet, _row
"""

_SHIFTS: Final = """
SELECT s.source_id, s.site, s.source_type, s.item, s.meter, t.*, p.unit_kind, p.unit, p.spot
FROM statistics AS t JOIN sources AS s USING (source_id) JOIN (
    SELECT source_id, any_value(unit_kind) AS unit_kind, min(unit) AS unit,
        arg_min(struct_pack(_file, _sheet, _row), begin) AS spot
    FROM points WHERE NOT past AND kind = 'normal' AND base > 0 GROUP BY source_id
) AS p USING (source_id)
WHERE t.n > 0 AND t.n_past > 0 ORDER BY s.source_id
"""


def slip_of(deviation: float, spread: float, kind: str, *, lone: bool = True) -> Slip | None:
    """Return the slip that a deviation looks like, if it is one that noise does not make.

    Parameters
    ----------
    deviation : float
        Logarithm of the ratio to what was expected. [-]
    spread : float
        Standard deviation of the noise of the same logarithms. [-]
    kind : str
        Kind of the quantity's unit: `energy`, `mass` …
    lone : bool
        Whether the deviation is (nearly) the only one of its source. A season can look like
        3.6, so that several such deviations are none.

    """
    for slip in SLIPS:
        if slip.kind and slip.kind != kind:
            continue
        if slip is HEAT and not lone:
            continue
        tolerance = min(slip.widest, max(slip.closest, 3 * spread))
        off = abs(abs(deviation) - math.log(slip.factor))
        if off <= tolerance and abs(deviation) >= slip.spreads * spread:
            return slip
    return None


@check("unit-slips", severity="warning")
def unit_slips(subject: Subject) -> Iterator[Finding]:
    """A quantity is off its source by the ratio of two units: 10³, 10⁴ (万), 10⁶, 3.6, 7.3 %."""
    for row, slip in _standing_out(subject):
        if slip is not None:
            yield Finding(slip.code, "warning", where(row, "quantity"), _evidence(row))
    for shift in _shifts(subject):
        deviation, spread = _shift(shift)
        found = slip_of(deviation, spread, shift["unit_kind"])
        if found is GAS and (shift["n_r"] < _LEAST_MONTHS or spread > 0.02):
            continue
        if found is not None:
            fields = {
                "source": name_of(shift),
                "ratio": f"{math.exp(deviation):.4g}",
                "slip": f"{found.factor:.6g}",
                "rows": shift["n"],
                "unit": shift["unit"],
            }
            yield Finding("slip-of-source", "warning", where(shift["spot"], "unit"), fields)


@check("jumps", severity="question")
def jumps(subject: Subject) -> Iterator[Finding]:
    """A quantity is far from the same month of the year before, or from its source's others."""
    for row, slip in _standing_out(subject):
        least = JUMP["last-year" if row["month_known"] else "peers"]
        if slip is None and abs(row["d"]) >= max(least, JUMP_SPREADS * row["spread"]):
            yield Finding("jump", "question", where(row, "quantity"), _evidence(row))
    for shift in _shifts(subject):
        deviation, spread = _shift(shift)
        if slip_of(deviation, spread, shift["unit_kind"]) is None and abs(deviation) >= max(
            JUMP["peers"], JUMP_SPREADS * spread
        ):
            fields = {
                "source": name_of(shift),
                "ratio": f"{math.exp(deviation):.4g}",
                "rows": shift["n"],
            }
            yield Finding("jump-of-source", "question", where(shift["spot"], "quantity"), fields)


def _standing_out(subject: Subject) -> Iterator[tuple[dict[str, Any], Slip | None]]:
    subject.keep("statistics", _STATISTICS)
    subject.keep("standing_out", _STANDING_OUT)
    for row in subject.each("SELECT * FROM standing_out ORDER BY _file, _sheet, _row"):
        lone = row["month_known"] or row["outliers"] <= max(1, row["n"] // 10)
        yield row, slip_of(row["d"], row["spread"], row["unit_kind"], lone=lone)


def _shifts(subject: Subject) -> Iterator[dict[str, Any]]:
    subject.keep("statistics", _STATISTICS)
    yield from subject.each(_SHIFTS)


def _shift(row: Mapping[str, Any]) -> tuple[float, float]:
    """Return how far the medians of the two years are apart, and the noise of that.

    Rows of another length, such as a year's row before rows by the month, are compared by the day.
    """
    if row["n_r"] >= _LEAST_MONTHS:
        return row["r_middle"], row["r_spread"]
    if abs(math.log(row["length"] / row["length_past"])) > _LENGTHS:
        return row["day_middle"] - row["day_past"], max(_LONE, row["x_spread"])
    return row["x_middle"] - row["x_past"], max(_LONE, row["x_spread"])


def _evidence(row: Mapping[str, Any]) -> dict[str, str | int]:
    return {
        "source": name_of(dict(row)),
        "quantity": f"{row['quantity']:.12g}",
        "unit": row["unit"],
        "ratio": f"{math.exp(row['d']):.4g}",
        "expected": f"{row['quantity'] / math.exp(row['d']):.4g}",
        "against": "last-year" if row["month_known"] else "peers",
        "rows": row["n_r"] if row["month_known"] else row["n"] - 1,
    }
