"""Metrics by the names that people give them, slips of those names, and what they come to."""

from __future__ import annotations

from calendar import monthrange

import pytest

from linyin.inventory import ReportVocabulary
from linyin.inventory.folder import read_folder
from linyin.lake import load_schema


def company(folder, *metrics: str):
    folder.company("S")
    for name in metrics:
        folder.add("metrics", node="G", metric=name, period="2023", value=5, unit="CNY")
    return folder


@pytest.mark.parametrize(
    ("name", "metric"),
    [("营业收入", "revenue"), ("人数", "heads"), ("Revenue", "revenue"), ("建筑面积", "floor_area"),
     ("产量", "production"), ("beds", "beds")],
)  # fmt: skip
def test_a_metric_is_known_by_its_names_and_any_other_keeps_its_own(folder, name, metric):
    read = read_folder(company(folder, name).write())

    assert read.sheets["metrics"]["metric"].to_pylist() == [metric]
    assert not [f for f in read.findings if f.code == "metric-unknown-near"]


@pytest.mark.parametrize(("slip", "meant"), [("revenu", "revenue"), ("营业收人", "revenue")])
def test_a_slip_of_a_metrics_name_is_a_warning_at_its_cell(folder, slip, meant):
    read = read_folder(company(folder, "heads", slip).write())

    (finding,) = (f for f in read.findings if f.code == "metric-unknown-near")
    assert (finding.severity, finding.at.row, finding.at.column) == ("warning", 3, "metric")
    assert (finding.fields["value"], finding.fields["near"]) == (slip, meant)


def test_every_metric_with_several_names_has_one_in_reports():
    (column,) = (c for c in load_schema("organization", "metrics").columns if c.name == "metric")
    words = ReportVocabulary("zh")

    assert all(words.known("metric", code) != code for code in set(column.spellings.values()))
    assert "revenue" in column.spellings.values()


def test_an_inventory_sums_flows_averages_levels_and_takes_a_row_over_the_border_by_days(folder):
    company(folder).packs(["mee-grid-2021-2023"]).electricity("S", 1)
    for month in range(1, 13):
        period = f"2023-{month:02}"
        folder.add("metrics", node="G", metric="heads", period=period, value=70 + month, unit="p")
    folder.add(
        "metrics", node="G", metric="revenue", begin="2022-07-02", end="2023-07-02", value=365,
        unit="CNY",
    )  # fmt: skip
    inventory = folder.calculate()

    mean = sum((70 + m) * monthrange(2023, m)[1] for m in range(1, 13)) / 365
    assert inventory.metric("heads") == (pytest.approx(mean), "p")
    assert inventory.metric("revenue") == (182, "CNY")
    assert inventory.metric("throughput") is None
