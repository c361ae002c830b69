"""More rows for lists of the example: copies of a record, each with a key of its own."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import date, timedelta
from itertools import count
from typing import Any, Final

from django.db import models

__all__ = ["fill"]

_NUMBERS: Final = count(1)


def fill(rows: int) -> None:
    """Fill the table of every resource of a model up to so many rows."""
    from linyin.platform.resources import RESOURCES

    for resource in list(RESOURCES.values()):
        if (model := resource.model) is None:
            continue
        pattern = model._base_manager.order_by("-pk").first()
        if pattern is None:
            raise LookupError(f"the example has no {resource.name}")
        missing = rows - model._base_manager.count()
        if missing > 0:
            model._base_manager.bulk_create(_copy(pattern) for _ in range(missing))


def _copy(pattern: models.Model) -> models.Model:
    """Return a record like another; what only one may have is its own."""
    made = copy(pattern)
    made.pk = None
    made._state.adding = True
    for field in _unique(type(pattern)):
        setattr(made, field.attname, _other(field, pattern))
    return made


def _unique(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """Yield fields of whose values no record may have another's; of several together, one."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    for field in fields.values():
        if field.unique and (not field.primary_key or isinstance(field, models.UUIDField)):
            yield field
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            together = [fields[name] for name in constraint.fields]
            yield next((f for f in together if not f.is_relation and not f.choices), together[-1])


def _other(field: models.Field[Any, Any], pattern: models.Model) -> Any:
    """Return another value of a field than a record has; of a relation, to a copy of its own."""
    value, number = getattr(pattern, field.attname), next(_NUMBERS)
    match field:
        case models.UUIDField():
            return field.get_default()
        case models.OneToOneField():
            return None
        case models.ForeignKey():
            related = _copy(getattr(pattern, field.name))
            related.save()
            return related.pk
        case models.CharField():
            return f"{str(value)[: field.max_length - 6]}-{number}"
        case models.DateField():
            return (value or date(2000, 1, 1)) + timedelta(days=number)
        case models.IntegerField():
            return (value or 0) + 1000 + number
    raise TypeError(f"another value of {field}?")
