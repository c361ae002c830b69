"""Values as JSON: decimals and masses as exact texts, days and times as ISO 8601."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model

    from linyin.platform.resources.columns import Column
    from linyin.platform.resources.filters import Filter
    from linyin.platform.resources.source import Row

__all__ = ["Shown", "has_version", "json_row", "json_value"]


class Shown(Protocol):
    """What is known of rows that are shown: a resource, or other rows."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def columns(self) -> Sequence[Column]: ...  # noqa: D102
    @property
    def filters(self) -> Sequence[Filter]: ...  # noqa: D102
    @property
    def search(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def model(self) -> type[Model] | None: ...  # noqa: D102


def json_row(resource: Shown, row: Row) -> dict[str, Any]:
    """Return a row of a resource as the API gives it."""
    made: dict[str, Any] = {"id": row["pk"]}
    if has_version(resource):
        made["version"] = row["version"]
    return made | {
        column.name: json_value(column, row.get(column.name)) for column in resource.columns
    }


def has_version(shown: Shown) -> bool:
    """Whether rows tell how often they were changed."""
    model = shown.model
    return model is not None and any(f.name == "version" for f in model._meta.concrete_fields)


def json_value(column: Column, value: Any) -> Any:
    """Return a value of a column as the API gives it."""
    if value is None:
        return None
    match column.kind:
        case "number":
            return _decimal(value)
        case "mass":
            return str(int(value))
        case "integer":
            return int(value)
        case "flag":
            return bool(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def _decimal(value: Any) -> str:
    """Return a number in digits, without an exponent and without zeros that say nothing."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
