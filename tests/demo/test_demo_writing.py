from __future__ import annotations

import csv
import hashlib
import tracemalloc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pymupdf
import pytest

from linyin.demo.sheets import PARQUET_FROM
from linyin.demo.writing import write
from linyin.inventory.folder import read_folder


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(folder: Path, table: str) -> Iterator[Mapping[str, str]]:
    with (folder / "activities" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def sums(folder: Path, table: str) -> dict[tuple[str, str], Decimal]:
    """Quantity by series of the context and period."""
    of: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows(folder, table):
        period = row["period"]
        series = row["external_id"].split(f"-{period}")[0]
        of[(series, period)] += Decimal(row["quantity"])
    return dict(of)


def test_the_same_seed_writes_the_same_bytes(example: Path, tmp_path: Path) -> None:
    write(tmp_path / "again")

    again, first = hashes(tmp_path / "again"), hashes(example)
    assert again == {name: first[name] for name in again}


def test_another_seed_moves_quantities_between_months_and_keeps_the_years(
    example: Path, tmp_path: Path
) -> None:
    write(tmp_path / "other", seed=7)
    other, first = sums(tmp_path / "other", "fuels"), sums(example, "fuels")

    def by_year(of: Mapping[tuple[str, str], Decimal]) -> dict[tuple[str, str], Decimal]:
        years: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for (series, period), quantity in of.items():
            years[(series, period[:4])] += quantity
        return dict(years)

    assert other != first
    assert by_year(other) == by_year(first)


def test_scale_multiplies_rows_and_keeps_every_sum(example: Path, tmp_path: Path) -> None:
    write(tmp_path / "three", scale=3)

    for table in ("electricity", "fuels", "purchases", "freight", "sold-products", "end-of-life"):
        assert sums(tmp_path / "three", table) == sums(example, table), table
    one = sum(1 for _ in rows(example, "electricity"))
    three = sum(1 for _ in rows(tmp_path / "three", "electricity"))
    assert three == 3 * one


def test_large_scales_are_parquet_that_reads_without_a_finding(tmp_path: Path) -> None:
    write(tmp_path / "large", scale=PARQUET_FROM)

    folder = read_folder(tmp_path / "large")
    endings = {path.suffix for path in (tmp_path / "large" / "activities").iterdir()}
    assert endings == {".parquet"}
    assert folder.findings == ()
    count = sum(prepared.table.num_rows for _, prepared in folder.activities)
    assert 15 * 28_000 < count < PARQUET_FROM * 31_000


def test_rows_are_written_as_a_stream(tmp_path: Path) -> None:
    """Rows of 113,000, held at once, would take four times as much."""
    tracemalloc.start()
    try:
        write(tmp_path / "four", scale=4)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60e6


def test_the_folder_reads_without_a_finding(example: Path) -> None:
    folder = read_folder(example)
    assert folder.findings == ()
    assert 10_000 <= sum(p.table.num_rows for _, p in folder.activities) <= 30_000


def test_the_folder_says_that_it_is_illustrative(example: Path) -> None:
    config = read_folder(example).config
    assert "illustrative" in config.name_en
    assert "示例" in config.name_zh
    assert "illustrative" in (example / "README.md").read_text(encoding="utf-8")
    assert "invented" in config.report["description"]


def test_franchises_are_excluded_with_a_reason(example: Path) -> None:
    excluded = {e.line: e.reason for e in read_folder(example).config.exclusions}
    assert "Not applicable" in excluded["3.14"]


def test_one_month_is_estimated_one_missing_one_invoice_reversed(example: Path) -> None:
    power = {row["external_id"]: row for row in rows(example, "electricity")}
    bought = {row["external_id"]: row for row in rows(example, "purchases")}

    assert power["HZ-OFFICE-M1-2022-07"]["status"] == "estimated"
    months = [name for name in power if name.startswith("CO-OFFICE-M1-2023")]
    assert len(months) == 11
    assert "CO-OFFICE-M1-2023-02" not in months
    twice, back = (bought[f"PO-334418-1-2022-05-{end}"] for end in ("TWICE", "REVERSAL"))
    assert Decimal(back["quantity"]) == -Decimal(twice["quantity"])
    assert (back["kind"], back["unit"]) == ("reversal", twice["unit"])


def test_documents_hold_the_quantities_of_their_rows(example: Path) -> None:
    row = next(r for r in rows(example, "electricity") if r["evidence_file"])
    path = example / "evidence" / row["evidence_file"]

    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["evidence_sha256"]
    with pymupdf.open(path) as document:
        text = document[int(row["evidence_page"]) - 1].get_text()
    assert f"Quantity: {row['quantity']} {row['unit']}" in text
    assert "Illustrative" in text


def test_own_factors_are_marked_and_point_at_a_document(example: Path) -> None:
    with (example / "factors.csv").open(encoding="utf-8", newline="") as stream:
        factors = list(csv.DictReader(stream))
    files = {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in (example / "evidence").iterdir()
    }
    assert factors
    assert all("illustrative" in f"{f['note']} {f['publisher']}" for f in factors)
    assert all(f["evidence_sha256"] in files for f in factors)


def test_an_earlier_example_is_replaced_and_its_runs_stay(tmp_path: Path) -> None:
    folder = tmp_path / "linyin"
    write(folder, scale=PARQUET_FROM)
    (folder / ".linyin").mkdir()
    (folder / ".linyin" / "kept").write_text("x")

    write(folder)

    assert not list((folder / "activities").glob("*.parquet"))
    assert (folder / ".linyin" / "kept").read_text() == "x"


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_scale_below_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="scale 0"):
        write(tmp_path / "x", scale=0)
