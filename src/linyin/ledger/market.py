"""Scope 2 by market: the legs of what instruments cover and of what they leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from linyin.ledger.catalog import Factor
from linyin.ledger.legs import Leg
from linyin.ledger.multipliers import of_co2
from linyin.ledger.questions import question
from linyin.ledger.resolver import Resolver
from linyin.ledger.runs import Run
from linyin.ledger.spend import Step
from linyin.ledger.supply import Instrument, Load, Part, Surplus, allocate, claimable
from linyin.ledger.units import parse
from linyin.organization import Period

__all__ = ["current", "loads_of", "market_legs", "upstream_by_market"]

type Supply = tuple[int, str, date]


def loads_of(
    legs: Sequence[Leg], amounts: Mapping[int, float], resolver: Resolver
) -> tuple[list[Load], dict[int, Leg]]:
    """Turn the scope 2 legs by location into loads.

    Parameters
    ----------
    legs : sequence of Leg
        All legs of a run; those of scope 2 by location count.
    amounts : mapping
        Position of the leg in `legs` → amount booked on it, at 100 %, in the leg's unit.
    resolver : Resolver

    Returns
    -------
    loads : list of Load
        [kWh]
    located : dict
        Position → leg.

    """
    loads, located = [], {}
    kwh, bridges = parse("kWh"), resolver.lookup.reference.bridges
    for position, leg in enumerate(legs):
        if leg.scope2_method != "location" or leg.role != "reported":
            continue
        operations, context = resolver.operations, leg.context
        located[position] = leg
        loads.append(
            Load(
                key=(position, leg.begin),
                owner=operations.owner(leg.booked_site, leg.begin),
                site=leg.booked_site,
                places=operations.places(leg.booked_site, context.place, leg.begin),
                energy=context.source_type,
                begin=leg.begin,
                end=leg.end,
                quantity=Fraction(amounts.get(position, 0.0))
                * bridges.convert(context.item, leg.unit, kwh, leg.begin.year),
            )
        )
    return loads, located


def market_legs(
    loads: Sequence[Load],
    located: Mapping[int, Leg],
    instruments: Iterable[Instrument],
    resolver: Resolver,
) -> tuple[list[Leg], list[Surplus]]:
    """Build the legs of scope 2 by market.

    Returns
    -------
    legs : list of Leg
        Every location leg, cut into what each instrument covers and the rest.
    surplus : list of Surplus
        What instruments hold beyond their owners' load.

    """
    run = resolver.run
    parts, surplus = allocate(loads, current(instruments, run), run.policies.certificates)
    legs = [
        leg
        for load in loads
        for part in parts[load.key]
        for leg in _leg(located[load.key[0]], load, part, resolver)
    ]
    return legs, surplus


def current(instruments: Iterable[Instrument], run: Run) -> list[Instrument]:
    """Return what a run may claim of instruments, by its rule."""
    held = [i for i in instruments if i.begin < run.end and run.begin < i.end]
    if run.supply_rule == 1:
        return held
    year = Period(run.begin, run.end)
    return [claimed for instrument in held if (claimed := claimable(instrument, year))]


def upstream_by_market(legs: Sequence[Leg], market: Sequence[Leg]) -> list[Leg]:
    """Let category 3.3 of power follow the market figures.

    Supply chain and losses stay only on the part of each load that no instrument covers. What
    is lost there is power of the residual mix like the load itself, unless a factor for losses
    was found.

    Parameters
    ----------
    legs : sequence of Leg
        All legs of a run but those of scope 2 by market.
    market : sequence of Leg
        Those.

    Returns
    -------
    list of Leg
        `legs`, those of category 3.3 of power cut to the uncovered parts; until version 1 of
        the method with the losses at the location factor.

    """
    uncovered: dict[Supply, list[Leg]] = {}
    for leg in market:
        if not leg.instrument:
            uncovered.setdefault(_supply(leg), []).append(leg)
    kept: list[Leg] = []
    for leg in legs:
        if leg.line != "3.3" or leg.context.source_type != "electricity":
            kept.append(leg)
            continue
        for rest in uncovered.get(_supply(leg), []):
            lo, hi = max(leg.lo, rest.lo), min(leg.hi, rest.hi)
            if lo < hi:
                kept.append(replace(_lost_of(rest, leg), lo=lo, hi=hi))
    return kept


def _lost_of(rest: Leg, leg: Leg) -> Leg:
    """Return a leg of category 3.3 with losses worked out from the market figures' factor."""
    if leg.boundary != "losses" or leg.factor is None or leg.factor.boundary == "losses":
        return leg
    if leg.method.version == 1:
        return leg
    lost = leg.steps[-1]
    return replace(
        leg,
        factor=rest.factor,
        multipliers=rest.multipliers.scaled(lost.value),
        steps=(*rest.steps, lost),
    )


def _supply(leg: Leg) -> Supply:
    return (leg.context.context, leg.booked_site, leg.begin)


def _leg(located: Leg, load: Load, part: Part, resolver: Resolver) -> Iterator[Leg]:
    span, bridges = located.hi - located.lo, resolver.lookup.reference.bridges
    leg = replace(
        located,
        scope2_method="market",
        lo=located.lo + span * part.lo,
        hi=located.lo + span * part.hi,
    )
    if part.instrument is not None:
        asked = (located.context.item, located.unit, parse("kWh"), load.begin.year)
        covered = of_co2(part.instrument.co2_kg * bridges.convert(*asked)).scaled(located.by)
        emitted = Step(part.instrument.kind, part.instrument.co2_kg, "kg/kWh", load.owner)
        yield replace(
            leg,
            multipliers=covered,
            factor=None,
            instrument=part.instrument.instrument,
            steps=(*bridges.steps(*asked), emitted),
        )
        return
    factor, basis = _residual(located, load, resolver)
    if factor is None or located.factor is None or factor is located.factor:
        yield replace(leg, steps=(*leg.steps, Step(basis, Fraction(1), "", "")))
        return
    per_unit = resolver.lookup.multipliers(factor, located.unit, resolver.run.gwp, load.begin.year)
    yield replace(
        leg,
        factor=factor,
        boundary=factor.boundary,
        multipliers=per_unit.scaled(located.by),
        steps=(
            *bridges.steps(located.context.item, located.unit, factor.unit, load.begin.year),
            Step(basis, Fraction(1), "", ""),
        ),
    )


def _residual(located: Leg, load: Load, resolver: Resolver) -> tuple[Factor | None, str]:
    """Choose the factor of power that no instrument covers, and name its basis."""
    policies, context = resolver.run.policies, located.context
    policy = next((policies.residual[p] for p in load.places if p in policies.residual), "")
    if policy == "grid average":
        return located.factor, "grid average by policy"
    query = replace(
        question(
            resolver.run,
            resolver.lookup.catalog,
            context,
            located.method,
            located.unit,
            load.places,
            load.begin.year,
        ),
        bases=("residual",),
        supplier="",
    )
    residual = resolver.lookup.winner(query)
    if residual is None:
        if context.source_type == "electricity":
            market = load.places[-2] if len(load.places) > 1 else load.places[0]
            resolver.lookup.report("residual-missing", context, "", each="place", place=market)
        return located.factor, "grid average, no residual mix"
    resolver.lookup.use(residual, context, resolver.run)
    return residual, policy or "residual mix"
