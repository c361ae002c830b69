"""What a calculation finds stands in the run whose rows it is about, counted there."""

from __future__ import annotations

from builders import FolderBuilder
from linyin.inventory import Inventory


def burns(folder: FolderBuilder, *periods: str, **cells: object) -> FolderBuilder:
    """One row of coal a period, on a draft factor."""
    for period in periods:
        folder.activity(f"coal-{period}", source_type="stationary_combustion", item="coal",
                        quantity=1, unit="t", period=period, **cells)  # fmt: skip
    return folder


def drafted(folder: FolderBuilder) -> FolderBuilder:
    folder.company()
    return folder.factor(
        "f", use="fuel", item="coal", unit="t", co2_kg="2000", status="draft", data_year=2022
    )


def told(inventory: Inventory, code: str) -> list[tuple[int | None, object]]:
    return [(f.at.row, f.fields["rows"]) for f in inventory.findings if f.code == code]


def test_each_year_counts_its_own_rows_and_points_at_the_first_of_them(folder):
    burns(drafted(folder), "2022-05", "2022-06", "2023-01", "2023-02", "2023-03")

    runs = folder.calculate_all(2022, 2023)

    assert [told(run, "factor-draft") for run in runs] == [[(2, 2)], [(4, 3)]]


def test_rows_of_two_contexts_with_one_cause_are_counted_together(folder):
    burns(drafted(folder), "2023-01", "2023-02", technology="boiler")
    burns(folder, "2023-03")

    assert [rows for _, rows in told(folder.calculate(), "factor-draft")] == [3]


def test_a_row_of_two_years_counts_in_both(folder):
    folder.company()
    drafted_rows = {"begin": "2022-12-15", "end": "2023-01-15", "period": ""}
    folder.factor("f", use="fuel", item="coal", unit="t", co2_kg="2000", status="draft")
    burns(folder, "2023-03")
    folder.activity("over", source_type="stationary_combustion", item="coal", quantity=1, unit="t",
                    **drafted_rows)  # fmt: skip

    runs = folder.calculate_all(2022, 2023)

    assert [told(run, "factor-draft") for run in runs] == [[(3, 1)], [(2, 2)]]


def test_a_year_without_rows_of_a_context_is_told_nothing_of_it(folder):
    burns(drafted(folder), "2021-05", "2023-05")
    folder.factor("power", use="grid", item="electricity", unit="kWh", co2_kg="0.5", place="CN")
    folder.electricity("S", 1, period="2022")

    runs = folder.calculate_all(2021, 2022, 2023)

    assert [told(run, "factor-draft") for run in runs] == [[(2, 1)], [], [(3, 1)]]
