"""Contexts of one subject share how they are worked out, not where they are booked or whose."""

from __future__ import annotations

import pytest

from builders import FolderBuilder, role_total

T = 1_000_000_000


def boards(folder: FolderBuilder, *sellers: str) -> FolderBuilder:
    """A piece of board from each seller, each a context of its own."""
    for seller in sellers:
        folder.activity(
            f"board-{seller}", site="G", source_type="goods", item="board", quantity=1,
            unit="piece", counterparty=seller,
        )  # fmt: skip
    return folder


@pytest.fixture
def group(folder: FolderBuilder) -> FolderBuilder:
    folder.node("G", "group", country="CN")
    folder.node("MAKER", "entity", owner="G", ownership_pct=100, control="sole")
    return folder.factor(
        "board", use="goods", item="board", unit="piece", boundary="total", co2_kg="1000"
    )


@pytest.mark.parametrize("sellers", [("A", "MAKER", "Z"), ("MAKER", "A", "Z")])
def test_only_what_is_bought_inside_the_group_is_eliminated(group, sellers):
    inventory = boards(group, *sellers).calculate()

    assert inventory.by_line("location") == {"3.1": 2 * T}
    assert role_total(inventory, "eliminated") == {"3.1": T}


def test_a_suppliers_own_factor_is_no_other_suppliers(group):
    group.factor(
        "own", use="goods", item="board", unit="piece", boundary="total", co2_kg="10",
        supplier="B", basis="supplier",
    )  # fmt: skip

    assert boards(group, "A", "B", "C").calculate().by_line("location") == {"3.1": 2010 * T // 1000}


def test_sites_of_other_provinces_take_their_own_factors_and_book_on_themselves(folder):
    folder.node("G", "group", country="CN")
    for site, place, kg in (("S1", "CN-GD", 1), ("S2", "CN-GD", 1), ("S3", "CN-JS", 3)):
        folder.node(site, parent="G", country="CN", place=place)
        folder.electricity(site, 1)
        if site != "S2":
            folder.factor(
                place, use="grid", item="electricity", unit="kWh", co2_kg=str(kg), place=place
            )

    rows = folder.calculate().query(
        "SELECT booked_site, factor_id FROM legs WHERE scope2_method = 'location' ORDER BY ALL"
    )
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        ("S1", "CN-GD"),
        ("S2", "CN-GD"),
        ("S3", "CN-JS"),
    ]


def test_what_is_found_about_one_is_told_of_all(group):
    group.factor(
        "wood", use="goods", item="wood", unit="kg", boundary="total", co2_kg="1", status="draft"
    )
    for seller in ("A", "B", "C"):
        group.activity(f"wood-{seller}", site="G", source_type="goods", item="wood", quantity=1,
                       unit="kg", counterparty=seller)  # fmt: skip

    findings = group.calculate().findings

    assert [f.fields["rows"] for f in findings if f.code == "factor-draft"] == [3]
