"""The IPCC 2006 fuel pack: per GJ net, and per t, L and Nm3 where a heat value is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pack_io import Row, facts, inputs, number, significant, status, weakest, write_factors
from uk_fuels import WORKBOOK, UkFuel, uk_fuels

SECTORS = {
    "2.2 energy industries": "energy_industries",
    "2.3 manufacturing industries and construction": "manufacturing",
    "2.4 commercial/institutional": "commercial",
    "2.5 residential and agriculture/forestry/fishing": "residential",
}
IPCC = "2006 IPCC Guidelines, vol. 2"
COMMON = {
    "use": "fuel",
    "boundary": "combustion",
    "basis": "average",
    "data_year": "2006",
    "published": "2006-10-01",
    "publisher": "IPCC",
    "release": "2006",
    "licence": "facts; cite the 2006 IPCC Guidelines",
}
GASES = {"CO2": "co2", "CH4": "ch4", "N2O": "n2o"}
LIQUIDS = frozenset(
    {
        "aviation_gasoline",
        "biodiesel",
        "diesel",
        "jet_kerosene",
        "kerosene",
        "lpg",
        "lubricants",
        "naphtha",
        "petrol",
        "residual_fuel_oil",
        "waste_oils",
    }
)
"""Fuels sold by volume whose density has a source."""

PER_GJ = Decimal(1000)
"""kg/TJ to kg/GJ."""


@dataclass(frozen=True)
class Quantity:
    """A default of the guidelines with its 95 % interval and where it stands."""

    value: Decimal
    source: str
    evidence: str
    copies: int
    low: Decimal | None = None
    high: Decimal | None = None
    note: str = ""

    @classmethod
    def of(cls, fact: Row) -> Quantity:
        """Read a fact; an interval counts only with both ends."""
        ends = fact["range_lower"], fact["range_upper"]
        low, high = map(Decimal, ends) if all(ends) else (None, None)
        return cls(
            Decimal(fact["value"]),
            fact["source"],
            fact["evidence"],
            int(fact["copies_read"]),
            low,
            high,
            fact["note"],
        )

    def relative(self) -> tuple[Decimal, Decimal]:
        """Return the half-widths below and above as fractions; 0 where none is known."""
        if self.low is None or self.high is None:
            return Decimal(0), Decimal(0)
        return 1 - self.low / self.value, self.high / self.value - 1


@dataclass(frozen=True)
class Burning:
    """A fuel burnt in one way: its gases per GJ net."""

    item: str
    technology: str
    gases: Mapping[str, Quantity]
    biogenic: bool = False
    name_en: str = ""
    name_zh: str = ""
    note: str = ""
    doubtful: bool = False


@dataclass(frozen=True)
class Heat:
    """Heat of one unit of a fuel, for a derived row."""

    unit: str
    suffix: str
    gj: Decimal
    sources: tuple[Quantity, ...]
    words: str
    place: str = "world"


@dataclass
class Tables:
    """The facts, by fuel group, fuel, sector and quantity."""

    facts: dict[tuple[bool, str, str, str], Quantity] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Tables:
        """Read the fact table."""
        tables = cls()
        for fact in facts("fuels_ipcc2006"):
            key = fact["fuel_group"] == "mobile", fact["fuel"], fact["sector"], fact["quantity"]
            tables.facts[key] = Quantity.of(fact)
        return tables

    def stationary(self, fuel: str, sector: str, quantity: str) -> Quantity | None:
        """Return a default of chapters 1 and 2."""
        return self.facts.get((False, fuel, sector, quantity))

    def mobile(self, fuel: str, sector: str, quantity: str) -> Quantity:
        """Return a default of chapter 3."""
        return self.facts[True, fuel, sector, quantity]


def stationary(tables: Tables) -> Iterator[Burning]:
    """Yield every fuel in every sector of tables 2.2 to 2.5."""
    for fuel in inputs("fuel_items"):
        name = fuel["ipcc_fuel"]
        if not name:
            continue
        biogenic = fuel["origin"] == "biogenic"
        co2 = tables.stationary(name, "all", "CO2 (biogenic)" if biogenic else "CO2")
        for sector, technology in SECTORS.items():
            gases = {
                "CO2": co2,
                "CH4": tables.stationary(name, sector, "CH4"),
                "N2O": tables.stationary(name, sector, "N2O"),
            }
            known = {gas: quantity for gas, quantity in gases.items() if quantity}
            if len(known) < len(gases):
                raise ValueError(f"{name}, {sector}: only {sorted(known)}")
            names = fuel["name_en"], fuel["name_zh"]
            yield Burning(fuel["item"], technology, known, biogenic, *names)


def mobile(tables: Tables) -> Iterator[Burning]:
    """Yield the ways of chapter 3 that have all three gases (inputs/mobile_fuels.csv).

    A missing CO2 is the same fuel's of table 1.4: chapter 3 repeats that table.
    """
    names = {fuel["item"]: fuel for fuel in inputs("fuel_items")}
    for way in inputs("mobile_fuels"):
        fuel, sector = names[way["item"]], way["sector"]
        co2 = tables.facts.get((True, way["co2_fuel"], sector, "CO2"))
        if co2 is None or co2.evidence == "remembered":
            co2 = tables.stationary(fuel["ipcc_fuel"], "all", "CO2")
        if co2 is None:
            raise ValueError(f"{way['item']}, {sector}: no CO2")
        gases = {
            "CO2": co2,
            "CH4": tables.mobile(way["gas_fuel"], sector, "CH4"),
            "N2O": tables.mobile(way["gas_fuel"], sector, "N2O"),
        }
        yield Burning(
            way["item"],
            way["technology"],
            gases,
            name_en=fuel["name_en"],
            name_zh=fuel["name_zh"],
            note=way["note"],
            doubtful=way["status"] == "draft",
        )


def heats(tables: Tables, uk: Mapping[str, UkFuel]) -> dict[str, list[Heat]]:
    """Return the heat of a t, L and Nm3 of each fuel, as far as there is a source."""
    found: dict[str, list[Heat]] = {}
    gas_ncv = _chinese_gas()
    for fuel in inputs("fuel_items"):
        name = {"cng": "Natural Gas", "lng": "Natural Gas"}.get(fuel["item"], fuel["ipcc_fuel"])
        ncv = tables.stationary(name, "all", "net calorific value")
        if ncv is None:
            continue
        here = [Heat("t", "t", ncv.value, (ncv,), f"NCV {number(ncv.value)} GJ/t ({_short(ncv)})")]
        density = uk[fuel["uk_fuel"]].density_kg_m3 if fuel["uk_fuel"] in uk else None
        if density and fuel["item"] in LIQUIDS:
            words = f"density {number(density)} kg/m3 (UK government 2024, Fuel properties)"
            mass = Quantity(density, WORKBOOK, "file", 1)
            gj = ncv.value * density / 1_000_000
            here.append(Heat("L", "l", gj, (ncv, mass), f"{here[0].words}, {words}"))
        if fuel["item"] == "natural_gas":
            words = f"NCV {number(gas_ncv.value)} GJ/10^4 Nm3 (NDRC guideline default)"
            here.append(Heat("Nm3", "nm3", gas_ncv.value / 10_000, (gas_ncv,), words, "CN"))
        found[fuel["item"]] = here
    return found


def _chinese_gas() -> Quantity:
    for fact in facts("fuels_china"):
        if (fact["table_id"], fact["fuel"], fact["quantity"]) == (
            "A",
            "natural gas",
            "net calorific value",
        ):
            return Quantity(
                Decimal(fact["value"]), fact["source"], fact["evidence"], int(fact["copies_read"])
            )
    raise ValueError("no net calorific value of natural gas in table A")


def _short(quantity: Quantity) -> str:
    return quantity.source.replace("IPCC 2006 Guidelines, Vol. 2 (Energy) ", f"{IPCC}, ")


def row(burning: Burning, heat: Heat | None = None) -> Row:
    """Return the factor of a way of burning, per GJ net or per unit of `heat`."""
    parts = [*burning.gases.values(), *(heat.sources if heat else ())]
    evidence = weakest(part.evidence for part in parts)
    per = f"-per-{heat.suffix}" if heat else ""
    made = COMMON | {
        "factor_id": f"ipcc-2006-{burning.item}-{burning.technology}{per}",
        "name_en": f"{burning.name_en}, {burning.technology.replace('_', ' ')}",
        "name_zh": burning.name_zh,
        "item": burning.item,
        "technology": burning.technology,
        "unit": heat.unit if heat else "GJ net",
        "place": heat.place if heat else "world",
        "correlation_group": f"ipcc-2006-{burning.item}",
        "source": "; ".join(dict.fromkeys(_short(gas) for gas in burning.gases.values())),
        "evidence": evidence,
        "copies_read": str(min(part.copies for part in parts)),
        "status": "draft" if burning.doubtful else status(evidence),
        "note": "; ".join(filter(None, (_derived(heat), burning.note))),
    }
    for gas, quantity in burning.gases.items():
        made |= _gas(gas, quantity, burning.biogenic, heat)
    if any(made.get(f"{gas}_low_kg") for gas in GASES.values()):
        made["uncertainty_evidence"] = "remembered"
    return made


def _derived(heat: Heat | None) -> str:
    return f"derived from the factor per GJ net: {heat.words}" if heat else ""


def _gas(gas: str, quantity: Quantity, biogenic: bool, heat: Heat | None) -> Row:
    column = GASES[gas]
    gj = heat.gj if heat else Decimal(1)
    value = quantity.value / PER_GJ * gj
    own = f"{column}_biogenic_kg" if biogenic and gas != "N2O" else f"{column}_kg"
    cells = {own: number(significant(value, 12))}
    if quantity.low is None or (biogenic and gas == "CO2"):
        return cells
    parts = [quantity, *(heat.sources if heat else ())]
    below, above = (sum(r[end] ** 2 for r in map(Quantity.relative, parts)) for end in (0, 1))
    low, high = 1 - Decimal(below).sqrt(), 1 + Decimal(above).sqrt()
    return cells | {
        f"{column}_low_kg": number(significant(max(low, Decimal(0)) * value, 4)),
        f"{column}_high_kg": number(significant(high * value, 4)),
    }


def rows() -> Iterator[Row]:
    """Yield the pack: every way of burning per GJ net, then per unit of the fuel."""
    tables = Tables.load()
    heat = heats(tables, uk_fuels())
    for burning in (*stationary(tables), *mobile(tables)):
        yield row(burning)
        for unit in heat.get(burning.item, ()):
            yield row(burning, unit)


def build(out: Path) -> None:
    """Write the pack."""
    write_factors(out / "ipcc-fuels-2006.csv", rows())
