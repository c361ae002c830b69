from __future__ import annotations

import csv
import subprocess
import sys
from fractions import Fraction
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linyin.ledger.unit_table import key_of, read_table, table
from linyin.ledger.units import UnitError, compatible, convert, explain_mismatch, parse

SPELLINGS = sorted(table().names)
CODES = sorted(set(table().names.values()))
unit_of_the_table = st.sampled_from(CODES).map(parse)
unit_without_basis = unit_of_the_table.filter(
    lambda unit: not any("energy" in base or "coal" in base for base, _ in unit.dimensions)
)
ENERGIES = [f"{unit}{basis}" for unit in ("kWh", "GJ", "kcal") for basis in ("", " net", " gross")]


def one(from_: str, to: str) -> Fraction:
    return convert(Fraction(1), parse(from_), parse(to))


@pytest.mark.parametrize(
    ("from_", "to", "factor"),
    [
        ("lb", "kg", "0.45359237"),  # international pound, 1959
        ("short_ton", "lb", "2000"),
        ("long_ton", "lb", "2240"),
        ("mi", "m", "1609.344"),
        ("nmi", "m", "1852"),
        ("US_gal", "L", "3.785411784"),  # 231 cubic inches
        ("imp_gal", "L", "4.54609"),  # Weights and Measures Act 1985
        ("kWh", "MJ", "3.6"),
        ("万kWh", "MWh", "10"),
        ("TWh", "GWh", "1000"),
        ("kcal", "kJ", "4.1868"),  # GB/T 2589-2020
        ("tce", "GJ net", "29.3076"),  # 7000 kcal a kg
        ("kgce", "MJ net", "29.3076"),
        ("万吨", "kt", "10"),
        ("Mt", "t", "1000000"),
        ("m3", "L", "1000"),
        ("Nm3", "Sm3", "293.15/273.15"),
        ("万元", "元", "10000"),
        ("亿元", "万元", "10000"),
        ("TB", "GB", "1000"),
        ("year", "month", "12"),
        ("day", "h", "24"),
        ("%", "‰", "10"),
        ("share", "%", "100"),
        ("short_ton·mi", "t·km", "0.90718474*1.609344"),
        ("L/100km", "mL/km", "10"),
        ("kW·h", "kWh", "1"),
        ("t CO2e", "kgCO2e", "1000"),
        ("ha", "m2", "10000"),
    ],
)
def test_a_unit_is_worth_what_its_definition_says(from_, to, factor):
    expected = Fraction(1)
    for part in factor.split("*"):
        over, _, under = part.partition("/")
        expected *= Fraction(over) / Fraction(under or 1)
    assert one(from_, to) == expected


def test_electricity_in_standard_coal_is_the_published_coefficient():
    """GB/T 2589: 0.1229 kgce a kWh by calorific value."""
    assert round(one("kWh net", "kgce"), 4) == Fraction("0.1228")  # 860 kcal; the table rounds up
    assert abs(one("kWh net", "kgce") - Fraction("0.1229")) < Fraction(1, 10_000)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("度", "kWh"),
        ("千瓦时", "kWh"),
        ("KWH", "kWh"),
        ("ｋＷｈ", "kWh"),
        ("万 千瓦时", "万kWh"),
        ("Mwh", "MWh"),
        ("GJ(NCV)", "GJ net"),
        ("GJ（低位）", "GJ net"),
        ("GJ LHV", "GJ net"),
        ("gj_gross", "GJ gross"),
        ("kWh-HHV", "kWh gross"),
        ("度 net", "kWh net"),
        ("m³", "m3"),
        ("㎥", "m3"),
        ("㎡", "m2"),
        ("Nm³", "Nm3"),
        ("标方", "Sm3"),
        ("标准立方米", "Nm3"),
        ("KG", "kg"),
        ("KM", "km"),
        ("tkm", "t·km"),
        ("tonne.km", "t·km"),
        ("吨公里", "t·km"),
        ("t*km", "t·km"),
        ("km·t", "t·km"),
        ("pkm", "person·km"),
        ("间夜", "room·night"),
        ("立方米·天", "m3·day"),
        ("pcs", "piece"),
        ("台", "piece"),
        ("times", "1"),
        ("RMB", "CNY"),
        ("rmb", "CNY"),
        ("％", "%"),
        ("人/辆", "person/vehicle"),
        ("小时/年", "h/year"),
        ("GJ net/t", "GJ net/t"),
        ("GJ(NCV)/吨", "GJ net/t"),
        ("1/年", "1/year"),
        ("kg/t·km", "kg/t/km"),
        ("tce 当量", "tce"),
        ("tce net", "tce"),
        ("tce等价", "tce equivalent"),
    ],
)
def test_a_spelling_means_one_unit(text, code):
    assert parse(text).code == code


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("ton", {"t", "short_ton", "long_ton"}),
        ("Tons", {"t", "short_ton", "long_ton"}),
        ("gal", {"US_gal", "imp_gal"}),
        ("加仑", {"US_gal", "imp_gal"}),
        ("ton-mile", {"t·km", "short_ton·mi", "t·mi"}),
        ("MT", {"t", "Mt"}),
        ("mwh", {"MWh", "kWh"}),
        ("mj", {"MJ", "kJ"}),
        ("Mg", {"mg", "t"}),
        ("ML", {"mL", "L", "m3"}),
        ("M", {"m", "mi", "month"}),
        ("gb", {"GB", "TB", "PB"}),
        ("¥", {"CNY", "JPY"}),
        ("$", {"USD", "HKD", "CAD", "AUD", "SGD", "TWD"}),
        ("mtCO2e", {"tCO2e", "MtCO2e"}),
        ("ton/year", {"t", "short_ton", "long_ton"}),
        ("方", {"m3", "Sm3", "Nm3"}),
        ("万方", {"万m3", "万Sm3", "万Nm3"}),
    ],
)
def test_an_ambiguous_spelling_is_refused_with_the_choices(text, choices):
    with pytest.raises(UnitError) as error:
        parse(text)
    assert error.value.code == "unit-ambiguous"
    assert set(error.value.choices) == choices


@pytest.mark.parametrize(
    "text",
    ["furlong", "kWhh", "parsec", "knot", "kg**2", "2*kg", "pc·knots", "kWh/", "/t", "kWh//t"],
)
def test_pint_never_reads_a_file(text):
    with pytest.raises(UnitError) as error:
        parse(text)
    assert error.value.code == "unit-unknown"


def test_an_unknown_unit_lists_what_looks_alike():
    with pytest.raises(UnitError) as error:
        parse("kwhs")
    assert error.value.choices[0] == "kWh"


@pytest.mark.parametrize("text", ["", "  ", "_"])
def test_a_missing_unit_is_said_to_be_missing(text):
    with pytest.raises(UnitError) as error:
        parse(text)
    assert error.value.code == "unit-missing"


@pytest.mark.parametrize(
    "text", ["t net", "tce gross", "kWh/t (NCV)", "km LHV", "tce equivalent net"]
)
def test_a_calorific_basis_belongs_to_an_energy_that_has_none(text):
    with pytest.raises(UnitError) as error:
        parse(text)
    assert error.value.code == "basis-misplaced"


@pytest.mark.parametrize(
    ("a", "b", "code", "sides"),
    [
        ("kWh", "t", "unit-mismatch", ("energy", "mass")),
        ("m3", "Sm3", "unit-mismatch", ("volume", "gas_volume")),
        ("L/km", "m2", "unit-mismatch", ("volume/length", "area")),
        ("km", "vehicle·km", "unit-mismatch", ("length", "vehicle·length")),
        ("year", "day", "unit-mismatch", ("year", "time")),
        ("piece", "1", "unit-mismatch", ("count", "1")),
        ("t", "tCO2e", "unit-mismatch", ("mass", "co2e")),
        ("万元", "USD", "currency-mismatch", ("CNY", "USD")),
        ("GJ net", "GJ gross", "basis-mismatch", ("net", "gross")),
        ("kWh", "tce", "basis-mismatch", ("-", "net")),
        ("GJ/t", "GJ net/t", "basis-mismatch", ("-", "net")),
        ("tce equivalent", "tce", "unit-mismatch", ("coal_equivalent", "energy")),
        ("tce equivalent", "kWh", "unit-mismatch", ("coal_equivalent", "energy")),
    ],
)
def test_units_that_do_not_fit_are_an_error_naming_both(a, b, code, sides):
    one_way = explain_mismatch(parse(a), parse(b))
    assert one_way is not None
    assert not compatible(parse(a), parse(b))
    assert (one_way.code, one_way.a, one_way.b) == (code, a, b)
    assert (one_way.a_is, one_way.b_is) == sides
    with pytest.raises(UnitError) as error:
        one(a, b)
    assert error.value.code == code
    assert {error.value.fields["a"], error.value.fields["b"]} == {a, b}


def test_multiplying_inputs_gives_the_unit_of_the_factor():
    energy = parse("kW") * parse("h/year") * parse("year")
    assert convert(Fraction(2), energy, parse("kWh")) == 2
    assert (parse("t") * parse("km")).code == "t·km"
    assert (parse("person·km") / parse("person/vehicle")).code == "vehicle·km"
    assert (parse("km") * parse("L/km") * parse("kg/L")).code == "kg"
    assert (parse("m3") * parse("day")).kind == "volume·time"


def test_the_calorific_basis_is_carried_and_goes_with_the_energy():
    heat = parse("t") * parse("GJ net/t")
    assert (heat.code, heat.basis) == ("GJ net", "net")
    carbon = heat * parse("t/GJ net")
    assert (carbon.code, carbon.basis) == ("t", "")
    with pytest.raises(UnitError, match="basis-mismatch"):
        heat * parse("t/GJ")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_the_table_is_read(spelling):
    unit = parse(spelling)
    assert unit.factor > 0
    assert parse(unit.code) == unit


def test_every_choice_that_is_offered_can_be_written():
    offers = {code for choices in table().rejected.values() for code in choices}
    assert offers
    assert {parse(code).code for code in offers} == offers


def test_spellings_that_differ_by_case_alone_and_mean_different_things_are_refused_otherwise():
    unclear = {
        fold: exact
        for fold, exact in table().folded.items()
        if len({table().names.get(e) for e in exact}) > 1
    }
    assert {"mwh", "mj", "mt", "mg", "ml", "gb", "m", "t", "a"} <= unclear.keys()
    for exact in unclear.values():
        assert any(e in table().rejected for e in exact)


def test_a_table_with_a_spelling_of_two_units_is_refused():
    head = "kind,code,dimension,pint,basis,aliases,choices,note\n"
    with pytest.raises(ValueError, match="means both"):
        read_table(head + "unit,t,mass,metric_ton,,吨,,\nunit,kg,mass,kilogram,,吨,,\n")
    with pytest.raises(ValueError, match="accepted and rejected"):
        read_table(head + "unit,t,mass,metric_ton,,ton,,\nrejected,,,,,ton,t,\n")


def test_every_unit_of_the_schemas_is_in_the_table():
    folder = resources.files("linyin.ledger").joinpath("schemas")
    inputs = csv.DictReader(folder.joinpath("inputs.csv").read_text("utf-8").splitlines())
    found = [row["unit"] for row in inputs]
    assert found
    for unit in found:
        assert parse(unit).code == unit


@st.composite
def units_that_fit(draw):
    from_ = draw(unit_of_the_table)
    fitting = [
        unit
        for unit in map(parse, CODES)
        if unit.dimensions == from_.dimensions and unit.basis == from_.basis
    ]
    return from_, draw(st.sampled_from(fitting)), draw(st.sampled_from(fitting))


@given(st.fractions(), units_that_fit())
def test_there_and_back_is_exact_and_so_is_any_detour(value, fitting):
    a, b, c = fitting
    assert convert(convert(value, a, b), b, a) == value
    assert convert(convert(value, a, b), b, c) == convert(value, a, c)


@given(unit_of_the_table, unit_of_the_table)
def test_fitting_does_not_depend_on_the_side(a, b):
    assert compatible(a, b) == compatible(b, a)
    assert compatible(a, a)


@given(st.fractions(), st.sampled_from(ENERGIES), st.sampled_from(ENERGIES))
def test_energies_convert_exactly_on_one_basis_and_never_across(value, a, b):
    from_, to = parse(a), parse(b)
    if from_.basis == to.basis:
        assert convert(convert(value, from_, to), to, from_) == value
    else:
        assert explain_mismatch(from_, to).code == "basis-mismatch"


@given(unit_without_basis, unit_without_basis, unit_without_basis)
def test_multiplying_and_dividing_cancel(a, b, c):
    assert a * b / b == a
    assert a / b * b == a
    assert a * b == b * a
    assert (a * b) * c == a * (b * c)
    assert parse((a * b / c).code) == a * b / c
    assert (a * b).factor == a.factor * b.factor


@given(st.text(max_size=12))
def test_any_text_is_a_unit_or_an_error_of_the_table(text):
    try:
        unit = parse(text)
    except UnitError as error:
        code = error.code
    else:
        code = ""
        assert parse(unit.code) == unit
    assert code in {"", "unit-missing", "unit-ambiguous", "unit-unknown", "basis-misplaced"}


def test_importing_units_does_not_load_pint():
    script = "import sys, linyin.ledger.units; sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_keys_ignore_blanks_width_and_signs():
    assert key_of(" Ｍ³ × day ") == "M3·day"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tonnes", "t"),
        ("litres", "L"),
        ("cubic metres", "m3"),
        ("million litres", "千m3"),
        ("kWh (Net CV)", "kWh net"),
        ("kWh (Gross CV)", "kWh gross"),
        ("passenger.km", "person·km"),
        ("tonne.km", "t·km"),
        ("miles", "mi"),
        ("Room per night", "room·night"),
        ("FTE Working Hour", "person·h"),
        ("10⁴m³", "万m3"),
        ("10^4 Nm3", "万Nm3"),
    ],
)
def test_units_as_publishers_of_factors_write_them_are_read(text, code):
    assert parse(text).code == code
