"""Rules of several rows, asked as a table: what is left out, uncertainties, residual mixes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from math import isfinite
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from linyin.platform.words import say

__all__ = ["Part", "RowsField"]

_SPARE: Final = 2
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A column of such a table.

    Attributes
    ----------
    name
        Its words are `rules.<table>.<name>`.
    choices
        What tells what is to choose from, value and words; None = a text is typed.
    highest
        Of a number, what it may be at most; 0 = it is no number.
    is_needed
        Whether every row has it.

    """

    name: str
    choices: Callable[[], Sequence[tuple[str, str]]] | None = None
    highest: float = 0
    is_needed: bool = True


class _Rows(forms.Widget):
    """A table to fill in: the rows that are there and some empty ones."""

    template_name = "inventory/rule_rows.html"
    use_fieldset = True
    table: str
    parts: Sequence[Part]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return heads, and for every row its cells: part, what it holds, what to choose from."""
        rows = [_shown(row) for row in value or ()] + [{}] * _SPARE
        listed = {part.name: list(part.choices()) for part in self.parts if part.choices}
        heads = [(part, say(f"rules.{self.table}.{part.name}")) for part in self.parts]
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return context | {
            "caption": say(f"rules.{self.table}"),
            "heads": [label for _, label in heads],
            "rows": [
                [
                    {
                        "name": f"{name}-{number}-{part.name}", "label": label, "number": number,
                        "value": row.get(part.name, ""), "is_number": bool(part.highest),
                        "choices": listed.get(part.name),
                    }
                    for part, label in heads
                ]
                for number, row in enumerate(rows, 1)
            ],
        }  # fmt: skip

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: Any,  # noqa: ARG002 - Django's signature
        name: str,
    ) -> list[dict[str, str]]:
        """Return the rows that somebody has filled in."""
        found = []
        for number in count(1):
            cells = {part.name: f"{name}-{number}-{part.name}" for part in self.parts}
            if not any(cell in data for cell in cells.values()):
                break
            row = {part: str(data.get(cell, "")).strip() for part, cell in cells.items()}
            if any(row.values()):
                found.append({part: text for part, text in row.items() if text})
        return found

    def id_for_label(self, id_: str, index: str | None = None) -> str:  # noqa: ARG002 - as above
        """Each cell has its own."""
        return ""


class RowsField(forms.Field):
    """Rows of a table of the rules; numbers come out as numbers.

    Attributes
    ----------
    unique
        Columns in which no two rows say the same.

    """

    widget = _Rows

    def __init__(
        self, table: str, parts: Sequence[Part], unique: Sequence[str] = (), **options: Any
    ) -> None:
        self.table, self.parts, self.unique = table, parts, unique
        super().__init__(**options)
        self.widget.table, self.widget.parts = table, parts

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Return the rows; each cell is one of the choices, or a number, or a short text."""
        wrong: list[str] = []
        rows: list[dict[str, Any]] = []
        for number, row in enumerate(value or (), 1):
            kept: dict[str, Any] = dict(row)
            lacking = [part for part in self.parts if part.is_needed and not row.get(part.name)]
            if lacking:
                label = say(f"rules.{self.table}.{lacking[0].name}")
                wrong.append(say("rules.rows.incomplete", row=number, label=label))
            for part in self.parts:
                if text := row.get(part.name):
                    kept[part.name] = self._read(part, text, number, wrong)
            if self.unique and any(_same(kept, other, self.unique) for other in rows):
                wrong.append(say("rules.rows.twice", row=number))
            rows.append(kept)
        if wrong:
            raise ValidationError(wrong)
        return rows

    def _read(self, part: Part, text: str, number: int, wrong: list[str]) -> str | float:
        def refuse(why: str, **fields: str) -> None:
            label = say(f"rules.{self.table}.{part.name}")
            wrong.append(
                say(f"rules.rows.{why}", None, row=number, label=label, value=text[:80], **fields)
            )

        if len(text) > _LONGEST:
            refuse("long", limit=str(_LONGEST))
        elif part.choices is not None and text not in dict(part.choices()):
            refuse("unknown")
        elif part.highest:
            amount = _number(text)
            if amount is None or not 0 <= amount <= part.highest:
                refuse("no_number", highest=f"{part.highest:,g}")
            return amount or 0.0
        return text


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of a row as texts; a number with all its digits."""
    return {part: _digits(one) if isinstance(one, float) else one for part, one in row.items()}


def _digits(number: float) -> str:
    return f"{Decimal(repr(number)).normalize():f}"


def _same(row: Mapping[str, Any], other: Mapping[str, Any], parts: Sequence[str]) -> bool:
    return all(row.get(part) and row.get(part) == other.get(part) for part in parts)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
