"""Calculating runs: contexts from the rows, legs from the contexts, entries from both.

Everything complicated is resolved once per context in Python; rows are only ever read by the
engine. All runs of one call share one pass over the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pyarrow as pa

from linyin.lake import Engine, Finding, Where
from linyin.ledger.book import CONTEXT_COLUMNS, MASSES, PART_LIMIT_MG, Booking, amount, book
from linyin.ledger.catalog import Catalog
from linyin.ledger.contexts import Context, inputs
from linyin.ledger.legs import Leg, Operations, Resolver
from linyin.ledger.lookup import Lookup, Note
from linyin.ledger.market import loads_of, market_legs
from linyin.ledger.runs import Run
from linyin.ledger.supply import Instrument

if TYPE_CHECKING:
    from linyin.ledger.carbon import CarbonDefaults
    from linyin.ledger.catalog import Factor
    from linyin.ledger.spend import Rates

__all__ = ["Calculated", "Job", "RunLegs", "calculate_entries", "legs_table", "read_contexts"]

type Frame = nw.LazyFrame[Any]
type Elapsed = Callable[[str, date, date, date], Fraction]
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


def read_contexts(activities: Frame, engine: Engine) -> list[Context]:
    """Read the distinct contexts of the rows with what their rows have in common."""
    columns = set(activities.collect_schema().names())
    multiplied, divided = _input_columns(columns)
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
        .sort(*CONTEXT_COLUMNS)
    )
    return [
        Context(
            context=number,
            **{name: row[name] for name in CONTEXT_COLUMNS if name != "inputs"},
            inputs=frozenset(row["inputs"].split(",")) - {""},
            rows=row["rows"],
            begin=row["first_day"],
            end=row["last_day"],
            largest=row["largest"],
        )
        for number, row in enumerate(engine.collect(grouped).to_pylist())
    ]


def _input_columns(columns: Iterable[str]) -> tuple[list[str], list[str]]:
    stated = sorted(name for name in inputs() if name in columns)
    return (
        [name for name in stated if inputs()[name].operation == "multiply"],
        [name for name in stated if inputs()[name].operation == "divide"],
    )


def calculate_entries(
    activities: Frame,
    jobs: Sequence[Job],
    *,
    catalog: Catalog,
    rates: Rates,
    carbon: CarbonDefaults,
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
    catalog, rates, carbon, instruments
        What factors, money, Chinese fuels and scope 2 by market are worked out with.
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
    contexts = read_contexts(activities, engine)
    progress("factors")
    runs: dict[str, RunLegs] = {}
    resolvers: dict[str, Resolver] = {}
    answered: Lookup | None = None
    for job in jobs:
        lookup = Lookup(catalog, like=answered)
        answered = lookup
        resolver = Resolver(job.run, lookup, job.operations, rates, carbon)
        legs = [leg for context in contexts for leg in resolver.resolve(context)]
        runs[job.run.run] = RunLegs(job.run, legs, [], lookup.used)
        resolvers[job.run.run] = resolver
    progress("supply")
    booker = _Booker(activities, engine, elapsed)
    _add_market(booker, runs, resolvers, instruments)
    notes = {name: resolver.lookup.notes for name, resolver in resolvers.items()}
    places = _locate(activities, contexts, notes, engine)
    for name, of_run in runs.items():
        of_run.findings += [note.at(places[note.context]) for note in notes[name]]
    progress("entries")
    every = [leg for of_run in runs.values() for leg in of_run.legs]
    entries = booker.write(every, runs, folder)
    species = booker.species(runs)
    return Calculated(contexts, runs, entries, species)


def _locate(
    activities: Frame,
    contexts: Sequence[Context],
    notes: Mapping[str, Sequence[Note]],
    engine: Engine,
) -> Mapping[int, Where]:
    """Find the first row of every context that something was found about."""
    wanted = sorted({note.context for of_run in notes.values() for note in of_run})
    if not wanted:
        return {}
    keys = contexts_table([contexts[number] for number in wanted])
    rows = activities.join(engine.frame(keys), on=list(CONTEXT_COLUMNS), how="inner").select(
        "context", "_file", "_sheet", "_row"
    )
    first = rows.group_by("context", "_file", "_sheet").agg(nw.col("_row").min())
    places: dict[int, Where] = {}
    for row in sorted(engine.collect(first).to_pylist(), key=lambda r: (r["_file"], r["_sheet"])):
        places.setdefault(row["context"], Where(row["_file"], row["_sheet"], row["_row"]))
    return places


def contexts_table(contexts: Sequence[Context]) -> pa.Table:
    """Lay contexts out as a table: `context` and the context columns."""
    columns = {
        name: pa.array([_key(context, name) for context in contexts], pa.string())
        for name in CONTEXT_COLUMNS
    }
    numbers = pa.array([context.context for context in contexts], pa.int32())
    return pa.table({"context": numbers, **columns})


def _key(context: Context, name: str) -> str:
    if name == "inputs":
        return ",".join(sorted(context.inputs))
    return str(getattr(context, name))


def _add_market(
    booker: _Booker,
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
        of_run.legs += legs
        for left in surplus:
            of_run.findings.append(
                Finding(
                    "certificates-over-load",
                    "warning",
                    fields={
                        "instrument": left.instrument.instrument,
                        "owner": left.instrument.owner,
                        "surplus_mwh": str(round(float(left.quantity) / 1000, 6)),
                    },
                )
            )


class _Booker:
    """Books legs on the rows."""

    def __init__(self, activities: Frame, engine: Engine, elapsed: Elapsed) -> None:
        self.activities, self.engine, self.elapsed = activities, engine, elapsed
        self.multiplied, self.divided = _input_columns(activities.collect_schema().names())

    def write(
        self, legs: Sequence[Leg], runs: Mapping[str, RunLegs], folder: Path
    ) -> dict[str, list[Path]]:
        """Write the entries of all runs; every run has its list of files."""
        written: dict[str, list[Path]] = {name: [] for name in runs}
        if not legs:
            return written
        numbered = [(n, leg) for of_run in runs.values() for n, leg in enumerate(of_run.legs)]
        table = legs_table(numbered)
        if len(runs) == 1:
            frame = self._book(table, keep=())
            written[next(iter(runs))] = self.engine.write(frame, folder)[""]
        else:
            frame = self._book(table, keep=("run",))
            written |= self.engine.write(frame, folder, split_by="run")
        return written

    def amounts(self, legs: Mapping[int, Leg]) -> dict[int, float]:
        """Add up what is booked on each leg, at 100 %, in its unit."""
        if not legs:
            return {}
        booked = self._book(legs_table(list(legs.items())), keep=(), masses=())
        part = nw.col("amount") * nw.col("fraction")
        totals = booked.with_columns(_part=part).group_by("leg").agg(nw.col("_part").sum())
        rows = self.engine.collect(totals).to_pylist()
        return {row["leg"]: row["_part"] for row in rows}

    def species(self, runs: Mapping[str, RunLegs]) -> dict[str, pa.Table]:
        """Book the mass of every further gas, one row an entry and gas."""
        tables: dict[str, pa.Table] = {}
        for name, of_run in runs.items():
            of_gas: list[tuple[int, Leg]] = []
            gases: list[str] = []
            for number, leg in enumerate(of_run.legs):
                for gas in leg.multipliers.species:
                    of_gas.append((number, leg))
                    gases.append(gas)
            if not of_gas:
                continue
            table = legs_table(of_gas, species=gases)
            frame = self._book(table, keep=("gas",), masses=("co2_mg",))
            wanted = frame.rename({"co2_mg": "mass_mg"}).select(
                "source", "external_id", "part", "leg", "gas", "mass_mg"
            )
            tables[name] = self.engine.collect(wanted)
        return tables

    def _book(
        self, legs: pa.Table, *, keep: Sequence[str], masses: Sequence[str] | None = None
    ) -> Frame:
        used = MASSES if masses is None else masses
        spans = self._spans(legs)
        partial = any(v != 0 for v in legs["lo"].to_pylist()) or any(
            v != 1 for v in legs["hi"].to_pylist()
        )
        parts = _parts_needed(legs)
        how = Booking(
            multiplied=self.multiplied,
            divided=self.divided,
            masses=[m for m in used if any(v != 0 for v in legs[f"k_{m}"].to_pylist())],
            parts=partial or len(spans) > 0,
            largest=parts,
        )
        engine = self.engine
        return book(
            self.activities,
            engine.frame(legs),
            engine.frame(spans),
            engine.frame(_parts_table(parts)),
            how,
            keep=keep,
        )

    def _spans(self, legs: pa.Table) -> pa.Table:
        """Work out the elapsed shares of every distinct row span that crosses a leg's dates."""
        pieces = set(zip(legs["leg_from"].to_pylist(), legs["leg_to"].to_pylist(), strict=True))
        cuts = sorted({day for piece in pieces for day in piece})
        crossing = [(nw.col("begin") < nw.lit(cut)) & (nw.col("end") > nw.lit(cut)) for cut in cuts]
        found = (
            self.activities.filter(nw.any_horizontal(*crossing, ignore_nulls=True))
            .select("profile", "begin", "end")
            .unique()
        )
        rows = [
            (row["profile"], row["begin"], row["end"], first, last)
            for row in self.engine.collect(found).to_pylist()
            for first, last in pieces
            if row["begin"] < last and row["end"] > first
        ]
        shares = [
            (
                float(self.elapsed(profile, begin, end, max(begin, first))),
                float(self.elapsed(profile, begin, end, min(end, last))),
            )
            for profile, begin, end, first, last in rows
        ]
        return pa.table(
            {
                "profile": pa.array([r[0] for r in rows], pa.string()),
                "begin": pa.array([r[1] for r in rows], pa.date32()),
                "end": pa.array([r[2] for r in rows], pa.date32()),
                "leg_from": pa.array([r[3] for r in rows], pa.date32()),
                "leg_to": pa.array([r[4] for r in rows], pa.date32()),
                "t0": pa.array([s[0] for s in shares], pa.float64()),
                "t1": pa.array([s[1] for s in shares], pa.float64()),
            }
        )


def legs_table(
    legs: Sequence[tuple[int, Leg]], *, species: Sequence[str] | None = None
) -> pa.Table:
    """Lay legs out as the table that rows are joined with.

    With `species`, each leg's CO2 column holds the mass of that gas instead.
    """
    columns: dict[str, pa.Array] = {
        name: pa.array([_key(leg.context, name) for _, leg in legs], pa.string())
        for name in CONTEXT_COLUMNS
    }
    columns |= {
        "run": pa.array([leg.run for _, leg in legs], pa.string()),
        "leg": pa.array([number for number, _ in legs], pa.int32()),
        "context": pa.array([leg.context.context for _, leg in legs], pa.int32()),
        "booked_site": pa.array([leg.booked_site for _, leg in legs], pa.string()),
        "entity": pa.array([leg.entity for _, leg in legs], pa.string()),
        "line": pa.array([leg.line for _, leg in legs], pa.string()),
        "scope2_method": pa.array([leg.scope2_method for _, leg in legs], pa.string()),
        "role": pa.array([leg.role for _, leg in legs], pa.string()),
        "leg_from": pa.array([leg.begin for _, leg in legs], pa.date32()),
        "leg_to": pa.array([leg.end for _, leg in legs], pa.date32()),
        "lo": pa.array([float(leg.lo) for _, leg in legs], pa.float64()),
        "hi": pa.array([float(leg.hi) for _, leg in legs], pa.float64()),
        "share": pa.array([float(leg.share) for _, leg in legs], pa.float64()),
    }
    if species is not None:
        columns["gas"] = pa.array(species, pa.string())
        masses = [
            {"co2_mg": leg.multipliers.species[gas]}
            for (_, leg), gas in zip(legs, species, strict=True)
        ]
    else:
        masses = [dict(leg.multipliers.masses) for _, leg in legs]
    for mass in MASSES:
        values = [float(of_leg.get(mass, 0)) for of_leg in masses]
        columns[f"k_{mass}"] = pa.array(values, pa.float64())
    heaviest = [max((abs(float(v)) for v in of_leg.values()), default=0.0) for of_leg in masses]
    columns["heaviest"] = pa.array(heaviest, pa.float64())
    columns["largest"] = pa.array([leg.context.largest for _, leg in legs], pa.float64())
    return pa.table(columns)


def _parts_needed(legs: pa.Table) -> int:
    worst = max(
        (
            largest * heaviest
            for largest, heaviest in zip(
                legs["largest"].to_pylist(), legs["heaviest"].to_pylist(), strict=True
            )
        ),
        default=0.0,
    )
    return max(1, -int(-worst // PART_LIMIT_MG))


def _parts_table(largest: int) -> pa.Table:
    pairs = [(n, part) for n in range(1, largest + 1) for part in range(n)] if largest > 1 else []
    return pa.table(
        {
            "parts": pa.array([n for n, _ in pairs], pa.int64()),
            "part": pa.array([part for _, part in pairs], pa.int32()),
        }
    )
