"""Placing what was found: on the first row that it is about, with the number of such rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
type Rows = dict[int, tuple[Where, int]]

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
    merged = [_merged(of_run) for _, of_run in notes]
    wanted = sorted({number for of_run in merged for note in of_run for number in note.contexts})
    rows = _rows([run for run, _ in notes], activities, [contexts[n] for n in wanted], engine, keys)
    return [
        [finding for note in of_run if (finding := _placed(note, found)) is not None]
        for of_run, found in zip(merged, rows, strict=True)
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


def _placed(note: Note, rows: Rows) -> Finding | None:
    told = [number for number in sorted(note.contexts) if number in rows]
    if not told:
        return None
    values = sorted({value for number in told for value in note.contexts[number]})
    listed = ", ".join(values[:LISTED]) + (f" … ({len(values)})" if len(values) > LISTED else "")
    counted = sum(rows[number][1] for number in told)
    where = rows[told[0]][0]
    return Finding(
        note.code, note.severity, where, {**note.fields, note.each: listed, "rows": counted}
    )


def _rows(
    runs: Sequence[Run],
    activities: Frame,
    contexts: Sequence[Context],
    engine: Engine,
    keys: Sequence[str],
) -> list[Rows]:
    """Find the first row of each context in each run's period, and count its rows there."""
    if not contexts:
        return [{} for _ in runs]
    spans = list(dict.fromkeys((run.begin, run.end) for run in runs))
    told = contexts_table(contexts).select(["context", *keys])
    rows = activities.join(engine.frame(told), on=list(keys), how="inner")
    inside = [(nw.col("begin") < end) & (nw.col("end") > begin) for begin, end in spans]
    marked = rows.select(
        "context",
        "_file",
        "_sheet",
        *(nw.when(it).then(nw.col("_row")).alias(f"_row_{n}") for n, it in enumerate(inside)),
    )
    of_files = marked.group_by("context", "_file", "_sheet").agg(
        *(nw.col(f"_row_{n}").min().alias(f"first_{n}") for n in range(len(spans))),
        *(nw.col(f"_row_{n}").count().alias(f"rows_{n}") for n in range(len(spans))),
    )
    found: dict[object, Rows] = {span: {} for span in spans}
    for row in sorted(
        engine.collect(of_files).to_pylist(), key=lambda r: (r["_file"], r["_sheet"])
    ):
        for n, span in enumerate(spans):
            if row[f"rows_{n}"]:
                where = Where(row["_file"], row["_sheet"], row[f"first_{n}"])
                first, counted = found[span].get(row["context"], (where, 0))
                found[span][row["context"]] = (first, counted + row[f"rows_{n}"])
    return [found[run.begin, run.end] for run in runs]
