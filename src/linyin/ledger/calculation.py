"""Calculating runs: contexts from the rows, legs from the contexts, entries from both.

Everything complicated is resolved once per context in Python; rows are only ever read by the
engine. All runs of one call share one pass over the rows.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
import pyarrow as pa

from linyin.lake import Engine, Finding
from linyin.ledger.absurd import absurd_rows, heaviest_of, is_absurd
from linyin.ledger.book import CONTEXT_COLUMNS, amount, with_contexts
from linyin.ledger.booking import Booker, input_columns
from linyin.ledger.catalog import Catalog
from linyin.ledger.contexts import Context
from linyin.ledger.leg_tables import Elapsed, distinguishing
from linyin.ledger.legs import Leg, Operations
from linyin.ledger.lookup import Lookup
from linyin.ledger.market import loads_of, market_legs, upstream_by_market
from linyin.ledger.placing import place_notes
from linyin.ledger.resolver import Resolver
from linyin.ledger.runs import Run
from linyin.ledger.supply import Instrument, Surplus

if TYPE_CHECKING:
    from linyin.ledger.catalog import Factor
    from linyin.ledger.reference import ReferenceTables
    from linyin.ledger.spend import Rates

__all__ = ["Calculated", "Job", "RunLegs", "calculate_entries", "contexts_of", "read_contexts"]

type Frame = nw.LazyFrame[Any]
type Progress = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """A run together with the organization as it sees it."""

    run: Run
    operations: Operations


@dataclass
class RunLegs:
    """What the contexts became in one run."""

    run: Run
    legs: list[Leg]
    findings: list[Finding]
    used: Mapping[str, Factor]


@dataclass
class Calculated:
    """Entries of all runs: the files of each, and how they came about."""

    contexts: list[Context]
    runs: dict[str, RunLegs]
    entries: dict[str, list[Path]]
    species: dict[str, pa.Table] = field(default_factory=dict)


_COMMON: Final = ("rows", "first_day", "last_day", "largest")


@cache
def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split(",")) - {""}


def read_contexts(activities: Frame, engine: Engine) -> pa.Table:
    """Read the distinct contexts of the rows, in order, with what their rows have in common."""
    columns = set(activities.collect_schema().names())
    multiplied, divided = input_columns(columns)
    heaviest = amount(multiplied, divided).abs()
    grouped = (
        activities.with_columns(_amount=heaviest)
        .group_by(*CONTEXT_COLUMNS)
        .agg(
            nw.len().alias("rows"),
            nw.col("begin").min().alias("first_day"),
            nw.col("end").max().alias("last_day"),
            nw.col("_amount").max().alias("largest"),
        )
    )
    return engine.collect(grouped.select(*CONTEXT_COLUMNS, *_COMMON).sort(*CONTEXT_COLUMNS))


def contexts_of(found: pa.Table) -> list[Context]:
    """Make numbered contexts of the rows of :func:`read_contexts`."""
    values = {name: _values(found[name]) for name in found.column_names}
    values["inputs"] = map(_names, values["inputs"])
    return list(map(Context, range(len(found)), *values.values()))


def _values(column: pa.ChunkedArray) -> Iterable[Any]:
    """List the values of a column; equal texts are one object, which is quick to compare."""
    if not pa.types.is_string(column.type):
        numbers: list[Any] = column.to_pylist()
        return numbers
    encoded = column.combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    return [texts[code] for code in encoded.indices.to_pylist()]


@contextmanager
def _without_cycles() -> Iterator[None]:
    """Let Python look for no cycles: contexts and legs are many, refer to none and all stay."""
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()


@_without_cycles()
def calculate_entries(
    activities: Frame,
    jobs: Sequence[Job],
    *,
    catalog: Catalog,
    rates: Rates,
    reference: ReferenceTables,
    instruments: Sequence[Instrument],
    elapsed: Elapsed,
    engine: Engine,
    folder: Path,
    progress: Progress = lambda _: None,
) -> Calculated:
    """Calculate the entries of several runs in one pass over the rows.

    Parameters
    ----------
    activities : lazy frame
        Current activities (see :func:`linyin.ledger.book.book`) with `_file, _sheet, _row`.
    jobs : sequence of Job
        Runs; their names differ.
    catalog, rates, reference, instruments
        What factors, money, gases, losses, fuels and scope 2 by market are worked out with.
    elapsed : callable
        (profile, begin, end, day) → share of a row's time that has passed by the day. [-]
    engine : Engine
    folder : Path
        Where the engine writes the entries' files.
    progress : callable
        Told the name of each step.

    Returns
    -------
    Calculated

    """
    progress("contexts")
    activities = with_contexts(activities)
    found = read_contexts(activities, engine)
    contexts, keys = contexts_of(found), distinguishing(found)
    progress("factors")
    runs: dict[str, RunLegs] = {}
    resolvers: dict[str, Resolver] = {}
    answered: Lookup | None = None
    days = {day for instrument in instruments for day in (instrument.begin, instrument.end)}
    for job in jobs:
        lookup = Lookup(catalog, reference, like=answered)
        answered = lookup
        resolver = Resolver(job.run, lookup, job.operations, rates, days)
        absurd: list[tuple[Context, float]] = []
        legs = [leg for context in contexts for leg in _believable(resolver, context, absurd)]
        wrong = absurd_rows(job.run, absurd, activities, engine, keys)
        runs[job.run.run] = RunLegs(job.run, legs, wrong, lookup.used)
        resolvers[job.run.run] = resolver
    progress("supply")
    booker = Booker(activities, engine, elapsed, keys)
    _add_market(booker, runs, resolvers, instruments)
    notes = [(of_run.run, resolvers[name].lookup.notes) for name, of_run in runs.items()]
    placed = place_notes(notes, activities, contexts, engine, keys)
    for of_run, findings in zip(runs.values(), placed, strict=True):
        of_run.findings += findings
    progress("entries")
    legs_of = {name: of_run.legs for name, of_run in runs.items()}
    entries = booker.write(legs_of, folder)
    species = {name: booker.species(legs) for name, legs in legs_of.items()}
    booked = {name: table for name, table in species.items() if table is not None}
    return Calculated(contexts, runs, entries, booked)


def _believable(
    resolver: Resolver, context: Context, absurd: list[tuple[Context, float]]
) -> Sequence[Leg]:
    """Resolve a context; one with a row that is too heavy is set aside."""
    legs = resolver.resolve(context)
    heaviest = heaviest_of(legs)
    if not is_absurd(context, heaviest):
        return legs
    absurd.append((context, heaviest))
    return ()


def _add_market(
    booker: Booker,
    runs: Mapping[str, RunLegs],
    resolvers: Mapping[str, Resolver],
    instruments: Sequence[Instrument],
) -> None:
    for name, of_run in runs.items():
        amounts = booker.amounts(
            {
                position: leg
                for position, leg in enumerate(of_run.legs)
                if leg.scope2_method == "location" and leg.role == "reported"
            }
            if instruments
            else {}
        )
        loads, located = loads_of(of_run.legs, amounts, resolvers[name])
        legs, surplus = market_legs(loads, located, instruments, resolvers[name])
        if of_run.run.policies.upstream_follows == "market":
            of_run.legs = upstream_by_market(of_run.legs, legs)
        of_run.legs += legs
        operations, run = resolvers[name].operations, of_run.run
        for left in surplus:
            pieces = operations.pieces(left.instrument.owner, run.begin, run.end)
            if any(piece.share or piece.equity for piece in pieces):
                of_run.findings.append(_unused(left))


def _unused(left: Surplus) -> Finding:
    held = left.instrument
    fields = {"instrument": held.instrument, "owner": held.owner}
    if left.has_load:
        fields["surplus_mwh"] = str(round(float(left.quantity) / 1000, 6))
        return Finding("certificates-over-load", "warning", held.at, fields)
    fields |= {"energy": held.energy, "market": held.market, "site": held.site or "-"}
    fields |= {"begin": held.begin.isoformat(), "end": held.end.isoformat()}
    return Finding("instrument-without-load", "warning", held.at, fields)
