"""From validated rows to activities: dates, units, named inputs, everything checked at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from linyin.lake import Finding, Schema, Value, Where, load_schema
from linyin.ledger.contexts import inputs
from linyin.ledger.correlation import input_groups
from linyin.ledger.faults import LedgerError
from linyin.ledger.source_types import load as load_source_types
from linyin.ledger.stated_inputs import read_input
from linyin.ledger.units import parse
from linyin.organization import FiscalCalendar, PeriodError, parse_period

__all__ = ["ACTIVITIES", "Prepared", "input_header", "lake_schema", "prepare"]

ACTIVITIES: Final = "activities"
LISTED: Final = 1000
EARLIEST: Final = date(1990, 1, 1)
_HEADER = re.compile(r"\s*(?P<name>[A-Za-z_]+)\s*(?:[\[（(]\s*(?P<unit>[^\])）]*?)\s*[\])）])?\s*")


def schema() -> Schema:
    """Return the schema of activities as users write them."""
    return load_schema("ledger", ACTIVITIES)


def lake_schema(named: Iterable[str]) -> pa.Schema:
    """Return the columns of the lake's activities, with those named inputs."""
    written = [f for f in schema().arrow if f.name != "period" and not f.name.startswith("_")]
    stated = [pa.field(name, pa.float64()) for name in sorted(named)]
    context = [pa.field("inputs", pa.string()), pa.field("supply", pa.string())]
    return pa.schema([*written, *context, *stated])


def input_header(header: str) -> str | None:
    """Return a header such as `distance [km]` if it names an input, for `Schema.validate`."""
    match = _HEADER.fullmatch(header)
    if match is None or match["name"].lower() not in inputs():
        return None
    return header


@dataclass
class Prepared:
    """Activities ready to be posted, and what was wrong with the rows.

    Attributes
    ----------
    table
        Columns of `lake_schema` for the inputs that the rows state, and the place columns.
    findings
        Of all rows; with an error among them nothing is to be posted.

    """

    table: pa.Table
    findings: list[Finding] = field(default_factory=list)


def prepare(
    rows: pa.Table,
    *,
    source: str,
    sites: Collection[str],
    places: Collection[str],
    calendar: FiscalCalendar,
    aliases: Mapping[str, str],
    meters: Mapping[str, Sequence[str]] = MappingProxyType({}),
    profiles: Container[str] = (),
) -> Prepared:
    """Bring validated rows into the form of the lake.

    Parameters
    ----------
    rows : pyarrow.Table, n rows
        As `Schema.validate` returns them.
    source : str
        Source of rows that name none.
    sites, places : collections of str
        Codes of the organization, and of the place table.
    calendar : FiscalCalendar
        How periods such as FY2023 are read.
    aliases : mapping
        Other names of items → item.
    meters : mapping
        Site → patterns of external ids by which its shared supplies are told apart.
    profiles : container of str
        Names of the profiles that rows may refer to.

    Returns
    -------
    Prepared

    """
    return _Preparing(rows, source, sites, places, calendar, aliases, meters, profiles).run()


class _Preparing:
    def __init__(
        self,
        rows: pa.Table,
        source: str,
        sites: Collection[str],
        places: Collection[str],
        calendar: FiscalCalendar,
        aliases: Mapping[str, str],
        meters: Mapping[str, Sequence[str]],
        profiles: Container[str],
    ) -> None:
        self.rows, self.source = rows, source
        self.sites, self.places, self.calendar = sites, places, calendar
        self.aliases, self.meters, self.profiles = aliases, meters, profiles
        self.latest = date(datetime.now(UTC).year + 1, 1, 1)
        self.findings: list[Finding] = []

    def run(self) -> Prepared:
        columns: dict[str, Any] = {name: self.rows[name] for name in self.rows.column_names}
        columns["source"] = pc.if_else(
            pc.equal(columns["source"], ""), self.source, columns["source"]
        )
        columns["begin"], columns["end"] = self._dates()
        removals = [name for name, kind in load_source_types().items() if kind.flow == "removal"]
        removed = pc.is_in(columns["source_type"], value_set=pa.array(removals))
        self._flows(removed)
        columns["flow"] = pc.if_else(removed, "removal", columns["flow"])
        columns["unit"] = self._mapped("unit", self._unit)
        columns["item"] = self._items()
        self._known("site", self.sites, "site-unknown")
        self._known("place", self.places, "place-unknown")
        self._known("profile", self.profiles, "row-profile-unknown")
        self._signs()
        stated = self._inputs(columns)
        columns["inputs"] = _mask([(n, columns[n]) for n in stated], self.rows.num_rows)
        self._groups(columns["inputs"])
        columns["supply"] = self._supplies(columns)
        wanted = lake_schema(stated)
        names = [*wanted.names, "_file", "_sheet", "_row"]
        table = pa.table({name: columns[name] for name in names})
        return Prepared(table.combine_chunks(), self.findings)

    def _note(self, at: Iterable[int], column: str, code: str, **fields: Value) -> None:
        for count, row in enumerate(at):
            if count == LISTED:
                self.findings.append(
                    Finding("more-findings", "error", self._where(row, column), {"count": "…"})
                )
                return
            self.findings.append(Finding(code, "error", self._where(row, column), fields))

    def _where(self, row: int, column: str) -> Where:
        cells = self.rows
        return Where(
            cells["_file"][row].as_py(),
            cells["_sheet"][row].as_py(),
            cells["_row"][row].as_py(),
            column,
        )

    def _mapped(self, column: str, read: Callable[[str], str]) -> pa.ChunkedArray:
        """Read every distinct value of a column once; a value that cannot be read is noted."""
        encoded = self.rows[column].combine_chunks().dictionary_encode()
        meant: list[str] = []
        for code, text in enumerate(encoded.dictionary.to_pylist()):
            try:
                meant.append(read(text) if text else "")
            except LedgerError as fault:
                meant.append("")
                self._note(_rows_of(encoded, code), column, fault.code, **fault.fields)
        return pa.chunked_array([pa.array(meant, pa.string()).take(encoded.indices)])

    def _unit(self, text: str) -> str:
        return parse(text).code

    def _items(self) -> pa.ChunkedArray:
        """Return the items; the one of the source type where a row names none."""
        named = self._mapped("item", lambda item: self.aliases.get(item, item))
        of_types = self.rows["source_type"].combine_chunks().dictionary_encode()
        kinds = load_source_types()
        usual = [
            kinds[name].item if name in kinds else "" for name in of_types.dictionary.to_pylist()
        ]
        items = pc.if_else(
            pc.equal(named, ""), pa.array(usual, pa.string()).take(of_types.indices), named
        )
        is_left_out = pc.and_(pc.equal(items, ""), pc.not_equal(self.rows["source_type"], ""))
        self._note(_true(is_left_out), "item", "value-missing")
        return items

    def _known(self, column: str, known: Container[str], code: str) -> None:
        encoded = self.rows[column].combine_chunks().dictionary_encode()
        for number, text in enumerate(encoded.dictionary.to_pylist()):
            if text and text not in known:
                self._note(_rows_of(encoded, number), column, code, value=text)

    def _dates(self) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
        begin, end = self.rows["begin"], self.rows["end"]
        stated = self.rows["period"].combine_chunks().dictionary_encode()
        firsts: list[date | None] = []
        lasts: list[date | None] = []
        for code, text in enumerate(stated.dictionary.to_pylist()):
            first = last = None
            if text:
                try:
                    period = parse_period(text, self.calendar)
                    first, last = period.begin, period.end
                except PeriodError as error:
                    at = _rows_of(stated, code)
                    self._note(at, "period", "period-broken", value=text, expected=error.expected)
            firsts.append(first)
            lasts.append(last)
        has_period = pc.not_equal(self.rows["period"], "")
        both = pc.and_(has_period, pc.or_(pc.is_valid(begin), pc.is_valid(end)))
        self._note(_true(both), "period", "period-and-dates")
        of_period = [pa.array(days, pa.date32()).take(stated.indices) for days in (firsts, lasts)]
        begin = pc.if_else(has_period, of_period[0], begin)
        end = pc.if_else(has_period, of_period[1], end)
        missing = pc.and_(pc.invert(has_period), pc.or_(pc.is_null(begin), pc.is_null(end)))
        self._note(_true(missing), "period", "period-missing")
        self._note(_true(pc.less_equal(end, begin)), "end", "period-empty")
        outside = pc.or_(pc.less(begin, EARLIEST), pc.greater(end, self.latest))
        fields = {"earliest": EARLIEST.isoformat(), "latest": self.latest.isoformat()}
        self._note(_true(outside), "period", "period-outside", **fields)
        return begin, end

    def _signs(self) -> None:
        quantity, kind = self.rows["quantity"], self.rows["kind"]
        negative = pc.and_(pc.less(quantity, 0.0), pc.equal(kind, "normal"))
        self._note(_true(negative), "quantity", "quantity-negative")
        for taken in ("reversal", "credit"):
            positive = pc.and_(pc.greater(quantity, 0.0), pc.equal(kind, taken))
            self._note(_true(positive), "quantity", "quantity-positive", kind=taken)

    def _flows(self, removed: pa.ChunkedArray) -> None:
        """Note rows that call a removal what their source type emits."""
        misfit = pc.and_(pc.equal(self.rows["flow"], "removal"), pc.invert(removed))
        of_types = self.rows["source_type"]
        for source_type in of_types.filter(misfit).unique().to_pylist():
            at = _true(pc.and_(misfit, pc.equal(of_types, source_type)))
            self._note(at, "flow", "removal-misfit", source_type=source_type)

    def _inputs(self, columns: dict[str, Any]) -> list[str]:
        """Read the columns that hold named inputs into their canonical units."""
        stated: list[str] = []
        for header in list(columns):
            match = _HEADER.fullmatch(header)
            name = match["name"].lower() if match else ""
            if match is None or name not in inputs() or name in schema().arrow.names:
                continue
            values = self._numbers(header, name, match["unit"] or "")
            if name in stated:
                self._note([0], header, "input-twice", input=name)
                continue
            if values.null_count < len(values):
                columns[name] = values
                stated.append(name)
            if header != name:
                del columns[header]
        return sorted(stated)

    def _numbers(self, header: str, name: str, unit: str) -> pa.Array:
        encoded = self.rows[header].combine_chunks().cast(pa.string()).dictionary_encode()
        values: list[float | None] = []
        for code, text in enumerate(encoded.dictionary.to_pylist()):
            value: float | None = None
            if text:
                try:
                    value = read_input(text, name, unit)
                except LedgerError as fault:
                    at = _rows_of(encoded, code)
                    fields = {**fault.fields, "input": name, "value": text}
                    self._note(at, header, fault.code, **fields)
            values.append(value)
        return pa.array(values, pa.float64()).take(encoded.indices)

    def _groups(self, stated: pa.Array) -> None:
        """Check the correlation groups of inputs: readable, and of inputs that the row states."""
        pairs = pa.table({"group": self.rows["correlation_group"], "inputs": stated})
        for pair in pairs.group_by(["group", "inputs"]).aggregate([]).to_pylist():
            group, names = pair["group"], set(filter(None, pair["inputs"].split(",")))
            try:
                grouped = input_groups(group)
            except LedgerError as fault:
                code, fields = fault.code, dict(fault.fields)
            else:
                lacking = sorted(set(grouped) - names - ({""} if names else set()))
                if not lacking:
                    continue
                code, fields = "correlation-group-unstated", {"input": lacking[0] or "*"}
            at = pc.and_(pc.equal(pairs["group"], group), pc.equal(pairs["inputs"], pair["inputs"]))
            self._note(_true(at), "correlation_group", code, **(fields | {"value": group}))

    def _supplies(self, columns: dict[str, Any]) -> pa.Array:
        """Name the shared supply of each row: the pattern that its external id matches."""
        supplies = [""] * self.rows.num_rows
        if self.meters:
            ids = columns["external_id"].to_pylist()
            for row, site in enumerate(columns["site"].to_pylist()):
                fitting = (p for p in self.meters.get(site, ()) if fnmatchcase(ids[row], p))
                supplies[row] = next(fitting, "")
        return pa.array(supplies, pa.string())


def _mask(stated: list[tuple[str, Any]], length: int) -> pa.Array:
    """Join the names of the inputs that each row states."""
    mask = pa.array([""] * length, pa.string())
    for name, values in stated:
        with_name = pc.binary_join_element_wise(
            mask, pc.if_else(pc.equal(mask, ""), name, f",{name}"), ""
        )
        mask = pc.if_else(pc.is_valid(values), with_name, mask)
    return mask


def _rows_of(encoded: pa.DictionaryArray, code: int) -> Iterable[int]:
    return _true(pc.equal(encoded.indices, code))


def _true(condition: Any) -> Iterable[int]:
    array = condition.combine_chunks() if isinstance(condition, pa.ChunkedArray) else condition
    return [int(index) for index in pc.indices_nonzero(pc.fill_null(array, False)).to_pylist()]
