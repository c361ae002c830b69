"""`linyin.toml` is read strictly: every slip is named, nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest

from linyin.inventory.config import parse_config
from linyin.inventory.dryrun import check


def codes(raw: dict[str, object]) -> list[tuple[str, str]]:
    _, findings = parse_config(raw)
    return sorted((f.code, f.at.column) for f in findings)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({"inventroy": {}}, ("config-key-unknown", "inventroy")),
        ({"inventory": {"aproach": "x"}}, ("config-key-unknown", "inventory.aproach")),
        ({"inventory": {"approach": "mine"}}, ("config-value-unknown", "inventory.approach")),
        ({"inventory": {"gwp": 5}}, ("config-value-type", "inventory.gwp")),
        ({"inventory": 3}, ("config-value-type", "inventory")),
        (
            {"inventory": {"factors_as_of": "soon"}},
            ("config-value-type", "inventory.factors_as_of"),
        ),
        (
            {"inventory": {"fiscal_year_start": "April"}},
            ("config-value-unknown", "inventory.fiscal_year_start"),
        ),
        ({"base_year": {"year": "2021"}}, ("config-value-type", "base_year.year")),
        ({"factors": {"packs": "all"}}, ("config-value-type", "factors.packs")),
        ({"factors": {"waived": [1]}}, ("config-value-type", "factors.waived")),
        ({"uncertainty": {"lifetime": "much"}}, ("config-value-type", "uncertainty.lifetime")),
        ({"uncertainty": {"lifetime": -1}}, ("config-value-type", "uncertainty.lifetime")),
        ({"exclusions": {"line": "3.1"}}, ("config-value-type", "exclusions")),
        ({"exclusions": [{"lin": "3.1"}]}, ("config-key-unknown", "exclusions.lin")),
        (
            {"policies": {"residual": {"CN": "none"}}},
            ("config-value-unknown", "policies.residual.CN"),
        ),
        ({"policies": {"residual": "none"}}, ("config-value-type", "policies.residual")),
        (
            {"policies": {"alternatives": {"3.1": "spend"}}},
            ("config-value-type", "policies.alternatives"),
        ),
        (
            {"approval": {"levels": ["office", "board"]}},
            ("config-value-unknown", "approval.levels"),
        ),
        ({"approval": {"levels": []}}, ("config-value-unknown", "approval.levels")),
    ],
)
def test_slip_is_named_where_it_is(raw, found):
    assert codes(raw) == [found]


def test_all_slips_are_named_at_once():
    raw = {"inventory": {"approach": "mine", "gwp": "AR9"}, "uncertainty": {"a": "b"}}

    assert len(codes(raw)) == 3


def test_what_is_stated_is_kept():
    config, _ = parse_config(
        {
            "inventory": {"factors_as_of": date(2026, 6, 30), "significance_pct": 2},
            "policies": {"alternatives": {"3.1": ["spend"]}},
            "uncertainty": {"lifetime": 15},
            "approval": {"levels": ["committee", "entity"]},
        }
    )

    assert config.factors_as_of == date(2026, 6, 30)
    assert config.significance_pct == 2.0
    assert config.policies.alternatives == {"3.1": ("spend",)}
    assert config.uncertainty == {"lifetime": 15.0}
    assert config.approval_levels == ("entity", "committee")


def test_the_stated_name_is_that_of_the_reporter_and_of_nobody_else(folder):
    folder.config["inventory"] |= {"name_en": "Stated"}
    folder.node("G", "group", country="CN", name_en="Node", name_zh="节点")
    folder.node("S", parent="G", country="CN", place="CN-GD").packs(["mee-grid-2021-2023"])
    folder.electricity("S", 1)

    runs = [run.run for run in folder.calculate_all(2023, entities=("G", "S"))]

    assert [(run["name_en"], run["name_zh"]) for run in runs] == [("Stated", "节点"), ("S", "S")]


def test_a_slip_in_the_configuration_or_a_strange_column_hides_nothing_else(folder):
    folder.config["inventory"] |= {"approach": "mine"}
    folder.company("S").activity(
        "a", source_type="process", item="nothing", quantity=1, unit="t", **{"税率": "13%"}
    )
    folder.activity("b", site="X", source_type="process", item="x", quantity=1, unit="t")

    codes = {f.code for f in check(folder.write()).findings if f.severity == "error"}

    assert codes == {"config-value-unknown", "column-unknown", "factor-missing", "site-unknown"}


def test_columns_named_in_the_configuration_are_not_read(folder):
    folder.config["columns"] = {"ignored": ["税率"]}
    folder.company("S").factor("f", use="process", item="x", unit="t", co2_kg=1)
    row = {"source_type": "process", "item": "x", "quantity": 1, "unit": "t"}
    folder.activity("a", **row, **{"税率": "13%"})

    assert [f for f in check(folder.write()).findings if f.severity == "error"] == []
