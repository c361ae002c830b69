"""Whether an own factor can be what it states: found before it is saved, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from linyin.lake import Finding, Where
from linyin.ledger.catalog import released
from linyin.ledger.choose import SITE
from linyin.ledger.faults import LedgerError
from linyin.ledger.gases import parse_species
from linyin.ledger.tables import place_parents
from linyin.ledger.units import parse
from linyin.organization.web.models import Node

if TYPE_CHECKING:
    from linyin.ledger.web.factor_models import OwnFactor

__all__ = ["check_factor"]

GASES: Final = ("co2_kg", "co2_biogenic_kg", "ch4_kg", "n2o_kg")
NUMBERS: Final = (*GASES, "co2e_kg", "uncertainty_pct")
CODES: Final = ("factor_id", "item", "technology", "unit", "place", "supplier", "product")
_YEARS: Final = range(1950, 2101)


def check_factor(factor: OwnFactor) -> Iterator[Finding]:
    """Yield what keeps a factor from being saved."""
    if factor.state not in factor.OPEN:
        yield _wrong("factor-not-open", factor=factor.factor_id)
    yield from _cells(factor)
    yield from _masses(factor)
    if factor.factor_id in released().by_id:
        yield _wrong("factor-id-released", "factor_id", value=factor.factor_id)
    if factor.valid_from and factor.valid_to and factor.valid_to <= factor.valid_from:
        yield _wrong("factor-validity", "valid_to")
    if factor.use == "spend" and not (factor.currency_year and factor.price_basis):
        yield _wrong("factor-price", "price_basis" if factor.currency_year else "currency_year")
    if not factor.name_en and not factor.name_zh:
        yield _wrong("factor-nameless", "name_en")
    if factor.data_year not in _YEARS:
        yield _wrong("factor-year", "data_year", value=str(factor.data_year))


def _cells(factor: OwnFactor) -> Iterator[Finding]:
    for name in CODES:
        if any(c.isspace() for c in getattr(factor, name)) and name not in ("unit", "supplier"):
            yield _wrong("factor-code", name, value=getattr(factor, name))
    for name in NUMBERS:
        text = getattr(factor, name)
        if text and not _is_number(text, below_zero=name == "co2_biogenic_kg"):
            yield _wrong("factor-number", name, value=text)
    if any(c in factor.factor_id for c in "/~?#%\\"):
        yield _wrong("factor-code", "factor_id", value=factor.factor_id)
    try:
        parse(factor.unit)
    except LedgerError as fault:
        yield Finding(fault.code, "error", Where(column="unit"), fault.fields)
    place = factor.place.removeprefix(SITE)
    if place not in place_parents() and not Node.objects.filter(code=place).exists():
        yield _wrong("place-unknown", "place", node="", value=factor.place)


def _masses(factor: OwnFactor) -> Iterator[Finding]:
    has_gases = bool(factor.species) or any(getattr(factor, name) for name in GASES)
    if not has_gases and not factor.co2e_kg:
        yield _wrong("factor-without-mass", "co2_kg")
    if factor.co2e_kg and has_gases:
        yield _wrong("factor-both-masses", "co2e_kg")
    if bool(factor.co2e_kg) != bool(factor.gwp_set):
        yield _wrong("factor-gwp-set", "gwp_set")
    if factor.species:
        try:
            parse_species(factor.species)
        except LedgerError as fault:
            yield Finding(fault.code, "error", Where(column="species"), fault.fields)


def _is_number(text: str, *, below_zero: bool) -> bool:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    return number.is_finite() and (below_zero or number >= 0)


def _wrong(code: str, column: str = "", **fields: Any) -> Finding:
    return Finding(code, "error", Where(column=column), fields)
