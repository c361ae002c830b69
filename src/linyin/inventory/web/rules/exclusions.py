"""What an inventory leaves out, asked row by row: line, what, why, how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from linyin.inventory import INVENTORY_LINES
from linyin.inventory.web.pages.common import texts
from linyin.platform.words import say

__all__ = ["ExclusionsField"]

PARTS: Final = ("line", "what", "reason", "estimate_t")
SPARE: Final = 2
_LONGEST: Final = 500


class _Rows(forms.Widget):
    """A table to fill in: the rows that are there and some empty ones."""

    template_name = "inventory/exclusions.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return the cells of each row, and the lines to choose from."""
        rows = [_shown(row) for row in value or ()] + [{}] * SPARE
        lines = [(line, f"{line}  {texts().known('line', line)}") for line in INVENTORY_LINES]
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context |= {"name": name, "lines": lines, "rows": list(enumerate(rows, 1))}
        return context

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: Any,  # noqa: ARG002 - Django's signature
        name: str,
    ) -> list[dict[str, str]]:
        """Return the rows that somebody has filled in."""
        found = []
        for number in range(1, 1000):
            row = {part: str(data.get(f"{name}-{number}-{part}", "")).strip() for part in PARTS}
            if f"{name}-{number}-what" not in data:
                break
            if any(row.values()):
                found.append({part: text for part, text in row.items() if text})
        return found

    def id_for_label(self, id_: str, index: str | None = None) -> str:  # noqa: ARG002 - as above
        """Each cell has its own."""
        return ""


class ExclusionsField(forms.Field):
    """Rows of `[[exclusions]]`."""

    widget = _Rows

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Return the rows with their estimates as numbers. [t CO2e]"""
        wrong: list[str] = []
        rows: list[dict[str, Any]] = []
        for number, row in enumerate(value or (), 1):
            kept: dict[str, Any] = dict(row)
            if not all(row.get(part) for part in PARTS[:3]):
                wrong.append(say("rules.exclusions.incomplete", row=number))
            if any(len(text) > _LONGEST for text in row.values()):
                wrong.append(say("rules.exclusions.long", row=number, limit=_LONGEST))
            if "estimate_t" in row:
                kept["estimate_t"] = _tonnes(row["estimate_t"])
                if kept["estimate_t"] is None:
                    wrong.append(say("rules.exclusions.estimate_wrong", row=number))
            rows.append(kept)
        if wrong:
            raise ValidationError(wrong)
        return rows


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {part: f"{one:g}" if isinstance(one, float) else one for part, one in row.items()}


def _tonnes(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < 1e15 else None
