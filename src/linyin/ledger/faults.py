"""Errors of the ledger that a user can mend: a code of `messages.csv`, its fields, the choices."""

from __future__ import annotations

from collections.abc import Sequence

from linyin.lake import Finding, Severity, Value, Where

__all__ = ["LedgerError"]


class LedgerError(ValueError):
    """Something given to the ledger cannot be used.

    Parameters
    ----------
    code
        Row of the room's `messages.csv` that holds the text.
    choices
        What may be written instead; joined into the field `choices` of the text, `-` where
        there is nothing.
    fields
        What the text's other placeholders are filled with.

    """

    def __init__(self, code: str, *, choices: Sequence[str] | None = None, **fields: Value) -> None:
        self.code = code
        self.choices = tuple(choices or ())
        listed = "" if choices is None else ", ".join(self.choices) or "-"
        self.fields: dict[str, Value] = {**fields, "choices": listed}
        told = "; ".join(f"{name}={value}" for name, value in self.fields.items() if value != "")
        super().__init__(f"{code}: {told}")

    def finding(self, at: Where | None = None, severity: Severity = "error") -> Finding:
        """Return the error as a finding at a place of the input."""
        return Finding(self.code, severity, at or Where(), self.fields)
