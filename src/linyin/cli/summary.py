"""What a finished run says in short: lines, totals, shares, intensity, change. As data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from linyin.cli.findings import counts, finding_data
from linyin.cli.numbers import MG_PER_T

if TYPE_CHECKING:
    from linyin.cli.words import Lang
    from linyin.inventory import Inventory, Scope2Method
    from linyin.lake import Finding

__all__ = [
    "METHODS",
    "Group",
    "Intensity",
    "Interval",
    "Line",
    "Summary",
    "Telling",
    "group_data",
    "groups",
    "summarize",
    "summary_data",
]

METHODS: Final[tuple[Scope2Method, Scope2Method]] = ("location", "market")

_LINES: Final = """
    SELECT line, scope2_method, sum(co2e_mg)::VARCHAR AS mg,
           sum(abs(co2e_mg)) FILTER (status IN ('estimated', 'default'))::DOUBLE AS soft,
           sum(abs(co2e_mg))::DOUBLE AS weight
    FROM reported GROUP BY ALL
"""
_BESIDE: Final = """
    SELECT sum(co2_biogenic_mg) FILTER (role = 'reported' AND flow = 'emission'
                                        AND scope2_method <> 'market')::VARCHAR AS biogenic,
           sum(co2e_mg) FILTER (role = 'reported' AND flow = 'removal')::VARCHAR AS removals,
           sum(co2e_mg) FILTER (role = 'memo')::VARCHAR AS memo,
           sum(co2e_mg) FILTER (role = 'eliminated')::VARCHAR AS eliminated
    FROM entries
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line under one scope-2 method.

    Attributes
    ----------
    mg
        Emissions. [mg CO2e]
    estimated
        Share that rests on estimates or defaults. [-]

    """

    line: str
    scope2_method: str
    mg: int
    estimated: float


@dataclass(frozen=True, slots=True)
class Intensity:
    """Emissions per million of revenue: t CO2e per million `currency`, by location."""

    value: float
    currency: str
    revenue: float


@dataclass(frozen=True, slots=True)
class Interval:
    """95 % interval of a total, relative to it. [-]

    Attributes
    ----------
    half_width
        By error propagation (IPCC approach 1).
    low, high
        By simulation (approach 2), distances down and up; None where approach 1 is good enough,
        and for all but the last year's total by location.

    """

    half_width: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Summary:
    """One run in short."""

    inventory: Inventory
    lines: Mapping[tuple[str, str], Line]
    beside: Mapping[str, int]
    intensity: Intensity | None
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def year(self) -> int:
        """Reporting year."""
        return int(self.inventory.run["year"])

    def of_scope(self, scope: str, method: Scope2Method) -> list[Line]:
        """Return the lines of a scope in the inventory's order."""
        from linyin.inventory import INVENTORY_LINES

        keys = [
            (line, m)
            for line in INVENTORY_LINES
            for m in ("", method)
            if line.startswith(f"{scope}.")
        ]
        return [self.lines[key] for key in keys if key in self.lines]

    def scope(self, scope: str, method: Scope2Method) -> int:
        """Return the emissions of a scope. [mg CO2e]"""
        return sum(line.mg for line in self.of_scope(scope, method))

    def total(self, method: Scope2Method) -> int:
        """Return the emissions of all scopes. [mg CO2e]"""
        return sum(self.scope(scope, method) for scope in "123")

    def filed(self, method: Scope2Method) -> int | None:
        """Return the total of a standard without scope 3, else None. [mg CO2e]"""
        if self.inventory.run["standard"] != "GB/T 32150":
            return None
        return self.scope("1", method) + self.scope("2", method)

    def estimated(self, method: Scope2Method) -> float:
        """Return the share of the emissions that rests on estimates or defaults. [-]"""
        return self.inventory.estimated_share(method)


def summarize(inventory: Inventory, *, simulate: bool = False) -> Summary:
    """Read what a run says in short.

    Parameters
    ----------
    inventory : Inventory
    simulate : bool
        Draw approach 2 for the total by location, where approach 1 warns.

    """
    lines = {
        (row["line"], row["scope2_method"]): Line(
            row["line"],
            row["scope2_method"],
            int(row["mg"]),
            (row["soft"] or 0.0) / row["weight"] if row["weight"] else 0.0,
        )
        for row in inventory.query(_LINES).to_pylist()
    }
    beside = {n: int(mg or 0) for n, mg in inventory.query(_BESIDE).to_pylist()[0].items()}
    short = Summary(inventory, lines, beside, None)
    intensity = _intensity(inventory, short.total("location"))
    intervals: dict[str, Interval] = dict(_intervals(inventory, simulate=simulate))
    return replace(short, intensity=intensity, intervals=intervals)


def _intervals(inventory: Inventory, *, simulate: bool) -> Iterator[tuple[str, Interval]]:
    from linyin.inventory import assess_uncertainty, uncertainty_aggregates
    from linyin.ledger import combine_uncertainty

    for method in METHODS:
        if not simulate or method != "location":
            relative = combine_uncertainty(uncertainty_aggregates(inventory, method)).relative
            if relative is not None:
                yield method, Interval(relative)
            continue
        assessed = assess_uncertainty(inventory, method)
        relative, second = assessed.approach1.relative, assessed.approach2
        if relative is None:
            continue
        if second is None or not second.point:
            yield method, Interval(relative)
        else:
            point = second.point
            ends = (point - second.low, second.high - point)
            yield method, Interval(relative, *(end / abs(point) for end in ends))


def _intensity(inventory: Inventory, mg: int) -> Intensity | None:
    found = inventory.revenue()
    if found is None:
        return None
    revenue, currency = found
    return Intensity(mg / MG_PER_T / (revenue / 1e6), currency, revenue)


@dataclass(frozen=True)
class Group:
    """Runs that differ in their year only, and the year that changes are told from.

    Attributes
    ----------
    trends
        Scope-2 method → half-width of the 95 % interval of the last year's change, as a
        fraction of the base year. [-]

    """

    runs: tuple[Summary, ...]
    base: Summary | None
    trends: Mapping[str, float] = field(default_factory=dict)

    @property
    def last(self) -> Summary:
        """The run that shares and estimates are told of."""
        return self.runs[-1]


class Telling(Protocol):
    """Told the name of each step, and how much of it is done."""

    def __call__(self, name: str, /) -> None:
        """Begin a step."""

    def part(self, done: int, of: int) -> None:
        """Say how much of the step is done."""


class Untold:
    """Tells nobody."""

    def __call__(self, name: str, /) -> None:
        """Begin a step."""

    def part(self, done: int, of: int) -> None:
        """Say how much of the step is done."""


def groups(inventories: Sequence[Inventory], progress: Telling | None = None) -> list[Group]:
    """Put runs of one entity, approach, GWP set and standard together, by year.

    Changes are told from the base year if its run is at hand (among these, or beside their
    bundles), else from the first of several years.

    Parameters
    ----------
    inventories : sequence of Inventory
    progress : Telling, optional
        Told the steps `checks` and `uncertainty`, run by run.

    """
    told = progress or Untold()
    together: dict[tuple[str, ...], list[Inventory]] = {}
    for inventory in inventories:
        together.setdefault(_key(inventory), []).append(inventory)
    ordered = [sorted(of_key, key=_year) for of_key in together.values()]
    total = len(inventories)
    told("checks")
    findings: list[tuple[Finding, ...]] = []
    for of_key in ordered:
        for before, inventory in zip((None, *of_key), of_key, strict=False):
            told.part(len(findings), total)
            findings.append(_findings(inventory, before))
    told("uncertainty")
    runs: list[Summary] = []
    for of_key in ordered:
        for inventory in of_key:
            told.part(len(runs), total + 1)
            short = summarize(inventory, simulate=inventory is of_key[-1])
            runs.append(replace(short, findings=findings[len(runs)]))
    told.part(total, total + 1)
    remaining = iter(runs)
    return [_group([next(remaining) for _ in of_key]) for of_key in ordered]


def _key(inventory: Inventory) -> tuple[str, ...]:
    return tuple(str(inventory.run[name]) for name in ("entity", "approach", "gwp", "standard"))


def _year(inventory: Inventory) -> int:
    return int(inventory.run["year"])


def _group(runs: Sequence[Summary]) -> Group:
    last = runs[-1]
    stated = last.inventory.run["base_year"]
    base = next((run for run in runs if run.year == stated), None)
    if base is None and stated is not None:
        base = _beside(last.inventory, int(stated))
    if base is None and len(runs) > 1:
        base = runs[0]
    if base is None or base.year == last.year or not base.lines:
        return Group(tuple(runs), None)
    return Group(tuple(runs), base, dict(_trends(base, last)))


def _findings(inventory: Inventory, before: Inventory | None) -> tuple[Finding, ...]:
    """Return what the calculation found and what the checks find, given the year before."""
    from linyin.inventory import run_checks
    from linyin.lake import ordered_findings

    follows = before is not None and _year(inventory) == _year(before) + 1
    return ordered_findings(
        [*inventory.findings, *run_checks(inventory, before if follows else None)]
    )


def _trends(base: Summary, last: Summary) -> Iterator[tuple[Scope2Method, float]]:
    from linyin.inventory import trend_between

    for method in METHODS:
        if base.total(method):
            yield method, trend_between(base.inventory, last.inventory, method).half_width


def _beside(inventory: Inventory, year: int) -> Summary | None:
    """Find the run of another year among the bundles beside this one."""
    from linyin.inventory import Inventory

    run = inventory.run
    name = str(run["run_id"]).replace(str(run["year"]), str(year), 1)
    path = inventory.path.with_name(name)
    return summarize(Inventory(path)) if (path / "manifest.json").is_file() else None


def group_data(group: Group, lang: Lang) -> list[dict[str, Any]]:
    """Return the runs of a group as `--json` prints them."""
    listed = []
    for run in group.runs:
        base = None if group.base is None or group.base.year == run.year else group.base
        data = summary_data(run, base, lang)
        for method in METHODS if run is group.last else ():
            data["totals"][method]["change_half_width"] = group.trends.get(method)
        listed.append(data)
    return listed


def summary_data(summary: Summary, base: Summary | None, lang: Lang) -> dict[str, Any]:
    """Return a run as `--json` prints it."""
    run, findings = summary.inventory.run, summary.findings
    return {
        "run_id": run["run_id"],
        "bundle": str(summary.inventory.path),
        "content": summary.inventory.manifest.content,
        **{name: run[name] for name in ("entity", "name_en", "name_zh", "year", "begin", "end")},
        **{name: run[name] for name in ("approach", "gwp", "standard", "state")},
        "totals": {method: _total_data(summary, base, method) for method in METHODS},
        "lines": [_line_data(summary, base, line) for line in _ordered(summary)],
        "outside_totals": {f"{name}_mg": mg for name, mg in summary.beside.items()},
        "intensity": summary.intensity
        and {
            "t_per_million": summary.intensity.value,
            "currency": summary.intensity.currency,
            "revenue": summary.intensity.revenue,
            "scope2_method": "location",
        },
        "base_year": base.year if base else None,
        "findings": {
            "counts": counts(findings),
            "items": [finding_data(finding, lang) for finding in findings],
        },
    }


def _total_data(summary: Summary, base: Summary | None, method: Scope2Method) -> dict[str, Any]:
    total = summary.total(method)
    return {
        "co2e_mg": total,
        "co2e_t": total / MG_PER_T,
        "scopes_mg": {scope: summary.scope(scope, method) for scope in "123"},
        "estimated_share": summary.estimated(method),
        "uncertainty": _interval_data(summary.intervals.get(method)),
        "change": _change(total, base.total(method) if base else 0),
    }


def _interval_data(interval: Interval | None) -> dict[str, float | None] | None:
    if interval is None:
        return None
    names = ("half_width", "low", "high")
    return {name: getattr(interval, name) for name in names}


def _line_data(summary: Summary, base: Summary | None, line: Line) -> dict[str, Any]:
    method: Scope2Method = "market" if line.scope2_method == "market" else "location"
    total = summary.total(method)
    before = base.lines.get((line.line, line.scope2_method)) if base else None
    return {
        "line": line.line,
        "scope2_method": line.scope2_method,
        "co2e_mg": line.mg,
        "co2e_t": line.mg / MG_PER_T,
        "share": line.mg / total if total else 0.0,
        "estimated_share": line.estimated,
        "change": _change(line.mg, before.mg if before else 0),
    }


def _ordered(summary: Summary) -> list[Line]:
    lines = [line for scope in "123" for line in summary.of_scope(scope, "location")]
    return [*lines, *(line for line in summary.of_scope("2", "market") if line.scope2_method)]


def _change(mg: int, base_mg: int) -> float | None:
    return mg / base_mg - 1 if base_mg else None
