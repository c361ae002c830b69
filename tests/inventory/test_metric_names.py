"""Metrics by the names that people give them, and slips of those names."""

from __future__ import annotations

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
