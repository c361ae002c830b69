"""Places and sites by the names people write: codes for the one, a hint for the other."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Final

import pyarrow as pa

from linyin.lake import Finding, header_key
from linyin.ledger import ReferenceTables
from linyin.organization import Organization

__all__ = ["coded", "with_nodes", "with_places"]

PLACES: Final = "places.csv"


_OF_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "organization": ("country", "place"),
    "activities": ("place",),
    "factors": ("place",),
    "instruments": ("market",),
}


def coded(
    table: str, rows: pa.Table, reference: ReferenceTables, nodes: Container[str]
) -> pa.Table:
    """Write the code of every place that a table's rows call by a name, such as 中国 or Germany.

    What means two places, or is the code of a node, stays as it is.
    """
    names = _names(reference.texts[PLACES])
    for column in _OF_TABLES.get(table, ()):
        encoded = rows[column].combine_chunks().dictionary_encode()
        given = encoded.dictionary.to_pylist()
        found = {text: names.get(header_key(text), []) for text in given if text not in nodes}
        meant = [of[0] if len(of := found.get(text, [])) == 1 else text for text in given]
        if meant != given:
            cells = pa.chunked_array([pa.array(meant, pa.string()).take(encoded.indices)])
            rows = rows.set_column(rows.column_names.index(column), rows.field(column), cells)
    return rows


def with_nodes(findings: Iterable[Finding], organization: Organization) -> Iterator[Finding]:
    """Add to every `site-unknown` the code of the node that is called so, where there is one."""
    nodes = organization.nodes.values()
    codes = {header_key(n): node.code for node in nodes for n in (node.name_en, node.name_zh) if n}
    for finding in findings:
        near = ""
        if finding.code == "site-unknown":
            near = codes.get(header_key(str(finding.fields["value"])), "")
        if near:
            fields = {**finding.fields, "near": near}
            yield replace(finding, code="site-unknown-near", fields=fields)
        else:
            yield finding


def with_places(findings: Iterable[Finding], reference: ReferenceTables) -> Iterator[Finding]:
    """Add to every `place-unknown` the codes that its value may mean, where there are any.

    Names are compared in English, in Chinese and by their aliases, without regard to case and
    width.
    """
    for finding in findings:
        near = ""
        if finding.code == "place-unknown":
            near = ", ".join(_meant(str(finding.fields["value"]), reference.texts[PLACES]))
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
