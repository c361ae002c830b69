"""What the rows of a file of records do: which record each means, and what it states anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError

from linyin.lake import BadInput, Finding
from linyin.platform.api.stated import stated_form
from linyin.platform.grants import visible_to
from linyin.platform.resources.forms import record_form
from linyin.platform.resources.intake_cells import Cells
from linyin.platform.resources.intake_order import in_order
from linyin.platform.resources.records import require_keepable

if TYPE_CHECKING:
    from django.db.models import Model

    from linyin.lake import Sheet
    from linyin.platform.actor import Actor
    from linyin.platform.models.record import Record
    from linyin.platform.resources.resource import Resource

__all__ = ["Change", "FileRow", "Planner", "RowPlan", "named_as", "rows_of"]

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
    turn
        When it is done: after the rows that it names.

    """

    sheet: str
    row: int
    act: Act
    record: Record
    changes: tuple[Change, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    turn: int = 0


class FileRow(NamedTuple):
    """A row of a file: its sheet, its number there, and field → text."""

    sheet: Sheet
    number: int
    texts: Mapping[str, str]


class RecalledField(forms.ModelChoiceField[Any]):
    """A record to choose, which is looked up once and then known."""

    def __init__(self, like: forms.ModelChoiceField[Any], known: dict[Any, Any]) -> None:
        super().__init__(like.queryset, required=like.required, label=like.label)
        self.known = known

    def to_python(self, value: Any) -> Any:
        """Return the record that a code or a key names."""
        if value in self.empty_values:
            return None
        if value not in self.known:
            self.known[value] = super().to_python(value)
        return self.known[value]


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
        self._left: dict[Any, Any] = {}
        for name, field_ in self.form.base_fields.items():
            if isinstance(field_, forms.ModelChoiceField):
                known = self._left if name in self.cells.own else {}
                self.form.base_fields[name] = RecalledField(field_, known)
        blank = self.form()
        self._begin = {n: blank.get_initial_for_field(f, n) for n, f in blank.fields.items()}
        self._known: dict[tuple[Any, ...], list[Record]] = {}
        self._clean: dict[tuple[str, Any], Any] = {}
        self._seen: dict[tuple[Any, ...], int] = {}

    def look_up(self, rows: Sequence[FileRow]) -> None:
        """Read the records that rows may mean, all at once."""
        first, *_ = self.resource.identity
        stated = {self._first(row) for row in rows if first in row.texts}
        asked = [v for v in stated | {self._value(first, None)} if v is not _UNREADABLE]
        seen = visible_to(self.actor, self.model, self.resource.edit)
        for record in seen.filter(**{f"{first}__in": asked}):
            key = tuple(getattr(record, name) for name in self.resource.identity)
            self._known.setdefault(key, []).append(cast("Record", record))
        if self.cells.own:
            self.cells.stated = frozenset(str(v) for v in stated if v is not _UNREADABLE)

    def in_order(self, rows: Sequence[FileRow]) -> tuple[list[FileRow], list[Finding]]:
        """Return rows so that each comes after those it names, and what is wrong with circles."""
        if not self.cells.own:
            return list(rows), []
        by_code: dict[str, FileRow] = {}
        for place, row in enumerate(rows):
            code = str(self._first(row))
            by_code[code if code not in by_code else f"{code}\0{place}"] = row
        named = {
            code: [row.texts[n] for n in self.cells.own if row.texts.get(n)]
            for code, row in by_code.items()
        }
        order, circles = in_order(named)
        wrong = [f for circle in circles for f in self._circle(circle, by_code)]
        return [by_code[code] for code in order], wrong

    def _circle(self, codes: Sequence[str], by_code: Mapping[str, FileRow]) -> Iterator[Finding]:
        """Yield what is wrong with rows each of which names the next, at the cells that do."""
        for place, code in enumerate(codes):
            way = [*codes[place:], *codes[: place + 1]]
            row = by_code[code]
            name = next(n for n in self.cells.own if row.texts.get(n) == way[1])
            at = self.cells.at(row.sheet, row.number, name)
            yield Finding("record-rows-circle", "error", at, {"circle": " → ".join(way)})

    def _first(self, row: FileRow) -> Any:
        """Return what a row states of the first field of the identity."""
        first, *_ = self.resource.identity
        if first not in row.texts:
            return self._value(first, None)
        read, _ = self.cells.read(row.sheet, row.number, {first: row.texts[first]})
        return self._value(first, read.get(first))

    def records(self, key: tuple[Any, ...]) -> list[Record]:
        """Return the records in reach that have an identity."""
        return self._known.get(key, [])

    def plan(self, asked: FileRow) -> RowPlan | list[Finding]:
        """Return what a row does, or what is wrong with it.

        Nothing is said of one that names a row with which something is wrong.
        """
        sheet, row, texts = asked
        stated, wrong = self.cells.read(sheet, row, texts)
        hanging = {n for n in self.cells.own & stated.keys() if self._hangs(stated[n])}
        if wrong or hanging:
            rest = {name: text for name, text in stated.items() if name not in hanging}
            return wrong + self._others_wrong(sheet, row, texts, rest)
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

    def _hangs(self, code: str) -> bool:
        """Whether a code is of a row that could not be planned."""
        return code in self.cells.stated and code not in self._left

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
        require_keepable(self.actor, self.resource, record)
        changes = (Change(name, None, getattr(record, name)) for name in values)
        kept = tuple(c for c in changes if c.after not in (None, ""))
        self._leave(record)
        return RowPlan(sheet.sheet, row, "new", record, kept, values)

    def _changed(
        self, sheet: Sheet, row: int, stated: Mapping[str, str], record: Record
    ) -> RowPlan:
        meant = copy(record)
        form = _valid(stated_form(self.form, stated, meant))
        values = _differing(record, {n: form.cleaned_data[n] for n in stated})
        if values:
            if not self.resource.update.is_allowed(self.actor, record):
                raise PermissionDenied(self.resource.edit)
            require_keepable(self.actor, self.resource, meant)
            values = _differing(record, {n: getattr(meant, n) for n in values})
        self._leave(meant)
        changes = tuple(Change(n, getattr(record, n), v) for n, v in values.items())
        act: Act = "changed" if values else "unchanged"
        return RowPlan(sheet.sheet, row, act, record, changes, values)

    def _leave(self, record: Record) -> None:
        """Let rows that come later name a record as this file leaves it."""
        if self.cells.own:
            self._left[named_as(record)] = record


def _differing(record: Record, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != getattr(record, name)}


def named_as(record: Model) -> str:
    """Return the code of a record, '' of one that has none."""
    return str(getattr(record, "code", ""))


def rows_of(cells: Cells, sheets: Sequence[Sheet]) -> list[FileRow]:
    """Return the rows of a file, in its order."""
    return [FileRow(sheet, *row) for sheet in sheets for row in cells.rows(sheet)]


def _valid(form: Any) -> Any:
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form
