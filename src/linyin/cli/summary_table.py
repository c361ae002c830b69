"""The table of a group of runs, with as many columns as the terminal has room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linyin.cli.numbers import MassUnit, mass_unit, percent, plain, signed_percent
from linyin.cli.summary import METHODS, Group, Summary
from linyin.cli.words import words

if TYPE_CHECKING:
    from rich.table import Table

    from linyin.cli.session import Session
    from linyin.inventory import Scope2Method

__all__ = ["Layout", "fitting", "layouts", "line_name", "table_of"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a table has.

    Attributes
    ----------
    runs
        One column each; the last is that of the shares and changes.
    share, change, estimated
        Whether the table has the column.
    short
        Whether lines have their short names.

    """

    runs: tuple[Summary, ...]
    share: bool
    change: bool
    estimated: bool
    short: bool = False

    def left_out(self, group: Group, session: Session) -> list[str]:
        """Return the titles of the columns that a group could have and this layout has not."""
        full = _full(group)
        left = [str(run.year) for run in full.runs if run not in self.runs]
        left += [session.say("table.share")] if full.share > self.share else []
        left += [_change_title(group, session)] if full.change > self.change else []
        left += [session.say("table.estimated")] if full.estimated > self.estimated else []
        return left


def _full(group: Group) -> Layout:
    estimated = any(run.estimated(m) for run in group.runs for m in METHODS)
    return Layout(group.runs, share=True, change=group.base is not None, estimated=estimated)


def layouts(group: Group) -> Iterator[Layout]:
    """Yield what a table can look like, the fullest first.

    Short names come before the loss of a column. Columns go in this order: what is estimated,
    the shares, the middle years (the latest of them last), the change, the first year.
    """
    layout = _full(group)
    every = [layout]
    if layout.estimated:
        every.append(replace(every[-1], estimated=False))
    every.append(replace(every[-1], share=False))
    middle = len(group.runs) - 2
    for gone in range(1, middle + 1):
        years = (group.runs[0], *group.runs[1 + gone :])
        every.append(replace(every[-1], runs=years))
    if layout.change:
        every.append(replace(every[-1], change=False))
    if len(group.runs) > 1:
        every.append(replace(every[-1], runs=group.runs[-1:]))
    for layout in every:
        yield layout
        yield replace(layout, short=True)


def fitting(group: Group, session: Session, width: int) -> tuple[Table, Layout]:
    """Return the fullest table that is no wider than `width` cells; else the narrowest."""
    from rich.measure import Measurement

    console = session.out
    options = console.options.update(max_width=10_000)
    for layout in layouts(group):
        table = table_of(group, layout, session)
        if Measurement.get(console, options, table).maximum <= width:
            break
    return table, layout


def table_of(group: Group, layout: Layout, session: Session) -> Table:
    """Return the table of a group in a layout; no cell of it is ever cut or wrapped."""
    unit = mass_unit(run.total(method) for run in group.runs for method in METHODS)
    columns = _Columns(group, layout, unit, session)
    table = columns.table()
    for scope in "123":
        for method in METHODS if scope == "2" else METHODS[:1]:
            _scope_rows(table, columns, scope, method)
    table.add_section()
    _filed_rows(table, columns)
    for method in METHODS:
        base = group.base.total(method) if group.base else 0
        masses = [run.total(method) for run in layout.runs]
        share = 1.0 if masses[-1] else None
        cells = columns.masses(masses, base, share, group.last.estimated(method))
        table.add_row("", columns.word(f"total.{method}"), *cells, style="bold")
        _interval_row(table, columns, method)
    if any(run.intensity for run in layout.runs):
        _intensity_row(table, columns)
    return table


def line_name(code: str, session: Session) -> str:
    """Return the name of an inventory line."""
    from linyin.inventory import ReportVocabulary

    return ReportVocabulary(session.lang).known("line", code)


def _change_title(group: Group, session: Session) -> str:
    return session.say("table.change", year=group.base.year if group.base else "")


class _Columns:
    """The columns of a layout, and their cells."""

    def __init__(self, group: Group, layout: Layout, unit: MassUnit, session: Session) -> None:
        self.group, self.layout, self.unit, self.session = group, layout, unit, session

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
        table.add_column(say("table.line", unit=self.unit.name), no_wrap=True)
        titles = [str(run.year) for run in self.layout.runs]
        shown = self.beside(
            say("table.share"), _change_title(self.group, self.session), say("table.estimated")
        )
        for title in (*titles, *shown):
            table.add_column(title, justify="right", no_wrap=True)
        return table

    def word(self, key: str, **fields: object) -> str:
        """Return a name, the short one if the layout asks for it and there is one."""
        short = f"{key}.narrow"
        chosen = short if self.layout.short and short in words() else key
        return self.session.say(chosen, **fields)

    def name(self, code: str) -> str:
        """Return the name of a line."""
        if self.layout.short and f"line.{code}.narrow" in words():
            return self.session.say(f"line.{code}.narrow")
        return line_name(code, self.session)

    def masses(
        self,
        masses: Sequence[int | None],
        base: int,
        share: float | None,
        estimated: float | None,
    ) -> list[str]:
        """Return the cells of a row of masses."""
        last = masses[-1]
        cells = ["" if mg is None else self.unit.show(mg) for mg in masses]
        return cells + self.beside(
            "" if share is None else percent(share),
            signed_percent(last / base - 1) if base and last is not None else "",
            "" if not estimated else percent(estimated),
        )

    def beside(self, share: str, change: str, estimated: str) -> list[str]:
        """Return those of the cells beside the years that the layout has."""
        layout = self.layout
        kept = ((share, layout.share), (change, layout.change), (estimated, layout.estimated))
        return [cell for cell, is_kept in kept if is_kept]


def _interval_row(table: Table, columns: _Columns, method: Scope2Method) -> None:
    """Add the 95 % interval below a total: approach 2 where approach 1 is not good enough."""
    found = [run.intervals.get(method) for run in columns.layout.runs]
    if not any(found):
        return
    cells = ["" if interval is None else f"± {percent(interval.half_width)}" for interval in found]
    trend = columns.group.trends.get(method)
    points = "" if trend is None else f"±{trend * 100:.1f} pp"
    cells += columns.beside("", points, "")
    table.add_row("", columns.word("table.uncertainty"), *cells, style="dim")


def _scope_rows(table: Table, columns: _Columns, scope: str, method: Scope2Method) -> None:
    from linyin.inventory import INVENTORY_LINES

    group, runs = columns.group, columns.layout.runs
    base = group.base
    every = (*group.runs, base) if base else group.runs
    present = {line.line for run in every for line in run.of_scope(scope, method)}
    if not present:
        return
    masses = [run.scope(scope, method) for run in runs]
    total = group.last.total(method)
    cells = columns.masses(
        masses,
        base.scope(scope, method) if base else 0,
        masses[-1] / total if total else None,
        None,
    )
    title = columns.word(f"scope.{scope}{'.' + method if scope == '2' else ''}")
    table.add_row("", title, *cells, style="bold cyan")
    for code in (line for line in INVENTORY_LINES if line in present):
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
        table.add_row(code, columns.name(code), *cells)


def _filed_rows(table: Table, columns: _Columns) -> None:
    """Add what is filed under a standard that has no scope 3."""
    group, runs = columns.group, columns.layout.runs
    for method in METHODS:
        masses = [mg for run in runs if (mg := run.filed(method)) is not None]
        if masses:
            base = group.base.filed(method) or 0 if group.base else 0
            total = group.last.total(method)
            cells = columns.masses(masses, base, masses[-1] / total if total else None, None)
            table.add_row("", columns.word(f"filed.{method}"), *cells, style="bold")


def _intensity_row(table: Table, columns: _Columns) -> None:
    found = [run.intensity for run in columns.layout.runs]
    currency = next(i.currency for i in found if i)
    cells = ["" if i is None else plain(i.value, 4) for i in found]
    last, first = found[-1], columns.group.base.intensity if columns.group.base else None
    same = last and first and last.currency == first.currency
    change = signed_percent(last.value / first.value - 1) if last and first and same else ""
    cells += columns.beside("", change, "")
    title = columns.word("table.intensity", currency=currency)
    table.add_row("", title, *cells, style="green")
