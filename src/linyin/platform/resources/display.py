"""How the values of rows read on a page, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html

from linyin.platform.coded import coded
from linyin.platform.grants import node_path
from linyin.platform.numbers import MassScale, number
from linyin.platform.parts import Badge, Link, Nothing, Part, badge_looks
from linyin.platform.parts.cells import Printed
from linyin.platform.times import day, moment
from linyin.platform.words import Lang, lang, say, words

if TYPE_CHECKING:
    from django.db.models import Field, Model, QuerySet

    from linyin.platform.actor import Actor
    from linyin.platform.resources.columns import Column
    from linyin.platform.resources.resource import Resource
    from linyin.platform.tree import Tree

__all__ = ["Display", "called_of"]


class Display:
    """Reads the values of rows; one scale of mass for all rows of a page."""

    def __init__(
        self,
        name: str,
        columns: Iterable[Column],
        rows: Iterable[Mapping[str, Any]],
        tree: Tree,
        actor: Actor | None = None,
    ) -> None:
        self.name, rows, columns = name, list(rows), list(columns)
        self.language: Lang = lang()
        has_nodes = any(row[c.name] for row in rows for c in columns if c.kind == "node")
        self._nodes = tree.names(self.language) if has_nodes else {}
        self._records = {c.name: called_of(c, rows) for c in columns if c.target}
        self._told: dict[str, Mapping[str, str]] = {
            c.name: c.rows_say(actor, rows) if actor else {} for c in columns if c.rows_say
        }
        masses = [row[c.name] for row in rows for c in columns if c.kind == "mass"]
        self.scale = MassScale.of(mass for mass in masses if mass is not None)

    @classmethod
    def of(
        cls,
        resource: Resource,
        rows: Iterable[Mapping[str, Any]],
        tree: Tree,
        actor: Actor | None = None,
    ) -> Display:
        """Read the rows of a resource; what only some may know needs the reader."""
        return cls(resource.name, resource.columns, rows, tree, actor)

    def cell(self, column: Column, row: Mapping[str, Any]) -> str | Part:
        """Return a value as it reads, without its unit where the head of the column has it."""
        value = row.get(column.name)
        if value is None or value == "":
            return Nothing()
        match column.kind:
            case "mass":
                return Printed(self.scale.text(int(value)))
            case "number" | "integer":
                return _number(column, row, value)
            case "choice":
                return self._choice(column, str(value))
            case "node":
                return self._nodes.get(str(value), str(value))
            case "flag":
                return say("yes" if value else "no", self.language)
            case "link":
                called = self._records[column.name].get(str(value), str(value))
                return Link(called, reverse(f"{column.target}-record", args=[value]))
            case "code" | "text" if column.target or column.says or column.rows_say:
                told = self.text(column, row)
                return told if column.says is None else coded(told)
        if isinstance(value, dict):
            told = json.dumps(value, ensure_ascii=False, indent=1)
            return format_html('<pre class="written"><code>{}</code></pre>', told)
        return _dated(value)

    def fact(self, column: Column, row: Mapping[str, Any]) -> str | Part:
        """Return a value as it reads by itself, with its unit."""
        value = row.get(column.name)
        if column.kind == "mass" and value is not None:
            return Printed(self.scale.text(int(value)), self.scale.unit)
        if column.kind == "code" and value and not column.target and column.says is None:
            return format_html("<code>{}</code>", value)
        return self.cell(column, row)

    def unit(self, column: Column) -> str:
        """Return the unit that the head of a column states."""
        return self.scale.unit if column.kind == "mass" else ""

    def text(self, column: Column, row: Mapping[str, Any]) -> str:
        """Return a value as a plain text: what a row is called by it."""
        value = row.get(column.name)
        if column.kind == "node":
            return self._nodes.get(str(value), str(value))
        if column.kind == "choice":
            return self._word(column, str(value))
        if column.says is not None:
            return column.says(value) if value else ""
        if column.rows_say is not None:
            return self._told[column.name].get(str(row["pk"]), str(value or ""))
        if column.target:
            return self._records[column.name].get(str(value), str(value))
        return _dated(value) if value not in (None, "") else ""

    def _choice(self, column: Column, value: str) -> str | Part:
        word = self._word(column, value)
        known = column.badge and (column.badge, value) in badge_looks()
        return Badge(column.badge, value, word) if known else word

    def _word(self, column: Column, value: str) -> str:
        if column.says is not None:
            return column.says(value)
        key = f"{self.name}.{column.name}.{value}"
        return say(key, self.language) if key in words() else value


def _number(column: Column, row: Mapping[str, Any], value: Any) -> Printed:
    if column.says is not None:
        return Printed(column.says(value))
    return Printed(number(value), _unit(column, row, value))


def _unit(column: Column, row: Mapping[str, Any], value: Any) -> str:
    unit = str(row.get(column.unit) or "") if column.unit else ""
    return column.unit_says(unit, value) if unit and column.unit_says else unit


def _dated(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    return day(value) if isinstance(value, date) else str(value)


def called_of(
    column: Column, rows: Iterable[Mapping[str, Any]], among: QuerySet[Any] | None = None
) -> dict[str, str]:
    """Return what the records are called that a column leads to, or whose codes it holds.

    Of all there are, or among those that are given.
    """
    from linyin.platform.resources.resource import RESOURCES

    model = RESOURCES[column.target].model
    values = {str(row[column.name]) for row in rows if row.get(column.name)}
    if model is None or not values:
        return {}
    key = "pk" if column.kind == "link" else "code"
    owner = node_path(model).rpartition("__")[0]  # names often have the name of their node
    every = model._base_manager.all() if among is None else among
    records = every.filter(**{f"{key}__in": values})
    beside = [*_beside(model), *([owner] if owner else [])]
    found = records.select_related(*beside) if beside else records
    return {str(getattr(record, key)): str(record) for record in found}


def _beside(model: type[Model]) -> list[str]:
    """Return the relations that the name of a record may tell, and the nodes of those."""
    own = [field for field in model._meta.fields if field.is_relation]
    nodes = [
        f"{field.name}__node"
        for field in own
        if any(other.name == "node" for other in _fields(field.related_model))
    ]
    return [*(field.name for field in own), *nodes]


def _fields(model: type[Model] | None) -> list[Field[Any, Any]]:
    return [] if model is None else list(model._meta.fields)
