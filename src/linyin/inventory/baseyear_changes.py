"""What has changed since the base year was last stated, cause by cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final, Literal, cast

from linyin.inventory.baseyear_deals import Timeline, missing_rows, moves
from linyin.inventory.baseyear_rows import Rows
from linyin.inventory.diff import Diff, SourceChange
from linyin.inventory.folder import Folder
from linyin.inventory.inventory import Inventory, Scope2Method
from linyin.lake import Finding, ordered_findings
from linyin.organization import Period

__all__ = ["Assessing", "BaseYearAssessment", "Change", "Scopes"]

type Cause = Literal[
    "acquisition", "divestment", "ownership change", "outsourcing", "insourcing",
    "method", "factor", "gwp", "error",
]  # fmt: skip
type Scopes = Literal["1+2", "1+2+3"]

type Subject = tuple[Cause, str, str, str, date | None]

_OWN: Final = ("method", "factor", "gwp")


@dataclass(frozen=True, slots=True)
class Change:
    """One reason why base-year emissions would be others today.

    Attributes
    ----------
    cause
        Structural (acquisition …), method, factor, GWP set or error.
    node, source_type, item
        What changed: a node that was bought or sold, a source of every node, or one node's.
    day
        Of the deal; None for methods, factors and errors.
    mg
        Change of the base year's emissions, all scopes. [mg CO2e]
    operational_mg
        The part of it in scopes 1 and 2. [mg CO2e]
    share
        Size of the change as a share of the base year, in the scopes assessed. [-]

    """

    cause: Cause
    node: str
    source_type: str
    item: str
    day: date | None
    mg: int
    operational_mg: int
    share: float

    @property
    def what(self) -> str:
        """What changed, in codes."""
        return " ".join(part for part in (self.node, self.source_type, self.item) if part)


@dataclass(frozen=True, slots=True)
class BaseYearAssessment:
    """Whether the base year is to be restated.

    Attributes
    ----------
    changes
        Since the base year was last stated, the largest first.
    accumulated
        Sum of the sizes of all changes: an acquisition and a sale do not hide each other. [-]
    threshold
        Of the policy. [-]
    restated_years
        Years that the policy asks to restate: the base year, and by whole years the year of a
        deal too.
    stated_mg, restated_mg
        The base year as stated last, and as it would be today, in the scopes assessed. [mg CO2e]

    """

    base_year: int
    current_year: int
    scopes: Scopes
    scope2_method: Scope2Method
    mid_year: str
    stated_mg: int
    restated_mg: int
    changes: tuple[Change, ...]
    accumulated: float
    threshold: float
    needs_restatement: bool
    restated_years: tuple[int, ...]
    reason: str
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {f.name: getattr(self, f.name) for f in fields(self)} | {
            "changes": [
                asdict(c) | {"what": c.what, "day": c.day.isoformat() if c.day else None}
                for c in self.changes
            ],
            "restated_years": list(self.restated_years),
            "findings": [f.to_dict() for f in self.findings],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> BaseYearAssessment:
        """Read what :meth:`to_dict` has written."""
        changes = (
            {**c, "day": date.fromisoformat(c["day"]) if c["day"] else None}
            for c in values["changes"]
        )
        names = [f.name for f in fields(Change)]
        read = {f.name: values[f.name] for f in fields(cls)} | {
            "changes": tuple(Change(**{name: c[name] for name in names}) for c in changes),
            "restated_years": tuple(values["restated_years"]),
            "findings": tuple(Finding.from_dict(f) for f in values["findings"]),
        }
        return cls(**read)


class Assessing:
    """Turns the split of a base year, as stated and as of today, into an assessment."""

    def __init__(
        self,
        folder: Folder,
        rows: Rows,
        last: Inventory,
        result: Diff,
        base_year: int,
        current_year: int,
        scopes: Scopes,
    ) -> None:
        calendar = folder.config.calendar
        self.folder, self.rows, self.result, self.scopes = folder, rows, result, scopes
        self.base, self.current = calendar.year(base_year), calendar.year(current_year)
        self.years = (base_year, current_year)
        self.timeline = Timeline(
            folder.organization,
            last.run["entity"],
            last.run["approach"],
            Period(self.base.begin, self.current.end),
        )

    def run(
        self, last: Inventory, today: Inventory, scope2_method: Scope2Method
    ) -> BaseYearAssessment:
        """Add the changes up, by cause and node or source, and hold them against the policy."""
        stated, restated = (self._total(i, scope2_method) for i in (last, today))
        sums: defaultdict[Subject, list[int]] = defaultdict(lambda: [0, 0])
        for key, mg, operational in (*self._from_diff(), *self._moved(today)):
            sums[key][0] += mg
            sums[key][1] += operational
        changes = [
            Change(*subject, mg, own, self._share(mg, own, stated))
            for subject, (mg, own) in sums.items()
            if mg or own
        ]
        changes.sort(key=lambda c: (-c.share, c.cause, c.what))
        moved = sum(abs(c.mg if self.scopes == "1+2+3" else c.operational_mg) for c in changes)
        threshold = self.folder.config.base_year.threshold_pct
        needs = moved * 100 >= threshold * abs(stated) if moved else False
        whole = self.folder.config.base_year.mid_year == "whole-year"
        deals = [d for node in self.folder.organization.nodes for d in self.timeline.deals(node)]
        years = [self.years[0]]
        if whole and any(d.day in self.current and d.day > self.current.begin for d in deals):
            years.append(self.years[1])
        acquired = [d for d in deals if d.kind == "acquisition"]
        return BaseYearAssessment(
            base_year=self.years[0],
            current_year=self.years[1],
            scopes=self.scopes,
            scope2_method=scope2_method,
            mid_year=self.folder.config.base_year.mid_year,
            stated_mg=stated,
            restated_mg=restated,
            changes=tuple(changes),
            accumulated=moved / abs(stated) if stated else float(bool(moved)),
            threshold=threshold / 100,
            needs_restatement=needs,
            restated_years=tuple(dict.fromkeys(years)) if needs else (),
            reason=_reason(changes, moved, stated, threshold),
            findings=ordered_findings(
                [
                    *missing_rows(self.folder.organization, self.rows, acquired, self.base),
                    *self._asked(),
                ]
            ),
        )

    def _total(self, inventory: Inventory, scope2_method: Scope2Method) -> int:
        if self.scopes == "1+2+3":
            return inventory.total(scope2_method)
        return sum(inventory.scope(scope, scope2_method) for scope in (1, 2))

    def _share(self, mg: int, operational: int, stated: int) -> float:
        size = abs(mg if self.scopes == "1+2+3" else operational)
        return size / abs(stated) if stated else float(bool(size))

    def _from_diff(self) -> Iterator[tuple[Subject, int, int]]:
        for source in self.result.sources:
            for line, parts in source.lines.items():
                own = line.startswith(("1.", "2."))
                for name, mg in parts.items():
                    yield self._cause(source, name), mg, mg if own else 0

    def _cause(self, source: SourceChange, name: str) -> Subject:
        kind, item = source.source_type, source.item
        if name == "structure":
            deal = self.timeline.deal(source.site) if source.site in self._nodes else None
            if deal is not None:
                return deal.kind, deal.node, "", "", deal.day
            before = any(line.startswith(("1.", "2.")) for line in source.lines_before)
            after = any(line.startswith(("1.", "2.")) for line in source.lines_after)
            if before != after and source.lines_before and source.lines_after:
                return "outsourcing" if before else "insourcing", source.site, kind, item, None
        if name in _OWN:
            return cast("Cause", name), "", kind, item, None
        return "error", source.site, kind, item, None

    @property
    def _nodes(self) -> Any:
        return self.folder.organization.nodes

    def _moved(self, today: Inventory) -> Iterator[tuple[Subject, int, int]]:
        """Yield what outsourcing and insourcing since the base year move between the scopes."""
        for cause, key, day in moves(self.rows, self.base, self.current):
            row = today.query(
                "SELECT sum(e.co2e_mg)::VARCHAR AS mg FROM reported e JOIN legs l USING (leg) "
                "JOIN contexts c ON c.context = e.context "
                "WHERE e.scope2_method IN ('', 'location') "
                "AND l.boundary NOT IN ('upstream', 'losses') AND c.site = $1 "
                "AND c.source_type = $2 AND c.item = $3 AND c.technology = $4",
                [key["site"], key["source_type"], key["item"], key["technology"]],
            ).to_pylist()[0]
            mass = int(row["mg"] or 0)
            subject = cause, key["site"], key["source_type"], key["item"], day
            yield subject, 0, -mass if cause == "outsourcing" else mass

    def _asked(self) -> Iterator[Finding]:
        if self.scopes != "1+2":
            return
        for cause, key, day in moves(self.rows, self.base, self.current):
            yield Finding(
                "base-year-relation",
                "question",
                fields={**key, "what": cause, "day": day.isoformat(), "year": str(self.years[0])},
            )


def _reason(changes: list[Change], moved: int, stated: int, threshold: float) -> str:
    if not changes:
        return "no change since the base year was last stated"
    told = [
        f"{c.cause} {c.what}" + (f" ({c.day})" if c.day else "") + f": {c.mg / 1e9:+.6g} t"
        for c in changes[:10]
    ]
    more = f"; and {len(changes) - 10} more" if len(changes) > 10 else ""
    share = f"{100 * moved / abs(stated):.4g} %" if stated else "no emissions"
    return f"{'; '.join(told)}{more}. Accumulated {share}, threshold {threshold:g} %"
