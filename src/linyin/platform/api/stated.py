"""What a request states, checked as a form would check it, in the terms of the records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict

from linyin.platform.api.problems import ApiProblem
from linyin.platform.api.schemas import parameter_type
from linyin.platform.grants import visible_to
from linyin.platform.models.record import Record
from linyin.platform.resources.forms import record_form
from linyin.platform.resources.models import key_of

if TYPE_CHECKING:
    from ninja import Schema

    from linyin.organization.web.models import Node
    from linyin.platform.actions import Action
    from linyin.platform.actor import Actor
    from linyin.platform.resources.resource import Resource

__all__ = ["action_values", "form_values", "node_of", "record_values", "stated_form"]


def record_values(
    resource: Resource, actor: Actor, stated: Mapping[str, Any], record: Record | None = None
) -> dict[str, Any]:
    """Return the values of a record's fields: those stated, for the others what it has.

    Raises
    ------
    django.core.exceptions.ValidationError
        With everything that is wrong, field by field.

    """
    values = form_values(record_form(resource, actor), stated, record)
    return values if record is None else {n: v for n, v in values.items() if n in stated}


def form_values(
    form_class: type[forms.ModelForm[Any]], stated: Mapping[str, Any], record: Record | None = None
) -> dict[str, Any]:
    """Return what a form reads in what is stated, see :func:`stated_form`.

    Raises
    ------
    django.core.exceptions.ValidationError
        With everything that is wrong, field by field.

    """
    form = stated_form(form_class, stated, record)
    if not form.is_valid():
        raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
    return dict(form.cleaned_data)


def stated_form(
    form_class: type[forms.ModelForm[Any]], stated: Mapping[str, Any], record: Record | None = None
) -> forms.ModelForm[Any]:
    """Return a record's form as if somebody had typed what is stated, records by their code.

    What is not stated is as the record has it, or as a new one begins.
    """
    if record is None:
        blank = form_class()
        data = {name: blank.get_initial_for_field(f, name) for name, f in blank.fields.items()}
    else:
        data = model_to_dict(record, fields=list(form_class.base_fields))
    form = form_class({}, instance=record)
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField) and _has_code(field):
            field.to_field_name = "code"
            if name not in stated and record is not None:
                data[name] = getattr(getattr(record, name), "code", None)
    form.data = {n: _as_form(form, n, v) for n, v in (data | dict(stated)).items()}
    return form


def _has_code(field: forms.ModelChoiceField[Any]) -> bool:
    """Whether records of the field are known by a code, as nodes are."""
    return any(f.name == "code" for f in field.queryset.model._meta.concrete_fields)  # type: ignore[union-attr]


def _as_form(form: forms.BaseForm, name: str, value: Any) -> Any:
    if isinstance(form.fields.get(name), forms.JSONField):
        return json.dumps(value)
    return value


def action_values(action: Action, actor: Actor, stated: Schema | None) -> dict[str, Any]:
    """Return what an action is called with; records by their code or id, if the actor sees them.

    Raises
    ------
    ApiProblem
        422 for a record that is not there, or not for the actor.

    """
    if stated is None:
        return {}
    values = stated.model_dump(exclude_unset=True)
    for parameter in action.parameters:
        kind = parameter_type(action, parameter)
        if parameter.name in values and isinstance(kind, type) and issubclass(kind, Record):
            values[parameter.name] = _record(kind, action, actor, parameter.name, values)
    return values


def _record(
    model: type[Record], action: Action, actor: Actor, name: str, values: Mapping[str, Any]
) -> Record:
    text = values[name]
    has_code = any(f.name == "code" for f in model._meta.concrete_fields)
    seen = visible_to(actor, model, action.permission)
    if has_code:
        found = seen.filter(**{"code": text}).first()
    else:
        key = key_of(model, text)
        found = seen.filter(pk=key).first() if key is not None else None
    if found is None:
        raise ApiProblem(422, "record-unknown", name, value=text)
    return found


def node_of(actor: Actor, code: str, permission: str, where: str = "node") -> Node:
    """Return a node that a request names.

    Raises
    ------
    ApiProblem
        422 for one that is not there, or not within the actor's reach.

    """
    from linyin.organization.web.models import Node

    found = visible_to(actor, Node, permission).filter(code=code).first()
    if found is None:
        raise ApiProblem(422, "record-unknown", where, value=code)
    return found
