"""A number as people write it: read when it can mean one thing only."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from linyin.lake.sheets import EXCEL_ERRORS

__all__ = ["MAX_DIGITS", "Problem", "read_number"]

MAX_DIGITS = 15

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}([ ,])\d{3}(\1\d{3})*(\.\d+)?")
_COMMA_DECIMAL = re.compile(r"[+-]?\d{1,3}((\.\d{3})+|\d*),\d+")
_POINT_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3}){2,}")
_ACCOUNTING = re.compile(r"\(([\d.,]+)\)")
_WITH_UNIT = re.compile(r"[+-]?[\d.,]+\s*[^\d\s.,+-].*")
_NOTHING = frozenset(
    "- -- — – / \\ ? . n/a na nan null none nil inf -inf infinity tbd 无 空 未知 不详 待定".split()  # noqa: SIM905
)
_DASHES = str.maketrans("−‒–—﹣", "-----")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell could not be read: a code of `messages.csv` and its own fields."""

    code: str
    fields: tuple[tuple[str, str | int], ...] = ()


def read_number(text: str, *, percent: bool = False, comma_groups: bool = True) -> float | Problem:
    """Read a number exactly, or say why it cannot be read; nothing is guessed.

    `1,234.5`, `1 234.5`, `１２３`, `1e3` are read. `1.234,5` and the like, which mean different
    things in different countries, are not.

    Parameters
    ----------
    text
        The cell.
    percent
        The column is in %, so that `12%` is 12.
    comma_groups
        A comma may divide thousands; False in files whose delimiter is `;`, where `1,234` may be
        1.234.

    Returns
    -------
    float or Problem
        The float64 nearest to the decimal: exact for up to 15 significant digits (and for the 16
        or 17 that programs write where they mean just this float64), in that its
        shortest form is the decimal again.

    """
    bare = _normal(text)
    if percent:
        bare = bare.removesuffix("%").rstrip()
    if _PLAIN.fullmatch(bare):
        return _exact(bare)
    grouped = _GROUPED.fullmatch(bare)
    if grouped and (grouped[1] == " " or comma_groups):
        return _exact(bare.replace(grouped[1], ""))
    return _problem(text, bare)


def _normal(text: str) -> str:
    wide = text if text.isascii() else unicodedata.normalize("NFKC", text.translate(_DASHES))
    return " ".join(wide.split())


def _exact(plain: str) -> float | Problem:
    digits = len(re.sub(r"[eE].*|[^0-9]", "", plain).strip("0"))
    value = float(plain) + 0.0
    if digits > MAX_DIGITS and Decimal(repr(value)) != Decimal(plain):
        return Problem("number-too-long", (("digits", digits), ("limit", MAX_DIGITS)))
    if math.isinf(value) or (value == 0 and digits > 0):
        return Problem("number-out-of-range")
    return value


def _problem(text: str, bare: str) -> Problem:
    if text.upper() in EXCEL_ERRORS:
        return Problem("cell-excel-error")
    if bare.casefold() in _NOTHING:
        return Problem("number-none")
    if bare.endswith("%"):
        return Problem("number-percent")
    if accounting := _ACCOUNTING.fullmatch(bare):
        return Problem("number-choices", (("choices", f"-{accounting[1]}"),))
    if _COMMA_DECIMAL.fullmatch(bare):
        decimal = bare.replace(".", "").replace(",", ".")
        whole = bare.replace(".", "").replace(",", "")
        other = whole if "." not in bare else bare.replace(",", "")
        return Problem("number-choices", (("choices", f"{decimal}, {other}"),))
    if _GROUPED.fullmatch(bare):
        return Problem(
            "number-choices",
            (("choices", f"{bare.replace(',', '.')}, {bare.replace(',', '')}"),),
        )
    if _POINT_GROUPED.fullmatch(bare):
        return Problem("number-choices", (("choices", bare.replace(".", "")),))
    if _WITH_UNIT.fullmatch(bare):
        return Problem("number-with-unit")
    return Problem("number-broken")
