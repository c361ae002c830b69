"""A text field that offers codes by their names, shows them so, and takes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django import forms

__all__ = ["Offered", "Suggested"]

_BY_NAME: Final = "-by-name"
"""Ends the name of a hidden field: what stands beside it may be a name."""

type Offered = Callable[[], Iterable[tuple[str, str]]]


class Suggested(forms.TextInput):
    """A text field with a list of codes: people see and write what they are called.

    What is written as a code stays one; what is neither a code nor a name stays as it is.

    Parameters
    ----------
    offered
        Tells the codes and what each is called in the reader's language.

    """

    template_name = "platform/forms/suggested.html"

    def __init__(self, offered: Offered) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.offered = offered

    def format_value(self, value: Any) -> str | None:
        """Return what a code is called."""
        called: str | None = dict(self.offered()).get(value) or super().format_value(value)
        return called

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the code of what a page sends; programs and files write codes."""
        written = super().value_from_datadict(data, files, name)
        if f"{name}{_BY_NAME}" not in data or not isinstance(written, str):
            return written
        offered = list(self.offered())
        if written.strip() in dict(offered):
            return written
        codes = {part.casefold(): code for code, label in offered for part in label.split(" / ")}
        codes |= {label.casefold(): code for code, label in offered}
        return codes.get(written.strip().casefold(), written)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the field and its list."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        listed = f"{context['widget']['attrs'].get('id', name)}-offered"
        context["widget"]["attrs"]["list"] = listed
        return context | {
            "listed": listed, "offered": [label for _, label in self.offered()],
            "marker": f"{name}{_BY_NAME}",
        }  # fmt: skip
