"""The table of source types: complete, and what it says is what an inventory does."""

from __future__ import annotations

import pytest

from linyin.inventory import INVENTORY_LINES
from linyin.lake import load_schema
from linyin.ledger import STANDARDS, load_methods, load_source_types, named_inputs


def test_every_source_type_that_a_row_may_state_is_in_the_table():
    (column,) = (c for c in load_schema("ledger", "activities").columns if c.name == "source_type")

    assert tuple(load_source_types()) == column.allowed
    assert {name for m in load_methods() for name in m.source_types} == set(column.allowed)


def test_a_factor_may_be_for_what_some_method_reads_and_for_nothing_else():
    (column,) = (c for c in load_schema("ledger", "factors").columns if c.name == "use")

    read = {use for m in load_methods() for use in (*m.uses, m.upstream) if use}

    assert read == set(column.allowed)


def test_every_named_input_is_one_that_some_method_takes():
    assert set(named_inputs()) == set().union(*(m.required | m.optional for m in load_methods()))


@pytest.mark.parametrize("kind", load_source_types().values(), ids=lambda kind: kind.name)
def test_a_source_type_counts_on_lines_and_under_standards_that_there_are(kind):
    assert {kind.line, kind.outsourced, kind.leased_out or kind.line} <= set(INVENTORY_LINES)
    assert kind.reported_under <= set(STANDARDS)
    assert (kind.sign, kind.flow, kind.role) in {
        (1, "emission", "reported"),
        (1, "emission", "memo"),
        (1, "removal", "reported"),
        (-1, "emission", "memo"),
    }


def test_only_what_leaves_the_boundary_is_an_export():
    exports = {name for name, kind in load_source_types().items() if kind.is_export}

    assert exports == {"electricity_exported", "heat_exported"}


def test_exports_are_deducted_where_the_standard_deducts_them():
    power = load_source_types()["electricity_exported"]

    assert {s: power.role_under(s) for s in STANDARDS} == {
        "GHG Protocol": "memo",
        "ISO 14064-1": "memo",
        "GB/T 32150": "reported",
    }
