"""`linyin base-year`: whether the base year must be restated, and its restatement."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from linyin.cli.command import Answer, argument, command, option

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from linyin.cli.session import Session
    from linyin.inventory import BaseYearAssessment, Folder, Inventory

__all__ = ["base_year"]


@command("base-year")
@argument("folder", type=click.Path(path_type=Path))
@option("--year", type=int, required=True, help="option.current_year")
@option("--base-year", "stated_year", type=int, help="option.base_year")
@option("--entity", default="", help="option.one_entity")
@option("--scopes", type=click.Choice(["1+2", "1+2+3"]), default="1+2+3", show_default=True,
        help="option.scopes")  # fmt: skip
@option("--restate", "is_asked", is_flag=True, help="option.restate")
@option("--reason", default="", help="option.reason")
@option("--out", type=click.Path(path_type=Path), help="option.restate_out")
def base_year(
    session: Session,
    folder: Path,
    year: int,
    stated_year: int | None,
    entity: str,
    scopes: str,
    is_asked: bool,
    reason: str,
    out: Path | None,
) -> Answer:
    """Assess the base year, and restate it if that is asked for."""
    names = ("read", "assess", "restate") if is_asked else ("read", "assess")
    with session.steps(names) as progress:
        progress("read")
        from linyin.cli.findings import finding_data
        from linyin.inventory import assess_base_year, read_folder

        read = read_folder(folder)
        base = stated_year or _configured(read)
        _known(read, entity)
        progress("assess")
        chosen = cast("Literal['1+2', '1+2+3']", scopes)
        found = assess_base_year(read, base, year, entity=entity, scopes=chosen)
        restated: list[Inventory] = []
        if is_asked:
            progress("restate")
            restated = _restate(read, found, entity, reason, out)
    data = {"ok": True, **found.to_dict()}
    data["findings"] = [finding_data(finding, session.lang) for finding in found.findings]
    data["restated"] = [_restated_data(run, found) for run in restated]
    return Answer(data, [] if session.as_json else list(_view(found, restated, folder, session)))


def _configured(folder: Folder) -> int:
    from linyin.lake import BadInput, Finding, Where

    configured = folder.config.base_year.year
    if configured is None:
        at = Where("linyin.toml", column="base_year.year")
        raise BadInput([Finding("base-year-unset", "error", at)])
    return configured


def _known(folder: Folder, entity: str) -> None:
    from linyin.lake import BadInput, Finding, Where

    if entity and entity not in folder.organization:
        at = Where("organization.csv")
        raise BadInput([Finding("entity-unknown", "error", at, {"value": entity})])


def _restate(
    folder: Folder, found: BaseYearAssessment, entity: str, reason: str, out: Path | None
) -> list[Inventory]:
    """Restate every year that the policy asks for; below the threshold only for a reason."""
    from linyin.inventory import restate_base_year
    from linyin.lake import BadInput, Finding

    if not found.needs_restatement and not reason:
        fields = {
            "year": str(found.base_year),
            "accumulated": f"{found.accumulated * 100:.4g}",
            "threshold": f"{found.threshold * 100:.4g}",
        }
        raise BadInput([Finding("base-year-below-threshold", "error", fields=fields)])
    years = found.restated_years or (found.base_year,)
    places = {year: out / str(year) if out and len(years) > 1 else out for year in years}
    return [
        restate_base_year(
            folder,
            year,
            found.current_year,
            reason=reason or found.reason,
            entity=entity,
            out=places[year],
        )
        for year in years
    ]


def _restated_data(run: Inventory, found: BaseYearAssessment) -> dict[str, Any]:
    return {
        "year": run.run["year"],
        "run_id": run.run["run_id"],
        "bundle": str(run.path),
        "content": run.manifest.content,
        "reason": run.run["reason"],
        "restates": run.run["restates"],
        "co2e_mg": run.total(found.scope2_method),
    }


def _view(
    found: BaseYearAssessment, restated: list[Inventory], folder: Path, session: Session
) -> Iterator[RenderableType]:
    from rich.text import Text

    from linyin.cli.findings import grouped_lines
    from linyin.cli.numbers import mass_unit, percent
    from linyin.cli.paths import quoted, shown

    say = session.say
    unit = mass_unit((found.stated_mg, found.restated_mg))
    about = say("base_year.about", scopes=found.scopes, total=say(f"trace.{found.scope2_method}"))
    title = say("base_year.title", base=found.base_year, year=found.current_year)
    yield Text.assemble((title, "bold"), "  ", (about, "dim"))
    yield ""
    if found.changes:
        yield _changes(found, session)
        yield ""
    for name, mg in (("stated", found.stated_mg), ("restated", found.restated_mg)):
        mass = f"{unit.show(mg)} {unit.name} CO₂e"
        yield Text(say(f"base_year.{name}", year=found.base_year, mass=mass))
    accumulated, threshold = percent(found.accumulated), percent(found.threshold)
    key = "needed" if found.needs_restatement else "not_needed"
    years = say("comma").join(map(str, found.restated_years))
    verdict = say(
        f"base_year.{key}",
        accumulated=accumulated,
        threshold=threshold,
        years=years or found.base_year,
    )
    yield Text(verdict, style="bold yellow" if found.needs_restatement else "bold green")
    yield from grouped_lines(found.findings, session)
    for run in restated:
        path = shown(run.path)
        words = say("base_year.written", year=run.run["year"], path=path)
        yield Text(words, style="green", no_wrap=True)
        yield Text(say("base_year.reason", reason=run.run["reason"]), style="dim")
    if found.needs_restatement and not restated:
        words = say("base_year.next", path=quoted(folder), year=found.current_year)
        yield Text(words, style="dim", no_wrap=True)


def _changes(found: BaseYearAssessment, session: Session) -> Table:
    from rich import box
    from rich.table import Table

    from linyin.cli.numbers import mass_unit, percent

    say, accumulated = session.say, 0.0
    is_whole = found.scopes == "1+2+3"
    masses = [c.mg if is_whole else c.operational_mg for c in found.changes]
    unit = mass_unit(masses)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    table.add_column(say("base_year.cause"), no_wrap=True)
    table.add_column(say("base_year.what"), overflow="fold")
    table.add_column(say("base_year.day"), no_wrap=True)
    for title in (f"{unit.name} CO₂e", say("table.share"), say("base_year.accumulated")):
        table.add_column(title, justify="right", no_wrap=True)
    for change, mg in zip(found.changes, masses, strict=True):
        accumulated += change.share
        shown = unit.show(mg)
        table.add_row(
            say(f"base_year.cause.{change.cause.replace(' ', '_')}"),
            change.what,
            change.day.isoformat() if change.day else "",
            f"+{shown}" if mg > 0 else shown,
            percent(change.share),
            percent(accumulated),
            style="bold" if accumulated >= found.threshold > accumulated - change.share else "",
        )
    return table
