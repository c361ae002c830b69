"""Actual rows supersede estimates from the moment they are there."""

from __future__ import annotations

from linyin.inventory.estimate import estimate


def test_actual_bill_takes_the_place_of_the_estimate_of_its_month(folder):
    folder.company("S").packs(("mee-grid-2021-2023",))
    for month in range(1, 13):
        if month != 5:
            folder.electricity("S", 100, f"2023-{month:02}")
    report = estimate(folder.write(), year=2023)
    assert [filled.external_id for filled in report.filled]
    guessed = folder.calculate(2023).by_line("location")["2.1"]

    folder.electricity("S", 250, "2023-05")
    billed = folder.calculate(2023)

    assert 1190 * 441_900_000 < guessed < 1210 * 441_900_000
    assert billed.by_line("location")["2.1"] == 1350 * 441_900_000
    assert [f.code for f in billed.findings if f.code == "estimate-superseded"]
