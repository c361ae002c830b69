"""Roll-ups are exact and never add what must stay apart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linyin.ledger import MASSES
from linyin.ledger.rollup import rollup

LARGEST = 2**63 - 1


def entries(rows: Sequence[dict[str, Any]]) -> pa.Table:
    plain = {"line": "1.1", "scope2_method": "", "flow": "emission", "role": "reported"}
    plain |= dict.fromkeys(MASSES, 0)
    return pa.Table.from_pylist([plain | row for row in rows])


def total(rows: Sequence[dict[str, Any]], **asked: Any) -> int:
    return int(rollup(entries(rows), **asked)["co2e_mg"][0].as_py())


LOCATION = {"line": "2.1", "scope2_method": "location", "co2e_mg": 7}
MARKET = {"line": "2.1", "scope2_method": "market", "co2e_mg": 5}
FUEL = {"co2e_mg": 100}


def test_both_methods_in_one_sum_are_refused() -> None:
    with pytest.raises(ValueError, match="never added"):
        rollup(entries([LOCATION, MARKET]), by=["line"])


def test_a_named_method_stands_beside_all_other_lines() -> None:
    rows = [LOCATION, MARKET, FUEL]
    assert total(rows, scope2_method="location") == 107
    assert total(rows, scope2_method="market") == 105


def test_grouping_by_method_keeps_the_two_apart() -> None:
    totals = rollup(entries([LOCATION, MARKET, FUEL]), by=["scope2_method"])
    found = dict(
        zip(totals["scope2_method"].to_pylist(), totals["co2e_mg"].to_pylist(), strict=True)
    )
    assert found == {"": 100, "location": 7, "market": 5}


def test_one_method_alone_needs_no_name() -> None:
    assert total([LOCATION, FUEL]) == 107


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="write location or market"):
        rollup(entries([FUEL]), scope2_method="residual")  # type: ignore[arg-type]


def test_removals_are_never_netted() -> None:
    rows = [FUEL, {"flow": "removal", "co2e_mg": 30}]
    assert total(rows) == 100
    assert total(rows, flow="removal") == 30


@pytest.mark.parametrize("role", ["alternative", "eliminated", "memo"])
def test_other_roles_are_added_up_only_on_their_own(role: str) -> None:
    rows = [FUEL, {"role": role, "co2e_mg": 9}]
    assert total(rows) == 100
    assert total(rows, role=role) == 9


def test_totals_beyond_nine_gigatonnes_do_not_overflow() -> None:
    rows = [{"co2e_mg": LARGEST}] * 1000
    totals = rollup(entries(rows), by=["line"])
    assert totals["co2e_mg"].to_pylist() == [Decimal(LARGEST) * 1000]
    assert totals.schema.field("co2e_mg").type == pa.decimal128(38, 0)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="entity"):
        rollup(entries([FUEL]), by=["entity"])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(-LARGEST, LARGEST), min_size=1, max_size=40), st.randoms())
def test_order_never_changes_a_sum(masses: list[int], random: Any) -> None:
    shuffled = list(masses)
    random.shuffle(shuffled)
    first = total([{"co2e_mg": mg} for mg in masses])
    assert first == total([{"co2e_mg": mg} for mg in shuffled]) == sum(masses)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(["", "location", "market"]), min_size=1, max_size=6),
    st.sampled_from([[], ["line"], ["scope2_method"], ["line", "scope2_method"]]),
    st.sampled_from([None, "location", "market"]),
)
def test_no_roll_up_holds_both_methods(methods: list[str], by: list[str], named: Any) -> None:
    """Powers of 1000 tell which method's entries are in a sum."""
    weight = {"": 1, "location": 1000, "market": 1_000_000}
    rows = [{"line": "2.1", "scope2_method": m, "co2e_mg": weight[m]} for m in methods]
    try:
        sums = rollup(entries(rows), by=by, scope2_method=named)["co2e_mg"].to_pylist()
    except ValueError:
        assert named is None
        assert {"location", "market"} <= set(methods)
        return
    for mg in filter(None, sums):
        assert not (mg // 1_000_000 and mg // 1000 % 1000)
