"""The rules that are tables: what each has in its rows, and how the rules state them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from linyin.inventory import INVENTORY_LINES, ReportVocabulary
from linyin.inventory.config import Config
from linyin.inventory.web.line_names import line_name
from linyin.inventory.web.rules.rows import Part, RowsField
from linyin.ledger import named_inputs, place_names
from linyin.ledger.web.offers import methods
from linyin.platform.words import lang, say, words

__all__ = ["ISO_CATEGORIES", "TABLES", "RuleTable", "input_called"]

type Rows = list[dict[str, Any]]

_STATUSES: Final = ("measured", "invoiced", "estimated", "default")
ISO_CATEGORIES: Final = tuple("123456")
_RESIDUAL: Final = ("excluding traded", "grid average")
_MOST_TONNES: Final = 1e15
_MOST_PCT: Final = 1000


@dataclass(frozen=True, slots=True)
class RuleTable:
    """A rule that holds several rows.

    Attributes
    ----------
    key
        Where `linyin.toml` has it; its words are `rules.<key>`.
    parts
        Its columns.
    rows
        What rules hold → rows.
    stated
        Rows → what rules state.
    unique
        Columns in which no two rows say the same.

    """

    key: str
    parts: tuple[Part, ...]
    rows: Callable[[Config], Rows]
    stated: Callable[[Rows], Any]
    unique: tuple[str, ...] = ()

    def field(self, held: Rows) -> RowsField:
        """Return its field; what rows hold can be chosen, also where nobody offers it."""
        parts = [_with(part, [row.get(part.name) for row in held]) for part in self.parts]
        return RowsField(
            self.key, parts, self.unique, label=say(f"rules.{self.key}"), required=False,
            help_text=say(f"rules.{self.key}.help"),
        )  # fmt: skip


def _with(part: Part, held: Sequence[str | None]) -> Part:
    if part.choices is None:
        return part
    listed = part.choices()
    known = dict(listed)
    own = [(one, one) for one in dict.fromkeys(held) if one and one not in known]
    return replace(part, choices=lambda: [*listed, *own])


def input_called(name: str) -> str:
    """Return what an input of a method, or a status of data, is called."""
    if f"entries.status.{name}" in words():
        return say(f"entries.status.{name}")
    known = named_inputs().get(name)
    return known.description[lang()] if known else name


def _lines() -> Sequence[tuple[str, str]]:
    return [(line, line_name(line)) for line in INVENTORY_LINES]


def _inputs() -> Sequence[tuple[str, str]]:
    return [(name, input_called(name)) for name in (*_STATUSES, *named_inputs())]


def _iso_categories() -> Sequence[tuple[str, str]]:
    vocabulary = ReportVocabulary(lang())
    return [(one, f"{one} {vocabulary.known('iso', one)}") for one in ISO_CATEGORIES]


def _markets() -> Sequence[tuple[str, str]]:
    return sorted(place_names(lang()).items(), key=lambda pair: pair[1].casefold())


def _residual() -> Sequence[tuple[str, str]]:
    return [(one, say(f"rules.policies.residual.{one}")) for one in _RESIDUAL]


def _pairs(held: Mapping[str, Any], name: str, value: str) -> Rows:
    """Return pairs as rows in one order: not every database keeps theirs."""
    return [{name: key, value: one} for key, one in sorted(held.items())]


def _excluded(config: Config) -> Rows:
    return [
        {
            "line": one.line,
            "what": one.what,
            "reason": one.reason,
            **({} if one.estimate_t is None else {"estimate_t": one.estimate_t}),
        }
        for one in config.exclusions
    ]


def _alternatives(config: Config) -> Rows:
    return [
        {"line": line, "method": method}
        for line, methods in sorted(config.policies.alternatives.items())
        for method in methods
    ]


def _by_line(rows: Rows) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["line"], []).append(row["method"])
    return found


TABLES: Final = (
    RuleTable(
        "policies.residual",
        (Part("market", _markets), Part("policy", _residual)),
        lambda config: _pairs(config.policies.residual, "market", "policy"),
        lambda rows: {row["market"]: row["policy"] for row in rows},
        unique=("market",),
    ),
    RuleTable(
        "policies.alternatives",
        (Part("line", _lines), Part("method", methods)),
        _alternatives,
        _by_line,
        unique=("line", "method"),
    ),
    RuleTable(
        "uncertainty",
        (Part("input", _inputs), Part("half_width", highest=_MOST_PCT)),
        lambda config: _pairs(config.uncertainty, "input", "half_width"),
        lambda rows: {row["input"]: row["half_width"] for row in rows},
        unique=("input",),
    ),
    RuleTable(
        "crosswalk",
        (Part("line", _lines), Part("category", _iso_categories)),
        lambda config: _pairs(config.crosswalk, "line", "category"),
        lambda rows: {row["line"]: row["category"] for row in rows},
        unique=("line",),
    ),
    RuleTable(
        "exclusions",
        (
            Part("line", _lines), Part("what"), Part("reason"),
            Part("estimate_t", highest=_MOST_TONNES, is_needed=False),
        ),
        _excluded,
        lambda rows: rows,
    ),
)  # fmt: skip
