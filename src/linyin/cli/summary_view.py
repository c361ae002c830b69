"""The table that `calculate` and `demo` print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from linyin.cli.findings import counted, grouped_lines
from linyin.cli.numbers import MassUnit, mass_unit, percent, plain, signed_percent
from linyin.cli.summary import METHODS, Group, Summary

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from linyin.cli.session import Session
    from linyin.inventory.inventory import Scope2Method

__all__ = ["group_view"]

_NAME = "name_zh", "name_en"


class _Columns:
    """Which columns the table of a group has, and their cells."""

    def __init__(self, group: Group, unit: MassUnit, session: Session) -> None:
        self.group, self.unit, self.session = group, unit, session
        self.with_estimates = any(run.estimated(m) for run in group.runs for m in METHODS)

    def table(self) -> Table:
        from rich import box
        from rich.table import Table

        say = self.session.say
        table = Table(
            box=box.SIMPLE_HEAD,
            show_edge=False,
            pad_edge=False,
            collapse_padding=True,
            header_style="bold",
        )
        table.add_column("", no_wrap=True, min_width=4)
        title = say("table.line", unit=self.unit.name)
        table.add_column(title, no_wrap=True, overflow="ellipsis")
        for run in self.group.runs:
            table.add_column(str(run.year), justify="right", no_wrap=True)
        table.add_column(say("table.share"), justify="right", no_wrap=True)
        if self.group.base:
            title = say("table.change", year=self.group.base.year)
            table.add_column(title, justify="right", no_wrap=True)
        if self.with_estimates:
            table.add_column(say("table.estimated"), justify="right", no_wrap=True)
        return table

    def masses(
        self,
        masses: Sequence[int | None],
        base: int,
        share: float | None,
        estimated: float | None,
    ) -> list[str]:
        cells = ["" if mg is None else self.unit.show(mg) for mg in masses]
        cells.append("" if share is None else percent(share))
        if self.group.base:
            last = masses[-1]
            cells.append(signed_percent(last / base - 1) if base and last is not None else "")
        if self.with_estimates:
            cells.append("" if not estimated else percent(estimated))
        return cells


def group_view(group: Group, session: Session) -> Iterable[RenderableType]:
    """Yield the heading, the table, the findings and what to do next."""
    from rich.padding import Padding
    from rich.text import Text

    run = group.last.inventory.run
    names = (run["name_zh"], run["name_en"]) if session.lang == "zh" else (run["name_en"],)
    say = session.say
    about = say(
        "calculate.about",
        approach=say(f"approach.{run['approach']}"),
        gwp=run["gwp"],
        standard=run["standard"],
    )
    yield Text.assemble((str(next(n for n in names if n)), "bold"), "  ", (about, "dim"))
    yield Text("")
    yield _table(group, session)
    yield from _simulated(group, session)
    yield from _beside(group, session)
    yield Text("")
    findings = group.last.findings
    title = say("calculate.findings", year=group.last.year, counted=counted(findings, session))
    yield Text(title, style="bold")
    for line in grouped_lines(findings, session):
        yield Padding(line, (0, 0, 0, 2))
    yield Text("")
    yield from _next(group, session)


def _table(group: Group, session: Session) -> Table:
    unit = mass_unit(run.total(method) for run in group.runs for method in METHODS)
    columns = _Columns(group, unit, session)
    table = columns.table()
    for scope in "123":
        for method in METHODS if scope == "2" else METHODS[:1]:
            _scope_rows(table, columns, scope, method)
    table.add_section()
    for method in METHODS:
        masses = [run.total(method) for run in group.runs]
        base = group.base.total(method) if group.base else 0
        cells = columns.masses(
            masses, base, 1.0 if masses[-1] else None, group.last.estimated(method)
        )
        table.add_row("", session.say(f"total.{method}"), *cells, style="bold")
        _interval_row(table, columns, method)
    if any(run.intensity for run in group.runs):
        _intensity_row(table, columns)
    return table


def _interval_row(table: Table, columns: _Columns, method: Scope2Method) -> None:
    """Add the 95 % interval below a total: approach 2 where approach 1 is not good enough."""
    group, say = columns.group, columns.session.say
    found = [run.intervals.get(method) for run in group.runs]
    if not any(found):
        return
    cells = ["" if interval is None else f"± {percent(interval.half_width)}" for interval in found]
    trend = group.trends.get(method)
    blank = [""] * columns.with_estimates
    change = [] if group.base is None else ["" if trend is None else f"±{trend * 100:.1f} pp"]
    table.add_row("", say("table.uncertainty"), *cells, "", *change, *blank, style="dim")


def _scope_rows(table: Table, columns: _Columns, scope: str, method: Scope2Method) -> None:
    from linyin.inventory.inventory import LINES

    group, session = columns.group, columns.session
    runs, base = group.runs, group.base
    every = (*runs, base) if base else runs
    present = {line.line for run in every for line in run.of_scope(scope, method)}
    if not present:
        return
    masses = [run.scope(scope, method) for run in runs]
    total = group.last.total(method)
    title = session.say(f"scope.{scope}{'.' + method if scope == '2' else ''}")
    cells = columns.masses(
        masses,
        base.scope(scope, method) if base else 0,
        masses[-1] / total if total else None,
        None,
    )
    table.add_row("", title, *cells, style="bold cyan")
    for code in (line for line in LINES if line in present):
        key = (code, method if scope == "2" else "")
        found = [run.lines.get(key) for run in runs]
        before = base.lines.get(key) if base else None
        last = found[-1]
        cells = columns.masses(
            [line.mg if line else None for line in found],
            before.mg if before else 0,
            last.mg / total if last and total else None,
            last.estimated if last else None,
        )
        table.add_row(code, line_name(code, session), *cells)


def _intensity_row(table: Table, columns: _Columns) -> None:
    group, session = columns.group, columns.session
    found = [run.intensity for run in group.runs]
    currency = next(i.currency for i in found if i)
    cells = ["" if i is None else plain(i.value, 4) for i in found]
    cells.append("")
    if group.base:
        last, first = found[-1], group.base.intensity
        same = last and first and last.currency == first.currency
        cells.append(
            signed_percent(last.value / first.value - 1) if last and first and same else ""
        )
    table.add_row("", session.say("table.intensity", currency=currency), *cells, style="green")


def line_name(code: str, session: Session) -> str:
    """Return the name of an inventory line."""
    from linyin.inventory.report.texts import Texts

    return Texts(session.lang).known("line", code)


def _simulated(group: Group, session: Session) -> Iterable[RenderableType]:
    """Say what simulation gives where error propagation is too coarse."""
    from rich.text import Text

    last = group.last
    for method, interval in last.intervals.items():
        if interval.low is not None and interval.high is not None:
            words = session.say(
                "table.simulated",
                year=last.year,
                total=session.say(f"total.{method}"),
                low=percent(interval.low),
                high=percent(interval.high),
            )
            yield Text(words, style="dim")


def _beside(group: Group, session: Session) -> Iterable[RenderableType]:
    """Say what stands beside the totals: biogenic CO2, removals, what is outside the scopes."""
    from rich.text import Text

    last: Summary = group.last
    unit = mass_unit(abs(mg) for mg in last.beside.values())
    for name, mg in last.beside.items():
        if mg:
            text = session.say(f"beside.{name}", mass=f"{unit.show(mg)} {unit.name}")
            yield Text(text, style="dim")


def _next(group: Group, session: Session) -> Iterable[RenderableType]:
    from rich.text import Text

    for run in group.runs:
        path = str(_short(run.inventory.path))
        yield Text(session.say("calculate.bundle", year=run.year, path=path), overflow="fold")
    last = str(_short(group.last.inventory.path))
    yield Text(session.say("calculate.next"), style="dim")
    for name in ("trace", "report", "replay"):
        yield Text("  " + session.say(f"next.{name}", path=last), style="dim", overflow="fold")


def _short(path: Path) -> Path:
    here = Path.cwd()
    absolute = path.resolve()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else path
