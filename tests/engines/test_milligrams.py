"""Rules of booking that no row may break, on the expression that books every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.world import elapsed
from linyin.lake import DuckDBEngine
from linyin.ledger import CONTEXT_COLUMNS, MASSES
from linyin.ledger.booking import book_legs
from linyin.ledger.rounding import milligrams

FIRST, LAST = date(2023, 1, 1), date(2024, 1, 1)
FEW = settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

quantities = st.floats(-1e6, 1e6).map(lambda x: float(f"{x:.15g}"))
multipliers = st.fractions(0, 10**9, max_denominator=10**6)


@pytest.fixture(scope="module")
def duck() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    yield engine
    engine.close()


def rows(quantities: Sequence[float], begin: date = FIRST, end: date = LAST) -> pa.Table:
    n = len(quantities)
    columns: dict[str, Any] = {name: pa.array([""] * n, pa.string()) for name in CONTEXT_COLUMNS}
    columns |= {
        "source": pa.array(["s"] * n),
        "external_id": pa.array([str(number) for number in range(n)]),
        "revision": pa.array([1] * n, pa.int32()),
        "status": pa.array(["measured"] * n),
        "begin": pa.array([begin] * n),
        "end": pa.array([end] * n),
        "quantity": pa.array(quantities, pa.float64()),
    }
    return pa.table(columns)


def legs(multiplier: float, pieces: Sequence[tuple[date, date, float, float]]) -> pa.Table:
    plain = dict.fromkeys(CONTEXT_COLUMNS, "") | {f"k_{mass}": 0.0 for mass in MASSES}
    plain |= {"booked_site": "S", "entity": "E", "line": "3.1", "scope2_method": "", "role": ""}
    plain |= {"context": 0, "share": 1.0, "k_co2e_mg": multiplier, "heaviest": multiplier}
    return pa.Table.from_pylist(
        [
            plain
            | {"leg": n, "leg_from": begin, "leg_to": end, "lo": lo, "hi": hi, "largest": 1e15}
            for n, (begin, end, lo, hi) in enumerate(pieces)
        ]
    )


WHOLE = [(FIRST, LAST, 0.0, 1.0)]


def booked(duck: DuckDBEngine, table: pa.Table, of: pa.Table) -> list[int]:
    """Masses in the order of rows, legs and parts. [mg]"""
    # What divides a row is the largest row of the table, as for real contexts.
    worst = max((abs(q) for q in table["quantity"].to_pylist()), default=0.0)
    position = of.column_names.index("largest")
    of = of.set_column(position, "largest", pa.array([worst] * len(of), pa.float64()))
    entries = duck.collect(book_legs(duck.frame(table), of, duck, elapsed))
    found = entries.select(["external_id", "leg", "part", "co2e_mg"]).to_pylist()
    found.sort(key=lambda row: (int(row["external_id"]), row["leg"], row["part"]))
    return [row["co2e_mg"] for row in found]


@FEW
@given(st.lists(quantities, min_size=1, max_size=20), multipliers)
def test_exact_but_within_one_milligram_at_a_half(
    duck: DuckDBEngine, stated: list[float], multiplier: Fraction
) -> None:
    """Rows up to a megatonne, against fractions; floats can't tell a half from its neighbours."""
    found = booked(duck, rows(stated), legs(float(multiplier), WHOLE))
    for quantity, mg in zip(stated, found, strict=True):
        exact = Fraction(quantity) * multiplier
        assert abs(mg - milligrams(exact)) <= 1
        to_half = abs((exact - Fraction(1, 2)) % 1)
        if min(to_half, 1 - to_half) > abs(exact) / 2**51:
            assert mg == milligrams(exact)


@pytest.mark.parametrize("quantity", [1.0, 3.0, -1.0, -3.0, 2.0**51 + 1, -(2.0**51) - 1])
def test_halves_go_away_from_zero(duck: DuckDBEngine, quantity: float) -> None:
    assert booked(duck, rows([quantity]), legs(0.5, WHOLE)) == [milligrams(Fraction(quantity) / 2)]


@FEW
@given(st.lists(quantities, min_size=1, max_size=30), multipliers, st.randoms(), st.integers(1, 5))
def test_order_and_partition_never_change_a_milligram(
    duck: DuckDBEngine,
    tmp_path_factory: pytest.TempPathFactory,
    stated: list[float],
    multiplier: Fraction,
    random: Any,
    files: int,
) -> None:
    table = rows(stated)
    expected = booked(duck, table, legs(float(multiplier), WHOLE))
    order = list(range(len(stated)))
    random.shuffle(order)
    folder = tmp_path_factory.mktemp("partition")
    for number in range(files):
        part = table.take(pa.array(order[number::files], pa.int64()))
        pq.write_table(
            part, folder / f"{number}.parquet", row_group_size=max(1, random.randint(1, 7))
        )
    scanned = duck.scan(sorted(folder.glob("*.parquet")))
    read = duck.collect(scanned)
    assert booked(duck, read, legs(float(multiplier), WHOLE)) == expected


@FEW
@given(
    quantities,
    multipliers,
    st.lists(st.floats(0, 1, exclude_min=True, exclude_max=True), max_size=6, unique=True),
    st.sets(st.integers(1, 364), max_size=6),
    st.sampled_from(["", "rising"]),
)
def test_parts_of_time_and_supply_add_up_to_the_row(
    duck: DuckDBEngine,
    quantity: float,
    multiplier: Fraction,
    supply: list[float],
    days: set[int],
    profile: str,
) -> None:
    shares = [0.0, *sorted(supply), 1.0]
    times = [FIRST, *(FIRST + timedelta(days=day) for day in sorted(days)), LAST]
    pieces = [(t0, t1, lo, hi) for t0, t1 in pairwise(times) for lo, hi in pairwise(shares)]
    table = rows([quantity])
    names = table.column_names
    table = table.set_column(names.index("profile"), "profile", pa.array([profile]))
    profiled = [leg | {"profile": profile} for leg in legs(float(multiplier), pieces).to_pylist()]
    parts = booked(duck, table, pa.Table.from_pylist(profiled))
    [whole] = booked(duck, rows([quantity]), legs(float(multiplier), WHOLE))
    assert len(parts) == len(pieces)
    assert sum(parts) == whole


@FEW
@given(st.lists(st.integers(-(2**20), 2**20), min_size=1, max_size=20), multipliers)
def test_splitting_a_row_changes_the_total_by_one_milligram_an_entry_at_most(
    duck: DuckDBEngine, eighths: list[int], multiplier: Fraction
) -> None:
    pieces = [count / 8 for count in eighths]
    apart = booked(duck, rows(pieces), legs(float(multiplier), WHOLE))
    [together] = booked(duck, rows([sum(pieces)]), legs(float(multiplier), WHOLE))
    assert abs(sum(apart) - together) <= len(pieces)


@FEW
@given(st.integers(-(10**3), 10**3), multipliers, st.integers(1, 1000))
def test_scaling_by_k_stays_within_half_of_k_plus_one(
    duck: DuckDBEngine, quantity: int, multiplier: Fraction, k: int
) -> None:
    one, many = booked(duck, rows([quantity, quantity * k]), legs(float(multiplier), WHOLE))
    assert abs(many - k * one) <= (k + 1) / 2 + k * abs(quantity) * multiplier / 2**52


@FEW
@given(quantities, multipliers)
def test_a_reversal_takes_back_just_what_was_booked(
    duck: DuckDBEngine, quantity: float, multiplier: Fraction
) -> None:
    there, back = booked(duck, rows([quantity, -quantity]), legs(float(multiplier), WHOLE))
    assert there == -back


@pytest.mark.parametrize("gigatonnes", [0.004, 0.006, 1.001, 9.302])
def test_a_row_too_heavy_for_a_float_is_divided_without_loss(
    duck: DuckDBEngine, gigatonnes: float
) -> None:
    """Each part holds its milligrams; all together differ by no more than one a part."""
    quantity = gigatonnes * 1e9
    mg = Fraction(quantity) * 10**9
    parts = booked(duck, rows([quantity]), legs(1e9, WHOLE))
    assert len(parts) == -(-mg // (5 * 10**15))
    assert abs(sum(parts) - milligrams(mg)) <= len(parts)


def test_a_row_above_ten_gigatonnes_is_refused(duck: DuckDBEngine) -> None:
    with pytest.raises(ValueError, match="10 Gt"):
        booked(duck, rows([1e11]), legs(1e9, WHOLE))
