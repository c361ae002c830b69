"""Placing what was found: on the first row that it is about, with the number of such rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from linyin.lake import Finding, Where
from linyin.ledger.leg_tables import contexts_table

if TYPE_CHECKING:
    from linyin.lake import Engine
    from linyin.ledger.contexts import Context
    from linyin.ledger.lookup import Note
    from linyin.ledger.runs import Run

__all__ = ["place_notes"]

type Frame = nw.LazyFrame[Any]
type Counts = dict[int, int]
type Window = tuple[int, ...]

LISTED: Final = 12


def place_notes(
    notes: Sequence[tuple[Run, Sequence[Note]]],
    activities: Frame,
    contexts: Sequence[Context],
    engine: Engine,
    keys: Sequence[str],
) -> list[list[Finding]]:
    """Make one finding of the notes of one cause in each run.

    A run counts the rows of its own period: contexts are those of all runs, and a cause whose
    contexts have no row in a run's period is none of its findings. An error stops all runs: those
    that have it tell it as one, with the rows of all their periods.

    Parameters
    ----------
    notes : sequence of (Run, notes)
        What each run found.
    activities : lazy frame
        With `_file, _sheet, _row`.
    contexts : sequence of Context
        Of all rows; a context's number is its position.
    engine : Engine
    keys : sequence of str
        Context columns that tell all contexts apart.

    Returns
    -------
    list of list of Finding
        Of each run, in the order given.

    """
    causes = _causes(of_run for _, of_run in notes)
    windows = list({window: None for cause in causes for window in cause.windows.values()})
    wanted = {number for cause in causes for number in cause.windows}
    table = _Rows(activities, engine, keys, [[notes[n][0] for n in window] for window in windows])
    counts = dict(zip(windows, table.counted([contexts[n] for n in sorted(wanted)]), strict=True))
    told = [(cause, counted) for cause in causes if (counted := cause.counted(counts))]
    firsts = {number for cause, counted in told for number in cause.placed_by(counted)}
    places = dict(zip(windows, table.first([contexts[n] for n in sorted(firsts)]), strict=True))
    found: list[list[Finding]] = [[] for _ in notes]
    for cause, counted in told:
        finding = cause.finding(counted, places)
        for run in cause.runs:
            found[run].append(finding)
    return found


@dataclass(slots=True)
class _Cause:
    """What one run notes of one cause, or all runs of an error.

    Attributes
    ----------
    values
        Number of a context → its values of the note's field `each`.
    windows
        Number of a context → the runs that note it.

    """

    note: Note
    values: dict[int, set[str]] = field(default_factory=dict)
    windows: dict[int, Window] = field(default_factory=dict)

    def add(self, run: int, note: Note) -> None:
        for context, values in note.contexts.items():
            self.values[context] = self.values.get(context, set()) | values
            self.windows[context] = tuple(dict.fromkeys((*self.windows.get(context, ()), run)))

    @property
    def runs(self) -> list[int]:
        return sorted({run for window in self.windows.values() for run in window})

    def counted(self, counts: Mapping[Window, Counts]) -> Counts:
        rows = ((number, counts[window].get(number)) for number, window in self.windows.items())
        return {number: n for number, n in rows if n}

    def placed_by(self, counted: Counts) -> Iterable[int]:
        """Name the contexts whose first row is the finding's: of a warning the first will do."""
        return counted if self.note.severity == "error" else (min(counted),)

    def finding(self, counted: Counts, places: Mapping[Window, Mapping[int, Where]]) -> Finding:
        firsts = (places[self.windows[number]][number] for number in self.placed_by(counted))
        where = min(firsts, key=lambda at: (at.file, at.sheet, at.row or 0))
        values = sorted({value for number in counted for value in self.values[number]})
        listed = ", ".join(values[:LISTED])
        listed += f" … ({len(values)})" if len(values) > LISTED else ""
        fields = {**self.note.fields, self.note.each: listed, "rows": sum(counted.values())}
        return Finding(self.note.code, self.note.severity, where, fields)


def _causes(notes: Iterable[Iterable[Note]]) -> list[_Cause]:
    """Put the notes of one cause together: of a run, or of all runs where they are errors."""
    causes: dict[tuple[object, ...], _Cause] = {}
    for run, of_run in enumerate(notes):
        for note in of_run:
            fields = sorted((name, str(value)) for name, value in note.fields.items())
            of = () if note.severity == "error" else (run,)
            cause = causes.setdefault((of, note.code, note.severity, *fields), _Cause(note))
            cause.add(run, note)
    return list(causes.values())


class _Rows:
    """The rows of contexts, asked for no more of them than must be read."""

    def __init__(
        self,
        activities: Frame,
        engine: Engine,
        keys: Sequence[str],
        windows: Sequence[Sequence[Run]],
    ) -> None:
        self.activities, self.engine, self.keys = activities, engine, keys
        self.windows = windows

    def counted(self, contexts: Sequence[Context]) -> list[Counts]:
        """Count the rows of each context in the periods of each window's runs."""
        windows = self.windows
        split = [c for c in contexts if not all(_within(c, w) or _beside(c, w) for w in windows)]
        inside = {f"rows_{n}": _inside(window).sum() for n, window in enumerate(windows)}
        read = self._of(split, lambda rows: rows.group_by("context").agg(**inside))
        counts = {row["context"]: row for row in read}
        return [
            {
                c.context: c.rows if _within(c, window) else int(counts[c.context][f"rows_{n}"])
                for c in contexts
                if not _beside(c, window)
            }
            for n, window in enumerate(windows)
        ]

    def first(self, contexts: Sequence[Context]) -> list[dict[int, Where]]:
        """Find the first row of each context in the periods of each window's runs."""
        rows = {
            f"row_{n}": nw.when(_inside(window) == 1).then(nw.col("_row")).min()
            for n, window in enumerate(self.windows)
        }
        found: list[dict[int, Where]] = [{} for _ in self.windows]
        of_files = self._of(
            contexts, lambda told: told.group_by("context", "_file", "_sheet").agg(**rows)
        )
        for row in sorted(of_files, key=lambda row: (row["_file"], row["_sheet"])):
            for n, places in enumerate(found):
                if (first := row[f"row_{n}"]) is not None:
                    where = Where(row["_file"], row["_sheet"], first)
                    places.setdefault(row["context"], where)
        return found

    def _of(
        self, contexts: Sequence[Context], ask: Callable[[Frame], Frame]
    ) -> list[dict[str, Any]]:
        if not contexts:
            return []
        table = contexts_table(contexts).select(["context", *self.keys])
        rows = self.activities.join(self.engine.frame(table), on=list(self.keys), how="inner")
        read: list[dict[str, Any]] = self.engine.collect(ask(rows)).to_pylist()
        return read


def _within(context: Context, window: Sequence[Run]) -> bool:
    return any(run.begin <= context.begin and context.end <= run.end for run in window)


def _beside(context: Context, window: Sequence[Run]) -> bool:
    return all(context.end <= run.begin or run.end <= context.begin for run in window)


def _inside(window: Sequence[Run]) -> nw.Expr:
    """Tell by 1 or 0 whether a row touches the period of a window's runs."""
    touches = [(nw.col("begin") < run.end) & (nw.col("end") > run.begin) for run in window]
    return reduce(or_, touches).cast(nw.Int64)
