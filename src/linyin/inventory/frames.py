"""The front door in Python: a folder, or frames of any library, in; an inventory out."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

import narwhals as nw
import pyarrow as pa

from linyin.inventory.calculate import calculate as calculate_runs
from linyin.inventory.config import FILE, examine_config
from linyin.inventory.dryrun import Checked, check_read
from linyin.inventory.dryrun import check as check_folder
from linyin.inventory.folder import TABLES, Folder, Reading, assemble, read_folder
from linyin.inventory.jobs import Request
from linyin.lake import BadInput, Finding, Sheet, Where, sheet_from_arrow

if TYPE_CHECKING:
    from linyin.inventory.inventory import Inventory
    from linyin.lake import Engine

__all__ = ["calculate", "check", "folder_of_frames"]

type Frames = Mapping[str, Any]
type Source = Path | str | Frames
CONFIG: Final = "config"
_TEXTS: Final = (pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)


@overload
def calculate(
    source: Source,
    year: int,
    *,
    entity: str = "",
    approach: str = "",
    gwp: str = "",
    standard: str = "",
    id_from: Sequence[str] = (),
    out: Path | str | None = None,
    progress: Callable[[str], None] = ...,
    on: Engine | None = None,
) -> Inventory: ...


@overload
def calculate(
    source: Source,
    year: int | Sequence[int],
    *,
    entity: str | Sequence[str] = "",
    approach: str | Sequence[str] = "",
    gwp: str | Sequence[str] = "",
    standard: str | Sequence[str] = "",
    id_from: Sequence[str] = (),
    out: Path | str | None = None,
    progress: Callable[[str], None] = ...,
    on: Engine | None = None,
) -> Inventory | list[Inventory]: ...


def calculate(
    source: Source,
    year: int | Sequence[int],
    *,
    entity: str | Sequence[str] = "",
    approach: str | Sequence[str] = "",
    gwp: str | Sequence[str] = "",
    standard: str | Sequence[str] = "",
    id_from: Sequence[str] = (),
    out: Path | str | None = None,
    progress: Callable[[str], None] = lambda _: None,
    on: Engine | None = None,
) -> Inventory | list[Inventory]:
    """Calculate an inventory, or one for every combination of what is listed.

    Parameters
    ----------
    source : path, or mapping of str to frame
        A folder of plain files; or its tables by name (`activities`, `organization`, `metrics`,
        `factors`, `instruments`, `rates`, `allocations`, `profiles`) as pandas, polars,
        pyarrow, DuckDB or Spark frames, and `config`: the content of `linyin.toml` as a mapping.
    year, entity, approach, gwp, standard
        What to report; a list asks for a run of each. Empty = as the configuration says.
    id_from : sequence of str
        Columns that, joined, are the external id of activities that have none.
    out : path, optional
        The bundle (one run) or the folder of bundles (several). Default: `.linyin/runs` of the
        folder; for frames a temporary folder that lives as long as the inventories.
    progress : callable
        Told the name of each step.
    on : Engine, optional
        Default: what `LINYIN_ENGINE` names.

    Returns
    -------
    Inventory, or list of Inventory
        A list if any of the choices was a list; in the order of their combinations.

    Raises
    ------
    BadInput
        With everything that is wrong; nothing is posted or written.
    TypeError
        If the source is a lone frame, or a year no number.

    """
    _refuse_misuse(source, year)
    choices = (year, entity, approach, gwp, standard)
    request = Request(
        years=(year,) if isinstance(year, int) else tuple(year),
        entities=_several(entity),
        approaches=_several(approach),
        gwp_sets=_several(gwp),
        standards=_several(standard),
    )
    target = None if out is None else Path(out)
    if isinstance(source, Mapping):
        runs = _of_frames(source, request, id_from, target, progress, on)
    else:
        progress("read")
        folder = read_folder(source, id_from=id_from)
        runs = calculate_runs(folder, request, out=target, progress=progress, on=on)
    single = all(isinstance(choice, int | str) for choice in choices)
    return runs[0] if single else runs


def check(
    source: Source,
    year: int | Sequence[int] = (),
    *,
    id_from: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Checked:
    """Find everything that is wrong with a folder or with frames; nothing is kept.

    Parameters
    ----------
    source : path, or mapping of str to frame
        As of :func:`calculate`.
    year : int or sequence of int
        Default: every year that the activities touch.
    id_from : sequence of str
        As of :func:`calculate`.
    progress : callable
        Told the name of each step.

    Returns
    -------
    Checked
        All findings, and what was read.

    Raises
    ------
    BadInput
        If the configuration or the organization is missing or cannot be read at all.

    """
    _refuse_misuse(source, year)
    years = (year,) if isinstance(year, int) else tuple(year)
    if not isinstance(source, Mapping):
        return check_folder(source, years, id_from=id_from, progress=progress)
    with tempfile.TemporaryDirectory(prefix="linyin-frames-") as root:
        progress("read")
        folder = folder_of_frames(source, Path(root), id_from=id_from)
        return check_read(folder, years, progress=progress)


def _refuse_misuse(source: object, year: object) -> None:
    """Say plainly what calls with the wrong kind of argument lack.

    Raises
    ------
    TypeError
        If the source is a lone frame, or the year a text.

    """
    if not isinstance(source, Mapping | str | os.PathLike):
        kind = type(source).__name__
        raise TypeError(
            f"a {kind} alone has no table's name: give a folder, or frames by their table, such as "
            '{"activities": frame, "organization": frame}'
        )
    years = [year] if isinstance(year, int | str) else year
    if not isinstance(years, Iterable) or any(not isinstance(one, int) for one in years):
        raise TypeError(f"year is an int, or a sequence of ints; got {year!r}")


def _several(choice: str | Sequence[str]) -> tuple[str, ...]:
    if isinstance(choice, str):
        return (choice,) if choice else ()
    return tuple(choice)


def _of_frames(
    frames: Frames,
    request: Request,
    id_from: Sequence[str],
    out: Path | None,
    progress: Callable[[str], None],
    on: Engine | None,
) -> list[Inventory]:
    root = Path(tempfile.mkdtemp(prefix="linyin-frames-"))
    kept = _Kept(root)
    try:
        progress("read")
        folder = folder_of_frames(frames, root, id_from=id_from)
        runs = calculate_runs(folder, request, out=out, progress=progress, on=on)
    except BaseException:
        kept.release()
        raise
    for run in runs:
        kept.until_gone(run)
    return runs


class _Kept:
    """A temporary folder that goes with the last object that reads from it."""

    def __init__(self, path: Path) -> None:
        self.path, self.readers = path, 0

    def until_gone(self, reader: object) -> None:
        self.readers += 1
        weakref.finalize(reader, self._left)

    def _left(self) -> None:
        self.readers -= 1
        if self.readers == 0:
            self.release()

    def release(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def folder_of_frames(frames: Frames, root: Path, *, id_from: Sequence[str] = ()) -> Folder:
    """Put frames together as if they were the files of a folder.

    Parameters
    ----------
    frames : mapping
        As of :func:`calculate`; rows of findings count from 1.
    root : Path
        An empty folder, for `linyin.toml` and the lake.
    id_from : sequence of str

    Raises
    ------
    BadInput
        If a name is no table, a frame cannot be read as a table, or the configuration is wrong.

    """
    unknown = [name for name in frames if name not in TABLES and name != CONFIG]
    if unknown:
        expected = ", ".join([*TABLES, CONFIG])
        fields = [{"value": name, "expected": expected} for name in unknown]
        raise BadInput([Finding("frame-unknown", "error", fields=stated) for stated in fields])
    (root / FILE).write_text(toml(frames.get(CONFIG) or {}), encoding="utf-8")
    config, wrong = examine_config(root / FILE)
    sheets: dict[str, dict[str, list[Sheet]]] = {}
    for table in TABLES:
        frame = frames.get(table)
        sheets[table] = {} if frame is None else {table: [_sheet(frame, table)]}
    return assemble(root, config, sheets, Reading(wrong), id_from=id_from)


def _sheet(frame: Any, table: str) -> Sheet:
    try:
        narwhal = nw.from_native(frame)
        if isinstance(narwhal, nw.LazyFrame):
            arrow = nw.to_native(narwhal.collect("pyarrow"))
        else:
            arrow = pa.table({s.name: _column(s) for s in narwhal.iter_columns()})
    except (TypeError, pa.ArrowException) as error:
        fields = {"table": table, "detail": str(error)}
        raise BadInput([Finding("frame-unreadable", "error", Where(table), fields)]) from error
    return sheet_from_arrow(_plain(arrow), table)


def _column(series: nw.Series[Any]) -> Any:
    """Return a column; one of mixed types as the texts that a file would hold."""
    try:
        return series.to_arrow()
    except pa.ArrowException:
        values = series.to_list()
        texts = [None if v is None or v != v else str(v) for v in values]
        return pa.array(texts, pa.string())


def _plain(table: pa.Table) -> pa.Table:
    """Bring what libraries write in their own way to the types that files have."""
    fields = []
    for field in table.schema:
        kind = field.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if any(is_text(kind) for is_text in _TEXTS):
            kind = pa.string()
        elif pa.types.is_timestamp(kind) and _has_whole_days(table[field.name]):
            kind = pa.date32()
        fields.append(pa.field(field.name, kind))
    return table.cast(pa.schema(fields))


def _has_whole_days(column: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    whole = pc.equal(pc.floor_temporal(column, unit="day"), column)
    return bool(pc.all(pc.fill_null(whole, True)).as_py())


def toml(config: Mapping[str, Any]) -> str:
    """Write a configuration as TOML, for the bundle.

    Raises
    ------
    TypeError
        If a value has a type that TOML does not know.

    """
    lines: list[str] = []
    for section, content in config.items():
        if isinstance(content, Mapping):
            lines += [f"[{_key(section)}]", *_pairs(content), ""]
        elif _is_tables(content):
            for table in content:
                lines += [f"[[{_key(section)}]]", *_pairs(table), ""]
        else:
            lines.insert(0, f"{_key(section)} = {_value(content)}")
    return "\n".join(lines)


def _is_tables(content: Any) -> bool:
    is_list = isinstance(content, Sequence) and not isinstance(content, str)
    return is_list and bool(content) and all(isinstance(row, Mapping) for row in content)


def _pairs(table: Mapping[str, Any]) -> Iterable[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in table.items() if value is not None)


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case date():
            return value.isoformat()
        case Mapping():
            return "{" + ", ".join(_pairs(value)) + "}"
        case Sequence() | set() | frozenset():
            return "[" + ", ".join(_value(item) for item in value) + "]"
    raise TypeError(f"{type(value).__name__} is no type of TOML: {value!r}")
