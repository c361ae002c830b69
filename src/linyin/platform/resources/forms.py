"""Forms of a resource, and of an action's parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from linyin.platform.grants import node_path, visible_to
from linyin.platform.models.record import Record
from linyin.platform.resources.columns import readers_first
from linyin.platform.resources.several import SeveralField
from linyin.platform.resources.suggested import Suggested
from linyin.platform.words import lang, lazy_say, say, words

if TYPE_CHECKING:
    from linyin.platform.actions import Action
    from linyin.platform.actor import Actor
    from linyin.platform.resources.resource import Resource

__all__ = ["action_form", "initial_values", "record_form"]


def record_form(
    resource: Resource, actor: Actor, fields: Sequence[str] | None = None
) -> type[forms.ModelForm[Any]]:
    """Return the form of a resource's records; to choose from are nodes and records in reach.

    Of some fields it is a part of the form.
    """
    from linyin.organization.web.models import Node

    model = resource.model
    if model is None:
        raise ValueError(f"{resource.name} has no model")

    def field_of(field: models.Field[Any, Any], **options: Any) -> forms.Field | None:
        made = _field(resource, field, options)
        if made is None:
            return None
        made.label = lazy_say(f"{resource.name}.{field.name}")
        help_key = f"{resource.name}.{field.name}.help"
        made.help_text = lazy_say(help_key) if help_key in words() else ""
        if isinstance(made, forms.ChoiceField) and not isinstance(
            made, forms.ModelChoiceField | SeveralField
        ):
            made.choices = [
                (value, say(f"{resource.name}.{field.name}.{value}") if value else "—")
                for value, _ in made.widget.choices
            ]
        if isinstance(made, forms.DateField):
            made.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        if isinstance(made, forms.CharField) and isinstance(made.widget, forms.Textarea):
            made.widget.attrs["rows"] = 3
        if isinstance(made, forms.ModelChoiceField):
            made.empty_label = "—"
            if _is_node(field):
                made.queryset = Node.objects.filter(code__in=actor.nodes(resource.view))
            elif made.queryset is not None and node_path(made.queryset.model):
                made.queryset = visible_to(actor, made.queryset.model, resource.view)
        return made

    form: type[forms.ModelForm[Any]] = forms.modelform_factory(
        model,
        RecordForm,
        fields=readers_first(fields or resource.fields, lang()),
        formfield_callback=field_of,
    )
    return form


class RecordForm(forms.ModelForm[Any]):
    """A record's form: what the record names already may stay, whoever changes the rest."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            named = getattr(self.instance, f"{name}_id", None)
            if named is not None and isinstance(field, forms.ModelChoiceField):
                offered: Any = field.queryset
                field.queryset = offered.model._default_manager.filter(
                    models.Q(pk__in=offered.values("pk")) | models.Q(pk=named)
                )

    def _update_errors(self, errors: ValidationError) -> None:
        """Tell beside its field what is taken, and nothing of the record that has it."""
        told: dict[str, list[ValidationError]] = {}
        for name, several in errors.update_error_dict({}).items():
            for error in several:
                if error.code not in ("unique", "unique_together"):
                    told.setdefault(name, []).append(error)
                    continue
                checked = (error.params or {}).get("unique_check", (name,))
                asked = [field for field in checked if field in self.fields]
                beside = asked[-1] if asked else NON_FIELD_ERRORS
                text = say("form.taken" if len(checked) == 1 else "form.taken_together")
                told.setdefault(beside, []).append(ValidationError(text, code=error.code))
        super()._update_errors(ValidationError(told))  # type: ignore[misc]


class PlainDecimalField(forms.DecimalField):
    """A number as people write it: without the zeros that its column pads it with."""

    def prepare_value(self, value: Any) -> Any:
        """Return what the field shows."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _field(
    resource: Resource, field: models.Field[Any, Any], options: dict[str, Any]
) -> forms.Field | None:
    """Return the plain field of a form, before it has its words."""
    if offered := resource.several.get(field.name):
        return SeveralField(choices=offered(), required=not field.blank)
    if values := _offered(resource, field):
        return forms.ChoiceField(choices=values, required=not field.blank)
    if suggested := resource.suggests.get(field.name):
        options["widget"] = Suggested(suggested)
    if asked := resource.widgets.get(field.name):
        options["widget"] = asked()
    if isinstance(field, models.DecimalField):
        options["form_class"] = PlainDecimalField
    made: forms.Field | None = field.formfield(**options)
    return made


def _offered(resource: Resource, field: models.Field[Any, Any]) -> list[tuple[str, str]]:
    """Return what to choose from where a filter of the resource states it, not the model."""
    stated = next((f.choices for f in resource.filters if f.lookup == field.name), None)
    if field.choices or not callable(stated):
        return []
    return [("", ""), *((value, value) for value in stated())]


def initial_values(
    form: type[forms.ModelForm[Any]], stated: Mapping[str, str]
) -> dict[str, str | int]:
    """Return what an address says about a new record; nodes stand there by their code."""
    from linyin.organization.web.models import Node

    values: dict[str, str | int] = {n: stated[n] for n in form.base_fields if n in stated}
    node = Node.objects.filter(code=values.get("node", "")).first()
    return values | ({"node": node.pk} if node is not None else {})


def action_form(action: Action, resource: Resource) -> type[forms.Form]:
    """Return the form of what an action asks beside its subject, and of the version it was seen in.

    What a column of the resource's records offers to choose from is chosen here too.
    """
    fields: dict[str, Any] = {}
    choices = {f.name: f.choices for f in resource.model._meta.fields} if resource.model else {}
    for parameter in action.parameters:
        if parameter.name == "version":
            continue
        label = lazy_say(f"action.{action.name}.{parameter.name}")
        options = {"label": label, "required": parameter.is_required, "initial": parameter.default}
        if parameter.kind is bool:
            fields[parameter.name] = forms.BooleanField(**{**options, "required": False})
        elif parameter.kind is int:
            fields[parameter.name] = forms.IntegerField(**options)
        elif parameter.kind is Decimal:
            fields[parameter.name] = forms.DecimalField(**options)
        elif parameter.kind is date:
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            fields[parameter.name] = forms.DateField(widget=widget, **options)
        elif parameter.name == "language":
            fields[parameter.name] = forms.ChoiceField(choices=settings.LANGUAGES, **options)
        elif offered := choices.get(parameter.name):
            named = [(value, say(f"{resource.name}.{parameter.name}.{value}"))
                     for value, _ in offered if value]  # fmt: skip
            fields[parameter.name] = forms.ChoiceField(choices=named, **options)
        else:
            long = parameter.name in ("comment", "reason", "note")
            text = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput()
            fields[parameter.name] = forms.CharField(widget=text, **options)
    if action.has_subject and _is_versioned(resource):
        fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, min_value=0, max_value=2_147_483_647
        )
    return type("ActionForm", (forms.Form,), fields)


def _is_versioned(resource: Resource) -> bool:
    return resource.model is not None and issubclass(resource.model, Record)


def _is_node(field: models.Field[Any, Any]) -> bool:
    related = field.related_model
    return isinstance(related, type) and related._meta.label == "organization.Node"
