"""What a Chinese reporter writes plainly is read, or answered with its code."""

from __future__ import annotations

import pytest

from builders import FolderBuilder
from linyin.inventory.config import parse_config
from linyin.inventory.dryrun import check
from linyin.ledger import approach_called


def electricity(folder: FolderBuilder, country: str, place: str) -> FolderBuilder:
    folder.node("G", "group", country=country)
    folder.node("S", parent="G", country=country, place=place, name_zh="深圳工厂")
    return folder.packs(["mee-grid-2021-2023"]).electricity("S", 100)


def test_places_may_be_called_by_their_names(folder, tmp_path):
    named = electricity(folder, "中国", "广东").calculate()
    coded = electricity(FolderBuilder(tmp_path / "coded"), "CN", "CN-GD").calculate()

    assert named.total("location") == coded.total("location") > 0
    rows = named.query("SELECT DISTINCT country FROM organization").to_pylist()
    assert rows == [{"country": "CN"}]


def test_the_code_of_a_node_is_no_name_of_a_place(folder):
    electricity(folder, "CN", "CN-GD").node("广东", parent="G", country="CN", place="CN-JS")
    folder.factor("f", use="process", item="x", unit="t", co2_kg=1, place="广东")
    folder.activity("a", site="S", source_type="process", item="x", quantity=1, unit="t")

    codes = {f.code for f in check(folder.write()).findings if f.severity == "error"}

    assert codes == {"factor-missing"}


def test_a_site_called_by_its_name_is_answered_with_its_code(folder):
    electricity(folder, "CN", "CN-GD").electricity("深圳工厂", 1)

    (error,) = (f for f in check(folder.write()).findings if f.severity == "error")

    assert (error.code, error.fields["near"]) == ("site-unknown-near", "S")


@pytest.mark.parametrize(
    ("name", "code"),
    [("运营控制", "operational_control"), ("股权比例法", "equity_share"), ("mine", "mine")],
)
def test_an_approach_may_be_written_in_chinese(name, code):
    assert approach_called(name) == code


def test_the_configuration_takes_an_approach_in_chinese(folder):
    config, findings = parse_config({"inventory": {"approach": "财务控制"}})

    assert not findings
    assert config.approach == "financial_control"


def test_a_factor_may_be_described_in_chinese(folder):
    electricity(folder, "CN", "CN-GD").config["factors"] = {"packs": []}
    cells = {"use": "货物", "boundary": "全生命周期", "evidence": "文件", "status": "已批准"}
    folder.factor("f", item="x", unit="t", co2_kg=1, place="中国", **cells)
    folder.tables["activities"] = []
    folder.activity("a", source_type="采购商品", item="x", quantity=1, unit="t")

    assert folder.calculate().total("location") == 10**6
