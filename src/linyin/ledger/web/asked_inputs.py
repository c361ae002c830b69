"""Named inputs as forms ask them and pages tell them: a row for each, with its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from linyin.ledger.contexts import inputs
from linyin.ledger.stated_inputs import inputs_in
from linyin.ledger.web.called import input_called, unit_called
from linyin.platform.numbers import number
from linyin.platform.words import say

__all__ = ["AskedInputs", "inputs_told"]

_SPARE: Final = 2
_MOST: Final = 20


def inputs_told(text: str) -> str:
    """Return inputs in the reader's words: `Distance 1,000 km; trips 2`."""
    return "; ".join(
        " ".join(filter(None, (input_called(name), number(value), _unit(name))))
        for name, value in inputs_in(text).items()
    )


def _unit(name: str) -> str:
    unit = inputs()[name].unit.code
    return "" if unit == "1" else unit_called(unit)


class AskedInputs(forms.Widget):
    """Rows of an input and its value; what they state is one text, as files have it."""

    template_name = "ledger/asked_inputs.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return the rows that are stated, some empty ones, and the inputs to choose from."""
        parts = (part.partition("=") for part in str(value or "").split(";"))
        stated = [(known.strip(), said.strip()) for known, _, said in parts if known.strip()]
        offered = [(one, say("lines.inputs.option", name=input_called(one), unit=_unit(one)))
                   if _unit(one) else (one, input_called(one)) for one in inputs()]  # fmt: skip
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context |= {
            "name": name,
            "offered": offered,
            "rows": list(enumerate([*stated, *[("", "")] * _SPARE], 1)),
        }
        return context

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: Any,  # noqa: ARG002 - Django's signature
        name: str,
    ) -> str | None:
        """Return what the rows state; a program sends the text itself."""
        if f"{name}-1-name" not in data:
            return data.get(name)
        rows = [
            [str(data.get(f"{name}-{row}-{part}", "")).strip() for part in ("name", "value")]
            for row in range(1, _MOST + 1)
        ]
        return "; ".join("=".join(row) for row in rows if any(row))

    def value_omitted_from_data(
        self,
        data: Mapping[str, Any],
        files: Any,  # noqa: ARG002 - as above
        name: str,
    ) -> bool:
        """Tell whether nothing is said of it."""
        return name not in data and f"{name}-1-name" not in data

    def id_for_label(self, id_: str, index: str | None = None) -> str:  # noqa: ARG002 - as above
        """Each cell has its own."""
        return ""
