"""Every method of every source type gives what its formula says, input by input."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import pytest

from builders import FolderBuilder, role_total
from linyin.ledger.methods import load

MG = 1_000_000


@dataclass(frozen=True)
class Case:
    """A row, its factor, and the result that the formula gives by hand. [kg CO2e]"""

    source_type: str
    method: str
    quantity: str
    unit: str
    kg: Fraction
    line: str
    inputs: dict[str, str] = field(default_factory=dict)
    use: str = ""
    factor_unit: str = ""
    factor_kg: str = "0.5"
    boundary: str = "combustion"
    basis: str = "average"
    relation: str = ""
    role: str = "reported"
    item: str = "thing"

    def __str__(self) -> str:
        return f"{self.source_type}-{self.method}-{self.use}".rstrip("-")


F = Fraction
ENERGY = {"power": "100 W", "hours_per_year": "8760 h/year", "lifetime": "5 year"}
CASES = [
    Case("stationary_combustion", "fuel", "10", "t", F(5000), "1.1", use="fuel", factor_unit="kg"),
    Case(
        "stationary_combustion", "carbon_balance", "10", "t",
        F(10) * 20 * F("0.025") * F("0.98") * F(44, 12) * 1000, "1.1", item="coal",
        inputs={"ncv": "20 GJ/t", "carbon_content": "0.025 t/GJ", "oxidation": "98 %"},
    ),
    Case("mobile_combustion", "fuel", "40", "L", F(20), "1.2", use="fuel", factor_unit="L"),
    Case(
        "mobile_combustion", "carbon_balance", "40", "L",
        F(40) * F("0.84") * 42 * F("0.02") * F("0.98") * F(44, 12), "1.2", item="diesel",
        inputs={"density": "0.84 kg/L", "ncv": "42 GJ/t", "carbon_content": "0.02 t/GJ",
                "oxidation": "98 %"},
    ),
    Case(
        "mobile_combustion", "distance", "300", "km", F(150), "1.2", use="travel", factor_unit="km"
    ),
    Case(
        "mobile_combustion", "fuel_economy", "300", "km", F(300) * F("0.08") / 2, "1.2",
        inputs={"fuel_economy": "8 L/100km"}, use="fuel", factor_unit="L",
    ),
    Case("process", "process", "7", "t", F(3500), "1.3", use="process", factor_unit="kg"),
    Case("fugitive", "release", "3", "kg", F("1.5"), "1.4", use="fugitive", factor_unit="kg"),
    Case(
        "fugitive", "screening", "4", "piece", F(4) * 2 * F("0.1") * F("0.5"), "1.4",
        inputs={"charge": "2 kg", "leak_rate": "10 %/year", "years": "1 year"},
        use="fugitive", factor_unit="kg",
    ),
    Case("electricity", "grid", "5", "MWh", F(2500), "2.1", use="grid", factor_unit="kWh"),
    Case("heat", "heat", "5", "GJ", F("2.5"), "2.2", use="heat", factor_unit="GJ"),
    Case("steam", "heat", "5", "GJ", F("2.5"), "2.2", use="heat", factor_unit="GJ"),
    Case("cooling", "heat", "5", "GJ", F("2.5"), "2.2", use="heat", factor_unit="GJ"),
    Case(
        "electricity_sold_on", "sold_on", "5", "MWh", F(2500), "3.3", use="grid", factor_unit="kWh"
    ),
    Case(
        "electricity_exported", "export", "5", "MWh", F(-2500), "2.1", use="grid",
        factor_unit="kWh", role="memo",
    ),
    Case(
        "heat_exported", "export", "5", "GJ", F("-2.5"), "2.2", use="heat", factor_unit="GJ",
        role="memo",
    ),
    *(
        Case(source, "spend", "9", "USD", F("4.5"), line, use="spend", factor_unit="USD",
             boundary="total")
        for source, line in (
            ("goods", "3.1"), ("services", "3.1"), ("capital_goods", "3.2"),
            ("inbound_freight", "3.4"), ("outbound_freight", "3.9"), ("inbound_storage", "3.4"),
            ("outbound_storage", "3.9"), ("business_travel", "3.6"), ("hotel", "3.6"),
        )
    ),
    *(
        Case(source, "supplier", "9", "kg", F("4.5"), line, use="goods", factor_unit="kg",
             boundary="total", basis="supplier")
        for source, line in (("goods", "3.1"), ("services", "3.1"), ("capital_goods", "3.2"))
    ),
    *(
        Case(source, "hybrid", "9", "kg", F("4.5"), line, use="waste", factor_unit="kg",
             boundary="total", basis="supplier")
        for source, line in (("goods", "3.1"), ("services", "3.1"), ("capital_goods", "3.2"))
    ),
    *(
        Case(source, "average", "9", "piece", F(9) * 2 * F("0.5"), line,
             inputs={"mass_per_unit": "2 kg"}, use="goods", factor_unit="kg", boundary="total")
        for source, line in (("goods", "3.1"), ("services", "3.1"), ("capital_goods", "3.2"))
    ),
    *(
        Case(source, "distance", "9", "t", F(9) * 120 * F("0.5"), line,
             inputs={"distance": "120 km"}, use="freight", factor_unit="t·km")
        for source, line in (("inbound_freight", "3.4"), ("outbound_freight", "3.9"))
    ),
    *(
        Case(source, "fuel", "9", "L", F("4.5"), line, use="fuel", factor_unit="L")
        for source, line in (
            ("inbound_freight", "3.4"), ("outbound_freight", "3.9"), ("business_travel", "3.6"),
            ("commuting", "3.7"),
        )
    ),
    *(
        Case(source, "site_specific", "9", "kWh", F("4.5"), line, use="grid", factor_unit="kWh")
        for source, line in (
            ("inbound_storage", "3.4"), ("outbound_storage", "3.9"), ("processing", "3.10"),
        )
    ),
    *(
        Case(source, "average", "9", "m3", F(9) * 4 * F("0.5"), line, inputs={"days": "4 day"},
             use="storage", factor_unit="m3·day")
        for source, line in (("inbound_storage", "3.4"), ("outbound_storage", "3.9"))
    ),
    *(
        Case(source, "supplier", "9", "t", F(4500), "3.5", use=use, factor_unit="kg",
             boundary="total", basis="supplier")
        for source, use in (("waste", "waste"), ("wastewater", "water"))
    ),
    *(
        Case(source, "waste_type", "9", "t", F(4500), "3.5", use=use, factor_unit="kg",
             boundary="total")
        for source, use in (("waste", "waste"), ("wastewater", "water"))
    ),
    *(
        Case(source, "average", "9", "t", F(4500) / 4, "3.5", inputs={"share": "25 %"}, use=use,
             factor_unit="kg", boundary="total")
        for source, use in (("waste", "waste"), ("wastewater", "water"))
    ),
    *(
        Case(source, "distance", "9", "person", F(9) * 30 / 3 * F("0.5"), line,
             inputs={"distance": "30 km", "occupancy": "3 person/vehicle"}, use="travel",
             factor_unit="vehicle·km")
        for source, line in (("business_travel", "3.6"), ("commuting", "3.7"))
    ),
    Case("hotel", "nights", "9", "room·night", F("4.5"), "3.6", use="hotel",
         factor_unit="room·night"),
    Case("commuting", "average", "9", "person", F(9) * 220 * F("0.5"), "3.7",
         inputs={"trips": "220"}, use="commuting", factor_unit="person"),
    *(
        Case("commuting", "distance", "100", unit, F(100) * 10 * 220 * F(trips) * F("0.5"), "3.7",
             inputs={"distance": "10 km", "days": "220 day"} | stated, use="commuting",
             factor_unit="person·km")
        for unit, trips, stated in (
            ("person", 1, {}), ("person", 2, {"trips": "2"}), ("person/day", 1, {}),
        )
    ),
    Case("telework", "telework", "100", "person", F(100) * 8 * 90 * F("0.5"), "3.7",
         inputs={"hours": "8 h", "days": "90 day"}, use="telework", factor_unit="person·h"),
    Case("telework", "telework", "100", "piece", F(100) * F("0.15") * 8 * 90 * F("0.5"), "3.7",
         inputs={"power": "150 W", "hours": "8 h", "days": "90 day"}, use="grid",
         factor_unit="kWh"),
    Case("telework", "telework", "100", "person", F(100) * 90 * F("0.5"), "3.7",
         inputs={"days": "90 day"}, use="telework", factor_unit="person·day"),
    Case("telework", "telework", "9", "h", F("4.5"), "3.7", use="telework", factor_unit="h"),
    Case("leased_asset", "lessor_specific", "9", "kgCO2e", F(9) * 40 / 160, "3.8",
         inputs={"allocated_area": "40 m2", "total_area": "160 m2"},
         relation="leased_in_operating"),
    Case("leased_asset", "average", "9", "m2", F(9) * F("0.5") * 2, "3.13",
         inputs={"years": "2 year"}, use="leased", factor_unit="m2·year",
         relation="leased_out_finance"),
    Case("processing", "average", "9", "kg", F("4.5"), "3.10", use="processing",
         factor_unit="kg"),
    *(
        Case("product_use", method, "9", "piece", F(9) * F("0.1") * 8760 * 5 * F("0.5"), "3.11",
             inputs=ENERGY, use="grid", factor_unit="kWh")
        for method in ("direct_energy", "indirect", "intermediate")
    ),
    Case("product_use", "direct_fuel", "9", "L", F("4.5"), "3.11", use="fuel", factor_unit="L"),
    Case("product_use", "per_product", "9", "piece", F(9) * 100 * F("0.5"), "3.11",
         inputs={"uses": "100"}, use="product_use", factor_unit="1"),
    Case("product_use", "contained_gas", "9", "piece", F(9) * F("0.2") * F("0.3") * F("0.5"),
         "3.11", inputs={"gas_per_unit": "200 g", "release_share": "30 %"}, use="fugitive",
         factor_unit="kg"),
    *(
        Case("end_of_life", "waste_type", "9", "piece", F(9) * 2 * F("0.7") * F("0.5"), "3.12",
             inputs={"mass_per_unit": "2 kg", "share": "70 %"}, use=use, factor_unit="kg")
        for use in ("waste", "end_of_life")
    ),
    Case("franchise", "specific", "9", "tCO2e", F(9000), "3.14"),
    Case("franchise", "average", "9", "m2", F("4.5"), "3.14", use="franchise",
         factor_unit="m2"),
    Case("investment", "equity_specific", "9", "tCO2e", F(9000) / 5, "3.15",
         inputs={"ownership_share": "20 %"}),
    Case("investment", "equity_average", "9", "USD", F("4.5") / 5, "3.15",
         inputs={"ownership_share": "20 %"}, use="investment", factor_unit="USD",
         boundary="total"),
    Case("investment", "debt_known_use", "9", "tCO2e", F(9000) / 5, "3.15",
         inputs={"ownership_share": "20 %"}),
    Case("investment", "project_finance", "9", "tCO2e", F(9000) / 5, "3.15",
         inputs={"ownership_share": "20 %"}),
    Case("project_lifetime", "lifetime", "9", "tCO2e/year", F(9000) * 30 / 5, "3.15",
         inputs={"ownership_share": "20 %", "lifetime": "30 year"}, role="memo"),
    Case("removal", "removal", "9", "t", F(4500), "1.3", use="process", factor_unit="kg",
         boundary="total"),
]  # fmt: skip


def write(folder: FolderBuilder, case: Case, **changed: str) -> FolderBuilder:
    folder.company("S")
    supplier = "acme" if case.basis == "supplier" else ""
    folder.activity(
        "row",
        source_type=case.source_type,
        item=case.item,
        method=case.method,
        relation=case.relation,
        counterparty=supplier,
        quantity=case.quantity,
        unit=case.unit,
        flow="removal" if case.source_type == "removal" else "emission",
        **(case.inputs | changed),
    )
    if case.use:
        folder.factor(
            "f",
            use=case.use,
            item=case.item,
            unit=case.factor_unit,
            boundary=case.boundary,
            basis=case.basis,
            supplier=supplier,
            co2e_kg=case.factor_kg,
            gwp_set="AR5-100",
        )
    return folder


@pytest.mark.parametrize("case", CASES, ids=str)
def test_method_gives_what_its_formula_says(folder, case):
    inventory = write(folder, case).calculate(2023)

    booked = role_total(inventory, case.role)
    losses = {"3.3"} if case.source_type == "electricity" else set()
    assert set(booked) - losses == {case.line}
    assert abs(booked[case.line] - case.kg * MG) <= 1


@pytest.mark.parametrize(
    ("case", "name"),
    [(case, name) for case in CASES for name in case.inputs],
    ids=lambda value: str(value),
)
def test_doubling_one_input_moves_the_result_by_the_formula(folder, case, name):
    number, _, unit = case.inputs[name].partition(" ")
    doubled = f"{format(float(number) * 2, 'g')} {unit}".strip()
    factor = F(1, 2) if name in ("occupancy", "total_area") else F(2)

    inventory = write(folder, case, **{name: doubled}).calculate(2023)

    booked = role_total(inventory, case.role)[case.line]
    assert abs(booked - case.kg * factor * MG) <= 1


def test_every_method_of_the_table_has_a_case():
    tried = {(case.source_type, case.method) for case in CASES}
    known = {(source, m.name) for m in load() for source in m.source_types}

    assert known == tried
