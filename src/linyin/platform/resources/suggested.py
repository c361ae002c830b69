"""A text field that offers what is usually written there, by name, and takes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

__all__ = ["Offered", "Suggested"]

type Offered = Callable[[], Iterable[tuple[str, str]]]


class Suggested(forms.TextInput):
    """A text field with a list of codes and what they are called.

    Parameters
    ----------
    offered
        Tells the codes and what each is called in the reader's language.

    """

    template_name = "platform/forms/suggested.html"

    def __init__(self, offered: Offered) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.offered = offered

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the field and its list."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        listed = f"{context['widget']['attrs'].get('id', name)}-offered"
        context["widget"]["attrs"]["list"] = listed
        return context | {"listed": listed, "offered": list(self.offered())}
