"""What the rows of a file of records do: which record each means, and what it states anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from django.core.exceptions import PermissionDenied, ValidationError

from linyin.lake import BadInput, Finding
from linyin.platform.api.stated import stated_form
from linyin.platform.grants import visible_to
from linyin.platform.resources.forms import record_form
from linyin.platform.resources.intake_cells import Cells
from linyin.platform.resources.records import check_record, require_reach

if TYPE_CHECKING:
    from linyin.lake import Sheet
    from linyin.platform.actor import Actor
    from linyin.platform.models.record import Record
    from linyin.platform.resources.resource import Resource

__all__ = ["Change", "Planner", "RowPlan"]

type Act = Literal["new", "changed", "unchanged"]

_UNREADABLE: Final = object()


@dataclass(frozen=True, slots=True)
class Change:
    """A field that a row states otherwise than it is; `before` is None in a new record."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What a row of the file does.

    Attributes
    ----------
    record
        As it is before; a new one as it is going to be.
    changes
        The fields that the row states anew.
    values
        What the action is told.

    """

    sheet: str
    row: int
    act: Act
    record: Record
    changes: tuple[Change, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


class Planner:
    """Finds out what the rows of a resource's files do.

    Parameters
    ----------
    actor
        Who brings a file in; records out of their reach are not there.

    """

    def __init__(self, actor: Actor, resource: Resource) -> None:
        if resource.model is None:
            raise ValueError(f"{resource.name} has no model")
        self.actor, self.resource, self.model = actor, resource, resource.model
        self.form = record_form(resource, actor)
        self.cells = Cells(resource, self.form)
        blank = self.form()
        self._begin = {n: blank.get_initial_for_field(f, n) for n, f in blank.fields.items()}
        self._known: dict[tuple[Any, ...], list[Record]] = {}
        self._clean: dict[tuple[str, Any], Any] = {}
        self._seen: dict[tuple[Any, ...], int] = {}

    def look_up(self, sheets: Iterable[Sheet]) -> None:
        """Read the records that rows may mean, all at once."""
        first, *_ = self.resource.identity
        stated = {
            self._value(first, self.cells.read(sheet, row, {first: texts[first]})[0].get(first))
            for sheet in sheets
            for row, texts in self.cells.rows(sheet)
            if first in texts
        } | {self._value(first, None)}
        asked = [value for value in stated if value is not _UNREADABLE]
        seen = visible_to(self.actor, self.model, self.resource.edit)
        for record in seen.filter(**{f"{first}__in": asked}):
            key = tuple(getattr(record, name) for name in self.resource.identity)
            self._known.setdefault(key, []).append(cast("Record", record))

    def records(self, key: tuple[Any, ...]) -> list[Record]:
        """Return the records in reach that have an identity."""
        return self._known.get(key, [])

    def plan(self, sheet: Sheet, row: int, texts: Mapping[str, str]) -> RowPlan | list[Finding]:
        """Return what a row does, or what is wrong with it."""
        stated, wrong = self.cells.read(sheet, row, texts)
        if wrong:
            return wrong + self._others_wrong(sheet, row, texts, stated)
        key = tuple(self._value(name, stated.get(name)) for name in self.resource.identity)
        is_readable = _UNREADABLE not in key
        if is_readable and key in self._seen:
            fields = {"first_row": self._seen[key]}
            return [Finding("record-row-twice", "error", sheet.where(row), fields)]
        found = self.records(key) if is_readable else []
        if len(found) > 1:
            told = {"fields": ", ".join(self.resource.identity)}
            return [Finding("record-row-of-several", "error", sheet.where(row), told)]
        try:
            plan = (
                self._changed(sheet, row, stated, found[0])
                if found
                else self._new(sheet, row, stated)
            )
        except ValidationError as error:
            return list(self.cells.refused(sheet, row, texts, error.error_dict))
        except BadInput as bad:
            return [
                Finding(f.code, f.severity, self.cells.at(sheet, row, f.at.column), f.fields)
                for f in bad.findings
            ]
        except PermissionDenied:
            return [Finding("row-out-of-reach", "error", sheet.where(row))]
        self._seen[key] = row
        return plan

    def _others_wrong(
        self, sheet: Sheet, row: int, texts: Mapping[str, str], stated: Mapping[str, str]
    ) -> list[Finding]:
        """Return what is wrong with the cells that could be read."""
        form = stated_form(self.form, {name: text for name, text in stated.items() if text})
        errors = {n: e for n, e in form.errors.as_data().items() if n in stated}
        return list(self.cells.refused(sheet, row, texts, errors))

    def _value(self, name: str, stated: Any) -> Any:
        """Return what a field of the identity is in a record, for a text that states it."""
        stated = self._begin[name] if stated in (None, "") else stated
        if (name, stated) not in self._clean:
            field_ = stated_form(self.form, {}).fields[name]
            try:
                self._clean[name, stated] = field_.clean(stated)
            except ValidationError:
                self._clean[name, stated] = _UNREADABLE
        return self._clean[name, stated]

    def _new(self, sheet: Sheet, row: int, stated: Mapping[str, str]) -> RowPlan:
        form = _valid(stated_form(self.form, {name: text for name, text in stated.items() if text}))
        record, values = form.instance, dict(form.cleaned_data)
        require_reach(self.actor, self.resource, record)
        check_record(self.resource, record)
        changes = (Change(name, None, getattr(record, name)) for name in values)
        kept = tuple(c for c in changes if c.after not in (None, ""))
        return RowPlan(sheet.sheet, row, "new", record, kept, values)

    def _changed(
        self, sheet: Sheet, row: int, stated: Mapping[str, str], record: Record
    ) -> RowPlan:
        meant = copy(record)
        meant._state = copy(record._state)
        form = _valid(stated_form(self.form, stated, meant))
        values = _differing(record, {n: form.cleaned_data[n] for n in stated})
        if values:
            if not self.resource.update.is_allowed(self.actor, record):
                raise PermissionDenied(self.resource.edit)
            require_reach(self.actor, self.resource, meant)
            check_record(self.resource, meant)
            values = _differing(record, {n: getattr(meant, n) for n in values})
        changes = tuple(Change(n, getattr(record, n), v) for n, v in values.items())
        act: Act = "changed" if values else "unchanged"
        return RowPlan(sheet.sheet, row, act, record, changes, values)


def _differing(record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != getattr(record, name)}


def _valid(form: Any) -> Any:
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form
