"""Numbers of publishers' files as plain decimal text."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation

SIGNIFICANT_DIGITS = 15
_EXACT = Context(prec=40)
_SHIPPED = Context(prec=SIGNIFICANT_DIGITS)


def parse(cell: object) -> Decimal | None:
    """Read a finite number from a cell; None if the cell holds none.

    Spreadsheets store float64: its shortest text that reads back the same is taken, so 0.1 stays
    0.1.
    """
    if isinstance(cell, bool) or not isinstance(cell, int | float | str | Decimal):
        return None
    try:
        number = Decimal(repr(cell) if isinstance(cell, float) else str(cell).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def divide(value: Decimal, divisor: Decimal) -> Decimal:
    """`value` / `divisor` to 40 digits."""
    return _EXACT.divide(value, divisor)


def plain(value: Decimal) -> str:
    """Text of `value` without exponent and with at most 15 significant digits."""
    text = f"{_SHIPPED.plus(value):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
