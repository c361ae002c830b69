"""Running the checks over an inventory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from linyin.inventory.checks import (  # noqa: F401 - registers its checks
    alternatives,
    coverage,
    double,
    duplicates,
    ends,
    evidence,
    factors,
    flights,
    instruments,
    intensity,
    mapping,
    months,
    slips,
    texts,
    totals,
)
from linyin.inventory.checks.registry import CHECKS, Check
from linyin.inventory.checks.subject import Subject
from linyin.inventory.inventory import Inventory
from linyin.lake import Finding, Value, ordered_findings

__all__ = ["LISTED", "run_checks"]

LISTED: Final = 1000


def run_checks(
    inventory: Inventory,
    previous: Inventory | None = None,
    *,
    only: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Examine an inventory.

    Parameters
    ----------
    inventory : Inventory
        What the calculation itself found stands in its `findings` and is not repeated.
    previous : Inventory, optional
        The run of the year before; several checks see more with it.
    only : sequence of str
        Names of checks; empty = all.

    Returns
    -------
    tuple of Finding
        In their stable order. Of a check with more than `LISTED` findings the first ones, and
        the count of the others (`check-more`).

    Raises
    ------
    KeyError
        If a check of `only` is not registered.

    """
    chosen = [CHECKS[name] for name in only] if only else list(CHECKS.values())
    with Subject(inventory, previous) as subject:
        return ordered_findings(finding for check in chosen for finding in _listed(check, subject))


def _listed(check: Check, subject: Subject) -> list[Finding]:
    listed: list[Finding] = []
    omitted = 0
    for finding in check.examine(subject):
        if len(listed) < LISTED:
            listed.append(finding)
        else:
            omitted += 1
    if omitted:
        more: dict[str, Value] = {"check": check.name, "count": omitted}
        listed.append(Finding("check-more", check.severity, fields=more))
    return listed
