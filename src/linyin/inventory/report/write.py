"""The face of the report: one call writes any edition."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from linyin.inventory.report.model import Label, Lang, ReportModel, Standing

if TYPE_CHECKING:
    from linyin.inventory.baseyear import BaseYearAssessment
    from linyin.inventory.inventory import Inventory

__all__ = ["FORMATS", "LANGS", "Format", "report_model", "write_report"]

type Format = Literal["pdf", "xlsx", "json"]

FORMATS: Final = ("pdf", "xlsx", "json")
LANGS: Final = ("en", "zh")
MOST_ENTRIES: Final = 100_000
"""Rows of a workbook's sheet of entries."""


def write_report(
    source: Inventory | ReportModel,
    path: Path | str,
    format: Format,  # noqa: A002 - the word that the command line uses
    lang: Lang,
    *,
    earlier: Sequence[Inventory] = (),
    assessment: BaseYearAssessment | None = None,
    verification: Label | None = None,
    standing: Standing | None = None,
) -> Path:
    """Write the report of an inventory.

    Parameters
    ----------
    source : Inventory or ReportModel
    path : Path or str
        The file; it is replaced only once the new one is whole.
    format : {"pdf", "xlsx", "json"}
    lang : {"en", "zh"}
    earlier : sequence of Inventory
        Inventories of other years of the same boundary, the base year among them. Years that are
        not among them are looked for in the folder in which the bundle lies; see
        :func:`~linyin.inventory.report.beside.earlier_beside`. Ignored for a model, which holds
        its years.
    assessment : BaseYearAssessment, optional
        Whether the base year must be restated, of
        :func:`~linyin.inventory.baseyear.assess`. Ignored for a model.
    verification : Label, optional
        What verifiers have stated on the inventory since it was calculated, in both languages;
        it stands in the place of what the reporter stated.
    standing : Standing, optional
        How far the run is on its way and who answers for it, where more is known than its bundle
        tells.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If format or language is not one of those above.
    OSError
        If the file cannot be written.

    """
    if format not in FORMATS:
        raise ValueError(f"format is {format!r}, not one of {', '.join(FORMATS)}")
    if lang not in LANGS:
        raise ValueError(f"language is {lang!r}, not one of {', '.join(LANGS)}")
    target = Path(path)
    if isinstance(source, ReportModel):
        model = _told(source, verification, standing)
    else:
        model = report_model(
            source, format, earlier=earlier, assessment=assessment, verification=verification,
            standing=standing,
        )  # fmt: skip
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
    os.close(descriptor)
    unfinished = Path(name)
    try:
        _write(model, unfinished, format, lang)
        unfinished.chmod(0o644)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def report_model(
    inventory: Inventory,
    format: Format = "json",  # noqa: A002
    *,
    earlier: Sequence[Inventory] = (),
    assessment: BaseYearAssessment | None = None,
    verification: Label | None = None,
    standing: Standing | None = None,
) -> ReportModel:
    """Return what an edition of a report shows, to be written or held against the standards.

    Parameters
    ----------
    inventory : Inventory
    format : {"pdf", "xlsx", "json"}
        A workbook shows entries too.
    earlier, assessment, verification, standing
        As in :func:`write_report`.

    """
    from linyin.inventory.report.beside import earlier_beside
    from linyin.inventory.report.collect import collect

    given = {int(one.run["year"]) for one in earlier}
    beside = [one for one in earlier_beside(inventory) if int(one.run["year"]) not in given]
    most = MOST_ENTRIES if format == "xlsx" else 0
    others = [*earlier, *beside]
    model = collect(inventory, earlier=others, assessment=assessment, most_entries=most)
    return _told(model, verification, standing)


def _told(model: ReportModel, verification: Label | None, standing: Standing | None) -> ReportModel:
    """Put what is known of a run beside its bundle into a report."""
    identity = model.identity
    if verification is not None:
        identity = replace(identity, verification=verification)
    if standing is not None:
        identity = replace(
            identity,
            state=standing.state,
            prepared_by=standing.prepared_by or identity.prepared_by,
            approved_by=standing.approved_by or identity.approved_by,
            authenticated=True,
        )
    return replace(model, identity=identity)


def _write(model: ReportModel, path: Path, format: Format, lang: Lang) -> None:  # noqa: A002
    if format == "pdf":
        from linyin.inventory.report.pdf import write_pdf as write
    elif format == "xlsx":
        from linyin.inventory.report.xlsx import write_xlsx as write
    else:
        from linyin.inventory.report.data import write_json as write
    write(model, path, lang)
