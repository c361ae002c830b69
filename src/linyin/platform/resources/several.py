"""A field that holds several names with commas between them, chosen from a list."""

from __future__ import annotations

from typing import Any

from django import forms

__all__ = ["SeveralField", "names_in"]


def names_in(text: str) -> list[str]:
    """Return the names in a text with commas between them."""
    return [name for part in text.split(",") if (name := part.strip())]


class SeveralField(forms.MultipleChoiceField):
    """Boxes to tick on a page; a text with commas between the names elsewhere.

    Names that are not offered pass: the resource's check tells them by their place.
    """

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        """Return the names that are ticked."""
        return names_in(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> list[str]:
        """Return the names that were stated, each once."""
        stated = [value] if isinstance(value, str) else value or ()
        return list(dict.fromkeys(name for text in stated for name in names_in(str(text))))

    def valid_value(self, value: str) -> bool:  # noqa: ARG002 - Django's signature
        """Let every name pass."""
        return True

    def clean(self, value: Any) -> str:
        """Return the names as they are kept."""
        return ",".join(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether other names were stated, in whatever order."""
        return set(self.to_python(initial)) != set(self.to_python(data))
