# ruff: noqa: D401 - a docstring of a check says what is wrong, as style asks
"""Descriptions that contradict their own row: another quantity, another number of months.

Texts are read conservatively: a number counts only if a unit of the closed table follows it at
once and the unit is of the row's own dimension. Prices (`0.8 元/kWh`), meter readings and rates
are left alone, and one statement that agrees clears the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import pyarrow as pa

from linyin.inventory.checks.registry import check
from linyin.inventory.checks.subject import Subject, where
from linyin.inventory.sources import units_table
from linyin.lake import Finding
from linyin.ledger import LedgerError, known_units, parse_unit

__all__ = ["TOLERANCE", "statement_pattern", "unit_meant"]

TOLERANCE: Final = 0.01
ABOUT: Final = 0.1

_NUMBER: Final = r"[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_WIDE: Final = "０１２３４５６７８９，．／²³"
_NARROW: Final = "0123456789,./23"
_MODEL: Final = "[A-Za-z][-_#][0-9][0-9A-Za-z.,-]*"
_PLAIN: Final = (
    f"regexp_replace(translate(description, '{_WIDE}', '{_NARROW}'), '{_MODEL}', ' ', 'g')"
)
_READING: Final = r"(?i)读数|表底|表码|起码|止码|起度|止度|抄见|reading|单价|price"
_ABOUT: Final = r"(?i)约|大概|about|approx|circa|roughly|~|≈"
_TERMS: Final = (
    r"(?i)账期|帐期|质保|保修|合同期|租期|付款|warrant|payment|terms?\b|contract|lease|every"
)
_MONTHS: Final = r"\b([0-9]{1,2})\s*(?:个月|months?\b)"

_SAID: Final = f"""
SELECT source, external_id, unnest(regexp_extract_all({_PLAIN}, $pattern)) AS said
FROM rows
WHERE NOT past AND NOT later AND description <> '' AND regexp_matches(description, '[0-9０-９]')
    AND NOT regexp_matches(description, '{_READING}')
"""

_WORDS: Final = rf"""
SELECT source, external_id, said,
    try_cast(replace(regexp_extract(said, '^({_NUMBER})'), ',', '') AS DOUBLE) AS number,
    regexp_replace(regexp_replace(said, '^({_NUMBER})', ''), '\s', '', 'g') AS word
FROM said
"""

_CONTRADICTIONS: Final = f"""
WITH stated AS (
    SELECT r.source, r.external_id, w.said, w.number * u.factor AS base
    FROM words AS w JOIN meant AS m USING (word) JOIN said_units AS u USING (unit)
    JOIN rows AS r USING (source, external_id)
    WHERE u.bare = r.bare AND NOT r.earlier AND w.number > 0
), judged AS (
    SELECT source, external_id, list(DISTINCT said) AS said, list(base) AS bases,
        sum(base) AS together
    FROM stated GROUP BY ALL
)
SELECT r._file, r._sheet, r._row, r.quantity, r.unit, j.said, j.bases[1] / abs(r.base) AS ratio,
    CASE WHEN regexp_matches(description, '{_ABOUT}') THEN {ABOUT} ELSE {TOLERANCE} END AS allowed
FROM judged AS j JOIN rows AS r USING (source, external_id)
WHERE r.base <> 0 AND NOT r.earlier
    AND len(list_filter(list_append(j.bases, j.together), lambda said_base:
        abs(said_base / abs(r.base) - 1) <= allowed)) = 0
ORDER BY r._file, r._sheet, r._row
"""

_SPANS: Final = rf"""
SELECT _file, _sheet, _row, begin, "end", days,
    regexp_extract({_PLAIN}, '{_MONTHS}', 1)::INTEGER AS months, days / 30.4375 AS length
FROM rows
WHERE NOT past AND NOT later AND regexp_matches({_PLAIN}, '{_MONTHS}')
    AND NOT regexp_matches(description, '{_TERMS}') AND abs(months - length) > 0.5
ORDER BY _file, _sheet, _row
"""


@cache
def statement_pattern() -> str:
    r"""Return the expression that finds a number with a unit, and what the unit is per."""
    names = sorted(known_units().names, key=lambda name: (-len(name), name))
    units = "|".join(_spelling(name) for name in names if not name[0].isdigit())
    return rf"\b(?:{_NUMBER})\s*(?:{units})(?:\s*(?:/|每|\bper\b|\ba\b)\s*[^\s,.;，。；]+)?"


@cache
def unit_meant(word: str) -> str:
    """Return the code of the unit that a word of a text means, '' if it is none."""
    try:
        return parse_unit(word).code
    except LedgerError:
        return ""


@check("text-contradicts", severity="question")
def text_contradicts(subject: Subject) -> Iterator[Finding]:
    """The description states a quantity of the same dimension that differs by more than 1 %."""
    subject.keep("said", _SAID, {"pattern": statement_pattern()})
    subject.keep("words", _WORDS)
    words = [row["word"] for row in subject.each("SELECT DISTINCT word FROM words ORDER BY word")]
    meant = {word: code for word in words if (code := unit_meant(word))}
    subject.register("said_units", units_table(sorted(set(meant.values()))))
    subject.register("meant", _table(meant))
    for row in subject.each(_CONTRADICTIONS):
        fields = {
            "said": ", ".join(sorted(row["said"])),
            "quantity": f"{row['quantity']:.12g}",
            "unit": row["unit"],
            "ratio": f"{row['ratio']:.4g}",
        }
        yield Finding("text-contradicts", "question", where(row, "description"), fields)


@check("text-months", severity="question")
def text_months(subject: Subject) -> Iterator[Finding]:
    """The description speaks of a number of months that the row's dates do not have."""
    for row in subject.each(_SPANS):
        fields = {"months": row["months"], "span": f"{row['begin']}..{row['end']}"}
        yield Finding("text-months", "question", where(row, "description"), fields)


def _spelling(name: str) -> str:
    body = re.escape(name).replace("·", r"\s*·?\s*")
    if name.startswith("万") and len(name) > 1:
        body = r"万\s*" + re.escape(name[1:])
    variants = {known_units().find(form) for form in (name, name.lower(), name.upper())}
    if len(variants) == 1 and name.isascii():
        body = f"(?i:{body})"
    return body + r"\b" if name[-1].isascii() and name[-1].isalnum() else body


def _table(meant: dict[str, str]) -> pa.Table:
    return pa.table(
        {
            "word": pa.array(list(meant), pa.string()),
            "unit": pa.array(list(meant.values()), pa.string()),
        }
    )
