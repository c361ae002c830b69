"""What an unknown place may mean: its code by the names people write."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from linyin.lake import Finding, header_key
from linyin.ledger import ReferenceTables

__all__ = ["with_places"]

TABLE: Final = "places.csv"


def with_places(findings: Iterable[Finding], reference: ReferenceTables) -> Iterator[Finding]:
    """Add to every `place-unknown` the codes that its value may mean, where there are any.

    Names are compared in English, in Chinese and by their aliases, without regard to case and
    width.
    """
    for finding in findings:
        near = ""
        if finding.code == "place-unknown":
            near = ", ".join(_meant(str(finding.fields["value"]), reference.texts[TABLE]))
        if near:
            fields = {**finding.fields, "near": near}
            yield replace(finding, code="place-unknown-near", fields=fields)
        else:
            yield finding


def _meant(value: str, table: str) -> list[str]:
    names = _names(table)
    key = header_key(value)
    if key in names:
        return names[key]
    close = difflib.get_close_matches(key, names, n=3, cutoff=0.75)
    return list(dict.fromkeys(place for name in close for place in names[name]))[:3]


@cache
def _names(table: str) -> dict[str, list[str]]:
    """Return name → codes of the places that are called so."""
    names: dict[str, list[str]] = {}
    for row in csv.DictReader(table.splitlines()):
        called = (row["place"], row["name_en"], row["name_zh"], *row["aliases"].split("|"))
        for name in {header_key(name) for name in called if name}:
            names.setdefault(name, []).append(row["place"])
    return names
