"""What is known of a factor, in the reader's words: on its record and beside others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.html import format_html

from linyin.inventory.web.factors.catalogue import SHOWN_GWP
from linyin.inventory.web.factors.rows import place_name, publisher_name
from linyin.inventory.web.pages.common import texts
from linyin.ledger import factor_co2e_kg, pack_name
from linyin.ledger.web.called import item_called, technology_called, unit_called
from linyin.platform.grants import visible_to
from linyin.platform.models import Document
from linyin.platform.numbers import number
from linyin.platform.parts import Badge, Link, Part, digest
from linyin.platform.parts.cells import Printed
from linyin.platform.times import day
from linyin.platform.words import enumerated, lang, say, words

if TYPE_CHECKING:
    from linyin.inventory.web.factors.catalogue import Listed
    from linyin.ledger import Factor
    from linyin.platform.actor import Actor

__all__ = ["FACTS", "evidence_of", "facts_of", "state_badge", "value_text"]

GASES: Final = (
    "co2_kg", "co2_biogenic_kg", "co2_land_use_kg", "ch4_kg", "ch4_biogenic_kg", "n2o_kg",
    "species", "co2e_kg",
)  # fmt: skip
FACTS: Final = (
    "total_kg", *GASES, "gwp_set", "range", "use", "item", "technology", "supplier", "product",
    "boundary", "basis", "place", "excludes", "data_year", "published", "validity", "publisher",
    "release", "source", "licence", "evidence", "note",
)  # fmt: skip
_CHOICES: Final = ("use", "boundary", "basis")
_INTERVALS: Final = ("co2", "ch4", "n2o")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def facts_of(one: Listed) -> dict[str, str | Part]:
    """Return what is stated of a factor, by fact, in the order of :data:`FACTS`."""
    found = {name: _fact(one, name) for name in FACTS}
    return {name: value for name, value in found.items() if value}


def value_text(factor: Factor) -> str:
    """Return a factor's CO2e as it reads, without its unit; '' where it can't be said."""
    value = factor_co2e_kg(factor, SHOWN_GWP)
    return "" if value is None else number(float(f"{value:.6g}"))


def state_badge(one: Listed) -> Badge:
    """Return how a factor stands."""
    return Badge("factor", one.state)


def evidence_of(actor: Actor, sha256: str) -> Link | None:
    """Return the document behind a value, if the reader may open it."""
    found = visible_to(actor, Document, "documents.view").filter(sha256=sha256).first()
    if not sha256 or found is None:
        return None
    return Link(
        found.name,
        reverse("documents-open", args=[sha256]),
        format_html("sha256 {}", digest(sha256)),
    )


def _fact(one: Listed, name: str) -> str | Part:
    factor, row = one.factor, one.factor.row
    text = row.get(name) or ""
    if name in _WORDED:
        return _WORDED[name](one)
    if name in GASES:
        return (
            Printed(text.replace("-", "−"), f"kg/{unit_called(factor.unit_text)}") if text else ""
        )
    return choice_word(name, text) if name in _CHOICES else text


def choice_word(name: str, value: str) -> str:
    """Return what a use, boundary or basis is called."""
    key = f"factors.{name}.{value}"
    return say(key) if key in words() else value


def _total(one: Listed) -> str | Part:
    value = value_text(one.factor)
    return Printed(value, f"kg CO₂e/{unit_called(one.factor.unit_text)}") if value else ""


def _validity(row: Mapping[str, str]) -> str:
    begin, end = (_day(row.get(name) or "") for name in ("valid_from", "valid_to"))
    return f"{begin or '…'} – {end or '…'}" if begin or end else ""


def _day(text: str) -> str:
    """Return a date as it is written here; what is none, such as a year, as it stands."""
    return day(date.fromisoformat(text)) if _DAY.fullmatch(text) else text


def _excludes(one: Listed) -> str:
    places = sorted(one.factor.excludes)
    return enumerated(place_name(place) for place in places)


def _release(one: Listed) -> str:
    pack = pack_name(one.factor.pack, lang()) if one.own is None else ""
    return " · ".join(text for text in (one.factor.row.get("release") or "", pack) if text)


def _range(row: Mapping[str, str]) -> str:
    said = [
        f"{gas.upper()} {row[f'{gas}_low_kg']} – {row[f'{gas}_high_kg']} kg"
        for gas in _INTERVALS
        if row.get(f"{gas}_low_kg") and row.get(f"{gas}_high_kg")
    ]
    if row.get("uncertainty_pct"):
        said.append(f"± {row['uncertainty_pct']} %")
    basis = row.get("uncertainty_evidence") or ""
    note = f" ({texts().known('evidence', basis)})" if said and basis else ""
    return enumerated(said) + note


def _evidence(row: Mapping[str, str]) -> str:
    vocabulary, kind = texts(), row.get("evidence") or ""
    if kind == "read" and row.get("copies_read"):
        return vocabulary("evidence.read_copies", copies=row["copies_read"])
    return vocabulary.known("evidence", kind)


_WORDED: Final[Mapping[str, Callable[[Listed], str | Part]]] = {
    "total_kg": _total,
    "item": lambda one: item_called(one.factor.item),
    "technology": lambda one: technology_called(one.factor.technology, one.factor.item),
    "range": lambda one: _range(one.factor.row),
    "place": lambda one: place_name(one.factor.place),
    "excludes": _excludes,
    "published": lambda one: _day(one.factor.row.get("published") or ""),
    "validity": lambda one: _validity(one.factor.row),
    "publisher": lambda one: publisher_name(one.factor.row.get("publisher") or ""),
    "release": _release,
    "evidence": lambda one: _evidence(one.factor.row),
}
