"""What all pack builders share: where files are, how numbers and tables are written."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKS = ROOT / "src" / "linyin" / "ledger" / "packs"
SCHEMA = ROOT / "src" / "linyin" / "ledger" / "schemas" / "factors.csv"
INPUTS = Path(__file__).resolve().parent / "inputs"

Row = dict[str, str]


def test_data() -> Path:
    """Return the folder of published data that `LINYIN_TEST_DATA` names.

    Raises
    ------
    SystemExit
        If the variable is not set.

    """
    folder = os.environ.get("LINYIN_TEST_DATA")
    if not folder:
        raise SystemExit("set LINYIN_TEST_DATA to the folder of published data")
    return Path(folder)


def read(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(name: str) -> list[Row]:
    """Return the rows of one of our fact tables."""
    return read(test_data() / "factors" / f"{name}.csv")


def inputs(name: str) -> list[Row]:
    """Return the rows of a hand-written table beside the builders."""
    return read(INPUTS / f"{name}.csv")


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a table; the same rows give the same bytes everywhere.

    Raises
    ------
    ValueError
        If a row has a column that the table does not have.

    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def factor_columns() -> list[str]:
    """Return the columns of the factor schema, in order."""
    return [row["column"] for row in read(SCHEMA)]


def write_factors(path: Path, rows: Iterable[Row]) -> None:
    """Write a factor pack.

    Raises
    ------
    ValueError
        If a factor id occurs twice.

    """
    table = list(rows)
    seen: set[str] = set()
    for row in table:
        if row["factor_id"] in seen:
            raise ValueError(f"{path.name}: {row['factor_id']} twice")
        seen.add(row["factor_id"])
    write(path, factor_columns(), table)


def number(value: Decimal | str | int) -> str:
    """Return a plain decimal: no exponent, no trailing zeros."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def significant(value: Decimal, digits: int) -> Decimal:
    """Return a value rounded half up to significant digits."""
    if not value:
        return value
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), "ROUND_HALF_UP")


def status(evidence: str) -> str:
    """Return the status that evidence allows: remembered values stay drafts."""
    return "draft" if evidence == "remembered" else "approved"


def weakest(evidence: Iterable[str]) -> str:
    """Return the weakest of several kinds of evidence."""
    return max(evidence, key=("file", "read", "remembered").index)


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
