"""The base-year policy: when the base year is restated, and its restatement.

GHG Protocol Corporate Standard (2004), chapter 5: base-year emissions are recalculated for
structural changes, for changes of methods and factors and for errors whose cumulative effect is
significant; never for organic growth or decline, and of what joins only for what existed in the
base year. Outsourcing and insourcing change nothing while scope 3 is reported.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from linyin.inventory.baseyear_changes import Assessing, BaseYearAssessment, Change, Scopes
from linyin.inventory.baseyear_deals import as_if_in
from linyin.inventory.calculate import RUNS, calculate
from linyin.inventory.diff import diff
from linyin.inventory.folder import Folder, read_folder
from linyin.inventory.inventory import Inventory, Scope2Method
from linyin.inventory.jobs import Request
from linyin.lake import BadInput, Finding

__all__ = ["BaseYearAssessment", "Change", "assess", "restate", "stated_base_year"]


def assess(
    folder: Folder | Path | str,
    base_year: int,
    current_year: int,
    *,
    entity: str = "",
    stated: Inventory | None = None,
    scopes: Scopes = "1+2+3",
    scope2_method: Scope2Method = "location",
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
    work_in = source.path / ".linyin"
    work_in.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="assess-", dir=work_in) as name:
        work = Path(name)
        last = stated or stated_base_year(source, base_year, entity=entity)
        if last is None:
            request = Request((base_year,), entities=(entity,) if entity else ())
            last = calculate(source, request, out=work / "stated")[0]
        today = _calculated(source, last, base_year, current_year, "assessment", work / "today")
        result = diff(last, today, scope2_method=scope2_method)
        assessing = Assessing(source, last, result, base_year, current_year, scopes)
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
    end = source.config.calendar.year(current_year).end - timedelta(days=1)
    name = f"{base_year}-{entity or source.config.reporter or 'group'}-restated-to-{end}"
    place = out or _free(source.path / RUNS / name)
    return _calculated(source, last, base_year, current_year, reason, place, entity=entity)


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


def _calculated(
    folder: Folder,
    last: Inventory | None,
    base_year: int,
    current_year: int,
    reason: str,
    out: Path,
    *,
    entity: str = "",
) -> Inventory:
    """Calculate the base year under the current year's structure, whole-year or pro rata."""
    calendar = folder.config.calendar
    base, current = calendar.year(base_year), calendar.year(current_year)
    reporter = entity or (last.run["entity"] if last else "")
    whole = folder.config.base_year.mid_year == "whole-year"
    request = Request(
        (base_year,),
        entities=(reporter,) if reporter else (),
        restated_to=current.end - timedelta(days=1) if whole else None,
        reason=reason,
        restates=last.manifest.content if last else "",
    )
    source = folder if whole else as_if_in(folder, current, base)
    return calculate(source, request, out=out)[0]
