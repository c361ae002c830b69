"""The figures of a node and a year: from its own run, or as its part of a run above it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from linyin.inventory import INVENTORY_LINES
from linyin.inventory.web.models import RunRecord
from linyin.platform.grants import visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from linyin.platform.actor import Actor
    from linyin.platform.tree import Tree

__all__ = [
    "BEST", "Figures", "best_beside", "best_run", "figures_in", "figures_of", "highest_of",
    "most_settled", "part_seen", "published_beside", "settled_before", "years_of",
]  # fmt: skip

BEST: Final = ("published", "approved", "locked", "draft")


@dataclass(frozen=True)
class Figures:
    """What a node emitted in a year.

    Attributes
    ----------
    run
        Where the figures come from.
    node
        The node.
    sites
        Codes whose entries count; None = all of the run.
    method
        Scope-2 method.

    """

    run: RunRecord
    node: str
    sites: Collection[str] | None
    method: str

    @cached_property
    def lines(self) -> dict[str, int]:
        """Reported emissions by line. [mg CO2e]"""
        return self._summed("cells")

    @cached_property
    def by_node(self) -> dict[str, int]:
        """Reported emissions by node of the entries. [mg CO2e]"""
        return {code: sum(int(mg) for mg in lines.values()) for code, lines in self._cells("cells")}

    @property
    def total(self) -> int:
        """Reported emissions of all scopes. [mg CO2e]"""
        return sum(self.lines.values())

    def scope(self, scope: int) -> int:
        """Return the reported emissions of a scope. [mg CO2e]"""
        return sum(mg for line, mg in self.lines.items() if line.startswith(f"{scope}."))

    @property
    def estimated_share(self) -> float:
        """Share of the emissions that rests on estimates or defaults. [-]"""
        soft = sum(abs(mg) for mg in self._summed("soft").values())
        return soft / self.total if self.total else 0.0

    @property
    def is_part(self) -> bool:
        """Whether it is a part of a run of somebody above."""
        return self.sites is not None

    @property
    def intensity(self) -> tuple[float, str] | None:
        """Emissions over revenue and its currency; of whole runs only. [t CO2e per million]"""
        revenue = self.run.totals.get("revenue")
        if self.is_part or not revenue or not revenue[0]:
            return None
        return self.total / 1e9 / (revenue[0] / 1e6), revenue[1]

    def _summed(self, kind: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for _, lines in self._cells(kind):
            for line, mg in lines.items():
                found[line] = found.get(line, 0) + int(mg)
        return {line: found[line] for line in INVENTORY_LINES if line in found}

    def _cells(self, kind: str) -> list[tuple[str, Mapping[str, str]]]:
        cells: Mapping[str, Mapping[str, str]] = self.run.totals[kind][self.method]
        sites = self.sites
        return [(c, lines) for c, lines in cells.items() if sites is None or c in sites]


def best_run(runs: QuerySet[RunRecord]) -> RunRecord | None:
    """Return the run that stands for a year: the most settled, of those the newest."""
    found = list(runs.filter(state__in=BEST).order_by("-made_at"))
    return most_settled(found) if found else None


def most_settled(runs: Sequence[RunRecord]) -> RunRecord:
    """Return the most settled of runs that begin with the newest."""
    return min(runs, key=lambda run: BEST.index(run.state) if run.state in BEST else len(BEST))


def _alike(run: RunRecord) -> QuerySet[RunRecord]:
    """Return the runs of a run's node, whatever the year, by the same approach and standard."""
    return RunRecord.objects.filter(
        node=run.node, approach=run.approach, gwp=run.gwp, standard=run.standard
    )


def published_beside(run: RunRecord) -> RunRecord | None:
    """Return a published run that says something else of the same, and that a run restates not."""
    others = _alike(run).filter(year=run.year, state="published")
    return others.exclude(pk__in=[run.pk, run.restates_id or run.pk]).first()


def settled_before(run: RunRecord) -> RunRecord | None:
    """Return the newest like run of the node that went through all levels, but this one."""
    settled = _alike(run).filter(state__in=("approved", "published", "superseded"))
    earlier = settled.filter(year__lte=run.year).exclude(pk=run.pk)
    return earlier.order_by("-year", "-made_at").first()


def best_beside(run: RunRecord) -> tuple[RunRecord | None, RunRecord | None]:
    """Return the runs that stand for the nearest years before and after a run's."""
    others = RunRecord.objects.filter(node=run.node).exclude(state="superseded")
    before, after = others.filter(year__lt=run.year), others.filter(year__gt=run.year)
    last = before.order_by("-year").values_list("year", flat=True)[:1]
    following = after.order_by("year").values_list("year", flat=True)[:1]
    return best_run(before.filter(year__in=list(last))), best_run(
        after.filter(year__in=list(following))
    )


def part_seen(actor: Actor, run: RunRecord, asked: str) -> str | None:
    """Return the node whose part of a run an actor sees: '' = all of it, None = nothing.

    Whoever reaches a node below the run's own sees its part: its figures and its entries. That is
    the asked node's, where it is seen; else as much as is.
    """
    below = actor.tree.subtree(run.node.code) - {run.node.code}
    if visible_to(actor, RunRecord, "inventory.view").filter(pk=run.pk).exists():
        return asked if asked in below else ""
    if run.state == "superseded":
        return None
    reached = actor.nodes("inventory.view") & below
    return (asked if asked in reached else highest_of(actor, reached)) or None


def highest_of(actor: Actor, codes: Collection[str]) -> str:
    """Return the node of some that stands highest today, '' if none is there."""
    below = actor.tree.below
    waiting = list(below.get("", ()))
    while waiting:
        code = waiting.pop(0)
        if code in codes:
            return code
        waiting.extend(below.get(code, ()))
    return ""


def figures_in(actor: Actor, run: RunRecord, node: str, method: str = "location") -> Figures:
    """Return the figures of a run, or of the part of it that a node below its own is."""
    is_part = node not in ("", run.node.code)
    sites = frozenset(actor.tree.subtree(node)) if is_part else None
    return Figures(run, node or run.node.code, sites, method)


def figures_of(actor: Actor, node: str, year: int, method: str = "location") -> Figures | None:
    """Return the figures of a node that the actor reaches, None if nobody has calculated them.

    A node without a run of its own gets its part of the run of the nearest node above it.
    """
    if not actor.may("inventory.view", node):
        return None
    runs = RunRecord.objects.filter(year=year).exclude(state="superseded")
    own = best_run(runs.filter(node__code=node))
    if own is not None:
        return Figures(own, node, None, method)
    for above in reversed(actor.tree.path_to(node)[:-1]):
        run = best_run(runs.filter(node__code=above))
        if run is not None:
            return Figures(run, node, frozenset(actor.tree.subtree(node)), method)
    return None


def years_of(node: str, tree: Tree) -> list[int]:
    """Return the years of which a node, or one above it, has a run."""
    found = RunRecord.objects.filter(node__code__in=tree.path_to(node)).exclude(state="superseded")
    return sorted(set(found.values_list("year", flat=True)))
