"""From an inventory to what its report shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from linyin.inventory.inventory import Inventory
from linyin.inventory.report.model import Label, Line, ReportModel, Uncertainty
from linyin.inventory.report.reading import entries, sources
from linyin.inventory.report.reading import lines as amounts
from linyin.inventory.report.reading import run as facts
from linyin.inventory.report.reading.part import PartOfInventory
from linyin.inventory.uncertainty import assess

if TYPE_CHECKING:
    from linyin.inventory.baseyear import BaseYearAssessment
    from linyin.inventory.uncertainty import Assessment

__all__ = ["collect"]

MG_PER_T = 10**9


def collect(
    inventory: Inventory,
    *,
    earlier: Sequence[Inventory] = (),
    assessment: BaseYearAssessment | None = None,
    most_entries: int = 0,
) -> ReportModel:
    """Read everything that a report shows.

    Parameters
    ----------
    inventory : Inventory
    earlier : sequence of Inventory
        Inventories of other years on the same boundary. The base year's among them gives the
        change since and its causes; the year before lets the checks see more.
    assessment : BaseYearAssessment, optional
        Of the base year against this year; without one the report says that none was made.
    most_entries : int
        How many entries to read, the largest first.

    Returns
    -------
    ReportModel

    """
    lines = amounts.lines(inventory)
    assessed = {code: _assess(inventory, (code,)) for code in _codes(lines)}
    left_out = facts.exclusions(inventory)
    nodes = facts.entities(inventory)
    names = {node.code: node.name for node in nodes}
    return ReportModel(
        identity=facts.identity(inventory),
        boundary=facts.boundary(inventory),
        lines=tuple(_with_quality(line, assessed) for line in lines),
        entities=nodes,
        sites=amounts.sites(inventory, names),
        scope2=sources.scope2(inventory),
        years=facts.years([*earlier, inventory]),
        base_year=facts.base_year(inventory, earlier, assessment),
        intensities=facts.intensities(inventory, lines),
        uncertainty=_uncertainty(inventory, lines, assessed),
        methods=sources.methods(inventory),
        factors=sources.factors(inventory),
        estimates=amounts.estimates(inventory),
        exclusions=left_out,
        screening=facts.screening(inventory, lines, left_out),
        findings=facts.findings(inventory, earlier),
        instruments=sources.instruments(inventory),
        memos=amounts.memos(inventory),
        eliminations=amounts.eliminations(inventory),
        removals=amounts.removals(inventory),
        notes=facts.notes(inventory),
        entries=entries.largest(inventory, most_entries) if most_entries else (),
        entries_in_all=entries.count(inventory),
    )


def _codes(lines: Sequence[Line]) -> list[str]:
    return list(dict.fromkeys(line.line for line in lines if line.co2e_mg))


def _assess(inventory: Inventory, codes: Sequence[str]) -> Assessment:
    return assess(PartOfInventory(inventory, codes))


def _with_quality(line: Line, assessed: dict[str, Assessment]) -> Line:
    found = assessed.get(line.line)
    if found is None or found.quality is None:
        return line
    return replace(line, quality=found.quality.overall)


def _uncertainty(
    inventory: Inventory, lines: Sequence[Line], assessed: dict[str, Assessment]
) -> tuple[Uncertainty, ...]:
    """Intervals of the total, of each scope and of each line, scope 2 by location."""
    codes = _codes(lines)
    members = {
        f"scope{scope}": [code for code in codes if code.startswith(f"{scope}.")]
        for scope in (1, 2, 3)
    }
    return (
        _interval("total", assess(inventory, simulate_always=True)),
        *(_interval(name, _assess(inventory, part)) for name, part in members.items() if part),
        *(_interval(code, assessed[code]) for code in codes),
    )


def _interval(subject: str, found: Assessment) -> Uncertainty:
    first, second = found.approach1, found.approach2
    low = high = None
    if second is not None and second.point:
        low = (second.low / second.point - 1) * 100
        high = (second.high / second.point - 1) * 100
    wide = len(first.warnings)
    warning = Label(
        f"Parts that vary by more than 30%: {wide}. Approach 1 is poor here, read approach 2.",
        f"有{wide}个组成部分的不确定性超过30%，方法1在此不可靠，请以方法2为准。",
    )
    return Uncertainty(
        subject=subject,
        scope2_method="location",
        co2e_mg=round(first.total * MG_PER_T),
        approach1_pct=None if first.relative is None else first.relative * 100,
        approach2_low_pct=low,
        approach2_high_pct=high,
        draws=second.draws if second else 0,
        seed=second.seed if second else None,
        warnings=(warning,) if wide else (),
    )
