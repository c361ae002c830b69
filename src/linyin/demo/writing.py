"""Write the example enterprise as a folder of plain files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

from linyin.demo.documents import Documents, factor_documents
from linyin.demo.products import end_of_life, sold_products
from linyin.demo.rows import rows_of
from linyin.demo.sheets import write_csv, write_rows
from linyin.demo.tables import YEARS, Series, activity_tables, read, series_of

__all__ = ["write"]

MARK: Final = "# Linyin Communications, the example enterprise"
_COLUMNS: Final = (
    "external_id",
    "site",
    "source_type",
    "item",
    "technology",
    "relation",
    "method",
    "period",
    "quantity",
    "unit",
    "counterparty",
    "place",
    "kind",
    "status",
)
_LAST: Final = ("description", "evidence_file", "evidence_sha256", "evidence_page", "reason")
_ALWAYS: Final = frozenset(
    {"external_id", "site", "source_type", "item", "period", "quantity", "unit", "kind", "status"}
)
_NOT_OF_FACTORS: Final = frozenset({"low", "high", "range_basis", "evidence_file"})


def write(
    folder: Path,
    *,
    scale: int = 1,
    seed: int = 2021,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the example enterprise “林荫通信 / Linyin Communications”, 2021 to 2023.

    The same scale and seed give the same files on every platform. Quantities come from the
    tables of :mod:`linyin.demo.tables`; the seed only moves them between months and orders.

    Parameters
    ----------
    folder : Path
        Made if missing. An example that was written there before is replaced, its calculated
        runs stay.
    scale : int
        How many times as many meters, orders and shipments; their sums stay the same.
    seed : int
    progress : callable
        Told the name of each file.

    Raises
    ------
    FileExistsError
        If the folder holds anything but an earlier example.
    ValueError
        If `scale` is below 1.

    """
    if scale < 1:
        raise ValueError(f"scale {scale}: must be 1 or more")
    _clear(folder)
    evidence, activities = folder / "evidence", folder / "activities"
    evidence.mkdir(parents=True)
    activities.mkdir()
    progress("organization")
    _copy_folder(folder)
    _write_metrics(folder / "metrics.csv")
    _write_factors(folder / "factors.csv", factor_documents(evidence))
    document = Documents(evidence)
    for name, series in _activities():
        progress(name)
        rows = rows_of(series, scale=scale, seed=seed, document=document)
        write_rows(activities, name, _columns(series), rows, scale=scale)


def _activities() -> Iterable[tuple[str, Sequence[Series]]]:
    for name in activity_tables():
        yield name, series_of(name)
    yield "sold-products", list(sold_products())
    yield "end-of-life", list(end_of_life())


def _columns(series: Sequence[Series]) -> list[str]:
    """Return the columns that some row of a table fills, in the order of the schema."""
    stated = dict.fromkeys(name for one in series for name, cell in one.cells.items() if cell)
    yearly = dict.fromkeys(name for one in series for of in one.inputs.values() for name in of)
    inputs = [name for name in (*stated, *yearly) if name not in (*_COLUMNS, *_LAST)]
    first = [name for name in _COLUMNS if name in stated or name in _ALWAYS]
    return [*first, *inputs, *_LAST]


def _clear(folder: Path) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        return
    config = folder / "linyin.toml"
    if not config.is_file() or not config.read_text(encoding="utf-8").startswith(MARK):
        raise FileExistsError(f"{folder} is not empty and no earlier example")
    for name in ("activities", "evidence"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _copy_folder(folder: Path) -> None:
    for entry in sorted(files("linyin.demo").joinpath("tables/folder").iterdir(), key=str):
        (folder / entry.name).write_bytes(entry.read_bytes())


def _write_metrics(path: Path) -> None:
    columns = ("node", "metric", "item", "period", "value", "unit", "source")
    write_csv(
        path,
        (
            {**row, "period": str(year), "value": row[f"y{year}"], "source": row["basis"]}
            for row in read("metrics")
            for year in YEARS
        ),
        columns,
    )


def _write_factors(path: Path, hashes: Mapping[str, str]) -> None:
    rows = read("factors")
    columns = [name for name in rows[0] if name not in _NOT_OF_FACTORS]
    write_csv(
        path,
        ({**row, "evidence_sha256": hashes[row["evidence_file"]]} for row in rows),
        [*columns, "evidence_sha256"],
    )
