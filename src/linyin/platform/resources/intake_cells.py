"""The cells of a file of records: which field a column is, what a cell states, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from django import forms

from linyin.lake import Finding, header_key
from linyin.platform.resources.export import unquoted
from linyin.platform.words import lang, words

if TYPE_CHECKING:
    from django.core.exceptions import ValidationError

    from linyin.lake import Sheet, Where
    from linyin.platform.resources.resource import Resource

__all__ = ["Cells", "headers_of"]

_FLAGS: Final = {
    "yes": "true", "true": "true", "1": "true", "是": "true",
    "no": "", "false": "", "0": "", "否": "", "": "",
}  # fmt: skip
_NAMES: Final = ("code", "email", "name", "name_en", "name_zh")
_LISTED: Final = 10
_BROKEN: Final[tuple[tuple[type[forms.Field], str], ...]] = (
    (forms.DateField, "date-broken"),
    (forms.DecimalField, "number-broken"),
    (forms.IntegerField, "integer-broken"),
)


def headers_of(resource: Resource) -> dict[str, str]:
    """Return header → field; '' = a column that lists and files show, which no file states.

    A header is a field's name, or its label in either language.
    """
    found = {}
    shown = [column.name for column in resource.columns if column.name not in resource.fields]
    for name in (*shown, *resource.fields):
        label = words()[f"{resource.name}.{name}"]
        for text in (label["zh"], label["en"], name):
            found[header_key(text)] = name if name in resource.fields else ""
    return found


class Cells:
    """Reads the cells of a resource's files.

    Parameters
    ----------
    resource
        Whose records they are.
    form
        The form of its records, for whoever brings the file in.

    Attributes
    ----------
    own
        Fields that name records of the resource itself, as one above another.
    stated
        Codes of the records that the file makes or changes: `own` fields may name them.

    """

    def __init__(self, resource: Resource, form: type[forms.ModelForm[Any]]) -> None:
        self.resource, self.headers = resource, headers_of(resource)
        self.fields = form().fields
        self.own = frozenset(
            name
            for name, field in self.fields.items()
            if isinstance(field, forms.ModelChoiceField)
            and field.queryset is not None
            and field.queryset.model is resource.model
            and list(resource.identity) == ["code"]
        )
        self.stated: frozenset[str] = frozenset()
        self._choices = {name: self._words(name) for name in self.fields}
        self._known: dict[tuple[str, str], str] = {}

    def field(self, header: str) -> str:
        """Return the field that a header names, '' for none."""
        return self.headers.get(header_key(header), "")

    def wrong_headers(self, sheet: Sheet) -> Iterator[Finding]:
        """Yield what is wrong with a sheet's headers."""
        seen: set[str] = set()
        for header in sheet.header:
            at = sheet.where(sheet.header_row, header)
            name = self.headers.get(header_key(header))
            if name is None:
                fields = {"expected": ", ".join(self.resource.fields)}
                yield Finding("column-unknown", "error", at, fields)
            elif name and name in seen:
                yield Finding("column-twice-stated", "error", at, {"field": name})
            seen.add(name or "")
        for name in set(self.resource.identity) & self.fields.keys() - seen:
            field = self.fields[name]
            if field.required and field.initial in (None, ""):
                told = {"headers": ", ".join(sheet.header)}
                yield Finding("column-missing", "error", sheet.where(column=name), told)

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the number of each row, and field → text; '' where the cell is empty."""
        names = [self.field(header) for header in sheet.header]
        columns = [column.to_pylist() for column in sheet.columns]
        for number, row in enumerate(sheet.rows.to_pylist()):
            cells = zip(names, (column[number] for column in columns), strict=True)
            yield row, {n: "" if c is None else unquoted(str(c)) for n, c in cells if n}

    def at(self, sheet: Sheet, row: int, name: str) -> Where:
        """Return where a field stands in the file; where it does not, only its row."""
        header = next((h for h in sheet.header if name and self.field(h) == name), "")
        return sheet.where(row, header or (name if name in self.fields else ""))

    def read(
        self, sheet: Sheet, row: int, texts: Mapping[str, str]
    ) -> tuple[dict[str, str], list[Finding]]:
        """Return what a row's cells state as the form takes it, and which of them it can't be."""
        stated, wrong = {}, []
        for name, text in texts.items():
            found = self._read(name, text)
            if isinstance(found, str):
                stated[name] = found
                continue
            code, fields = found
            told = {"value": text, **fields}
            wrong.append(Finding(code, "error", self.at(sheet, row, name), told))
        return stated, wrong

    def refused(
        self,
        sheet: Sheet,
        row: int,
        texts: Mapping[str, str],
        errors: Mapping[str, list[ValidationError]],
    ) -> Iterator[Finding]:
        """Yield what a form found wrong, at the cells that it found wrong."""
        for name, found in errors.items():
            for error in found:
                at, field = self.at(sheet, row, name), self.fields.get(name)
                broken = next((code for kind, code in _BROKEN if isinstance(field, kind)), "")
                if error.code == "required":
                    yield Finding("value-missing", "error", at)
                elif error.code == "invalid" and broken:
                    yield Finding(broken, "error", at, {"value": texts.get(name, "")})
                else:
                    for text in error.messages:
                        yield Finding("cell-wrong", "error", at, {"problem": text})

    def _read(self, name: str, text: str) -> str | tuple[str, dict[str, str]]:
        """Return a cell as the form takes it, or a code and fields of what is wrong with it."""
        field = self.fields[name]
        match field:
            case forms.BooleanField():
                return _FLAGS.get(header_key(text), ("boolean-broken", {}))
            case forms.ModelChoiceField() if text:
                return self._record(name, field, text)
            case forms.ChoiceField() if text and not isinstance(field, forms.ModelChoiceField):
                known = self._choices[name].get(header_key(text))
                return known or ("code-unknown", {"allowed": ", ".join(self._labels(name))})
        return text

    def _words(self, name: str) -> dict[str, str]:
        """Return choice → value: a choice is the value, or its word in either language."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField):
            return {}
        found = {}
        choices: Any = field.choices
        for value in (str(value) for value, _ in choices if value):
            label = words().get(f"{self.resource.name}.{name}.{value}", {})
            for text in (label.get("zh", ""), label.get("en", ""), value):
                found[header_key(text)] = value
        return found

    def _labels(self, name: str) -> list[str]:
        """Return the words of a field's choices in the reader's language."""
        values = dict.fromkeys(self._choices[name].values())
        prefix = f"{self.resource.name}.{name}"
        return [words().get(f"{prefix}.{v}", {}).get(lang(), v) for v in values]

    def _record(
        self, name: str, field: forms.ModelChoiceField[Any], text: str
    ) -> str | tuple[str, dict[str, str]]:
        """Return the code or key of the one record that a cell names, of those in reach."""
        if name in self.own and text in self.stated:
            return text
        if (name, text) in self._known:
            return self._known[name, text]
        records: Any = field.queryset
        own = [n for n in _NAMES if n in {f.name for f in records.model._meta.concrete_fields}]
        for column in own:
            found = list(records.filter(**{column: text})[:2])
            if len(found) == 1:
                key = getattr(found[0], "code", None) or str(found[0].pk)
                self._known[name, text] = key
                return key
        listed = [str(v) for v in records.values_list(own[0] if own else "pk", flat=True)[:_LISTED]]
        more = ", …" if len(listed) == _LISTED else ""
        return "code-unknown", {"allowed": ", ".join(listed) + more}
