"""Comparing two inventories: which cause moved which milligram."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from linyin.inventory.attribution import Method
from linyin.inventory.diff_boundary import Reach, organization_of, with_outside
from linyin.inventory.diff_causes import PRODUCT, ROUNDING, split
from linyin.inventory.diff_estimates import Estimates
from linyin.inventory.diff_gases import Gases
from linyin.inventory.diff_legs import read_slices
from linyin.inventory.diff_matching import Pair, match
from linyin.inventory.inventory import LINES, Inventory, Scope2Method

__all__ = ["CAUSES", "Diff", "Side", "SourceChange", "diff"]

NEW: Final = "new sources"
MISSING: Final = "missing sources"
CAUSES: Final = (*PRODUCT, "estimates", NEW, MISSING, ROUNDING)
"""In the order of a report; `rounding` is what re-cut rows move by themselves."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two inventories."""

    run_id: str
    entity: str
    year: int
    approach: str
    gwp: str
    total_mg: int


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What one source changed by; `causes` add up to it. [mg CO2e]

    Attributes
    ----------
    stage
        `main`, or `upstream` and `losses` of a fuel or of power.
    lines_before, lines_after
        The lines that it is reported on.

    """

    site: str
    source_type: str
    item: str
    technology: str
    counterparty: str
    place: str
    stage: str
    lines_before: tuple[str, ...]
    lines_after: tuple[str, ...]
    before_mg: int
    after_mg: int
    causes: Mapping[str, int]
    lines: Mapping[str, Mapping[str, int]]

    @property
    def change_mg(self) -> int:
        """After less before. [mg CO2e]"""
        return self.after_mg - self.before_mg


@dataclass(frozen=True, slots=True)
class Diff:
    """Parts of a change, which add up to it to the milligram. [mg CO2e]

    Attributes
    ----------
    method
        `shapley` or `lmdi`.
    scope2_method
        Of the totals that are compared.
    causes
        Every cause of :data:`CAUSES`, `rounding` only where it is not zero.
    lines
        Line → cause → part; lines that did not change are left out.
    sources
        Sources that changed, the largest change first.

    """

    method: Method
    scope2_method: Scope2Method
    before: Side
    after: Side
    causes: Mapping[str, int]
    lines: Mapping[str, Mapping[str, int]]
    sources: Sequence[SourceChange]

    @property
    def change_mg(self) -> int:
        """After less before. [mg CO2e]"""
        return self.after.total_mg - self.before.total_mg

    def top(self, count: int = 10, *, cause: str = "") -> list[SourceChange]:
        """Return the sources that moved most, of one cause if it is named."""
        if not cause:
            return list(self.sources[:count])
        moved = [s for s in self.sources if s.causes.get(cause)]
        return sorted(moved, key=lambda s: -abs(s.causes[cause]))[:count]

    def waterfall(self) -> list[tuple[str, int]]:
        """Return `before`, every cause that moved, `after`, as a chart draws them. [mg CO2e]"""
        steps = [(cause, mg) for cause, mg in self.causes.items() if mg]
        return [("before", self.before.total_mg), *steps, ("after", self.after.total_mg)]

    def to_dict(self, *, sources: int = 20) -> dict[str, Any]:
        """Return a JSON-ready mapping with the largest sources."""
        return {
            "method": self.method,
            "scope2_method": self.scope2_method,
            "before": asdict(self.before),
            "after": asdict(self.after),
            "change_mg": self.change_mg,
            "causes": dict(self.causes),
            "lines": {line: dict(parts) for line, parts in self.lines.items()},
            "sources": [_source_dict(s) for s in self.top(sources)],
            "sources_changed": len(self.sources),
        }


def diff(
    before: Inventory,
    after: Inventory,
    *,
    method: Method = "shapley",
    scope2_method: Scope2Method = "location",
) -> Diff:
    """Split the change between two inventories into its causes.

    A source's emissions are quantity × share × factor × GWP (and, by market, what instruments
    leave). Sources are matched by site, source type, item, technology, counterparty and place,
    whatever line, unit, method or row they come by:

    - `activity`: the quantity at 100 %, corrections included;
    - `structure`: shares and boundary: deals, the approach, outsourcing, eliminated parts;
    - `method`: another method, version, boundary or basis of the factor, or role of the method;
    - `factor`: another value of the factor, prices and exchange rates of spend included;
    - `gwp`: another GWP set; `instruments`: what contracts and certificates cover, by market;
    - `estimates`: estimates replaced by actual rows, within one period;
    - `new sources`, `missing sources`: inside the boundary on both sides, but in one run only.

    What only one cause moved falls on it wholly, and the Shapley parts of the way back are the
    negatives of those of the way there (new and missing sources swap).

    Parameters
    ----------
    before, after : Inventory
        Two years, or two runs of one year. Different reporters, approaches and GWP sets are fine.
    method : str
        `shapley` or `lmdi`.
    scope2_method : str
        `location` or `market`.

    Returns
    -------
    Diff

    Raises
    ------
    linyin.inventory.attribution.DecompositionError
        If a bundle's legs do not make its entries; with LMDI also if a factor changes its sign.

    References
    ----------
    .. [1] Albrecht, J., François, D. and Schoors, K. (2002), A Shapley decomposition of carbon
       emissions without residuals, Energy Policy 30 (9).
    .. [2] Ang, B. W. (2005), The LMDI approach to decomposition analysis: a practical guide,
       Energy Policy 33 (7).

    """
    other_gwp = before.run["gwp"] != after.run["gwp"]
    sides = tuple(list(read_slices(i, scope2_method, gases=other_gwp)) for i in (before, after))
    reaches = (
        Reach(before, organization_of(after)),
        Reach(after, organization_of(before)),
    )
    same = all(before.run[day] == after.run[day] for day in ("begin", "end"))
    full = (
        with_outside(sides[0], reaches[0], sides[1], same_period=same),
        with_outside(sides[1], reaches[1], sides[0], same_period=same),
    )
    pairs = list(match(*full))
    estimates = Estimates(before, after, pairs) if same else None
    splitter = _Splitter(before, after, reaches, method, estimates, split_gases=other_gwp)
    sources = [change for pair in pairs if (change := splitter.change(pair)) is not None]
    sources.sort(key=lambda s: (-abs(s.change_mg), _key(s)))
    return Diff(
        method=method,
        scope2_method=scope2_method,
        before=_side(before, scope2_method),
        after=_side(after, scope2_method),
        causes=_by_cause(sources),
        lines=_by_line(sources),
        sources=tuple(sources),
    )


class _Splitter:
    def __init__(
        self,
        before: Inventory,
        after: Inventory,
        reaches: tuple[Reach, Reach],
        method: Method,
        estimates: Estimates | None,
        *,
        split_gases: bool,
    ) -> None:
        self.reaches, self.method, self.estimates = reaches, method, estimates
        self.gases = (Gases(before), Gases(after)) if split_gases else None
        self.bases = (_bases(before), _bases(after))

    def change(self, pair: Pair) -> SourceChange | None:
        """Split one source; None if it did not move."""
        before, after = _mass(pair.before), _mass(pair.after)
        if pair.before and pair.after:
            estimated = self.estimates.share(pair) if self.estimates else None
            causes = split(pair, self.gases, self.bases, method=self.method, estimated=estimated)
        else:
            causes = {self._one_sided(pair): after - before} if after != before else {}
        lines = _of_lines(pair, causes)
        if not causes and not lines:
            return None
        at = pair.at
        old, new = (tuple(sorted(side, key=_rank)) for side in pair.lines)
        return SourceChange(
            at.site, at.source_type, at.item, at.technology, at.counterparty, at.place, at.stage,
            old, new, before, after, causes, lines,
        )  # fmt: skip

    def _one_sided(self, pair: Pair) -> str:
        """Name the cause of a source that only one of the runs has."""
        if pair.hint:
            return pair.hint
        here, lacking = (NEW, self.reaches[0]) if pair.after else (MISSING, self.reaches[1])
        return "structure" if lacking.is_outside(pair.at) else here


def _of_lines(pair: Pair, causes: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Divide a source's parts among its lines; what moved between lines is structure."""
    deltas: defaultdict[str, int] = defaultdict(int)
    for side, sign in ((pair.before, -1), (pair.after, 1)):
        for s in side:
            if s.reported:
                deltas[s.line] += sign * s.mass
    moved = [line for line, mg in deltas.items() if mg]
    if len(deltas) == 1:
        return {line: dict(causes) for line in deltas if causes}
    if not moved:
        return {}
    main = max(sorted(deltas), key=lambda line: _mass(s for s in pair.after if s.line == line))
    between = (
        "structure"
        if pair.moved
        else max(sorted(causes) or ["structure"], key=lambda cause: abs(causes.get(cause, 0)))
    )
    lines: dict[str, dict[str, int]] = {}
    for line in moved:
        parts = {c: mg for c, mg in causes.items() if c != between} if line == main else {}
        rest = deltas[line] - sum(parts.values())
        lines[line] = parts | ({between: rest} if rest else {})
    return lines


def _mass(slices: Any) -> int:
    return sum(s.mass for s in slices if s.reported)


def _bases(inventory: Inventory) -> Mapping[str, str]:
    table = inventory.query(
        "SELECT factor_id, basis FROM factors WHERE factor_id IN (SELECT factor_id FROM legs) "
        "ORDER BY priority DESC"
    )
    return dict(zip(table["factor_id"].to_pylist(), table["basis"].to_pylist(), strict=True))


def _side(inventory: Inventory, scope2_method: Scope2Method) -> Side:
    run = inventory.run
    return Side(
        run["run_id"], run["entity"], run["year"], run["approach"], run["gwp"],
        inventory.total(scope2_method),
    )  # fmt: skip


def _by_cause(sources: Sequence[SourceChange]) -> dict[str, int]:
    totals = dict.fromkeys(CAUSES, 0)
    for source in sources:
        for cause, mg in source.causes.items():
            totals[cause] += mg
    return {cause: mg for cause, mg in totals.items() if mg or cause != ROUNDING}


def _by_line(sources: Sequence[SourceChange]) -> dict[str, dict[str, int]]:
    totals: dict[str, dict[str, int]] = {}
    for source in sources:
        for line, parts in source.lines.items():
            of_line = totals.setdefault(line, dict.fromkeys(CAUSES, 0))
            for cause, mg in parts.items():
                of_line[cause] += mg
    return {
        line: {cause: mg for cause, mg in totals[line].items() if mg}
        for line in sorted(totals, key=_rank)
    }


def _rank(line: str) -> int:
    return LINES.index(line)


def _key(source: SourceChange) -> tuple[str, ...]:
    return (
        source.site, source.source_type, source.item, source.technology, source.counterparty,
        source.place, source.stage, *source.lines_before, *source.lines_after,
    )  # fmt: skip


def _source_dict(source: SourceChange) -> dict[str, Any]:
    fields = {
        name: getattr(source, name)
        for name in (
            "site", "source_type", "item", "technology", "counterparty", "place", "stage",
            "before_mg", "after_mg", "change_mg",
        )
    }  # fmt: skip
    return fields | {
        "lines_before": list(source.lines_before),
        "lines_after": list(source.lines_after),
        "causes": dict(source.causes),
        "lines": {line: dict(parts) for line, parts in source.lines.items()},
    }
