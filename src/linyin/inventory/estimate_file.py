"""The file of estimates in a folder: read as users left it, written anew."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

from linyin.lake import header_key, load_schema, read_table
from linyin.organization import Period

__all__ = ["ESTIMATES", "PREFIX", "EstimateFile", "id_of", "is_covered", "is_estimate", "shown"]

ESTIMATES: Final = "activities-estimates.csv"
PREFIX: Final = "estimate:"
DIGITS: Final = 12


def is_estimate(external_id: str, status: str) -> bool:
    """Whether a row was written by `estimate`."""
    return external_id.startswith(PREFIX) and status == "estimated"


def id_of(key: Mapping[str, str], month: str) -> str:
    """Return `estimate:<source>:<site>:<item>:<month>`; what narrows the item follows it."""
    narrows = (
        "technology",
        "product",
        "relation",
        "method",
        "counterparty",
        "place",
        "flow",
        "meter",
    )
    usual = {"relation": "owned", "flow": "emission"}
    told = [key[n] for n in narrows if key[n] and key[n] != usual.get(n)]
    item = "/".join([key["item"], *told])
    return f"{PREFIX}{key['source_type']}:{key['site']}:{item}:{month}"


def shown(quantity: Fraction) -> str:
    """Return a quantity as text, rounded to 12 significant digits."""
    number = Decimal(f"{float(quantity):.{DIGITS}g}")
    return format(number.normalize() if number else Decimal(0), "f")


@dataclass
class EstimateFile:
    """Rows of the file by their columns' names, in order."""

    path: Path
    rows: list[dict[str, str]]

    @classmethod
    def read(cls, folder: Path) -> EstimateFile:
        """Read the file of a folder; one that is not there has no rows."""
        parts = folder / "activities"
        path = (parts if parts.is_dir() else folder) / ESTIMATES
        if not path.exists():
            return cls(path, [])
        schema = load_schema("ledger", "activities")
        rows: list[dict[str, str]] = []
        for sheet in read_table(path, schema):
            names = [
                schema.headers[header_key(h)].name if header_key(h) in schema.headers else h
                for h in sheet.header
            ]
            columns = [column.cast("string").to_pylist() for column in sheet.columns]
            cells = zip(*columns, strict=True)
            rows += [dict(zip(names, (cell or "" for cell in row), strict=True)) for row in cells]
        return cls(path, rows)

    def is_edited(self, external_id: str) -> bool:
        """Whether somebody changed what `estimate` wrote for this id."""
        return any(row["external_id"] == external_id and _is_edited(row) for row in self.rows)

    def sort_out(
        self,
        written: Collection[str],
        open_ids: Collection[str],
        covered: Mapping[str, Sequence[Period]],
        window: Period | None,
    ) -> tuple[list[dict[str, str]], list[str]]:
        """Divide the rows that are not written anew into those to keep and those to drop.

        Parameters
        ----------
        written
            Ids that this run writes.
        open_ids
            Ids of all gaps of this run.
        covered
            Stem of ids → days of actual rows.
        window
            Days in which this run looked for gaps.

        """
        kept: list[dict[str, str]] = []
        dropped: list[str] = []
        for row in self.rows:
            external_id = row["external_id"]
            if external_id in written:
                continue
            span = _span(row)
            if not external_id.startswith(PREFIX) or span is None:
                stays = True
            elif _is_edited(row):
                stays = external_id in open_ids or not is_covered(external_id, span, covered)
            else:
                looked_at = window is not None and span.overlap(window) is not None
                stays = not looked_at and not is_covered(external_id, span, covered)
            if stays:
                kept.append(row)
            else:
                dropped.append(external_id)
        return kept, dropped

    def write(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Write the rows in one step; without rows the file is removed."""
        if not rows:
            self.path.unlink(missing_ok=True)
            return
        schema = [column.name for column in load_schema("ledger", "activities").columns]
        present = {name for row in rows for name, value in row.items() if value}
        others = sorted(present - set(schema))
        columns = [*(name for name in schema if name in present), *others]
        handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=".estimates-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns, extrasaction="ignore", restval="")
            writer.writeheader()
            writer.writerows(sorted(rows, key=lambda row: row["external_id"]))
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(self.path)


def _is_edited(row: Mapping[str, str]) -> bool:
    stated = row.get("reason", "").rpartition(": ")[2]
    return stated != f"{row.get('quantity', '')} {row.get('unit', '')}"


def is_covered(external_id: str, span: Period, covered: Mapping[str, Sequence[Period]]) -> bool:
    """Whether actual rows have the greater part of an estimate's days."""
    stem = external_id.rpartition(":")[0] + ":"
    open_days = sum(gap.days for gap in span.gaps(covered.get(stem, ())))
    return 2 * open_days < span.days


def _span(row: Mapping[str, str]) -> Period | None:
    try:
        return Period(date.fromisoformat(row["begin"]), date.fromisoformat(row["end"]))
    except (KeyError, ValueError):
        return None
