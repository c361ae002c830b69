"""The base-year policy: when the base year is restated, and its restatement.

GHG Protocol Corporate Standard (2004), chapter 5: base-year emissions are recalculated for
structural changes, for changes of methods and factors and for errors whose cumulative effect is
significant; never for organic growth or decline, and of what joins only for what existed in the
base year. Outsourcing and insourcing change nothing while scope 3 is reported.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from linyin.inventory.baseyear_changes import Assessing, BaseYearAssessment, Change, Scopes
from linyin.inventory.baseyear_deals import as_if_in
from linyin.inventory.baseyear_rows import FolderRows, Rows
from linyin.inventory.calculate import RUNS, calculate
from linyin.inventory.diff import diff
from linyin.inventory.folder import Folder, read_folder
from linyin.inventory.inventory import Inventory, Scope2Method
from linyin.inventory.jobs import Request
from linyin.lake import BadInput, Finding

__all__ = [
    "BaseYearAssessment",
    "Change",
    "assess",
    "restate",
    "stated_base_year",
    "under_structure_of",
]


def assess(
    folder: Folder | Path | str,
    base_year: int,
    current_year: int,
    *,
    entity: str = "",
    stated: Inventory | None = None,
    scopes: Scopes = "1+2+3",
    scope2_method: Scope2Method = "location",
    rows: Rows | None = None,
) -> BaseYearAssessment:
    """Work out how far the base year has moved since it was last stated.

    The base year is calculated again from today's rows, factors and methods under the structure
    of the current year, and compared with the base year as stated, by cause.

    Parameters
    ----------
    folder : Folder or path
    base_year, current_year : int
    entity : str
        Reporter; default: the folder's.
    stated : Inventory, optional
        The base year as it was last published or restated; default:
        :func:`stated_base_year`; where there is none, the base year as the folder gives it under
        its own structure, so that structure alone is assessed.
    scopes : str
        `1+2+3`, or `1+2` where no scope 3 is reported; outsourcing counts only then.
    scope2_method : str
    rows : Rows, optional
        Where the rows of activities stand; default: in the folder's files.

    Returns
    -------
    BaseYearAssessment

    Raises
    ------
    linyin.lake.BadInput
        If the current year lies before the base year; as
        :func:`linyin.inventory.calculate_folder`.

    References
    ----------
    .. [1] WRI/WBCSD (2004), GHG Protocol Corporate Standard, revised edition, ch. 5.
    .. [2] WRI/WBCSD (2005), appendix E to it: all-year and pro-rata recalculation.

    """
    source = folder if isinstance(folder, Folder) else read_folder(folder)
    if current_year < base_year:
        years = {"year": str(current_year), "base_year": str(base_year)}
        raise BadInput([Finding("base-year-later", "error", fields=years)])
    source.require()
    stand = rows or FolderRows(source)
    work_in = source.path / ".linyin"
    work_in.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="assess-", dir=work_in) as name:
        work = Path(name)
        last = stated or stated_base_year(source, base_year, entity=entity)
        if last is None:
            request = Request((base_year,), entities=(entity,) if entity else ())
            last = stand.calculate(source, request, work / "stated")
        asked = Request(
            (base_year,), entities=(last.run["entity"],), reason="assessment",
            restates=last.manifest.content,
        )  # fmt: skip
        today = stand.calculate(*under_structure_of(source, asked, current_year), work / "today")
        result = diff(last, today, scope2_method=scope2_method)
        assessing = Assessing(source, stand, last, result, base_year, current_year, scopes)
        return assessing.run(last, today, scope2_method)


def restate(
    folder: Folder | Path | str,
    base_year: int,
    current_year: int,
    *,
    reason: str = "",
    entity: str = "",
    stated: Inventory | None = None,
    out: Path | None = None,
) -> Inventory:
    """Calculate the base year again under the structure of the current year: a new run.

    Parameters
    ----------
    folder : Folder or path
    base_year, current_year : int
        Also the year of a deal itself can be restated: both years are then the same.
    reason : str
        Why; default: what :func:`assess` found.
    entity : str
    stated : Inventory, optional
        The run that is restated; default: :func:`stated_base_year`.
    out : Path, optional
        The bundle; default: a new one in `.linyin/runs` of the folder.

    Returns
    -------
    Inventory
        Its `run.json` states the reason, the structure's day and the run that it restates.

    Raises
    ------
    linyin.lake.BadInput
        As :func:`linyin.inventory.calculate_folder`.

    """
    source = folder if isinstance(folder, Folder) else read_folder(folder)
    source.require()
    last = stated or stated_base_year(source, base_year, entity=entity)
    if not reason:
        reason = assess(source, base_year, current_year, entity=entity, stated=last).reason
    reporter = entity or (last.run["entity"] if last else "")
    asked = Request(
        (base_year,), entities=(reporter,) if reporter else (), reason=reason,
        restates=last.manifest.content if last else "",
    )  # fmt: skip
    end = source.config.calendar.year(current_year).end - timedelta(days=1)
    name = f"{base_year}-{entity or source.config.reporter or 'group'}-restated-to-{end}"
    place = out or _free(source.path / RUNS / name)
    return calculate(*under_structure_of(source, asked, current_year), out=place)[0]


def under_structure_of(folder: Folder, request: Request, year: int) -> tuple[Folder, Request]:
    """Ask for the run of an earlier year as if the organization had been as in a later one.

    Parameters
    ----------
    folder : Folder
    request : Request
        Of one year.
    year : int
        Whose structure holds; by the folder's policy with deals of the whole year, or pro rata.

    Returns
    -------
    tuple
        The folder and the request to calculate.

    """
    calendar = folder.config.calendar
    if folder.config.base_year.mid_year == "whole-year":
        end = calendar.year(year).end
        return folder, replace(request, restated_to=end - timedelta(days=1))
    return as_if_in(folder, calendar.year(year), calendar.year(request.years[0])), request


def stated_base_year(folder: Folder, base_year: int, *, entity: str = "") -> Inventory | None:
    """Return the base year as last published in the folder's own runs, None if it never was."""
    wanted = entity or folder.config.reporter
    found = [
        inventory
        for bundle in sorted((folder.path / RUNS).glob("*/published.json"))
        if (inventory := Inventory(bundle.parent)).run["year"] == base_year
        and (not wanted or inventory.run["entity"] == wanted)
        and inventory.run["approach"] == folder.config.approach
    ]
    return max(found, key=lambda i: (i.run["published"], i.run["created"]), default=None)


def _free(place: Path) -> Path:
    number, free = 1, place
    while free.exists():
        number += 1
        free = place.with_name(f"{place.name}-{number}")
    return free
