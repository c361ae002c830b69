"""From the UK publisher's sheets, labels and units to our uses, items and technologies."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linyin.ledger.importers.uk_factor import UkFactor

WTT = re.compile(r"^WTT- ?")
REPEATS = {"": "", "km": "left-out-per-km", "m3": "left-out-per-m3"}


@dataclass(frozen=True, slots=True)
class SheetRule:
    """How the factors of one sheet (or of one activity on it) are called here."""

    use: str
    boundary: str
    names: str
    item: str
    technology: str
    place: str


@dataclass(frozen=True, slots=True)
class Term:
    """Our code for a printed label; `narrows` is what the label says beyond the item."""

    code: str
    narrows: str
    zh: str


@dataclass(frozen=True, slots=True)
class UnitRule:
    """Our code for a printed unit, or the message that says why factors per it are left out."""

    code: str
    skip: str


@dataclass(frozen=True, slots=True)
class Names:
    """Our names of one factor."""

    use: str
    boundary: str
    item: str
    technology: str
    place: str
    zh: str


def rule_of(factor: UkFactor) -> SheetRule | None:
    """Rule of a factor's activity, else of its sheet, else None."""
    rules = _sheet_rules()
    return rules.get((factor.sheet, WTT.sub("", factor.activity))) or rules.get((factor.sheet, ""))


def unit_of(names: str, unit: str) -> UnitRule | None:
    """Rule of a printed unit in a group of names, else in general, else None."""
    rules = _unit_rules()
    return rules.get((names, unit)) or rules.get(("", unit))


def term_of(names: str, label: str) -> Term:
    """Our code of a label; a label that no table knows is coded by its own letters and digits."""
    text = WTT.sub("", label)
    terms = _terms()
    found = terms.get((names, text.lower())) or terms.get(("", text.lower()))
    if found:
        return found
    if names == "gas":
        return Term(re.split(r" =|\*|/", text)[0].strip(), "", text)
    return Term(slug(text.replace(",", "")), "", text)


def names_of(factor: UkFactor, rule: SheetRule) -> Names:
    """Item, technology, place and Chinese name of a factor under a rule."""
    labels = {
        "activity": factor.activity,
        "type": factor.type,
        "size": factor.size,
        "column": factor.column,
    }
    terms = {field: term_of(rule.names, label) for field, label in labels.items() if label}
    narrows: list[str] = []
    if rule.item.startswith("="):
        item = rule.item[1:]
    else:
        item = terms[rule.item].code
        narrows.append(terms[rule.item].narrows)
    if rule.technology.startswith("="):
        narrows.append(rule.technology[1:])
    else:
        for field in rule.technology.split():
            if field in terms and field != rule.item:
                narrows += [terms[field].code, terms[field].narrows]
    if rule.place:
        narrows.append(terms[rule.place].narrows)
    return Names(
        use=rule.use,
        boundary=rule.boundary,
        item=item,
        technology="_".join(part for part in narrows if part),
        place=terms[rule.place].code if rule.place else "GB",
        zh="，".join(term.zh for term in terms.values() if term.zh),
    )


def slug(text: str) -> str:
    """Lower-case letters and digits of `text`, joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _table(name: str) -> list[dict[str, str]]:
    text = (resources.files(__package__) / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _sheet_rules() -> dict[tuple[str, str], SheetRule]:
    return {
        (line["sheet"], line["activity"]): SheetRule(
            line["use"],
            line["boundary"],
            line["names"],
            line["item"],
            line["technology"],
            line["place"],
        )
        for line in _table("uk_sheets.csv")
    }


@cache
def _unit_rules() -> dict[tuple[str, str], UnitRule]:
    return {
        (line["names"], line["unit"]): UnitRule(line["code"], REPEATS[line["repeats"]])
        for line in _table("uk_units.csv")
    }


@cache
def _terms() -> dict[tuple[str, str], Term]:
    return {
        (line["names"], line["term"].lower()): Term(line["code"], line["narrows"], line["zh"])
        for line in _table("uk_terms.csv")
    }
