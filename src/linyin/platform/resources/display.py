"""How a value reads on a page, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from linyin.platform.numbers import MassScale, number
from linyin.platform.words import Lang, lang, say, words

if TYPE_CHECKING:
    from linyin.platform.resources.columns import Column
    from linyin.platform.resources.resource import Resource

__all__ = ["Cell", "Display"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it reads.

    Attributes
    ----------
    kind
        Of its column.
    unit
        Beside a number.
    url
        Where it leads, if anywhere.
    raw
        The value of a choice, for its colour.

    """

    text: str
    kind: str
    unit: str = ""
    url: str = ""
    raw: str = ""


class Display:
    """Reads the values of rows; one scale of mass for all rows of a page."""

    def __init__(self, resource: Resource, rows: Iterable[Mapping[str, Any]]) -> None:
        self.resource = resource
        rows = list(rows)
        self.language: Lang = lang()
        self._names = _names_of(
            {str(row[c.name]) for row in rows for c in resource.columns if c.kind == "node"},
            self.language,
        )
        masses = [row[c.name] for row in rows for c in resource.columns if c.kind == "mass"]
        self.scale = MassScale.of(mass for mass in masses if mass is not None)

    def cell(self, column: Column, row: Mapping[str, Any]) -> Cell:
        """Return a value as it reads."""
        value = row.get(column.name)
        if value is None or value == "":
            return Cell("", column.kind)
        if column.kind == "mass":
            return Cell(self.scale.text(int(value)), "mass", self.scale.unit)
        if column.kind in ("number", "integer"):
            unit = str(row.get(column.unit) or "") if column.unit else ""
            return Cell(number(value), column.kind, unit)
        if column.kind == "choice":
            key = f"{self.resource.name}.{column.name}.{value}"
            shown = say(key, self.language) if key in words() else str(value)
            return Cell(shown, "choice", raw=str(value))
        if column.kind == "node":
            return Cell(self._names.get(str(value), str(value)), "node")
        if column.kind == "flag":
            return Cell(say("yes" if value else "no", self.language), "flag", raw=str(bool(value)))
        if column.kind == "link" and column.target:
            url = reverse(f"{column.target}-record", args=[value])
            return Cell(str(value), "link", url=url)
        return Cell(_dated(value), column.kind)


def _dated(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def _names_of(codes: set[str], language: Lang) -> dict[str, str]:
    from linyin.organization.web.models import Node

    return {node.code: node.name(language) for node in Node.objects.filter(code__in=codes)}


