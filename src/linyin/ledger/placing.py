"""Placing what was found: on the first row that it is about, with the number of such rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    contexts have no row in a run's period is none of its findings.

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
    runs, merged = [run for run, _ in notes], [_merged(of_run) for _, of_run in notes]
    wanted = {number for of_run in merged for note in of_run for number in note.contexts}
    table = _Rows(activities, engine, keys)
    counts = table.counted(runs, [contexts[number] for number in sorted(wanted)])
    told = [
        [(note, counted) for note in of_run if (counted := _counted(note, of_notes))]
        for of_run, of_notes in zip(merged, counts, strict=True)
    ]
    firsts = {min(counted) for of_run in told for _, counted in of_run}
    places = table.first(runs, [contexts[number] for number in sorted(firsts)])
    return [
        [_finding(note, counted, of_firsts[min(counted)]) for note, counted in of_run]
        for of_run, of_firsts in zip(told, places, strict=True)
    ]


def _merged(notes: Iterable[Note]) -> list[Note]:
    """Make one note of those of one cause in several contexts."""
    merged: dict[tuple[object, ...], Note] = {}
    for note in notes:
        fields = sorted((name, str(value)) for name, value in note.fields.items())
        known = merged.setdefault((note.code, note.severity, *fields), note)
        for context, values in note.contexts.items():
            known.contexts[context] = known.contexts.get(context, set()) | values
    return list(merged.values())


def _counted(note: Note, counts: Counts) -> Counts:
    return {number: counts[number] for number in note.contexts if counts.get(number)}


def _finding(note: Note, counted: Counts, where: Where) -> Finding:
    values = sorted({value for number in counted for value in note.contexts[number]})
    listed = ", ".join(values[:LISTED]) + (f" … ({len(values)})" if len(values) > LISTED else "")
    fields = {**note.fields, note.each: listed, "rows": sum(counted.values())}
    return Finding(note.code, note.severity, where, fields)


class _Rows:
    """The rows of contexts, asked for no more of them than must be read."""

    def __init__(self, activities: Frame, engine: Engine, keys: Sequence[str]) -> None:
        self.activities, self.engine, self.keys = activities, engine, keys

    def counted(self, runs: Sequence[Run], contexts: Sequence[Context]) -> list[Counts]:
        """Count the rows of each context in each run's period."""
        split = [c for c in contexts if not all(_within(c, run) or _beside(c, run) for run in runs)]
        inside = {f"rows_{n}": _inside(run).sum() for n, run in enumerate(runs)}
        read = self._of(split, lambda rows: rows.group_by("context").agg(**inside))
        counts = {row["context"]: row for row in read}
        return [
            {
                c.context: c.rows if _within(c, run) else int(counts[c.context][f"rows_{n}"])
                for c in contexts
                if not _beside(c, run)
            }
            for n, run in enumerate(runs)
        ]

    def first(self, runs: Sequence[Run], contexts: Sequence[Context]) -> list[dict[int, Where]]:
        """Find the first row of each context in each run's period."""
        rows = {
            f"row_{n}": nw.when(_inside(run) == 1).then(nw.col("_row")).min()
            for n, run in enumerate(runs)
        }
        found: list[dict[int, Where]] = [{} for _ in runs]
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


def _within(context: Context, run: Run) -> bool:
    return run.begin <= context.begin and context.end <= run.end


def _beside(context: Context, run: Run) -> bool:
    return context.end <= run.begin or run.end <= context.begin


def _inside(run: Run) -> nw.Expr:
    """Tell by 1 or 0 whether a row touches a run's period."""
    return ((nw.col("begin") < run.end) & (nw.col("end") > run.begin)).cast(nw.Int64)
