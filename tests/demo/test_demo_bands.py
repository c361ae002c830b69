"""The example is calculated and held against the figures of the white paper."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from linyin.demo.tables import YEARS, read
from linyin.inventory.calculate import calculate
from linyin.inventory.inventory import Inventory
from linyin.inventory.jobs import Request

METHODS = ("location", "market")
APPLY = [f"3.{number}" for number in range(1, 16) if number != 14]

type Years = Mapping[int, Inventory]


@pytest.fixture(scope="module")
def years(example: Path) -> Years:
    return dict(zip(YEARS, calculate(example, Request(YEARS)), strict=True))


def tonnes(inventory: Inventory, method: str) -> float:
    return inventory.total(method) / 1e9


def share(inventory: Inventory, method: str, *lines: str) -> float:
    of = inventory.by_line(method)
    return sum(of.get(line, 0) for line in lines) / inventory.total(method)


@pytest.mark.parametrize("method", METHODS)
def test_2021_is_99_49_megatonnes_within_half_a_percent(years: Years, method: str) -> None:
    assert tonnes(years[2021], method) == pytest.approx(99.49e6, rel=0.005)


@pytest.mark.parametrize("method", METHODS)
def test_intensity_of_2021_is_869_t_per_million_yuan_within_one_percent(
    years: Years, method: str
) -> None:
    revenue = next(
        row for row in read("metrics") if (row["node"], row["metric"]) == ("LINYIN", "revenue")
    )
    assert revenue["unit"] == "亿元"
    millions = float(Decimal(revenue["y2021"]) * 100)

    assert tonnes(years[2021], method) / millions == pytest.approx(869, rel=0.01)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("method", METHODS)
def test_shares_of_scopes_and_main_categories_are_those_of_the_paper(
    years: Years, method: str, year: int
) -> None:
    inventory = years[year]

    assert 0.006 < share(inventory, method, "1.1", "1.2", "1.3", "1.4", "2.1", "2.2") < 0.014
    assert 0.885 < share(inventory, method, "3.11") < 0.90
    assert 0.083 < share(inventory, method, "3.1") < 0.09


@pytest.mark.parametrize("method", METHODS)
def test_2023_is_16_5_percent_below_2021_within_0_3_points(years: Years, method: str) -> None:
    change = tonnes(years[2023], method) / tonnes(years[2021], method) - 1
    assert change == pytest.approx(-0.165, abs=0.003)


@pytest.mark.parametrize("year", YEARS)
def test_every_category_that_applies_is_above_zero_and_franchises_are_not_there(
    years: Years, year: int
) -> None:
    lines = years[year].by_line("location")

    assert all(lines.get(line, 0) > 0 for line in APPLY)
    assert "3.14" not in lines
    assert all(lines[line] > 0 for line in ("1.1", "1.2", "1.4", "2.1", "2.2"))


def test_campus_electricity_falls_as_in_the_paper(example: Path) -> None:
    sites = {
        node["code"] for node in read("folder/organization") if node["name_zh"].endswith("园区")
    }
    campuses = [
        row
        for row in read("activities/electricity")
        if row["site"] in sites and row["relation"] != "leased_out_operating"
    ]
    total = {year: sum(int(row[f"y{year}"]) for row in campuses) for year in YEARS}
    lines = [row for row in campuses if row["series"].endswith("-P1")]
    saved = sum(int(row["y2021"]) - int(row["y2023"]) for row in lines)

    assert len({row["site"] for row in campuses}) == 14
    assert total[2022] / total[2021] - 1 == pytest.approx(-0.063, abs=0.002)
    assert total[2023] / total[2022] - 1 == pytest.approx(-0.042, abs=0.002)
    assert saved / 1e6 == pytest.approx(88.94, abs=0.01)
    assert saved / sum(int(row["y2021"]) for row in lines) == pytest.approx(0.273, abs=0.001)


def test_use_of_sold_products_per_terabyte_falls_by_more_than_14_percent_a_year(
    years: Years,
) -> None:
    row = next(row for row in read("metrics") if row["metric"] == "throughput")
    per_tb = [years[y].by_line("location")["3.11"] / int(row[f"y{y}"]) for y in YEARS]

    assert per_tb[1] / per_tb[0] - 1 < -0.14
    assert per_tb[2] / per_tb[1] - 1 < -0.14


def test_calculating_finds_no_error(years: Years) -> None:
    found = [finding for inventory in years.values() for finding in inventory.findings]
    assert [finding.code for finding in found if finding.severity == "error"] == []


def test_nothing_is_without_a_factor(years: Years) -> None:
    missing = {"factor-missing", "upstream-factor-missing", "loss-rate-missing", "factor-draft"}
    found = {finding.code for inventory in years.values() for finding in inventory.findings}
    assert found & missing == set()


def test_purchases_inside_the_group_are_eliminated_visibly(years: Years) -> None:
    rows = years[2021].query(
        "SELECT DISTINCT c.counterparty FROM entries e JOIN contexts c USING (context) "
        "WHERE e.role = 'eliminated' ORDER BY 1"
    )
    assert rows.column(0).to_pylist() == ["LY-MICRO", "LY-NANJING"]
