"""What a stale edit states and what is there now, field by field, in the reader's words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db import models

from linyin.platform.history import changes_between
from linyin.platform.resources.several import SeveralField, names_in
from linyin.platform.resources.suggested import Suggested
from linyin.platform.times import day, moment
from linyin.platform.words import enumerated, lang, say

if TYPE_CHECKING:
    from django.http import HttpRequest

    from linyin.platform.models.record import Record

__all__ = ["edit_differences", "removal_differences", "seen_version"]

NOTHING: Final = "–"
_DIGITS: Final = 9


def seen_version(request: HttpRequest) -> int:
    """Return the version of the record that a form was shown with; 0, no version, without one."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else 0


def edit_differences(form: forms.BaseForm, there: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return where a form differs from what is there now.

    Parameters
    ----------
    form
        Valid.
    there
        What is there, by the name of the form's field.

    """
    return [
        {
            "label": str(form.fields[name].label or ""),
            "stated": _said(form.fields[name], form.cleaned_data.get(name)),
            "there": _said(form.fields[name], value),
        }
        for name, value in there.items()
        if name in form.fields and _same(form.cleaned_data.get(name)) != _same(value)
    ]


def removal_differences(record: Record, seen: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what has changed of a record since it was as `seen` says, as its history tells it."""
    return [
        {"label": label, "stated": then or NOTHING, "there": now or NOTHING}
        for label, then, now in changes_between(record, seen)
    ]


def _same(value: Any) -> Any:
    """Return a value to compare: several records in any order, an empty text as nothing."""
    if isinstance(value, models.QuerySet | list | tuple):
        return frozenset(value)
    return None if value == "" else value


def _said(field: forms.Field, value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, models.QuerySet | list | tuple):
        return enumerated(sorted(_called(field, one) for one in value)) or NOTHING
    if isinstance(field, SeveralField):
        return enumerated(_chosen(field, name) for name in names_in(str(value))) or NOTHING
    if isinstance(value, models.Model) or isinstance(field.widget, Suggested):
        return _called(field, value)
    if isinstance(field, forms.ChoiceField):
        return _chosen(field, value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _called(field: forms.Field, record: Any) -> str:
    """Return the name of a record; nodes have one in each language."""
    if callable(name := getattr(record, "name", None)):
        return str(name(lang()))
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(record)
    if isinstance(field.widget, Suggested):
        return field.widget.format_value(record) or NOTHING
    return str(record)


def _chosen(field: forms.ChoiceField, value: Any) -> str:
    called: dict[str, str] = {}
    choices: Any = field.choices
    for key, label in choices:
        group = label if isinstance(label, list | tuple) else [(key, label)]
        called |= {str(one): str(text) for one, text in group}
    return called.get(str(value), str(value))
