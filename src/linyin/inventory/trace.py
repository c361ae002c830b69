"""Tracing an entry: back to the row and its evidence, forward through every step to its mass.

    M    = quantity × Π inputs × Π terms of the leg             [mg CO2e]
    mass = R(M·b) − R(M·a),  [a, b) = the part of the row that the leg covers

Every term is exact (a fraction), so their product can be redone by hand; the same product in
the order and the floats of the engine gives the entry's milligrams, and both are compared.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from linyin.inventory.posting import UNSTATED
from linyin.lake import BadInput, Finding, Where
from linyin.ledger import (
    MG_PER_KG,
    Factor,
    Unit,
    amount_unit,
    convert_unit,
    cross_bridges,
    factor_multipliers,
    gwp_of,
    load_source_types,
    named_inputs,
    parse_unit,
    recorded_steps,
)
from linyin.organization import Allocations, Profiles

if TYPE_CHECKING:
    from linyin.inventory.inventory import Inventory

__all__ = ["Gas", "SharedPart", "Term", "Traced", "count_entries", "trace"]

SHOWN: Final = 12
_FIND: Final = """
    SELECT * FROM entries WHERE source = $source AND external_id = $id
    AND ($leg IS NULL OR leg = $leg)
    AND ($sites IS NULL OR list_contains($sites, booked_site)) ORDER BY leg, part LIMIT $limit
"""


@dataclass(frozen=True, slots=True)
class Term:
    """One number of the product.

    Attributes
    ----------
    kind
        `quantity`, `input`, `pieces`, `parts`, `conversion`, `step`, `factor`, `instrument`,
        `co2e`, `share`, `sign` or `mg`.
    name
        Which input, step, factor or instrument.
    value
        The number that multiplies (a divisor is inverted).
    unit
        Its unit, as far as it has one.
    source
        Who says so.
    divides
        Whether the input itself, 1/`value`, divides.

    """

    kind: str
    name: str
    value: Fraction
    unit: str = ""
    source: str = ""
    divides: bool = False


@dataclass(frozen=True, slots=True)
class Gas:
    """What one gas of a factor adds to its CO2e: mass × GWP. [kg, kg CO2e per kg]"""

    gas: str
    kg: Fraction
    gwp: Fraction


@dataclass(frozen=True, slots=True)
class SharedPart:
    """Who uses the part of a shared supply that an entry books, and by what key.

    Attributes
    ----------
    node
        Who uses it; the site itself where `key` is `rest`.
    key
        `area`, `heads`, `submeter`, `share` (value in %), or `rest`: what no target uses.
    value, unit, total
        What the key is for the node, and for all; None for `rest`.

    """

    node: str
    key: str
    value: Fraction | None = None
    unit: str = ""
    total: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Traced:
    """An entry, where it comes from, and its mass worked out again.

    Attributes
    ----------
    id
        `source/external_id@leg`, with `.part` where a row was divided.
    entry, activity, leg : mapping
        Their rows in the bundle.
    factor : Factor, optional
        None where the activity states CO2e or carbon itself, or an instrument covers it.
    terms
        Their product is the mass of the whole row. [mg CO2e]
    gases
        What the factor's CO2e is made of.
    part
        `[a, b)`, the part of the row that the leg covers. [-]
    co2e_mg
        The mass worked out again.
    gwp_set
        GWP set of the run; a CO2e that the publisher states stands on `factor.gwp_set`.
    shared
        Whose part of a shared supply it is; None where the site keeps all.

    """

    id: str
    entry: Mapping[str, Any]
    activity: Mapping[str, Any]
    leg: Mapping[str, Any]
    factor: Factor | None
    terms: tuple[Term, ...]
    gases: tuple[Gas, ...]
    part: tuple[float, float]
    co2e_mg: int
    gwp_set: str
    shared: SharedPart | None = None

    @property
    def product(self) -> Fraction:
        """Exact product of the terms. [mg CO2e]"""
        return math.prod((term.value for term in self.terms), start=Fraction(1))

    @property
    def multiplier(self) -> Fraction:
        """Exact product of the leg's terms: without quantity and inputs. [mg CO2e per unit]"""
        own = (t.value for t in self.terms if t.kind not in ("quantity", "input", "parts"))
        return math.prod(own, start=Fraction(1))

    @property
    def same(self) -> bool:
        """Whether row and factor give the entry's mass again, and the terms its multiplier."""
        stored = float(self.leg["k_co2e_mg"])
        near = math.isclose(float(self.multiplier), stored, rel_tol=1e-12, abs_tol=1e-12)
        return near and self.co2e_mg == self.entry["co2e_mg"]

    @property
    def reason(self) -> str:
        """Why the row was revised; '' = nobody said."""
        reason = self.activity["revision_reason"] if self.entry["revision"] > 1 else ""
        return "" if reason == UNSTATED else str(reason)

    @property
    def where(self) -> Where:
        """The row of the file."""
        return Where(self.activity["_file"], self.activity["_sheet"], self.activity["_row"])


def _split(entry: str) -> tuple[str, str, int | None]:
    """Read `source/external_id[@leg]`."""
    name, at, leg = entry.rpartition("@")
    if not at or not leg.isdigit():
        name, leg = entry, ""
    source, slash, external_id = name.partition("/")
    if not slash or not source or not external_id:
        raise BadInput([Finding("entry-broken", "error", fields={"value": entry})])
    return source, external_id, int(leg) if leg else None


def count_entries(inventory: Inventory, entry: str) -> int:
    """Count the entries that an id stands for."""
    source, external_id, leg = _split(entry)
    rows = inventory.query(
        "SELECT count(*) AS n FROM entries WHERE source = $source AND external_id = $id "
        "AND ($leg IS NULL OR leg = $leg)",
        {"source": source, "id": external_id, "leg": leg},
    ).to_pylist()
    return int(rows[0]["n"])


def trace(
    inventory: Inventory, entry: str, *, limit: int = SHOWN, sites: Collection[str] | None = None
) -> list[Traced]:
    """Trace the entries of an activity, or one of them.

    Parameters
    ----------
    inventory : Inventory
    entry : str
        `source/external_id` or `source/external_id@leg`.
    limit : int
        How many entries at most.
    sites : collection of str, optional
        Codes of the nodes whose entries there are, for who may know of no others.

    Raises
    ------
    BadInput
        If the id cannot be read, or the bundle has no such entry.

    """
    source, external_id, leg = _split(entry)
    seen = None if sites is None else sorted(sites)
    asked = {"source": source, "id": external_id, "leg": leg, "limit": limit, "sites": seen}
    rows = inventory.query(_FIND, asked).to_pylist()
    if not rows:
        known = _near(inventory, f"{source}/{external_id}", seen)
        fields = {"value": entry, "expected": known or "-"}
        at = Where(inventory.path.name)
        raise BadInput([Finding("entry-unknown", "error", at, fields)])
    activity = inventory.query(
        "SELECT * FROM activities WHERE source = $1 AND external_id = $2", [source, external_id]
    ).to_pylist()[0]
    found, _ = Profiles.from_rows(inventory.query("SELECT * FROM profiles").to_pylist())
    return [_Tracer(inventory, activity, row, found).traced() for row in rows]


def _near(inventory: Inventory, activity: str, sites: list[str] | None) -> str:
    rows = inventory.query(
        "SELECT DISTINCT source || '/' || external_id AS id, "
        "jaro_winkler_similarity(source || '/' || external_id, $activity) AS near FROM entries "
        "WHERE $sites IS NULL OR list_contains($sites, booked_site) "
        "ORDER BY near DESC, id LIMIT 3",
        {"activity": activity, "sites": sites},
    ).to_pylist()
    return ", ".join(row["id"] for row in rows)


class _Tracer:
    """Works one entry out again."""

    def __init__(
        self,
        inventory: Inventory,
        activity: Mapping[str, Any],
        entry: Mapping[str, Any],
        profiles: Profiles,
    ) -> None:
        self.inventory, self.activity, self.entry = inventory, activity, entry
        self.profiles = profiles
        self.leg = self._row("SELECT * FROM legs WHERE leg = $1", entry["leg"])
        self.stated = sorted(filter(None, activity["inputs"].split(",")))
        self.factor = self._factor()

    def _row(self, sql: str, value: Any) -> Mapping[str, Any]:
        row: Mapping[str, Any] = self.inventory.query(sql, [value]).to_pylist()[0]
        return row

    def _factor(self) -> Factor | None:
        if not self.leg["factor_id"]:
            return None
        rows = self.inventory.query(
            "SELECT * FROM factors WHERE factor_id = $1 AND pack = $2",
            [self.leg["factor_id"], self.leg["pack"]],
        ).to_pylist()
        return Factor.from_row(rows[0], rows[0]["pack"], rows[0]["priority"])

    def traced(self) -> Traced:
        parts = self._parts()
        terms = (*self._amount_terms(parts), *self._leg_terms())
        a, b = self._part()
        mass = self._amount(parts) * self.leg["k_co2e_mg"]
        redone = _rounded(mass * b) - (_rounded(mass * a) if a else 0)
        entry, suffix = self.entry, f".{self.entry['part']}" if parts > 1 else ""
        return Traced(
            id=f"{entry['source']}/{entry['external_id']}@{entry['leg']}{suffix}",
            entry=entry,
            activity=self.activity,
            leg=self.leg,
            factor=self.factor,
            terms=terms,
            gases=tuple(self._gases()),
            part=(a, b),
            co2e_mg=redone,
            gwp_set=self.inventory.run["gwp"],
            shared=self._shared(),
        )

    def _shared(self) -> SharedPart | None:
        leg, row = self.leg, self.activity
        node = leg["booked_site"]
        if node == row["site"] and (leg["lo"], leg["hi"]) == (0.0, 1.0):
            return None
        rows = self.inventory.query("SELECT * FROM allocations").to_pylist()
        allocations, _ = Allocations.from_rows(rows, self.inventory.metrics)
        day = max(row["begin"], leg["leg_from"])
        stated = allocations.stated(row["site"], row["item"], row["supply"], day)
        for of, value, unit in stated:
            if of.target == node:
                total = Fraction(100) if of.key == "share" else sum(v for _, v, _ in stated)
                whole = None if of.key == "submeter" else Fraction(total)
                return SharedPart(node, of.key, value, unit, whole)
        return SharedPart(node, "rest")

    def _parts(self) -> int:
        key = self.entry
        row = self.inventory.query(
            "SELECT count(*) AS n FROM entries WHERE source = $1 AND external_id = $2 AND leg = $3",
            [key["source"], key["external_id"], key["leg"]],
        ).to_pylist()[0]
        return int(row["n"])

    def _amount(self, parts: int) -> float:
        """Multiply and divide as the engine does: multiplied inputs by name, then divided."""
        amount: float = self.activity["quantity"]
        for operation in ("multiply", "divide"):
            for name in (n for n in self.stated if named_inputs()[n].operation == operation):
                value = self.activity[name]
                amount = amount * value if operation == "multiply" else amount / value
        return amount / parts if parts > 1 else amount

    def _part(self) -> tuple[float, float]:
        row, leg = self.activity, self.leg
        begin, end = row["begin"], row["end"]
        t0, t1 = 0.0, 1.0
        if begin < leg["leg_from"] or end > leg["leg_to"]:
            t0 = self._elapsed(max(begin, leg["leg_from"]))
            t1 = self._elapsed(min(end, leg["leg_to"]))
        lo, hi = leg["lo"], leg["hi"]
        return t0 * (1.0 - lo) + t1 * lo, t0 * (1.0 - hi) + t1 * hi

    def _elapsed(self, day: date) -> float:
        row = self.activity
        return float(self.profiles.elapsed(row["profile"], row["begin"], row["end"], day))

    def _amount_terms(self, parts: int) -> Iterator[Term]:
        row = self.activity
        yield Term("quantity", "", _exact(row["quantity"]), row["unit"])
        for name in self.stated:
            known, value = named_inputs()[name], _exact(row[name])
            if known.operation == "divide":
                yield Term("input", name, 1 / value, known.unit.code, divides=True)
            else:
                yield Term("input", name, value, known.unit.code)
        if parts > 1:
            yield Term("parts", "", Fraction(1, parts))

    def _leg_terms(self) -> Iterator[Term]:
        unit = parse_unit(self.leg["unit"])
        _, scale = amount_unit(self.activity["unit"], frozenset(self.stated))
        if scale != 1:
            yield Term("pieces", self.activity["unit"], scale)
        recorded = recorded_steps(self.leg["steps"])
        steps = [Term("step", s.step, s.value, s.unit, s.source) for s in recorded]
        bridged, _ = cross_bridges(unit, recorded)
        if bridged != unit:
            yield steps.pop(0)
            unit = bridged
        if self.leg["instrument"]:
            yield from self._of_instrument(unit, steps)
        elif self.factor is None and steps:
            yield from _of_carbon(unit, steps)
        elif self.factor is None:
            like = "kgCO2e" if unit.kind == "co2e" else "kgCO2e/year"
            yield _conversion(unit, parse_unit(like))
            yield Term("mg", "", Fraction(MG_PER_KG), "mg/kg")
        else:
            yield from self._of_factor(unit, steps, self.factor)
        share = _exact(self.leg["share"])
        if share != 1:
            yield Term("share", self.leg["booked_site"], share)
        if load_source_types()[self.leg["source_type"]].is_export:
            yield Term("sign", "", Fraction(-1))

    def _of_instrument(self, unit: Unit, steps: Iterable[Term]) -> Iterator[Term]:
        yield _conversion(unit, parse_unit("kWh"))
        name = f"{self.leg['instrument']}"
        for step in steps:
            yield Term("instrument", name, step.value, "kg/kWh", step.name)
        yield Term("mg", "", Fraction(MG_PER_KG), "mg/kg")

    def _of_factor(self, unit: Unit, steps: list[Term], factor: Factor) -> Iterator[Term]:
        if unit.kind == "currency":
            yield from _money(unit, steps, factor)
        else:
            if unit != factor.unit:
                yield _conversion(unit, factor.unit)
            yield from steps
        multipliers = factor_multipliers(factor, self.inventory.run["gwp"])
        outside = self.leg["line"] == "0"
        mg = multipliers.montreal if outside else multipliers.masses["co2e_mg"]
        per = f"kg CO2e/{factor.unit.code}"
        source = factor.row.get("source") or ""
        yield Term("factor", factor.factor_id, mg / MG_PER_KG, per, source)
        yield Term("mg", "", Fraction(MG_PER_KG), "mg/kg")

    def _gases(self) -> Iterator[Gas]:
        """Take the factor's CO2e apart; a CO2e that the publisher states is its own."""
        if self.factor is None:
            return
        warming = self.inventory.run["gwp"]
        one = Fraction(1)
        for gas, kg in self.factor.masses.items():
            match gas:
                case "ch4":
                    yield Gas("CH4", kg, gwp_of(warming, "CH4", "fossil"))
                case "ch4_biogenic":
                    yield Gas("CH4 biogenic", kg, gwp_of(warming, "CH4", "biogenic"))
                case "n2o":
                    yield Gas("N2O", kg, gwp_of(warming, "N2O"))
                case "co2_biogenic":
                    yield Gas("CO2 biogenic", kg, Fraction(0))
                case _:
                    names = {"co2": "CO2", "co2_land_use": "CO2 land use", "co2e": "CO2e"}
                    yield Gas(names[gas], kg, one)
        for gas, kg in self.factor.species.items():
            yield Gas(gas, kg, gwp_of(warming, gas))


def _of_carbon(unit: Unit, steps: list[Term]) -> Iterator[Term]:
    """Fuel × NCV × carbon × oxidation × 44/12: units multiplied through to kg of carbon."""
    *defaults, molar = steps
    for step in defaults:
        unit = unit * parse_unit(step.unit)
    yield from defaults
    yield _conversion(unit, parse_unit("kg"))
    yield molar
    yield Term("mg", "", Fraction(MG_PER_KG), "mg/kg")


def _money(unit: Unit, steps: list[Term], factor: Factor) -> Iterator[Term]:
    """Money to the factor's money: into the base currency, the spend steps, into its unit."""
    paid, asked = (
        next(base.removeprefix("currency:") for base, _ in money.dimensions)
        for money in (unit, factor.unit)
    )
    into = convert_unit(Fraction(1), unit, parse_unit(paid))
    if into != 1:
        yield Term("conversion", "", into, f"{paid}/{unit.code}")
    yield from steps
    out_of = 1 / convert_unit(Fraction(1), factor.unit, parse_unit(asked))
    if out_of != 1:
        yield Term("conversion", "", out_of, f"{factor.unit.code}/{asked}")


def _conversion(unit: Unit, to: Unit) -> Term:
    return Term("conversion", "", convert_unit(Fraction(1), unit, to), _ratio(to, unit))


def _ratio(to: Unit, unit: Unit) -> str:
    """Return the code of one unit per another; what is below the line of `unit` goes above."""
    over, *under = unit.code.split("/")
    over_to, *under_to = to.code.split("/")
    below = [*under_to, *(term for term in over.split("·") if term != "1")]
    return "·".join([over_to, *under]) + "".join(f"/{term}" for term in below)


def _exact(value: float) -> Fraction:
    return Fraction(Decimal(repr(value)))


def _rounded(mass: float) -> int:
    """Round to whole milligrams, half away from zero, as the engine does."""
    return -math.floor(0.5 - mass) if mass < 0 else math.floor(mass + 0.5)
