"""Write a golden bundle: `python tools/golden.py NAME`.

A golden bundle is made once by a version of the program and replayed by all later ones; an
existing one is never written again. It holds a little of everything that decides a digit.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

from builders import FolderBuilder  # noqa: E402
from linyin.inventory import CalculationRequest, calculate_folder  # noqa: E402

GOLDEN = TESTS / "inventory" / "golden"
PACKS = ("mee-grid-2021-2023", "ipcc-fuels-2006", "ashrae-refrigerants-34", "gbt-heat-32150")


def company(path: Path) -> FolderBuilder:
    """Write a group with every kind of leg: splits, parts, instruments, money, gases, shares."""
    folder = FolderBuilder(path).packs(PACKS)
    folder.config["inventory"] = {"gwp": "AR6-100", "factors_as_of": date(2026, 6, 30)}
    folder.company("S1", "S2", "SHARED", place="CN-GD")
    folder.node("JV", "entity", owner="G", ownership_pct=60, control="joint", place="CN-SH")
    folder.node("A", "entity", owner="G", ownership_pct=30, control="none", place="CN-BJ")
    for site in ("S1", "S2", "SHARED", "JV", "A"):
        for month in range(1, 13):
            folder.electricity(site, 1000 / (month + 2), f"2023-{month:02}")
    folder.certificates("G", 321.123)
    folder.certificates("G", 50, kind="contract", co2_kg_per_kwh="0.0123")
    for target, area in (("S1", 1234.5), ("S2", 777.7)):
        folder.add("allocations", site="SHARED", target=target, key="area", value=area, unit="m2")
    diesel = {"source_type": "mobile_combustion", "item": "diesel", "unit": "L", "site": "S1"}
    folder.activity(
        "fleet", quantity=1234.567, period="", begin="2022-11-05", end="2023-02-11", **diesel
    )
    folder.activity("lease", quantity=987.1, relation="leased_in_operating", **diesel)
    for item, kg in (("R410A", 3.21), ("R22", 4.5), ("SF6", 0.017)):
        folder.activity(item, source_type="fugitive", item=item, quantity=kg, unit="kg", site="S2")
    folder.activity(
        "coal", site="S1", source_type="stationary_combustion", item="anthracite", quantity=17.3,
        unit="t", ncv="24.1 GJ/t", method="carbon_balance",
    )  # fmt: skip
    folder.activity("heat", site="S2", source_type="heat", item="heat", quantity=321.7, unit="GJ")
    folder.factor(
        "chips", use="spend", item="chips", unit="USD", boundary="total", co2e_kg="0.215",
        gwp_set="AR5-100", currency_year=2022, price_basis="purchaser",
    )  # fmt: skip
    folder.activity("po", site="S1", source_type="goods", item="chips", quantity=7.7, unit="万元")
    pair, index = {"from": "CNY", "to": "USD"}, {"from": "USD"}
    folder.add("rates", kind="exchange", **pair, year=2023, value=0.1419, source="illustrative")
    for year, value in ((2022, 292.655), (2023, 304.702)):
        folder.add("rates", kind="price_index", **index, year=year, value=value, source="CPI-U")
    folder.factor("grid-eu", use="grid", item="electricity", unit="kWh", place="DE", co2_kg="0.381")
    folder.activity(
        "sold", site="S1", source_type="product_use", item="electricity", technology="router",
        quantity=4_321_000, unit="piece", place="DE", power="123.4 W",
        hours_per_year="8760 h/year", lifetime="9 year",
    )  # fmt: skip
    return folder


def main() -> None:
    """Write one bundle."""
    target = GOLDEN / sys.argv[1]
    if target.exists():
        sys.exit(f"{target} exists: golden bundles are never written again")
    with tempfile.TemporaryDirectory() as work:
        path = company(Path(work) / "folder").write()
        (inventory,) = calculate_folder(path, CalculationRequest((2023,)), out=target)
    print(inventory.path, inventory.manifest.rows, inventory.manifest.content)


if __name__ == "__main__":
    main()
