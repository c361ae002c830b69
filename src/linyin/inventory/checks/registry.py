"""The register of checks: small pure functions over an inventory that return findings."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from linyin.lake import Finding, Severity

if TYPE_CHECKING:
    from linyin.inventory.checks.subject import Subject

__all__ = ["CHECKS", "GAPS", "Check", "check"]

GAPS: Final = ("months-missing", "period-uncovered")
"""Checks whose findings say that a part of the period has no data."""

type Examine = Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes
    ----------
    name, severity
        As registered; each of its findings has this severity.
    examine
        The function.

    """

    name: str
    severity: Severity
    examine: Examine

    def description(self, lang: str = "en") -> str:
        """Return in `en` or `zh` what the check looks for."""
        return _descriptions()[self.name][lang]


_REGISTER: Final[dict[str, Check]] = {}
CHECKS: Final[Mapping[str, Check]] = MappingProxyType(_REGISTER)


def check(name: str, *, severity: Severity) -> Callable[[Examine], Examine]:
    """Register a function as the check of that name.

    Raises
    ------
    ValueError
        If the name is taken.

    """

    def register(examine: Examine) -> Examine:
        if name in _REGISTER:
            raise ValueError(f"two checks are named {name}")
        _REGISTER[name] = Check(name, severity, examine)
        return examine

    return register


@cache
def _descriptions() -> Mapping[str, Mapping[str, str]]:
    text = resources.files(__package__).joinpath("checks.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), strict=True)
    return {row["check"]: {"en": row["en"], "zh": row["zh"]} for row in rows}
