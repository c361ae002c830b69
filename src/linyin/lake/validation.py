"""Cells into typed columns: whole columns at once, single cells only where one is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from linyin.lake.cells import forbidden_cells, without_zero_width_cells
from linyin.lake.characters import code_point
from linyin.lake.dates import read_boolean, read_date
from linyin.lake.findings import Finding
from linyin.lake.headers import match_headers, near
from linyin.lake.numbers import MAX_DIGITS, Problem, read_number
from linyin.lake.schemas import Column, Extra, Schema
from linyin.lake.sheets import EXCEL_ERRORS, Sheet, header_key

__all__ = ["validate"]

type Mask = npt.NDArray[np.bool_]
type Places = npt.NDArray[np.int64]
type Cells = pa.ChunkedArray

_SHOWN = 80
_COMPARED = 1_000
_PLAIN_DECIMAL = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_PLAIN_INTEGER = r"^[+-]?[0-9]+$"


def validate(
    schema: Schema, sheet: Sheet, extra: Extra | None, ignored: Collection[str], max_findings: int
) -> tuple[pa.Table, list[Finding]]:
    """See `Schema.validate`."""
    match = match_headers(schema, sheet, extra, ignored)
    log = _Log(sheet, max_findings)
    length = len(sheet.rows)
    arrays: list[pa.Array | pa.ChunkedArray] = []
    fields = list(schema.arrow)[: len(schema.columns)]
    for column in schema.columns:
        of_header = match.units.get(column.name, "")
        if column.name not in match.known:
            unit = pa.repeat(pa.scalar(of_header), length) if of_header else None
            arrays.append(_absent(column, length) if unit is None else unit)
            continue
        index = match.known[column.name]
        arrays.append(_Reader(column, sheet, index, log).read(of_header))
    for name, index in match.extra.items():
        cells = _as_text(sheet.columns[index])
        log.forbid(sheet.header[index], cells)
        log.note(sheet.header[index], cells, _excel_errors(cells), Problem("cell-excel-error"))
        fields.append(pa.field(name, pa.string(), nullable=False))
        arrays.append(cells)
    places = [pa.repeat(pa.scalar(text), length) for text in (sheet.file, sheet.sheet)]
    known = len(schema.columns)
    arrays[known:known] = [*places, sheet.rows]
    fields[known:known] = list(schema.arrow)[known:]
    table = pa.table(arrays, schema=pa.schema(fields))
    return table, [*sheet.findings, *match.findings, *log.findings()]


class _Log:
    """Findings of single cells: the first ones by row, and the number of all."""

    def __init__(self, sheet: Sheet, limit: int) -> None:
        self._sheet = sheet
        self._limit = limit
        self._found: list[tuple[int, int, Finding]] = []
        self._count = 0
        self._known = _places_with_findings(sheet)

    def note(self, header: str, cells: Cells, bad: Mask, problem: Problem) -> None:
        """Note one problem for every row of `bad`."""
        self.note_each(header, cells, np.flatnonzero(bad), lambda _: problem)

    def forbid(self, header: str, cells: Cells) -> None:
        """Note the cells that hold control characters; nothing else is said of them."""
        places = np.flatnonzero(forbidden_cells(cells))
        if not len(places):
            return

        def problem_at(place: int) -> Problem:
            held = code_point(cells[place].as_py())
            return Problem("cell-control-character", (("character", held),))

        self.note_each(header, cells, places, problem_at)
        rows = self._sheet.rows
        self._known |= {(rows[place].as_py(), header) for place in places.tolist()}

    def note_each(
        self, header: str, cells: Cells, places: Places, problem_at: Callable[[int], Problem]
    ) -> None:
        """Note a problem for each of `places`, ascending; only listed ones are asked for."""
        indices = places.tolist()
        if self._known:
            rows = self._sheet.rows
            indices = [i for i in indices if (rows[i].as_py(), header) not in self._known]
        self._count += len(indices)
        for index in indices[: self._limit]:
            row = self._sheet.rows[index].as_py()
            problem = problem_at(index)
            shown = str(cells[index].as_py() or "")
            if len(shown) > _SHOWN:
                shown = f"{shown[:_SHOWN]}…"
            at = self._sheet.where(row, header)
            fields = {"value": shown, **dict(problem.fields)}
            self._found.append((row, len(self._found), Finding(problem.code, "error", at, fields)))

    def findings(self) -> Iterable[Finding]:
        """Yield the findings by row, then the number of those not listed."""
        listed = sorted(self._found, key=lambda entry: entry[:2])[: self._limit]
        yield from (finding for _, _, finding in listed)
        if self._count > len(listed):
            fields = {"count": self._count - len(listed)}
            yield Finding("more-findings", "error", self._sheet.where(), fields)


def _places_with_findings(sheet: Sheet) -> set[tuple[int, str]]:
    """Return the cells that the reader has already complained about."""
    places: set[tuple[int, str]] = set()
    for finding in sheet.findings:
        row = finding.at.row
        if row is not None and finding.at.column:
            last = min(int(finding.fields.get("to", row)), row + len(sheet.rows))
            places |= {(r, finding.at.column) for r in range(row, last + 1)}
    return places


class _Reader:
    """Gives one column its type."""

    def __init__(self, column: Column, sheet: Sheet, index: int, log: _Log) -> None:
        self._column = column
        self._header = sheet.header[index]
        self._raw = _without_nan(sheet.columns[index])
        self._dates = sheet.dates.get(index)
        self._comma_groups = sheet.delimiter != ";"
        self._log = log
        self._cells = _as_text(self._raw)
        self._length = len(sheet.rows)
        self._compared = 0

    def read(self, unit: str = "") -> pa.Array | pa.ChunkedArray:
        """Return the typed column; `unit` is what another column's header states."""
        self._log.forbid(self._header, self._cells)
        if unit:
            self._same_unit(unit)
        empty = _mask(pc.equal(self._cells, ""))
        if self._column.default:
            self._cells = pc.if_else(pc.equal(self._cells, ""), self._column.default, self._cells)
        elif self._column.required:
            self._note(empty, Problem("value-missing"))
        match self._column.type:
            case "decimal":
                return self._bounded(self._decimals())
            case "integer":
                return self._bounded(self._integers())
            case "date":
                return self._parsed(read_date, pa.date32())
            case "boolean":
                return self._parsed(read_boolean, pa.bool_())
            case _:
                return self._texts()

    def _same_unit(self, unit: str) -> None:
        """Fill a column of units with the unit of a header, which no cell may contradict."""
        empty = pc.equal(self._cells, "")
        differs = pc.and_(pc.invert(empty), pc.not_equal(self._cells, unit))
        self._note(_mask(differs), Problem("unit-not-of-header", (("unit", unit),)))
        self._cells = pc.if_else(empty, unit, self._cells)

    def _note(self, bad: Mask, problem: Problem) -> None:
        self._log.note(self._header, self._cells, bad, problem)

    def _texts(self) -> pa.ChunkedArray:
        errors = _excel_errors(self._cells)
        self._note(errors, Problem("cell-excel-error"))
        if self._dates is not None and self._column.type == "code":
            self._note(_mask(self._dates), Problem("code-is-date"))
        if not self._column.allowed:
            return self._respelt() if self._column.spellings else self._cells
        codes = {header_key(code): code for code in self._column.allowed}
        codes = {**self._column.spellings, **codes}

        def read_code(text: str) -> str | Problem:
            code = codes.get(header_key(text))
            if code is not None:
                return code
            allowed = ("allowed", ", ".join(self._column.allowed))
            allowed_zh = ("allowed_zh", "、".join(self._column.allowed_in("zh")))
            self._compared += 1
            close = near(text, self._column.allowed) if self._compared <= _COMPARED else []
            if close:
                return Problem(
                    "code-unknown-near", (("near", ", ".join(close)), allowed, allowed_zh)
                )
            return Problem("code-unknown", (allowed, allowed_zh))

        known = pc.is_in(self._cells, value_set=pa.array(self._column.allowed, pa.string()))
        strange = ~_mask(known) & _mask(pc.not_equal(self._cells, "")) & ~errors
        places, values = self._read_cells(strange, read_code)
        if not len(places):
            return self._cells
        found = [value for value in values if value is not None]
        mended = np.zeros(self._length, dtype=bool)
        mended[[p for p, value in zip(places, values, strict=True) if value is not None]] = True
        return pc.replace_with_mask(
            self._cells.combine_chunks(), pa.array(mended), pa.array(found, pa.string())
        )

    def _respelt(self) -> Cells:
        """Write what has several names by its code; what is not known stays as it is."""
        known = self._column.spellings
        codes = {**known, **{header_key(code): code for code in known.values()}}
        cells = self._cells.combine_chunks().dictionary_encode()
        meant = [codes.get(header_key(text), text) for text in cells.dictionary.to_pylist()]
        return pa.chunked_array([pa.array(meant, pa.string()).take(cells.indices)])

    def _decimals(self) -> pa.Array:
        def read(text: str) -> float | Problem:
            return read_number(
                text, percent=self._column.unit == "%", comma_groups=self._comma_groups
            )

        if pa.types.is_floating(self._raw.type):
            values = np.array(pc.fill_null(self._raw, np.nan).cast(pa.float64()), dtype=float)
            infinite = np.isinf(values)
            self._note(infinite, Problem("number-out-of-range"))
            return pa.array(values + 0.0, mask=np.isnan(values) | infinite)
        return self._numbers(_PLAIN_DECIMAL, read, np.dtype(np.float64))

    def _integers(self) -> pa.Array:
        def read(text: str) -> int | Problem:
            number = read_number(text, comma_groups=self._comma_groups)
            if isinstance(number, Problem):
                return number
            return int(number) if number.is_integer() else Problem("integer-broken")

        return self._numbers(_PLAIN_INTEGER, read, np.dtype(np.int64))

    def _numbers(
        self,
        plain: str,
        read: Callable[[str], float | Problem],
        dtype: np.dtype[np.float64 | np.int64],
    ) -> pa.Array:
        """Cast what is written plainly in one go, and read the rest cell by cell."""
        filled = _mask(pc.not_equal(self._cells, ""))
        short = pc.less_equal(pc.binary_length(self._cells), MAX_DIGITS)
        simple = pc.and_(short, pc.match_substring_regex(self._cells, plain))
        arrow_type = pa.from_numpy_dtype(dtype)
        unsigned = pc.if_else(simple, pc.utf8_ltrim(self._cells, "+"), pa.scalar(None, pa.string()))
        fast = unsigned.cast(arrow_type)
        values = np.array(pc.fill_null(fast, 0), dtype=dtype) + 0
        valid = _mask(simple)
        places, slow = self._read_cells(filled & ~valid, read)
        for place, value in zip(places, slow, strict=True):
            if value is not None:
                values[place] = dtype.type(value)
                valid[place] = True
        return pa.array(values, arrow_type, mask=~valid)

    def _bounded(self, values: pa.Array) -> pa.Array:
        column = self._column
        bad = np.zeros(self._length, dtype=bool)
        if column.low is not None:
            below = pc.less_equal if column.low_open else pc.less
            bad |= _mask(below(values, column.low))
        if column.high is not None:
            above = pc.greater_equal if column.high_open else pc.greater
            bad |= _mask(above(values, column.high))
        self._note(bad, Problem("number-out-of-bounds", (("bounds", column.bounds),)))
        return values

    def _parsed(self, read: Callable[[str], object], arrow_type: pa.DataType) -> pa.Array:
        """Read each distinct text once; days and truth values repeat."""
        if self._raw.type == arrow_type and not self._column.default:
            return self._raw
        places, values = self._read_cells(_mask(pc.not_equal(self._cells, "")), read)
        out = np.full(self._length, None, dtype=object)
        out[places] = np.array([*values, None], dtype=object)[:-1]
        return pa.array(out, arrow_type, from_pandas=True)

    def _read_cells[T](
        self, wanted: Mask, read: Callable[[str], T | Problem]
    ) -> tuple[Places, list[T | None]]:
        """Read the wanted cells; note the problems, whose value is None."""
        places = np.flatnonzero(wanted)
        if not len(places):
            return places, []
        picked = self._cells.filter(pa.array(wanted)).combine_chunks().dictionary_encode()
        read_once = [read(text) for text in picked.dictionary.to_pylist()]
        codes = np.asarray(picked.indices)
        wrong = np.array([isinstance(outcome, Problem) for outcome in read_once])
        bad = np.flatnonzero(wrong[codes])

        def problem_at(place: int) -> Problem:
            outcome = read_once[codes[np.searchsorted(places, place)]]
            if not isinstance(outcome, Problem):
                raise TypeError(f"the cell at {place} was read")
            return outcome

        self._log.note_each(self._header, self._cells, places[bad], problem_at)
        good = [None if isinstance(outcome, Problem) else outcome for outcome in read_once]
        return places, [good[code] for code in codes.tolist()]


def _mask(values: pa.Array | pa.ChunkedArray) -> Mask:
    return np.array(pc.fill_null(values, False), dtype=bool)


def _excel_errors(cells: Cells) -> Mask:
    hash_sign = pc.starts_with(cells, "#")
    if not pc.any(hash_sign).as_py():
        return np.zeros(len(cells), dtype=bool)
    return _mask(pc.is_in(pc.utf8_upper(cells), value_set=pa.array(sorted(EXCEL_ERRORS))))


def _as_text(column: pa.Array | pa.ChunkedArray) -> Cells:
    """Return cells as trimmed strings without nulls; days without a time of day."""
    if pa.types.is_timestamp(column.type) and column.type.tz is None:
        days = column.cast(pa.date32(), safe=False)
        if pc.all(pc.fill_null(pc.equal(days.cast(column.type), column), True)).as_py():
            column = days
    text = column if pa.types.is_string(column.type) else column.cast(pa.string())
    text = pc.fill_null(text, "")
    whole = text if isinstance(text, pa.ChunkedArray) else pa.chunked_array([text])
    return pc.utf8_trim_whitespace(without_zero_width_cells(whole))


def _without_nan(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return cells with nothing where a float is not a number, as frames write what is missing."""
    if not pa.types.is_floating(column.type):
        return column
    return pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)


def _absent(column: Column, length: int) -> pa.Array:
    """Return the column for a sheet that lacks it: its default, else '' or nulls."""
    if column.is_text:
        return pa.repeat(pa.scalar(column.default), length)
    if not column.default:
        return pa.nulls(length, column.arrow)
    read: Callable[[str], object] = {"date": read_date, "boolean": read_boolean}.get(
        column.type, read_number
    )
    value = read(column.default)
    if column.type == "integer" and isinstance(value, float):
        value = int(value)
    return pa.repeat(pa.scalar(value, column.arrow), length)
