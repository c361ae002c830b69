"""Parts of one supply as intervals that follow one another from 0 to exactly 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Literal

__all__ = ["AllocationError", "Part", "Rest", "intervals", "intervals_with_rest"]

type Rest = Literal["stays", "spread"]


class AllocationError(ValueError):
    """Parts that do not make a whole.

    Attributes
    ----------
    code
        Row of the room's messages that says what is wrong.
    fields
        What the message names.

    """

    def __init__(self, code: str, **fields: str | Fraction) -> None:
        self.code = code
        self.fields = fields
        super().__init__(f"{code}: {fields}")


@dataclass(frozen=True, slots=True)
class Part:
    """The part `[lo, hi)` of a supply that a target takes, as fractions of the whole."""

    target: str
    lo: Fraction
    hi: Fraction

    @property
    def share(self) -> Fraction:
        """Size of the part as a fraction of the whole."""
        return self.hi - self.lo


def intervals(targets: Iterable[tuple[str, Fraction]]) -> list[Part]:
    """Divide a whole in proportion to values.

    Parameters
    ----------
    targets
        Targets and their values, at least 0, all in one unit; in any order.

    Returns
    -------
    list of Part
        By target; from 0 to exactly 1 without gap or overlap. Targets of value 0 have none.

    Raises
    ------
    AllocationError
        If a target comes twice, a value is negative or all are 0.

    """
    found = sorted(targets)
    for (target, _), (following, _) in pairwise(found):
        if target == following:
            raise AllocationError("allocation-target-twice", target=target)
    for target, value in found:
        if value < 0:
            raise AllocationError("allocation-negative", target=target, value=value)
    whole = sum((value for _, value in found), Fraction(0))
    if not whole:
        names = ", ".join(target for target, _ in found)
        raise AllocationError("allocation-all-zero", targets=names)
    sums = [Fraction(0), *accumulate(value for _, value in found)]
    return [
        Part(target, lo / whole, hi / whole)
        for (target, _), (lo, hi) in zip(found, pairwise(sums), strict=True)
        if lo < hi
    ]


def intervals_with_rest(
    whole: Fraction, subs: Iterable[tuple[str, Fraction]], rest: Rest, site: str
) -> list[Part]:
    """Divide a metered whole by sub-meters (or by stated shares) that may leave a rest.

    Parameters
    ----------
    whole
        Main meter (or 100 %), in the unit of the values.
    subs
        Targets and the values of their sub-meters, at least 0.
    rest
        What the sub-meters leave over: `stays` = remains at the shared site; `spread` = goes to
        the targets in proportion to their sub-meters.
    site
        The shared site.

    Returns
    -------
    list of Part
        As of :func:`intervals`; a whole of 0 stays at the site.

    Raises
    ------
    AllocationError
        As of :func:`intervals`, or if the sub-meters exceed the main meter.

    """
    found = sorted(subs)
    metered = sum((value for _, value in found), Fraction(0))
    if metered > whole:
        raise AllocationError("allocation-over-main", whole=whole, metered=metered)
    if rest == "spread":
        return intervals(found)
    if not whole:
        return [Part(site, Fraction(0), Fraction(1))]
    own = sum((value for target, value in found if target == site), whole - metered)
    others = [(target, value) for target, value in found if target != site]
    return intervals([*others, (site, own)])
