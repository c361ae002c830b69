"""What may stand on a page as it is written in a file, and what people have words for.

A code is somebody's own name of a thing (an item, a meter, a supplier's factor); a value is one of
a closed list of the house (owned, third_party, published), and is shown by its word.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# What people do not write: names of enumerations and keys, digests.
NAME = re.compile(r"(?<![\w./@-])(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[0-9a-f]{16,})(?![\w./@-])")


@cache
def values() -> frozenset[str]:
    """Return the values of all closed lists: of schemas, of records, the names of methods."""
    from django.apps import apps

    from linyin.ledger import load_methods

    records = {
        str(value)
        for model in apps.get_models()
        if model.__module__.startswith("linyin.")
        for field in model._meta.get_fields()
        for value, _ in getattr(field, "flatchoices", ())
    }
    listed = {value for column in _columns() for value in column.allowed}
    methods = {method.name for method in load_methods()}
    return frozenset(v for v in records | listed | methods if re.fullmatch(r"[a-z][a-z_]+", v))


@cache
def written_codes(*folders: Path) -> frozenset[str]:
    """Return the codes that people write in files, which pages show as they are written."""
    import linyin.ledger

    rooms = Path(linyin.ledger.__file__).parent.parent
    examples = (rooms / "ledger" / "packs", rooms / "governance" / "web" / "example")
    open_columns = {c.name for c in _columns() if c.type == "code" and not c.allowed}
    cells = [
        row[name] or ""
        for place in (*folders, *examples)
        for file in place.rglob("*.csv")
        if "workspace" not in file.parts
        for row in _rows(file)
        for name in open_columns & row.keys()
    ]
    named = {code for cell in cells for code in NAME.findall(cell)}
    return frozenset((named - values()) | (set(cells) & values() & _of_one_word()))


def _of_one_word() -> set[str]:
    """Return the values that may be somebody's name of an item too: electricity, heat."""
    return {value for value in values() if "_" not in value}


def _columns() -> Iterator[object]:
    import linyin
    from linyin.lake.schemas import load

    for file in Path(linyin.__file__).parent.glob("*/schemas/*.csv"):
        if file.stem != "inputs":  # of no table: what activities may name beside their columns
            yield from load(file.parent.parent.name, file.stem).columns


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
