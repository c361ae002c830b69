"""The types of the API: of a resource's rows, pages, new and changed records, of an action."""

from __future__ import annotations

import inspect
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from django.db import models
from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from linyin.platform.actions import LONGEST_TEXT
from linyin.platform.api.values import has_version
from linyin.platform.models.record import Record
from linyin.platform.resources.columns import Column
from linyin.platform.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linyin.platform.actions import Action, Parameter
    from linyin.platform.api.values import Shown
    from linyin.platform.resources.resource import Resource

__all__ = [
    "JobOut",
    "Key",
    "Mass",
    "RemovalAsked",
    "Text",
    "Version",
    "action_schema",
    "change_schema",
    "new_schema",
    "page_schema",
    "parameter_type",
    "query_schema",
    "row_schema",
]

_DECIMAL: Final = r"^-?[0-9]{1,38}(\.[0-9]{1,20})?$"
_NO_NUL: Final = r"^[^\x00]*$"

Text = Annotated[str, Field(max_length=LONGEST_TEXT, pattern=_NO_NUL)]
Key = Annotated[str, Field(min_length=1, max_length=300, pattern=_NO_NUL)]
Version = Annotated[int, Field(ge=0, le=2_147_483_647)]
Number = Annotated[str, Field(pattern=_DECIMAL, description="Decimal number as text.")]
Mass = Annotated[str, Field(pattern=r"^-?[0-9]{1,38}$", description="Whole mg CO2e as text.")]

_KINDS: Final[Mapping[str, tuple[Any, str]]] = {
    "text": (str | None, ""),
    "code": (str | None, ""),
    "choice": (str | None, ""),
    "node": (str | None, "Code of a node of the organization."),
    "link": (str | None, "Id of a record."),
    "number": (Number | None, "Decimal number as text, exact."),
    "integer": (int | None, ""),
    "mass": (Mass | None, "Whole milligrams of CO2e as text: they may exceed what a float holds."),
    "date": (date | None, "Day."),
    "time": (datetime | None, "Time in UTC."),
    "flag": (bool | None, ""),
}


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class JobOut(Schema):
    """Long work and how it stands."""

    id: str
    kind: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    step: str = Field(description="What it is doing.")
    done: int
    total: int = Field(description="0 = not known.")
    is_cancel_asked: bool
    made_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    result: Any = Field(description="Of a job that is done.")
    findings: list[dict[str, Any]] = Field(description="Why it failed, row by row.")
    self: str = Field(description="Where to ask again.")


def described(key: str) -> str:
    """Return a text of the words in both languages, '' if there is none."""
    row = words().get(key)
    return "" if row is None else f"{row['en']} · {row['zh']}"


def _doc(*parts: str) -> str:
    return ". ".join(part.rstrip(".") for part in parts if part)


def type_name(resource: Shown, kind: str) -> str:
    """Return the name of a type: `MetricsRow`."""
    return "".join(p.capitalize() for p in resource.name.replace("-", "_").split("_")) + kind


_ROWS: Final[dict[str, type[Schema]]] = {}


def row_schema(resource: Shown) -> type[Schema]:
    """Return the type of a row; the same one for every route that gives it."""
    if resource.name not in _ROWS:
        _ROWS[resource.name] = _row_schema(resource)
    return _ROWS[resource.name]


def _row_schema(resource: Shown) -> type[Schema]:
    fields: dict[str, Any] = {"id": (str, Field(description="Key of the row."))}
    if has_version(resource):
        about = "Counts the changes; a change states the one it saw."
        fields["version"] = (int, Field(description=about))
    fields |= {column.name: _column(resource, column) for column in resource.columns}
    return create_model(type_name(resource, "Row"), __base__=Schema, **fields)


def _column(resource: Shown, column: Column) -> tuple[Any, Any]:
    kind, about = _KINDS[column.kind]
    values = _choices(resource, column.lookup)
    listed = f"One of {', '.join(values)}" if values and column.kind == "choice" else ""
    unit = f"Its unit is in `{column.unit}`" if column.unit else ""
    text = _doc(described(f"{resource.name}.{column.name}"), about, listed, unit)
    return kind, Field(description=text)


def _choices(resource: Shown, name: str) -> list[str]:
    field = _field(resource, name)
    return [str(v) for v, _ in field.choices or ()] if field is not None else []


def _field(resource: Shown, name: str) -> models.Field[Any, Any] | None:
    if resource.model is None:
        return None
    fields = {f.name: f for f in resource.model._meta.concrete_fields}
    return fields.get(name)


def page_schema(resource: Shown, row: type[Schema]) -> type[Schema]:
    """Return the type of a page of rows."""
    return create_model(
        type_name(resource, "Page"),
        __base__=Schema,
        items=(list[row], Field(description="Rows in order.")),  # type: ignore[valid-type]
        next=(str | None, Field(description="Address of the page after it.")),
        prev=(str | None, Field(description="Address of the page before it.")),
        count=(int | None, Field(description="Rows in all, at most 10 000; with `count=true`.")),
    )


def query_schema(resource: Shown, *, paged: bool = True) -> type[Schema]:
    """Return the type of what a list is asked for."""
    kinds: dict[str, Any] = {
        "choice": list[Text], "node": list[Text], "around": list[Text], "text": Text | None,
        "since": date | None, "until": date | None,
        "year": Annotated[int, Field(ge=1, le=9998)] | None,
    }  # fmt: skip
    abouts = {
        "node": "A node or anything below it today, by code; several = any of them.",
        "around": "A node, anything below it or above it today, by code; several = any of them.",
        "choice": "Several = any of them.", "text": "Holds the text.", "since": "From this day.",
        "until": "Up to this day.", "year": "Touches the year.",
    }  # fmt: skip
    fields: dict[str, Any] = {}
    for filter_ in resource.filters:
        known = (f"{resource.name}.{filter_.name}", f"filter.{filter_.name}")
        label = next((described(k) for k in known if k in words()), "")
        many = filter_.kind in ("choice", "node", "around")
        options: dict[str, Any] = {"max_length": 200} if many else {}
        about = Field(
            [] if many else None, description=_doc(label, abouts[filter_.kind]), **options
        )
        fields[filter_.name] = (kinds[filter_.kind], about)
    if resource.search:
        about = Field(
            "", description="Words that a row must hold.", max_length=200, pattern=_NO_NUL
        )
        fields["q"] = (str, about)
    sortable = [column.name for column in resource.columns if column.sortable]
    ways = tuple(sign + name for name in sortable for sign in ("", "-"))
    about = Field(None, description="Column to order by, `-` before it for the largest first.")
    fields["sort"] = (Literal[ways] | None, about)
    if paged:
        about = Field("", description="Place that `next` or `prev` gave.", max_length=2000)
        fields["at"] = (str, about)
        fields["size"] = (int, Field(50, ge=1, le=500, description="Rows of a page."))
        fields["count"] = (bool, Field(False, description="Count the rows too."))
    return create_model(type_name(resource, "Query"), __base__=Schema, **fields)


def new_schema(resource: Resource) -> type[Schema]:
    """Return the type of a record that is to be made."""
    return create_model(
        type_name(resource, "New"), __base__=_Strict, **_stated(resource, partial=False)
    )


class RemovalAsked(_Strict):
    """What a removal is based on."""

    version: Version = Field(description="The version that was seen.")
    reason: Text = Field("", description="Why; kept in the audit trail.", max_length=2000)


def change_schema(resource: Resource) -> type[Schema]:
    """Return the type of a change: the fields that change, and the version it saw."""
    fields = _stated(resource, partial=True)
    fields["version"] = (Version, Field(description="The version that the change is based on."))
    fields["reason"] = (Text, Field("", description="Why; kept in the audit trail."))
    return create_model(type_name(resource, "Change"), __base__=_Strict, **fields)


def _stated(resource: Resource, *, partial: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in resource.fields:
        field = _field(resource, name)
        if field is None:
            raise ValueError(f"{resource.name} has no field {name}")
        kind = _written(field)
        about = _doc(
            described(f"{resource.name}.{name}"), described(f"{resource.name}.{name}.help")
        )
        is_free = partial or field.blank or field.null or field.has_default()
        if field.null:
            kind |= None
        default = None if is_free else ...
        fields[name] = (kind, Field(default, description=about))
    return fields


def _written(field: models.Field[Any, Any]) -> Any:
    """Return the type in which a field of a model is stated."""
    if field.choices:
        values = tuple(str(v) for v, _ in field.choices) + (("",) if field.blank else ())
        return Literal[values]
    match field:
        case models.ForeignKey():
            return Key
        case models.BooleanField():
            return bool
        case models.DecimalField():
            whole = field.max_digits - field.decimal_places
            pattern = rf"^-?[0-9]{{1,{whole}}}(\.[0-9]{{1,{field.decimal_places}}})?$"
            return Annotated[str, Field(pattern=pattern)]
        case models.DateTimeField():
            return datetime
        case models.DateField():
            return date
        case models.IntegerField():
            low = 0 if "Positive" in field.get_internal_type() else -(2**31)
            return Annotated[int, Field(ge=low, le=2**31 - 1)]
        case models.JSONField():
            return Any
    longest = getattr(field, "max_length", None) or 10_000
    shortest = 0 if field.blank else 1
    return Annotated[str, Field(max_length=longest, min_length=shortest, pattern=_NO_NUL)]


def action_schema(action: Action, *, is_versioned: bool = False) -> type[Schema] | None:
    """Return the type of what an action asks beside its subject; None if it asks nothing.

    With `is_versioned` it may state the version in which its subject was seen.
    """
    name = "".join(part.capitalize() for part in action.name.replace(".", "_").split("_"))
    fields: dict[str, Any] = {p.name: _parameter(action, p) for p in action.parameters}
    if is_versioned:
        fields.setdefault(
            "version",
            (
                Version | None,
                Field(None, description="The version that was seen; another is refused."),
            ),
        )
    if not fields:
        return None
    return create_model(f"{name}Asked", __base__=_Strict, **fields)


def parameter_type(action: Action, parameter: Parameter) -> Any:
    """Return the type of a parameter; forms know plain ones only, requests also records, lists."""
    if parameter.kind is not object:
        return parameter.kind
    stated = inspect.signature(action.function).parameters[parameter.name].annotation
    return eval(stated, action.function.__globals__) if isinstance(stated, str) else stated  # noqa: S307 - our own annotations


def _parameter(action: Action, parameter: Parameter) -> tuple[Any, Any]:
    kinds: dict[Any, Any] = {
        bool: bool, date: date, Decimal: Number, str: Text, datetime: datetime,
        int: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)],
        list[int]: Annotated[list[int], Field(min_length=1, max_length=100)],
        list[str]: Annotated[list[Text], Field(max_length=500)],
    }  # fmt: skip
    kind = parameter_type(action, parameter)
    about = described(f"action.{action.name}.{parameter.name}")
    if isinstance(kind, type) and issubclass(kind, Record):
        stated: Any = Key
    else:
        stated = kinds[kind]
    return stated, Field(... if parameter.is_required else parameter.default, description=about)
