"""What `calculate` and `demo` print: the table, what stands beside it, findings, what is next."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from linyin.cli.findings import counted, grouped_lines, indented
from linyin.cli.numbers import mass_unit, percent
from linyin.cli.paths import quoted, shown
from linyin.cli.summary import Group, Summary
from linyin.cli.summary_table import fitting

if TYPE_CHECKING:
    from rich.console import RenderableType

    from linyin.cli.session import Session
    from linyin.inventory import Inventory

__all__ = ["entity_name", "group_view"]

_LARGEST: Final = """
    SELECT source, external_id FROM reported
    ORDER BY co2e_mg DESC, source, external_id LIMIT 1
"""


def entity_name(inventory: Inventory, session: Session) -> str:
    """Return the name of a run's reporter in the language of the answer."""
    run = inventory.run
    names = (run["name_zh"], run["name_en"]) if session.lang == "zh" else (run["name_en"],)
    return str(next(name for name in names if name))


def group_view(group: Group, session: Session) -> Iterable[RenderableType]:
    """Yield the heading, the table, the findings and what to do next."""
    from rich.text import Text

    from linyin.inventory import GAP_CHECKS

    run = group.last.inventory.run
    say = session.say
    about = say(
        "calculate.about",
        approach=say(f"approach.{run['approach']}"),
        gwp=run["gwp"],
        standard=run["standard"],
    )
    yield Text.assemble((entity_name(group.last.inventory, session), "bold"), "  ", (about, "dim"))
    yield from _dates(group, session)
    yield Text("")
    table, layout = fitting(group, session, session.out.width)
    yield table
    if layout.estimated:
        yield Text(say("table.legend", year=group.last.year), style="dim")
    left_out = layout.left_out(group, session)
    if left_out:
        yield Text(say("table.left_out", columns=say("comma").join(left_out)), style="dim")
    if gaps := sum(1 for finding in group.last.findings if finding.code in GAP_CHECKS):
        yield Text(say("table.gaps", year=group.last.year, count=gaps), style="yellow")
    yield from _simulated(group, session)
    yield from _beside(group, session)
    yield Text("")
    findings = group.last.findings
    title = say("calculate.findings", year=group.last.year, counted=counted(findings, session))
    yield Text(title, style="bold")
    yield from indented(grouped_lines(findings, session, kinds=6), session)
    yield Text("")
    yield from _next(group, session)


def _dates(group: Group, session: Session) -> Iterable[RenderableType]:
    """Say which days the years have, where they are not those of the calendar."""
    from datetime import date

    from rich.text import Text

    from linyin.organization import Period

    runs = [(run.year, run.inventory.run) for run in group.runs]
    periods = {
        year: Period(date.fromisoformat(run["begin"]), date.fromisoformat(run["end"]))
        for year, run in runs
    }
    if all(period == Period.year(year) for year, period in periods.items()):
        return
    told = (f"{year}: {period.begin} – {period.last}" for year, period in periods.items())
    listed = session.say("comma").join(told)
    yield Text(session.say("calculate.dates", years=listed, year=group.last.year), style="dim")


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


def _folder_option(inventory: Inventory) -> str:
    """Return the option by which a report weighs the events since the base year, if it can."""
    runs = inventory.path.absolute().parent
    has_folder = (runs.name, runs.parent.name) == ("runs", ".linyin")
    if inventory.run["base_year"] is None or not has_folder:
        return ""
    return f" --folder {quoted(runs.parents[1])}"


def _next(group: Group, session: Session) -> Iterable[RenderableType]:
    """Name the bundles, and the commands that a reader may copy."""
    from rich.text import Text

    for run in group.runs:
        path = shown(run.inventory.path)
        yield Text(session.say("calculate.bundle", year=run.year, path=path), no_wrap=True)
    last = group.last.inventory
    fields = {"path": quoted(last.path), "entry": shlex.quote(_largest(last))}
    fields["folder"] = _folder_option(last)
    names = ["report", "trace", "sample", "replay"]
    base = group.base
    if base is not None and base.inventory is not last:
        fields["base"] = quoted(base.inventory.path)
        names.insert(2, "diff")
    yield Text("")
    yield Text(session.say("calculate.next"), style="bold")
    for name in names:
        about = session.say(f"next.{name}.about")
        yield Text.assemble("  ", (f"# {about}", "dim"))
        line = ("  ", (session.say(f"next.{name}", **fields), "cyan"))
        yield Text.assemble(*line, no_wrap=True)


def _largest(inventory: Inventory) -> str:
    rows = inventory.query(_LARGEST).to_pylist()
    return f"{rows[0]['source']}/{rows[0]['external_id']}" if rows else "SOURCE/ID"
