"""Where the rows stand that the base year is calculated from: a folder's files, or a lake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from linyin.inventory.calculate import calculate, calculate_posted
from linyin.inventory.folder import Folder
from linyin.inventory.inventory import Inventory
from linyin.inventory.jobs import Request
from linyin.lake import Lake, Where, current_revisions, scratch_connection
from linyin.ledger import ACTIVITIES
from linyin.organization import Period

__all__ = ["FolderRows", "LakeRows", "Rows"]

_COLUMNS: Final = (
    "site", "source_type", "item", "technology", "relation", "begin", "end",
)  # fmt: skip


class Rows(Protocol):
    """Rows of activities, and runs over them."""

    @property
    def where(self) -> Where:
        """Where rows that are missing would be added."""

    def touching(self, period: Period) -> Iterator[pa.Table]:
        """Yield the rows of a period, part by part: place, source, relation and dates."""

    def calculate(self, folder: Folder, request: Request, out: Path) -> Inventory:
        """Calculate one run under a folder's organization, factors and configuration."""


@dataclass(frozen=True, slots=True)
class FolderRows:
    """The rows of a folder's own files."""

    folder: Folder

    @property
    def where(self) -> Where:
        """Where rows that are missing would be added."""
        return Where("activities.csv")

    def touching(self, period: Period) -> Iterator[pa.Table]:
        """Yield the rows of a period, file by file."""
        for _, prepared in self.folder.activities:
            yield prepared.table.filter(_within(prepared.table, period))

    def calculate(self, folder: Folder, request: Request, out: Path) -> Inventory:
        """Post the folder's rows and calculate one run over them."""
        return calculate(folder, request, out=out)[0]


@dataclass(frozen=True, slots=True)
class LakeRows:
    """The rows that stand in a lake, at one version of its table.

    Attributes
    ----------
    lake
    work
        Where scratch files go.
    version
        Of the table of activities.

    """

    lake: Lake
    work: Path
    version: int

    @property
    def where(self) -> Where:
        """Where rows that are missing would be added."""
        return Where("activities")

    def touching(self, period: Period) -> Iterator[pa.Table]:
        """Yield the rows of a period, each kind of row once, from its first day."""
        *key, begin, end = _COLUMNS
        with scratch_connection() as connection:
            yield connection.sql(
                f"SELECT {', '.join(key)}, min({begin}) AS {begin} "
                f"FROM ({current_revisions(self.lake, ACTIVITIES, self.version)}) "
                f"WHERE {begin} < DATE '{period.end}' AND \"{end}\" > DATE '{period.begin}' "
                f"GROUP BY ALL"
            ).to_arrow_table()

    def calculate(self, folder: Folder, request: Request, out: Path) -> Inventory:
        """Calculate one run over the rows of the lake."""
        return calculate_posted(
            folder, self.lake, request, place=lambda _: out, fixed=True, work=self.work,
            version=self.version,
        )[0]  # fmt: skip


def _within(rows: pa.Table, period: Period) -> Any:
    begin, end = pa.scalar(period.begin, pa.date32()), pa.scalar(period.end, pa.date32())
    return pc.and_(pc.less(rows["begin"], end), pc.greater(rows["end"], begin))
