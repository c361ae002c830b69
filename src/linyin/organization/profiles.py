"""How a row's quantity lies within its period: by days, or by a profile of weights."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from itertools import accumulate, pairwise

from linyin.lake import BadInput, Finding, ordered_findings
from linyin.organization.periods import Period
from linyin.organization.rows import Cells, Findings

__all__ = ["Profile", "Profiles", "elapsed"]


class Profile:
    """Weights of spans of days, even over the days of a span.

    Parameters
    ----------
    name
        Name that rows refer to.
    weights
        Spans that do not overlap, with weights of at least 0. [-]

    Raises
    ------
    ValueError
        If spans overlap or a weight is negative.

    """

    def __init__(self, name: str, weights: Iterable[tuple[Period, Fraction]]) -> None:
        self.name = name
        found = sorted(weights, key=lambda pair: pair[0])
        self.spans = [span for span, _ in found]
        self.weights = [weight for _, weight in found]
        if any(a.overlap(b) for a, b in pairwise(self.spans)):
            raise ValueError(f"spans of profile {name!r} overlap")
        if any(weight < 0 for weight in self.weights):
            raise ValueError(f"profile {name!r} has a negative weight")
        self._begins = [span.begin for span in self.spans]
        self._sums = [Fraction(0), *accumulate(self.weights)]

    def before(self, day: date) -> Fraction:
        """Return the weight of all days before `day`."""
        at = bisect_right(self._begins, day) - 1
        if at < 0:
            return Fraction(0)
        span = self.spans[at]
        passed = Fraction((min(day, span.end) - span.begin).days, span.days)
        return self._sums[at] + self.weights[at] * passed


def elapsed(profile: Profile | None, begin: date, end: date, day: date) -> Fraction:
    """Return the share of a row over `[begin, end)` that lies before a day.

    Parameters
    ----------
    profile
        Weights; None = every day alike: ``(day - begin) / (end - begin)``.
    begin, end
        The row's half-open period.
    day
        A day; before the begin it counts as the begin, after the end as the end.

    Returns
    -------
    Fraction
        0 at the begin, 1 at the end, never falling in between. [-]

    Raises
    ------
    PeriodError
        If the period has no day.
    BadInput
        If the profile leaves days of the row out or weighs them all 0.

    """
    row = Period(begin, end)
    inside = min(max(day, begin), end)
    if profile is None:
        return Fraction((inside - begin).days, row.days)
    fields = {"profile": profile.name, "begin": begin.isoformat(), "end": end.isoformat()}
    if gaps := row.gaps(profile.spans):
        missing = {**fields, "gap": str(gaps[0])}
        raise BadInput([Finding("profile-gap", "error", fields=missing)])
    start = profile.before(begin)
    whole = profile.before(end) - start
    if not whole:
        raise BadInput([Finding("profile-weightless", "error", fields=fields)])
    return (profile.before(inside) - start) / whole


class Profiles:
    """All profiles of a folder, by name."""

    def __init__(self, profiles: Iterable[Profile] = ()) -> None:
        self._profiles = {profile.name: profile for profile in profiles}

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, object]]) -> tuple[Profiles, list[Finding]]:
        """Build the profiles from the rows of a validated profiles table.

        Returns
        -------
        Profiles
            Without the rows that have an error.
        list of Finding
            In stable order.

        """
        findings = Findings()
        weights: dict[str, list[tuple[Period, Fraction]]] = {}
        for row in rows:
            cells = Cells(row)
            name, weight = cells.text("profile"), cells.number("weight")
            span = cells.span("begin", "end", findings)
            if span is None or weight is None:
                continue
            known = weights.setdefault(name, [])
            if weight < 0:
                at = cells.where("weight")
                findings.add("error", "profile-weight-negative", at, profile=name, weight=weight)
            elif other := next((other for other, _ in known if other.overlap(span)), None):
                at = cells.where("begin")
                both = {"span": str(span), "other": str(other)}
                findings.add("error", "profile-overlap", at, profile=name, **both)
            else:
                known.append((span, weight))
        return cls(Profile(*item) for item in weights.items()), list(ordered_findings(findings.all))

    def __contains__(self, name: object) -> bool:
        return not name or name in self._profiles

    def elapsed(self, name: str, begin: date, end: date, day: date) -> Fraction:
        """Return :func:`elapsed` under the profile of that name, by days for ''.

        Raises
        ------
        BadInput
            If there is no such profile, or as of :func:`elapsed`.

        """
        if name not in self:
            fields = {"profile": name}
            raise BadInput([Finding("profile-unknown", "error", fields=fields)])
        return elapsed(self._profiles.get(name), begin, end, day)
