"""UK government factors as rows of the factors schema: kg CO2e of a gas become kg of the gas."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from linyin.ledger.importers.decimals import divide, plain
from linyin.ledger.importers.imported import FactorImportError, Imported, Row, Skipped, factor_row
from linyin.ledger.importers.uk_biogenic import Biogenic
from linyin.ledger.importers.uk_factor import CH4, CO2, N2O, TOTAL, Edition, UkFactor
from linyin.ledger.importers.uk_names import Names, names_of, rule_of, slug, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable

PUBLISHER = "UK Department for Energy Security and Net Zero (DESNZ)"
TITLE = "UK Government GHG Conversion Factors for Company Reporting"
LICENCE = "OGL-UK-3.0"
GWP_SET = "AR5-100"
GWP = {CH4: Decimal(28), N2O: Decimal(265)}
"""AR5, 100 years: sheet 'Refrigerant & other' prints methane 28 and nitrous oxide 265, and the
sheet 'Introduction' of the full set says "based on the IPCC Fifth Assessment Report (AR5) over a
100-year period"."""

OUTSIDE = "Outside of scopes"
LABELS = frozenset({"activity", "type", "size", "column"})
BURNT = frozenset({"fuel", "electricity"})
KYOTO = "Emissions including only Kyoto products"
WITH_RF = "With RF"
ENERGY = "left-out-energy"
NO_RULE = "left-out-sheet"
NOT_KYOTO = "left-out-not-kyoto"
RF_NOTE = (
    "The publisher multiplies CO2 by 1.7 for the non-CO2 effects of aviation, so its CO2 column "
    "is no mass of CO2: only the total is kept."
)
SPECIES = re.compile(r"^((HFC|PFC)-[0-9a-z-]+|SF6|NF3)$")
CARBON = {"CO2": "co2_kg", "CH4": "ch4_kg", "N2O": "n2o_kg"}


def to_rows(factors: Iterable[UkFactor], edition: Edition) -> Imported:
    """Name the factors, turn CO2e of gases into masses and join biogenic CO2 to its fuel.

    Parameters
    ----------
    factors : iterable of UkFactor
        Values in kg CO2e per unit.
    edition : Edition
        The release that they come from.

    Returns
    -------
    Imported
        ``mass = kg CO2e of the gas / GWP of the gas``; where the publisher gives a total only,
        ``co2e_kg`` and its GWP set.

    Raises
    ------
    FactorImportError
        If a unit is unknown, or two lines would get the same factor_id.

    """
    every = list(factors)
    biogenic = Biogenic(factor for factor in every if factor.sheet == OUTSIDE)
    rows: dict[str, Row] = {}
    skipped: list[Skipped] = []
    for factor in every:
        if factor.sheet == OUTSIDE:
            continue
        row, why = _row(factor, edition, biogenic)
        if row is None:
            skipped.append(Skipped(factor.where, factor.title, why))
        elif row["factor_id"] in rows:
            raise _error(factor, "factors-file-second", value=factor.title)
        else:
            rows[row["factor_id"]] = row
    skipped += biogenic.unused()
    return Imported(list(rows.values()), skipped)


def _row(factor: UkFactor, edition: Edition, biogenic: Biogenic) -> tuple[Row | None, str]:
    rule = rule_of(factor)
    if factor.is_energy or rule is None:
        return None, ENERGY if factor.is_energy else NO_RULE
    if rule.names == "gas" and factor.column != KYOTO:
        return None, NOT_KYOTO
    unit = unit_of(rule.names, factor.unit)
    if unit is None:
        raise _error(factor, "factors-file-unit", value=factor.unit)
    if unit.skip:
        return None, unit.skip
    for label in (rule.item, rule.place):
        if label in LABELS and not getattr(factor, label):
            raise _error(factor, "factors-file-label")
    names = names_of(factor, rule)
    note: list[str] = []
    masses = _pure_gas(names) if rule.names == "gas" else _masses(factor, note)
    if rule.names in BURNT and rule.boundary == "combustion":
        masses |= biogenic.take(factor, note)
    cells = masses | {
        "factor_id": f"uk{edition.year}-{factor.number or _labels_slug(factor)}",
        "name_en": ", ".join(_shown(label) for label in factor.labels),
        "name_zh": names.zh,
        "use": names.use,
        "item": names.item,
        "technology": names.technology,
        "unit": unit.code,
        "boundary": names.boundary,
        "basis": "average",
        "place": names.place,
        "correlation_group": f"uk-{names.use}-{names.item}-{names.boundary}",
        "data_year": str(edition.year),
        "published": edition.published.isoformat(),
        "publisher": PUBLISHER,
        "release": edition.release,
        "source": f"{TITLE} {edition.release}, {factor.where}",
        "licence": LICENCE,
        "evidence": "file",
        "copies_read": "1",
        "evidence_sha256": edition.sha256,
        "status": "draft",
        "note": " ".join(note),
    }
    if not masses:
        cells |= _total(factor)
    return factor_row(cells), ""


def _masses(factor: UkFactor, note: list[str]) -> dict[str, str]:
    values = factor.values
    if CO2 not in values:
        return _total(factor)
    if factor.column == WITH_RF:
        note.append(RF_NOTE)
        return _total(factor)
    masses = {"co2_kg": plain(values[CO2])}
    for gas in (CH4, N2O):
        if gas in values:
            masses[f"{gas}_kg"] = plain(divide(values[gas], GWP[gas]))
    return masses


def _total(factor: UkFactor) -> dict[str, str]:
    if TOTAL not in factor.values:
        raise _error(factor, "factors-file-total")
    return {"co2e_kg": plain(factor.values[TOTAL]), "gwp_set": GWP_SET}


def _pure_gas(names: Names) -> dict[str, str]:
    """One kg of a pure gas is one kg of it; of a blend only the publisher's CO2e is known."""
    if names.item in CARBON:
        return {CARBON[names.item]: "1"}
    return {"species": f"{names.item}:1"} if SPECIES.match(names.item) else {}


def _labels_slug(factor: UkFactor) -> str:
    return "-".join(slug(part) for part in (factor.sheet, *factor.labels, factor.unit))


def _shown(label: str) -> str:
    return re.sub(r"^WTT- ?", "well-to-tank: ", label)


def _error(factor: UkFactor, code: str, **fields: str) -> FactorImportError:
    sheet, _, cell = factor.where.partition("!")
    return FactorImportError(factor.file, code, sheet=sheet, cell=cell, fields=fields)
